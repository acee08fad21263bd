"""Central grants: money for something that is no project of a nämnd, such as an evaluation that the city procures.

A controller registers what has been decided; another controller pays (four eyes). Evaluations are often procured and
paid centrally, so that they stand free of the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from fundportal import funds, ledger
from fundportal.errors import Refused
from fundportal.formatting import kronor
from fundportal.models import Account, CentralGrant, Entry, EntryKind, Event, Fund, Use, User


@dataclass(frozen=True)
class Standing:
    """A central grant and where its money stands."""

    grant: CentralGrant
    position: ledger.Position


def standings(fund: Fund) -> list[Standing]:
    """Every central grant with its money, the newest first: two questions however many there are."""
    sums: dict[int, dict[str, Decimal]] = {}
    rows = Entry.objects.filter(fund=fund, grant__isnull=False).order_by().values_list("grant", "kind")
    for pk, kind, amount in rows.annotate(sum=Sum("signed")):
        sums.setdefault(pk, {})[kind] = amount
    grants = CentralGrant.objects.filter(fund=fund).select_related("event").order_by("-number")
    return [Standing(grant, ledger.told(sums.get(grant.pk, {}))) for grant in grants]


def grant(
    fund: Fund,
    user: User,
    at: datetime,
    *,
    title: str,
    receiver: str,
    use: str,
    year: int,
    amount: Decimal,
    decision: str,
    key: UUID | None = None,
) -> Event:
    """Set money aside by a decision, without a project."""
    _refuse_amount(amount)
    if not decision.strip():
        raise Refused(_("Ange beslutet som pengarna beviljas med: vem, datum och paragraf."))
    if fund.status == Fund.Status.ENDED:
        raise Refused(_("Fonden är avslutad."))

    def body(event: Event, locked: Fund) -> None:
        last = CentralGrant.objects.filter(fund=locked).aggregate(last=Max("number"))["last"] or 0
        made = CentralGrant.objects.create(
            fund=locked,
            event=event,
            number=last + 1,
            title=title.strip()[:200],
            receiver=receiver.strip()[:200],
            use=Use(use),
            decision=decision.strip()[:200],
        )
        ledger.post(event, EntryKind.GRANTED, amount, year=year, use=use, grant=made, text=decision.strip()[:200])

    given = {
        "title": title.strip(),
        "receiver": receiver.strip(),
        "use": use,
        "year": year,
        "amount": amount,
        "decision": decision.strip(),
    }
    return funds.act("grant_centrally", fund, user, at, given, body, key=key)


def change(
    it: CentralGrant, user: User, at: datetime, *, to: Decimal, year: int, decision: str, key: UUID | None = None
) -> Event:
    """Raise or lower a grant to an amount, by a new decision. It never goes below what has been paid."""
    if not decision.strip():
        raise Refused(_("Ange beslutet om ändringen: vem, datum och paragraf."))
    if to < 0:
        raise Refused(_("Det nya beloppet kan inte vara mindre än noll."))

    def body(event: Event, locked: Fund) -> None:
        now = ledger.position(locked, grant=it)
        net = now.granted - now.released
        if to == net:
            raise Refused(
                _("%(amount)s är redan beviljat. Skriv det nya beloppet.") % {"amount": kronor(net)}, field="to"
            )
        if to < now.paid:
            raise Refused(
                _("%(paid)s är redan utbetalt. Det nya beloppet kan inte vara lägre.") % {"paid": kronor(now.paid)},
                field="to",
            )
        event_change = to - net
        kind = EntryKind.GRANTED if event_change > 0 else EntryKind.REDUCED
        ledger.post(event, kind, abs(event_change), year=year, use=it.use, grant=it, text=decision.strip()[:200])

    given = {"grant": it.number, "new_amount": to, "year": year, "decision": decision.strip()}
    return funds.act("change_central_grant", it.fund, user, at, given, body, key=key)


def pay(
    it: CentralGrant, user: User, at: datetime, *, amount: Decimal, year: int, voucher: str, key: UUID | None = None
) -> Event:
    """Pay out of a central grant. Never by the one who registered it."""
    _refuse_amount(amount)
    if it.event.by_id == user.pk:
        raise Refused(_("Du har själv registrerat beviljandet. Någon annan controller betalar ut (fyra ögon)."))
    if not voucher.strip():
        raise Refused(_("Fyll i verifikationsnumret."))

    def body(event: Event, locked: Fund) -> None:
        ledger.post(event, EntryKind.PAID, amount, year=year, use=it.use, grant=it, text=voucher.strip()[:200])

    given = {"grant": it.number, "amount": amount, "year": year, "voucher": voucher.strip()}
    return funds.act("pay_central_grant", it.fund, user, at, given, body, key=key)


def release(it: CentralGrant, user: User, at: datetime, *, reason: str, key: UUID | None = None) -> Event:
    """What is granted and will never be paid becomes available again."""
    if not reason.strip():
        raise Refused(_("Skriv varför resten inte behövs."))

    def body(event: Event, locked: Fund) -> None:
        left = ledger.balance(locked, Account.GRANTED, grant=it)
        if not left:
            raise Refused(_("Inget är kvar att frigöra."))
        newest = Entry.objects.filter(grant=it, kind=EntryKind.GRANTED).latest("id")
        ledger.post(event, EntryKind.RELEASED, left, year=newest.year, use=it.use, grant=it)

    given = {"grant": it.number, "reason": reason.strip()}
    return funds.act("release_central_grant", it.fund, user, at, given, body, key=key)


def hand_back(
    it: CentralGrant, user: User, at: datetime, *, amount: Decimal, voucher: str, key: UUID | None = None
) -> Event:
    """What was paid and not used has come back. It is no saving, and is never added to those."""
    _refuse_amount(amount)
    if not voucher.strip():
        raise Refused(_("Fyll i verifikationsnumret."))

    def body(event: Event, locked: Fund) -> None:
        ledger.post(event, EntryKind.HANDED_BACK, amount, use=it.use, grant=it, text=voucher.strip()[:200])

    given = {"grant": it.number, "amount": amount, "voucher": voucher.strip()}
    return funds.act("hand_back_central_grant", it.fund, user, at, given, body, key=key)


def _refuse_amount(amount: Decimal) -> None:
    if amount <= 0:
        raise Refused(_("Beloppet ska vara större än noll."))
