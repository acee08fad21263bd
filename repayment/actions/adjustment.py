"""Acts on the budget: ask for the adjustment, and record what kommunstyrelsen decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypedDict, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import documents
from fundportal.flow import action
from fundportal.formatting import in_words
from fundportal.models import Case, Entry, EntryKind, Event, Namnd
from repayment.actions import papers
from repayment.actions.plan import refuse
from repayment.models import (
    Adjustment,
    AdjustmentDecision,
    AdjustmentDecisionRow,
    AdjustmentRow,
    DistributionKey,
    Settlement,
    Target,
)
from repayment.sums import distribute

THOUSAND = 1000
WHOLE = Decimal(100)
DIRECT = {Target.SPECIALIST.value: Namnd.Kind.SPECIALIST, Target.SINGLE.value: Namnd.Kind.DISTRICT}


class BoardAmount(TypedDict):
    """A board's amount as decided, in kronor a year."""

    namnd: Namnd
    amount: Decimal


@action
def request_adjustment(
    event: Event,
    *,
    amount: Decimal,
    first_year: int,
    permanent: bool,
    occasion: str,
    finance: str,
    opinion: str,
    opinion_text: str,
    key: DistributionKey | None = None,
    namnd: Namnd | None = None,
) -> None:
    """Ask that the budget be lowered to the actual cost, spread over boards in whole thousands, exactly."""
    case = cast(Case, event.case)
    weights = _weights(key, namnd)
    wrong = _where_faults(case, key, namnd) + _year_faults(case, first_year, [board for board, _part in weights])
    if amount <= 0 or amount % THOUSAND:
        wrong.append(_("Sänkningen ska vara ett belopp i hela tusental kronor, större än noll."))
    refuse(wrong)
    adjustment = Adjustment.objects.create(
        case=case,
        event=event,
        version=Adjustment.objects.filter(case=case).count() + 1,
        amount=amount,
        first_year=first_year,
        permanent=permanent,
        key=key,
        occasion=occasion,
        finance=finance,
        opinion=opinion,
        opinion_text=opinion_text,
    )
    shares = distribute(int(amount) // THOUSAND, [weight for _board, weight in weights])
    for (board, weight), share in zip(weights, shares, strict=True):
        AdjustmentRow.objects.create(
            adjustment=adjustment, namnd=board, weight=weight, amount=Decimal(share * THOUSAND)
        )
    documents.freeze(event, "adjustment", _("Begäran om budgetjustering"), papers.adjustment(adjustment))


@action
def record_adjustment(
    event: Event, *, meeting_on: date, paragraph: str, rows: list[BoardAmount], finance: str, note: str = ""
) -> None:
    """Record what kommunstyrelsen decided about the budget; the case ends."""
    case = cast(Case, event.case)
    adjustment = cast(Adjustment, Adjustment.objects.filter(case=case).last())
    asked = {row.namnd_id: row.amount for row in adjustment.rows.all()}
    decided = {row["namnd"].pk: row["amount"] for row in rows}
    wrong = []
    if len(decided) < len(rows):
        wrong.append(_("Samma nämnd står på två rader. Slå ihop dem."))
    if meeting_on > timezone.localdate(event.at):
        wrong.append(_("Sammanträdet har inte varit än. Registrera beslutet när det är fattat."))
    if {pk: amount for pk, amount in decided.items() if amount} != {
        pk: amount for pk, amount in asked.items() if amount
    } and not note:
        wrong.append(_("Beslutet skiljer sig från det som begärdes. Skriv vad som skiljer och varför."))
    refuse(wrong)
    decision = AdjustmentDecision.objects.create(
        adjustment=adjustment, event=event, meeting_on=meeting_on, paragraph=paragraph, finance=finance, note=note
    )
    for row in rows:
        AdjustmentDecisionRow.objects.create(decision=decision, **row)
    documents.freeze(event, "adjustment", _("Beslut om budgetjustering"), papers.adjustment_decision(decision))
    case.closed_because = _("Budgeten justerad, KS %(paragraph)s") % {"paragraph": paragraph}
    case.save(update_fields=["closed_because"])


def _weights(key: DistributionKey | None, namnd: Namnd | None) -> Sequence[tuple[Namnd, Decimal]]:
    if key is not None:
        return [(weight.namnd, weight.weight) for weight in key.weights.select_related("namnd")]
    return [(namnd, WHOLE)] if namnd is not None else []


def _where_faults(case: Case, key: DistributionKey | None, namnd: Namnd | None) -> list[str]:
    target = Settlement.objects.values_list("target", flat=True).get(case=case)
    if target == Target.CITY:
        if key is None or namnd is not None:
            return [
                _(
                    "Slutavstämningen gäller ett stadsövergripande verksamhetsområde. Välj "
                    "en fördelningsnyckel och ingen enskild nämnd."
                )
            ]
        return []
    if namnd is None or key is not None:
        return [_("Slutavstämningen gäller en enda nämnd. Välj nämnden och ingen fördelningsnyckel.")]
    if namnd.kind != DIRECT[target]:
        kind = {"kind": DIRECT[target].label.lower(), "namnd": namnd.name}
        return [_("Slutavstämningen gäller en %(kind)s, men %(namnd)s är inte det. Välj en annan nämnd.") % kind]
    return []


def _year_faults(case: Case, first_year: int, boards: Sequence[Namnd]) -> list[str]:
    wrong = []
    repaid = Entry.objects.filter(case=case, kind=EntryKind.REPAID, year__isnull=False)
    last = repaid.order_by("-year").values_list("year", flat=True).first()
    if last is not None and first_year <= last:
        wrong.append(
            _("Budgeten kan justeras tidigast %(year)d, året efter den sista återföringen.") % {"year": last + 1}
        )
    gone = [board.name for board in boards if not board.exists_on(date(first_year, 1, 1))]
    if gone:
        wrong.append(
            _("%(namnder)s finns inte den 1 januari %(year)d.") % {"namnder": in_words(gone), "year": first_year}
        )
    return wrong
