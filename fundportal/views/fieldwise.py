"""A form that is kept field by field: all is saved as typed, and nothing is written over unseen. Sheets and answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from django.forms import Field, FileField
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from fundportal import formatting, merging, personnummer, shown
from fundportal.errors import Refused
from fundportal.forms import PlainForm, change_rows, rows_asked, texts
from fundportal.keeping import Clashed, Kept
from fundportal.merging import Clash

SEEN, CHOSEN, ONLY, WRITER = "_seen-", "_choose-", "_field", "_writer"


def by_script(request: HttpRequest) -> bool:
    """Whether the page's script asks, and wants JSON."""
    return request.headers.get("X-Requested-With") == "fetch"


def marks_in(told: QueryDict) -> dict[str, str]:
    """The mark of each field as it stood when the page was drawn."""
    return {key.removeprefix(SEEN): str(value) for key, value in told.items() if key.startswith(SEEN)}


def _chosen(told: QueryDict) -> dict[str, tuple[str, str]]:
    """Of each field that clashed: whose words to take, and the mark of the other's words that were shown."""
    said = {key.removeprefix(CHOSEN): str(value).split(":") for key, value in told.items() if key.startswith(CHOSEN)}
    return {name: (words[0], words[1]) for name, words in said.items() if len(words) == 2}


