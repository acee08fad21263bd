"""The history of a case: every event with its particulars, and whether the chain holds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fundportal import chain, exports, history
from fundportal.fields import whole_number
from fundportal.models import Case, Event
from fundportal.views import parts
from fundportal.views.case import with_files
from fundportal.views.door import open_case, person

PAGE = 30


@require_safe
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """All events, the oldest or the newest first, a page at a time."""
    case, user = open_case(request, number), person(request)
    newest_first = request.GET.get("ordning") != "aldst"
    events, more = _page(case, request.GET.get("fran", ""), newest_first=newest_first)
    known = history.names(events)
    frame = parts.frame(case, user)
    lines = [with_files(case, event, history.line(event, known, full=True), frame["all_papers"]) for event in events]
    order = "nyast" if newest_first else "aldst"
    context = frame | {
        "part": "history",
        "events": list(zip(events, lines, strict=True)),
        "newest_first": newest_first,
        "next": f"?ordning={order}&fran={events[-1].no}" if more else "",
        "first": f"?ordning={order}" if request.GET.get("fran") else "",
        "count": case.events.count(),
        "faults": chain.verify(case),
        "checked_at": timezone.now(),
        "may_export": exports.refuse_cases(user) is None,
    }
    return render(request, "cases/history.html", context)


def _page(case: Case, place: str, *, newest_first: bool) -> tuple[list[Event], bool]:
    """One page of events, each with its papers as links, and whether there are more."""
    rows = case.events.defer("body").prefetch_related("entries").order_by("-no" if newest_first else "no")
    if (no := whole_number(place)) is not None:
        rows = rows.filter(no__lt=no) if newest_first else rows.filter(no__gt=no)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE
