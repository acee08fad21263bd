"""Idea self-check to prefilled idea, every question on one page, and the calculator's page with its figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.e2e import hands
from tests.e2e.conftest import axe

YES = ("forebygger", "kompletterar", "ny", "budget", "matbar", "besparing")


def test_self_check_leads_to_an_idea_that_begins_with_the_answers(as_person: Callable[..., Page]) -> None:
    page = as_person("applicant", script=False)
    hands.follow(page, "Passar idén fonden?")
    for name in YES:
        hands.tick(page, name, "ja")
    hands.tick(page, "hinder", "ettar")
    hands.tick(page, "kunskap", "beprovad")
    hands.tick(page, "omfattning", "several")
    hands.press(page, "Visa svaret")
    assert hands.heading(page) == "Idén ser ut att passa fonden"

    hands.follow(page, "Skapa idéskiss med svaren")
    hands.fill(page, {"title": "Självtestad idé"})
    if page.locator("main select[name='owner']").count() and not page.locator("main [name='owner']").input_value():
        page.locator("main [name='owner']").select_option(index=1)
    if not page.locator("main [name='round']").input_value():
        page.locator("main [name='round']").select_option(index=1)
    assert page.locator("[name='scope'][value='several']").is_checked()
    hands.press(page, "Skapa idéskiss")

    hands.follow(page, "Insats och kunskapsgrund")
    assert page.locator("[name='knowledge'][value='beprovad']").is_checked()


def test_a_no_is_understandable_on_a_phone_and_every_question_can_be_read_before_a_case_exists(
    as_person: Callable[..., Page],
) -> None:
    page = as_person("applicant", width="narrow")
    answers = {name: "ja" for name in YES} | {"kompletterar": "nej", "kunskap": "ny", "omfattning": "city"}
    page.goto("/passar-iden/?svar=1&" + "&".join(f"{name}={value}" for name, value in answers.items()))

    assert hands.heading(page) == "Idén passar troligen inte fonden som den ser ut nu"
    assert "Fonden ersätter den aldrig" in page.locator("main").inner_text()
    assert axe(page) == []

    hands.follow(page, "Läs alla frågor i idéskissen")
    assert page.locator(".fp-asked").count() == 6
    page.get_by_role("link", name="Ansökan", exact=True).click()
    assert page.locator(".fp-asked").count() == 12
    assert axe(page) == []


def test_the_calculators_page_can_be_recomputed(as_person: Callable[..., Page], places: dict[str, Any]) -> None:
    page = as_person("auditor")
    number = hands.named(places, "Skolnära team")
    page.goto(f"/arenden/{number}/kalkyl/")
    text = page.locator("main").inner_text().replace("\u00a0", " ")

    found = re.search(r"(\d+) × \((\d+) % − (\d+) %\) × (\d+) tkr − ([\d ]+) tkr = ([\d ]+) tkr", text)
    assert found is not None
    reached, share, without, unit, running, saving = (int(it.replace(" ", "")) for it in found.groups())
    assert reached * (share - without) * unit / 100 - running == saving
    for amount in ("600 tkr", "3 200 tkr", "5 800 tkr"):
        assert amount in text
    assert page.locator("main svg[role=img]:visible").count() == 2
    assert axe(page) == []
