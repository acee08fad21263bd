"""The only way to the money. `post` moves it, `balance` and `position` tell where it stands."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from fundportal.errors import Refused
from fundportal.formatting import kronor
from fundportal.models import Account, Balance, Case, Entry, EntryKind, Event, Fund, Namnd
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
    text: str = "",
) -> Entry:
    """Move `amount` kronor because of `event`. Refuses to overdraw; the database holds the lock and the last word."""
    fund = event.case.fund if event.case else event.fund
    if fund is None:
        raise ValueError("An event belongs to a case or a fund.")
    way = MOVEMENTS[kind]
    try:
        with transaction.atomic():
            return Entry.objects.create(
                event=event,
                fund=fund,
                case=event.case,
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
    except IntegrityError as fault:
        if "balance_not_overdrawn" not in str(fault):
            raise
        where = event.case if way.source in (Account.GRANTED, Account.PAID) else None
        left = balance(fund, way.source, where)
        raise Refused(
            _("Pengarna räcker inte: %(left)s finns på kontot %(account)s, men %(amount)s behövs. Sänk beloppet.")
            % {"left": kronor(left), "account": way.source.label.lower(), "amount": kronor(amount)}
        ) from fault


def balance(fund: Fund, account: Account, case: Case | None = None) -> Decimal:
    """Kronor on an account now, for the whole fund or for one case."""
    row = Balance.objects.filter(fund=fund, account=account, case=case).values_list("amount", flat=True).first()
    return row if row is not None else ZERO


def total(kind: EntryKind, *, case: Case | None = None, fund: Fund | None = None, **only: object) -> Decimal:
    """The sum of all entries of a kind, in a case or a fund."""
    entries = Entry.objects.filter(kind=kind, **only)
    if case is not None:
        entries = entries.filter(case=case)
    if fund is not None:
        entries = entries.filter(fund=fund)
    booked: Decimal | None = entries.aggregate(sum=Sum("amount"))["sum"]
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


def position(fund: Fund, case: Case | None = None) -> Position:
    """Where the money stands, recomputed from the entries in one question."""
    entries = Entry.objects.filter(fund=fund)
    if case is not None:
        entries = entries.filter(case=case)
    sums: dict[str, Decimal] = dict(entries.order_by().values_list("kind").annotate(sum=Sum("amount")))

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
