"""The effect calculator: properties, and the acceptance cases recomputed here by other means than the product's."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import sums
from applications.sums import Effect, Limits

TKR = Decimal(1000)
ORE = Decimal("0.01")


def c1(**changes: object) -> Effect:
    """40 young people a year, 35 % (25–45) with effect against 15 % without, 650 tkr each, 2 000 tkr to run."""
    fields = {
        "reached": 40,
        "low": Decimal(25),
        "base": Decimal(35),
        "high": Decimal(45),
        "counterfactual": Decimal(15),
        "unit_cost": 650 * TKR,
        "running_cost": 2000 * TKR,
        "first_year": 2020,
        "years": 5,
    }
    return Effect(**(fields | changes))


def by_hand(effect: Effect, scenario: str) -> Fraction:
    """The saving a year in exact fractions: persons helped by the measure alone, times their cost, less running it."""
    helped = Fraction(effect.reached) * Fraction(getattr(effect, scenario)) / 100
    anyway = Fraction(effect.reached) * Fraction(effect.counterfactual) / 100
    return (helped - anyway) * Fraction(effect.unit_cost) - Fraction(effect.running_cost)


shares = st.decimals(0, 100, places=2)
amounts = st.integers(0, 5_000_000).map(Decimal)


@st.composite
def effects(draw: st.DrawFn, actor: str | None = None) -> Effect:
    """Any row that the form lets through."""
    low, base, high = sorted(draw(st.tuples(shares, shares, shares)))
    return Effect(
        reached=draw(st.integers(1, 5000)),
        low=low,
        base=base,
        high=high,
        counterfactual=draw(shares),
        unit_cost=draw(st.integers(1000, 5_000_000).map(Decimal)),
        running_cost=draw(amounts),
        first_year=draw(st.integers(2024, 2035)),
        years=draw(st.integers(1, 15)),
        actor=actor or draw(st.sampled_from(["kommun", "region", "stat", "fk", "individ", "ovrig"])),
    )


many = st.lists(effects(), min_size=1, max_size=4)
of_the_city = st.lists(effects("kommun"), min_size=1, max_size=3)


@pytest.mark.parametrize(("scenario", "tkr"), [("low", 600), ("base", 3200), ("high", 5800)])
def test_c1_comes_to_the_acceptance_cases_figures_recomputed_by_hand(scenario: str, tkr: int) -> None:
    assert by_hand(c1(), scenario) == tkr * 1000
    assert c1().saving(scenario) == tkr * TKR


@given(effects(), st.sampled_from(sums.SCENARIOS))
def test_the_saving_is_the_formula_to_the_ore(effect: Effect, scenario: str) -> None:
    assert abs(Fraction(effect.saving(scenario)) - by_hand(effect, scenario)) <= Fraction(1, 200)


@given(many)
def test_a_higher_share_never_saves_less(rows: list[Effect]) -> None:
    low, base, high = sums.scenarios(rows, Decimal(0), 2024, Decimal(3))

    assert low.nominal <= base.nominal <= high.nominal
    assert low.present <= base.present <= high.present


@given(effects(), st.integers(1, 1000))
def test_reaching_more_never_saves_less_when_the_measure_helps(effect: Effect, more: int) -> None:
    helps = effect.base >= effect.counterfactual

    assert (replace(effect, reached=effect.reached + more).saving() >= effect.saving()) or not helps


@given(effects("kommun"), st.integers(2, 9))
def test_n_times_the_amounts_is_n_times_the_saving(effect: Effect, times: int) -> None:
    larger = replace(effect, unit_cost=effect.unit_cost * times, running_cost=effect.running_cost * times)

    assert abs(larger.saving() - effect.saving() * times) <= ORE * times


@given(many, st.sampled_from(sums.SCENARIOS))
def test_actors_together_are_the_rows_together(rows: list[Effect], scenario: str) -> None:
    actors = sums.by_actor(rows, scenario, 2024, Decimal(3))

    assert sum(total.nominal for total in actors) == sum(row.saving(scenario) * row.years for row in rows)
    assert len({total.actor for total in actors}) == len(actors)


@given(many)
def test_present_value_without_rate_is_the_nominal_sum(rows: list[Effect]) -> None:
    for total in sums.by_actor(rows, "base", 2024, Decimal(0)):
        assert total.present == total.nominal


@given(st.lists(effects(), min_size=1, max_size=4), amounts)
def test_only_the_citys_part_can_pay_back(rows: list[Effect], investment: Decimal) -> None:
    others = [replace(row, actor="region") for row in rows]
    (base,) = [it for it in sums.scenarios(others, investment + 1, 2024, Decimal(3)) if it.name == "base"]

    assert (base.per_year, base.nominal, base.present, base.payback) == (0, 0, 0, None)


@given(of_the_city, st.integers(1, 50_000_000).map(Decimal))
def test_payback_is_the_first_year_that_reaches_the_investment(rows: list[Effect], investment: Decimal) -> None:
    flow = sums.flow_of_savings(rows)
    year = sums.payback_year(investment, flow)
    gathered = {at: sum(amount for other, amount in flow.items() if other <= at) for at in flow}

    assert year == min((at for at in flow if gathered[at] >= investment), default=None)


@given(of_the_city, st.integers(0, 50_000_000).map(Decimal))
def test_break_even_really_breaks_even(rows: list[Effect], investment: Decimal) -> None:
    for point in sums.break_even(rows, investment, 40):
        if point.value is None:
            continue
        row = rows[point.row]
        others = sum(other.saving() * other.years for at, other in enumerate(rows) if at != point.row)
        if point.input == "years":
            reached = row.saving() * point.value
        else:
            reached = replace(row, **{point.input: point.value}).saving() * row.years
        assert abs(others + reached - investment) <= ORE * 50


def test_c1_breaks_even_at_these_values() -> None:
    points = {point.input: point.value for point in sums.break_even([c1()], 12_000 * TKR, 10)}

    assert points["years"] == Decimal("3.75")  # 12 000 / 3 200
    assert points["reached"] == Decimal(4400) / 130  # (12 000 / 5 + 2 000) / (20 % × 650)
    assert points["running_cost"] == 2800 * TKR  # 5 200 − 2 400
    assert points["unit_cost"] == 550 * TKR  # 4 400 / 8
    assert round(points["base"] or 0, 2) == Decimal("31.92")  # 15 + 4 400 / 26 000
    assert round(points["counterfactual"] or 0, 2) == Decimal("18.08")


def test_what_cannot_be_reached_has_no_break_even() -> None:
    points = {point.input: point.value for point in sums.break_even([c1()], 500_000 * TKR, 10)}

    assert {name for name, value in points.items() if value is None} == {
        "base", "counterfactual", "running_cost", "years",
    }  # fmt: skip
    none = sums.break_even([c1(base=Decimal(15), low=Decimal(15), running_cost=Decimal(0))], 12_000 * TKR, 10)
    assert {point.input: point.value for point in none}["unit_cost"] is None


@given(of_the_city, st.integers(1, 50_000_000).map(Decimal))
def test_tornado_has_the_furthest_first_and_each_swing_is_its_own_recomputation(
    rows: list[Effect], investment: Decimal
) -> None:
    swings = sums.tornado(rows, investment)

    assert [swing.size for swing in swings] == sorted((swing.size for swing in swings), reverse=True)
    for swing in swings:
        if swing.row is None or swing.input == "years":
            continue
        tried = [replace(row, **{swing.input: swing.low}) if at == swing.row else row for at, row in enumerate(rows)]
        assert swing.at_low == sum(row.saving() * row.years for row in tried) - investment


def test_c1_is_decided_by_share_unit_cost_and_number_reached() -> None:
    swings = sums.tornado([c1()], 12_000 * TKR)

    assert swings[0].input == "base"
    assert (swings[0].at_low, swings[0].at_high) == (-9_000 * TKR, 17_000 * TKR)  # 5 × 600 and 5 × 5 800, less 12 000
    assert {swing.input for swing in swings[1:3]} == {"reached", "unit_cost"}
    assert swings[1].size == 10_400 * TKR  # 40 % of 5 × 5 200


def test_only_the_municipal_part_counts_in_varmdos_case() -> None:
    """R7: 585 children, 75 outside, 15,75 mnkr each to 65, of which more than 5,33 mnkr is the municipality's."""
    years = 45
    a_year = {"kommun": Decimal(400_000_000) / 75 / years, "stat": Decimal(1_181_250_000 - 400_000_000) / 75 / years}
    rows = [
        c1(reached=585, low=Decimal(0), base=Decimal(7500) / 585, high=Decimal(100), counterfactual=Decimal(0),
           unit_cost=cost, running_cost=Decimal(0), years=years, actor=actor)
        for actor, cost in a_year.items()
    ]  # fmt: skip
    totals: dict[str, Decimal] = {total.actor: total.nominal for total in sums.by_actor(rows, "base", 2020, Decimal(3))}
    scenario = sums.scenarios(rows, Decimal(0), 2020, Decimal(3))[1]

    assert abs(sum(totals.values(), Decimal(0)) - 1_181_250_000) < 1
    assert abs(totals["kommun"] - 400_000_000) < 1
    assert scenario.nominal == totals["kommun"]


