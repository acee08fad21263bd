"""Acts at each bokslut: reconcile a row of the plan, and end the repayment."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import documents, ledger
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import kronor
from fundportal.models import Case, EntryKind, Event
from repayment.actions import papers
from repayment.actions.plan import due_after, given, refuse
from repayment.models import PlanRow, Reconciliation, Standing, standing
from repayment.needs import namnd_is_there


@action
def reconcile_year(
    event: Event,
    *,
    row: PlanRow,
    realised: Decimal,
    surplus: Decimal,
    repaid: Decimal,
    voucher: str = "",
    cause: str = "",
    reason: str = "",
    deviation_decision: str = "",
    forecast_t1: Decimal | None = None,
    forecast_t2: Decimal | None = None,
) -> None:
    """Reconcile a board's bokslut with its row of the plan; what comes back is booked in the fund."""
    case = cast(Case, event.case)
    now = standing(case)
    refuse(
        _row_faults(event, now, row)
        + _money_faults(now, surplus, repaid, voucher, deviation_decision)
        + _deviation_faults(row, repaid, cause, reason)
    )
    if repaid:
        text = _("Bokslut %(year)d, verifikation %(voucher)s") % {"year": row.year, "voucher": voucher}
        ledger.post(event, EntryKind.REPAID, repaid, year=row.year, namnd=row.namnd, text=text)
    deviates = repaid != row.amount
    came = Reconciliation.objects.create(
        row=row,
        event=event,
        realised=realised,
        surplus=surplus,
        repaid=repaid,
        voucher=voucher,
        cause=cause if deviates else "",
        reason=reason if deviates else "",
        deviation_decision=deviation_decision,
        forecast_t1=forecast_t1,
        forecast_t2=forecast_t2,
    )
    after = standing(case)
    title = _("Bokslutsavstämning %(year)d, %(namnd)s") % {"year": row.year, "namnd": row.namnd.short}
    documents.freeze(event, "reconciliation", title, papers.reconciliation(after, came))
    case.due_on = due_after(given(after.open_rows))
    case.save(update_fields=["due_on"])


@action
def complete_repayment(event: Event) -> None:
    """End the repayment, when nothing remains."""


def _row_faults(event: Event, now: Standing, row: PlanRow) -> list[str]:
    if row.pk not in {open_row.pk for open_row in now.open_rows}:
        raise Refused(_("Raden är redan avstämd eller ersatt av en ny planversion. Välj en öppen rad."))
    wrong = []
    if timezone.localdate(event.at).year <= row.year:
        wrong.append(_("Bokslutet för %(year)d kan stämmas av när året är slut.") % {"year": row.year})
    if blocked := namnd_is_there(row):
        wrong.append(blocked)
    return wrong


def _money_faults(now: Standing, surplus: Decimal, repaid: Decimal, voucher: str, decision: str) -> list[str]:
    words = {"repaid": kronor(repaid), "surplus": kronor(surplus), "remaining": kronor(now.remaining)}
    wrong = []
    if repaid < 0:
        wrong.append(_("Återfört belopp kan inte vara mindre än 0 kr."))
    if repaid > now.remaining:
        wrong.append(_("%(repaid)s är mer än de %(remaining)s som återstår att återföra. Sänk beloppet.") % words)
    if repaid > 0 and repaid > surplus and not decision:
        wrong.append(
            _(
                "%(repaid)s är mer än nämndens överskott vid bokslut, %(surplus)s. "
                "Sänk beloppet eller ange beslutet om avvikelse."
            )
            % words
        )
    if repaid > 0 and not voucher:
        wrong.append(_("Ange verifikationsnumret för det återförda beloppet."))
    return wrong


def _deviation_faults(row: PlanRow, repaid: Decimal, cause: str, reason: str) -> list[str]:
    if repaid == row.amount or (cause and reason):
        return []
    words = {"repaid": kronor(repaid), "planned": kronor(row.amount)}
    return [_("%(repaid)s återförs, men %(planned)s var planerat. Ange orsak och förklara avvikelsen.") % words]
