"""Pages of exports: what can be taken out, what has been, and the files."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import exports, queue
from fundportal.fields import whole_number
from fundportal.models import Case, Event
from fundportal.views.door import open_case, person

LOGGED = 50


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What can be taken out, and the log of what has been."""
    user = person(request)
    if reason := exports.refuse_lists(user):
        raise PermissionDenied(reason)
    before = whole_number(request.GET.get("fore", ""))
    log = exports.log_for(user)
    if before is not None:
        log = log.filter(pk__lt=before)
    shown = list(log[: LOGGED + 1])
    context = {
        "whole": exports.refuse_cases(user) is None,
        "log": shown[:LOGGED],
        "next": f"?fore={shown[LOGGED - 1].pk}" if len(shown) > LOGGED else "",
        "views": [(name, label) for name, (label, _q) in queue.VIEWS.items()],
    }
    return render(request, "exports/overview.html", context)


@require_safe
def cases(request: HttpRequest, kind: str) -> FileResponse:
    """The cases of the queue's filter: all of them, not only the page."""
    user, at = person(request), timezone.now()
    _known(kind)
    if reason := exports.refuse_lists(user):
        raise PermissionDenied(reason)
    wanted = queue.Wanted.read(request.GET)
    rows = queue.sort(queue.cases(user, wanted), wanted)
    what = _("Ärendelista, %(kind)s") % {"kind": kind.upper()}
    return send(exports.take_out(user, at, what, wanted.named, rows, exports.CASE_COLUMNS, kind), "arenden", kind)


@require_safe
def events(request: HttpRequest, kind: str) -> FileResponse:
    """Every event of the cases of a filter, for the auditor."""
    user, at = person(request), timezone.now()
    _known(kind)
    if reason := exports.refuse_cases(user):
        raise PermissionDenied(reason)
    wanted = queue.Wanted.read(request.GET)
    rows = Event.objects.filter(case__in=queue.cases(user, wanted).values("pk")).order_by("case_id", "no")
    what = _("Händelser, %(kind)s") % {"kind": kind.upper()}
    return send(exports.take_out(user, at, what, wanted.named, rows, exports.EVENT_COLUMNS, kind), "handelser", kind)


@require_safe
def one_case(request: HttpRequest, number: str, kind: str) -> FileResponse:
    """One case, for the auditor."""
    _known(kind)
    case: Case = open_case(request, number)
    if reason := exports.refuse_cases(person(request)):
        raise PermissionDenied(reason)
    return send(exports.take_out_case(person(request), timezone.now(), case, kind), case.number, kind)


def _known(kind: str) -> None:
    if kind not in exports.KINDS:
        raise Http404


def send(made: exports.File, name: str, kind: str) -> FileResponse:
    """A file that is ready, named with the day."""
    return send_as(made, f"{name}-{timezone.localdate().isoformat()}.{kind}", kind)


def send_as(made: exports.File, filename: str, kind: str) -> FileResponse:
    """A file that is ready, as a download with its hash."""
    response = FileResponse(made.file, as_attachment=True, filename=filename, content_type=exports.TABLES[kind])
    response["X-Content-SHA256"] = made.sha256
    return response
