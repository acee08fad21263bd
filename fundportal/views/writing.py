"""The page of one part of a sheet: everything is saved as typed, and nothing is written over unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Field
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import formatting, keeping, kept, merging, personnummer, shown
from fundportal.drafts import PartForm, Sheet
from fundportal.errors import Refused
from fundportal.fields import whole_number
from fundportal.forms import change_rows, rows_asked, texts
from fundportal.keeping import Clashed, Writing
from fundportal.merging import Clash
from fundportal.models import Case, Draft, User
from fundportal.views.door import open_case, person

View = Callable[..., HttpResponseBase]
SEEN, CHOSEN, ONLY, WRITER = "_seen-", "_choose-", "_field", "_writer"


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
        desk = Desk(request, case, sheet, kind)
        if request.method == "POST":
            return desk.save()
        again = kept.take(request)
        if again is None:
            return desk.show(desk.stored)
        return desk.show(kind(again, case=case).typed(), seen=_seen(again))

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


def by_script(request: HttpRequest) -> bool:
    """Whether the page's script asks, and wants JSON."""
    return request.headers.get("X-Requested-With") == "fetch"


def _seen(told: QueryDict) -> dict[str, str]:
    """The mark of each field as it stood when the page was drawn."""
    return {key.removeprefix(SEEN): str(value) for key, value in told.items() if key.startswith(SEEN)}


def _chosen(told: QueryDict) -> dict[str, tuple[str, str]]:
    """Of each field that clashed: whose words to take, and the mark of the other's words that were shown."""
    said = {key.removeprefix(CHOSEN): str(value).split(":") for key, value in told.items() if key.startswith(CHOSEN)}
    return {name: (words[0], words[1]) for name, words in said.items() if len(words) == 2}


