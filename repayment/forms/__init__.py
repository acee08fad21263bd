"""Shapes of input for the acts of repayment and budget adjustment."""

from repayment.forms.adjustment import AcknowledgeAdjustment, AddKey, CloseCase, RecordAdjustment, RequestAdjustment
from repayment.forms.bokslut import (
    CompleteRepayment,
    CorrectReconciliation,
    ForecastRepayment,
    ReconcileYear,
    ReportSaving,
)
from repayment.forms.lesson import WriteLesson
from repayment.forms.plan import AdjustPlan, DecidePlan, Exempt, HandOver, ProposePlan
from repayment.forms.release import ExemptPart, RevokePlan
from repayment.forms.settlement import Settle

__all__ = [
    "AcknowledgeAdjustment",
    "AddKey",
    "AdjustPlan",
    "CloseCase",
    "CompleteRepayment",
    "CorrectReconciliation",
    "DecidePlan",
    "Exempt",
    "ExemptPart",
    "ForecastRepayment",
    "HandOver",
    "ProposePlan",
    "ReconcileYear",
    "RecordAdjustment",
    "ReportSaving",
    "RequestAdjustment",
    "RevokePlan",
    "Settle",
    "WriteLesson",
]
