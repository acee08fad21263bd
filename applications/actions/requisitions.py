"""A nämnd asks for money, one person approves and another books: three people, and never more than was granted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import cast

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Requisition
from applications.models.investment import per_board
from applications.sheets.money import boards
from fundportal import ledger
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import kronor
from fundportal.models import Case, EntryKind, Event, Namnd, Upload, Use, User
from fundportal.process import Role
from fundportal.rights import did

ZERO = Decimal(0)


@action
def requisition(
    event: Event,
    *,
    year: int,
    use: str,
    namnd: Namnd,
    amount: Decimal,
    purpose: str,
    attachments: list[Upload] | None = None,
) -> None:
    """A nämnd asks for money, of what it is granted for the year and the use and has not asked for before."""
    case, asker = cast(Case, event.case), cast(User, event.by)
    if namnd.pk not in {board.pk for board in boards(case)}:
        raise Refused(_("Pengar kan bara gå till projektägaren eller en partner som har tackat ja."))
    if Role.APPLICANT not in asker.grants.on_namnd.get(namnd.pk, set()):
        raise Refused(_("Du kan bara rekvirera för en nämnd där du är sökande."))
    if amount <= 0:
        raise Refused(_("Beloppet ska vara större än noll."))
    key = (year, use, namnd.pk)
    free = next((line.free for line in per_board(case) if (line.year, line.use, line.namnd) == key), ZERO)
    if amount > free:
        raise Refused(
            _(
                "För %(use)s %(year)s har %(namnd)s %(free)s kvar, inte %(amount)s. "
                "Sänk beloppet eller begär en ändring."
            )
            % {
                "use": str(Use(use).label).lower(),
                "year": year,
                "namnd": namnd.name,
                "free": kronor(max(free, ZERO)),
                "amount": kronor(amount),
            }
        )
    last = Requisition.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    Requisition.objects.create(
        case=case,
        event=event,
        number=last + 1,
        year=year,
        use=use,
        namnd=namnd,
        amount=amount,
        purpose=purpose,
        by=asker,
    )


@action
def approve_requisition(
    event: Event, *, requisition: Requisition, approves: bool = True, amount: Decimal | None = None, reason: str = ""
) -> None:
    """A controller or officer approves what was asked for, or less with a reason, or refuses with a reason."""
    asked = _standing(event, requisition, Requisition.Status.AWAITING)
    said = reason.strip()
    if not approves:
        _refuse(event, asked, said)
        return
    approved = asked.amount if amount is None else amount
    if not 0 < approved <= asked.amount:
        raise Refused(_("Godkänn minst 1 kr och högst det rekvirerade, %(asked)s.") % {"asked": kronor(asked.amount)})
    if approved < asked.amount and not said:
        raise Refused(_("Skriv varför inte hela beloppet godkänns."))
    asked.status, asked.approved, asked.approved_amount = Requisition.Status.APPROVED, event, approved
    asked.reason = said
    asked.save()


@action
def pay(
    event: Event,
    *,
    requisition: Requisition,
    pays: bool = True,
    amount: Decimal | None = None,
    voucher: str = "",
    booked_on: date | None = None,
    reason: str = "",
) -> None:
    """A controller books what another has approved, or less, or refuses with a reason. The rest may be asked for again.

    What is booked by hand and what is read from the accounting system is booked here, one way.
    """
    asked = _standing(event, requisition, Requisition.Status.APPROVED)
    if asked.approved and did(event, asked.approved):
        raise Refused(_("Du har själv godkänt rekvisitionen. Någon annan controller bokför den (fyra ögon)."))
    if not pays:
        _refuse(event, asked, reason.strip())
        return
    paid = asked.approved_amount if amount is None else amount
    _refuse_wrong_payment(event, asked, paid, voucher, booked_on)
    asked.status, asked.handled, asked.paid = Requisition.Status.PAID, event, paid
    asked.voucher, asked.booked_on = voucher.strip(), booked_on
    asked.reason = reason.strip() or asked.reason
    asked.save()
    ledger.post(
        event, EntryKind.PAID, paid, year=asked.year, use=asked.use, namnd=asked.namnd, text=asked.voucher[:200]
    )


def _standing(event: Event, requisition: Requisition, status: str) -> Requisition:
    found = Requisition.objects.filter(case=event.case, pk=requisition.pk, status=status)
    asked = found.select_related("namnd", "approved").first()
    if asked is None:
        raise Refused(_("Rekvisitionen är redan hanterad. Läs om sidan."))
    return asked


def _refuse(event: Event, asked: Requisition, reason: str) -> None:
    if not reason:
        raise Refused(_("Skriv varför rekvisitionen avslås."))
    asked.status, asked.handled, asked.reason = Requisition.Status.REFUSED, event, reason
    asked.save()


def _refuse_wrong_payment(
    event: Event, asked: Requisition, paid: Decimal, voucher: str, booked_on: date | None
) -> None:
    if not 0 < paid <= asked.approved_amount:
        raise Refused(
            _("Betala ut minst 1 kr och högst det godkända, %(approved)s.")
            % {"approved": kronor(asked.approved_amount)}
        )
    if not voucher.strip() or booked_on is None:
        raise Refused(_("Fyll i verifikationsnummer och bokföringsdag."))
    if booked_on > timezone.localdate(event.at):
        raise Refused(_("Bokföringsdagen kan inte ligga framåt i tiden."))
