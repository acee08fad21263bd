"""The phase's arithmetic. Pure: Decimals in, Decimals out; amounts in kronor, shares in per cent."""

from applications.sums.effect import (
    CITY,
    SCENARIOS,
    Effect,
    Scenario,
    Total,
    accumulated,
    by_actor,
    flow_of_savings,
    mean,
    payback_year,
    present_value,
    saving_per_year,
    scenarios,
)
from applications.sums.financing import Beyond, Limits, Split, beyond, split
from applications.sums.payment_plan import Due, evenly, moved_to, usual_days
from applications.sums.risk import NEEDS_MEASURE, risk_value
from applications.sums.sensitivity import INPUTS, INVESTMENT, BreakEven, Swing, break_even, tornado

__all__ = [
    "CITY",
    "INPUTS",
    "INVESTMENT",
    "NEEDS_MEASURE",
    "SCENARIOS",
    "Beyond",
    "BreakEven",
    "Due",
    "Effect",
    "Limits",
    "Scenario",
    "Split",
    "Swing",
    "Total",
    "accumulated",
    "beyond",
    "break_even",
    "by_actor",
    "evenly",
    "flow_of_savings",
    "mean",
    "moved_to",
    "payback_year",
    "present_value",
    "risk_value",
    "saving_per_year",
    "scenarios",
    "split",
    "tornado",
    "usual_days",
]
