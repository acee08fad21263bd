"""What the pages of a case share: its header, the eight stages, and the links to its parts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import access, flow, formatting
from fundportal.models import Case, CaseUserGrant, Event, User
from fundportal.models.people import PREFIX
from fundportal.process import STEPS, Role, Stage, Step
from fundportal.queue import COLORS, ICONS
from fundportal.views.sheets import SHEETS

PASSED: dict[Stage, StrOrPromise] = {
    Stage.IDEA: gettext_lazy("Inkom %(day)s"),
    Stage.COUNCIL: gettext_lazy("Klar %(day)s"),
    Stage.APPLICATION: gettext_lazy("Inkom %(day)s"),
    Stage.DECISION: gettext_lazy("Beslut %(day)s"),
    Stage.STEERING: gettext_lazy("Avslutad %(day)s"),
    Stage.EVALUATION: gettext_lazy("Inkom %(day)s"),
    Stage.REPAYMENT: gettext_lazy("Klar %(day)s"),
    Stage.ADJUSTMENT: gettext_lazy("Klar %(day)s"),
}


LAST = ("strike_note", "end_access", "declare_jav", "withdraw_jav", "withdraw", "discontinue")
"""Acts that stand last among the buttons, wherever the table has them."""


def frame(case: Case, user: User, at: datetime | None = None) -> dict[str, Any]:
    """What every page of a case draws: status, numbers, stages, offers and the links to its parts."""
    at = at or timezone.now()
    step = Step(case.step)
    offers = sorted(flow.offers(case, user, at), key=lambda offer: offer.row.name in LAST)
    told = list(
        Event.objects.filter(case=case).filter(MOVED | Q(role=Role.APPLICANT)).order_by("no").values_list(*TOLD)
    )
    papers = list(case.documents.defer("content").order_by("-created_at", "-id"))
    files = case.uploads.filter(event__isnull=False).count()
    return {
        "case": case,
        "user": user,
        "today": timezone.localdate(at),
        "step": step,
        "status": {"label": step.label, "color": COLORS.get(step, "malarbla"), "icon": ICONS.get(step, "Folder")},
        "dnrs": list(case.dnrs.all()),
        "offers": offers,
        "steps": stages(case, told),
        "contact": next((name for _from, _to, _at, role, name in reversed(told) if role == Role.APPLICANT), ""),
        "all_papers": papers,
        "ended": "" if case.stage else _("Ärendet är avslutat: %(step)s") % {"step": step.label},
        "writing": writing(case, user),
        "tabs": tabs(case, user, len(papers) + files),
        "years": _years(case),
    }


def _years(case: Case) -> str:
    if not case.first_year:
        return ""
    if not case.last_year or case.last_year == case.first_year:
        return str(case.first_year)
    return f"{case.first_year}–{case.last_year}"


MOVED = ~Q(from_step=F("to_step"))
TOLD = ("from_step", "to_step", "at", "role", "by_name")
Told = tuple[str, str, datetime, str, str]


def stages(case: Case, told: list[Told]) -> list[dict[str, Any]]:
    """The eight stages with the day each was passed, read from the moves of the case."""
    left: dict[Stage, datetime] = {}
    reached, now = 0, case.stage
    for from_step, to_step, at, _role, _name in told:
        source = STEPS[Step(from_step)].stage if from_step in Step.values else None
        target = STEPS[Step(to_step)].stage if to_step in Step.values else None
        if source and source != target:
            left[source] = at
        reached = max(reached, target or 0, source or 0)
    passed = (now or reached + (case.step == Step.CLOSED)) - 1
    return [_stage(stage, now, passed, left) for stage in Stage]


def _stage(stage: Stage, now: Stage | None, passed: int, left: dict[Stage, datetime]) -> dict[str, Any]:
    if stage == now:
        return {"label": stage.label, "state": "current", "meta": _("Pågår")}
    if stage > passed:
        return {"label": stage.label, "state": "todo", "meta": ""}
    day = left.get(stage)
    meta = str(PASSED[stage]) % {"day": formatting.day_short(day)} if day else ""
    return {"label": stage.label, "state": "done", "meta": meta}


PARTS: tuple[tuple[str, StrOrPromise], ...] = (
    ("case", gettext_lazy("Översikt")),
    ("project", gettext_lazy("Projektet")),
    ("evaluated", gettext_lazy("Utfall")),
    ("case_papers", gettext_lazy("Handlingar")),
    ("case_money", gettext_lazy("Ekonomi")),
    ("case_notes", gettext_lazy("Anteckningar")),
    ("history", gettext_lazy("Historik")),
)


WRITE: dict[str, StrOrPromise] = {
    "idea": gettext_lazy("Skriv idéskissen"),
    "application": gettext_lazy("Skriv ansökan"),
    "opinion": gettext_lazy("Skriv tjänsteutlåtandet"),
    "evaluation": gettext_lazy("Skriv utvärderingen"),
}


def writing(case: Case, user: User) -> list[dict[str, Any]]:
    """The drafts that the person writes in this case now: the main thing to do until they can be handed in."""
    return [
        {"label": WRITE.get(sheet.name, sheet.title), "url": reverse(sheet.name, kwargs={"number": case.number})}
        for sheet in SHEETS.values()
        if sheet.may_write(case, user)
    ]


def _has(name: str, case: Case, user: User) -> bool:
    """Whether a part of the case's pages is there for this person."""
    if name == "case_notes":
        return bool(user.roles_in(case) & access.THREAD)
    if name == "evaluated":
        return case.step == Step.CLOSED or (case.stage is not None and case.stage >= Stage.REPAYMENT)
    return name != "project" or _has_run(case)


def _has_run(case: Case) -> bool:
    """Whether the case is or has been a project: its money was granted."""
    early = case.stage is not None and case.stage < Stage.STEERING
    return not early and case.step not in (Step.REJECTED, Step.WITHDRAWN)


def tabs(case: Case, user: User, papers: int) -> list[dict[str, Any]]:
    """Links to the parts of the case, and to a draft that the person may write or read."""
    here = {"number": case.number}
    found = [
        {
            "name": name,
            "label": label,
            "url": reverse(name, kwargs=here),
            "count": papers if name == "case_papers" else "",
        }
        for name, label in PARTS
        if _has(name, case, user)
    ]
    drafts = [
        {"name": sheet.name, "label": sheet.title, "url": reverse(sheet.name, kwargs=here), "count": ""}
        for sheet in SHEETS.values()
        if case.step == sheet.step and (sheet.may_write(case, user) or sheet.may_read(case, user))
    ]
    return [found[0], *drafts, *found[1:]]


def people(case: Case, contact: str) -> list[dict[str, str]]:
    """Who is answerable: the officer, whoever did the applicant's latest act, and the steering group."""
    found = []
    if case.officer:
        found.append({"name": case.officer.get_full_name(), "role": _("Handläggare")})
    if contact:
        found.append({"name": contact, "role": _("Sökandens kontaktperson")})
    if case.stage is None or case.stage >= Stage.STEERING:
        grant = CaseUserGrant.objects.filter(content_object=case, permission__codename=PREFIX + Role.STEERING)
        members = grant.filter(user__is_active=True).select_related("user").order_by("user__last_name", "pk")
        found += [{"name": it.user.get_full_name(), "role": str(Role.STEERING.label)} for it in members]
    return found
