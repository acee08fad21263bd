"""The work queue in Chromium: filter while typing, a view shared with a colleague, and many cases at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person, axe
from tests.e2e.hands import button, fill, press

Enter = Callable[..., Page]
QUEUE = "/arenden/?vy="


@pytest.fixture
def officers(everyone: list[Person]) -> list[Person]:
    """The demo's officers."""
    return [person for person in everyone if person["role"] == "officer"]


def test_the_list_follows_what_is_typed_and_the_address_with_it(as_person: Enter, officers: list[Person]) -> None:
    page = as_person(officers[0])
    page.goto(QUEUE)
    before = page.locator("tbody tr").count()
    field = page.locator("#filter_q")

    field.press_sequentially("steg:beredning", delay=20)
    page.wait_for_url(re.compile("q=steg%3Aberedning"))

    assert field.evaluate("it => document.activeElement === it"), "fältet tappade fokus"
    assert 0 < page.locator("tbody tr").count() < before
    assert set(page.locator("tbody td[data-label=Status]").all_inner_texts()) == {"Under beredning"}
    expect(page.locator("#antal")).to_contain_text("ärende")
    page.get_by_role("button", name="Sökt, mnkr").click()
    page.wait_for_url(re.compile("sort=belopp"))
    assert axe(page) == []

    field.fill("namd:farsta")
    expect(page.locator("#urval")).to_contain_text("Menade du ”namnd:”?")
    page.go_back()
    expect(page.locator("tbody tr").first).to_be_visible()


def test_the_queue_works_without_script(as_person: Enter, officers: list[Person]) -> None:
    page = as_person(officers[0], script=False, width="narrow")
    page.goto(QUEUE)
    page.locator("#filter_q").fill("steg:beredning")
    press(page, "Filtrera")

    assert "q=steg%3Aberedning" in page.url
    assert set(page.locator("tbody td[data-label=Status]").all_inner_texts()) == {"Under beredning"}
    assert page.evaluate("() => true")
    page.locator("[name=urval][value=alla]").check()
    press(page, "Fortsätt")
    assert "alla" in page.locator(".fp-lead").inner_text()


def test_a_view_is_saved_shared_and_opened_by_a_colleague(as_person: Enter, officers: list[Person]) -> None:
    page = as_person(officers[0])
    page.goto("/arenden/?steg=preparation&sort=-belopp&kol=namnd,belopp")
    page.get_by_role("link", name="Spara som vy").click()
    fill(page, {"name": "Beredning, störst först", "shared": True})
    press(page, "Spara")
    assert "är sparad" in page.locator("main").inner_text()

    other = as_person(officers[1])
    other.goto(QUEUE)
    other.get_by_role("link", name=re.compile("Beredning, störst först, delad av")).click()
    other.wait_for_load_state()

    assert "sort=-belopp" in other.url
    heads = other.locator("thead th").all_inner_texts()
    assert [head for head in heads if head] == ["Ärende", "Nämnd", "Sökt, mnkr"]


def test_many_cases_are_assigned_and_the_one_that_cannot_be_is_told(
    as_person: Enter, officers: list[Person], product: Any
) -> None:
    other = as_person(officers[2])
    other.goto("/arenden/?steg=preparation&sort=rubrik")
    stands_aside = other.locator("tbody th a").first
    title = stands_aside.inner_text()
    stands_aside.click()
    other.wait_for_load_state()
    other.goto(f"{other.url}anmal-jav/")
    fill(other, {"reason": "Nära vän till projektledaren."})
    press(other, "Anmäl jäv")

    page = as_person(officers[0])
    page.goto("/arenden/?steg=preparation&sort=rubrik")
    page.locator("input[name=arende]").nth(0).check()
    page.locator("input[name=arende]").nth(1).check()
    assert "(2)" in page.locator("[data-picked]").inner_text()
    button(page, "Fortsätt").click()
    page.wait_for_load_state()
    page.locator("[name=officer]").select_option(label=officers[2]["name"])
    press(page, "Tilldela handläggare, 2 ärenden")

    assert "1 av 2 gjorda, 1 nekade" in page.locator("main").inner_text()
    refused = page.locator("tbody tr", has_text=title)
    assert "har anmält jäv" in refused.inner_text()
    assert axe(page) == []
    page.goto("/arenden/flera/")
    assert "Tilldela handläggare, 2 ärenden" in page.locator("main").inner_text()
