"""Kommunstyrelsen's decision, recorded from its minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import money
from applications.actions.money import Row
from applications.models import Decision, Proposal, Route
from applications.models.decision import delegated
from applications.sheets.opinion import amount_misfit
from fundportal import calendar, documents
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import day, kronor
from fundportal.models import Case, Event
from fundportal.process import Outcome, Step

FINAL = (Outcome.GRANTED, Outcome.PARTLY, Outcome.REJECTED)
GRANTS = (Outcome.GRANTED, Outcome.PARTLY)
LEADS = {
    Outcome.GRANTED: Step.IMPLEMENTATION,
    Outcome.PARTLY: Step.IMPLEMENTATION,
    Outcome.REJECTED: Step.REJECTED,
    Outcome.RETURNED: Step.PREPARATION,
    Outcome.TABLED: Step.BOARD,
}


@dataclass(frozen=True)
class Minutes:
    """The days of a paragraph in the minutes: meeting, justering, anslag."""

    meeting_on: date
    adjusted_on: date | None
    posted_on: date | None
    immediate: bool

    def faults(self, outcome: str, today: date) -> list[str]:
        """What cannot be, in words."""
        found = [
            (
                self.meeting_on > today,
                _("Sammanträdet har inte varit än. Registrera beslutet efter %s.") % day(self.meeting_on),
            ),
            (
                outcome in FINAL and not (self.adjusted_on and self.posted_on),
                _("Fyll i när protokollet justerades och när det anslogs. Överklagandetiden räknas därifrån."),
            ),
            (
                bool(self.adjusted_on and self.adjusted_on < self.meeting_on),
                _("Protokollet kan inte vara justerat före sammanträdet."),
            ),
            (
                bool(self.immediate and self.adjusted_on and self.adjusted_on != self.meeting_on),
                _("Vid omedelbar justering justeras paragrafen samma dag som sammanträdet."),
            ),
            (
                bool(self.posted_on and (self.adjusted_on is None or self.posted_on < self.adjusted_on)),
                _("Anslaget sätts upp tidigast den dag protokollet justerades."),
            ),
            (
                any(it and it > today for it in (self.adjusted_on, self.posted_on)),
                _("Justering och anslag registreras när de är gjorda, inte i förväg."),
            ),
        ]
        return [text for wrong, text in found if wrong]

    @property
    def appeal_until(self) -> date | None:
        """The last day to ask for laglighetsprövning."""
        return calendar.last_day_of_appeal(self.posted_on) if self.posted_on else None


def where_the_board_leads(case: Case, given: Mapping[str, Any]) -> Step:
    """Granted goes on, rejected ends, returned goes back, tabled stays."""
    return LEADS[Outcome(given["outcome"])]


@action(leads_to=where_the_board_leads)
def record_board_decision(
    event: Event,
    *,
    outcome: str,
    paragraph: str,
    meeting_on: date,
    rows: list[dict[str, Any]] | None = None,
    adjusted_on: date | None = None,
    posted_on: date | None = None,
    immediate: bool = False,
    reasons: str = "",
    reservation: str = "",
    next_meeting_on: date | None = None,
) -> None:
    """The officer records what kommunstyrelsen decided; a grant is set aside, and the last day of appeal is counted."""
    case = cast(Case, event.case)
    proposal = Proposal.objects.filter(case=case).first()
    minutes = Minutes(meeting_on, adjusted_on, posted_on, immediate)
    decided = _decided_rows(case, proposal, outcome, rows)
    _refuse(case, proposal, minutes, outcome, decided, reasons, next_meeting_on, timezone.localdate(event.at))
    decision = Decision.objects.create(
        case=case,
        event=event,
        proposal=proposal,
        kind=Decision.Kind.BOARD,
        route=Route.BOARD,
        outcome=outcome,
        amount=money.total(decided),
        reasons=reasons or (proposal.reasons if proposal else ""),
        legal_ground=_("Kommunstyrelsens beslut enligt fondens riktlinjer"),
        decided_on=meeting_on,
        paragraph=paragraph,
        adjusted_on=adjusted_on,
        immediate=immediate,
        posted_on=posted_on,
        appeal_until=minutes.appeal_until if outcome in FINAL else None,
        reservation=reservation,
    )
    title = _("Kommunstyrelsens beslut: %s") % case.title
    documents.freeze(event, "board_decision", title, board_content(decision, decided, next_meeting_on))
    _take_effect(event, case, outcome, decided, next_meeting_on)


@action
def report_to_board(
    event: Event,
    *,
    meeting_on: date,
    paragraph: str,
    adjusted_on: date,
    posted_on: date,
    immediate: bool = False,
) -> None:
    """What the director decided on delegation is reported (KL 6:40, 7:8); the time for appeal runs from the anslag."""
    case = cast(Case, event.case)
    decision = delegated(case)
    if decision is None:
        raise Refused(_("Ärendet har inget beslut på delegation att anmäla."))
    minutes = Minutes(meeting_on, adjusted_on, posted_on, immediate)
    faults = minutes.faults(Outcome(decision.outcome), timezone.localdate(event.at))
    if meeting_on < decision.decided_on:
        faults.append(_("Beslutet fattades %s. Det kan inte ha anmälts tidigare.") % day(decision.decided_on))
    if faults:
        raise Refused(*faults)
    decision.paragraph, decision.adjusted_on, decision.posted_on = paragraph, adjusted_on, posted_on
    decision.immediate, decision.appeal_until = immediate, minutes.appeal_until
    decision.save(update_fields=["paragraph", "adjusted_on", "posted_on", "immediate", "appeal_until"])


def _decided_rows(
    case: Case, proposal: Proposal | None, outcome: str, rows: Sequence[Mapping[str, Any]] | None
) -> list[Row]:
    """The amounts kommunstyrelsen granted: its own, or else those proposed."""
    if outcome not in GRANTS:
        return []
    if rows:
        return [row for row in money.read(case, rows) if row.amount]
    proposed = proposal.rows.select_related("namnd") if proposal else ()
    return [Row(row.year, row.use, row.namnd, row.amount) for row in proposed]


def _refuse(
    case: Case,
    proposal: Proposal | None,
    minutes: Minutes,
    outcome: str,
    rows: Sequence[Row],
    reasons: str,
    next_meeting_on: date | None,
    today: date,
) -> None:
    faults = minutes.faults(outcome, today)
    if outcome in GRANTS:
        faults += _money_faults(case, outcome, rows)
    differs = proposal is not None and proposal.outcome != outcome
    if differs and not reasons.strip():
        faults.append(_("Skriv kommunstyrelsens skäl: beslutet är ett annat än det som föreslogs."))
    if outcome == Outcome.TABLED and (next_meeting_on is None or next_meeting_on <= minutes.meeting_on):
        faults.append(_("Fyll i vilket senare sammanträde som ärendet är bordlagt till."))
    if faults:
        raise Refused(*faults)


def _money_faults(case: Case, outcome: str, rows: Sequence[Row]) -> list[str]:
    if not rows:
        return [_("Fyll i de belopp som kommunstyrelsen beviljade, per år, användning och nämnd.")]
    if case.requested is None:
        return []
    fault = amount_misfit(outcome, money.total(rows), case.requested)
    return [fault] if fault else []


def _take_effect(event: Event, case: Case, outcome: str, rows: Sequence[Row], next_meeting_on: date | None) -> None:
    match outcome:
        case Outcome.GRANTED | Outcome.PARTLY:
            money.grant(event, rows)
        case Outcome.REJECTED:
            case.closed_because = _("Avslag av kommunstyrelsen")
            case.save(update_fields=["closed_because"])
        case Outcome.TABLED:
            case.due_on = next_meeting_on
            case.save(update_fields=["due_on"])


def board_content(decision: Decision, rows: Sequence[Row], next_meeting_on: date | None) -> dict[str, Any]:
    """Kommunstyrelsen's decision as a paper."""
    facts = [
        [_("Utfall"), str(decision.get_outcome_display())],
        [_("Sammanträde"), day(decision.decided_on)],
        [_("Paragraf"), decision.paragraph],
        [_("Belopp"), kronor(decision.amount)],
        [_("Justerat"), day(decision.adjusted_on) + (_(" (omedelbart)") if decision.immediate else "")],
        [_("Anslaget"), day(decision.posted_on)],
        [_("Sista dag att överklaga"), day(decision.appeal_until)],
    ]
    if next_meeting_on:
        facts.append([_("Bordlagt till"), day(next_meeting_on)])
    texts = [
        (_("Motivering"), decision.reasons),
        (_("Reservationer och särskilda uttalanden"), decision.reservation),
    ]
    return {
        "amount": str(decision.amount or Decimal(0)),
        "sections": [
            {"title": _("Beslutet"), "rows": facts},
            *([{"title": _("Beviljade belopp"), "table": money.table(rows)}] if rows else []),
            *({"title": title, "text": text} for title, text in texts if text),
        ],
    }
