"""A filled-in form as people read it: label and value, long text, or table. For reviews, papers and signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from fundportal import formatting
from fundportal.forms import KronorField, NumberField, PercentField, PlainForm, RowsField, TkrField, YearField


@dataclass(frozen=True)
class Line:
    """One answer. `text` is what was answered; `long` if it is running text; `columns` and `rows` if it is a table."""

    label: str
    text: str = ""
    long: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    figures: tuple[int, ...] = ()
    """Columns that hold figures, by position: they are set flush right."""


def say(field: forms.Field, value: Any) -> str:
    """One value as Swedish text, by the kind of its field. What could not be understood is said as it was typed."""
    if isinstance(field, forms.BooleanField):
        return _("Ja") if value else _("Nej")
    if value in (None, "", []):
        return ""
    if isinstance(field, forms.ChoiceField):
        return _choice(field, value)
    if isinstance(value, date):
        return formatting.day(value)
    if isinstance(value, Decimal | int) and isinstance(field, NumberField):
        return _figure(field, Decimal(value))
    return str(value)


def _choice(field: forms.ChoiceField, value: Any) -> str:
    labels = {str(key): str(label) for key, label in field.choices}
    chosen = value if isinstance(value, list | tuple) else [value]
    return ", ".join(labels.get(str(item), str(item)) for item in chosen)


def _figure(field: NumberField, value: Decimal) -> str:
    match field:
        case TkrField():
            return formatting.tkr(value)
        case KronorField():
            return formatting.kronor(value)
        case PercentField():
            return formatting.percent(value)
        case YearField():
            return str(value)
        case _:
            unit = f"\u00a0{field.suffix}" if field.suffix else ""
            return formatting.number(value, field.decimals) + unit


def line(field: forms.Field, label: str, value: Any) -> Line:
    """One field and its value."""
    if isinstance(field, RowsField):
        return _table(field, label, value or [])
    return Line(label, say(field, value), long=isinstance(field.widget, forms.Textarea))


def _table(field: RowsField, label: str, rows: list[dict[str, Any]]) -> Line:
    filled = [row for row in rows if any(value not in (None, "") for value in row.values())]
    used = [name for name, cell in field.columns.items() if cell.required or any(row.get(name) for row in filled)]
    return Line(
        label,
        columns=tuple(str(field.columns[name].label) for name in used),
        rows=tuple(tuple(say(field.columns[name], row.get(name)) for name in used) for row in filled),
        figures=tuple(index for index, name in enumerate(used) if isinstance(field.columns[name], NumberField)),
    )


def lines(form: PlainForm) -> list[Line]:
    """Every answer of a form that is bound to what was typed. Answers that are wrong are shown as typed."""
    form.is_valid()
    typed = form.typed()
    return [
        line(field, str(field.label), form.cleaned_data.get(name, typed.get(name)))
        for name, field in form.fields.items()
        if not field.widget.is_hidden and not isinstance(field, forms.FileField)
    ]


def table(label: str, columns: list[str], rows: list[list[str]], *, figures: tuple[int, ...] = ()) -> Line:
    """A computed table."""
    return Line(label, columns=tuple(columns), rows=tuple(tuple(row) for row in rows), figures=figures)


def sections(title: str, answers: list[Line]) -> list[dict[str, Any]]:
    """Answers as sections of a paper: short ones together as rows, long ones and tables under their own headings."""
    found: list[dict[str, Any]] = [{"title": title, "level": 2, "rows": []}]
    for answer in answers:
        if answer.columns:
            table = {
                "columns": list(answer.columns),
                "rows": [list(row) for row in answer.rows],
                "figures": list(answer.figures),
            }
            found.append({"title": answer.label, "level": 3, "table": table} if answer.rows else _none(answer.label))
        elif answer.long:
            found.append(
                {"title": answer.label, "level": 3, "text": answer.text.replace("\n", "  \n")}
                if answer.text
                else _none(answer.label)
            )
        else:
            if "rows" not in found[-1]:
                found.append({"title": "", "level": 3, "rows": []})
            found[-1]["rows"].append([answer.label, answer.text or formatting.NOTHING])
    return found


def _none(label: str) -> dict[str, Any]:
    return {"title": label, "level": 3, "text": _("Inget angivet.")}
