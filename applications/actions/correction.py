"""A payment that was booked wrong is mirrored in the ledger, and its requisition waits to be paid again."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from django.utils.translation import gettext as _

from applications.actions.requisitions import did
from applications.models import Requisition
from fundportal import ledger
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import Case, Entry, EntryKind, Event

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