class Desk:
    """One person at one part: what she sends, and the page she gets back."""

    def __init__(self, request: HttpRequest, case: Case, sheet: Sheet, kind: type[PartForm]) -> None:
        """`kind` is the part."""
        self.request, self.case, self.sheet, self.kind = request, case, sheet, kind
        self.user: User = person(request)

    @property
    def draft(self) -> Draft | None:
        """The part as it is kept now."""
        return self.sheet.filled(self.case).drafts.get(self.kind.slug)

    @property
    def stored(self) -> dict[str, Any]:
        """What has been typed in the part."""
        return self.sheet.filled(self.case).typed(self.kind.slug)

    def typed(self) -> dict[str, Any]:
        """What was sent: the fields that the script names, or all of them."""
        told = self.request.POST
        typed = self.kind(told, case=self.case).typed()
        if asked := rows_asked(told):
            typed = change_rows(typed, asked)
        only = told.getlist(ONLY)
        return {name: value for name, value in typed.items() if name in only} if only else typed

    def save(self) -> HttpResponseBase:
        """Keep what was sent, and answer the script or the browser."""
        told, typed = self.request.POST, self.typed()
        if stranger := self._stranger():
            return self._refused([stranger], typed, other=True)
        chosen = _chosen(told)
        seen = _seen(told) | {name: mark for name, (_whose, mark) in chosen.items()}
        whose = {name: words for name, (words, _mark) in chosen.items()}
        try:
            draft = self.sheet.write(self.case, self.kind.slug, Writing(typed, self.user, timezone.now(), seen, whose))
        except Clashed as clashed:
            return self._clashed(clashed, typed)
        except Refused as refused:
            return self._refused(refused.reasons, typed)
        if by_script(self.request):
            return JsonResponse({"saved": True, **self._kept(draft, typed, whose)})
        if rows_asked(told):
            return self.show(self.stored | typed)
        return redirect(_next(self.request, self.case, self.sheet, self.kind))

    def _stranger(self) -> str | None:
        """What to say when another person than the one who wrote this is logged in now."""
        writer = whole_number(self.request.POST.get(WRITER, ""))
        if writer is None or writer == self.user.pk:
            return None
        return _(
            "Du är inloggad som %(name)s, men texten skrevs medan någon annan var inloggad. Den är inte sparad. "
            "Logga in som den som skrev, eller kontrollera texten och spara den i ditt namn."
        ) % {"name": self.user.get_full_name()}

    def _kept(self, draft: Draft, typed: Mapping[str, Any], whose: Mapping[str, str]) -> dict[str, Any]:
        """What the script is told of the fields that are saved."""
        form = self.kind(data=draft.answers, case=self.case)
        theirs = [name for name in typed if whose.get(name) == merging.THEIRS]
        drawn = self.kind(initial=draft.answers, case=self.case)
        return {
            "clock": formatting.clock(draft.saved_at),
            "marks": {name: merging.mark(draft.answers.get(name)) for name in typed},
            "warnings": {name: warning(form.fields[name], name, typed[name]) for name in typed},
            "fields": {name: str(drawn[name].as_field_group()) for name in theirs},
            "computed": render_to_string("sheets/_computed.html", {"computed": form.computed()}),
        }

    def _clashed(self, clashed: Clashed, typed: dict[str, Any]) -> HttpResponse:
        clashes = {clash.name: self._told(clash) for clash in clashed.clashes}
        if not by_script(self.request):
            stored = clashed.draft.answers
            mine = {clash.name: clash.mine for clash in clashed.clashes}
            return self.show(stored | mine, clashes=clashes, seen=_seen(self.request.POST), reasons=clashed.reasons)
        drawn = {name: render_to_string("sheets/_clash.html", {"clash": told}) for name, told in clashes.items()}
        rest = {name: value for name, value in typed.items() if name not in clashes}
        told = self._kept(clashed.draft, rest, {})
        return JsonResponse(told | {"saved": False, "message": clashed.reasons[0], "clashes": drawn}, status=409)

    def _told(self, clash: Clash) -> dict[str, Any]:
        """A clash as people read it: both versions, side by side."""
        stored = self.stored
        return {
            "name": clash.name,
            "label": self.kind(case=self.case).fields[clash.name].label,
            "who": clash.who,
            "own": clash.who == self.user.get_full_name(),
            "at": clash.at,
            "mark": clash.mark,
            "theirs": self._line(stored | {clash.name: clash.stored}, clash.name),
            "mine": self._line(stored | {clash.name: clash.mine}, clash.name),
        }

    def _line(self, answers: Mapping[str, Any], name: str) -> shown.Line:
        return shown.one(self.kind(data=dict(answers), case=self.case), name)

    def _refused(self, reasons: list[str], typed: dict[str, Any], *, other: bool = False) -> HttpResponse:
        if by_script(self.request):
            return JsonResponse({"saved": False, "message": " ".join(reasons), "other": other}, status=409)
        return self.show(self.stored | typed, reasons=reasons, seen=_seen(self.request.POST))

    def show(
        self,
        typed: dict[str, Any],
        *,
        clashes: Mapping[str, dict[str, Any]] | None = None,
        seen: Mapping[str, str] | None = None,
        reasons: list[str] | None = None,
    ) -> HttpResponse:
        """Draw the part. Coming from the review's list (?fel) the errors stand at their fields."""
        checked = self.kind(data=typed, case=self.case)
        shows_errors = "fel" in self.request.GET and not checked.is_valid()
        form = checked if shows_errors else self.kind(initial=typed, case=self.case)
        parts = self.sheet.parts_of(self.case)
        index = [part.slug for part in parts].index(self.kind.slug)
        told = [(reason, "") for reason in reasons or []]
        if clashes:
            text = _("”%s” har ändrats av någon annan medan du skrev. Välj vad som ska gälla.")
            told = [(text % clash["label"], f"olika-{name}") for name, clash in clashes.items()]
        context = {
            "case": self.case,
            "sheet": self.sheet,
            "part": self.kind,
            "parts": listed(self.case, self.sheet, self.sheet.filled(self.case), self.user),
            "form": form,
            "units": self._units(form, typed, clashes or {}, seen or {}),
            "writer": self.user.pk,
            "computed": checked.computed(),
            "draft": self.draft,
            "number_of_part": index + 1,
            "before": parts[index - 1] if index else None,
            "errors": told + (checked.summary() if shows_errors else []),
        }
        return render(self.request, "sheets/part.html", context, status=409 if reasons else 200)

    def _units(
        self,
        form: PartForm,
        typed: Mapping[str, Any],
        clashes: Mapping[str, dict[str, Any]],
        seen: Mapping[str, str],
    ) -> list[dict[str, Any]]:
        """Each field with the mark of what stands there, and what is to be said of it."""
        stored = self.stored
        return [
            {
                "field": field,
                "mark": seen.get(field.name, merging.mark(stored.get(field.name))),
                "clash": clashes.get(field.name),
                "warning": warning(field.field, field.name, typed.get(field.name)),
            }
            for field in form.visible_fields()
        ]


def warning(field: Field, name: str, value: Any) -> str:
    """What to say at once of what was typed, without stopping anything: a personnummer, or nothing."""
    if not any(personnummer.in_text(text) for text in texts(value, name)):
        return ""
    label = field.label or name
    return _("”%(label)s” ser ut att innehålla ett personnummer. Ta bort det: annars går det inte att lämna in.") % {
        "label": label
    }


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
