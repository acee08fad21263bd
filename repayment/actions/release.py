"""Acts that release from repayment while a plan goes on: a part of it, or the plan itself."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from django.utils.translation import gettext as _

from fundportal import documents
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import kronor
from fundportal.models import Case, Event
from repayment.actions import papers
from repayment.actions.plan import LEAST_REASON, Row, given, new_version, refuse
from repayment.models import Exemption, Extent, PlanRow, Standing, standing


@action
def exempt_part(
    event: Event, *, amount: Decimal, reason: str, text: str, row: PlanRow | None = None, signed_sha256: str = ""
) -> None:
    """Exempt a part of what remains: of a row, or of what no row holds. The plan goes on in a new version."""
    case = cast(Case, event.case)
    now = standing(case)
    refuse(_part_faults(now, row, amount, text))
    rows = given(now.open_rows)
    if row is not None:
        rows = [_less(each, row, amount) for each in rows]
    exemption = Exemption(case=case, event=event, extent=Extent.PART, reason=reason, text=text, amount=amount)
    exemption.plan = new_version(event, now, rows, text, exempted=amount)
    exemption.save(force_insert=True)
    documents.freeze(event, "exemption", _("Undantag från en del av återföringen"), papers.exemption(now, exemption))


@action
def revoke_plan(event: Event, *, responsible: str, text: str, signed_sha256: str = "") -> None:
    """Revoke the plan: those who save no longer hold the budget, so nothing more is repaid. Savings are still told."""
    case = cast(Case, event.case)
    now = standing(case)
    if len(text) < LEAST_REASON:
        raise Refused(_("Motivera upphävandet med minst %d tecken.") % LEAST_REASON)
    exemption = Exemption.objects.create(
        case=case, event=event, extent=Extent.REVOKED, reason="reorganised", text=text, amount=now.remaining
    )
    case.due_on = None
    case.save(update_fields=["due_on"])
    title = _("Återföringsplanen upphävs")
    documents.freeze(event, "exemption", title, papers.exemption(now, exemption, responsible=responsible))


def _part_faults(now: Standing, row: PlanRow | None, amount: Decimal, text: str) -> list[str]:
    wrong = []
    if len(text) < LEAST_REASON:
        wrong.append(_("Motivera undantaget med minst %d tecken.") % LEAST_REASON)
    if amount <= 0 or amount % 1:
        wrong.append(_("Beloppet ska vara större än noll och i hela kronor."))
    if amount >= now.remaining:
        wrong.append(
            _("%s är allt som återstår. Använd ”Undanta från återföring” när hela resten ska undantas.")
            % kronor(now.remaining)
        )
    return wrong + _row_faults(now, row, amount)


def _row_faults(now: Standing, row: PlanRow | None, amount: Decimal) -> list[str]:
    if row is None:
        if amount == now.unplanned:
            return []
        return [_("%s saknar rad i planen. Välj en rad, eller undanta hela det beloppet.") % kronor(now.unplanned)]
    if row.pk not in {each.pk for each in now.open_rows}:
        return [_("Raden är redan avstämd eller ersatt av en ny planversion. Välj en öppen rad.")]
    wrong = []
    if now.unplanned:
        wrong.append(
            _("%s från avstämda bokslut har ingen rad i planen. Ändra planen eller undanta det först.")
            % kronor(now.unplanned)
        )
    if amount > row.amount:
        wrong.append(_("Raden är på %s. Undanta högst så mycket.") % kronor(row.amount))
    return wrong


def _less(each: Row, row: PlanRow, amount: Decimal) -> Row:
    same = (each["year"], each["namnd"].pk, each["area"]) == (row.year, row.namnd_id, row.area)
    return Row(**{**each, "amount": each["amount"] - amount}) if same else each
