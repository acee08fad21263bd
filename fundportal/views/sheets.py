"""Pages of a sheet: the hub, each part, and the review before it is handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import flow, formatting, kept
from fundportal.drafts import PartForm, Sheet
from fundportal.errors import Refused
from fundportal.fields import whole_number
from fundportal.forms import change_rows, rows_asked
from fundportal.models import Case, User
from fundportal.views.door import open_case, person

View = Callable[..., HttpResponseBase]
SHEETS: dict[str, Sheet] = {}
"""Every sheet that has pages, by name: the case page links to the one that is open for writing."""


def sheet_urls(prefix: str, sheet: Sheet) -> list[URLPattern]:
    """The three pages of a sheet under a case: names are `<sheet>`, `<sheet>_review` and `<sheet>_part`."""
    SHEETS[sheet.name] = sheet
    return [
        path(f"{prefix}/", hub(sheet), name=sheet.name),
        path(f"{prefix}/granska/", review(sheet), name=f"{sheet.name}_review"),
        path(f"{prefix}/<slug:slug>/", part(sheet), name=f"{sheet.name}_part"),
    ]


def _open(request: HttpRequest, number: str, sheet: Sheet) -> tuple[Case, bool]:
    """The case and whether the person may write; raises 403 with the reason if she may not even read the draft."""
    case, user = open_case(request, number), person(request)
    writes = sheet.may_write(case, user)
    if not writes and not (case.step == sheet.step and sheet.may_read(case, user)):
        raise PermissionDenied(_("Utkastet är stängt för dig. Det som lämnats in finns under Handlingar i ärendet."))
    return case, writes


def hub(sheet: Sheet) -> View:
    """The sheet's front page: its parts, what is begun and what is done."""

    def view(request: HttpRequest, number: str) -> HttpResponse:
        case, writes = _open(request, number, sheet)
        filled = sheet.filled(case)
        context = {
            "case": case,
            "sheet": sheet,
            "writes": writes,
            "parts": _parts(case, sheet, filled, person(request)),
            "filled": filled,
        }
        return render(request, "sheets/hub.html", context)

    return view


def _parts(case: Case, sheet: Sheet, filled: Any, user: User) -> list[dict[str, Any]]:
    """The parts with how far they have come; `closed` says why the person may not write in one."""
    states = filled.states()
    return [
        {
            "title": part.title,
            "slug": part.slug,
            "url": reverse(f"{sheet.name}_part", kwargs={"number": case.number, "slug": part.slug}),
            "state": states[part.slug],
            "draft": filled.drafts.get(part.slug),
            "closed": sheet.closed(case, user, part),
        }
        for part in sheet.parts_of(case)
    ]


def review(sheet: Sheet) -> View:
    """Everything that was written, what is missing with links, and the acts that hand it in."""

    def view(request: HttpRequest, number: str) -> HttpResponse:
        case, writes = _open(request, number, sheet)
        filled, user, at = sheet.filled(case), person(request), timezone.now()
        wanted = {sheet.submit, sheet.submit.replace("submit_", "endorse_")}
        context = {
            "case": case,
            "sheet": sheet,
            "writes": writes,
            "filled": filled,
            "parts": _parts(case, sheet, filled, person(request)),
            "gaps": filled.gaps(),
            "closed": [part.slug for part in sheet.parts_of(case) if sheet.closed(case, user, part)],
            "offers": [offer for offer in flow.offers(case, user, at) if offer.row.name in wanted],
        }
        return render(request, "sheets/review.html", context)

    return view


def part(sheet: Sheet) -> View:
    """One part: saved as typed, valid or not. Errors are told at the review; wrong shapes are shown, never lost."""

    def view(request: HttpRequest, number: str, slug: str) -> HttpResponseBase:
        case, writes = _open(request, number, sheet)
        kind = sheet.part(slug, case)
        if kind is None:
            raise Http404
        if writes and (reason := sheet.closed(case, person(request), kind)):
            return _closed(request, case, sheet, kind, reason)
        if not writes:
            return redirect(f"{sheet.name}_review", number=number)
        filled = sheet.filled(case)
        again = None if request.method == "POST" else kept.take(request)
        if request.method != "POST":
            typed = kind(again, case=case).typed() if again is not None else filled.typed(slug)
            return _show(request, case, sheet, filled, kind, typed)
        return _save(request, case, sheet, filled, kind)

    return view


