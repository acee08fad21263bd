"""Shapes of what the acts are given."""

from reviews.forms.council import Assess, ConcludeCouncil, ReturnToApplicant
from reviews.forms.evaluation import SubmitEvaluation
from reviews.forms.remiss import AnswerRemiss, ExtendRemiss, SendRemiss, WithdrawRemiss

__all__ = [
    "AnswerRemiss",
    "Assess",
    "ConcludeCouncil",
    "ExtendRemiss",
    "ReturnToApplicant",
    "SendRemiss",
    "SubmitEvaluation",
    "WithdrawRemiss",
]
