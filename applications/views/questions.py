"""Every question of the idea and the application on one page, to read and print before anything is begun."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from applications.sheets import APPLICATION, IDEA
from fundportal import formatting
from fundportal.drafts import PartForm, Sheet
from fundportal.forms import DayField, NumberField, RowsField, TextField, YearField

SHEETS: dict[str, tuple[Sheet, StrOrPromise]] = {
    "ideskiss": (IDEA, gettext_lazy("Idéskissen beskrivs kort. Rådet bedömer den efter tolv kriterier.")),
    "ansokan": (
        APPLICATION,
        gettext_lazy("Ansökan skrivs när idén är bifallen. De fyra första delarna följer med från idéskissen."),
    ),
}


@dataclass(frozen=True)
class Question:
    """One question as it is printed: what is asked, what helps, how it is answered, and what can be chosen."""

    label: str
    help: str
    answer: str
    options: list[str]
    columns: list[Question]
    required: bool


@require_safe
def questions(request: HttpRequest, sheet: str) -> HttpResponse:
    """Part by part, with the help texts. No case is needed."""
    if sheet not in SHEETS:
        raise Http404
    found, lead = SHEETS[sheet]
    asked = [
        {"title": part.title, "slug": part.slug, "intro": part.intro, "questions": _of(part)} for part in found.parts
    ]
    context = {
        "sheet": found,
        "lead": lead,
        "asked": asked,
        "count": sum(len(_of(part)) for part in found.parts),
        "sheets": [(name, other.title, name == sheet) for name, (other, _lead) in SHEETS.items()],
    }
    return render(request, "applications/questions.html", context)


def _of(part: type[PartForm]) -> list[Question]:
    depends = getattr(part, "depends", ())
    return [
        _question(field, required=field.required or name in depends)
        for name, field in part.base_fields.items()
        if not field.widget.is_hidden
    ]


def _question(field: forms.Field, *, required: bool) -> Question:
    columns = list(field.columns.values()) if isinstance(field, RowsField) else []
    return Question(
        label=str(field.label or ""),
        help=str(field.help_text),
        answer=_answer(field),
        options=_options(field),
        columns=[_question(column, required=column.required) for column in columns],
        required=required,
    )


KINDS: tuple[tuple[type[forms.Field], StrOrPromise], ...] = (
    (YearField, gettext_lazy("År")),
    (DayField, gettext_lazy("Dag")),
    (forms.BooleanField, gettext_lazy("Kryssruta")),
    (forms.MultipleChoiceField, gettext_lazy("Välj ett eller flera")),
    (forms.ChoiceField, gettext_lazy("Välj ett")),
)


def _answer(field: forms.Field) -> str:
    match field:
        case RowsField():
            return _("Rader, minst %(least)d") % {"least": field.least} if field.least else _("Rader")
        case TextField():
            return _text(field)
        case NumberField() if field.suffix:
            return _("Tal i %(unit)s") % {"unit": field.suffix}
        case forms.CharField():
            return _("Kort text, högst %(most)d tecken") % {"most": field.max_length or 200}
    return str(next((words for kind, words in KINDS if isinstance(field, kind)), _("Tal")))


def _text(field: TextField) -> str:
    most = formatting.number(field.most)
    if not field.least:
        return _("Text, högst %(most)s tecken") % {"most": most}
    return _("Text, %(least)s till %(most)s tecken") % {"least": formatting.number(field.least), "most": most}


def _options(field: forms.Field) -> list[str]:
    """What can be chosen, where it is the same in every case."""
    if not isinstance(field, forms.ChoiceField) or callable(field.choices):
        return []
    return [str(label) for value, label in field.widget.choices if value not in ("", None)]
