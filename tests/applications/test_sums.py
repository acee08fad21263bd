"""The arithmetic of the effect calculation, by the acceptance case C1 and by properties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import sums

TKR = Decimal(1000)


def c1(**changes: object) -> sums.Effect:
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
    return sums.Effect(**(fields | changes))


@pytest.mark.parametrize(("scenario", "tkr"), [("low", 600), ("base", 3200), ("high", 5800)])
def test_saving_per_year_is_c1s_in_each_scenario(scenario: str, tkr: int):
    assert c1().saving(scenario) == tkr * TKR


def test_savings_flow_by_year_and_only_the_citys_count():
    effects = [c1(years=2), c1(first_year=2021, years=1), c1(actor="region")]

    flow = sums.flow_of_savings(effects)

    assert flow == {2020: 3200 * TKR, 2021: 6400 * TKR}


def test_present_value_at_three_per_cent():
    assert sums.present_value({2017: Decimal(100), 2018: Decimal(103)}, 2017, Decimal(3)) == Decimal("200.00")


@given(st.dictionaries(st.integers(2020, 2060), st.integers(-10_000_000, 10_000_000).map(Decimal), max_size=12))
def test_present_value_without_rate_is_the_nominal_sum(flow: dict[int, Decimal]):
    assert sums.present_value(flow, 2020, Decimal(0)) == sum(flow.values(), Decimal(0))


def test_payback_is_the_first_year_the_savings_reach_the_investment():
    flow = dict.fromkeys(range(2020, 2025), 3200 * TKR)

    assert sums.payback_year(12_000 * TKR, flow) == 2023
    assert sums.payback_year(12_800 * TKR, flow) == 2023
    assert sums.payback_year(16_001 * TKR, flow) is None


def test_three_scenarios_with_payback_or_none():
    low, base, high = sums.scenarios([c1()], 12_000 * TKR, 2017, Decimal(3))

    assert (low.per_year, low.nominal, low.payback) == (600 * TKR, 3000 * TKR, None)
    assert (base.per_year, base.nominal, base.payback) == (3200 * TKR, 16_000 * TKR, 2023)
    assert (high.per_year, high.nominal, high.payback) == (5800 * TKR, 29_000 * TKR, 2022)
    assert base.present < base.nominal


def test_years_that_differ_are_each_counted_by_their_own_number():
    effect = c1(reached=30, yearly=(20, 30, 40), years=4)

    assert list(effect.flow().values()) == [600 * TKR, 1900 * TKR, 3200 * TKR, 3200 * TKR]
    assert effect.saving() == 2225 * TKR


def test_the_same_number_every_year_is_one_number():
    alike, one = c1(yearly=(40, 40, 40, 40, 40)), c1()

    assert alike.flow() == one.flow()
    points = [sums.break_even([row], 12_000 * TKR, 10) for row in (alike, one)]
    assert [point.value for point in points[0]] == [point.value for point in points[1]]
    assert sums.tornado([alike], 12_000 * TKR) == sums.tornado([one], 12_000 * TKR)


def test_at_the_turning_point_years_that_differ_pay_the_investment():
    effect = c1(reached=Decimal(30), yearly=(20, 30, 40))
    investment = sum(effect.flow().values(), Decimal(0)) - 100 * TKR

    for point in sums.break_even([effect], investment, 10):
        if point.value is not None and point.input not in ("years", "reached"):
            turned = c1(reached=Decimal(30), yearly=(20, 30, 40), **{point.input: point.value})
            assert abs(sum(turned.flow().values(), Decimal(0)) - investment) < 1


def test_effect_worse_than_without_is_negative():
    assert c1(base=Decimal(10)).saving() == Decimal(-3_300_000)


@given(st.integers(1, 4), st.integers(1, 4))
def test_risk_value_needs_a_measure_from_nine(likelihood: int, consequence: int):
    value = sums.risk_value(likelihood, consequence)

    assert (value >= sums.NEEDS_MEASURE) == (value in (9, 12, 16))
