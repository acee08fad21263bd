"""When granted money is to be paid: four times a year unless told otherwise, in whole kronor that add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

MONTHS = (2, 5, 8, 11)
"""The middle month of each quarter; payments are planned on its 15th."""
Due = tuple[date, Decimal]
"""A day and kronor."""


def usual_days(year: int, since: date) -> list[date]:
    """The days of a year when money is usually paid, those that are left on `since`; else the year's last day."""
    days = [date(year, month, 15) for month in MONTHS]
    return [day for day in days if day >= since] or [date(year, 12, 31)]


def evenly(amount: Decimal, days: Sequence[date]) -> list[Due]:
    """An amount over days in whole kronor; the last day takes what does not divide, and a day may get nothing."""
    share = (amount / len(days)).quantize(Decimal(1), ROUND_DOWN)
    shares = [*[share] * (len(days) - 1), amount - share * (len(days) - 1)]
    return [(day, part) for day, part in zip(days, shares, strict=True) if part]


def moved_to(plan: Sequence[Due], amount: Decimal, year: int, since: date) -> list[Due]:
    """The plan when the grant is `amount`: more comes on the last day, less is taken from the last days first."""
    difference = amount - sum((part for _day, part in plan), Decimal(0))
    kept = sorted(plan)
    if difference > 0:
        later = [day for day, _part in kept if day >= since][-1:]
        days = later or usual_days(year, since)
        return _summed([*kept, *evenly(difference, days)])
    while difference < 0:
        day, part = kept.pop()
        if part > -difference:
            kept.append((day, part + difference))
        difference = min(difference + part, Decimal(0))
    return kept


def _summed(plan: Sequence[Due]) -> list[Due]:
    sums: dict[date, Decimal] = {}
    for day, part in plan:
        sums[day] = sums.get(day, Decimal(0)) + part
    return sorted(sums.items())
