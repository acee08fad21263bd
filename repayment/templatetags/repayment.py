"""What templates may ask of repayment: {% load repayment %}."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fundportal import charts, closing, funds
from fundportal.formatting import kronor, tkr
from fundportal.hooks import Point
from fundportal.models import Case, Entry, EntryKind
from repayment.models import Adjustment, Basis, BoardRow, Lesson, Plan, Standing, remembered
from repayment.models.savings import effects_of, savings_of
from repayment.sums import Flow, payback, per_source, present_value

register = template.Library()


@register.simple_tag
def repayment_of(case: Case) -> Standing:
    """Where a case's repayment stands: {% repayment_of case as now %}."""
    return remembered(case)


@register.simple_tag
def adjustment_of(case: Case) -> Adjustment | None:
    """The newest request for a budget adjustment, with its decision: {% adjustment_of case as asked %}."""
    asked = Adjustment.objects.filter(case=case).select_related("case", "key", "decision")
    return asked.prefetch_related("rows__namnd", "decision__rows__namnd", "decision__rows__receipt__event").last()


@register.simple_tag
def closing_of(case: Case) -> list[Point]:
    """The closing checklist: {% closing_of case as points %}."""
    return closing.checklist(case)


@register.simple_tag
def lesson_of(case: Case) -> Lesson | None:
    """The case's lesson card: {% lesson_of case as card %}."""
    return Lesson.objects.filter(case=case).defer("words").first()


@register.simple_tag
def sources_of(rows: Iterable[BoardRow]) -> list[tuple[str, Decimal]]:
    """What an adjustment comes to for each source of finance: {% sources_of rows as sources %}."""
    return list(per_source((str(row.get_finance_display()), row.amount) for row in rows).items())


@register.simple_tag
def with_headings(table: dict[str, Any]) -> list[list[tuple[str, str, bool]]]:
    """The rows of a table of text as (cell, its column's heading, whether the column holds amounts or shares)."""
    figures = [str(cell).endswith(("tkr", "%")) for cell in table["rows"][0]] if table["rows"] else []
    return [list(zip(map(str, row), map(str, table["columns"]), figures, strict=False)) for row in table["rows"]]


@dataclass(frozen=True)
class Chart:
    """The picture of plan and outcome, with its key and its figures."""

    svg: SafeString
    key: SafeString
    table: SafeString


@register.simple_tag
def repayment_chart(now: Standing) -> Chart | None:
    """Plan against outcome, year by year: {% repayment_chart now as chart %}."""
    years = now.years
    if not years:
        return None
    labels = [str(year) for year, _planned, _repaid in years]
    plan = charts.Series(_("Planerat"), [planned for _year, planned, _repaid in years], "c3")
    outcome = charts.Series(_("Återfört"), [repaid for _year, _planned, repaid in years], "c1")
    title = _("Planerad och verklig återföring per bokslut")
    return Chart(
        charts.plan_and_outcome(labels, plan, outcome, title),
        charts.key([plan, outcome]),
        charts.table(labels, [plan, outcome], title),
    )


@register.simple_tag
def gathered_chart(now: Standing) -> Chart | None:
    """What has been repaid in all, beside the first version and the current: {% gathered_chart now as chart %}."""
    if not now.decided:
        return None
    first, plan, repaid = _by_year(now.decided[0]), dict[int, Decimal](), dict[int, Decimal]()
    for line in now.lines:
        if line.row:
            plan[line.row.year] = plan.get(line.row.year, Decimal(0)) + line.planned + line.changed
            repaid[line.row.year] = repaid.get(line.row.year, Decimal(0)) + line.repaid
    years = sorted({*first, *plan})
    closed = [line.row.year for line in now.lines if line.row and line.outcome]
    known = sum(year <= max(closed, default=0) for year in years)
    start = charts.Series(_("Version 1"), _gathered(years, first), "c3")
    came = charts.Series(_("Återfört"), _gathered(years, repaid), "c1")
    level = charts.Series(_("Att återföra"), [now.to_repay] * len(years), "c2")
    if len(now.decided) > 1:
        name = _("Version %d med utfall (streckad)") % now.decided[-1].version
        level = charts.Series(name, _gathered(years, plan), "c2")
    labels, title = [str(year) for year in years], _("Plan och utfall, ackumulerat")
    told = charts.Series(came.name, came.values[:known], came.color)
    svg = charts.gathered(labels, [start, told], level, title)
    return Chart(svg, charts.key([level]), charts.table(labels, [start, came, level], title))


def _by_year(plan: Plan) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for row in plan.rows.all():
        found[row.year] = found.get(row.year, Decimal(0)) + row.amount
    return found


def _gathered(years: list[int], amounts: dict[int, Decimal]) -> list[Decimal]:
    """Sums year by year."""
    return list(accumulate(amounts.get(year, Decimal(0)) for year in years))


@register.simple_tag
def found_of(case: Case) -> Found:
    """What the evaluation found for people and for costs: {% found_of case as found %}."""
    return Found(effects_of(case), savings_of(case))


@dataclass(frozen=True)
class Found:
    """Indicators and savings, as the evaluation has them."""

    effects: list[Any]
    savings: list[Any]

    @property
    def saved(self) -> Decimal:
        """All that was established to be saved, kronor."""
        return sum((saving.established for saving in self.savings), Decimal(0))


@dataclass(frozen=True)
class Value:
    """The plan's worth in the base year, beside the nominal one."""

    base_year: int
    rate: Decimal
    planned: Decimal
    net: Decimal
    nominal: Decimal
    payback: int | None
    judged_by_present: bool


@register.simple_tag
def repayment_value(now: Standing, planned: Sequence[Flow] = (), basis: str = "") -> Value | None:
    """Present value and year of payback of the plan, or of rows that are typed: {% repayment_value now as value %}."""
    spent = investment(now.case)
    back = planned or repayments(now)
    if not spent or not back:
        return None
    base, rate = min(year for year, _amount in spent), funds.rules_of(now.case).discount_rate
    plan = now.current or now.proposal
    return Value(
        base_year=base,
        rate=rate,
        planned=present_value(back, rate, base),
        net=present_value([*spent, *back], rate, base),
        nominal=sum((amount for _year, amount in [*spent, *back]), Decimal(0)),
        payback=payback([*spent, *back]),
        judged_by_present=(basis or (plan.basis if plan else "")) == Basis.PRESENT,
    )


def investment(case: Case) -> list[Flow]:
    """What the fund has paid out to the case and got back unspent, year by year; outgoing amounts are below zero."""
    signs = {EntryKind.PAID.value: -1, EntryKind.HANDED_BACK.value: 1}
    entries = Entry.objects.filter(case=case, kind__in=signs).values_list("kind", "year", "at__year", "signed")
    return [(year or booked, signs[kind] * amount) for kind, year, booked, amount in entries]


def repayments(now: Standing) -> list[Flow]:
    """What has come back, and what the plan says is to come."""
    if not now.current:
        return [(row.year, row.amount) for row in now.proposal.rows.all()] if now.proposal else []
    came = [(line.row.year, line.repaid) for line in now.lines if line.row and line.outcome]
    return came + [(row.year, row.amount) for row in now.open_rows]


@register.filter
def kr(amount: Decimal | None) -> str:
    """An amount in a table where the unit stands in the heading: 8 400 000, or an en dash for nothing."""
    return kronor(amount).removesuffix("\u00a0kr")


@register.filter
def lowered(amount: Decimal | None) -> str:
    """A lowering, kept as a positive amount, as the change of a budget in thousands of kronor: −3 200 tkr."""
    return tkr(-amount) if amount else tkr(amount)
