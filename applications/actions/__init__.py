"""One function per row of the table."""

from applications.actions.board import record_board_decision, report_to_board
from applications.actions.decision import check_calculation, propose_decision, return_proposal, sign_decision
from applications.actions.intake import (
    accept_partnership,
    approve_idea,
    create_idea,
    endorse_application,
    endorse_idea,
    invite_partner,
    register,
    reject_idea,
    request_completion,
    send_to_council,
    submit_application,
    submit_idea,
)
from applications.actions.investment import appoint_steering_group, close_investment, discontinue, pay, requisition
from applications.actions.reporting import accept_report, decide_change, report, request_change

__all__ = [
    "accept_partnership",
    "accept_report",
    "appoint_steering_group",
    "approve_idea",
    "check_calculation",
    "close_investment",
    "create_idea",
    "decide_change",
    "discontinue",
    "endorse_application",
    "endorse_idea",
    "invite_partner",
    "pay",
    "propose_decision",
    "record_board_decision",
    "register",
    "reject_idea",
    "report",
    "report_to_board",
    "request_change",
    "request_completion",
    "requisition",
    "return_proposal",
    "send_to_council",
    "sign_decision",
    "submit_application",
    "submit_idea",
]
