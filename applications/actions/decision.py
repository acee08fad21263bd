"""From a tjänsteutlåtande to a decision: proposed by an officer, signed by the director."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import money
from applications.actions.money import Row
from applications.models import Appeal, CalculationCheck, Decision, Proposal, ProposalRow, Route
from applications.models.decision import delegation_for
from applications.sheets.opinion import OPINION
from fundportal import documents
from fundportal.canonical import canonical
from fundportal.drafts import Filled
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import day, kronor
from fundportal.models import Case, Delegation, Event, User
from fundportal.process import Outcome, Step


@action
def check_calculation(event: Event, *, outcome: str, text: str) -> None:
    """A controller says whether the calculation holds: the second pair of eyes beside the officer's."""
    CalculationCheck.objects.create(case=cast(Case, event.case), event=event, outcome=outcome, text=text)


@action
def propose_decision(event: Event, *, digest: str = "") -> None:
    """The officer hands over the tjänsteutlåtande: it is frozen, and the proposed decision with its amounts is kept."""
    case = cast(Case, event.case)
    filled = OPINION.filled(case)
    if digest and digest != filled.digest:
        raise Refused(_("Tjänsteutlåtandet ändrades medan du läste det. Läs det nya och föreslå beslut igen."))
    proposed = filled.cleaned("beslut")
    rows = money.read(case, proposed["rows"])
    document = documents.freeze(
        event,
        "tjansteutlatande",
        case.title,
        opinion_content(case, filled, rows),
        template="pdf/tjansteutlatande.html",
    )
    proposal = Proposal.objects.create(
        case=case,
        event=event,
        document=document,
        version=document.version,
        route=proposed["route"],
        outcome=proposed["outcome"],
        amount=money.total(rows),
        clauses=[row["text"] for row in filled.cleaned("forslag")["clauses"]],
        reasons=proposed["reasons"],
        jav_note=proposed["jav_note"],
        appeal=proposed["appeal"],
        board_on=proposed["board_on"] if proposed["route"] == Route.BOARD else None,
    )
    ProposalRow.objects.bulk_create(
        ProposalRow(proposal=proposal, year=row.year, use=row.use, namnd=row.namnd, amount=row.amount) for row in rows
    )


def opinion_content(case: Case, filled: Filled, rows: Sequence[Row]) -> dict[str, Any]:
    """The tjänsteutlåtande in the city's order of headings."""
    matter, preparation, analyses = (filled.cleaned(slug) for slug in ("arendet", "beredning", "analyser"))
    proposed = filled.cleaned("beslut")
    to_board = proposed["route"] == Route.BOARD
    return {
        "to": _("Kommunstyrelsen") if to_board else _("Stadsdirektören"),
        "meeting": day(proposed["board_on"]) if to_board else "",
        "officer": case.officer.get_full_name() if case.officer else "",
        "officer_title": case.officer.title if case.officer else "",
        "clauses": [row["text"] for row in filled.cleaned("forslag")["clauses"]],
        "sections": [
            {"title": _("Sammanfattning"), "text": matter["abstract"]},
            {"title": _("Bakgrund"), "text": matter["background"]},
            {"title": _("Ärendet"), "text": matter["matter"]},
            {"title": _("Ärendets beredning"), "text": preparation["preparation"]},
            *([{"title": _("Remissvaren"), "text": preparation["remiss"]}] if preparation["remiss"] else []),
            {"title": _("Stadsledningskontorets synpunkter och förslag"), "text": preparation["view"]},
            {"title": _("Jämställdhetsanalys"), "text": analyses["gender"]},
            {"title": _("Barnkonsekvenser"), "text": analyses["children"]},
            *decided_sections(proposed, rows),
        ],
        "decision": {
            "route": str(Route(proposed["route"]).label),
            "outcome": str(Outcome(proposed["outcome"]).label),
            "amount": str(money.total(rows)),
            "rows": [[row.year, row.use, row.namnd.pk, str(row.amount)] for row in rows],
        },
        "attachments": [row["title"] for row in filled.cleaned("bilagor")["attachments"]],
    }


