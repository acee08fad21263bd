"""What is to come in a fund: payments that are committed, repayments that are expected, and rounds it has room for.

Committed payments are read from the ledger. What is expected back comes from the phases (`SOURCES`): a decided plan as
it stands, before that the application's own calculation in its three scenarios. The page prints every formula.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from fundportal import funds, ledger
from fundportal.models import EntryKind, Fund
from fundportal.process import STEPS, Step

ZERO = Decimal(0)
SOURCES = ("applications.outlook.expected", "repayment.outlook.expected")
SCENARIOS = {"low": _("Låg"), "likely": _("Trolig"), "high": _("Hög")}
LONGEST = 15
"""How many years ahead a forecast goes at most."""
TO_DECISION = (Step.IDEA_CHECK, Step.COUNCIL, Step.IDEA_DECISION, Step.APPLICATION, Step.PREPARATION, Step.DECISION)
AT_THE_BOARD = 60
"""Days that a meeting takes where the table has no number: the council's and kommunstyrelsen's."""


@dataclass(frozen=True)
class Expected:
    """What one case is expected to give back in the bokslut of a year, in kronor."""

    case: str
    bokslut: int
    low: Decimal
    likely: Decimal
    high: Decimal
    decided: bool


Source = Callable[[Fund, date], Iterable[Expected]]


@dataclass(frozen=True)
class Year:
    """A year of the forecast, in kronor. `frame` is what a new round would grant."""

    year: int
    payments: Decimal
    back: dict[str, Decimal]
    booked: dict[str, Decimal]
    available: dict[str, Decimal]
    opens: bool


@dataclass(frozen=True)
class Forecast:
    """The fund in the years to come."""

    years: list[Year]
    expected: list[Expected]
    start: ledger.Position
    applied_for: Decimal
    frame: Decimal
    lowest: dict[str, tuple[int, Decimal]]
    last_opening: dict[str, date | None]
    lead_days: int

    @property
    def open_throughout(self) -> set[str]:
        """The scenarios in which there is room for a round in every year that the forecast reaches."""
        return {name for name, last in self.last_opening.items() if last == _opening_day(self.years[-1].year)}


def payments(fund: Fund, first: int) -> dict[int, Decimal]:
    """What is granted and not paid, by the year it was granted for; what is past or overdrawn moves to the next year.

    The sum is K, intecknat, always.
    """
    left: dict[int, Decimal] = defaultdict(lambda: ZERO)
    sign = {EntryKind.GRANTED: 1, EntryKind.REDUCED: -1, EntryKind.PAID: -1, EntryKind.RELEASED: -1}
    for (year, kind), amount in ledger.by_year(fund).items():
        if kind in sign:
            left[max(year, first)] += sign[EntryKind(kind)] * amount
    debt = ZERO
    for year in range(max(left, default=first), first - 1, -1):
        left[year] += debt
        debt = min(left[year], ZERO)
        left[year] -= debt
    return dict(left)


def expected(fund: Fund, today: date) -> list[Expected]:
    """What every case is expected to give back, case by case in the order of boksluts."""
    found = [row for name in SOURCES for row in cast(Source, import_string(name))(fund, today)]
    return sorted(found, key=lambda row: (row.case, row.bokslut))


def lead_days() -> int:
    """Days from the opening of a round to its first decisions, by the table's own time limits."""
    return sum(STEPS[step].days or AT_THE_BOARD for step in TO_DECISION) + AT_THE_BOARD


def usual_frame(fund: Fund) -> Decimal:
    """What a round has granted: the average of the years in which something was granted, in whole hundred thousands."""
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for month, kinds in ledger.by_month(fund):
        sums[month.year] += kinds.get(EntryKind.GRANTED, ZERO) - kinds.get(EntryKind.REDUCED, ZERO)
    granted = [amount for amount in sums.values() if amount > 0]
    return round(sum(granted, ZERO) / len(granted), -5) if granted else ZERO


def forecast(fund: Fund, today: date, frame: Decimal) -> Forecast:
    """Year by year: S falls with payments and rises with what comes back; D falls with a new round each year.

    What a bokslut gives is booked the year after. A round opens in a year if D covers its frame then, and no later
    round does if one could not.
    """
    rows, out = expected(fund, today), payments(fund, today.year)
    start, asked = ledger.position(fund), funds.applied_for(fund)
    last = min(max([today.year + 3, *out, *(row.bokslut + 1 for row in rows)]), today.year + LONGEST)
    booked = dict.fromkeys(SCENARIOS, start.booked)
    available = dict.fromkeys(SCENARIOS, start.available - asked)
    open_still = dict.fromkeys(SCENARIOS, fund.status == Fund.Status.OPEN)
    opening: dict[str, int | None] = dict.fromkeys(SCENARIOS)
    years = []
    for year in range(today.year, last + 1):
        back = {name: _back(rows, name, year, today.year) for name in SCENARIOS}
        for name in SCENARIOS:
            booked[name] += back[name] - out.get(year, ZERO)
            available[name] += back[name]
            open_still[name] = open_still[name] and frame > 0 and available[name] >= frame
            if open_still[name]:
                available[name] -= frame
                opening[name] = year
        years.append(Year(year, out.get(year, ZERO), back, dict(booked), dict(available), open_still["likely"]))
    return Forecast(
        years=years,
        expected=rows,
        start=start,
        applied_for=asked,
        frame=frame,
        lowest={name: min((each.booked[name], each.year) for each in years)[::-1] for name in SCENARIOS},
        last_opening={name: _opening_day(year) for name, year in opening.items()},
        lead_days=lead_days(),
    )


def _back(rows: Iterable[Expected], scenario: str, year: int, first: int) -> Decimal:
    """What comes back in a year: from the bokslut of the year before, or an earlier one that is late."""
    return sum((getattr(row, scenario) for row in rows if max(row.bokslut + 1, first) == year), ZERO)


def _opening_day(year: int | None) -> date | None:
    """The last day on which a round may open whose decisions are made within the year."""
    return None if year is None else date(year, 12, 31) - timedelta(days=lead_days())
