"""The acts on an idea and an application, up to the day the application is handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from applications.actions import handed_in
from applications.models import Endorsement, IdeaDecision, SheetName
from applications.sheets import APPLICATION, IDEA, carried_over
from applications.sheets.copy import copied
from applications.sheets.lapse import written
from fundportal import criteria, documents, flow
from fundportal.drafts import Filled
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import Case, Draft, Event, Namnd, Round, User

LEAST_REASONS = 100


def create_idea(
    user: User,
    at: datetime,
    *,
    round: Round,  # noqa: A002 -- the field's name
    owner: Namnd,
    title: str,
    scope: str = "",
    copied_from: Case | None = None,
    key: UUID | None = None,
) -> Case:
    """Begin an idea: a case with its number, and the first part begun. The same key twice is one case.

    `copied_from` is an earlier case of the person's boards whose answers the idea begins with: what the need is, what
    is to be done and how it stands to ordinary work; never days, money, people, attachments or endorsements.
    """
    case = Case(fund=round.fund, round=round, owner=owner, title=title.strip(), scope=scope)
    data = {"title": case.title, "round": round, "owner": owner, "scope": scope}
    with transaction.atomic():
        case = flow.begin(case, user, at, data | ({"copied_from": copied_from.number} if copied_from else {}), key)
        if not Draft.objects.filter(case=case, sheet=IDEA.name).exists():
            IDEA.save(case, "grund", {"project_name": case.title, "scope": scope}, user, at)
            for slug, answers in copied(copied_from) if copied_from else ():
                IDEA.save(case, slug, answers, user, at)
    return case


def _case(event: Event) -> Case:
    return cast(Case, event.case)


@action
def ask_endorsement(event: Event, *, message: str = "") -> None:
    """Ask the owner's managers to endorse what is written now: they get a letter, and it waits on their start page."""


@action
def endorse_idea(event: Event, *, comment: str = "", digest: str = "") -> None:
    """Endorse exactly what the idea says now. Any change afterwards lets the endorsement lapse."""
    _endorse(event, IDEA.filled(_case(event)), comment, digest)


@action
def endorse_application(event: Event, *, comment: str = "", digest: str = "") -> None:
    """Endorse exactly what the application says now. Any change afterwards lets the endorsement lapse."""
    _endorse(event, APPLICATION.filled(_case(event)), comment, digest)


def _endorse(event: Event, filled: Filled, comment: str, digest: str) -> None:
    if digest and digest != filled.digest:
        raise Refused(_("Innehållet ändrades medan du läste. Läs det igen och tillstyrk om det fortfarande stämmer."))
    Endorsement.objects.create(
        case=filled.case,
        event=event,
        sheet=filled.sheet.name,
        namnd=filled.case.owner,
        digest=filled.digest,
        sections=written(filled, filled.case.owner_id),
        by=cast(User, event.by),
        at=event.at,
        comment=comment,
    )


@action
def submit_idea(event: Event, *, late_reason: str = "") -> None:
    """Hand the idea in: from now on it is received (inkommen) at SLK, and what it says is frozen."""
    case, filled = _case(event), IDEA.filled(_case(event))
    basics = filled.cleaned("grund")
    case.title, case.scope = basics["project_name"], basics["scope"]
    submission = handed_in.receive(event, SheetName.IDEA, late_reason)
    cost = filled.cleaned("kostnad")
    case.requested = handed_in.total(cost["costs"], "amount")
    case.first_year, case.last_year = cost["first_year"], cost["last_year"]
    case.submitted_at = case.submitted_at or event.at
    case.save(update_fields=["title", "scope", "requested", "first_year", "last_year", "submitted_at"])
    handed_in.keep_idea_facts(event, filled)
    handed_in.freeze(event, submission, filled, _("Idéskiss: %(title)s") % {"title": case.title})


