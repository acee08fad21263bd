"""A table that leaves as a workbook is the same table: numbers as numbers, days as days, text never a formula."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

from fundportal import xlsx

ROWS = [
    ["=1+1", Decimal("1234.50"), date(2024, 2, 29), 7, None],
    ["åäö & <b>", Decimal(0), None, 0, "https://x.example"],
]
HEAD = ["Text", "Belopp", "Dag", "Antal", "Länk"]


def sheet(book: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()


def test_amounts_days_and_counts_are_numbers_and_text_is_text() -> None:
    made = sheet(xlsx.workbook("Avstämning", HEAD, ROWS))

    assert re.findall(r'<c r="B2"[^>]*><v>(.*?)</v>', made) == ["1234.50"]
    assert re.findall(r'<c r="C2"[^>]*><v>(.*?)</v>', made) == ["45351"]  # days since 1899-12-30
    assert "<f>" not in made
    assert "hyperlink" not in made


def test_zero_and_nothing_are_two_things() -> None:
    made = sheet(xlsx.workbook("Avstämning", HEAD, ROWS))

    assert re.findall(r'<c r="B3"[^>]*><v>(.*?)</v>', made) == ["0"]
    assert 'r="C3"' not in made


def test_the_same_table_is_the_same_file() -> None:
    assert xlsx.workbook("A", HEAD, ROWS) == xlsx.workbook("A", HEAD, ROWS)


def test_a_name_that_no_sheet_may_have_is_mended() -> None:
    book = xlsx.workbook("Avstämning 2025/26: [hela staden] och mer därtill", HEAD, ROWS)

    assert (
        'name="Avstämning 2025 26   hela stade"' in zipfile.ZipFile(io.BytesIO(book)).read("xl/workbook.xml").decode()
    )
