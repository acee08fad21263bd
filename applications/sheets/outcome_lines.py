"""What follows from an effect calculation, as people read it: tables that stand alike on the page and in the paper.

The formula is printed with the case's own numbers, so that anyone can recompute it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import sums
from applications.sheets.outcome import ACTORS, DECIDING, SCENARIOS, Board, Outcome
from fundportal import formatting, shown
from fundportal.areas import Area
from fundportal.small_numbers import HIDDEN

INPUTS = {
    "reached": gettext_lazy("Antal som nås per år"),
    "base": gettext_lazy("Andel med effekt"),
    "counterfactual": gettext_lazy("Andel utan insats"),
    "unit_cost": gettext_lazy("Kostnad per enhet och år"),
    "running_cost": gettext_lazy("Merkostnad vid drift"),
    "years": gettext_lazy("Varaktighet"),
    sums.INVESTMENT: gettext_lazy("Sökt belopp i allt"),
}
COLORS = {"low": "c3", "base": "c1", "high": "c2"}
DRAWN = 6
"""Inputs in the tornado; the table of the page has them all."""
PERCENT = ("base", "counterfactual")


def lines(outcome: Outcome) -> Iterator[shown.Line]:
    """Every table, in the order of the reasoning: formula, scenarios, actors, years, what decides, who bears it."""
    if outcome.notes:
        yield shown.Line(_("Räknas inte ännu"), "\n".join(outcome.notes), long=True)
    if not outcome.effects:
        return
    yield shown.Line(_("Prisnivå och nuvärde"), terms(outcome))
    yield formulas(outcome)
    yield scenario_table(outcome)
    yield actor_table(outcome)
    yield year_table(outcome)
    if any(effect.municipal for effect in outcome.effects):
        yield swing_table(outcome, DECIDING)
        yield turning_table(outcome)
    if outcome.bearers:
        yield bearer_table(outcome)


def terms(outcome: Outcome) -> str:
    """What the amounts are told in: whose year's prices, and what a present value is worth when."""
    told = _("Nuvärden avser %(year)d vid %(rate)s ränta. Övriga belopp är nominella.") % {
        "year": outcome.base_year,
        "rate": formatting.percent(outcome.rate),
    }
    prices = _("Beloppen är i %d års priser.") % outcome.price_level if outcome.price_level else ""
    return f"{prices} {told}".strip()


def formula(effect: sums.Effect, scenario: str = "base", year: int | None = None) -> str:
    """40 × (35 % − 15 %) × 650 tkr − 2 000 tkr = 3 200 tkr, in one of its years: the first unless said otherwise."""
    year = effect.first_year if year is None else year
    return _("%(reached)s × (%(share)s − %(without)s) × %(unit)s − %(running)s = %(saving)s") % {
        "reached": formatting.number(effect.reached_by_year()[year]),
        "share": formatting.percent(effect.share(scenario)),
        "without": formatting.percent(effect.counterfactual),
        "unit": formatting.tkr(effect.unit_cost),
        "running": formatting.tkr(effect.running_cost),
        "saving": formatting.tkr(effect.flow(scenario)[year]),
    }


def _kept_back(effect: sums.Effect, scenario: str, year: int) -> str:
    """The saving alone: with the cost of a unit one could count back to how few they are."""
    text = _("Antal och kostnad per enhet visas inte: få personer. Minskningen är %(saving)s.")
    return text % {"saving": formatting.tkr(effect.flow(scenario)[year])}


def _spells(effect: sums.Effect) -> list[tuple[int, str]]:
    """The years in which the formula is the same: the first of them, and the years in words if they differ at all."""
    every = [(number, [year for year, _number in same]) for number, same in _alike(effect)]
    if len(every) == 1:
        return [(effect.first_year, "")]
    return [(years[0], f", {years[0]}–{years[-1]}" if len(years) > 1 else f", {years[0]}") for _number, years in every]


def _alike(effect: sums.Effect) -> Iterator[tuple[Decimal | int, Iterator[tuple[int, Decimal | int]]]]:
    return groupby(effect.reached_by_year().items(), key=lambda reached: reached[1])


