"""A remiss to two boards and one body outside the city, answered, compiled and put in the tjänsteutlåtande."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from fundportal import calendar
from fundportal.city import BOARDS
from tests.e2e.conftest import Person, axe
from tests.e2e.hands import button, fill, heading, press, tab_to

Enter = Callable[..., Page]
OUTSIDE = "Sällskapet Påhittade Broar"
MAILBOX = "sallskapet@example.org"


def links(page: Page) -> list[str]:
    """The ways in that letters of the demo's mailbox carry, the newest first."""
    page.goto("/brevlada/")
    return re.findall(r"/remissvar/[0-9a-f]{64}/", page.content())


def link_in_the_letter(page: Page, known: list[str]) -> str:
    """The way in, as the new letter in the demo's mailbox carries it. The letter is on its way a while."""
    for _try in range(40):
        found = [link for link in links(page) if link not in known]
        if found and page.locator("main :text('" + MAILBOX + "')").count():
            return found[0]
        page.wait_for_timeout(500)
    raise AssertionError("brevet med länken kom inte")


def press_save(page: Page) -> None:
    """The button that also works without script."""
    with page.expect_navigation():
        button(page, "Spara utkast").last.click()


def answer_as_board(as_person: Enter, person: Person, number: str, words: str) -> None:
    """A board's respondent answers on its page, by a draft."""
    page = as_person(person)
    page.goto(f"/arenden/{number}/remiss/besvara/")
    fill(page, {"comments": words})
    expect(page.locator(".fp-autosave")).to_contain_text("Sparat kl.")
    page.reload()
    assert page.locator("[name=comments]").input_value() == words
    fill(page, {"form": "office", "standpoint": "comments"})
    press(page, "Besvara remiss")
    assert words in page.locator("main").inner_text()
    assert page.goto(f"/arenden/{number}/").status == 404  # type: ignore[union-attr]


def test_a_remiss_to_two_boards_and_one_outside_body_is_compiled(
    as_person: Enter, context: Callable[..., Any], everyone: list[Person], places: dict[str, Any]
) -> None:
    address = places["acts"]["send_remiss"]["address"]
    number = re.findall(r"SIF-\d+-\d+", address)[0]
    officer = as_person("officer")
    officer.goto(address)
    options = officer.locator("[name=namnder-0-namnd] option").all_inner_texts()
    officer.goto(f"/arenden/{number}/remiss/")
    asked = officer.locator("main").inner_text()
    chosen = _two(everyone, [board for board in options if board not in asked])
    known = links(officer)
    officer.goto(address)
    button(officer, "Lägg till rad").first.click()
    last = calendar.working_day_on_or_after(datetime.now(UTC).date() + timedelta(days=30))
    for row, (board, _person) in enumerate(chosen):
        officer.locator(f"[name=namnder-{row}-namnd]").select_option(label=board)
    fill(officer, {"outside-0-name": OUTSIDE, "outside-0-email": MAILBOX, "last_day": last.isoformat()})
    press(officer, "Sänd på remiss")
    officer.goto(f"/arenden/{number}/remiss/")
    assert OUTSIDE in officer.locator("main").inner_text()

    # The body outside: a look changes nothing, the button opens, the answer needs no account.
    way = link_in_the_letter(officer, known)
    stranger = context(width="narrow").new_page()
    for _scanner in range(2):
        assert stranger.request.get(way).status == 200
    stranger.goto(way)
    assert axe(stranger) == []
    tab_to(stranger, "main button[type=submit]")
    stranger.keyboard.press("Enter")
    stranger.wait_for_url("**/remissvar/")
    assert axe(stranger) == []
    assert stranger.locator("a[href^='/arenden/']").count() == 0
    assert number not in stranger.content()
    fill(stranger, {"person": "Disa Dikt", "title": "ordförande"})
    kept = stranger.context.cookies()
    expect(stranger.locator(".fp-autosave")).to_contain_text("Sparat kl.")

    # The session ends while she writes: the text stays in the browser, and is saved when the remiss is open again.
    stranger.context.clear_cookies(name="session")
    fill(stranger, {"comments": "Vi vill gärna vara med."})
    expect(stranger.locator(".fp-autosave")).to_contain_text("Öppna länken i brevet igen")
    stranger.once("dialog", lambda warns: warns.accept())
    stranger.context.add_cookies(kept)
    stranger.goto("/remissvar/")
    expect(stranger.locator(".fp-autosave")).to_contain_text("Sparat kl.")
    stranger.reload()
    assert stranger.locator("[name=comments]").input_value() == "Vi vill gärna vara med."
    press_save(stranger)
    assert "Utkastet är sparat" in stranger.locator("main").inner_text()
    fill(stranger, {"form": "office", "standpoint": "endorses"})
    press(stranger, "Lämna svaret")
    assert heading(stranger) == "Tack, ert svar är lämnat"
    assert axe(stranger) == []
    other = context().new_page()
    other.goto(way)
    assert heading(other) == "Länken är redan använd"

    # The boards, and what the officer makes of it.
    for board, person in chosen:
        answer_as_board(as_person, person, number, f"Svar från {board}.")
    officer.goto(f"/arenden/{number}/remiss/sammanstallning/")
    main = officer.locator("main").inner_text()
    assert f"{OUTSIDE} besvarar remissen med ett yttrande och tillstyrker ansökan." in main
    for board, _person in chosen:
        assert f"{board} hänvisar till kontorets yttrande som svar på remissen" in main
    assert axe(officer) == []
    officer.locator("main form button[type=submit]").click()
    officer.wait_for_url("**/tjansteutlatande/beredning/")
    assert OUTSIDE in officer.locator("[name=remiss]").input_value()


def _two(everyone: list[Person], boards: list[str]) -> list[tuple[str, Person]]:
    """Two boards that someone of the demo answers for."""
    names = {board.code: board.name for board in BOARDS}
    able = [(names[it["namnd"]], it) for it in everyone if it["role"] == "respondent"]
    return [(board, it) for board, it in able if board in boards][:2]
