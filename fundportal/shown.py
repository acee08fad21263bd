"""A filled-in form as people read it: label and value, long text, or table. For reviews, papers and signing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fundportal import charts, formatting
from fundportal.canonical import NOT_APPLICABLE
from fundportal.forms import KronorField, NumberField, PercentField, PlainForm, RowsField, TkrField, YearField
from fundportal.rows import real, says_na


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
    items: tuple[str, ...] = ()
    """A numbered list."""
    chart: Mapping[str, Any] | None = None
    """A picture of the table, as `charts.draw` takes it."""

    @property
    def picture(self) -> SafeString | str:
        """The chart, drawn."""
        return charts.draw(self.chart) if self.chart else ""

    @property
    def wide(self) -> bool:
        """Whether the table is told row by row."""
        return len(self.columns) > WIDE

    @property
    def told(self) -> list[list[tuple[str, str]]]:
        """The rows as pairs of column and value."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def cells(self) -> list[list[tuple[str, str, bool]]]:
        """The rows as (column, value, whether it is a figure)."""
        return [
            [
                (column, value, at in self.figures)
                for at, (column, value) in enumerate(zip(self.columns, row, strict=True))
            ]
            for row in self.rows
        ]

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """The columns as (label, whether they hold figures)."""
        return [(column, at in self.figures) for at, column in enumerate(self.columns)]


def say(field: forms.Field, value: Any) -> str:
    """One value as Swedish text, by the kind of its field. What could not be understood is said as it was typed."""
    if isinstance(field, forms.BooleanField):
        return _("Ja") if value else _("Nej")
    if value in (None, "", []):
        return ""
    if isinstance(field, NumberField) and field.na and value == NOT_APPLICABLE:
        return _("Inte aktuellt")
    if isinstance(field, forms.ChoiceField):
        return _choice(field, value)
    if isinstance(value, date):
        return formatting.day(value)
    if isinstance(value, list | tuple) and isinstance(field, NumberField):
        return "; ".join(say(field, number) for number in value)
    if isinstance(value, Decimal | int) and isinstance(field, NumberField):
        return _figure(field, Decimal(value))
    return str(value)


def _choice(field: forms.ChoiceField, value: Any) -> str:
    labels = {str(key): str(label) for key, label in field.widget.choices}
    chosen = value if isinstance(value, list | tuple) else [value]
    return "; ".join(labels.get(str(item), str(item)) for item in chosen)


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
            places = max(0, -int(value.normalize().as_tuple().exponent))
            return formatting.number(value, min(places, field.decimals)) + unit


def line(field: forms.Field, label: str, value: Any) -> Line:
    """One field and its value."""
    if isinstance(field, RowsField) and says_na(value) and not real(value):
        return Line(label, _("Inte aktuellt"))
    if isinstance(field, RowsField):
        return _table(field, label, real(value))
    return Line(label, say(field, value), long=isinstance(field.widget, forms.Textarea))


def _table(field: RowsField, label: str, rows: list[dict[str, Any]]) -> Line:
    filled = [row for row in rows if any(value not in (None, "") for value in row.values())]
    used = [
        name
        for name, cell in field.columns.items()
        if cell.required or any(row.get(name) not in (None, "") and row.get(name) is not False for row in filled)
    ]
    return Line(
        label,
        columns=tuple(str(field.columns[name].label) for name in used),
        rows=tuple(tuple(_cell(field.columns[name], row.get(name)) for name in used) for row in filled),
        figures=tuple(index for index, name in enumerate(used) if isinstance(field.columns[name], NumberField)),
    )


def _cell(field: forms.Field, value: Any) -> str:
    return say(field, value) or (_("Inte ifyllt") if isinstance(field, NumberField) else "")


def lines(form: PlainForm) -> list[Line]:
    """Every answer of a form that is bound to what was typed. Answers that are wrong are shown as typed."""
    form.is_valid()
    typed = form.typed()
    return [
        line(field, str(field.label), form.cleaned_data.get(name, typed.get(name)))
        for name, field in form.fields.items()
        if not field.widget.is_hidden and not isinstance(field, forms.FileField)
    ]


