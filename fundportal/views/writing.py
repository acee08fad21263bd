"""The page of one part of a sheet, kept field by field, and its earlier versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Field
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import keeping, kept, merging, shown
from fundportal.drafts import PartForm, Sheet
from fundportal.errors import Refused
from fundportal.fields import whole_number
from fundportal.forms import PlainForm, rows_asked, texts
from fundportal.keeping import Writing
from fundportal.models import Case, Draft, User
from fundportal.views.door import open_case, person
from fundportal.views.fieldwise import Desk, by_script, clash_links, marks_in

View = Callable[..., HttpResponseBase]


def open_sheet(request: HttpRequest, number: str, sheet: Sheet) -> tuple[Case, bool]:
    """The case and whether the person may write; raises 403 with the reason if she may not even read the draft."""
    case, user = open_case(request, number), person(request)
    writes = sheet.may_write(case, user)
    if not writes and not (case.step == sheet.step and sheet.may_read(case, user)):
        raise PermissionDenied(_("Utkastet är stängt för dig. Det som lämnats in finns under Handlingar i ärendet."))
    return case, writes


def listed(case: Case, sheet: Sheet, filled: Any, user: User) -> list[dict[str, Any]]:
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


def part(sheet: Sheet) -> View:
    """One part: saved as typed, valid or not. Errors are told at the review; wrong shapes are shown, never lost."""

    def view(request: HttpRequest, number: str, slug: str) -> HttpResponseBase:
        case, writes = open_sheet(request, number, sheet)
        kind = sheet.part(slug, case)
        if kind is None:
            raise Http404
        if writes and (reason := sheet.closed(case, person(request), kind)):
            return _closed(request, case, sheet, kind, reason)
        if not writes:
            return redirect(f"{sheet.name}_review", number=number)
        desk = SheetDesk(request, case, sheet, kind)
        if request.method == "POST":
            return desk.save()
        again = kept.take(request)
        if again is None:
            return desk.show(desk.stored)
        return desk.show(kind(again, case=case).typed(), seen=marks_in(again))

    return view


def _closed(request: HttpRequest, case: Case, sheet: Sheet, kind: type[PartForm], reason: str) -> HttpResponse:
    """A part that others write: read it, and why it is closed. Nothing that is sent to it is kept."""
    if request.method == "POST" and by_script(request):
        return JsonResponse({"saved": False, "message": reason}, status=403)
    filled = sheet.filled(case)
    context = {
        "case": case,
        "sheet": sheet,
        "part": kind,
        "parts": listed(case, sheet, filled, person(request)),
        "form": next(form for form in filled.forms if form.slug == kind.slug),
        "draft": filled.drafts.get(kind.slug),
        "reason": reason,
    }
    return render(request, "sheets/closed.html", context, status=403 if request.method == "POST" else 200)


def _next(request: HttpRequest, case: Case, sheet: Sheet, kind: type[PartForm]) -> str:
    if "_close" in request.POST:
        return reverse(sheet.name, kwargs={"number": case.number})
    parts = [part for part in sheet.parts_of(case) if not sheet.closed(case, person(request), part)]
    later = parts[[part.slug for part in parts].index(kind.slug) + 1 :]
    if later:
        return reverse(f"{sheet.name}_part", kwargs={"number": case.number, "slug": later[0].slug})
    return reverse(f"{sheet.name}_review", kwargs={"number": case.number})


class SheetDesk(Desk):
    """One person at one part of a sheet."""

    def __init__(self, request: HttpRequest, case: Case, sheet: Sheet, kind: type[PartForm]) -> None:
        """`kind` is the part."""
        self.case, self.sheet, self.kind = case, sheet, kind
        self.user: User = person(request)
        super().__init__(request, self.user.get_full_name(), self.user.pk)

    def form(self, *, data: Any = None, initial: Any = None) -> PartForm:
        """The part of this case."""
        return self.kind(data=data, initial=initial, case=self.case)

    @property
    def stored(self) -> dict[str, Any]:
        """What has been typed in the part."""
        return self.sheet.filled(self.case).typed(self.kind.slug)

    def keep(self, typed: dict[str, Any], seen: Mapping[str, str], chosen: Mapping[str, str]) -> Draft:
        """Keep it in the sheet's draft."""
        return self.sheet.write(self.case, self.kind.slug, Writing(typed, self.user, timezone.now(), seen, chosen))

    def after(self, typed: dict[str, Any]) -> HttpResponseBase:
        """The same part when rows were changed, else the next one."""
        if rows_asked(self.request.POST):
            return self.show(self.stored | typed)
        if said := self.sheet.warning(self.case, (text for name in typed for text in texts(typed[name], name))):
            messages.warning(self.request, said)
        return redirect(_next(self.request, self.case, self.sheet, self.kind))

    def more(self, form: PlainForm) -> dict[str, Any]:
        """What follows by arithmetic from what is saved."""
        computed = cast(PartForm, form).computed()
        return {"computed": render_to_string("sheets/_computed.html", {"computed": computed})}

    def warning(self, field: Field, name: str, value: Any) -> str:
        """A personnummer, and what the sheet has to say of the text."""
        said = (super().warning(field, name, value), self.sheet.warning(self.case, texts(value, name)))
        return " ".join(text for text in said if text)

    def show(
        self,
        typed: dict[str, Any],
        *,
        clashes: Mapping[str, dict[str, Any]] | None = None,
        seen: Mapping[str, str] | None = None,
        reasons: list[str] | None = None,
    ) -> HttpResponse:
        """Draw the part. Coming from the review's list (?fel) the errors stand at their fields."""
        checked = self.form(data=typed)
        shows_errors = "fel" in self.request.GET and not checked.is_valid()
        form = checked if shows_errors else self.form(initial=typed)
        parts = self.sheet.parts_of(self.case)
        index = [part.slug for part in parts].index(self.kind.slug)
        told = clash_links(clashes) if clashes else [(reason, "") for reason in reasons or []]
        context = {
            "case": self.case,
            "sheet": self.sheet,
            "part": self.kind,
            "parts": listed(self.case, self.sheet, self.sheet.filled(self.case), self.user),
            "form": form,
            "units": self.units(form, typed, clashes or {}, seen or {}),
            "writer": self.writer,
            "computed": checked.computed(),
            "draft": self.sheet.filled(self.case).drafts.get(self.kind.slug),
            "number_of_part": index + 1,
            "before": parts[index - 1] if index else None,
            "errors": told + (checked.summary() if shows_errors else []),
        }
        return render(self.request, "sheets/part.html", context, status=409 if reasons else 200)


