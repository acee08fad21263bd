"""Papers of a case: read a frozen one, take home its PDF, take home, attach and remove files."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fundportal import documents, flow, printing, uploads
from fundportal.errors import Refused
from fundportal.forms import FilesField, PlainForm
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
    paper = _paper(open_case(request, number), pk)
    context = printing.context(paper, documents.label(paper.kind))
    context |= {
        "layout": "papers/document.html",
        "can_print": paper.printed_at is not None or printing.available(),
        "versions": Document.objects.filter(case=paper.case, kind=paper.kind).exclude(pk=paper.pk).defer("content"),
    }
    return render(request, paper.template, context)


@require_safe
def document_pdf(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """The PDF of a frozen paper; until it is printed, the page that shows its content."""
    paper = _paper(open_case(request, number), pk)
    if paper.printed_at is None:
        messages.info(request, _("PDF-filen skrivs ut just nu. Här är innehållet; ladda om sidan om en stund."))
        return redirect("document", number=number, pk=pk)
    return _download(paper.file, documents.file_name(paper), "application/pdf")


@require_safe
def upload(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """A file that someone attached. What is not handed in is for those who write."""
    file = _upload(request, open_case(request, number), pk)
    return _download(file.file, file.name, file.content_type)


class Attach(PlainForm):
    """Files to attach to a sheet."""

    attached = FilesField(label=_("Filer"))


@require_http_methods(["GET", "HEAD", "POST"])
def attachments(request: HttpRequest, number: str, sheet: str) -> HttpResponse:
    """The attachments of a sheet that is being written: read, add, remove."""
    case, user = open_case(request, number), person(request)
    if sheet not in SHEETS:
        raise Http404
    if not may_read_loose(sheet, case, user):
        raise PermissionDenied(_("Utkastets bilagor är stängda för dig. Det som lämnats in finns under Handlingar."))
    writes = flow.holds(case, user, SHEETS[sheet])
    if request.method == "POST" and not writes:
        raise PermissionDenied(_("Utkastet är inlämnat, så bilagorna kan inte ändras."))
    form = Attach(request.POST, request.FILES) if request.method == "POST" else Attach()
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        reasons = _attach(case, user, sheet, form.cleaned_data["attached"])
        if not reasons:
            messages.success(request, _("Bilagorna är sparade i utkastet."))
            return redirect("attachments", number=number, sheet=sheet)
    loose = Upload.objects.filter(case=case, place=sheet, event=None).select_related("by")
    context = {"case": case, "sheet": sheet, "form": form, "files": loose, "writes": writes, "reasons": reasons}
    context |= {"allowed": uploads.ALLOWED_TEXT}
    return render(request, "papers/attachments.html", context, status=422 if reasons or form.errors else 200)


def _attach(case: Case, user: User, sheet: str, files: list[UploadedFile]) -> list[str]:
    """Keep each file; what is wrong with those that could not be kept. None comes in beside what was handed in."""
    reasons: list[str] = []
    with transaction.atomic():
        if Case.objects.select_for_update(of=("self",)).get(pk=case.pk).step != SHEETS[sheet]:
            return [_("Utkastet lämnades in medan du valde filer, så bilagorna är inte sparade.")]
        for file in files:
            try:
                documents.store(case, user, timezone.now(), sheet, file)
            except Refused as refused:
                reasons += refused.reasons
    return reasons


@require_POST
def remove_upload(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take away a file from a draft."""
    case = open_case(request, number)
    file = _upload(request, case, pk)
    step = SHEETS.get(file.place)
    if file.event_id is not None or step is None or not flow.holds(case, person(request), step):
        raise PermissionDenied(_("Filen är inlämnad och kan inte tas bort."))
    documents.remove(file)
    messages.success(request, _("”%(name)s” är borttagen.") % {"name": file.name})
    return redirect("attachments", number=number, sheet=file.place)


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


def _upload(request: HttpRequest, case: Case, pk: int) -> Upload:
    file = Upload.objects.filter(case=case, pk=pk).first()
    if file is None or (file.event_id is None and not may_read_loose(file.place, case, person(request))):
        raise Http404
    return file


def _download(file: str, name: str, content_type: str) -> FileResponse:
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
    path("filer/<int:pk>/ta-bort/", remove_upload, name="remove_upload"),
    path("bilagor/<slug:sheet>/", attachments, name="attachments"),
]
"""Mounted under a case's address."""
