"""The fund in Chromium: a reader chooses a day and follows a figure; two controllers grant and pay; it is proved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Person, axe
from tests.e2e.hands import fill, heading, press

Enter = Callable[..., Page]
TITLE = "Upphandlad utvärdering av öppna dörrar"
PARTS = ("", "poster/?post=D", "bocker/", "prognos/", "centralt/", "regler/")


@pytest.fixture
def controllers(everyone: list[Person]) -> list[Person]:
    """Both of them, in the order of the login page."""
    return [person for person in everyone if person["role"] == "controller"]


def test_a_reader_sees_the_fund_on_a_day_and_the_entries_behind_a_figure(as_person: Enter) -> None:
    page = as_person("applicant", script=False)
    page.goto("/fonden/")
    now = page.locator(".fp-stat__sub").first.inner_text()
    fill(page, {"den": "2015-06-15"})
    press(page, "Visa")

    assert "15\u00a0juni\u00a02015" in page.locator(".fp-lead").first.inner_text()
    assert "300\u00a0000\u00a0000\u00a0kr" in page.locator(".fp-stat__sub").first.inner_text() != now
    page.locator(".fp-stat").first.click()
    page.wait_for_load_state()
    assert heading(page) == "Disponibelt (D)"
    assert "Medel reserverades i fonden" in page.locator("main").inner_text()


def test_one_controller_grants_centrally_and_the_other_pays(as_person: Enter, controllers: list[Person]) -> None:
    first, second = controllers[:2]
    page = as_person(first)
    page.goto("/fonden/centralt/nytt/")
    told: dict[str, Any] = {"title": TITLE, "receiver": "Södra lärosätet", "use": "evaluate", "year": "2026"}
    fill(page, told | {"amount": "250 000", "decision": "Stadsdirektören § 77"})
    press(page, "Registrera centralt beviljande")
    assert TITLE in page.locator("main").inner_text()
    assert "En annan controller betalar ut" in page.locator("main").inner_text()

    page = as_person(second)
    page.goto("/fonden/centralt/")
    granted = page.locator("section", has=page.get_by_role("heading", name=TITLE)).first
    granted.get_by_role("link", name="Betala ut").click()
    fill(page, {"amount": "100 000", "voucher": "V 777"})
    press(page, "Betala ur centralt beviljande")
    page.goto("/fonden/bocker/")
    press(page, "Kör korsprövningen nu")

    assert "Korsprövningen stämmer" in page.locator("main").inner_text()


def test_the_funds_pages_are_accessible(as_person: Enter) -> None:
    page = as_person("controller")
    for part in PARTS:
        page.goto(f"/fonden/{part}")
        assert axe(page) == [], part
