"""Acts at each bokslut: reconcile a row of the plan, and end the repayment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import documents, ledger
from fundportal.errors import About, Refused
from fundportal.flow import action
from fundportal.formatting import kronor
from fundportal.models import Case, Entry, EntryKind, Event, User
from fundportal.process import Role
from fundportal.rights import did
from repayment.actions import papers
from repayment.actions.plan import ZERO, Row, due_after, given, propose_version, refuse
from repayment.models import Forecast, PlanRow, Reconciliation, Standing, Tertial, standing
from repayment.models.plan import Spread
from repayment.needs import namnd_is_there
from repayment.sums import on_the_last, proportional

LEAST = 10


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
    spread: str = "",
    rows: Sequence[Row] = (),
) -> None:
    """Reconcile a board's bokslut with its row of the plan; what comes back is booked in the fund.

    With `spread` the next version of the plan is proposed in the same step; the director decides it.
    """
    case = cast(Case, event.case)
    now = standing(case)
    refuse(
        _row_faults(event, now, row)
        + _money_faults(now, row, surplus, repaid, voucher, deviation_decision)
        + _deviation_faults(row, repaid, cause, reason)
    )
    came = _booked(
        Reconciliation(
            row=row,
            event=event,
            realised=realised,
            surplus=surplus,
            repaid=repaid,
            voucher=voucher,
            cause=cause,
            reason=reason,
            deviation_decision=deviation_decision,
        )
    )
    after = standing(case)
    proposal = None
    if spread:
        proposal = propose_version(event, after, _respread(after, row, spread, rows), reason)
    title = _("Bokslutsavstämning %(year)d, %(namnd)s") % {"year": row.year, "namnd": row.namnd.short}
    documents.freeze(event, "reconciliation", title, papers.reconciliation(after, came, proposal))
    case.due_on = due_after(given(after.open_rows))
    case.save(update_fields=["due_on"])


@action
def correct_reconciliation(
    event: Event,
    *,
    reconciliation: Reconciliation,
    realised: Decimal,
    surplus: Decimal,
    repaid: Decimal,
    correction: str,
    voucher: str = "",
    cause: str = "",
    reason: str = "",
    deviation_decision: str = "",
) -> None:
    """Put right a bokslut that was reconciled with wrong figures, by another than the one who did it (four eyes).

    What was booked is mirrored and the right amount booked, both today; the wrong reconciliation stays as it was. What
    then remains without a row calls for a new version of the plan.
    """
    case = cast(Case, event.case)
    now = standing(case)
    wrong = _held(event, now, reconciliation)
    refuse(
        _money_faults(now, wrong.row, surplus, repaid, voucher, deviation_decision, instead_of=wrong.repaid)
        + _deviation_faults(wrong.row, repaid, cause, reason)
        + _correction_faults(wrong, correction, (realised, surplus, repaid, voucher))
    )
    came = _booked(
        Reconciliation(
            row=wrong.row,
            corrects=wrong,
            event=event,
            realised=realised,
            surplus=surplus,
            repaid=repaid,
            voucher=voucher,
            cause=cause,
            reason=reason,
            deviation_decision=deviation_decision,
            text=correction.strip(),
        )
    )
    for entry in Entry.objects.filter(event=wrong.event, kind=EntryKind.REPAID, reverses=None):
        ledger.reverse(event, entry, text=correction.strip()[:200])
    words = {"year": wrong.row.year, "namnd": wrong.row.namnd.short}
    title = _("Rättad bokslutsavstämning %(year)d, %(namnd)s") % words
    documents.freeze(event, "reconciliation", title, papers.reconciliation(standing(case), came))


def _booked(came: Reconciliation) -> Reconciliation:
    """Book what came back and keep the reconciliation; why it deviates is kept only when it does."""
    row = came.row
    if came.repaid:
        text = _("Bokslut %(year)d, verifikation %(voucher)s") % {"year": row.year, "voucher": came.voucher}
        ledger.post(came.event, EntryKind.REPAID, came.repaid, year=row.year, namnd=row.namnd, text=text)
    if came.repaid == row.amount:
        came.cause = came.reason = ""
    came.save(force_insert=True)
    return came


@action
def forecast_repayment(event: Event, *, row: PlanRow, period: str, amount: Decimal, comment: str = "") -> None:
    """Tell what a board expects to return at this year's bokslut; a later forecast of the same period replaces it."""
    case = cast(Case, event.case)
    now = standing(case)
    today = timezone.localdate(event.at)
    if row.pk not in {open_row.pk for open_row in now.open_rows}:
        raise Refused(_("Raden är redan avstämd eller ersatt av en ny planversion. Välj en öppen rad."))
    wrong = _not_hers(event, row)
    if row.year != today.year:
        wrong.append(_("Prognos lämnas under det år som bokslutet gäller. Välj en rad för %d.") % today.year)
    if period == Tertial.T2 and today < date(today.year, 5, 1):
        wrong.append(_("Prognosen för tertial 2 lämnas från den 1 maj. Välj tertial 1."))
    if amount < 0:
        wrong.append(_("En prognos kan inte vara mindre än 0 kr."))
    refuse(wrong)
    if amount != row.amount and not comment:
        refuse([_("Prognosen skiljer från planens %s. Skriv varför i kommentaren.") % kronor(row.amount)], "comment")
    Forecast.objects.create(
        case=case,
        event=event,
        year=row.year,
        namnd=row.namnd,
        area=row.area,
        period=period,
        amount=amount,
        comment=comment,
    )


