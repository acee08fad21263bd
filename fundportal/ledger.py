"""The only way to the money: `post` moves it, `reverse` corrects, `balance` and `position` tell where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal.errors import Refused
from fundportal.formatting import kronor
from fundportal.models import (
    Account,
    Balance,
    Case,
    CentralGrant,
    Entry,
    EntryKind,
    Event,
    Fund,
    Namnd,
    PeriodLock,
    Turnover,
)
from fundportal.models.ledger import MOVEMENTS

ZERO = Decimal(0)


def post(
    event: Event,
    kind: EntryKind,
    amount: Decimal,
    *,
    year: int | None = None,
    use: str = "",
    namnd: Namnd | None = None,
    grant: CentralGrant | None = None,
    text: str = "",
) -> Entry:
    """Move `amount` kronor because of `event`. Refuses to overdraw; the database holds the lock and the last word."""
    fund = event.case.fund if event.case else event.fund
    if fund is None:
        raise ValueError("An event belongs to a case or a fund.")
    way = MOVEMENTS[kind]
    return _write(
        Entry(
            event=event,
            fund=fund,
            case=event.case,
            grant=grant,
            kind=kind,
            source=way.source,
            target=way.target,
            amount=amount,
            at=event.at,
            year=year,
            use=use,
            namnd=namnd,
            text=text,
        )
    )


def reverse(event: Event, wrong: Entry, text: str = "") -> Entry:
    """Mirror an entry that was wrong, by an entry of today that names it. Nothing is ever removed.

    Refuses what is already corrected, what is itself a correction, and what would overdraw an account.
    """
    if wrong.reverses_id is not None:
        raise Refused(_("Posten är själv en rättelse. Registrera i stället det rätta på nytt."))
    if Entry.objects.filter(reverses=wrong).exists():
        raise Refused(_("Posten är redan rättad."))
    mirror = {
        name: getattr(wrong, name) for name in ("fund", "case", "grant", "kind", "amount", "year", "use", "namnd")
    }
    return _write(
        Entry(event=event, source=wrong.target, target=wrong.source, reverses=wrong, at=event.at, text=text, **mirror)
    )


def _write(entry: Entry) -> Entry:
    """Book an entry; what the database refuses is told in words."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as fault:
        if "entry_in_an_open_year" in str(fault) or "are locked" in str(fault):
            raise Refused(
                _("Böckerna för %(year)d är låsta. Gör en ny registrering i år i stället.")
                % {"year": timezone.localdate(entry.at).year}
            ) from fault
        if "balance_not_overdrawn" not in str(fault):
            raise
        raise Refused(_short_of_money(entry)) from fault
    entry.refresh_from_db(fields=["booked_on", "signed"])
    return entry


def _short_of_money(entry: Entry) -> str:
    """Which account lacks what: the one the money leaves, of the fund or of the project."""
    account = Account(entry.source)
    own = account in (Account.GRANTED, Account.PAID)
    left = balance(entry.fund, account, entry.case if own else None, entry.grant if own else None)
    return _("Pengarna räcker inte: %(left)s finns på kontot %(account)s, men %(amount)s behövs. Sänk beloppet.") % {
        "left": kronor(left),
        "account": str(account.label).lower(),
        "amount": kronor(entry.amount),
    }


def balance(fund: Fund, account: Account, case: Case | None = None, grant: CentralGrant | None = None) -> Decimal:
    """Kronor on an account now, for the whole fund, for one case or for one central grant."""
    rows = Balance.objects.filter(fund=fund, account=account, case=case, grant=grant)
    row = rows.values_list("amount", flat=True).first()
    return row if row is not None else ZERO


def total(kind: EntryKind, *, case: Case | None = None, fund: Fund | None = None, **only: object) -> Decimal:
    """The sum of all entries of a kind in a case or a fund, corrections counted off."""
    entries = Entry.objects.filter(kind=kind, **only)
    if case is not None:
        entries = entries.filter(case=case)
    if fund is not None:
        entries = entries.filter(fund=fund)
    booked: Decimal | None = entries.aggregate(sum=Sum("signed"))["sum"]
    return booked or ZERO


