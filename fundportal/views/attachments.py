"""The attachments of a sheet that is being written: read, add, remove, and what the virus check says of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fundportal import documents, flow, uploads, viruses
from fundportal.errors import Refused
from fundportal.forms import FilesField, PlainForm
from fundportal.models import Case, Upload, User
from fundportal.views.door import open_case, person
from fundportal.views.fieldwise import by_script
from fundportal.views.papers import SHEETS, may_read_loose, uploaded


class Attach(PlainForm):
    """Files to attach to a sheet."""

    attached = FilesField(label=gettext_lazy("Filer"))


@require_http_methods(["GET", "HEAD", "POST"])
def attachments(request: HttpRequest, number: str, sheet: str) -> HttpResponse:
    """The attachments of a sheet. The script sends one file at a time and is given the list anew."""
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
    if by_script(request):
        return _told(request, case, sheet, [*reasons, *(text for text, _at in form.summary())], writes=writes)
    if request.method == "POST" and not reasons and not form.errors:
        messages.success(request, _("Bilagorna är sparade i utkastet."))
        return redirect("attachments", number=number, sheet=sheet)
    context = {"case": case, "sheet": sheet, "form": form, "writes": writes, "reasons": reasons}
    context |= {"files": _rows(case, sheet), "allowed": uploads.ALLOWED_TEXT, "scanner": viruses.configured()}
    return render(request, "papers/attachments.html", context, status=422 if reasons or form.errors else 200)


def _told(request: HttpRequest, case: Case, sheet: str, reasons: list[str], *, writes: bool) -> JsonResponse:
    files = _rows(case, sheet)
    context = {"case": case, "files": files, "writes": writes}
    html = render_to_string("papers/_attached.html", context, request)
    answer = {"html": html, "reasons": reasons, "waiting": any(row["said"].state == "waiting" for row in files)}
    return JsonResponse(answer, status=422 if reasons else 200)


def _rows(case: Case, sheet: str) -> list[dict[str, Any]]:
    """The loose files of a sheet, with what is known of each."""
    loose = Upload.objects.filter(case=case, place=sheet, event=None).select_related("by", "virus_check")
    return [
        {
            "file": file,
            "said": (said := viruses.said(file)),
            "locked": said.state == "infected",
            "image": file.content_type in uploads.IMAGES and said.state != "infected",
        }
        for file in loose
    ]


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
    file = uploaded(request, case, pk)
    step = SHEETS.get(file.place)
    if file.event_id is not None or step is None or not flow.holds(case, person(request), step):
        raise PermissionDenied(_("Filen är inlämnad och kan inte tas bort."))
    documents.remove(file)
    messages.success(request, _("”%(name)s” är borttagen.") % {"name": file.name})
    return redirect("attachments", number=number, sheet=file.place)


urlpatterns = [
    path("filer/<int:pk>/ta-bort/", remove_upload, name="remove_upload"),
    path("bilagor/<slug:sheet>/", attachments, name="attachments"),
]
"""Mounted under a case's address."""
