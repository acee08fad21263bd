"""Forms that know their case, and the fields that Swedish public money needs. Forms check shape, never rules."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import uploads
from fundportal.models import Case, User

ROWS = "_rows"
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")


class FondRenderer(TemplatesSetting):
    """Draws every form and field with our own templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


def parse_number(text: str) -> Decimal:
    """The number that was typed: "1 234,50", "1234,5" and the same with hard spaces are alike."""
    typed = SPACES.sub("", str(text)).replace("\u2212", "-")
    if "," in typed:
        typed = typed.replace(".", "") if re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+", typed) else typed
        typed = typed.replace(",", ".", 1)
    if not re.fullmatch(r"-?\d+(\.\d+)?", typed):
        raise InvalidOperation
    return Decimal(typed)


class NumberField(forms.Field):
    """A number typed as people type it. `decimals` is how many are allowed; `times` turns tkr into kronor."""

    decimals = 0
    times = 1
    suffix: StrOrPromise = ""
    example = "220"
    what = gettext_lazy("ett heltal")

    def __init__(
        self, *, minimum: Decimal | int | None = 0, maximum: Decimal | int | None = None, suffix: StrOrPromise = "", **kwargs: Any
    ) -> None:
        """`minimum` and `maximum` are in what the user types."""
        self.minimum, self.maximum = minimum, maximum
        self.suffix = suffix or self.suffix
        kwargs.setdefault("widget", SuffixInput(self.suffix) if self.suffix else forms.TextInput())
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric" if not self.decimals else "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("class", "fp-input--number")

    def to_python(self, value: Any) -> Any:
        """The typed text as a Decimal, or None when nothing was typed; 0 is not nothing."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal | int):
            return Decimal(value)
        try:
            number = parse_number(value)
        except InvalidOperation:
            raise ValidationError(self._explain()) from None
        if number != round(number, self.decimals):
            raise ValidationError(self._explain())
        if self.minimum is not None and number < self.minimum:
            raise ValidationError(
                _("%(label)s ska vara minst %(minimum)s.") % {"label": self.label or _("Talet"), "minimum": self.minimum}
            )
        if self.maximum is not None and number > self.maximum:
            raise ValidationError(
                _("%(label)s får vara högst %(maximum)s.") % {"label": self.label or _("Talet"), "maximum": self.maximum}
            )
        return self.finish(number)

    def finish(self, number: Decimal) -> Any:
        """The cleaned value."""
        return number * self.times

    def prepare_value(self, value: Any) -> Any:
        """A stored value as it is typed; what was typed is shown as it was."""
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            typed = Decimal(value) / self.times
            return f"{typed:,.{self.decimals}f}".replace(",", " ").replace(".", ",") if typed == typed else value
        return value

    def _explain(self) -> str:
        return _("%(label)s ska vara %(what)s, till exempel %(example)s.") % {
            "label": self.label or _("Fältet"),
            "what": self.what,
            "example": self.example,
        }


class SuffixInput(forms.TextInput):
    """A text input with a unit after it."""

    template_name = "forms/suffix.html"

    def __init__(self, suffix: StrOrPromise, attrs: dict[str, Any] | None = None) -> None:
        """`suffix` is the unit."""
        self.suffix = suffix
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The unit is for the template."""
        context = super().get_context(name, value, attrs)
        context["widget"]["suffix"] = self.suffix
        context["widget"]["attrs"]["suffix"] = self.suffix
        return context


class WholeField(NumberField):
    """A whole number; cleaned to int."""

    def finish(self, number: Decimal) -> int:
        """As int."""
        return int(number)

    def prepare_value(self, value: Any) -> Any:
        """Without grouping: it may be a year."""
        return value


class YearField(WholeField):
    """A year, 2010 to 2099; cleaned to int."""

    what = gettext_lazy("ett år med fyra siffror")
    example = "2027"

    def __init__(self, **kwargs: Any) -> None:
        """Bounds that catch slips of the finger."""
        super().__init__(minimum=2010, maximum=2099, **kwargs)


class KronorField(NumberField):
    """Kronor, whole unless `decimals` is 2; cleaned to Decimal kronor."""

    suffix = gettext_lazy("kr")
    what = gettext_lazy("ett belopp i hela kronor")
    example = "8 400 000"


class TkrField(NumberField):
    """Whole thousands of kronor as the city budgets; cleaned to Decimal *kronor*."""

    times = 1000
    suffix = gettext_lazy("tkr")
    what = gettext_lazy("ett belopp i hela tusental kronor")
    example = "4 500"


