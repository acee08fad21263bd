"""Which inputs decide the result, and where it turns. The result is the city's nominal saving less the investment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from applications.sums.effect import Effect, flow_of_savings, mean

INPUTS = ("reached", "base", "counterfactual", "unit_cost", "running_cost", "years")
"""The inputs of a row that are tried, by their names in `Effect`."""
INVESTMENT = "investment"
LESS, MORE = Decimal("0.8"), Decimal("1.2")
"""An input without a low and a high of its own is tried 20 per cent lower and higher."""
SHARES = ("base", "counterfactual")
HUNDRED = Decimal(100)
LONGEST = 100
"""Years: no effect is looked for beyond them."""


@dataclass(frozen=True)
class Swing:
    """What the result becomes when one input is lower and higher, the others as they are. `row` counts from 0."""

    input: str
    row: int | None
    low: Decimal
    base: Decimal
    high: Decimal
    at_low: Decimal
    at_high: Decimal

    @property
    def size(self) -> Decimal:
        """How far the result moves."""
        return abs(self.at_high - self.at_low)


def _result(effects: Sequence[Effect], investment: Decimal) -> Decimal:
    return sum(flow_of_savings(effects).values(), Decimal(0)) - investment


def _range(effect: Effect, name: str) -> tuple[Decimal, Decimal, Decimal]:
    """(lower, as it is, higher). The share has its own low and high; years are whole and differ by at least one."""
    value = Decimal(getattr(effect, name))
    if name == "base":
        return effect.low, value, effect.high
    if name == "years":
        lower = (value * LESS).to_integral_value(ROUND_FLOOR)
        return max(lower, Decimal(1)), value, (value * MORE).to_integral_value(ROUND_CEILING)
    higher = min(value * MORE, HUNDRED) if name in SHARES else value * MORE
    return value * LESS, value, higher


def _with(effect: Effect, name: str, value: Decimal) -> Effect:
    changed: dict[str, Any] = {name: int(value) if name == "years" else value}
    if name == "reached" and effect.yearly:
        changed["yearly"] = tuple(Decimal(number) * value / effect.reached for number in effect.yearly)
    return replace(effect, **changed)


def tornado(effects: Sequence[Effect], investment: Decimal) -> list[Swing]:
    """Every input of the city's rows, and the investment, by how far it moves the result; the furthest first."""
    found = list(_swings(effects, investment))
    if investment:
        result = _result(effects, Decimal(0))
        lower, higher = investment * LESS, investment * MORE
        found.append(Swing(INVESTMENT, None, lower, investment, higher, result - lower, result - higher))
    return sorted((swing for swing in found if swing.size), key=lambda swing: -swing.size)


def _swings(effects: Sequence[Effect], investment: Decimal) -> Iterator[Swing]:
    for row, effect in enumerate(effects):
        if not effect.municipal:
            continue
        for name in INPUTS:
            lower, value, higher = _range(effect, name)
            outcomes = [
                _result([*effects[:row], _with(effect, name, tried), *effects[row + 1 :]], investment)
                for tried in (lower, higher)
            ]
            yield Swing(name, row, lower, value, higher, *outcomes)


@dataclass(frozen=True)
class BreakEven:
    """The value of one input at which the city's nominal saving equals the investment; None if there is none."""

    input: str
    row: int
    base: Decimal
    value: Decimal | None


def break_even(effects: Sequence[Effect], investment: Decimal, horizon: int) -> list[BreakEven]:
    """The turning point of every input of the city's rows, the others as they are.

    A share beyond 0–100 per cent, a negative amount and a duration beyond the horizon are no values: it cannot be met.
    """
    found = []
    for row, effect in enumerate(effects):
        if not effect.municipal:
            continue
        others = [other for at, other in enumerate(effects) if at != row]
        needed = -_result(others, investment)
        for name in INPUTS:
            value = _turning(effect, name, needed)
            found.append(BreakEven(name, row, Decimal(getattr(effect, name)), _possible(name, value, horizon)))
    return found


def _turning(effect: Effect, name: str, needed: Decimal) -> Decimal | None:
    """The value of an input at which the row saves `needed` kronor in all: the formula of the saving, solved for it."""
    reached, unit, running = mean(effect.reached_by_year().values()), effect.unit_cost, effect.running_cost
    net = (effect.base - effect.counterfactual) / 100
    a_year = needed / effect.years + running
    match name:
        case "reached":
            return _divide(a_year, net * unit)
        case "unit_cost":
            return _divide(a_year, reached * net)
        case "base":
            part = _divide(a_year, reached * unit)
            return None if part is None else effect.counterfactual + part * 100
        case "counterfactual":
            part = _divide(a_year, reached * unit)
            return None if part is None else effect.base - part * 100
        case "running_cost":
            return reached * net * unit - needed / effect.years
        case _:
            return _lasting(effect, needed) if effect.yearly else _divide(needed, reached * net * unit - running)


def _lasting(effect: Effect, needed: Decimal) -> Decimal | None:
    """For how many years the effect must last where the years differ: whole years, and a part of the last."""
    gathered = Decimal(0)
    for year, saving in enumerate(replace(effect, years=LONGEST).flow().values()):
        if saving > 0 and gathered + saving >= needed:
            return year + (needed - gathered) / saving
        gathered += saving
    return None


def _divide(part: Decimal, by: Decimal) -> Decimal | None:
    return part / by if by else None


def _possible(name: str, value: Decimal | None, horizon: int) -> Decimal | None:
    if value is None or value < 0:
        return None
    most = {"base": HUNDRED, "counterfactual": HUNDRED, "years": Decimal(horizon)}.get(name)
    return None if most is not None and value > most else value
