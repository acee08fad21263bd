"""Rows of money as acts take them, post them and write them in papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import planning
from applications.models import Change, Investment, Requisition
from applications.models.investment import OPEN, unpaid
from applications.sheets.money import boards
from fundportal import ledger
from fundportal.errors import Refused
from fundportal.formatting import kronor
from fundportal.models import Account, Case, EntryKind, Event, Namnd, Use

ZERO = Decimal(0)


@dataclass(frozen=True)
class Row:
    """Kronor for a year, a use and a nämnd."""

    year: int
    use: str
    namnd: Namnd
    amount: Decimal


def read(case: Case, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The rows an act was given: `{"year", "use", "namnd", "amount"}`, nämnd as itself or its id."""
    known = {namnd.pk: namnd for namnd in boards(case)}
    read: dict[tuple[int, str, int], Row] = {}
    for row in rows:
        namnd = known.get(row["namnd"].pk if isinstance(row["namnd"], Namnd) else int(row["namnd"]))
        if namnd is None:
            raise Refused(_("Pengar kan bara gå till projektägaren eller en partner som har tackat ja."))
        key = (int(row["year"]), Use(row["use"]).value, namnd.pk)
        if key in read:
            raise Refused(_("Samma år, användning och nämnd står på flera rader. Slå ihop dem till en rad."))
        read[key] = Row(*key[:2], namnd, Decimal(row["amount"]))
    return list(read.values())


def total(rows: Iterable[Row]) -> Decimal:
    """The sum of rows."""
    return sum((row.amount for row in rows), ZERO)


def table(rows: Sequence[Row]) -> dict[str, Any]:
    """Rows as a table of a paper, with their sum last."""
    lines = [[str(row.year), str(Use(row.use).label), row.namnd.name, kronor(row.amount)] for row in rows]
    return {
        "columns": [_("År"), _("Användning"), _("Nämnd"), _("Belopp")],
        "rows": lines,
        "foot": [_("Summa"), "", "", kronor(total(rows))],
    }


def grant(event: Event, rows: Sequence[Row]) -> None:
    """Set the money aside for the project, so that no one else can be granted it; the investment phase begins."""
    for row in rows:
        ledger.post(event, EntryKind.GRANTED, row.amount, year=row.year, use=row.use, namnd=row.namnd)
    planning.follow_grant(event)
    Investment.objects.create(case=cast(Case, event.case), event=event, begun_on=timezone.localdate(event.at))


def settle_accounts(event: Event, *, handed_back: Decimal, voucher: str, namnd: Namnd | None) -> Investment:
    """Account for the project's money: what was never paid is released, what was paid and not used is handed back."""
    case = cast(Case, event.case)
    released = _release(event, case)
    hand_back(event, handed_back, voucher, namnd or case.owner)
    investment, _made = Investment.objects.get_or_create(
        case=case, defaults={"event": event, "begun_on": timezone.localdate(event.at)}
    )
    investment.ended_on = investment.ended_on or timezone.localdate(event.at)
    investment.released += released
    investment.handed_back += handed_back
    investment.voucher = voucher or investment.voucher
    investment.save()
    return investment


def hand_back(event: Event, handed_back: Decimal, voucher: str, namnd: Namnd) -> None:
    """Book what was paid and not used, never more than was paid."""
    _refuse_wrong_hand_back(cast(Case, event.case), handed_back, voucher)
    if handed_back:
        year = timezone.localdate(event.at).year
        ledger.post(event, EntryKind.HANDED_BACK, handed_back, year=year, namnd=namnd, text=voucher)


def _refuse_wrong_hand_back(case: Case, handed_back: Decimal, voucher: str) -> None:
    if handed_back < 0:
        raise Refused(_("Återlämnat belopp kan inte vara negativt."))
    if handed_back and not voucher.strip():
        raise Refused(_("Fyll i verifikationsnumret för det belopp som återlämnas."))
    paid = ledger.balance(case.fund, Account.PAID, case)
    if handed_back > paid:
        raise Refused(
            _("Högst %(paid)s kan återlämnas, eftersom det är vad som är utbetalt och inte redan återlämnat.")
            % {"paid": kronor(paid)},
            field="handed_back",
        )


def _release(event: Event, case: Case) -> Decimal:
    """Release what is left of each year and use; a nämnd that drew on another's row leaves that much less there."""
    left = unpaid(case)
    names = {namnd.pk: namnd for namnd in Namnd.objects.filter(pk__in={pk for _year, _use, pk in left})}
    rest: dict[tuple[int, str], Decimal] = {}
    for (year, use, _namnd), amount in left.items():
        rest[year, use] = rest.get((year, use), ZERO) + amount
    released = ZERO
    for (year, use, pk), amount in left.items():
        release = min(amount, rest[year, use])
        if release <= 0:
            continue
        ledger.post(event, EntryKind.RELEASED, release, year=year, use=use, namnd=names[pk])
        rest[year, use] -= release
        released += release
    return released


def drop_what_waits(event: Event, reason: str) -> None:
    """A project that is broken off leaves no question open: what waits for money or for a decision is refused."""
    case = cast(Case, event.case)
    Requisition.objects.filter(case=case, status__in=OPEN).update(
        status=Requisition.Status.REFUSED, handled=event, reason=reason
    )
    Change.objects.filter(case=case, status=Change.Status.AWAITING).update(
        status=Change.Status.REFUSED, decided=event, decision_reasons=reason
    )
