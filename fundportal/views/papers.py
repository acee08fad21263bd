"""Papers of a case: read a frozen one, take home its PDF, take home or see an attached file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import documents, printing, small_numbers, tasks, uploads, viruses
from fundportal.models import Case, Document, Upload, User
from fundportal.process import STEPS, Role, Step
from fundportal.views.door import open_case, person

SHEETS = {
    "idea": Step.IDEA,
    "application": Step.APPLICATION,
    "evaluation": Step.EVALUATION,
    "opinion": Step.PREPARATION,
}
"""Where attachments may lie loose: the sheet they belong to, and the step on which it is written."""


@require_safe
def document(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A frozen paper on the screen: the same content as in print, also while the PDF is being printed."""
    case = open_case(request, number)
    paper = _paper(case, pk)
    versions = Document.objects.filter(case=paper.case, kind=paper.kind).exclude(pk=paper.pk).defer("content")
    whole = small_numbers.may_see(person(request), case)
    return shown_paper(request, paper, "papers/document.html", whole=whole, versions=versions)


def shown_paper(
    request: HttpRequest, paper: Document, layout: str, *, whole: bool = False, **more: Any
) -> HttpResponse:
    """A paper drawn in a page of `layout`, `whole` for those who may see small numbers.

    Whoever asks has seen to that it may be read.
    """
    context = printing.context(paper, documents.label(paper.kind), whole=whole)
    context |= {"layout": layout, "can_print": paper.printed_at is not None or printing.available(), **more}
    return render(request, paper.template, context)


def stored_pdf(paper: Document, *, whole: bool = False) -> FileResponse | None:
    """The PDF of a paper to take home; nothing to those who may not see small numbers in it, nor until it is printed.

    Then it is printed before all others, since someone waits. Whoever asks has seen to the right to the paper.
    """
    if paper.printed_at is None:
        tasks.ask_paper(paper.pk)
        return None
    if not whole and keeps_back(paper):
        return None
    return download(paper.file, documents.file_name(paper), "application/pdf")


def keeps_back(paper: Document) -> bool:
    """Whether the paper has small numbers that not everyone sees: then its PDF is for those who do."""
    return bool(json.loads(paper.content).get("small"))


def stored_file(file: Upload) -> FileResponse:
    """An attached file to take home, unless a virus was found in it. Whoever asks has seen to the right."""
    if viruses.found_in(file):
        raise PermissionDenied(_("Ett virus har hittats i ”%(name)s”. Filen är spärrad.") % {"name": file.name})
    return download(file.file, file.name, file.content_type)


@require_safe
def document_pdf(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """The PDF of a frozen paper; until it is printed, the page that shows its content."""
    case = open_case(request, number)
    paper = _paper(case, pk)
    if made := stored_pdf(paper, whole=small_numbers.may_see(person(request), case)):
        return made
    if paper.printed_at is None:
        messages.info(request, _("PDF-filen skrivs ut just nu. Här är innehållet; ladda om sidan om en stund."))
    else:
        messages.info(request, _("Handlingen har små tal som inte visas för alla. Här är innehållet utan dem."))
    return redirect("document", number=number, pk=pk)


@require_safe
def upload(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """A file that someone attached. What is not handed in is for those who write."""
    file = uploaded(request, open_case(request, number), pk)
    return stored_file(file)


@require_safe
def upload_image(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """An attached image to be seen in a page: no other kind of file is shown, and nothing in it can run."""
    file = uploaded(request, open_case(request, number), pk)
    if file.content_type not in uploads.IMAGES:
        raise Http404
    response = stored_file(file)
    response["Content-Disposition"] = "inline"
    return response


def may_read_loose(place: str, case: Case, user: User) -> bool:
    """Whether the person may read what lies loose in a draft: those who write it, and the manager who endorses it."""
    step = SHEETS.get(place)
    if step is None:
        return False
    role = STEPS[step].owner
    return any(
        user.acts_as(held, case) for held in (role, *((Role.MANAGER,) if role == Role.APPLICANT else ())) if held
    )


def _paper(case: Case, pk: int) -> Document:
    paper = Document.objects.filter(case=case, pk=pk).first()
    if paper is None:
        raise Http404
    paper.case = case
    return paper


def uploaded(request: HttpRequest, case: Case, pk: int) -> Upload:
    """A file of the case that the person may read; 404 otherwise."""
    file = Upload.objects.filter(case=case, pk=pk).select_related("virus_check").first()
    if file is None or (file.event_id is None and not may_read_loose(file.place, case, person(request))):
        raise Http404
    return file


def download(file: str, name: str, content_type: str) -> FileResponse:
    """Send a stored file to be saved, never to be shown by the browser as ours."""
    where: Path = documents.path(file)
    if not where.is_file():
        raise Http404
    response = FileResponse(where.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("handlingar/<int:pk>/", document, name="document"),
    path("handlingar/<int:pk>/pdf/", document_pdf, name="document_pdf"),
    path("filer/<int:pk>/", upload, name="upload"),
    path("filer/<int:pk>/bild/", upload_image, name="upload_image"),
]
"""Mounted under a case's address."""