class Desk(ABC):
    """One person at one form: what she sends, and what she gets back. Each kind of form says the first half."""

    def __init__(self, request: HttpRequest, name: str, writer: object) -> None:
        """`name` is hers, as clashes tell it; `writer` is what the page says of who may save from it."""
        self.request, self.name, self.writer = request, name, str(writer)

    # What each kind of form says for itself

    @abstractmethod
    def form(self, *, data: Any = None, initial: Any = None) -> PlainForm:
        """The form, bound to what was typed or drawn with it."""

    @property
    @abstractmethod
    def stored(self) -> dict[str, Any]:
        """What is kept of the form now."""

    @abstractmethod
    def keep(self, typed: dict[str, Any], seen: Mapping[str, str], chosen: Mapping[str, str]) -> Kept:
        """Keep what was sent. Raises `Clashed` or `Refused`."""

    @abstractmethod
    def after(self, typed: dict[str, Any]) -> HttpResponseBase:
        """Where a browser goes when it is saved."""

    @abstractmethod
    def show(
        self,
        typed: dict[str, Any],
        *,
        clashes: Mapping[str, dict[str, Any]] | None = None,
        seen: Mapping[str, str] | None = None,
        reasons: list[str] | None = None,
    ) -> HttpResponse:
        """Draw the page with what was typed."""

    def more(self, form: PlainForm) -> dict[str, Any]:
        """What else the script is told when something is saved."""
        return {}

    def warning(self, field: Field, name: str, value: Any) -> str:
        """What to say at once of what was typed, without stopping anything: a personnummer, or nothing."""
        if not any(personnummer.in_text(text) for text in texts(value, name)):
            return ""
        label = field.label or name
        return _(
            "”%(label)s” ser ut att innehålla ett personnummer. Ta bort det: annars går det inte att lämna in."
        ) % {"label": label}

    def stranger(self) -> str:
        """What to say when the page was drawn for another than who sends it."""
        return _(
            "Du är inloggad som %(name)s, men texten skrevs medan någon annan var inloggad. Den är inte sparad. "
            "Logga in som den som skrev, eller kontrollera texten och spara den i ditt namn."
        ) % {"name": self.name}

    # What they share

    def is_stranger(self) -> bool:
        """Whether the page was drawn for another than who sends it."""
        return self.request.POST.get(WRITER, self.writer) != self.writer

    def typed(self) -> dict[str, Any]:
        """What was sent: the fields that the script names, or all of them."""
        told = self.request.POST
        typed = self.form(data=told).typed()
        if asked := rows_asked(told):
            typed = change_rows(typed, asked)
        only = told.getlist(ONLY)
        return {name: value for name, value in typed.items() if name in only} if only else typed

    def save(self) -> HttpResponseBase:
        """Keep what was sent, and answer the script or the browser."""
        told, typed = self.request.POST, self.typed()
        if self.is_stranger():
            return self._refused([self.stranger()], typed, other=True)
        chosen = _chosen(told)
        marks = marks_in(told) | {name: mark for name, (_whose, mark) in chosen.items()}
        whose = {name: words for name, (words, _mark) in chosen.items()}
        try:
            kept = self.keep(typed, marks, whose)
        except Clashed as clashed:
            return self._clashed(clashed, typed)
        except Refused as refused:
            return self._refused(refused.reasons, typed)
        if by_script(self.request):
            return JsonResponse({"saved": True, **self._kept(kept, typed, whose)})
        return self.after(typed)

    def units(
        self,
        form: PlainForm,
        typed: Mapping[str, Any],
        clashes: Mapping[str, dict[str, Any]],
        seen: Mapping[str, str],
    ) -> list[dict[str, Any]]:
        """Each field with the mark of what stands there, and what is to be said of it. Files are not kept so."""
        stored = self.stored
        return [
            {
                "field": field,
                "file": isinstance(field.field, FileField),
                "mark": seen.get(field.name, merging.mark(stored.get(field.name))),
                "clash": clashes.get(field.name),
                "warning": self.warning(field.field, field.name, typed.get(field.name)),
            }
            for field in form.visible_fields()
        ]

    def _kept(self, kept: Kept, typed: Mapping[str, Any], whose: Mapping[str, str]) -> dict[str, Any]:
        """What the script is told of the fields that are saved."""
        form = self.form(data=kept.answers)
        theirs = [name for name in typed if whose.get(name) == merging.THEIRS]
        drawn = self.form(initial=kept.answers)
        return {
            "clock": formatting.clock(kept.saved_at),
            "marks": {name: merging.mark(kept.answers.get(name)) for name in typed},
            "warnings": {name: self.warning(form.fields[name], name, typed[name]) for name in typed},
            "fields": {name: str(drawn[name].as_field_group()) for name in theirs},
            **self.more(form),
        }

    def _clashed(self, clashed: Clashed, typed: dict[str, Any]) -> HttpResponse:
        clashes = {clash.name: self._told(clash) for clash in clashed.clashes}
        if not by_script(self.request):
            stored = clashed.kept.answers
            mine = {clash.name: clash.mine for clash in clashed.clashes}
            return self.show(stored | mine, clashes=clashes, seen=marks_in(self.request.POST), reasons=clashed.reasons)
        drawn = {name: render_to_string("sheets/_clash.html", {"clash": told}) for name, told in clashes.items()}
        rest = {name: value for name, value in typed.items() if name not in clashes}
        told = self._kept(clashed.kept, rest, {})
        return JsonResponse(told | {"saved": False, "message": clashed.reasons[0], "clashes": drawn}, status=409)

    def _told(self, clash: Clash) -> dict[str, Any]:
        """A clash as people read it: both versions, side by side."""
        stored = self.stored
        return {
            "name": clash.name,
            "label": self.form().fields[clash.name].label,
            "who": clash.who,
            "own": clash.who == self.name,
            "at": clash.at,
            "mark": clash.mark,
            "theirs": self._line(stored | {clash.name: clash.stored}, clash.name),
            "mine": self._line(stored | {clash.name: clash.mine}, clash.name),
        }

    def _line(self, answers: Mapping[str, Any], name: str) -> shown.Line:
        return shown.one(self.form(data=dict(answers)), name)

    def _refused(self, reasons: list[str], typed: dict[str, Any], *, other: bool = False) -> HttpResponse:
        if by_script(self.request):
            return JsonResponse({"saved": False, "message": " ".join(reasons), "other": other}, status=409)
        return self.show(self.stored | typed, reasons=reasons, seen=marks_in(self.request.POST))


def clash_links(clashes: Mapping[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """(text, anchor) of each clash, for the list of errors."""
    text = _("”%s” har ändrats av någon annan medan du skrev. Välj vad som ska gälla.")
    return [(text % clash["label"], f"olika-{name}") for name, clash in clashes.items()]
