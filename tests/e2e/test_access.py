"""Access that explains itself, in Chromium: a substitute acts for another, a note stays inside, a page says why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Person, axe
from tests.e2e.hands import button, fill, press

Enter = Callable[..., Page]


@pytest.fixture
def who(everyone: list[Person]) -> Callable[..., Person]:
    """The nth demo person of a role."""
    return lambda role, nth=0: [it for it in everyone if it["role"] == role][nth]


@pytest.fixture
def prepared(places: dict[str, Any]) -> str:
    """A case that is being prepared."""
    return str(places["steps"]["preparation"][0])


def test_a_substitute_acts_for_another_and_the_history_says_so(
    as_person: Enter, who: Callable[..., Person], prepared: str
) -> None:
    officer, stands_in = who("officer", 2), who("council", 3)
    page = as_person(officer)
    page.goto("/ersattare/")
    page.locator("[name=substitute]").select_option(label=f"{stands_in['name']}, {stands_in['title']}")
    today = date.today()  # noqa: DTZ011 -- as she sees it
    fill(
        page, {"starts_on": today.isoformat(), "ends_on": (today + timedelta(days=9)).isoformat(), "reason": "Semester"}
    )
    press(page, "Utse ersättare")
    assert f"{stands_in['name']} ersätter {officer['name']}" in page.locator("main").inner_text()

    other = as_person(stands_in)
    other.goto(f"/arenden/{prepared}/behorighet/")
    assert f"som ersättare för {officer['name']}" in other.locator("main").inner_text()
    other.goto(f"/arenden/{prepared}/anteckningar/intern/")
    fill(other, {"text": "Jag tar över medan hon är borta."})
    press(other, "Spara anteckningen")
    other.goto(f"/arenden/{prepared}/historik/")
    newest = other.locator(".fp-event").first.inner_text()
    assert f"{stands_in['name']} för {officer['name']}" in newest

    page.goto("/ersattare/")
    page.locator("form[action$='avsluta/'] button").first.click()
    page.wait_for_load_state()
    other.goto(f"/arenden/{prepared}/anteckningar/")
    assert "403" in other.locator("main").inner_text()


def test_an_internal_note_is_not_seen_by_the_applicant_but_a_message_is(
    as_person: Enter, who: Callable[..., Person], everyone: list[Person]
) -> None:
    applicant = next(it for it in everyone if (it["role"], it["namnd"]) == ("applicant", "SKH"))
    outside = as_person(applicant)
    outside.goto("/arenden/")
    number = re.findall(r"SIF-\d+-\d+", outside.content())[0]
    outside.goto(f"/arenden/{number}/anteckningar/meddelande/")
    fill(outside, {"text": "Hej från oss."})
    press(outside, "Skicka till båda sidor")
    assert "Hej från oss." in outside.locator("main").inner_text()
    for page in ("intern/", "stryk/?row=1"):
        answer = outside.goto(f"/arenden/{number}/anteckningar/{page}")
        assert answer is not None
        assert answer.status == (403 if page == "intern/" else 200)


def test_a_note_names_its_readers_suggests_them_and_asks_before_it_goes_outside(
    as_person: Enter, who: Callable[..., Person], prepared: str
) -> None:
    page = as_person("officer")
    page.goto(f"/arenden/{prepared}/anteckningar/intern/")
    assert re.search(r"\d+ personer kan läsa en intern anteckning", page.locator("main").inner_text())
    area = page.locator("[name=text]")
    first = who("controller")["name"].split()[0]
    area.press_sequentially(f"Vad tror du @{first}")
    page.locator(".fp-mention li").first.click()
    assert page.locator("[name=mentions]:checked").count() == 1
    page.locator("[name=audience][value=message]").check()
    press(page, "Spara anteckningen")
    assert "på båda sidor" in page.locator("main").inner_text()
    assert button(page, "Skicka till båda sidor").count() == 1
    assert first in page.locator("[name=text]").input_value()


def test_every_act_says_why_not_and_a_stranger_may_ask(as_person: Enter, prepared: str) -> None:
    page = as_person("auditor")
    page.goto(f"/arenden/{prepared}/")
    page.get_by_role("link", name="Varför kan jag inte …?").click()
    page.wait_for_load_state()
    assert "Den rollen har inte du." in page.locator("main").inner_text()
    assert axe(page) == []

    stranger = as_person("administrator", script=False)
    answers = []
    for number in (prepared, "SIF-1999-999"):
        stranger.goto(f"/arenden/{number}/")
        stranger.get_by_role("link", name="Saknar du ett ärende? Begär insyn.").click()
        stranger.wait_for_load_state()
        fill(stranger, {"number": number, "reason": "Jag behöver det i en utredning."})
        press(stranger, "Skicka begäran")
        answers.append(stranger.locator("main").inner_text())
    assert answers[0] == answers[1]
    assert "Din begäran är mottagen" in answers[0]
