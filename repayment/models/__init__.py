"""The phase's own facts: plans, what was repaid and exempted, the settlement, and the adjusted budget."""

from repayment.models.adjustment import (
    Adjustment,
    AdjustmentDecision,
    AdjustmentDecisionRow,
    AdjustmentRow,
    DistributionKey,
    KeyWeight,
    Occasion,
    Opinion,
)
from repayment.models.plan import (
    Basis,
    Cause,
    Exemption,
    ExemptionReason,
    Extent,
    Forecast,
    Plan,
    PlanRow,
    Reconciliation,
    Tertial,
    city_namnder,
)
from repayment.models.settlement import Settlement, SettlementArea, Target
from repayment.models.standing import Line, Standing, remembered, standing

__all__ = [
    "Adjustment",
    "AdjustmentDecision",
    "AdjustmentDecisionRow",
    "AdjustmentRow",
    "Basis",
    "Cause",
    "DistributionKey",
    "Exemption",
    "ExemptionReason",
    "Extent",
    "Forecast",
    "KeyWeight",
    "Line",
    "Occasion",
    "Opinion",
    "Plan",
    "PlanRow",
    "Reconciliation",
    "Settlement",
    "SettlementArea",
    "Standing",
    "Target",
    "Tertial",
    "city_namnder",
    "remembered",
    "standing",
]
