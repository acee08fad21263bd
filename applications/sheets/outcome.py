"""An effect calculation as figures: read from what is typed, cleaned or handed in, and summed for readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import sums
from fundportal.fields import in_sum
from fundportal.models import Case, Namnd
from fundportal.rows import RowsField, is_blank, real
from fundportal.small_numbers import is_small

ACTORS = (
    (sums.CITY, gettext_lazy("Kommunen")),
    ("region", gettext_lazy("Regionen")),
    ("stat", gettext_lazy("Staten eller Arbetsförmedlingen")),
    ("fk", gettext_lazy("Försäkringskassan")),
    ("individ", gettext_lazy("Individen")),
    ("ovrig", gettext_lazy("Annan")),
)
SCENARIOS = {"low": gettext_lazy("Låg"), "base": gettext_lazy("Bas"), "high": gettext_lazy("Hög")}
NEEDED = ("actor", "reached", "base", "counterfactual", "unit_cost")
"""What a row must say to be worth anything; the rest has a plain reading until it is filled in."""
DECIDING = 3
"""How many inputs are named as the ones that decide the result."""


@dataclass(frozen=True)
class Board:
    """What one board pays and gains. Amounts in kronor; the saving is the base scenario's."""

    namnd: Namnd
    requested: Decimal
    cofinancing: Decimal
    per_year: Decimal
    nominal: Decimal
    adjustable: bool


