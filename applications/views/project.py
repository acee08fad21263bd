"""A running project on one screen, for its steering group and all who follow it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications import sums
from applications.actions.reporting import reached
from applications.models import Baseline, ChangeDraft, Report, SteeringMeeting, SteeringMember, SteeringTask
from applications.models.investment import Line, standing
from applications.needs.following import owed, progress
from fundportal import plans
from fundportal.levels import rule
from fundportal.models import Case
from fundportal.views import parts
from fundportal.views.door import open_case, person


@dataclass(frozen=True)
class Risk:
    """A risk of the application, as it was handed in."""

    what: str
    value: int
    measure: str
    owner: str


def risks(case: Case) -> list[Risk]:
    """The risks of the application as it was last handed in, the greatest first."""
    paper = case.documents.filter(kind="application").order_by("-version").first()
    answers = json.loads(paper.content).get("answers", {}) if paper else {}
    found = [
        Risk(
            row["risk"],
            sums.risk_value(int(row["likelihood"]), int(row["consequence"])),
            row.get("measure", ""),
            row.get("owner", ""),
        )
        for row in answers.get("risker", {}).get("risks", [])
    ]
    return sorted(found, key=lambda risk: -risk.value)


@require_safe
def project(request: HttpRequest, number: str) -> HttpResponse:
    """Lights, money, indicators, reports, risks, the next meeting and open tasks: a constant number of questions."""
    case, user, at = open_case(request, number), person(request), timezone.now()
    today = timezone.localdate(at)
    told = Report.objects.filter(case=case).select_related("accepted", "returned", "event")
    reports = list(told.prefetch_related("event__documents", "spend__namnd"))
    newest = next((it for it in reports if it.returned_id is None), None)
    baselines = list(Baseline.objects.filter(case=case).select_related("event").prefetch_related("rows"))
    meetings = list(
        SteeringMeeting.objects.filter(case=case).select_related("told").prefetch_related("present", "told__uploads")
    )
    tasks = list(SteeringTask.objects.filter(case=case).select_related("done"))
    lines = standing(case)
    frame = parts.frame(case, user, at)
    context: dict[str, Any] = frame | {
        "part": "project",
        "lines": lines,
        "total": Line.of(lines),
        "newest": newest,
        "reached": reached(newest) if newest else [],
        "reports": reports,
        "standing": {it.pk for it in _standing(reports)},
        "owed": owed(case, today),
        "baselines": baselines,
        "indicators": progress(case, baselines[0] if baselines else None),
        "draft": ChangeDraft.objects.filter(case=case, closed=None).select_related("report").first(),
        "risks": risks(case),
        "coming": [it for it in meetings if it.told_id is None],
        "meetings": [it for it in reversed(meetings) if it.told_id is not None],
        "tasks": [(it, it.is_late(today)) for it in tasks if it.done_id is None],
        "finished": [it for it in tasks if it.done_id is not None],
        "members": list(SteeringMember.objects.filter(case=case).select_related("user", "namnd").order_by("-since")),
        "plan": plans.plan_of(case),
        "rule": rule(),
        "doable": {offer.row.name: offer.url for offer in frame["offers"]},
    }
    return render(request, "applications/project.html", context)


def _standing(reports: list[Report]) -> list[Report]:
    """The newest version of each period: the reports come newest first."""
    found: dict[tuple[int, str], Report] = {}
    for it in reports:
        found.setdefault((it.year, it.period), it)
    return list(found.values())
