"""Worked cases as a person reads and types them: C1 and C2 to the krona, and the ESF project's split (R8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e import hands
from tests.e2e.conftest import Person

Enter = Callable[..., Page]
C1 = {"Beviljat": 12_000_000, "Utbetalt": 11_600_000, "Återlämnat, aldrig utbetalt": 400_000, "Återfört": 11_600_000}
C2 = {"Beviljat": 8_000_000, "Utbetalt": 8_000_000, "Återlämnat, tidigare utbetalt": 500_000, "Återfört": 0}


def kronor(amount: int) -> str:
    return f"{amount:,} kr".replace(",", " ")


def said(page: Page) -> str:
    return page.locator("main").inner_text().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("title", "sums", "end"),
    [
        ("Skolnära team", C1, ("3 200 tkr", "11 600 000 kr")),
        ("Må bra-grupper på öppna förskolan", C2, ("7 500 000 kr", "Utan budgetjustering")),
    ],
    ids=["C1", "C2"],
)
def test_a_worked_case_stands_in_the_portal_to_the_krona(
    title: str, sums: dict[str, int], end: tuple[str, ...], as_person: Enter, places: dict[str, Any]
) -> None:
    number = next(number for number, it in places["titles"].items() if it == title)
    page = as_person("auditor")

    page.goto(f"/arenden/{number}/ekonomi/")
    lines = said(page).splitlines()
    assert {what: lines[lines.index(what) + 1] for what in sums} == {what: kronor(it) for what, it in sums.items()}
    page.goto(f"/arenden/{number}/")
    told = said(page)
    assert [words for words in end if words not in told] == []


def test_r8_the_esf_projects_money_is_split_while_it_is_typed(
    as_person: Enter, places: dict[str, Any], everyone: list[Person]
) -> None:
    number, email = places["writers"]["application"]
    page = as_person(next(it for it in everyone if it["email"] == email), script=False)
    page.goto(f"/arenden/{number}/ansokan/budget/")
    hands.fill(
        page,
        {
            "rows-0-requested": "6 867",
            "financing-0-financier": "ESF",
            "financing-0-amount": "6 090",
            "financing-0-status": "beviljad",
        },
    )
    for row in range(1, page.locator("main [name^='rows-'][name$='-requested']").count()):
        hands.fill(page, {f"rows-{row}-requested": "0"})
    hands.press(page, "Spara")

    told = " ".join(said(page).split())
    assert "ESF 6 090 tkr 47 %" in told
    assert "Hela kostnaden 12 957 tkr 100 %" in told
    assert "Risk för dubbelfinansiering" in told
