"""The four people, end to end in Chromium: district staff, SLK, the director and the auditor."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Person
from tests.e2e.hands import IDEA, button, fill, follow, heading, press, tab_to

Enter = Callable[..., Page]
TITLE = "Öppna dörrar i Skärholmen"


@pytest.fixture(scope="module")
def walked() -> dict[str, str]:
    """The number of the case that the people hand on to each other."""
    return {}


@pytest.fixture
def staff(everyone: list[Person]) -> Callable[[str, str], Person]:
    """A demo person by role and board."""
    return lambda role, namnd: next(it for it in everyone if (it["role"], it["namnd"]) == (role, namnd))


def test_district_staff_writes_an_idea_part_by_part(
    as_person: Enter, staff: Callable[[str, str], Person], walked: dict[str, str]
) -> None:
    page = as_person(staff("applicant", "SKH"))
    follow(page, "Ny idéskiss")
    fill(page, {"title": TITLE, "scope": "several"})
    button(page, "Skapa idéskiss").dblclick()
    page.wait_for_url(re.compile(r"/arenden/SIF-\d+-\d+/ideskiss/"))
    walked["number"] = re.findall(r"SIF-\d+-\d+", page.url)[0]

    # A double click made one case.
    page.goto(f"/sok/?q={TITLE}")
    assert page.locator("main").get_by_role("link", name=TITLE).count() == 1

    # Part by part, right or not: everything is saved.
    for slug, answers in IDEA.items():
        page.goto(f"/arenden/{walked['number']}/ideskiss/{slug}/")
        if slug == "grund":
            for name in ("contact", "manager"):
                page.locator(f"[name={name}]").select_option(index=1)
        if slug == "kostnad":
            page.locator("[name=savings-0-namnd]").select_option(index=1)
        fill(page, answers)
        press(page, "Spara och fortsätt")
    assert page.url.endswith("/ideskiss/granska/")

    # The wrong amount is told at the review, with a link that leads to the field and its error.
    errors = page.locator(".fp-errors")
    assert errors.evaluate("it => document.activeElement === it")
    assert "En uppgift behöver rättas" in errors.inner_text()
    errors.get_by_role("link").click()
    page.wait_for_load_state()
    amount = page.locator("[name=costs-0-amount]")
    assert amount.input_value() == "ca 1 500"
    assert amount.get_attribute("aria-invalid") == "true"
    assert amount.evaluate("it => document.activeElement === it"), "länken leder inte till fältet"
    amount.fill("1 500")
    press(page, "Spara och stäng")
    page.goto(f"/arenden/{walked['number']}/ideskiss/granska/")
    assert page.locator(".fp-errors").count() == 0
    assert "Allt är ifyllt" in page.locator("main").inner_text()


def test_the_manager_endorses_and_the_writer_hands_in_with_a_receipt(
    as_person: Enter, staff: Callable[[str, str], Person], walked: dict[str, str]
) -> None:
    writer = as_person(staff("applicant", "SKH"))
    writer.goto(f"/arenden/{walked['number']}/lamna-in-ideskiss/")
    assert "Det här behöver vara klart först" in writer.locator("main").inner_text()

    head = as_person(staff("manager", "SKH"))
    head.goto(f"/arenden/{walked['number']}/tillstyrk-ideskiss/")
    assert "1 500 tkr" in head.locator("main").inner_text().replace("\u00a0", " ")
    fill(head, {"comment": "Angeläget."})
    press(head, "Tillstyrk idéskissen")
    assert "Idéskissen tillstyrktes." in head.locator("main").inner_text()

    writer.goto(f"/arenden/{walked['number']}/lamna-in-ideskiss/")
    button(writer, "Lämna in idéskissen").dblclick()
    writer.wait_for_url(re.compile("/kvitto/"))
    assert heading(writer) == "Idéskissen är inlämnad"
    assert re.search(r"[0-9a-f]{64}", writer.locator("main").inner_text())
    writer.goto(f"/arenden/{walked['number']}/historik/")
    assert writer.locator(".fp-event__title", has_text="Idéskissen kom in").count() == 1


def test_slk_registers_assigns_and_routes_to_the_council(as_person: Enter, walked: dict[str, str]) -> None:
    page, number = as_person("officer"), walked["number"]
    page.goto(f"/arenden/{number}/")
    assert TITLE in heading(page)

    page.goto(f"/arenden/{number}/diariefor/")
    fill(page, {"rows-0-dnr": "KS 2027/9118"})
    press(page, "Diarieför")
    page.goto(f"/arenden/{number}/tilldela/")
    fill(page, {"reason": "Ansvarar för området."})
    press(page, "Tilldela handläggare")
    page.goto(f"/arenden/{number}/sand-till-radet/")
    for box in page.locator("[name=checks]").all():
        box.check()
    fill(page, {"meeting_on": (date.today() + timedelta(days=30)).isoformat()})  # noqa: DTZ011 -- as she sees it
    press(page, "Sänd till rådet")

    assert "Rådet granskar" in page.locator("main").inner_text()


def test_the_director_signs_a_decision_with_her_password(
    as_person: Enter, places: dict[str, Any], people: dict[str, Person]
) -> None:
    page, number = as_person("director"), places["steps"]["decision"][0]
    page.goto(f"/arenden/{number}/signera-beslutet/")
    sign = page.locator("main form button[type=submit]").last
    fill(page, {"password": "fel lösenord"})
    sign.click()
    page.wait_for_load_state()
    assert "Lösenordet stämmer inte" in page.locator(".fp-errors").inner_text()
    assert page.locator("#id_password").input_value() == ""

    fill(page, {"password": people["director"]["password"]})
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(f"/arenden/{number}/$"))

    assert "Beslutet signerades." in page.locator("main").inner_text()
    assert page.locator("main").get_by_text("Hos kommunstyrelsen").count() > 0


def test_the_auditor_follows_the_chain_and_takes_it_out(as_person: Enter, places: dict[str, Any]) -> None:
    page, number = as_person("auditor"), places["steps"]["closed"][0]
    page.goto(f"/arenden/{number}/historik/")
    assert re.search(r"Kedjan stämmer: \d+ händelser", page.locator("main").inner_text())
    with page.expect_download() as coming:
        follow(page, "Hela ärendet (JSON)")
    whole = json.loads(coming.value.path().read_text())
    assert places["titles"][number] in json.dumps(whole, ensure_ascii=False)

    page.goto("/export/")
    with page.expect_download() as coming:
        page.locator("main a[href*='arenden.csv']").first.click()
    raw = coming.value.path().read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) > 10
    assert {len(row) for row in rows} == {len(rows[0])}
    with page.expect_download() as coming:
        page.locator("main a[href*='arenden.json']").first.click()
    assert json.loads(coming.value.path().read_text())

    # What was taken out is logged; an auditor may do nothing to a case.
    page.reload()
    assert "Ärendelista, CSV" in page.locator("main").inner_text()
    page.goto(f"/arenden/{places['steps']['preparation'][0]}/foresla-beslut/")
    assert heading(page) == "Du kan inte göra det här"


def test_a_session_that_has_ended_keeps_what_was_typed(
    as_person: Enter, people: dict[str, Person], places: dict[str, Any]
) -> None:
    page, number = as_person("officer"), places["steps"]["preparation"][-1]
    page.goto(f"/arenden/{number}/tilldela/")
    text = "Tar över ärendet när Maria är ledig, från och med på måndag."
    fill(page, {"reason": text})
    page.context.clear_cookies(name="session")
    press(page, "Tilldela handläggare")
    assert "det du skrev finns kvar" in page.locator("main").inner_text()

    page.locator("#id_username").fill(people["officer"]["email"])
    page.locator("#id_password").fill(people["officer"]["password"])
    press(page, "Logga in")

    assert page.url.endswith(f"/arenden/{number}/tilldela/")
    assert page.locator("[name=reason]").input_value() == text
    page.locator("[name=officer]").select_option(index=1)
    press(page, "Tilldela handläggare")
    assert "Handläggare utsågs." in page.locator("main").inner_text()
    page.goto(f"/arenden/{number}/historik/")
    assert page.locator("main").get_by_text(text).count() == 1


def test_the_idea_is_written_without_javascript(as_person: Enter, staff: Callable[[str, str], Person]) -> None:
    page = as_person(staff("applicant", "FAR"), script=False)
    page.goto("/arenden/ny/")
    press(page, "Skapa idéskiss")
    assert "Fyll i ”Projektnamn”." in page.locator(".fp-errors").inner_text()
    fill(page, {"title": "Utan skript", "scope": "single"})
    press(page, "Skapa idéskiss")
    follow(page, "Behov och målgrupp")
    fill(page, {"sources-0-source": "Första källan", "size": "många"})
    page.locator("button[value='sources:add']").click()
    fill(page, {"sources-1-source": "Andra källan"})
    page.locator("button[value='sources:up:1']").click()
    assert page.locator("[name=sources-0-source]").input_value() == "Andra källan"
    press(page, "Spara och stäng")

    assert "Påbörjad" in page.locator("main").inner_text()
    follow(page, "Granska")
    page.locator(".fp-errors").get_by_role("link", name="storlek").first.click()
    assert page.locator("[name=size]").input_value() == "många"
    assert page.locator("[name=size]").get_attribute("aria-invalid") == "true"


def test_an_idea_is_begun_by_keyboard_alone(context: Callable[..., Any], staff: Callable[[str, str], Person]) -> None:
    page, writer = context().new_page(), staff("applicant", "HAV")
    page.goto("/logga-in/")
    assert page.evaluate("() => document.activeElement.name") == "username"
    page.keyboard.type(writer["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(writer["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r":\d+/$"))
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Hoppa till innehållet"
    page.keyboard.press("Enter")
    tab_to(page, "a[href='/arenden/ny/']", 5)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/arenden/ny/"))
    tab_to(page, "[name=title]")
    page.keyboard.type("Bara tangenter")
    tab_to(page, "[name=scope]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/ideskiss/"))

    assert heading(page).startswith("Idéskiss: Bara tangenter")