class PercentField(NumberField):
    """Per cent with up to two decimals; cleaned to Decimal 0–100."""

    decimals = 2
    suffix = "%"
    what = gettext_lazy("ett tal i procent")
    example = "35"

    def __init__(self, **kwargs: Any) -> None:
        """Between 0 and 100 unless said otherwise."""
        kwargs.setdefault("maximum", 100)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Without needless zeros."""
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A day, typed 2027-02-01, 20270201 or 1 feb 2027."""

    def __init__(self, **kwargs: Any) -> None:
        """A plain text input: browsers show type=date in their own language, not the page's."""
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"inputmode": "numeric", "class": "fp-input--day", "autocomplete": "off"}))
        kwargs.setdefault("help_text", gettext_lazy("År, månad och dag, till exempel 2027-02-01."))
        super().__init__(input_formats=["%Y-%m-%d", "%Y%m%d"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day, or a sentence that says how to type it."""
        if isinstance(value, str) and (typed := re.fullmatch(r"(\d{1,2})\.?\s+([a-zåäö]{3})[a-zåäö]*\.?\s+(\d{4})", value.strip().lower())):
            number, month, year = typed.groups()
            if month in MONTHS:
                value = f"{year}-{MONTHS.index(month) + 1:02d}-{int(number):02d}"
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(
                _("%(label)s ska vara en dag, till exempel 2027-02-01.") % {"label": self.label or _("Datum")}
            ) from None


class TextField(forms.CharField):
    """Longer text in a textarea, with a counter; `least` and `most` are in characters."""

    def __init__(self, *, least: int = 0, most: int = 4000, rows: int = 6, **kwargs: Any) -> None:
        """`most` is enforced at submission; the browser never blocks typing."""
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "data-max": most}))
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """The text, line ends made alike."""
        text = str(super().clean(value)).replace("\r\n", "\n")
        if text and len(text) < self.least:
            raise ValidationError(
                _("%(label)s: skriv minst %(least)d tecken. Nu är det %(now)d.")
                % {"label": self.label, "least": self.least, "now": len(text)}
            )
        if len(text) > self.most:
            raise ValidationError(
                _("%(label)s: korta till högst %(most)d tecken. Nu är det %(now)d.")
                % {"label": self.label, "most": self.most, "now": len(text)}
            )
        return text


class FilesInput(forms.ClearableFileInput):
    """Several files in one input."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Files of the allowed types, each at most 25 MB; cleaned to a list of uploaded files."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        """Says the size and the types before anyone chooses a file."""
        kwargs.setdefault("help_text", uploads.ALLOWED_TEXT)
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Check each file by its content."""
        files = data if isinstance(data, list | tuple) else [data]
        cleaned = [cast(UploadedFile, super(FilesField, self).clean(file, initial)) for file in files if file or self.required]
        for file in cleaned:
            uploads.check(file)
        return cleaned


class RowsWidget(forms.Widget):
    """A table of inputs; rows are added, removed and moved by buttons that work without script."""

    template_name = "forms/rows.html"

    def __init__(self, columns: Mapping[str, forms.Field], blank: int = 1) -> None:
        """`columns` are the fields of a row; `blank` empty rows are shown when there are none."""
        super().__init__()
        self.columns, self.blank = columns, blank
        self.cell_errors: dict[tuple[int, str], list[str]] = {}
        self.row_errors: dict[int, list[str]] = {}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, Any]]:
        """The rows as typed, from a posted form or from a stored draft."""
        if not isinstance(data, QueryDict):
            return cast("list[dict[str, Any]]", data.get(name) or [])
        pattern = re.compile(rf"{re.escape(name)}-(\d+)-")
        numbers = sorted({int(found[1]) for key in data if (found := pattern.match(key))})
        return [
            {column: field.widget.value_from_datadict(data, files, f"{name}-{number}-{column}") for column, field in self.columns.items()}
            for number in numbers
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Rows are never omitted: none is an answer."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Every cell with its label, id, markup and errors."""
        context = super().get_context(name, value, attrs)
        rows = list(value or []) or [{} for _blank in range(self.blank)]
        context["widget"].update(
            rows=[self._row(name, index, row) for index, row in enumerate(rows)],
            columns=[field.label for field in self.columns.values()],
            add_name=ROWS,
        )
        return context

    def _row(self, name: str, index: int, row: Mapping[str, Any]) -> dict[str, Any]:
        cells = []
        for column, field in self.columns.items():
            id_ = f"id_{name}-{index}-{column}"
            errors = self.cell_errors.get((index, column), [])
            attrs = {"id": id_} | ({"aria-invalid": "true", "aria-describedby": f"{id_}_error"} if errors else {})
            shown = field.prepare_value(row.get(column, field.initial))
            html = field.widget.render(f"{name}-{index}-{column}", shown, attrs, renderer=FondRenderer())
            cells.append({"label": field.label, "name": f"{name}-{index}-{column}", "id": id_, "html": html, "errors": errors, "help": field.help_text})
        return {"index": index, "cells": cells, "errors": self.row_errors.get(index, [])}


class RowsField(forms.Field):
    """Rows of the same fields; cleaned to a list of dicts. Rows where nothing was typed do not count."""

    def __init__(self, columns: Mapping[str, forms.Field], *, least: int = 0, blank: int = 1, **kwargs: Any) -> None:
        """`least` rows are required at submission."""
        self.columns, self.least, self.blank = columns, least, blank
        kwargs.setdefault("required", least > 0)
        super().__init__(widget=RowsWidget(columns, blank), **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> RowsField:
        twin = cast(RowsField, super().__deepcopy__(memo))
        twin.columns = {name: copy.deepcopy(field) for name, field in self.columns.items()}
        twin.widget = RowsWidget(twin.columns, self.blank)
        return twin

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Clean each row; errors are hung on their cells and told in the summary with the row's number."""
        widget = cast(RowsWidget, self.widget)
        cleaned: list[dict[str, Any]] = []
        errors: list[ValidationError] = []
        for index, row in enumerate(value or []):
            if all(row.get(column) in (None, "", [], False) for column, field in self.columns.items() if not is_fixed(field)):
                continue
            cleaned.append(self._clean_row(index, row, widget, errors))
        if errors:
            raise ValidationError(errors)
        if len(cleaned) < max(self.least, int(self.required)):
            raise ValidationError(self.error_messages["required"], code="required")
        return cleaned

    def _clean_row(self, index: int, row: Mapping[str, Any], widget: RowsWidget, errors: list[ValidationError]) -> dict[str, Any]:
        good: dict[str, Any] = {}
        for column, field in self.columns.items():
            try:
                good[column] = field.clean(row.get(column))
            except ValidationError as fault:
                widget.cell_errors[index, column] = fault.messages
                errors.extend(
                    ValidationError((_("Rad %(row)d: %(text)s") % {"row": index + 1, "text": text}).replace("%", "%%"), params={"cell": (index, column)})
                    for text in fault.messages
                )
        return good


def is_fixed(field: forms.Field) -> bool:
    """Whether a cell always holds something (a choice without an empty one), so that it says nothing of the row."""
    return isinstance(field, forms.ChoiceField) and bool(field.choices) and not any(value in ("", None) for value, _label in field.choices)


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
            name: scrub(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))  # type: ignore[arg-type]
            for name, field in self.fields.items()
            if not isinstance(field, forms.FileField)
        }

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
        field.error_messages["required"] = _("Lägg till minst en rad under ”%(label)s”.") % {"label": label}
        for column, cell in field.columns.items():
            say_required(cell, column)


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


def rows_asked(data: Mapping[str, Any]) -> tuple[str, str, int] | None:
    """Which change of rows was asked for: (field, add|remove|up|down, row)."""
    asked = str(data.get(ROWS, "")).split(":")
    if len(asked) < 2 or not all(part.isdigit() for part in asked[2:]):
        return None
    return asked[0], asked[1], int(asked[2]) if len(asked) > 2 else 0


def change_rows(typed: dict[str, Any], asked: tuple[str, str, int]) -> dict[str, Any]:
    """What was typed, with a row added, removed or moved."""
    name, what, index = asked
    rows = list(typed.get(name) or [])
    if what == "add":
        rows = [*(rows or [{}]), {}]
    elif index < len(rows):
        row = rows.pop(index)
        if what != "remove":
            rows.insert(max(0, index + (1 if what == "down" else -1)), row)
    return typed | {name: rows}


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

    def given(self) -> dict[str, Any]:
        """What the act is given."""
        return dict(self.cleaned_data)

    def context(self) -> dict[str, Any]:
        """More for the page: what the person needs to see to decide."""
        return {}


def choose(options: Iterable[tuple[Any, StrOrPromise]], empty: StrOrPromise = gettext_lazy("Välj …")) -> list[tuple[Any, StrOrPromise]]:
    """Choices that begin with an empty one, so that nothing is chosen by accident."""
    return [("", empty), *options]
