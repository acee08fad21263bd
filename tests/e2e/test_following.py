"""A project followed in Chromium: a red report, its measure, the chair's acceptance, and the director's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person, axe
from tests.e2e.hands import fill, heading, press

Enter = Callable[..., Page]


@pytest.fixture
def running(as_person: Enter) -> str:
    """The address of a running project that the demo's chair steers and that has a deviation."""
    page = as_person("director")
    page.goto("/projekt/?lage=avviker")
    address: str = page.locator("tbody th a").first.get_attribute("href") or ""
    return address.removesuffix("projektet/")


def test_a_red_report_gets_its_measure_and_is_accepted_by_the_chair(
    as_person: Enter, everyone: list[Person], running: str
) -> None:
    writer = _who_writes(as_person, everyone, running)
    page = as_person(writer)
    page.goto(f"{running}lagesrapport/")
    year = datetime.now(tz=UTC).year
    told: dict[str, Any] = {"year": str(year), "women": "31", "men": "29", "children": "0"}
    fill(page, told | {"reason": "Prognosen är uppdaterad efter mötet med styrgruppen."})
    for name, value in {"period": "T2", "time": "red", "economy": "green", "effect": "yellow"}.items():
        page.check(f"input[name={name}][value={value}]")
    page.locator("input[name$='-value']").first.fill("41")
    for money in page.locator("input[name$='-spent'], input[name$='-forecast']").all():
        money.fill("100 000")
    press(page, "Lämna lägesrapport")
    assert "Skriv vilken åtgärd som vidtas" in page.locator("main").inner_text()

    fill(page, {"measure": "Extra handledning.", "measure_owner": "Ann Ek", "measure_on": f"{year + 1}-02-01"})
    press(page, "Lämna lägesrapport")
    page = as_person("steering")
    page.goto(f"{running}godkann-lagesrapport/")
    page.locator("input[name=report]").last.check()
    press(page, "Godkänn lägesrapport")
    page.goto(f"{running}projektet/")

    assert "Extra handledning." in page.locator("main").inner_text()
    assert axe(page) == []


def _who_writes(as_person: Enter, everyone: list[Person], running: str) -> Person:
    """The applicant whose project it is."""
    for person in everyone:
        if person["role"] == "applicant":
            page = as_person(person)
            page.goto("/")
            if page.request.get(f"{page.url.rstrip('/')}{running}lagesrapport/").ok:
                return person
    raise LookupError("ingen sökande skriver projektets lägesrapport")


def test_the_director_sees_every_projects_lights_on_one_page(as_person: Enter) -> None:
    page = as_person("director")
    page.goto("/projekt/")
    assert heading(page) == "Projektens läge"
    expect(page.locator("tbody tr").first).to_be_visible()
    page.select_option("#fas", "genomfors")
    press(page, "Filtrera")
    press(page, "Beviljat")

    assert "sort=beviljat" in page.url
    assert "fas=genomfors" in page.url
    assert axe(page) == []