@dataclass(frozen=True)
class Position:
    """The fund's (or a case's) figures by the letters of the city's formulas, in kronor."""

    reserved: Decimal
    granted: Decimal
    paid: Decimal
    released: Decimal
    handed_back: Decimal
    repaid: Decimal

    @property
    def available(self) -> Decimal:
        """D, disponibelt: R − B + Lo + Lu + A."""
        return self.reserved - self.granted + self.released + self.handed_back + self.repaid

    @property
    def booked(self) -> Decimal:
        """S, bokfört saldo: R − U + Lu + A."""
        return self.reserved - self.paid + self.handed_back + self.repaid

    @property
    def earmarked(self) -> Decimal:
        """K, intecknat: B − Lo − U."""
        return self.granted - self.released - self.paid

    @property
    def net_granted(self) -> Decimal:
        """What the project has cost the fund when all unspent money is handed back: B − Lo − Lu."""
        return self.granted - self.released - self.handed_back


def position(
    fund: Fund, case: Case | None = None, *, grant: CentralGrant | None = None, on: date | None = None
) -> Position:
    """Where the money stands now, or stood when the day `on` was over.

    For the whole fund it is read from the sums of months, so it costs the same however many entries there are.
    """
    if case is not None or grant is not None:
        entries = Entry.objects.filter(fund=fund, case=case, grant=grant)
        return told(_by_kind(entries if on is None else entries.filter(booked_on__lte=on), "signed"))
    months = Turnover.objects.filter(fund=fund)
    if on is None:
        return told(_by_kind(months, "amount"))
    first = on.replace(day=1)
    sums = _by_kind(months.filter(month__lt=first), "amount")
    rest = _by_kind(Entry.objects.filter(fund=fund, booked_on__gte=first, booked_on__lte=on), "signed")
    return told({kind: sums.get(kind, ZERO) + rest.get(kind, ZERO) for kind in {*sums, *rest}})


def _by_kind(rows: QuerySet[Any], amount: str) -> dict[str, Decimal]:
    return dict(rows.order_by().values_list("kind").annotate(sum=Sum(amount)))


def told(sums: Mapping[str, Decimal]) -> Position:
    """The position that sums by kind of entry make."""

    def of(kind: EntryKind) -> Decimal:
        return sums.get(kind, ZERO)

    return Position(
        reserved=of(EntryKind.RESERVED) - of(EntryKind.DISSOLVED),
        granted=of(EntryKind.GRANTED) - of(EntryKind.REDUCED),
        paid=of(EntryKind.PAID),
        released=of(EntryKind.RELEASED),
        handed_back=of(EntryKind.HANDED_BACK),
        repaid=of(EntryKind.REPAID),
    )


def by_month(fund: Fund) -> list[tuple[date, Mapping[str, Decimal]]]:
    """(first day of the month, sums by kind) of every month in which something was booked, oldest first."""
    months: dict[date, dict[str, Decimal]] = {}
    rows = Turnover.objects.filter(fund=fund).order_by("month").values_list("month", "kind")
    for month, kind, amount in rows.annotate(sum=Sum("amount")):
        months.setdefault(month, {})[kind] = amount
    return list(months.items())


def by_year(fund: Fund) -> dict[tuple[int, str], Decimal]:
    """Sums by the year that entries concern (0: none) and their kind."""
    rows = Turnover.objects.filter(fund=fund).order_by().values_list("year", "kind").annotate(sum=Sum("amount"))
    return {(year, kind): amount for year, kind, amount in rows}


def locked_until(fund: Fund) -> int | None:
    """The last year whose books are closed; those before it are closed with it. None when no year is."""
    return PeriodLock.objects.filter(fund=fund).order_by("-year").values_list("year", flat=True).first()
