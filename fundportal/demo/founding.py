"""The invented fund: its money, its rounds, the director's delegation, and the key that budgets are spread by."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from fundportal import funds
from fundportal.demo import books
from fundportal.demo.cast import Cast
from fundportal.demo.walk_money import KEY
from fundportal.models import Delegation, Fund, Round
from repayment.models import DistributionKey, KeyWeight

WEIGHTS = {
    "BRO": 7,
    "EAV": 12,
    "FAR": 8,
    "HGA": 10,
    "HAV": 11,
    "JAR": 21,
    "KUN": 5,
    "NIN": 8,
    "SKN": 6,
    "SKH": 7,
    "SOD": 5,
}
"""The fictitious key of the acceptance cases, in per cent."""


class Rounds(NamedTuple):
    """The rounds that cases come in by."""

    earlier: Round
    current: Round
    small: Round


def found(cast: Cast, now: datetime) -> Rounds:
    """A fund of 300 mnkr with its first reservation, an earlier round and the open one, a small fund, and the key."""
    fund = Fund.objects.create(name="Sociala investeringsfonden")
    director, controller = cast.one("director"), cast.one("controller")
    Delegation.objects.create(
        holder=director,
        point="KS delegationsordning 3.2 (påhittad)",
        limit=Decimal(2_000_000),
        valid_from=date(2016, 1, 1),
    )
    begun = timezone.make_aware(datetime.combine(date(2015, 6, 15), time(10)))
    funds.reserve(
        fund, controller, begun, amount=Decimal(300_000_000), bokslut_year=2014, decision="KF 2015-06-15 § 8 (påhittat)"
    )
    today = timezone.localdate(now)
    earlier = Round.objects.create(
        fund=fund, name="Omgång 1", opens_on=date(2016, 2, 15), closes_on=date(today.year - 1, 12, 31)
    )
    current = Round.objects.create(
        fund=fund,
        name=f"Omgång 2, {today.year}",
        opens_on=today - timedelta(days=400),
        closes_on=today + timedelta(days=38),
    )
    books.begin(fund, controller, begun)
    key = DistributionKey.objects.create(
        name=KEY, dated=date(2024, 1, 1), source="Påhittad för demonstrationen", added_by=controller, added_at=begun
    )
    KeyWeight.objects.bulk_create(
        KeyWeight(key=key, namnd=cast.boards[code], weight=Decimal(weight)) for code, weight in WEIGHTS.items()
    )
    return Rounds(earlier, current, books.begin_small(controller, now))
