"""The phase's own facts, hung on the case."""

from applications.models.decision import Appeal, CalculationCheck, Decision, Proposal, ProposalRow, Route
from applications.models.following import (
    Baseline,
    BaselineRow,
    ChangeDraft,
    ChangeDraftRow,
    SteeringMeeting,
    SteeringTask,
)
from applications.models.handling import CompletionQuestion, FormalCheck, FormalPoint, PartnerDone, Respite
from applications.models.health import RUNS, Health
from applications.models.intake import (
    BudgetRow,
    Completion,
    EffectRow,
    Endorsement,
    IdeaDecision,
    Indicator,
    ProjectFacts,
    SheetName,
    Submission,
)
from applications.models.investment import Investment, Line, PlannedPayment, Requisition, SteeringMember
from applications.models.payments import PaymentFile, PaymentFileRow, VoucherImport, VoucherRow
from applications.models.reporting import Change, ChangeRow, Light, Report, ReportIndicator, ReportSpend

__all__ = [
    "RUNS",
    "Appeal",
    "Baseline",
    "BaselineRow",
    "BudgetRow",
    "CalculationCheck",
    "Change",
    "ChangeDraft",
    "ChangeDraftRow",
    "ChangeRow",
    "Completion",
    "CompletionQuestion",
    "Decision",
    "EffectRow",
    "Endorsement",
    "FormalCheck",
    "FormalPoint",
    "Health",
    "IdeaDecision",
    "Indicator",
    "Investment",
    "Light",
    "Line",
    "PartnerDone",
    "PaymentFile",
    "PaymentFileRow",
    "PlannedPayment",
    "ProjectFacts",
    "Proposal",
    "ProposalRow",
    "Report",
    "ReportIndicator",
    "ReportSpend",
    "Requisition",
    "Respite",
    "Route",
    "SheetName",
    "SteeringMeeting",
    "SteeringMember",
    "SteeringTask",
    "Submission",
    "VoucherImport",
    "VoucherRow",
]
