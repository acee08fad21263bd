"""The first plan of 11 600 000 kronor: fetched from the evaluation, typed, and decided by another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page

from tests.e2e import hands
from tests.e2e.conftest import Person, axe

AMOUNTS = ("2 000 000", "3 000 000", "3 500 000", "3 100 000")
FIRST = timezone.localdate().year + 1


def test_the_worked_case_is_planned_to_the_krona(
    as_person: Callable[..., Page], places: dict[str, Any], people: dict[str, Person]
) -> None:
    number = hands.named(places, "Samordnad krisjour för unga")
    page = as_person("controller", script=False)
    page.goto(f"/arenden/{number}/foresla-plan/")
    amounts = page.locator("main [name^='rows-'][name$='-amount']")
    fetched = [it.replace("\u00a0", " ") for it in amounts.evaluate_all("all => all.map(it => it.value)")]
    page.locator("[name='rows-0-amount']").fill("1")
    hands.press(page, "Hämta ur utvärderingen")
    again = [it.replace("\u00a0", " ") for it in amounts.evaluate_all("all => all.map(it => it.value)")]
    assert [it for it in fetched if it] == ["3 200 000", "3 200 000", "3 200 000", "2 000 000"]
    assert fetched == again

    for row, amount in enumerate(AMOUNTS):
        page.locator(f"[name='rows-{row}-amount']").fill(amount)
    hands.fill(page, {"grounds": "Utvärderingen visar lägre vårdkostnader (påhittat)."})
    hands.press(page, "Föreslå återföringsplan")

    page = as_person("director")
    page.goto(f"/arenden/{number}/besluta-plan/")
    said = page.locator("main").inner_text().replace("\u00a0", " ")
    assert "11 600 000 kr" in said
    assert all(f"{amount} kr" in said for amount in AMOUNTS)
    assert "Nominellt" in said
    hands.fill(page, {"password": people["director"]["password"]})
    hands.press(page, "Besluta återföringsplan")

    page.goto(f"/arenden/{number}/aterforingsplan/versioner/")
    rows = page.locator("main tbody th .fp-table__title").all_inner_texts()
    assert [row[:4] for row in rows] == [*(str(FIRST + year) for year in range(4)), "Summ"]
    assert axe(page) == []
