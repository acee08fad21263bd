"""What was booked wrong in a project: a payment, that waits to be paid again, or the unspent money handed back."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from django.utils.translation import gettext as _

from applications.actions import money
from applications.models import Investment, Requisition
from fundportal import ledger
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import Case, Entry, EntryKind, Event
from fundportal.rights import did

LEAST = 10


@action
def correct_payment(event: Event, *, requisition: Requisition, reason: str) -> None:
    """Take back what was booked for a requisition, by another than the one who booked it (four eyes).

    The correction is an entry of today that names the wrong one; the approved requisition is to be booked again.
    """
    case = cast(Case, event.case)
    paid = Requisition.objects.filter(case=case, pk=requisition.pk, status=Requisition.Status.PAID)
    asked = paid.select_related("handled").first()
    if asked is None or asked.handled is None:
        raise Refused(_("Rekvisitionen är inte utbetald. Läs om sidan."))
    if did(event, asked.handled):
        raise Refused(_("Du har själv bokfört utbetalningen. Någon annan controller rättar den (fyra ögon)."))
    if len(reason.strip()) < LEAST:
        raise Refused(_("Skriv vad som var fel, med minst tio tecken."))
    wrong = Entry.objects.get(event=asked.handled, kind=EntryKind.PAID, reverses=None)
    ledger.reverse(event, wrong, text=reason.strip()[:200])
    asked.status, asked.handled, asked.paid = Requisition.Status.APPROVED, None, Decimal(0)
    asked.voucher, asked.booked_on = "", None
    asked.save()


@action
def correct_hand_back(event: Event, *, handed_back: Decimal, reason: str, voucher: str = "") -> None:
    """Put right how much unspent money the project handed back when its investment phase ended (four eyes).

    What was booked is mirrored and the right amount booked, both today. What is to be repaid follows the right amount,
    so it is done before the plan is decided. Nothing of this is a saving.
    """
    case = cast(Case, event.case)
    investment = Investment.objects.get(case=case)
    if len(reason.strip()) < LEAST:
        raise Refused(_("Skriv vad som var fel, med minst tio tecken."))
    if (handed_back, voucher.strip()) == (investment.handed_back, investment.voucher):
        raise Refused(_("Uppgifterna är desamma som är bokförda. Ändra det som var fel."))
    standing = Entry.objects.filter(case=case, kind=EntryKind.HANDED_BACK, reverses=None, reversed_by=None)
    namnd = case.owner
    for wrong in standing.select_related("namnd"):
        namnd = wrong.namnd or namnd
        ledger.reverse(event, wrong, text=reason.strip()[:200])
    money.hand_back(event, handed_back, voucher.strip(), namnd)
    investment.handed_back, investment.voucher = handed_back, voucher.strip()
    investment.save(update_fields=["handed_back", "voucher"])
