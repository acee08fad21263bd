"""Shapes of input for the acts of repayment and budget adjustment."""

from repayment.forms.adjustment import AddKey, RecordAdjustment, RequestAdjustment
from repayment.forms.bokslut import CompleteRepayment, ReconcileYear
from repayment.forms.plan import AdjustPlan, DecidePlan, Exempt, HandOver, ProposePlan
from repayment.forms.settlement import Settle

__all__ = [
    "AddKey",
    "AdjustPlan",
    "CompleteRepayment",
    "DecidePlan",
    "Exempt",
    "HandOver",
    "ProposePlan",
    "ReconcileYear",
    "RecordAdjustment",
    "RequestAdjustment",
    "Settle",
]
