"""The acts of repayment and budget adjustment: one function per row of the process table."""

from repayment.actions.adjustment import record_adjustment, request_adjustment
from repayment.actions.bokslut import complete_repayment, reconcile_year
from repayment.actions.plan import adjust_plan, decide_plan, exempt, hand_over, propose_plan
from repayment.actions.settlement import settle

__all__ = [
    "adjust_plan",
    "complete_repayment",
    "decide_plan",
    "exempt",
    "hand_over",
    "propose_plan",
    "reconcile_year",
    "record_adjustment",
    "request_adjustment",
    "settle",
]
