"""The acts of repayment and budget adjustment: one function per row of the process table."""

from repayment.actions.adjustment import acknowledge_adjustment, close_case, record_adjustment, request_adjustment
from repayment.actions.bokslut import (
    complete_repayment,
    correct_reconciliation,
    forecast_repayment,
    reconcile_year,
    report_saving,
)
from repayment.actions.lesson import write_lesson
from repayment.actions.plan import adjust_plan, decide_plan, exempt, hand_over, propose_plan
from repayment.actions.release import exempt_part, revoke_plan
from repayment.actions.settlement import settle

__all__ = [
    "acknowledge_adjustment",
    "adjust_plan",
    "close_case",
    "complete_repayment",
    "correct_reconciliation",
    "decide_plan",
    "exempt",
    "exempt_part",
    "forecast_repayment",
    "hand_over",
    "propose_plan",
    "reconcile_year",
    "record_adjustment",
    "report_saving",
    "request_adjustment",
    "revoke_plan",
    "settle",
    "write_lesson",
]