def one(form: PlainForm, name: str) -> Line:
    """One answer of a form that is bound to what was typed."""
    form.is_valid()
    field = form.fields[name]
    return line(field, str(field.label), form.cleaned_data.get(name, form.typed().get(name)))


def table(
    label: str,
    columns: list[str],
    rows: list[list[str]],
    *,
    figures: tuple[int, ...] = (),
    chart: Mapping[str, Any] | None = None,
) -> Line:
    """A computed table, with a chart of it or none."""
    return Line(label, columns=tuple(columns), rows=tuple(tuple(row) for row in rows), figures=figures, chart=chart)


WIDE = 5
"""Tables with more columns than this are told row by row: no page is wide enough."""


def of(content: dict[str, Any]) -> list[Line]:
    """A signed content as people read it: each key with its text, list or table."""
    return [_of(str(label), value) for label, value in content.items()]


def _of(label: str, value: Any) -> Line:
    match value:
        case dict():
            return Line(
                label,
                columns=(_("Uppgift"), _("Värde")),
                rows=tuple((str(key), _word(item)) for key, item in value.items()),
            )
        case [dict(), *_rest]:
            columns = tuple(str(key) for key in value[0])
            rows = tuple(tuple(_word(row.get(key)) for key in columns) for row in value)
            return Line(label, columns=columns, rows=rows, figures=_money(rows))
        case [list() | tuple(), *_rest]:
            return Line(
                label, columns=("",) * len(value[0]), rows=tuple(tuple(_word(cell) for cell in row) for row in value)
            )
        case list() | tuple():
            return Line(label, items=tuple(_word(item) for item in value))
        case _:
            return Line(label, _word(value), long=isinstance(value, str) and ("\n" in value or len(value) > LONG))


def _money(rows: tuple[tuple[str, ...], ...]) -> tuple[int, ...]:
    """The columns that hold amounts and nothing else."""
    return tuple(at for at, column in enumerate(zip(*rows, strict=True)) if all(AMOUNT.fullmatch(it) for it in column))


def _word(value: Any) -> str:
    match value:
        case None | "":
            return formatting.NOTHING
        case bool():
            return _("Ja") if value else _("Nej")
        case date():
            return formatting.day(value)
        case list() | tuple():
            return ", ".join(_word(item) for item in value)
        case _:
            return str(value)


AMOUNT = re.compile(r"[-−]?\d[\d\s]*(kr|tkr)")


LONG = 200


def sections(title: str, answers: list[Line]) -> list[dict[str, Any]]:
    """Answers as sections of a paper: short ones together as rows, long ones and tables under their own headings."""
    found: list[dict[str, Any]] = [{"title": title, "level": 2, "rows": []}]
    for answer in answers:
        if answer.columns:
            found.extend(_table_sections(answer))
        elif answer.long:
            text = answer.text.replace("\n", "  \n") or _("Inte ifyllt.")
            found.append({"title": answer.label, "level": 3, "text": text})
        else:
            if "rows" not in found[-1] or found[-1].get("one"):
                found.append({"title": "", "level": 3, "rows": []})
            found[-1]["rows"].append([answer.label, answer.text or _("Inte ifyllt")])
    return found


def _table_sections(answer: Line) -> list[dict[str, Any]]:
    if not answer.rows:
        return [{"title": answer.label, "level": 3, "text": _("Inte ifyllt.")}]
    if not answer.wide:
        table = {"columns": list(answer.columns), "rows": [list(row) for row in answer.rows]}
        return [{"title": answer.label, "level": 3, "table": table} | ({"chart": answer.chart} if answer.chart else {})]
    return [
        {
            "title": _("%(label)s, rad %(no)d") % {"label": answer.label, "no": no},
            "level": 3,
            "one": True,
            "rows": [list(pair) for pair in row],
        }
        for no, row in enumerate(answer.told, start=1)
    ]
