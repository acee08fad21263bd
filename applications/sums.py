"""The arithmetic of an effect calculation. Pure: Decimals in, Decimals out; amounts in kronor, shares in per cent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ORE = Decimal("0.01")


@dataclass(frozen=True)
class Effect:
    """One effect on one actor's expenditure: how many it concerns, how often, for how long and what each is worth."""

    reached: int
    low: Decimal
    base: Decimal
    high: Decimal
    counterfactual: Decimal
    unit_cost: Decimal
    running_cost: Decimal
    first_year: int
    years: int
    municipal: bool = True

    def share(self, scenario: str) -> Decimal:
        """The share with effect in a scenario: low, base or high."""
        return {"low": self.low, "base": self.base, "high": self.high}[scenario]

    def saving(self, scenario: str = "base") -> Decimal:
        """Utgiftsminskning per år = reached × (share − counterfactual) × unit cost − running cost. May be negative."""
        return saving_per_year(
            self.reached, self.share(scenario), self.counterfactual, self.unit_cost, self.running_cost
        )


def saving_per_year(
    reached: int, share: Decimal, counterfactual: Decimal, unit_cost: Decimal, running_cost: Decimal
) -> Decimal:
    """What expenditure falls by in a year, whole öre."""
    net = Decimal(reached) * (share - counterfactual) / 100
    return (net * unit_cost - running_cost).quantize(ORE, ROUND_HALF_UP)


def flow_of_savings(effects: Iterable[Effect], scenario: str = "base") -> dict[int, Decimal]:
    """The municipality's saving year by year, by calendar year in order. Other actors' savings are not the city's."""
    flow: dict[int, Decimal] = {}
    for effect in effects:
        if effect.municipal:
            for year in range(effect.first_year, effect.first_year + effect.years):
                flow[year] = flow.get(year, Decimal(0)) + effect.saving(scenario)
    return dict(sorted(flow.items()))


def present_value(flow: Mapping[int, Decimal], base_year: int, rate: Decimal) -> Decimal:
    """The flow's value in the base year at `rate` per cent a year, whole öre. At 0 per cent it is the nominal sum."""
    factor = 1 + rate / 100
    total = sum((amount / factor ** (year - base_year) for year, amount in flow.items()), Decimal(0))
    return total.quantize(ORE, ROUND_HALF_UP)


def payback_year(investment: Decimal, flow: Mapping[int, Decimal]) -> int | None:
    """The first year when accumulated savings reach the investment; None when they never do within the horizon."""
    gathered = Decimal(0)
    for year in sorted(flow):
        gathered += flow[year]
        if gathered >= investment:
            return year
    return None


@dataclass(frozen=True)
class Scenario:
    """What one scenario comes to."""

    name: str
    per_year: Decimal
    nominal: Decimal
    present: Decimal
    payback: int | None


def scenario(effects: list[Effect], name: str, investment: Decimal, base_year: int, rate: Decimal) -> Scenario:
    """Sum one scenario: saving in a full year, in all, in present value, and when it pays back."""
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
    return [scenario(effects, name, investment, base_year, rate) for name in ("low", "base", "high")]


def risk_value(likelihood: int, consequence: int) -> int:
    """Sannolikhet × konsekvens, 1 to 16. From 9 a risk needs a measure."""
    return likelihood * consequence


NEEDS_MEASURE = 9
