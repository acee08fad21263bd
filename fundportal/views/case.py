"""The case's own pages: the overview, its papers and its money."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import documents, exports, flow, history, hooks, ledger, officers, process, viruses
from fundportal.models import Case, Document, Entry, Event, Party, Upload, User
from fundportal.models.ledger import EntryKind
from fundportal.views import parts
from fundportal.views.door import open_case, person
from fundportal.views.papers import may_read_loose

LATEST = 6
PAPERS = 4
SHOWN_ENTRIES = 200

FILE_ICONS = {"application/pdf": "FilePdf", "text/csv": "FileCsv"}


def template(name: str) -> str | None:
    """The template by its name, if there is one: a step without its own part shows none."""
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return None
    return name


@require_safe
def overview(request: HttpRequest, number: str) -> HttpResponse:
    """The case at a glance: what to do, what it is about, deadlines, people, the latest events."""
    case, user, at = open_case(request, number), person(request), timezone.now()
    parties = list(case.parties.select_related("namnd"))
    case.party_list = [(party.namnd_id, party.part) for party in parties]
    frame = parts.frame(case, user, at)
    latest = list(case.events.defer("body").order_by("-no")[:LATEST])
    known = history.names(latest)
    about = summary(case, user)
    todo = [*_writing(frame["writing"]), *_tasks(case, frame["offers"])]
    context = frame | {
        "part": "case",
        "step_part": template(f"steps/{case.step}.html"),
        "summary": about,
        "tasks": todo,
        "waits": _waits(frame["offers"], todo),
        "turn": turn(case),
        "proposed": _proposed(case, user),
        "deadlines": [*hooks.deadlines(case, user), *deadlines(case)],
        "people": parts.people(case, frame["contact"]),
        "partners": [it for it in parties if it.part == Party.Part.PARTNER and not (about and it.accepted_at)],
        "events": [with_files(case, event, history.line(event, known), frame["all_papers"]) for event in latest],
        "event_count": latest[0].no if latest else 0,
        "papers": [document_row(case, paper) for paper in frame["all_papers"][:PAPERS]],
    }
    return render(request, "cases/case.html", context)


def summary(case: Case, user: User) -> SafeString:
    """What the project is about, in the words of the phase that knows it; nothing before anything is handed in."""
    return mark_safe(render_to_string("applications/_summary.html", {"case": case, "user": user}).strip())  # noqa: S308 -- a template


def _proposed(case: Case, user: User) -> officers.Proposed | None:
    """Whom the rules propose for a case that nobody has, where officers look."""
    if case.step != process.Step.IDEA_CHECK or case.officer_id or process.Role.OFFICER not in user.grants.everywhere:
        return None
    return officers.propose(case)


SIDE = {
    *("remind", "declare_jav", "withdraw_jav", "withdraw", "discontinue", "request_change", "exempt", "invite_partner"),
    *("withdraw_invitation", "leave_partnership", "extend_last_day"),
    *("write_note", "write_message", "strike_note", "end_access"),
    *("change_baseline", "return_report", "plan_steering_meeting", "minute_steering_meeting", "finish_steering_task"),
    *("exempt_part", "revoke_plan", "forecast_repayment"),
    *("withdraw_remiss", "renew_remiss_link", "revoke_remiss_link"),
    *("correct_payment", "correct_hand_back", "correct_reconciliation"),
}
"""Acts that are open all along and that no one waits for: buttons, but no tasks."""
ASKED = {"extend_remiss": "refuse_more_time"}
"""To say yes is a task when there is something to say no to."""


def _tasks(case: Case, offers: list[flow.Offer]) -> list[dict[str, Any]]:
    """What waits for the person here and can be done now, the main thing first."""
    ready = [offer for offer in offers if not offer.missing and offer.row.name not in SIDE]
    names = {offer.row.name for offer in ready}
    side = {yes for yes, no in ASKED.items() if no not in names} | ({"assign"} if case.officer_id else set())
    if case.step != process.Step.IDEA_CHECK:  # what has left it has its diarienummer; another may be added
        side.add("register")
    return [
        {"label": offer.row.label, "url": offer.url, "state": "todo", "state_label": _("Kan göras nu")}
        for offer in sorted(ready, key=lambda offer: not offer.main)
        if offer.row.name not in side
    ]


def _waits(offers: list[flow.Offer], todo: list[dict[str, Any]]) -> list[flow.Offer]:
    """What the person cannot do yet and the case's way goes through; who has nothing to do is told of the rest too."""
    waiting = [offer for offer in offers if offer.missing and offer.row.name not in SIDE]
    return [offer for offer in waiting if offer.row.to or not todo]


def _writing(writing: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**draft, "state": "todo", "state_label": _("Kan göras nu")} for draft in writing]


def turn(case: Case) -> str:
    """Whose turn it is, in a sentence; nothing when the case has ended."""
    if case.owner_role is None:
        return ""
    role = str(process.Role(case.owner_role).label).lower()
    return _("Nu ligger ärendet hos %(role)s.") % {"role": HANDS.get(case.owner_role, role)}


