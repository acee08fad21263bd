"""The end of a case in Chromium: a single district is stopped, −3 200 tkr is spread by key, and a board receives it."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import Person, axe
from tests.e2e.hands import fill, follow, heading, named, press

Enter = Callable[..., Page]
SHARES = (224, 384, 256, 320, 352, 672, 160, 256, 192, 224, 160)
CARD = {
    "area": "family",
    "method": "Stödboende med dygnsjour",
    "result": "reached",
    "tried": "Ett litet stödboende med jour.",
    "for_whom": "Unga som lämnar familjehem.",
    "cost": "60 tkr för varje person.",
    "effect": "Färre flyttar första året.",
    "again": "yes",
    "again_why": "Det fungerade.",
}


def test_a_single_district_is_stopped_and_3200_tkr_is_spread_by_key(as_person: Enter, places: dict[str, Any]) -> None:
    number = named(places, "Stödboende med dygnsjour")
    page = as_person("controller")
    page.goto(f"/arenden/{number}/slutavstam/")
    levels = {"areas-0-area": "family", "areas-0-cost_level": "96 800", "areas-0-budget": "100 000"}
    fill(page, levels | {"adjusts": "yes", "adjusts_reason": "Varaktigt lägre.", "target": "single", **CARD})
    press(page, "Slutavstäm")
    assert "medger inte att en enskild stadsdelsnämnds budget justeras" in page.locator("main").inner_text()
    fill(page, {"target": "city"})
    press(page, "Slutavstäm")

    page = as_person("officer")
    page.goto(f"/arenden/{number}/begar-budgetjustering/")
    page.locator("[name=key]").select_option(index=1)
    fill(page, {"first_year": "2028", "permanent": "yes", "occasion": "t1", "finance": "own", "opinion": "for"})
    fill(page, {"opinion_text": "Följer av slutavstämningen."})
    press(page, "Begär budgetjustering")
    shown = page.locator("section[aria-labelledby=per-namnd]").inner_text()
    for share in SHARES:
        assert f"−{share}\u00a0tkr" in shown
    follow(page, "Underlag att klistra in")
    assert "sänks med 3\u00a0200\u00a0tkr per år från 2028" in page.locator(".fp-pasteable").inner_text()
    page.get_by_role("button", name="Kopiera texten").wait_for()
    assert axe(page) == []


def test_a_board_outside_the_project_receives_its_decision(
    as_person: Enter, everyone: list[Person], places: dict[str, Any]
) -> None:
    number = named(places, "Skolstart på lika villkor")
    waiting = next(it for it in everyone if it["role"] == "manager" and it["namnd"] == "SOD")
    others = [it for it in everyone if it["role"] == "manager" and it["namnd"] in ("BRO", "SKN", "SKH")]
    for person in (*others, waiting):
        page = as_person(person, script=False)
        page.goto(f"/arenden/{number}/kvittera-budgetjustering/")
        if "Kvittera budgetjusteringen" in heading(page):
            press(page, "Kvittera budgetjusteringen")
            break
    assert "Budgetjusteringen kvitterades" in page.locator("main").inner_text()
    assert "10 av 11 nämnder har kvitterat" in page.locator("main").inner_text()


def test_lessons_are_searched_without_script_and_accessible(as_person: Enter) -> None:
    page = as_person("applicant", script=False)
    page.goto("/lardomar/")
    fill(page, {"resultat": "none"})
    press(page, "Sök")
    assert page.locator(".fp-cards > li").count() == 1
    follow(page, "Må bra-grupper på öppna förskolan")
    assert "ingen minskad kostnad kunde visas" in page.locator("main").inner_text()

    page = as_person("applicant")
    for address in ("/lardomar/", "/lardomar/?q=skola"):
        page.goto(address)
        assert axe(page) == []