@action
def submit_application(event: Event, *, late_reason: str = "") -> None:
    """Hand the application in: it is frozen, and its budget, indicators and effects are kept as rows."""
    case, filled = _case(event), APPLICATION.filled(_case(event))
    basics, phase = filled.cleaned("grund"), filled.cleaned("tid")
    case.title, case.scope = basics["project_name"], basics["scope"]
    submission = handed_in.receive(event, SheetName.APPLICATION, late_reason)
    case.requested = handed_in.total(filled.cleaned("budget")["rows"], "requested")
    case.first_year, case.last_year = phase["first_year"], phase["last_year"]
    case.save(update_fields=["title", "scope", "requested", "first_year", "last_year"])
    handed_in.keep_rows(case, submission.no, filled)
    handed_in.keep_application_facts(event, filled)
    handed_in.freeze(event, submission, filled, _("Ansökan: %(title)s") % {"title": case.title})


@action
def approve_idea(event: Event, *, reasons: str, conditions: str = "", signed_sha256: str = "") -> None:
    """Approve the idea: the application begins with its answers, and the idea stands as it was handed in."""
    case = _case(event)
    _decide(event, approved=True, reasons=reasons, conditions=conditions, codes=[], signed_sha256=signed_sha256)
    writers = {draft.part: list(draft.written_by.all()) for draft in case.drafts.filter(sheet=IDEA.name)}
    for slug, answers, origin in carried_over(IDEA.filled(case)):
        draft, created = Draft.objects.get_or_create(
            case=case,
            sheet=APPLICATION.name,
            part=slug,
            defaults={"answers": answers, "saved_at": origin.saved_at, "saved_by": origin.saved_by},
        )
        if created:
            draft.written_by.set(writers.get(origin.part, []))


@action
def reject_idea(event: Event, *, reasons: str, criteria: list[str], signed_sha256: str = "") -> None:
    """Reject the idea, with the criteria it does not meet."""
    case = _case(event)
    _decide(event, approved=False, reasons=reasons, conditions="", codes=criteria, signed_sha256=signed_sha256)
    case.closed_because = _("Idén avslagen: %(codes)s") % {"codes": ", ".join(criteria)}
    case.save(update_fields=["closed_because"])


def _decide(
    event: Event, *, approved: bool, reasons: str, conditions: str, codes: list[str], signed_sha256: str
) -> None:
    if len(reasons.strip()) < LEAST_REASONS:
        raise Refused(_("Motivera beslutet med minst %(least)d tecken.") % {"least": LEAST_REASONS})
    if not approved and not criteria.named(codes):
        raise Refused(_("Ange vilka kriterier som idén inte uppfyller."))
    case = _case(event)
    named = criteria.named(codes, criteria.of(case.round))
    IdeaDecision.objects.create(
        case=case,
        event=event,
        approved=approved,
        reasons=reasons,
        conditions=conditions,
        criteria=[code for code in criteria.BY_CODE if code in codes],
        criteria_text="\n".join(named),
        signed_sha256=signed_sha256,
    )
    outcome = _("Idén bifalls. Ansökan får lämnas in.") if approved else _("Idén avslås.")
    sections: list[dict[str, Any]] = [
        {"title": _("Beslut"), "level": 2, "text": outcome},
        {"title": _("Motivering"), "level": 2, "text": reasons.replace("\n", "  \n")},
    ]
    if conditions:
        sections.append({"title": _("Villkor inför ansökan"), "level": 2, "text": conditions.replace("\n", "  \n")})
    if named:
        sections.append(
            {"title": _("Kriterier som inte uppfylls"), "level": 2, "text": "\n".join(f"- {it}" for it in named)}
        )
    sections.append({"title": _("Beslutet gäller"), "level": 2, "rows": _basis(case)})
    documents.freeze(
        event,
        "idea_decision",
        _("Beslut om idén: %(title)s") % {"title": case.title},
        {
            "lead": _("Beslutet är av förberedande art och kan inte överklagas."),
            "sections": sections,
            "approved": approved,
            "criteria": codes,
            "signed_sha256": signed_sha256,
        },
    )


def _basis(case: Case) -> list[list[str]]:
    rows = [[_("Projektägare"), case.owner.name]]
    for kind, label in (
        ("idea", _("Idéskissen som den lämnades in")),
        ("council_opinion", _("Rådets ställningstagande")),
    ):
        if document := case.documents.filter(kind=kind).order_by("-version").first():
            rows.append(
                [
                    label,
                    _("version %(no)d, kontrollsumma %(sum)s")
                    % {"no": document.version, "sum": document.content_sha256[:16]},
                ]
            )
    return rows
