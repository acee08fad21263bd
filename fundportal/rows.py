"""Tables of inputs: rows of the same fields, added, removed and moved without script."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from fundportal import formatting
from fundportal.canonical import NoRows
from fundportal.fields import FondRenderer, NumberField, parse_number, whole_number

ROWS = "_rows"
NA = "_na"
"""A stored row with this key says that the rows do not apply."""


class RowsWidget(forms.Widget):
    """A table of inputs; rows are added, removed and moved by buttons that work without script."""

    template_name = "forms/rows.html"

    def __init__(
        self,
        columns: Mapping[str, forms.Field],
        blank: int = 1,
        *,
        na: bool = False,
        totals: Sequence[str] = (),
        by: str = "",
    ) -> None:
        """`columns` are the fields of a row; `blank` empty rows are shown when there are none."""
        super().__init__()
        self.columns, self.blank, self.na, self.totals, self.by = columns, blank, na, totals, by
        self.cell_errors: dict[tuple[int, str], list[str]] = {}
        self.row_errors: dict[int, list[str]] = {}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, Any]]:
        """The rows as typed, from a posted form or from a stored draft."""
        if not isinstance(data, QueryDict):
            return cast("list[dict[str, Any]]", data.get(name) or [])
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-", re.ASCII)
        numbers = sorted({int(found[1]) for key in data if (found := pattern.match(key))})
        rows = [
            {
                column: field.widget.value_from_datadict(data, files, f"{name}-{number}-{column}")
                for column, field in self.columns.items()
            }
            for number in numbers
        ]
        return [*rows, {NA: "1"}] if self.na and f"{name}-na" in data else rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Rows are never omitted: none is an answer."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Every cell with its label, id, markup and errors."""
        context = super().get_context(name, value, attrs)
        rows = real(value) or [{} for _blank in range(self.blank)]
        context["widget"].update(
            rows=[self._row(name, index, row) for index, row in enumerate(rows)],
            pattern=self._row(name, "__n__", {}),
            columns=[field.label for field in self.columns.values()],
            add_name=ROWS,
            na=self.na,
            na_name=f"{name}-na",
            ticked=says_na(value),
            totals=self._totals(rows),
            by=self.by,
        )
        return context

    def _totals(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The sum of each column that is added up, in all and by group, as typed so far or as stored."""
        return [self._total(rows, column, self.columns[column]) for column in self.totals]

    def _total(self, rows: list[dict[str, Any]], column: str, field: forms.Field) -> dict[str, Any]:
        typed = [{**row, column: field.prepare_value(row.get(column))} for row in rows]  # stored kronor typed as tkr
        sums = summed(typed, column, self.columns.get(self.by), self.by)
        unit = unit_of(field)
        told = [{"group": group, "sum": _figure(amount, unit)} for group, amount in sums]
        return {"column": column, "label": field.label, "unit": unit, "sums": told}

    def _row(self, name: str, index: int | str, row: Mapping[str, Any]) -> dict[str, Any]:
        cells = []
        for column, field in self.columns.items():
            id_ = f"id_{name}-{index}-{column}"
            errors = self.cell_errors.get((index, column), []) if isinstance(index, int) else []
            attrs = {"id": id_} | ({"aria-invalid": "true", "aria-describedby": f"{id_}_error"} if errors else {})
            shown = field.prepare_value(row.get(column, field.initial))
            html = field.widget.render(f"{name}-{index}-{column}", shown, attrs, renderer=FondRenderer())
            cells.append(
                {
                    "label": field.label,
                    "name": f"{name}-{index}-{column}",
                    "column": column,
                    "id": id_,
                    "html": html,
                    "errors": errors,
                    "help": field.help_text,
                }
            )
        return {"index": index, "cells": cells, "errors": self.row_errors.get(cast(int, index), [])}


class RowsField(forms.Field):
    """Rows of the same fields; cleaned to a list of dicts. Rows where nothing was typed do not count.

    With `na=True` the box "Inte aktuellt" stands under the rows: it is cleaned to `NoRows()`, which is empty and adds
    nothing, shown as "Inte aktuellt" and frozen as "inte aktuellt"; a required field is content with it. `totals` names
    the columns of figures that are added up under the rows while one types, `by` the column to add them up by.
    """

    def __init__(
        self,
        columns: Mapping[str, forms.Field],
        *,
        least: int = 0,
        blank: int = 1,
        na: bool = False,
        totals: Sequence[str] = (),
        by: str = "",
        **kwargs: Any,
    ) -> None:
        """`least` rows are required at submission."""
        self.columns, self.least, self.blank, self.na, self.totals, self.by = columns, least, blank, na, totals, by
        kwargs.setdefault("required", least > 0)
        super().__init__(widget=self._widget(columns), **kwargs)

    def _widget(self, columns: Mapping[str, forms.Field]) -> RowsWidget:
        return RowsWidget(columns, self.blank, na=self.na, totals=self.totals, by=self.by)

    def __deepcopy__(self, memo: dict[int, Any]) -> RowsField:
        twin = super().__deepcopy__(memo)
        twin.columns = {name: copy.deepcopy(field) for name, field in self.columns.items()}
        twin.widget = self._widget(twin.columns)
        return twin

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Clean each row; errors are hung on their cells and told in the summary with the row's number."""
        widget = cast(RowsWidget, self.widget)
        cleaned: list[dict[str, Any]] = []
        errors: list[ValidationError] = []
        for index, row in enumerate(real(value)):
            if is_blank(row, self.columns):
                continue
            cleaned.append(self._clean_row(index, row, widget, errors))
        if errors:
            raise ValidationError(errors)
        if self.na and says_na(value):
            return self._not_applicable(cleaned)
        if len(cleaned) < max(self.least, int(self.required)):
            raise ValidationError(self.error_messages["required"], code="required")
        return cleaned

    def _not_applicable(self, cleaned: list[dict[str, Any]]) -> NoRows:
        if cleaned:
            text = _("”%(label)s”: antingen rader eller ”Inte aktuellt”. Ta bort raderna eller krysset.")
            raise ValidationError(text % {"label": self.label or _("Raderna")})
        return NoRows()

    def _clean_row(
        self, index: int, row: Mapping[str, Any], widget: RowsWidget, errors: list[ValidationError]
    ) -> dict[str, Any]:
        good: dict[str, Any] = {}
        for column, field in self.columns.items():
            try:
                good[column] = field.clean(row.get(column))
            except ValidationError as fault:
                widget.cell_errors[index, column] = fault.messages
                errors.extend(
                    ValidationError(
                        (_("Rad %(row)d: %(text)s") % {"row": index + 1, "text": text}).replace("%", "%%"),
                        params={"cell": (index, column)},
                    )
                    for text in fault.messages
                )
        return good


def real(value: Any) -> list[dict[str, Any]]:
    """The rows of a typed value, without the one that says that they do not apply."""
    return [row for row in value or [] if NA not in row]


def says_na(value: Any) -> bool:
    """Whether a typed or cleaned value says that the rows do not apply."""
    return isinstance(value, NoRows) or any(NA in row for row in value or [])


def is_blank(row: Mapping[str, Any], columns: Mapping[str, forms.Field]) -> bool:
    """Whether nothing was typed in a row. 0 is something."""
    cells = (row.get(column) for column, field in columns.items() if not is_fixed(field))
    return all(cell in (None, "", []) or cell is False for cell in cells)


def unit_of(field: forms.Field) -> str:
    """The unit of a column of figures."""
    return str(field.suffix) if isinstance(field, NumberField) else ""


def _figure(amount: Decimal, unit: str) -> str:
    places = max(0, -int(amount.normalize().as_tuple().exponent))
    return formatting.number(amount, min(places, 2)) + (f"{formatting.NBSP}{unit}" if unit else "")


def summed(
    rows: Iterable[Mapping[str, Any]], column: str, by: forms.Field | None = None, by_name: str = ""
) -> list[tuple[str, Decimal]]:
    """What a column comes to as typed, in the typed unit: by group when asked for, then in all under the name "".

    What is not a number adds nothing until it is one.
    """
    groups: dict[str, Decimal] = {}
    for row in rows:
        try:
            amount = parse_number(str(row.get(column) or "0"))
        except ArithmeticError:
            continue
        group = _label(by, row.get(by_name)) if by else ""
        if group or not by:
            groups[group] = groups.get(group, Decimal(0)) + amount
        if by:
            groups[""] = groups.get("", Decimal(0)) + amount
    whole = groups.pop("", Decimal(0))
    return [*sorted(groups.items()), ("", whole)]


def _label(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.widget.choices}
        return labels.get(str(value or ""), "") if value else ""
    return str(value or "").strip()


def is_fixed(field: forms.Field) -> bool:
    """Whether a cell always holds something (a choice without an empty one), so that it says nothing of the row."""
    if not isinstance(field, forms.ChoiceField) or callable(field.choices):
        return False
    values = [value for value, _label in field.widget.choices]
    return bool(values) and not any(value in ("", None) for value in values)


RowChange = tuple[str, str, int]
"""A change of rows that a button asked for: field, what, and which row."""


def rows_asked(data: Mapping[str, Any]) -> RowChange | None:
    """Which change of rows was asked for: (field, add|remove|up|down, row)."""
    asked = str(data.get(ROWS, "")).split(":")
    row = whole_number(asked[2], 4) if len(asked) > 2 else 0
    return (asked[0], asked[1], row) if len(asked) > 1 and row is not None else None


def change_rows(typed: dict[str, Any], asked: RowChange) -> dict[str, Any]:
    """What was typed, with a row added, removed or moved."""
    name, what, index = asked
    rows, unmoved = real(typed.get(name)), [{NA: "1"}] if says_na(typed.get(name)) else []
    if what == "add":
        rows = [*(rows or [{}]), {}]
    elif index < len(rows):
        row = rows.pop(index)
        if what != "remove":
            rows.insert(max(0, index + (1 if what == "down" else -1)), row)
    return typed | {name: [*rows, *unmoved]}