HANDS = {
    process.Role.APPLICANT: "sökanden",
    process.Role.OFFICER: "handläggaren på stadsledningskontoret",
    process.Role.COUNCIL: "rådet för sociala investeringar",
    process.Role.DIRECTOR: "stadsdirektören",
    process.Role.CONTROLLER: "controllern på stadsledningskontoret",
    process.Role.STEERING: "styrgruppen",
}


def deadlines(case: Case) -> list[dict[str, Any]]:
    """The last day of the step the case stands on, and of the round while the idea is written."""
    found = []
    if case.due_on:
        found.append({"on": case.due_on, "what": process.Step(case.step).label})
    if case.step == process.Step.IDEA:
        found.append({"on": case.round.closes_on, "what": _("Omgången ”%(name)s” stänger") % {"name": case.round.name}})
    return sorted(found, key=lambda item: item["on"])


def with_files(case: Case, event: Event, line: history.Line, papers: list[Document]) -> history.Line:
    """The line with links to the papers that the act made."""
    line.files.extend(document_row(case, paper) for paper in papers if paper.event_id == event.pk)
    return line


def document_row(case: Case, paper: Document) -> dict[str, Any]:
    """A paper as a link; while it is being printed the link leads to its text."""
    return {
        "name": f"{documents.label(paper.kind)}: {paper.title}" if paper.title == case.title else paper.title,
        "version": paper.version,
        "url": reverse("document", kwargs={"number": case.number, "pk": paper.pk}),
        "pdf": reverse("document_pdf", kwargs={"number": case.number, "pk": paper.pk}),
        "icon": "FilePdf" if paper.printed_at else "Hourglass",
        "size": paper.size,
        "note": "" if paper.printed_at else _("skrivs ut"),
        "at": paper.created_at,
        "sha256": paper.sha256,
        "content_sha256": paper.content_sha256,
        "kind": paper.kind,
    }


def upload_row(case: Case, file: Upload) -> dict[str, Any]:
    """An attached file as a link."""
    return {
        "name": file.name,
        "url": reverse("upload", kwargs={"number": case.number, "pk": file.pk}),
        "icon": FILE_ICONS.get(file.content_type, "Paperclip"),
        "size": file.size,
        "at": file.at,
        "by": file.by.get_full_name() if file.by else file.event.by_name if file.event else "",
        "sha256": file.sha256,
        "loose": file.event_id is None,
        "said": viruses.said(file),
    }


@require_safe
def papers(request: HttpRequest, number: str) -> HttpResponse:
    """Every paper and file of the case. A draft's loose files are for those who write it only."""
    case, user = open_case(request, number), person(request)
    files = [
        file
        for file in case.uploads.select_related("by", "event", "virus_check").order_by("at", "id")
        if file.event_id is not None or may_read_loose(file.place, case, user)
    ]
    frame = parts.frame(case, user)
    context = frame | {
        "part": "case_papers",
        "documents": [document_row(case, paper) for paper in frame["all_papers"]],
        "uploads": [upload_row(case, file) for file in files],
    }
    return render(request, "cases/papers.html", context)


@require_safe
def money(request: HttpRequest, number: str) -> HttpResponse:
    """The money of the case: where it stands, per year and use, and every entry with the act behind it."""
    case, user = open_case(request, number), person(request)
    rows = Entry.objects.filter(case=case).select_related("event", "namnd").order_by("-id")
    shown = list(rows[:SHOWN_ENTRIES])
    position = ledger.position(case.fund, case)
    context = parts.frame(case, user) | {
        "part": "case_money",
        "position": position,
        "facts": _money_facts(case, position),
        "per_year": per_year(case),
        "entries": [(entry, history.title(entry.event)) for entry in shown],
        "may_export": exports.refuse_cases(user) is None,
    }
    return render(request, "cases/money.html", context)


def _money_facts(case: Case, position: ledger.Position) -> list[tuple[str, Any]]:
    return [
        (_("Sökt"), case.requested),
        (_("Beviljat"), position.granted),
        (_("Utbetalt"), position.paid),
        (_("Intecknat, kvar att betala ut"), position.earmarked),
        (_("Återlämnat, aldrig utbetalt"), position.released),
        (_("Återlämnat, tidigare utbetalt"), position.handed_back),
        (_("Återfört"), position.repaid),
    ]


def per_year(case: Case) -> list[dict[str, Any]]:
    """Granted, paid, handed back and repaid by year."""
    sums = Entry.objects.filter(case=case).order_by("year").values_list("year", "kind").annotate(sum=Sum("signed"))
    years: dict[int | None, dict[str, Any]] = {}
    for year, kind, amount in sums:
        years.setdefault(year, {})[kind] = amount
    zero = ledger.ZERO
    return [
        {
            "year": year or "–",
            "granted": by.get(EntryKind.GRANTED, zero) - by.get(EntryKind.REDUCED, zero),
            "paid": by.get(EntryKind.PAID, zero),
            "released": by.get(EntryKind.RELEASED, zero) + by.get(EntryKind.HANDED_BACK, zero),
            "repaid": by.get(EntryKind.REPAID, zero),
        }
        for year, by in sorted(years.items(), key=lambda pair: pair[0] or 0)
    ]
