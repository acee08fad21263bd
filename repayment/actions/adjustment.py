"""Acts on the budget: ask for the adjustment, record what was decided, receive it, and close the case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypedDict, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import calendar, closing, documents
from fundportal.errors import About, Refused
from fundportal.flow import action
from fundportal.formatting import in_words, tkr
from fundportal.models import Case, Entry, EntryKind, Event, Namnd, Party, User
from fundportal.process import Role
from repayment.actions import adjustment_papers as papers
from repayment.actions.adjustment_text import paragraph as text_for
from repayment.actions.plan import refuse
from repayment.closing import DAYS_TO_RECEIVE, awaited, decided
from repayment.models import (
    Adjustment,
    AdjustmentDecision,
    AdjustmentDecisionRow,
    AdjustmentReceipt,
    AdjustmentRow,
    DistributionKey,
    Finance,
    Settlement,
    Target,
)
from repayment.sums import distribute

THOUSAND = 1000
WHOLE = Decimal(100)
DIRECT = {Target.SPECIALIST.value: Namnd.Kind.SPECIALIST, Target.SINGLE.value: Namnd.Kind.DISTRICT}


class BoardTerms(TypedDict):
    """What differs for one board from the rest of a request."""

    namnd: Namnd
    first_year: int
    permanent: bool
    finance: str


class BoardAmount(BoardTerms):
    """A board's amount as decided, in kronor a year, with its terms."""

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
    finance_text: str = "",
    amount_reason: str = "",
    exceptions: Sequence[BoardTerms] = (),
) -> None:
    """Ask that the budget be lowered to the actual cost, spread over boards in whole thousands, exactly.

    Year, permanence and source hold for every board but those in `exceptions`. An amount other than what the areas of
    the settlement cost less than their budgets has its reason in `amount_reason`.
    """
    case = cast(Case, event.case)
    weights = _weights(key, namnd)
    differs = {terms["namnd"].pk: terms for terms in exceptions}
    years = [(board, differs[board.pk]["first_year"] if board.pk in differs else first_year) for board, _w in weights]
    wrong = _where_faults(case, key, namnd) + _year_faults(case, years)
    wrong += _terms_faults(exceptions, {board.pk for board, _w in weights}, finance, finance_text)
    wrong += _amount_faults(case, amount, amount_reason)
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
        finance_text=finance_text,
        amount_reason=amount_reason,
        opinion=opinion,
        opinion_text=opinion_text,
    )
    shares = distribute(int(amount) // THOUSAND, [weight for _board, weight in weights])
    for (board, weight), share in zip(weights, shares, strict=True):
        usual = BoardTerms(namnd=board, first_year=first_year, permanent=permanent, finance=finance)
        terms = differs.get(board.pk, usual)
        AdjustmentRow.objects.create(
            adjustment=adjustment,
            namnd=board,
            weight=weight,
            amount=Decimal(share * THOUSAND),
            first_year=terms["first_year"],
            permanent=terms["permanent"],
            finance=terms["finance"],
        )
    content = papers.adjustment(adjustment, text_for(adjustment, occasion))
    documents.freeze(event, "adjustment", _("Begäran om budgetjustering"), content)


@action
def record_adjustment(
    event: Event, *, meeting_on: date, paragraph: str, rows: list[BoardAmount], finance_text: str = "", note: str = ""
) -> None:
    """Record what kommunstyrelsen decided about the budget, board by board; the boards it lowers see the case."""
    case = cast(Case, event.case)
    adjustment = cast(Adjustment, Adjustment.objects.filter(case=case).last())
    asked = {row.namnd_id: _terms(vars(row)) for row in adjustment.rows.all() if row.amount}
    given = {row["namnd"].pk: _terms(dict(row)) for row in rows if row["amount"]}
    wrong = []
    if len({row["namnd"].pk for row in rows}) < len(rows):
        wrong.append(About(_("Samma nämnd står på två rader. Slå ihop dem."), "rows"))
    if meeting_on > timezone.localdate(event.at):
        text = _("Sammanträdet har inte varit än. Registrera beslutet när det är fattat.")
        wrong.append(About(text, "meeting_on"))
    if given != asked and not note:
        text = _("Beslutet skiljer sig från det som begärdes. Skriv vad som skiljer och varför.")
        wrong.append(About(text, "note"))
    refuse(wrong)
    decision = AdjustmentDecision.objects.create(
        adjustment=adjustment,
        event=event,
        meeting_on=meeting_on,
        paragraph=paragraph,
        finance_text=finance_text,
        note=note,
    )
    for row in rows:
        AdjustmentDecisionRow.objects.create(decision=decision, **row)
    documents.freeze(event, "adjustment", _("Beslut om budgetjustering"), papers.adjustment_decision(decision))
    _let_in(case, [row["namnd"] for row in rows if row["amount"]], event)
    case.due_on = calendar.working_day_on_or_after(timezone.localdate(event.at) + timedelta(days=DAYS_TO_RECEIVE))
    case.save(update_fields=["due_on"])


@action
def acknowledge_adjustment(event: Event, *, namnd: Namnd, comment: str = "") -> None:
    """A board says that it has taken in what was decided about its budget (kvittens)."""
    case, by = cast(Case, event.case), cast(User, event.on_behalf_of or event.by)
    row = next((row for row in awaited(case) if row.namnd_id == namnd.pk), None)
    if row is None:
        raise Refused(_("%(namnd)s har inget beslut som väntar på kvittens.") % {"namnd": namnd.name})
    if namnd.pk not in by.grants.namnder(Role.MANAGER):
        raise Refused(_("Kvittensen lämnas av en chef på %(namnd)s.") % {"namnd": namnd.name})
    AdjustmentReceipt.objects.create(row=row, event=event, comment=comment)


@action
def close_case(event: Event, *, without_receipts: str = "") -> None:
    """Close the case: the checklist holds, and the boards have received the decision or it is said why not."""
    case = cast(Case, event.case)
    decision, waiting = cast(AdjustmentDecision, decided(case)), awaited(case)
    if waiting and not without_receipts:
        boards = in_words([row.namnd.name for row in waiting])
        raise Refused(
            _("%(boards)s har inte kvitterat. Vänta, eller skriv varför ärendet avslutas ändå.") % {"boards": boards},
            field="without_receipts",
        )
    points = closing.checklist(case)
    documents.freeze(event, "closing", _("Avslut av ärendet"), papers.closing(case, points, without_receipts))
    case.closed_because = _("Budgeten justerad, KS %(paragraph)s") % {"paragraph": decision.paragraph}
    case.save(update_fields=["closed_because"])


def _let_in(case: Case, boards: Sequence[Namnd], event: Event) -> None:
    """Boards that neither own the case nor are partners get a part in it, so that their managers see it."""
    taking_part = {pk for pk, part in case.party_list if part in (Party.Part.OWNER, Party.Part.PARTNER)}
    for board in boards:
        if board.pk not in taking_part:
            Party.objects.get_or_create(case=case, namnd=board, part=Party.Part.ADJUSTED, defaults={"since": event.at})


def _terms(row: dict[str, Any]) -> tuple[Any, ...]:
    """What a request and a decision are compared by."""
    return row["amount"], row["first_year"], row["permanent"], row["finance"]


def _terms_faults(exceptions: Sequence[BoardTerms], boards: set[int], finance: str, finance_text: str) -> list[str]:
    wrong = []
    if len({terms["namnd"].pk for terms in exceptions}) < len(exceptions):
        wrong.append(_("Samma nämnd står på två rader. Slå ihop dem."))
    outside = [terms["namnd"].name for terms in exceptions if terms["namnd"].pk not in boards]
    if boards and outside:
        wrong.append(_("%(namnder)s har ingen del i sänkningen. Ta bort raden.") % {"namnder": in_words(outside)})
    if Finance.OTHER in {finance, *(terms["finance"] for terms in exceptions)} and not finance_text:
        wrong.append(_("Skriv vilken den andra finansieringskällan är under ”Närmare om källan”."))
    return wrong


def _amount_faults(case: Case, amount: Decimal, reason: str) -> list[str]:
    """The amount is what the settlement says, or has a reason."""
    lowered = Settlement.objects.prefetch_related("areas").get(case=case).lowered
    if amount == lowered or reason:
        return []
    return [
        _("Slutavstämningen visar %(lowered)s lägre kostnad per år, men begäran gäller %(amount)s. Skriv varför.")
        % {"lowered": tkr(lowered), "amount": tkr(amount)}
    ]


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


def _year_faults(case: Case, years: Sequence[tuple[Namnd, int]]) -> list[str]:
    wrong: list[str] = []
    repaid = Entry.objects.filter(case=case, kind=EntryKind.REPAID, year__isnull=False, reverses=None, reversed_by=None)
    last = repaid.order_by("-year").values_list("year", flat=True).first()
    if last is not None and any(year <= last for _board, year in years):
        wrong.append(
            _("Budgeten kan justeras tidigast %(year)d, året efter den sista återföringen.") % {"year": last + 1}
        )
    for year in sorted({year for _board, year in years}):
        gone = [board.name for board, from_year in years if from_year == year and not board.exists_on(date(year, 1, 1))]
        if gone:
            wrong.append(
                _("%(namnder)s finns inte den 1 januari %(year)d.") % {"namnder": in_words(gone), "year": year}
            )
    return wrong
