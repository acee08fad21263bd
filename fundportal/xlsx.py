"""A workbook of one sheet, for a table that a controller goes on reckoning with (XlsxWriter; decision record 0019)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 -- a day that says nothing, so that the same content is the same file
NOT_IN_A_NAME = str.maketrans("[]:*?/\\", "       ")
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A file with one sheet: its heading in bold, which stays when one scrolls, and a row for each row.

    Text is written as text, so that no spreadsheet takes it for a formula; amounts (Decimal) are numbers with two
    decimals, days are days, and None is an empty cell.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"title": name, "created": MADE})
    sheet = book.add_worksheet(name.translate(NOT_IN_A_NAME)[:31])
    amount, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(head) - 1, 0), 24)
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            match value:
                case None | "":
                    continue
                case Decimal():
                    sheet.write_number(line, place, value, amount)
                case bool():
                    sheet.write_boolean(line, place, value)
                case int():
                    sheet.write_number(line, place, value)
                case date():
                    when = value.date() if isinstance(value, datetime) else value
                    sheet.write_datetime(line, place, when, day)
                case _:
                    sheet.write_string(line, place, str(value))
    book.close()
    return out.getvalue()
