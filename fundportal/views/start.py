"""The start page: what waits for this person, what is late, what has happened, and how the fund stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import formatting, history, hooks, queue, todo
from fundportal.models import Case, Event, Round, User
from fundportal.process import Role
from fundportal.queue import Wanted
from fundportal.views.cases import fund_bar
from fundportal.views.door import person

TASKS = 10
MINE = 6
EVENTS = 6
MOVED = 50
"""Among how many cases, those that moved last, the latest events are looked for."""


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """One page for all roles: each part is drawn for those it concerns."""
    user, today = person(request), timezone.localdate()
    roles, central = user.roles(), bool(user.grants.everywhere & queue.CENTRAL)
    waiting = todo.tasks(user, TASKS + 1)
    found = queue.counts(user, {"late": (queue.of_view("", user) & queue.of_due("passerad", today), queue.SMALL_CAP)})
    context = {
        "tasks": waiting[:TASKS],
        "more": len(waiting) > TASKS,
        "count": len(waiting),
        "late": queue.said(found["late"]) if found["late"] else "",
        "late_url": reverse("cases") + Wanted(due="passerad").address(),
        "events": events(user),
        "glances": hooks.glances(user) if central else [],
        "fund": fund_bar() if central else None,
        "rounds": rounds(today) if Role.APPLICANT in roles else [],
        "applicant": Role.APPLICANT in roles,
        "auditor": Role.AUDITOR in roles,
        "outside": roles == {Role.ADMINISTRATOR},
        "decides": Role.DIRECTOR in roles,
        "mine": mine(user),
        "greeting": _("Hej %(name)s") % {"name": user.first_name},
        "roles": formatting.in_words([str(role.label) for role in Role if role in roles]),
        "none": not roles,
    }
    return render(request, "start/start.html", context)


def mine(user: User) -> list[dict[str, Any]]:
    """The cases in hand, nearest deadline first: light rows."""
    if not user.roles() - {Role.AUDITOR, Role.ADMINISTRATOR}:
        return []
    return queue.page(user, Wanted(view="mina"), MINE).rows


def events(user: User) -> list[history.Line]:
    """The latest that others did in the cases in hand; in all visible cases for those who follow the whole fund."""
    rows = Case.objects.visible_to(user)
    if not user.grants.everywhere - {Role.OFFICER}:
        rows = rows.filter(queue.mine(user))
    moved = list(rows.order_by("-entered_at").values_list("pk", flat=True)[:MOVED])
    shown = Event.objects.filter(case__in=moved).exclude(by=user).defer("body").select_related("case")
    shown = shown.order_by("-at", "-id")[:EVENTS]
    latest = list(shown)
    known = history.names(latest)
    return [_linked(event, history.line(event, known)) for event in latest]


def _linked(event: Event, line: history.Line) -> Any:
    number, title = (event.case.number, event.case.title) if event.case else ("", "")
    return {
        "title": f"{line.title}: {title}",
        "url": reverse("case", kwargs={"number": number}),
        "at": line.at,
        "who": line.who,
        "note": number,
        "kind": line.kind,
        "icon": line.icon,
    }


def rounds(today: Any) -> list[Round]:
    """Rounds that take ideas today."""
    open_now = Round.objects.filter(opens_on__lte=today, closes_on__gte=today, fund__status="open")
    return list(open_now.select_related("fund").order_by("closes_on"))
