"""Tables of inputs: rows of the same fields, added, removed and moved without script."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from fundportal.fields import FondRenderer, whole_number

ROWS = "_rows"


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
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-", re.ASCII)
        numbers = sorted({int(found[1]) for key in data if (found := pattern.match(key))})
        return [
            {
                column: field.widget.value_from_datadict(data, files, f"{name}-{number}-{column}")
                for column, field in self.columns.items()
            }
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
            cells.append(
                {
                    "label": field.label,
                    "name": f"{name}-{index}-{column}",
                    "id": id_,
                    "html": html,
                    "errors": errors,
                    "help": field.help_text,
                }
            )
        return {"index": index, "cells": cells, "errors": self.row_errors.get(index, [])}


class RowsField(forms.Field):
    """Rows of the same fields; cleaned to a list of dicts. Rows where nothing was typed do not count."""

    def __init__(self, columns: Mapping[str, forms.Field], *, least: int = 0, blank: int = 1, **kwargs: Any) -> None:
        """`least` rows are required at submission."""
        self.columns, self.least, self.blank = columns, least, blank
        kwargs.setdefault("required", least > 0)
        super().__init__(widget=RowsWidget(columns, blank), **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> RowsField:
        twin = super().__deepcopy__(memo)
        twin.columns = {name: copy.deepcopy(field) for name, field in self.columns.items()}
        twin.widget = RowsWidget(twin.columns, self.blank)
        return twin

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Clean each row; errors are hung on their cells and told in the summary with the row's number."""
        widget = cast(RowsWidget, self.widget)
        cleaned: list[dict[str, Any]] = []
        errors: list[ValidationError] = []
        for index, row in enumerate(value or []):
            if all(
                row.get(column) in (None, "", [], False)
                for column, field in self.columns.items()
                if not is_fixed(field)
            ):
                continue
            cleaned.append(self._clean_row(index, row, widget, errors))
        if errors:
            raise ValidationError(errors)
        if len(cleaned) < max(self.least, int(self.required)):
            raise ValidationError(self.error_messages["required"], code="required")
        return cleaned

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


def is_fixed(field: forms.Field) -> bool:
    """Whether a cell always holds something (a choice without an empty one), so that it says nothing of the row."""
    if not isinstance(field, forms.ChoiceField) or callable(field.choices):
        return False
    values = [value for value, _label in field.widget.choices]
    return bool(values) and not any(value in ("", None) for value in values)


def rows_asked(data: Mapping[str, Any]) -> tuple[str, str, int] | None:
    """Which change of rows was asked for: (field, add|remove|up|down, row)."""
    asked = str(data.get(ROWS, "")).split(":")
    row = whole_number(asked[2], 4) if len(asked) > 2 else 0
    return (asked[0], asked[1], row) if len(asked) > 1 and row is not None else None


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
