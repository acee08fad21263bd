"""Who pays: the fund's part of the cost, and the limits that a round may set for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Split:
    """A cost and what others pay of it, in kronor; the shares are per cent with one decimal."""

    total: Decimal
    others: Decimal

    @property
    def own(self) -> Decimal:
        """What is left to pay."""
        return self.total - self.others

    @property
    def others_share(self) -> Decimal:
        """The others' part of the whole."""
        return _share(self.others, self.total)

    @property
    def own_share(self) -> Decimal:
        """What is left, as a part of the whole."""
        return _share(self.own, self.total)


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return (part * 100 / whole).quantize(TENTH, ROUND_HALF_UP) if whole else Decimal(0)


def split(requested: Decimal, others: Iterable[Decimal]) -> Split:
    """The cost when the fund pays `requested` and others the rest."""
    rest = sum(others, Decimal(0))
    return Split(requested + rest, rest)


@dataclass(frozen=True)
class Limits:
    """What a round allows at most; None where it sets no limit. Other regions' funds have them."""

    per_year: Decimal | None = None
    share: Decimal | None = None
    years: int | None = None
    total: Decimal | None = None


@dataclass(frozen=True)
class Beyond:
    """A limit that is passed: which one, in which year if any, what it is and what was asked for."""

    what: str
    year: int | None
    most: Decimal
    asked: Decimal


def beyond(requested: Mapping[int, Decimal], others: Decimal, limits: Limits) -> list[Beyond]:
    """Every limit that the request passes: kronor by year asked of the fund, and what others pay of the whole cost."""
    found = []
    asked_years = [year for year, amount in sorted(requested.items()) if amount]
    if limits.per_year is not None:
        found += [
            Beyond("per_year", year, limits.per_year, requested[year])
            for year in asked_years
            if requested[year] > limits.per_year
        ]
    asked = sum(requested.values(), Decimal(0))
    cost = asked + others
    if limits.total is not None and asked > limits.total:
        found.append(Beyond("total", None, limits.total, asked))
    if limits.share is not None and asked * 100 > limits.share * cost:
        found.append(Beyond("share", None, limits.share, _share(asked, cost)))
    if limits.years is not None and len(asked_years) > limits.years:
        found.append(Beyond("years", asked_years[limits.years], Decimal(limits.years), Decimal(len(asked_years))))
    return found
