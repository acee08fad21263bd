"""The phase's acts: one function for each row of the table."""

from reviews.actions.council import assess, conclude_council, return_to_applicant
from reviews.actions.evaluation import submit_evaluation
from reviews.actions.remiss import answer_remiss, extend_remiss, send_remiss, withdraw_remiss

__all__ = [
    "answer_remiss",
    "assess",
    "conclude_council",
    "extend_remiss",
    "return_to_applicant",
    "send_remiss",
    "submit_evaluation",
    "withdraw_remiss",
]