@action
def report_saving(event: Event, *, row: PlanRow, realised: Decimal, surplus: Decimal, text: str) -> None:
    """Tell what was saved in a year of a revoked plan: nothing is repaid, and the effect is still known."""
    case = cast(Case, event.case)
    now = standing(case)
    if row.pk not in {open_row.pk for open_row in now.reportable}:
        raise Refused(_("Besparingen är redan redovisad för den raden. Välj en annan."))
    wrong = _not_hers(event, row)
    if timezone.localdate(event.at).year <= row.year:
        wrong.append(_("Besparingen för %d redovisas när året är slut.") % row.year)
    refuse(wrong)
    Reconciliation.objects.create(row=row, event=event, realised=realised, surplus=surplus, repaid=0, text=text)


@action
def complete_repayment(event: Event) -> None:
    """End the repayment, when nothing remains."""


def _not_hers(event: Event, row: PlanRow) -> list[str]:
    """A board's own people tell of their own board; the controller of all."""
    if event.role != Role.APPLICANT:
        return []
    who = cast(User, event.on_behalf_of or event.by)
    if row.namnd_id in who.grants.namnder(Role.APPLICANT):
        return []
    return [_("%s lämnar sina egna uppgifter. Välj en rad för din egen nämnd.") % row.namnd.name]


def _respread(after: Standing, done: PlanRow, spread: str, typed: Sequence[Row]) -> list[Row]:
    """What remains on the rows that are open: as chosen, exact to the krona. Raises `Refused` if there is no need."""
    if not after.unplanned:
        raise Refused(_("Planens rader stämmer med det som återstår. Ingen ny version behövs."))
    rows = given(after.open_rows)
    if spread == Spread.OWN:
        return list(typed)
    if spread == Spread.EXTRA or not rows:
        if after.unplanned < 0:
            raise Refused(_("Bokslutet gav mer än planerat. Minska de rader som återstår i stället."))
        last = max([done.year, *(row["year"] for row in rows)])
        return [*rows, Row(year=last + 1, namnd=done.namnd, area=done.area, amount=after.unplanned)]
    share = proportional if spread == Spread.PROPORTIONAL else on_the_last
    amounts = share(after.remaining, [row["amount"] for row in rows])
    return [Row(**{**row, "amount": amount}) for row, amount in zip(rows, amounts, strict=True)]


def _held(event: Event, now: Standing, reconciliation: Reconciliation) -> Reconciliation:
    """The reconciliation as it holds, if this person may put it right."""
    held = {line.outcome.pk: line.outcome for line in now.realised_lines if line.outcome}
    wrong = held.get(reconciliation.pk)
    if wrong is None:
        raise Refused(_("Avstämningen är redan rättad. Läs om sidan och välj den som gäller."))
    if did(event, wrong.event):
        raise Refused(_("Du har själv stämt av bokslutet. Någon annan controller rättar avstämningen (fyra ögon)."))
    return wrong


def _correction_faults(wrong: Reconciliation, correction: str, figures: tuple[object, ...]) -> list[str]:
    found = []
    if figures == (wrong.realised, wrong.surplus, wrong.repaid, wrong.voucher):
        found.append(_("Uppgifterna är desamma som i avstämningen. Ändra det som var fel."))
    if len(correction.strip()) < LEAST:
        found.append(About(_("Skriv vad som var fel, med minst tio tecken."), "correction"))
    return found


def _row_faults(event: Event, now: Standing, row: PlanRow) -> list[str]:
    if row.pk not in {open_row.pk for open_row in now.open_rows}:
        raise Refused(_("Raden är redan avstämd eller ersatt av en ny planversion. Välj en öppen rad."))
    wrong: list[str] = []
    if timezone.localdate(event.at).year <= row.year:
        wrong.append(About(_("Bokslutet för %(year)d kan stämmas av när året är slut.") % {"year": row.year}, "row"))
    if blocked := namnd_is_there(row):
        wrong.append(blocked)
    return wrong


def _money_faults(
    now: Standing,
    row: PlanRow,
    surplus: Decimal,
    repaid: Decimal,
    voucher: str,
    decision: str,
    *,
    instead_of: Decimal = ZERO,
) -> list[str]:
    remaining = now.remaining + instead_of
    words = {"repaid": kronor(repaid), "surplus": kronor(surplus), "remaining": kronor(remaining)}
    same = [line for line in now.lines if line.row and (line.row.year, line.row.namnd_id) == (row.year, row.namnd_id)]
    already = sum((line.repaid for line in same), ZERO) - instead_of
    wrong: list[str] = []
    if repaid % 1:
        wrong.append(About(_("Återfört belopp anges i hela kronor."), "repaid"))
    if repaid < 0:
        wrong.append(About(_("Återfört belopp kan inte vara mindre än 0 kr."), "repaid"))
    if repaid > remaining:
        text = _("%(repaid)s är mer än de %(remaining)s som återstår att återföra. Sänk beloppet.")
        wrong.append(About(text % words, "repaid"))
    if repaid > 0 and already + repaid > surplus and not decision:
        text = _(
            "%(repaid)s är mer än nämndens överskott vid bokslut, %(surplus)s. "
            "Sänk beloppet eller ange beslutet om avvikelse."
        )
        wrong.append(About(text % words, "repaid"))
        if already:
            text = _("%s av överskottet är redan återfört från samma bokslut.")
            wrong.append(About(text % kronor(already), "repaid"))
    if repaid > 0 and not voucher:
        wrong.append(About(_("Ange verifikationsnumret för det återförda beloppet."), "voucher"))
    return wrong


def _deviation_faults(row: PlanRow, repaid: Decimal, cause: str, reason: str) -> list[str]:
    if repaid == row.amount or (cause and reason):
        return []
    words = {"repaid": kronor(repaid), "planned": kronor(row.amount)}
    text = _("%(repaid)s återförs, men %(planned)s var planerat. Ange orsak och förklara avvikelsen.")
    return [About(text % words, "reason" if cause else "cause")]
