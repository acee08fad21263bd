"""What effects are worth: per year and in all, for the city and for others, net of what happens anyway."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ORE = Decimal("0.01")
CITY = "kommun"
"""The actor whose savings can be returned to the fund. No one else's can (domain rule of the guidelines)."""
SCENARIOS = ("low", "base", "high")


@dataclass(frozen=True)
class Effect:
    """One effect on one actor's expenditure: how many it concerns, how often, for how long and what each is worth.

    `reached` is persons a year, shares are per cent of them, amounts are kronor a year. Where the years differ,
    `yearly` has the persons of each year in order, and the last goes on; `reached` is then their mean.
    """

    reached: Decimal | int
    low: Decimal
    base: Decimal
    high: Decimal
    counterfactual: Decimal
    unit_cost: Decimal
    running_cost: Decimal
    first_year: int
    years: int
    actor: str = CITY
    name: str = ""
    board: int | None = None
    area: str = ""
    yearly: tuple[Decimal | int, ...] = ()

    @property
    def municipal(self) -> bool:
        """Whether it is the city's expenditure that falls."""
        return self.actor == CITY

    def share(self, scenario: str) -> Decimal:
        """The share with effect in a scenario: low, base or high."""
        return {"low": self.low, "base": self.base, "high": self.high}[scenario]

    def reached_by_year(self) -> dict[int, Decimal | int]:
        """Persons by calendar year, as long as the effect lasts."""
        years = range(self.first_year, self.first_year + self.years)
        if not self.yearly:
            return dict.fromkeys(years, self.reached)
        return {year: self.yearly[min(at, len(self.yearly) - 1)] for at, year in enumerate(years)}

    def saving(self, scenario: str = "base") -> Decimal:
        """Utgiftsminskning per år = reached × (share − counterfactual) × unit cost − running cost. May be negative.

        Where the years differ it is the mean of the years.
        """
        return self._worth(mean(self.reached_by_year().values()) if self.yearly else self.reached, scenario)

    def flow(self, scenario: str = "base") -> dict[int, Decimal]:
        """The saving by calendar year, as long as the effect lasts."""
        return {year: self._worth(reached, scenario) for year, reached in self.reached_by_year().items()}

    def _worth(self, reached: Decimal | int, scenario: str) -> Decimal:
        return saving_per_year(reached, self.share(scenario), self.counterfactual, self.unit_cost, self.running_cost)


def mean(numbers: Iterable[Decimal | int]) -> Decimal:
    """The mean of numbers; there is at least one."""
    every = [Decimal(number) for number in numbers]
    return sum(every, Decimal(0)) / len(every)


def saving_per_year(
    reached: Decimal | int, share: Decimal, counterfactual: Decimal, unit_cost: Decimal, running_cost: Decimal
) -> Decimal:
    """What expenditure falls by in a year, whole öre."""
    net = Decimal(reached) * (share - counterfactual) / 100
    return (net * unit_cost - running_cost).quantize(ORE, ROUND_HALF_UP)


def flow_of_savings(effects: Iterable[Effect], scenario: str = "base", actor: str = CITY) -> dict[int, Decimal]:
    """One actor's saving year by year, by calendar year in order: the city's unless said otherwise."""
    flow: dict[int, Decimal] = {}
    for effect in effects:
        if effect.actor == actor:
            for year, amount in effect.flow(scenario).items():
                flow[year] = flow.get(year, Decimal(0)) + amount
    return dict(sorted(flow.items()))


def present_value(flow: Mapping[int, Decimal], base_year: int, rate: Decimal) -> Decimal:
    """The flow's value in the base year at `rate` per cent a year, whole öre. At 0 per cent it is the nominal sum."""
    factor = 1 + rate / 100
    total = sum((amount / factor ** (year - base_year) for year, amount in flow.items()), Decimal(0))
    return total.quantize(ORE, ROUND_HALF_UP)


def payback_year(investment: Decimal, flow: Mapping[int, Decimal]) -> int | None:
    """The first year when accumulated savings reach the investment; None when they never do within the horizon."""
    return next((year for year, gathered in accumulated(flow).items() if gathered >= investment), None)


def accumulated(flow: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What the flow has gathered by the end of each year, in order."""
    gathered, found = Decimal(0), {}
    for year in sorted(flow):
        gathered += flow[year]
        found[year] = gathered
    return found


@dataclass(frozen=True)
class Total:
    """What one actor saves in one scenario: in a full year, in all and in present value."""

    actor: str
    per_year: Decimal
    nominal: Decimal
    present: Decimal


def by_actor(effects: Iterable[Effect], scenario: str, base_year: int, rate: Decimal) -> list[Total]:
    """Every actor that has an effect, in the order they come. They are shown side by side, never as one sum."""
    rows = list(effects)
    found = []
    for actor in dict.fromkeys(effect.actor for effect in rows):
        flow = flow_of_savings(rows, scenario, actor)
        per_year = sum((effect.saving(scenario) for effect in rows if effect.actor == actor), Decimal(0))
        nominal = sum(flow.values(), Decimal(0))
        found.append(Total(actor, per_year, nominal, present_value(flow, base_year, rate)))
    return found


@dataclass(frozen=True)
class Scenario:
    """What one scenario comes to for the city."""

    name: str
    per_year: Decimal
    nominal: Decimal
    present: Decimal
    payback: int | None


def _scenario(effects: list[Effect], name: str, investment: Decimal, base_year: int, rate: Decimal) -> Scenario:
    flow = flow_of_savings(effects, name)
    return Scenario(
        name=name,
        per_year=sum((effect.saving(name) for effect in effects if effect.municipal), Decimal(0)),
        nominal=sum(flow.values(), Decimal(0)),
        present=present_value(flow, base_year, rate),
        payback=payback_year(investment, flow),
    )


def scenarios(effects: list[Effect], investment: Decimal, base_year: int, rate: Decimal) -> list[Scenario]:
    """Low, base and high: the sensitivity analysis."""
    return [_scenario(effects, name, investment, base_year, rate) for name in SCENARIOS]