def decided_sections(proposed: Mapping[str, Any], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The proposed decision's particulars, last before the bilagor."""
    facts = [
        [_("Utfall"), str(Outcome(proposed["outcome"]).label)],
        [_("Belopp"), kronor(money.total(rows))],
        [_("Beslutsväg"), str(Route(proposed["route"]).label)],
        [_("Jäv"), proposed["jav_note"]],
        [_("Överklagande"), str(Appeal(proposed["appeal"]).label)],
    ]
    return [
        {"title": _("Motivering till det föreslagna beslutet"), "text": proposed["reasons"]},
        {"title": _("Föreslaget beslut"), "rows": facts},
        *([{"title": _("Föreslagna belopp"), "table": money.table(rows)}] if rows else []),
    ]


@action
def return_proposal(event: Event, *, reason: str) -> None:
    """The director sends the proposal back; it stays in the file, and the next one gets a new version."""


def where_signing_leads(case: Case, given: Mapping[str, Any]) -> Step:
    """To kommunstyrelsen, or where a decision on delegation leads."""
    proposal = _proposal(case)
    if proposal.route == Route.BOARD:
        return Step.BOARD
    return Step.IMPLEMENTATION if proposal.grants else Step.REJECTED


@action(leads_to=where_signing_leads)
def sign_decision(event: Event, *, signed_sha256: str = "") -> None:
    """The director signs: on to kommunstyrelsen with the proposal, or decided on delegation and reported afterwards."""
    case, signer = cast(Case, event.case), cast(User, event.by)
    proposal = _proposal(case)
    shown = hashlib.sha256(canonical(proposal.signed()).encode()).hexdigest()
    if signed_sha256 and signed_sha256 != shown:
        raise Refused(_("Underlaget har ändrats sedan du öppnade sidan. Läs det igen innan du skriver under."))
    delegation = None if proposal.route == Route.BOARD else _signers_delegation(event, signer, proposal)
    decided_on = timezone.localdate(event.at)
    decision = Decision.objects.create(
        case=case,
        event=event,
        proposal=proposal,
        kind=Decision.Kind.DIRECTOR,
        route=proposal.route,
        outcome=proposal.outcome,
        amount=proposal.amount,
        reasons=proposal.reasons,
        legal_ground=_legal_ground(delegation),
        delegation=delegation,
        by=signer,
        decided_on=decided_on,
        signed_sha256=shown,
    )
    rows = _rows(proposal)
    documents.freeze(event, "decision", _("Beslut: %s") % case.title, director_content(decision, signer, rows))
    if proposal.route == Route.BOARD:
        event.due_on = proposal.board_on
    else:
        _take_effect(event, case, proposal.outcome, rows)


def _signers_delegation(event: Event, signer: User, proposal: Proposal) -> Delegation:
    delegation = delegation_for(timezone.localdate(event.at), proposal.amount, signer)
    if delegation is None:
        raise Refused(
            _("Din delegation gäller inte i dag för %(amount)s. Återlämna förslaget, så kan kommunstyrelsen besluta.")
            % {"amount": kronor(proposal.amount)}
        )
    return delegation


def _legal_ground(delegation: Delegation | None) -> str:
    if delegation is None:
        return _("Förslag till kommunstyrelsen enligt fondens riktlinjer")
    return _("Delegation, punkt %s i delegationsordningen") % delegation.point


def director_content(decision: Decision, signer: User, rows: Sequence[Row]) -> dict[str, Any]:
    """The director's decision as a paper."""
    proposal = cast(Proposal, decision.proposal)
    facts = [
        [_("Beslutsväg"), str(proposal.get_route_display())],
        [_("Utfall"), str(proposal.get_outcome_display())],
        [_("Belopp"), kronor(decision.amount)],
        [_("Rättslig grund"), decision.legal_ground],
        [_("Beslutsfattare"), ", ".join(filter(None, [signer.get_full_name(), signer.title]))],
        [_("Beslutsdag"), day(decision.decided_on)],
    ]
    amounts = _("Föreslagna belopp") if proposal.route == Route.BOARD else _("Beviljade belopp")
    return {
        "lead": _("Stadsdirektören överlämnar ärendet till kommunstyrelsen med följande förslag.")
        if proposal.route == Route.BOARD
        else _("Stadsdirektören beslutar på kommunstyrelsens vägnar. Beslutet anmäls till kommunstyrelsen."),
        "amount": str(decision.amount),
        "sections": [
            {"title": _("Beslutet"), "rows": facts},
            {"title": _("Förslag till beslut"), "items": proposal.clauses},
            *([{"title": amounts, "table": money.table(rows)}] if rows else []),
            {"title": _("Motivering"), "text": proposal.reasons},
            {"title": _("Jäv"), "text": proposal.jav_note},
            {"title": _("Överklagande"), "text": str(proposal.get_appeal_display())},
            {
                "title": _("Underskrift"),
                "rows": [
                    [_("Tjänsteutlåtandets kontrollsumma"), proposal.document.content_sha256],
                    [_("Underskriftens kontrollsumma"), decision.signed_sha256],
                ],
            },
        ],
    }


def _take_effect(event: Event, case: Case, outcome: str, rows: Sequence[Row]) -> None:
    if outcome in (Outcome.GRANTED, Outcome.PARTLY):
        money.grant(event, rows)
    else:
        case.closed_because = _("Avslag på ansökan")
        case.save(update_fields=["closed_because"])


def _proposal(case: Case) -> Proposal:
    return Proposal.objects.filter(case=case).select_related("document", "case").get(version=_newest(case))


def _newest(case: Case) -> int:
    newest = Proposal.objects.filter(case=case).values_list("version", flat=True).first()
    if newest is None:
        raise Refused(_("Det finns inget förslag att besluta om. Återlämna ärendet till handläggaren."))
    return newest


def _rows(proposal: Proposal | None) -> list[Row]:
    if proposal is None:
        return []
    return [Row(row.year, row.use, row.namnd, row.amount) for row in proposal.rows.select_related("namnd")]
