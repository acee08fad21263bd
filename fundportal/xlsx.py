"""A workbook of one sheet (Office Open XML, ECMA-376): enough for a table that a controller goes on reckoning with.

Text is written as text in the cell (`inlineStr`), so no spreadsheet takes it for a formula; amounts are numbers with
two decimals and a thousands separator, days are days. A library would do it in as many lines and ten thousand more.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD, PLAIN, AMOUNT, DAY = 1, 0, 2, 3
FIRST_DAY = date(1899, 12, 30)
"""Day 0 of a spreadsheet."""

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SHEET}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
    '<xf/><xf fontId="1" applyFont="1"/><xf numFmtId="4" applyNumberFormat="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def workbook(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A file with one sheet: its heading in bold, frozen when one scrolls, and a row for each row."""
    lines = [_row(1, head, HEAD), *(_row(no, row, PLAIN) for no, row in enumerate(rows, 2))]
    widths = "".join(f'<col min="{no}" max="{no}" width="24" customWidth="1"/>' for no in range(1, len(head) + 1))
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{''.join(lines)}</sheetData></worksheet>"
    )
    title = escape(name[:31].translate(str.maketrans("[]:*?/\\", "       ")), {'"': "&quot;"})
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="{title}" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parcel:
        for path, text in {**PARTS, "xl/workbook.xml": book, "xl/worksheets/sheet1.xml": sheet}.items():
            part = zipfile.ZipInfo(path, (2000, 1, 1, 0, 0, 0))  # the same content is the same file
            parcel.writestr(
                part, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}', zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _row(no: int, cells: Sequence[Any], style: int) -> str:
    return f'<row r="{no}">{"".join(_cell(cell, style) for cell in cells)}</row>'


def _cell(value: Any, style: int) -> str:
    match value:
        case None | "":
            return "<c/>"
        case bool():
            return f'<c t="b" s="{style}"><v>{int(value)}</v></c>'
        case Decimal():
            return f'<c s="{AMOUNT}"><v>{value}</v></c>'
        case int():
            return f'<c s="{style}"><v>{value}</v></c>'
        case date():
            day = value.date() if isinstance(value, datetime) else value
            return f'<c s="{DAY}"><v>{(day - FIRST_DAY).days}</v></c>'
    text = "".join(sign for sign in str(value) if sign >= " " or sign in "\t\n")
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
