"""What projects without a repayment plan are expected to give back, by the calculation in their applications."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import F, Max

from applications.models import EffectRow
from fundportal import funds
from fundportal.forecast import Expected
from fundportal.models import Case, Entry, EntryKind, Fund
from fundportal.process import Step

ZERO = Decimal(0)
RUNNING = (Step.IMPLEMENTATION, Step.EVALUATION, Step.REPAYMENT_PLAN)
NAMES = ("low", "base", "high")


def expected(fund: Fund, today: date) -> Iterator[Expected]:
    """The city's own savings year by year after the investment phase, until what the fund's rule asks for is repaid.

    A plan begins with the bokslut of the year after it is decided, so nothing is expected from an earlier one.
    """
    cases = list(Case.objects.filter(fund=fund, step__in=RUNNING).select_related("fund", "round"))
    effects = _effects(cases)
    granted = _granted(cases)
    for case in cases:
        yield from _of(case, effects.get(case.pk, []), granted.get(case.pk, ZERO), today.year + 1)


def _effects(cases: list[Case]) -> dict[int, list[EffectRow]]:
    """The rows of each case's newest calculation that concern the city's own boards."""
    found: dict[int, list[EffectRow]] = defaultdict(list)
    rows = EffectRow.objects.filter(case__in=cases, actor="kommun")
    newest = rows.alias(newest=Max("case__effect_rows__submission")).filter(submission=F("newest"))
    for row in newest:
        found[row.case_id].append(row)
    return found


def _granted(cases: list[Case]) -> dict[int, Decimal]:
    """What each case costs the fund: granted, less what has been released or handed back."""
    sign = {EntryKind.GRANTED: 1, EntryKind.REDUCED: -1, EntryKind.RELEASED: -1, EntryKind.HANDED_BACK: -1}
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for case, kind, amount in Entry.objects.filter(case__in=cases, kind__in=sign).values_list("case", "kind", "signed"):
        found[case] += sign[EntryKind(kind)] * amount
    return found


def _of(case: Case, rows: list[EffectRow], granted: Decimal, earliest: int) -> Iterator[Expected]:
    rules = funds.rules_of(case)
    if rules.repayment_model == Fund.RepaymentModel.NONE or not rows:
        return
    left = dict.fromkeys(NAMES, granted * rules.repayment_share / 100)
    first = max((case.last_year or min(row.first_year for row in rows)) + 1, earliest)
    for year in range(first, max(row.first_year + row.years for row in rows)):
        active = [row for row in rows if row.first_year <= year < row.first_year + row.years]
        gives = {}
        for name in NAMES:
            saved = max(sum((getattr(row, name) for row in active), ZERO), ZERO)
            gives[name] = min(saved, left[name]) if rules.capped else saved
            left[name] -= gives[name]
        if any(gives.values()):
            yield Expected(case.number, year, gives["low"], gives["base"], gives["high"], decided=False)
