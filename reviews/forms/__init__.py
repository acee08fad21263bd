"""Shapes of what the acts are given."""

from reviews.forms.council import Assess, ConcludeCouncil, FulfilCondition, ReturnToApplicant
from reviews.forms.evaluation import SubmitEvaluation
from reviews.forms.remiss import (
    ExtendRemiss,
    RefuseMoreTime,
    RenewRemissLink,
    RevokeRemissLink,
    SendRemiss,
    WithdrawRemiss,
)
from reviews.forms.remiss_answers import AnswerRemiss, AskMoreTime

__all__ = [
    "AnswerRemiss",
    "AskMoreTime",
    "Assess",
    "ConcludeCouncil",
    "ExtendRemiss",
    "FulfilCondition",
    "RefuseMoreTime",
    "RenewRemissLink",
    "ReturnToApplicant",
    "RevokeRemissLink",
    "SendRemiss",
    "SubmitEvaluation",
    "WithdrawRemiss",
]
