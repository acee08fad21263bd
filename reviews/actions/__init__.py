"""The phase's acts: one function for each row of the table."""

from reviews.actions.council import assess, conclude_council, fulfil_condition, return_to_applicant
from reviews.actions.evaluation import submit_evaluation
from reviews.actions.remiss import extend_remiss, refuse_more_time, send_remiss, withdraw_remiss
from reviews.actions.remiss_answers import answer_remiss, ask_more_time, renew_remiss_link, revoke_remiss_link

__all__ = [
    "answer_remiss",
    "ask_more_time",
    "assess",
    "conclude_council",
    "extend_remiss",
    "fulfil_condition",
    "refuse_more_time",
    "renew_remiss_link",
    "return_to_applicant",
    "revoke_remiss_link",
    "send_remiss",
    "submit_evaluation",
    "withdraw_remiss",
]