def formulas(outcome: Outcome) -> shown.Line:
    """The formula of each row in each scenario."""
    columns = [_("Effekt"), _("Scenario"), _("Antal × (med insats − utan insats) × kostnad per enhet − merkostnad")]
    rows = [
        [
            f"{effect.name}, {dict(ACTORS)[effect.actor]}",
            f"{label}{years}",
            _kept_back(effect, name, first) if outcome.hides(row, "reached") else formula(effect, name, first),
        ]
        for row, effect in enumerate(outcome.effects)
        for name, label in SCENARIOS.items()
        for first, years in _spells(effect)
    ]
    return shown.table(_("Så räknas utgiftsminskningen per år"), columns, rows)


def scenario_table(outcome: Outcome) -> shown.Line:
    """Low, base and high for the city: per year, in all, in present value, and when it is paid back."""
    columns = [
        _("Scenario"),
        _("Utgiftsminskning per år"),
        _("Nominellt (0 % ränta)"),
        _("Nuvärde vid %(rate)s ränta") % {"rate": formatting.percent(outcome.rate)},
        _("Återbetalt år"),
    ]
    rows = [
        [
            str(SCENARIOS[scenario.name]),
            formatting.tkr(scenario.per_year),
            formatting.tkr(scenario.nominal),
            formatting.tkr(scenario.present),
            str(scenario.payback) if scenario.payback else _("Inte inom tidshorisonten"),
        ]
        for scenario in outcome.scenarios
    ]
    return shown.table(_("Kommunens utgiftsminskning i tre scenarier"), columns, rows, figures=(1, 2, 3, 4))


def actor_table(outcome: Outcome) -> shown.Line:
    """Each actor's own saving. There is no sum: only the city's can be returned."""
    columns = [_("Hos vem"), _("Per år"), _("Nominellt (0 % ränta)"), _("Nuvärde"), _("Kan återföras till fonden")]
    rows = [
        [
            str(dict(ACTORS)[total.actor]),
            *(formatting.tkr(amount) for amount in (total.per_year, total.nominal, total.present)),
            _("Ja") if total.actor == sums.CITY else _("Nej, visas som nytta hos andra"),
        ]
        for total in outcome.actors
    ]
    return shown.table(_("Utgiftsminskning per aktör, bas"), columns, rows, figures=(1, 2, 3))


def year_table(outcome: Outcome) -> shown.Line:
    """Cost and saving year by year, with what has gathered and what is left to pay back."""
    columns = [_("År"), _("Sökt ur fonden"), _("Kommunens minskning"), _("Ackumulerat"), _("Kvar att tjäna in")]
    rows = []
    for year, gathered in zip(outcome.years, outcome.gathered("base"), strict=True):
        amounts = (
            outcome.costs.get(year, Decimal(0)),
            outcome.saved(year, by_city=True),
            gathered,
            max(outcome.investment - gathered, Decimal(0)),
        )
        rows.append([str(year), *(formatting.tkr(amount) for amount in amounts)])
    return shown.table(_("År för år, bas"), columns, rows, figures=(1, 2, 3, 4), chart=_curve(outcome))


def _curve(outcome: Outcome) -> dict[str, Any]:
    """The accumulated saving of each scenario against what is asked for."""
    series = [(str(label), outcome.gathered(name), COLORS[name]) for name, label in SCENARIOS.items()]
    level = (_("Sökt belopp"), [outcome.investment] * len(outcome.years), "c1")
    return {
        "kind": "gathered",
        "title": _("Kommunens ackumulerade utgiftsminskning mot det sökta beloppet"),
        "labels": [str(year) for year in outcome.years],
        "series": [
            {"name": name, "values": [str(value) for value in values], "color": color}
            for name, values, color in (*series, level)
        ],
    }


def name_of(outcome: Outcome, name: str, row: int | None) -> str:
    """An input by its name, and by its effect when there are several."""
    label = str(INPUTS[name])
    several = sum(effect.municipal for effect in outcome.effects) > 1
    return f"{label}: {outcome.effects[row].name}" if several and row is not None else label