def test_co_finance_is_split_as_in_stockholms_esf_project() -> None:
    """R8: 12 957 498 kr in all, ESF 6 090 447 kr (47,0 %), own share 6 867 051 kr."""
    found = sums.split(Decimal(6_867_051), [Decimal(6_090_447)])

    assert (found.total, found.own, found.others_share) == (12_957_498, 6_867_051, Decimal("47.0"))


GAVLEBORG = Limits(per_year=500 * TKR, share=Decimal(50), years=3)


def asked(*tkr: int) -> dict[int, Decimal]:
    """Thousands of kronor a year from 2020."""
    return {2020 + at: amount * TKR for at, amount in enumerate(tkr)}


@pytest.mark.parametrize(
    ("requested", "others", "said"),
    [
        (asked(500, 500, 500), 1_500, []),
        (asked(501, 500, 500), 1_600, [("per_year", 2020)]),
        (asked(500, 500, 500, 500), 2_000, [("years", 2023)]),
        (asked(500, 500, 500), 1_499, [("share", None)]),
    ],
)
def test_a_rounds_limits_are_those_of_gavleborg(requested: dict, others: int, said: list) -> None:
    """R9: at most 500 tkr a year, three years, half of the cost."""
    assert [(limit.what, limit.year) for limit in sums.beyond(requested, others * TKR, GAVLEBORG)] == said


def test_no_limit_is_never_passed() -> None:
    assert sums.beyond(asked(9_000_000), Decimal(0), Limits()) == []
