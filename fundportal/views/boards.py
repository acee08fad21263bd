"""Pages of the city's boards: those that exist and those that have ended, a new one, and one with its last day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fundportal import boards, history, house, kept
from fundportal.board_forms import NOBODY, Ending, Keeping, NewBoard, Particulars
from fundportal.errors import Refused
from fundportal.formatting import day
from fundportal.forms import PlainForm
from fundportal.models import Namnd, User
from fundportal.process import Role
from fundportal.views.door import holder

READS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
GROUPS = (
    ("stadsdelar", gettext_lazy("Stadsdelsnämnder"), (Namnd.Kind.DISTRICT,)),
    ("fack", gettext_lazy("Facknämnder"), (Namnd.Kind.SPECIALIST,)),
    ("ovriga", gettext_lazy("Kommunstyrelsen och andra"), (Namnd.Kind.BOARD, Namnd.Kind.OTHER)),
)

house.PLACES.append(
    house.Place(
        "boards",
        gettext_lazy("Nämnder"),
        gettext_lazy("Stadens nämnder: lägg upp nya, bestäm sista dag och vem som tar över när en nämnd upphör."),
        READS,
        "Buildings3",
    )
)


def _administrator(request: HttpRequest) -> User:
    why = _("Nämnder läggs upp och ändras av en administratör. Den rollen har inte du.")
    return holder(request, {Role.ADMINISTRATOR}, why)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every board: those that exist by kind, then those that have ended, with who took over."""
    user = holder(request, READS, _("Nämnderna läses av administratörer och revisorer."))
    today = timezone.localdate()
    everyone = list(Namnd.objects.select_related("successor").order_by("name"))
    after: dict[int, list[str]] = {}
    for it in everyone:
        if it.successor_id:
            after.setdefault(it.successor_id, []).append(it.short)
    rows = [(it, _state(it, today), after.get(it.pk, [])) for it in everyone]
    there = [row for row in rows if row[1] != "ended"]
    ended = sorted((row for row in rows if row[1] == "ended"), key=lambda row: row[0].active_to or today, reverse=True)
    groups = [(key, label, [row for row in there if row[0].kind in kinds]) for key, label, kinds in GROUPS]
    context = {"groups": [group for group in groups if group[2]], "ended": ended}
    manages = Role.ADMINISTRATOR in user.grants.everywhere
    return render(request, "boards/boards.html", context | {"manages": manages})


def _state(namnd: Namnd, today: date) -> str:
    """Where a board is in its life: to come, there, ending by a day that is said, or ended."""
    if namnd.active_to and namnd.active_to < today:
        return "ended"
    if namnd.active_from > today:
        return "coming"
    return "ending" if namnd.active_to else "there"


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponseBase:
    """Add a board."""
    by = _administrator(request)
    if request.method != "POST":
        again = kept.take(request)
        form = NewBoard(initial=NewBoard(again).typed() if again is not None else None)
        return render(request, "boards/new.html", {"form": form})
    form = NewBoard(request.POST)
    if form.is_valid():
        try:
            made = boards.add(by, timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("%(namnd)s är upplagd.") % {"namnd": made.name})
            return redirect("board", pk=made.pk)
    return render(request, "boards/new.html", {"form": form, "errors": form.summary()}, status=422)


def _forms(namnd: Namnd, data: Any = None, what: str = "") -> dict[str, PlainForm]:
    """The page's forms: the one that was sent with what was typed in it, the others as they stand."""
    told: dict[str, Any] = {name: getattr(namnd, name) for name in ("name", "short", "email", "active_from")}
    lasts = {"last_day": namnd.active_to, "successor": namnd.successor_id or NOBODY} if namnd.active_to else None
    return {
        "change": Particulars(data if what == "change" else None, initial=told),
        "end": Ending(data if what == "end" else None, of=namnd, initial=lasts),
        "keep": Keeping(data if what == "keep" else None),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A board: what hangs on it, its last day and who takes over, its particulars, and what was done to it."""
    by = _administrator(request)
    namnd = get_object_or_404(Namnd.objects.select_related("successor"), pk=pk)
    if request.method != "POST":
        return _show(request, namnd, _again(request, namnd))
    what = request.POST.get("do", "")
    forms = _forms(namnd, request.POST, what)
    if what not in forms:
        return redirect("board", pk=pk)
    form = forms[what]
    if form.is_valid():
        try:
            said = _do(what, by, namnd, form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
            namnd = get_object_or_404(Namnd.objects.select_related("successor"), pk=pk)
        else:
            messages.success(request, said)
            return redirect("board", pk=pk)
    return _show(request, namnd, forms, form.summary())


def _again(request: HttpRequest, namnd: Namnd) -> dict[str, PlainForm]:
    """The forms as they stand; what was typed in one of them when the session ended is there again."""
    forms = _forms(namnd)
    if (again := kept.take(request)) is not None and (what := again.get("do", "")) in forms:
        forms[what].initial.update(_forms(namnd, again, what)[what].typed())
    return forms


def _do(what: str, by: User, namnd: Namnd, told: dict[str, Any]) -> str:
    """Do what a form says, and answer with the words that say so."""
    now = timezone.now()
    if what == "change":
        boards.change(by, now, namnd, **told)
        return _("Uppgifterna är sparade.")
    if what == "keep":
        boards.end(by, now, namnd, last_day=None, successor=None, **told)
        return _("%(namnd)s finns tills vidare.") % {"namnd": namnd.name}
    boards.end(by, now, namnd, **told)
    return _("Sista dagen är sparad: %(namnd)s finns till och med den %(day)s.") % {
        "namnd": namnd.name,
        "day": day(told["last_day"]),
    }


def _show(
    request: HttpRequest, namnd: Namnd, forms: dict[str, PlainForm], errors: list[tuple[str, str]] | None = None
) -> HttpResponse:
    events = list(boards.events(namnd)[:30])
    known = history.names(events)
    context = {
        "namnd": namnd,
        "state": _state(namnd, timezone.localdate()),
        "before": list(namnd.predecessors.order_by("name")),
        "touched": boards.touched(namnd),
        "forms": forms,
        "errors": errors or [],
        "events": [(event, history.line(event, known, full=True)) for event in events],
    }
    return render(request, "boards/board.html", context, status=422 if errors else 200)


urlpatterns = [
    path("administration/namnder/", overview, name="boards"),
    path("administration/namnder/ny/", add, name="board_new"),
    path("administration/namnder/<int:pk>/", one, name="board"),
]