def earlier(sheet: Sheet) -> View:
    """Earlier versions of a part: what differs from now, and a button that takes one back."""

    def view(request: HttpRequest, number: str, slug: str) -> HttpResponseBase:
        case, writes = open_sheet(request, number, sheet)
        kind = sheet.part(slug, case)
        if kind is None:
            raise Http404
        draft = sheet.filled(case).drafts.get(slug)
        if not writes or sheet.closed(case, person(request), kind):
            raise PermissionDenied(_("Tidigare versioner läses av dem som skriver delen."))
        if request.method == "POST" and draft is not None:
            return _take_back(request, case, sheet, kind, draft)
        context = {"case": case, "sheet": sheet, "part": kind, "draft": draft, "versions": _versions(case, kind, draft)}
        return render(request, "sheets/earlier.html", context)

    return view


def _take_back(request: HttpRequest, case: Case, sheet: Sheet, kind: type[PartForm], draft: Draft) -> HttpResponseBase:
    number = whole_number(request.POST.get("version", ""), 9) or 0
    try:
        sheet.save(case, kind.slug, keeping.as_it_stood(draft, number), person(request), timezone.now())
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
        return redirect(f"{sheet.name}_earlier", number=case.number, slug=kind.slug)
    messages.success(request, _("Den tidigare versionen gäller igen. Det som stod nyss finns bland de tidigare."))
    return redirect(f"{sheet.name}_part", number=case.number, slug=kind.slug)


def _versions(case: Case, kind: type[PartForm], draft: Draft | None) -> list[dict[str, Any]]:
    """Each earlier version with what stood otherwise than now."""
    found: list[dict[str, Any]] = []
    if draft is None:
        return found
    for version in draft.versions.select_related("saved_by"):
        form = kind(data=version.answers, case=case)
        names = [
            name
            for name, field in form.fields.items()
            if not field.widget.is_hidden
            and merging.mark(version.answers.get(name)) != merging.mark(draft.answers.get(name))
        ]
        if names:
            found.append({"version": version, "lines": [shown.one(form, name) for name in names]})
    return found
