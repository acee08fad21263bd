"""One function per row of the table."""

from applications.actions.board import record_board_decision, report_to_board
from applications.actions.changes import decide_change, request_change
from applications.actions.checking import (
    check_formally,
    extend_last_day,
    register,
    request_completion,
    send_to_council,
)
from applications.actions.correction import correct_hand_back, correct_payment
from applications.actions.decision import check_calculation, propose_decision, return_proposal, sign_decision
from applications.actions.following import (
    change_baseline,
    finish_steering_task,
    lock_baseline,
    minute_steering_meeting,
    plan_steering_meeting,
    return_report,
)
from applications.actions.intake import (
    approve_idea,
    ask_endorsement,
    create_idea,
    endorse_application,
    endorse_idea,
    reject_idea,
    submit_application,
    submit_idea,
)
from applications.actions.investment import appoint_steering_group, close_investment, discontinue
from applications.actions.partners import (
    accept_partnership,
    complete_part,
    endorse_part,
    invite_partner,
    leave_partnership,
    withdraw_invitation,
)
from applications.actions.planning import plan_payments
from applications.actions.reporting import accept_report, report
from applications.actions.requisitions import approve_requisition, pay, requisition
from applications.actions.respite import GIVEN_BY, grant_respite

__all__ = [
    "GIVEN_BY",
    "accept_partnership",
    "accept_report",
    "appoint_steering_group",
    "approve_idea",
    "approve_requisition",
    "ask_endorsement",
    "change_baseline",
    "check_calculation",
    "check_formally",
    "close_investment",
    "complete_part",
    "correct_hand_back",
    "correct_payment",
    "create_idea",
    "decide_change",
    "discontinue",
    "endorse_application",
    "endorse_idea",
    "endorse_part",
    "extend_last_day",
    "finish_steering_task",
    "grant_respite",
    "invite_partner",
    "leave_partnership",
    "lock_baseline",
    "minute_steering_meeting",
    "pay",
    "plan_payments",
    "plan_steering_meeting",
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
    "return_report",
    "send_to_council",
    "sign_decision",
    "submit_application",
    "submit_idea",
    "withdraw_invitation",
]
