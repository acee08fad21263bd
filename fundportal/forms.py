"""Forms that know their case. They check shape, never rules. The fields come from `fields` and `rows`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorList
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import personnummer
from fundportal.errors import Refused
from fundportal.fields import (
    DayField,
    FilesField,
    FilesInput,
    FondRenderer,
    KronorField,
    NumberField,
    PercentField,
    SuffixInput,
    TextField,
    TkrField,
    WholeField,
    YearField,
    in_sum,
    parse_number,
)
from fundportal.models import Case, User
from fundportal.rows import ROWS, RowChange, RowsField, RowsWidget, change_rows, is_fixed, rows_asked

__all__ = [
    "ROWS",
    "ActionForm",
    "DayField",
    "FilesField",
    "FilesInput",
    "FondRenderer",
    "KronorField",
    "NumberField",
    "PercentField",
    "PlainForm",
    "RowChange",
    "RowsField",
    "RowsWidget",
    "SuffixInput",
    "TextField",
    "TkrField",
    "WholeField",
    "YearField",
    "change_rows",
    "choose",
    "in_sum",
    "is_fixed",
    "parse_number",
    "rows_asked",
    "say_required",
    "scrub",
    "texts",
]


CHOOSE = gettext_lazy("Välj …")


class PlainForm(forms.Form):
    """A form that says in plain words what is wrong, and can give back what was typed."""

    default_renderer = FondRenderer

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Required fields ask for themselves by name."""
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            say_required(field, name)

    def typed(self) -> dict[str, Any]:
        """What was typed in each field, unchecked, as JSON-able values."""
        return {
            name: scrub(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))
            for name, field in self.fields.items()
            if not isinstance(field, forms.FileField)
        }

    def clean(self) -> dict[str, Any]:
        """No personnummer in any text: what an act is given stands in the history for ever."""
        good = super().clean() or self.cleaned_data
        for name, value in list(good.items()):
            field = self.fields[name]
            if not field.widget.is_hidden and any(personnummer.in_text(text) for text in texts(value, name)):
                label = field.label or name
                self.add_error(
                    name, _("”%(label)s” ser ut att innehålla ett personnummer. Ta bort det.") % {"label": label}
                )
        return good

    def refuse(self, refused: Refused) -> None:
        """Say why what was typed was refused: each reason at the answer it is about, or of the form as a whole."""
        for reason, field in refused.by_field():
            self.add_error(field if field in self.fields else None, reason)

    def summary(self) -> list[tuple[str, str]]:
        """(error, anchor) of everything that is wrong, in the order of the page."""
        found = [(str(text), "") for text in self.non_field_errors()]
        for name, field in self.fields.items():
            anchor = f"id_{self.add_prefix(name)}"
            if isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
                anchor += "_0"
            for fault in self.errors.get(name, ErrorList()).as_data():
                cell = (fault.params or {}).get("cell")
                at = f"{anchor}-{cell[0]}-{cell[1]}" if cell else anchor
                found.extend((text, at) for text in fault.messages)
        return found


def say_required(field: forms.Field, name: str) -> None:
    """Make the field ask for itself by its label when nothing was given."""
    label = field.label or name
    verb = _("Välj") if isinstance(field, forms.ChoiceField | forms.FileField) else _("Fyll i")
    field.error_messages["required"] = _("%(verb)s ”%(label)s”.") % {"verb": verb, "label": label}
    if isinstance(field, RowsField):
        field.error_messages["required"] = _("Fyll i minst en rad under ”%(label)s”.") % {"label": label}
        for column, cell in field.columns.items():
            say_required(cell, column)


NUMBERS = ("voucher", "dnr", "password")
"""Fields of numbers that may look like a personnummer by chance, and of what is never kept."""


def texts(value: Any, name: str = "") -> Iterator[str]:
    """Every text in a cleaned value, rows included."""
    match value:
        case str() if name not in NUMBERS:
            yield value
        case list():
            for item in value:
                yield from texts(item, name)
        case dict():
            for column, cell in value.items():
                yield from texts(cell, column)


def scrub(value: Any) -> Any:
    """Typed values without characters that no database or PDF can hold."""
    match value:
        case str():
            return "".join(char for char in value if char in "\n\r\t" or ord(char) >= 32)
        case list():
            return [scrub(item) for item in value]
        case dict():
            return {key: scrub(item) for key, item in value.items()}
        case _:
            return value


class ActionForm(PlainForm):
    """The form of an act. It knows the case, who fills it in and when; its cleaned fields are what the act is given."""

    template: ClassVar[str] = "actions/action.html"
    intro: ClassVar[StrOrPromise] = ""

    def __init__(self, *args: Any, case: Case, user: User, at: datetime, **kwargs: Any) -> None:
        """`case`, `user` and `at` are for choices and initial values, never for rules."""
        self.case, self.user, self.at = case, user, at
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Set choices and initial values from the case."""

    def changed(self, asked: RowChange) -> dict[str, Any]:
        """What was typed, with the change of rows that was asked for."""
        return change_rows(self.typed(), asked)

    def given(self) -> dict[str, Any]:
        """What the act is given."""
        return dict(self.cleaned_data)

    def context(self) -> dict[str, Any]:
        """More for the page: what the person needs to see to decide."""
        return {}


def choose(options: Iterable[tuple[Any, StrOrPromise]], empty: StrOrPromise = CHOOSE) -> list[tuple[Any, StrOrPromise]]:
    """Choices that begin with an empty one, so that nothing is chosen by accident."""
    return [("", empty), *options]
