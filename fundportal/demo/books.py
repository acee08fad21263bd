"""The demo fund's own affairs: its rules, a central grant, an earlier fund that has ended, and its books of last year."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from fundportal import books, central, funds, ledger
from fundportal.demo.cast import Cast
from fundportal.models import Fund, Round, User

RULES: dict[str, Any] = {
    "repayment_model": Fund.RepaymentModel.FULL,
    "repayment_share": Decimal(100),
    "capped": True,
    "discount_rate": Decimal(3),
    "price_year": None,
    "max_years": 4,
    "max_amount": None,
    "max_yearly": None,
    "max_share": None,
    "min_evaluation_share": Decimal(10),
    "small_number": 5,
    "council_quorum": 3,
}


def at(year: int, month: int, day: int) -> datetime:
    """Ten in the morning of a day."""
    return timezone.make_aware(datetime.combine(date(year, month, day), time(10)))


def begin(fund: Fund, controller: User, begun: datetime) -> None:
    """The rules that kommunfullmäktige set with the fund (invented), and the fund that was before it."""
    funds.set_rules(
        fund,
        controller,
        begun,
        valid_from=timezone.localdate(begun),
        decision="KF 2015-06-15 § 8, riktlinjer (påhittat)",
        **RULES,
    )
    pilot = Fund.objects.create(name="Försöksfonden 2012–2014")
    money: dict[str, Any] = {
        "amount": Decimal(5_000_000),
        "bokslut_year": 2011,
        "decision": "KF 2012-05-21 § 14 (påhittat)",
    }
    funds.reserve(pilot, controller, at(2012, 5, 28), **money)
    back: dict[str, Any] = {
        "amount": Decimal(5_000_000),
        "bokslut_year": 2014,
        "decision": "KF 2015-06-15 § 7 (påhittat)",
    }
    for status in (Fund.Status.WINDING, Fund.Status.ENDED):
        if status == Fund.Status.ENDED:
            funds.dissolve(pilot, controller, at(2015, 6, 16), **back)
        funds.set_status(
            pilot, controller, at(2015, 6, 17), status=status, decision="KF 2015-06-15 § 7: uppgick i den nya fonden"
        )


def begin_small(controller: User, now: datetime) -> Round:
    """A small fund beside the large one, with Gävleborg's limits: half of the cost, 500 tkr a year, three years."""
    begun = now - timedelta(days=600)
    today, day = timezone.localdate(now), timezone.localdate(begun)
    fund = Fund.objects.create(name="Fonden för små satsningar (påhittad)")
    decision = f"KF {day.isoformat()} § 19 (påhittat)"
    year = day.year - 1
    funds.reserve(fund, controller, begun, amount=Decimal(10_000_000), bokslut_year=year, decision=decision)
    limits = {"max_years": 3, "max_yearly": Decimal(500_000), "max_share": Decimal(50)}
    funds.set_rules(fund, controller, begun, valid_from=day, decision=decision, **RULES | limits)
    return Round.objects.create(
        fund=fund,
        name=f"Små satsningar {today.year}",
        opens_on=today - timedelta(days=400),
        closes_on=today - timedelta(days=60),
    )


def keep(cast: Cast, now: datetime) -> None:
    """A procured evaluation, the reconciliation of last year's delår and helår, and its lock."""
    fund = Fund.objects.order_by("pk")[0]
    first, second = cast.one("controller"), cast.one("controller", nth=1)
    year = timezone.localdate(now).year
    granted = central.grant(
        fund,
        first,
        at(year - 2, 3, 12),
        title="Upphandlad utvärdering av fondens tre första projekt (påhittad)",
        receiver="Södra lärosätet (påhittat)",
        use="evaluate",
        year=year - 2,
        amount=Decimal(1_800_000),
        decision="Stadsdirektören § 21 (påhittat)",
    ).central_grant
    central.pay(granted, second, at(year - 2, 11, 4), amount=Decimal(900_000), year=year - 2, voucher="V 20417")
    central.change(
        granted,
        first,
        at(year - 1, 2, 10),
        to=Decimal(2_100_000),
        year=year - 1,
        decision="Stadsdirektören § 9 (påhittat)",
    )
    central.pay(granted, second, at(year - 1, 10, 20), amount=Decimal(700_000), year=year - 1, voucher="V 20931")
    for day, done in ((date(year - 1, 8, 31), at(year - 1, 9, 17)), (date(year - 1, 12, 31), at(year, 2, 4))):
        if done <= now:
            booked = ledger.position(fund, on=day).booked
            odd = day.month == 8
            books.reconcile(
                fund,
                first,
                done,
                on=day,
                accounting=booked - 120_000 if odd else booked,
                explanation="Återföringen från Bromma bokades i redovisningen först i september." if odd else "",
            )
    if at(year, 2, 11) <= now and not books.not_lockable(fund, second, year - 1):
        books.lock_year(fund, second, at(year, 2, 11), year=year - 1)
