"""The council with jäv, in Chromium: declare, the page is gone, the quorum is recomputed, the meeting lists it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Person
from tests.e2e.hands import button, fill, follow, heading, press

Enter = Callable[..., Page]
GIVEN = "Två bedömningar är lämnade"


@pytest.fixture
def council(everyone: list[Person]) -> list[Person]:
    """The members, in the order of the login page; the first two have assessed one of the cases."""
    return [person for person in everyone if person["role"] == "council"]


def test_a_member_declares_jav_and_loses_the_case_at_once(
    as_person: Enter, people: dict[str, Person], council: list[Person], places: dict[str, Any]
) -> None:
    officer = as_person(people["officer"])
    for number in places["steps"]["council"]:
        officer.goto(f"/arenden/{number}/")
        if GIVEN in officer.locator("main").inner_text():
            break
    case, member = officer.url, council[1]

    page = as_person(member)
    page.goto(case)
    assert page.locator("h1").is_visible()
    page.goto(f"{case}anmal-jav/")
    fill(page, {"reason": "Min syster leder verksamheten som söker."})
    press(page, "Anmäl jäv")

    answer = page.goto(case)
    assert answer is not None
    assert answer.status == 403
    answer = page.goto(f"{case}bedom/")
    assert answer is not None
    assert answer.status == 403

    officer.goto(case)
    assert "En bedömning är lämnad" in officer.locator("main").inner_text()
    follow(officer, "Dagordningen för sammanträdet")
    assert f"{member['name']}: jäv" in officer.locator("main").inner_text()
    page.goto(officer.url)
    assert "Ärendet är stängt för dig" in page.locator("main").inner_text()

    officer.goto(f"{case}hav-jav/")
    officer.locator("[name=person]").select_option(label=member["name"])
    fill(officer, {"reason": "Systern har bytt arbete och leder inte verksamheten."})
    press(officer, "Häv jäv")
    assert "En bedömning är lämnad" in officer.locator("main").inner_text(), "what was void stays void"
    page.goto(f"{case}bedom/")
    assert heading(page) == "Bedöm idén"


def test_an_assessment_that_is_being_written_is_kept_by_itself(
    as_person: Enter, council: list[Person], places: dict[str, Any]
) -> None:
    page = as_person(council[3])
    for number in places["steps"]["council"]:
        answer = page.goto(f"/arenden/{number}/bedom/")
        if answer is not None and answer.status == 200:
            break
    page.locator("#id_K1_2").check()
    page.locator("[name=K1_reason]").fill("En tanke som inte får gå förlorad.")
    page.locator("[data-draft-state]", has_text="Sparat").wait_for()

    page.reload()

    assert page.locator("[name=K1_reason]").input_value() == "En tanke som inte får gå förlorad."
    button(page, "Bedöm idén").click()
    page.wait_for_load_state()
    summary = page.locator(".fp-errors")
    assert "Välj poäng för" in summary.inner_text()
    assert summary.locator("li").count() <= 3