@dataclass(frozen=True)
class Outcome:
    """The calculation with everything that follows from it. `costs` are what the fund is asked for, by year."""

    effects: list[sums.Effect]
    costs: dict[int, Decimal]
    base_year: int
    rate: Decimal
    horizon: int
    scope: str = ""
    soft: str = ""
    boards: Mapping[int, Namnd] = field(default_factory=dict)
    paid: Mapping[int, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """What each board gets from the fund and pays itself, by its id."""
    notes: tuple[str, ...] = ()
    """What is not counted yet, in words."""
    price_level: int | None = None
    """The year in whose prices the costs are given. Nothing is converted to another year's."""
    small: int = 0
    """Below how many persons a number is not shown to this reader; 0 shows all."""

    def hides(self, row: int | None, name: str) -> bool:
        """Whether an input of a row is kept from this reader: a small number, and the cost that would tell it."""
        if row is None or name not in ("reached", "unit_cost"):
            return False
        return any(is_small(int(number), self.small) for number in self.effects[row].reached_by_year().values())

    @cached_property
    def investment(self) -> Decimal:
        """What is asked for in all: what the city's savings are held against."""
        return sum(self.costs.values(), Decimal(0))

    @cached_property
    def scenarios(self) -> list[sums.Scenario]:
        """Low, base and high, for the city."""
        return sums.scenarios(self.effects, self.investment, self.base_year, self.rate)

    @property
    def base(self) -> sums.Scenario:
        """The scenario that is believed in."""
        return self.scenarios[1]

    @property
    def result(self) -> Decimal:
        """The city's saving less what is asked for, base scenario, nominal."""
        return self.base.nominal - self.investment

    @cached_property
    def actors(self) -> list[sums.Total]:
        """What each actor saves, base scenario."""
        return sums.by_actor(self.effects, "base", self.base_year, self.rate)

    @cached_property
    def swings(self) -> list[sums.Swing]:
        """Every input by how far it moves the result, the furthest first."""
        return sums.tornado(self.effects, self.investment)

    @cached_property
    def turning_points(self) -> list[sums.BreakEven]:
        """Where the city's saving just pays the investment."""
        return sums.break_even(self.effects, self.investment, self.horizon)

    @property
    def years(self) -> list[int]:
        """From the first year that costs or saves to the last."""
        known = [*self.costs, *(year for effect in self.effects for year in effect.flow())]
        return list(range(min(known), max(known) + 1)) if known else []

    def gathered(self, scenario: str) -> list[Decimal]:
        """The city's accumulated saving by the end of each of `years`."""
        flow = sums.flow_of_savings(self.effects, scenario)
        return list(sums.accumulated({year: flow.get(year, Decimal(0)) for year in self.years}).values())

    def saved(self, year: int, *, by_city: bool) -> Decimal:
        """What the city, or all the others, save in a year in the base scenario."""
        rows = (effect for effect in self.effects if effect.municipal == by_city)
        return sum((effect.flow().get(year, Decimal(0)) for effect in rows), Decimal(0))

    @cached_property
    def bearers(self) -> list[Board]:
        """Who pays and who gains, board by board, in the order they are named."""
        gains = [effect for effect in self.effects if effect.municipal and effect.board is not None]
        keys = dict.fromkeys([*self.paid, *(effect.board for effect in gains if effect.board is not None)])
        return [self._bearer(key, gains) for key in keys if key in self.boards]

    def _bearer(self, key: int, gains: Iterable[sums.Effect]) -> Board:
        mine = [effect for effect in gains if effect.board == key]
        requested, cofinancing = self.paid.get(key, (Decimal(0), Decimal(0)))
        board = self.boards[key]
        return Board(
            namnd=board,
            requested=requested,
            cofinancing=cofinancing,
            per_year=sum((effect.saving() for effect in mine), Decimal(0)),
            nominal=sum((amount for effect in mine for amount in effect.flow().values()), Decimal(0)),
            adjustable=board.kind != Namnd.Kind.DISTRICT or self.scope == Case.Scope.CITY,
        )


def reached_of(value: Any) -> tuple[int, ...]:
    """How many are reached each year, in order; one number is the same every year."""
    return tuple(int(in_sum(number)) for number in (value if isinstance(value, list | tuple) else [value]))


def effect_of(row: Mapping[str, Any]) -> sums.Effect:
    """A row as figures: cleaned by the form, or read from what was handed in, where figures are texts."""
    yearly, years = reached_of(row["reached"]), int(row["years"])
    running = [yearly[min(at, len(yearly) - 1)] for at in range(years)]
    return sums.Effect(
        reached=sums.mean(running) if len(yearly) > 1 else yearly[0],
        yearly=yearly if len(yearly) > 1 else (),
        low=in_sum(row["low"]),
        base=in_sum(row["base"]),
        high=in_sum(row["high"]),
        counterfactual=in_sum(row["counterfactual"]),
        unit_cost=in_sum(row["unit_cost"]),
        running_cost=in_sum(row["running_cost"]),
        first_year=int(row["first_year"]),
        years=years,
        actor=row["actor"],
        name=row.get("effect") or "",
        board=int(row["namnd"]) if row.get("namnd") else None,
        area=row.get("area") or "",
    )


def usable(rows: RowsField, typed: list[dict[str, Any]], start: int) -> tuple[list[sums.Effect], list[str]]:
    """The effects that can be counted from rows as typed, whole or not, and in words what is not counted yet.

    Until it is filled in: no low or high is as the base, no first year is `start`, no duration is one year.
    """
    found, notes = [], []
    for no, row in enumerate(real(typed), start=1):
        if is_blank(row, rows.columns):
            continue
        good = {name: _right(cell, row.get(name)) for name, cell in rows.columns.items()}
        if lacking := [str(rows.columns[name].label) for name in NEEDED if good[name] in (None, "")]:
            text = _("Rad %(row)d räknas inte med ännu. Fyll i: %(fields)s.")
            notes.append(text % {"row": no, "fields": ", ".join(lacking)})
            continue
        if not good["years"]:
            notes.append(_("Rad %(row)d räknas med ett års varaktighet tills varaktigheten är ifylld.") % {"row": no})
        good["low"] = good["base"] if good["low"] is None else good["low"]
        good["high"] = good["base"] if good["high"] is None else good["high"]
        found.append(effect_of(good | {"first_year": good["first_year"] or start, "years": good["years"] or 1}))
    return found, notes


def _right(cell: Any, typed: Any) -> Any:
    try:
        return cell.clean(typed)
    except ValidationError:
        return None


def by_year(rows: Iterable[Mapping[str, Any]], column: str = "requested") -> dict[int, Decimal]:
    """A column of the budget's rows by year, in order; kronor."""
    found: dict[int, Decimal] = {}
    for row in rows:
        year = int(row["year"])
        found[year] = found.get(year, Decimal(0)) + in_sum(row.get(column))
    return dict(sorted(found.items()))


def by_board(rows: Iterable[Mapping[str, Any]]) -> dict[int, tuple[Decimal, Decimal]]:
    """What each board gets from the fund and pays itself, by its id; kronor."""
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for row in rows:
        if row.get("namnd"):
            requested, cofinancing = found.get(int(row["namnd"]), (Decimal(0), Decimal(0)))
            found[int(row["namnd"])] = (
                requested + in_sum(row.get("requested")),
                cofinancing + in_sum(row.get("cofinancing")),
            )
    return found


def handed_in(answers: Mapping[str, Any], scope: str) -> Outcome:
    """The calculation of an application as it was handed in. One question, for the boards' names."""
    kalkyl, budget = answers["kalkyl"], answers["budget"]["rows"]
    effects = [effect_of(row) for row in kalkyl["effects"]]
    paid = by_board(budget)
    keys = {*paid, *(effect.board for effect in effects if effect.board)}
    return Outcome(
        effects=effects,
        costs=by_year(budget),
        base_year=int(kalkyl["base_year"]),
        rate=in_sum(kalkyl["rate"]),
        horizon=int(kalkyl["horizon"]),
        scope=scope,
        soft=kalkyl.get("soft") or "",
        boards=Namnd.objects.in_bulk(keys),
        paid=paid,
        price_level=int(kalkyl["price_level"]) if kalkyl.get("price_level") else None,
    )
