"""Pages on versions of what is handed in: differences, what changed since an endorsement, the draft as a PDF."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import CompletionQuestion
from applications.needs import SHEETS
from applications.sheets.budget import AVAILABLE
from applications.sheets.lapse import changes, endorsements
from fundportal import difference as compare
from fundportal import documents, previews, printing, tasks, uploads
from fundportal.drafts import Sheet
from fundportal.fields import whole_number
from fundportal.models import Case, Document
from fundportal.views.door import open_case, person


def named(name: str) -> Sheet:
    """The idea or the application, by its name in the URL."""
    if name not in SHEETS:
        raise Http404
    return SHEETS[name]


@require_safe
def difference(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """What differs between two frozen versions of a paper: any two, the two newest to begin with."""
    case = open_case(request, number)
    papers = {paper.version: paper for paper in case.documents.filter(kind=kind).select_related("event")}
    if not papers:
        raise Http404
    versions = sorted(papers)
    newest = _version(request, "till", papers, versions[-1])
    older = _version(request, "fran", papers, max((one for one in versions if one < newest), default=newest))
    before, after = papers[older], papers[newest]
    context = {
        "case": case,
        "kind": kind,
        "label": documents.label(kind),
        "versions": [papers[one] for one in versions],
        "before": before,
        "after": after,
        "differing": compare.of(_sections(before), _sections(after), aside={str(AVAILABLE)}),
        "asked": _asked(case, after),
    }
    return render(request, "applications/difference.html", context)


def _version(request: HttpRequest, name: str, papers: dict[int, Document], otherwise: int) -> int:
    chosen = whole_number(request.GET.get(name, ""), 4)
    return chosen if chosen in papers else otherwise


def _sections(paper: Document) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(paper.content).get("sections", [])
    return found


def _asked(case: Case, paper: Document) -> list[CompletionQuestion]:
    """What was asked before this version came in, with the answers."""
    asked = CompletionQuestion.objects.filter(completion__case=case, completion__met_at=paper.created_at)
    return list(asked.filter(completion__sheet=paper.kind))


@require_safe
def endorsed(request: HttpRequest, number: str, sheet: str) -> HttpResponse:
    """What has changed since each board endorsed what it is to endorse."""
    case, kind = open_case(request, number), named(sheet)
    if not kind.may_read(case, person(request)):
        raise PermissionDenied(_("Utkastet är stängt för dig. Det som lämnats in finns under Handlingar i ärendet."))
    filled = kind.filled(case)
    given = [(one, changes(filled, one)) for one in endorsements(filled).values()]
    return render(request, "applications/endorsed.html", {"case": case, "sheet": kind, "given": given})


@require_safe
def preview(request: HttpRequest, number: str, sheet: str) -> HttpResponseBase:
    """The draft as the PDF it will become. Printed by the worker: until it is ready the page asks again by itself."""
    case, kind = open_case(request, number), named(sheet)
    if case.step != kind.step or not kind.may_read(case, person(request)):
        raise PermissionDenied(_("Utkastet är stängt för dig. Det som lämnats in finns under Handlingar i ärendet."))
    filled = kind.filled(case)
    title = f"{kind.title}: {case.title}"
    name, known = previews.ask(case, str(kind.title), title, filled.sections(), timezone.now())
    if not known:
        tasks.ask_preview(name)
    if (pdf := previews.found(name)) is not None:
        file = uploads.safe_name(_("%(number)s %(kind)s utkast.pdf") % {"number": case.number, "kind": kind.title})
        answer = HttpResponse(pdf, content_type="application/pdf")
        answer["Content-Disposition"] = content_disposition_header(True, file) or ""
        answer["Cache-Control"] = "private, no-store"
        return answer
    waited = previews.waited(name)
    context = {"case": case, "sheet": kind, "can_print": printing.available(), "slow": waited > SLOW}
    page = render(request, "applications/preview.html", context, status=202)
    if context["can_print"] and waited < GIVE_UP:
        page["Refresh"] = "2"
    return page


SLOW, GIVE_UP = 20, 120
"""Seconds until the page says that it takes long, and until it stops asking by itself."""
