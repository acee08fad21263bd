"""What kommunfullmäktige decides about the fund's money: events in the fund's own chain, with their entries."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import flow, ledger
from fundportal.errors import Refused
from fundportal.models import Case, EntryKind, Event, Fund, User
from fundportal.process import Step

LABELS: dict[str, StrOrPromise] = {
    "reserve": gettext_lazy("Registrera reservering"),
    "dissolve": gettext_lazy("Registrera upplösning av reserv"),
}


def reserve(
    fund: Fund, user: User, at: datetime, *, amount: Decimal, bokslut_year: int, decision: str, key: UUID | None = None
) -> Event:
    """Kommunfullmäktige has earmarked equity for the fund in a bokslut: it may now be applied for."""
    return _move("reserve", EntryKind.RESERVED, fund, user, at, amount, bokslut_year, decision, key)


def dissolve(
    fund: Fund, user: User, at: datetime, *, amount: Decimal, bokslut_year: int, decision: str, key: UUID | None = None
) -> Event:
    """Kommunfullmäktige has taken money back to equity; never more than is available."""
    return _move("dissolve", EntryKind.DISSOLVED, fund, user, at, amount, bokslut_year, decision, key)


@transaction.atomic
def _move(
    name: str,
    kind: EntryKind,
    fund: Fund,
    user: User,
    at: datetime,
    amount: Decimal,
    bokslut_year: int,
    decision: str,
    key: UUID | None,
) -> Event:
    locked = Fund.objects.select_for_update().get(pk=fund.pk)
    if key and (done := Event.objects.filter(key=key, fund=locked, by=user, action=name).first()):
        return done
    if amount <= 0:
        raise Refused(_("Beloppet ska vara större än noll."))
    if not decision.strip():
        raise Refused(_("Ange kommunfullmäktiges beslut: paragraf och datum."))
    given = {"amount": amount, "bokslut_year": bokslut_year, "decision": decision.strip()}
    event = flow.record_fund(name, locked, user, at, given, key=key)
    ledger.post(event, kind, amount, year=bokslut_year, text=decision.strip()[:200])
    return event


def applied_for(fund: Fund) -> Decimal:
    """Kronor asked for in applications that are being prepared: one figure of the fund, which names no case."""
    under_way = Case.objects.filter(fund=fund, step__in=(Step.PREPARATION, Step.DECISION, Step.BOARD))
    asked: Decimal | None = under_way.aggregate(sum=Sum("requested"))["sum"]
    return asked or Decimal(0)
