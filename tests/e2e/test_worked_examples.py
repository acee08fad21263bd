"""The worked cases C1 and C2 as an auditor reads them: every sum to the krona."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.hands import named, said

Enter = Callable[..., Page]
C1 = {"Beviljat": 12_000_000, "Utbetalt": 11_600_000, "Återlämnat, aldrig utbetalt": 400_000, "Återfört": 11_600_000}
C2 = {"Beviljat": 8_000_000, "Utbetalt": 8_000_000, "Återlämnat, tidigare utbetalt": 500_000, "Återfört": 0}


def kronor(amount: int) -> str:
    return f"{amount:,} kr".replace(",", " ")


@pytest.mark.parametrize(
    ("title", "sums", "end"),
    [
        ("Skolnära team", C1, ("3 200 tkr", "11 600 000 kr")),
        ("Må bra-grupper på öppna förskolan", C2, ("7 500 000 kr",)),
    ],
    ids=["C1", "C2"],
)
def test_a_worked_case_stands_in_the_portal_to_the_krona(
    title: str, sums: dict[str, int], end: tuple[str, ...], as_person: Enter, places: dict[str, Any]
) -> None:
    number = named(places, title)
    page = as_person("auditor")

    page.goto(f"/arenden/{number}/ekonomi/")
    lines = said(page).splitlines()
    assert {what: lines[lines.index(what) + 1] for what in sums} == {what: kronor(it) for what, it in sums.items()}
    page.goto(f"/arenden/{number}/")
    told = said(page)
    assert [words for words in end if words not in told] == []
