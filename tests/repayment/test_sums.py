"""The arithmetic of repayment."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repayment.sums import distribute, instalments, payback, per_source, present_value

C1_PAID = [(2017, -4500), (2018, -4500), (2019, -2600)]
C1_PLAN = [(2020, 2000), (2021, 3000), (2022, 3500), (2023, 3100)]
C1_CAME = [(2020, 2000), (2021, 2400), (2022, 3200), (2023, 3200), (2024, 800)]

weights = st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=1, max_size=20).filter(any)
totals = st.integers(min_value=-10_000_000, max_value=10_000_000)


def flows(pairs: list[tuple[int, int]]) -> list[tuple[int, Decimal]]:
    return [(year, Decimal(amount)) for year, amount in pairs]


def test_c1s_lowering_is_spread_over_the_districts_to_the_last_thousand() -> None:
    shares = distribute(3200, [Decimal(weight) for weight in (7, 12, 8, 10, 11, 21, 5, 8, 6, 7, 5)])

    assert shares == [224, 384, 256, 320, 352, 672, 160, 256, 192, 224, 160]


def test_the_largest_remainders_take_what_is_left_and_the_earlier_wins_a_tie() -> None:
    assert distribute(100, [Decimal(1), Decimal(1), Decimal(1)]) == [34, 33, 33]
    assert distribute(10, [Decimal("15.5"), Decimal("24.5"), Decimal(60)]) == [2, 2, 6]


@given(totals, weights)
def test_shares_add_up_exactly(total: int, parts: list[Decimal]) -> None:
    assert sum(distribute(total, parts)) == total


@given(totals, weights)
def test_every_share_is_within_one_of_its_quota(total: int, parts: list[Decimal]) -> None:
    shares = distribute(total, parts)

    assert all(abs(share - total * part / sum(parts)) < 1 for share, part in zip(shares, parts, strict=True))


@given(totals, weights)
def test_a_lowering_is_the_mirror_of_a_rise(total: int, parts: list[Decimal]) -> None:
    assert distribute(-total, parts) == [-share for share in distribute(total, parts)]


@pytest.mark.parametrize("wrong", [[], [Decimal(0)], [Decimal(2), Decimal(-1)]])
def test_weights_that_are_nothing_or_below_are_no_key(wrong: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="Weights"):
        distribute(100, wrong)


@pytest.mark.parametrize(
    ("total", "years", "amounts"),
    [(100_000, 3, [33_333, 33_333, 33_334]), (800, 4, [200] * 4), (900, 1, [900]), (2, 3, [0, 0, 2])],
)
def test_the_last_instalment_takes_what_is_left_over(total: int, years: int, amounts: list[int]) -> None:
    assert instalments(Decimal(total), 2028, years) == [(2028 + nth, Decimal(each)) for nth, each in enumerate(amounts)]


@given(st.decimals(min_value=0, max_value=10**10, places=2), st.integers(min_value=1, max_value=30))
def test_instalments_add_up_to_the_ore(total: Decimal, years: int) -> None:
    assert sum(amount for _year, amount in instalments(total, 2028, years)) == total


@pytest.mark.parametrize(("back", "worth"), [(C1_PLAN, "-1208.6"), (C1_CAME, "-1266.3")])
def test_c1_is_even_in_kronor_but_not_in_present_value(back: list[tuple[int, int]], worth: str) -> None:
    every = flows(C1_PAID + back)

    assert sum(amount for _year, amount in every) == 0
    assert round(present_value(every, Decimal(3), 2017), 1) == Decimal(worth)


@given(st.lists(st.tuples(st.integers(2010, 2050), st.decimals(-(10**8), 10**8, places=0))))
def test_without_interest_present_value_is_the_plain_sum(every: list[tuple[int, Decimal]]) -> None:
    assert present_value(every, Decimal(0), 2017) == sum(amount for _year, amount in every)


@pytest.mark.parametrize(
    ("pairs", "year"),
    [
        (C1_PAID + C1_PLAN, 2023),
        (C1_PAID + C1_CAME, 2024),
        (C1_PAID, None),
        ([], None),
        ([(2020, 5)], None),
        ([(2020, -5), (2020, 5)], None),
    ],
)
def test_payback_is_the_first_year_when_all_has_come_back(pairs: list[tuple[int, int]], year: int | None) -> None:
    assert payback(flows(pairs)) == year


def test_r13_what_kommunstyrelsen_granted_is_summed_for_each_source() -> None:
    """KS 2015-06-17 and PM 2016:26, in mnkr: net costs by source, each apart."""
    june = [("reserve2", Decimal("20.0")), ("donation", Decimal("10.0")), ("reserve2", Decimal("4.1"))]
    june.append(("reallocation", Decimal("1.7")))
    pm = [("reserve1", Decimal("255.0")), ("reserve2", Decimal("30.0")), ("reallocation", Decimal("4.5"))]

    assert per_source(june) == {"reserve2": Decimal("24.1"), "donation": Decimal(10), "reallocation": Decimal("1.7")}
    assert (sum(per_source(june).values()), sum(per_source(pm).values())) == (Decimal("35.8"), Decimal("289.5"))


@given(st.lists(st.tuples(st.sampled_from(["own", "donation", "other"]), st.decimals(-9999, 9999, places=2))))
def test_the_sources_come_to_what_the_parts_come_to(parts: list[tuple[str, Decimal]]) -> None:
    sums = per_source(parts)

    assert sum(sums.values()) == sum(amount for _source, amount in parts)
    assert all(sums[source] == sum(amount for name, amount in parts if name == source) for source in sums)