def value(name: str, amount: Decimal) -> str:
    """An input as it is read: persons, per cent, years or tkr."""
    if name in PERCENT:
        return formatting.percent(round(amount, 1))
    if name == "years":
        whole = amount == amount.to_integral_value()
        return _("%(years)s år") % {"years": formatting.number(amount, 0 if whole else 1)}
    if name == "reached":
        whole = amount == amount.to_integral_value()
        return formatting.number(amount, 0 if whole else 1)
    return formatting.tkr(amount)


def swing_table(outcome: Outcome, most: int | None = None) -> shown.Line:
    """What the result becomes when one input at a time is lower and higher."""
    columns = [_("Uppgift"), _("Prövas från–till"), _("Resultat vid det lägre"), _("Resultat vid det högre")]
    rows = [
        [
            name_of(outcome, swing.input, swing.row),
            str(HIDDEN)
            if outcome.hides(swing.row, swing.input)
            else f"{value(swing.input, swing.low)}–{value(swing.input, swing.high)}",
            formatting.tkr(swing.at_low),
            formatting.tkr(swing.at_high),
        ]
        for swing in outcome.swings[:most]
    ]
    label = _("De tre uppgifter som avgör resultatet") if most == DECIDING else _("Vad som avgör resultatet")
    return shown.table(label, columns, rows, figures=(2, 3), chart=_tornado(outcome))


def _tornado(outcome: Outcome) -> dict[str, Any]:
    """How far each of the first inputs moves the result."""
    return {
        "kind": "tornado",
        "title": _("Resultatet när en uppgift i taget ändras, mnkr"),
        "base": str(outcome.result),
        "bars": [
            {
                "name": name_of(outcome, swing.input, swing.row),
                "at_low": str(swing.at_low),
                "at_high": str(swing.at_high),
                "low": "" if outcome.hides(swing.row, swing.input) else value(swing.input, swing.low),
                "high": "" if outcome.hides(swing.row, swing.input) else value(swing.input, swing.high),
            }
            for swing in outcome.swings[:DRAWN]
        ],
    }


def _turned(outcome: Outcome, point: sums.BreakEven) -> tuple[str, str]:
    """The input as it is and where it turns."""
    if outcome.hides(point.row, point.input):
        return str(HIDDEN), str(HIDDEN)
    turned = value(point.input, point.value) if point.value is not None else _("Går inte att nå")
    return value(point.input, point.base), turned


def turning_table(outcome: Outcome) -> shown.Line:
    """Where the city's saving just pays the investment."""
    columns = [_("Uppgift"), _("I kalkylen"), _("Brytpunkt")]
    rows = [
        [
            name_of(outcome, point.input, point.row),
            *_turned(outcome, point),
        ]
        for point in outcome.turning_points
    ]
    return shown.table(_("Brytpunkter: då är besparingen lika stor som det sökta"), columns, rows, figures=(1, 2))


def adjustable(board: Board) -> str:
    """Whether the board's budget can be lowered afterwards. The city's allocation cannot adjust one district's."""
    if board.adjustable:
        return _("Ja")
    return _("Nej, en enskild stadsdelsnämnds budget kan inte justeras")


def bearer_table(outcome: Outcome) -> shown.Line:
    """Who pays and who gains."""
    columns = [
        _("Nämnd"),
        _("Får ur fonden"),
        _("Betalar själv"),
        _("Utgiftsminskning per år"),
        _("Kan budgeten justeras?"),
    ]
    rows = [
        [
            board.namnd.name,
            formatting.tkr(board.requested),
            formatting.tkr(board.cofinancing),
            formatting.tkr(board.per_year),
            adjustable(board),
        ]
        for board in outcome.bearers
    ]
    return shown.table(_("Vem bär kostnaden och vem får nyttan"), columns, rows, figures=(1, 2, 3))


def area(effect: sums.Effect) -> str:
    """The effect's area of activity by name."""
    return str(Area(effect.area).label) if effect.area in Area.values else effect.area
