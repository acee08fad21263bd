"""The arithmetic of repayment. Pure: no Django, no clock, no database. Amounts are Decimal, never floats."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

Flow = tuple[int, Decimal]
"""A year and what came in (or, below zero, went out) that year."""

HUNDRED = Decimal(100)
KRONA = Decimal(1)


def instalments(total: Decimal, first_year: int, years: int) -> list[Flow]:
    """Split a sum evenly in whole kronor; the last year takes what is left over."""
    each = (total / years).quantize(KRONA, ROUND_DOWN)
    last = total - each * (years - 1)
    return [(first_year + number, each if number < years - 1 else last) for number in range(years)]


def distribute(total: int, weights: Sequence[Decimal]) -> list[int]:
    """Split a whole number by weights, exactly, by largest remainder; the earlier wins a tie.

    Every share is within one of its exact quota, and has the sign of the total.
    """
    whole = sum(weights, Decimal(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("Weights are at least zero and not all zero.")
    quotas = [divmod(abs(total) * weight, whole) for weight in weights]
    shares = [int(quota) for quota, _rest in quotas]
    by_remainder = sorted(range(len(weights)), key=lambda place: -quotas[place][1])
    for place in by_remainder[: abs(total) - sum(shares)]:
        shares[place] += 1
    return [share if total >= 0 else -share for share in shares]


def proportional(total: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    """Spread whole kronor over rows in proportion to what they hold, by largest remainder; evenly over empty rows."""
    weights = list(amounts) if any(amounts) else [KRONA] * len(amounts)
    return [Decimal(share) for share in distribute(int(total), weights)]


def on_the_last(total: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    """Rows that make up a total: the last takes the difference; it cannot go below zero, then the one before does."""
    left, spread = total - sum(amounts, Decimal(0)), list(amounts)
    for place in reversed(range(len(spread))):
        taken = max(left, -spread[place])
        spread[place] += taken
        left -= taken
    return spread


def by_years(
    total: Decimal, levels: Mapping[int, Sequence[Decimal]], first: int, most: int
) -> dict[int, list[Decimal]]:
    """A plan year by year at the levels of yearly savings, until the total is reached or `most` years have passed.

    A year that no level is known for has the level of the year before it, or of the first known. The last year takes
    what is left, by largest remainder. Whole kronor.
    """
    known, plan, left = sorted(levels), dict[int, list[Decimal]](), total
    for year in range(first, first + most):
        if not known or left <= 0:
            break
        level = levels[max((it for it in known if it <= year), default=known[0])]
        whole = [amount.quantize(KRONA, ROUND_DOWN) for amount in level]
        saved = sum(whole, Decimal(0))
        if saved <= 0:
            continue
        plan[year] = whole if saved <= left else proportional(left, whole)
        left -= sum(plan[year], Decimal(0))
    return plan


def present_value(flows: Iterable[Flow], percent: Decimal, base_year: int) -> Decimal:
    """What the years' amounts are worth in the base year at an interest of `percent`, unrounded."""
    growth = 1 + percent / HUNDRED
    return sum((amount / growth ** (year - base_year) for year, amount in flows), Decimal(0))


def payback(flows: Iterable[Flow]) -> int | None:
    """The first year when all that has come in covers all that went out; none if it never does."""
    by_year: dict[int, Decimal] = {}
    for year, amount in flows:
        by_year[year] = by_year.get(year, Decimal(0)) + amount
    standing, gone_out = Decimal(0), False
    for year in sorted(by_year):
        standing += by_year[year]
        gone_out = gone_out or standing < 0
        if gone_out and standing >= 0:
            return year
    return None


def per_source(parts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """What the parts come to for each source of finance, in the order the sources are first named."""
    sums: dict[str, Decimal] = {}
    for source, amount in parts:
        sums[source] = sums.get(source, Decimal(0)) + amount
    return sums