def _closed(request: HttpRequest, case: Case, sheet: Sheet, kind: type[PartForm], reason: str) -> HttpResponse:
    """A part that others write: read it, and why it is closed. Nothing that is sent to it is kept."""
    if request.method == "POST" and _by_script(request):
        return JsonResponse({"saved": False, "message": reason}, status=403)
    filled = sheet.filled(case)
    context = {
        "case": case,
        "sheet": sheet,
        "part": kind,
        "parts": _parts(case, sheet, filled, person(request)),
        "form": next(form for form in filled.forms if form.slug == kind.slug),
        "draft": filled.drafts.get(kind.slug),
        "reason": reason,
    }
    return render(request, "sheets/closed.html", context, status=403 if request.method == "POST" else 200)


def _save(request: HttpRequest, case: Case, sheet: Sheet, filled: Any, kind: type[PartForm]) -> HttpResponseBase:
    typed = kind(request.POST, case=case).typed()
    if asked := rows_asked(request.POST):
        typed = change_rows(typed, asked)
    try:
        seen = whole_number(request.POST.get("_version", ""), 9)
        draft = sheet.save(case, kind.slug, typed, person(request), timezone.now(), seen)
    except Refused as refused:
        if _by_script(request):
            return JsonResponse({"saved": False, "message": " ".join(refused.reasons)}, status=409)
        return _show(request, case, sheet, sheet.filled(case), kind, typed, refused.reasons)
    if _by_script(request):
        text = _("Utkastet sparades kl. %(time)s.") % {"time": formatting.clock(draft.saved_at)}
        return JsonResponse({"saved": True, "message": text, "version": draft.version})
    if asked:
        return _show(request, case, sheet, sheet.filled(case), kind, typed)
    return redirect(_next(request, case, sheet, kind))


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _next(request: HttpRequest, case: Case, sheet: Sheet, kind: type[PartForm]) -> str:
    if "_close" in request.POST:
        return reverse(sheet.name, kwargs={"number": case.number})
    parts = [part for part in sheet.parts_of(case) if not sheet.closed(case, person(request), part)]
    later = parts[[part.slug for part in parts].index(kind.slug) + 1 :]
    if later:
        return reverse(f"{sheet.name}_part", kwargs={"number": case.number, "slug": later[0].slug})
    return reverse(f"{sheet.name}_review", kwargs={"number": case.number})


def _show(
    request: HttpRequest,
    case: Case,
    sheet: Sheet,
    filled: Any,
    kind: type[PartForm],
    typed: dict[str, Any],
    reasons: list[str] | None = None,
) -> HttpResponse:
    """Draw the part. Coming from the review's list (?fel) the errors stand at their fields."""
    checked = kind(data=typed, case=case)
    shows_errors = "fel" in request.GET and not checked.is_valid()
    form = checked if shows_errors else kind(initial=typed, case=case)
    parts = sheet.parts_of(case)
    draft, index = filled.drafts.get(kind.slug), [part.slug for part in parts].index(kind.slug)
    context = {
        "case": case,
        "sheet": sheet,
        "part": kind,
        "parts": _parts(case, sheet, filled, person(request)),
        "form": form,
        "computed": checked.computed(),
        "draft": draft,
        "theirs": kind(data=filled.typed(kind.slug), case=case).shown() if reasons else None,
        "number_of_part": index + 1,
        "before": parts[index - 1] if index else None,
        "errors": [(reason, "") for reason in reasons or []] + (checked.summary() if shows_errors else []),
    }
    return render(request, "sheets/part.html", context, status=409 if reasons else 200)
