"""Nothing that is written is ever lost: a lost session, two tabs, a lost connection, a closed tab; rows by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Person, axe
from tests.e2e.hands import button, fill, press

Enter = Callable[..., Page]
NEED = "[name=need]"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def writer(everyone: list[Person]) -> Person:
    """One who writes ideas for a district."""
    return next(it for it in everyone if (it["role"], it["namnd"]) == ("applicant", "EAV"))


@pytest.fixture
def idea(as_person: Enter, writer: Person) -> Page:
    """A new idea's part on the need, open to its writer."""
    return begun(as_person(writer))


def begun(page: Page) -> Page:
    page.goto("/arenden/ny/")
    fill(page, {"title": "Ingenting går förlorat", "scope": "single"})
    press(page, "Skapa idéskiss")
    page.goto(re.sub(r"/ideskiss/.*", "/ideskiss/behov/", page.url))
    return page


def said(page: Page, words: str) -> None:
    """The line under the form comes to say this."""
    expect(page.locator(".fp-autosave")).to_contain_text(words)


def test_each_field_saves_itself_and_is_there_again(idea: Page) -> None:
    with idea.expect_request(lambda it: it.method == "POST") as sent:
        idea.locator(NEED).press_sequentially("Behovet växer.")
    assert "_field" in (sent.value.post_data or "")
    assert (sent.value.post_data or "").count('name="_field"') == 1, "bara det ändrade fältet skickas"
    said(idea, "Sparat kl.")
    fill(idea, {"target_group": "Ring 811228-9874 till Eva."})
    expect(idea.locator("[data-unit=target_group] .fp-unit__warning")).to_contain_text("ett personnummer")
    said(idea, "Sparat kl.")

    idea.reload()

    assert idea.locator(NEED).input_value() == "Behovet växer."
    press(idea, "Spara och stäng")  # nothing is left to save, and it leaves all the same


def test_a_lost_session_asks_for_login_in_place_and_saves_the_field_being_typed(idea: Page, writer: Person) -> None:
    idea.locator(NEED).focus()
    idea.context.clear_cookies(name="session")
    idea.keyboard.type("Skrivet när sessionen")
    dialog = idea.locator("#logga-in-har")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[name=username]")).to_have_value(writer["email"])
    dialog.locator("[name=password]").fill("fel lösenord")
    dialog.get_by_role("button", name="Logga in").click()
    expect(dialog.get_by_role("alert")).to_contain_text("stämmer inte")
    dialog.locator("[name=password]").fill(writer["password"])
    dialog.get_by_role("button", name="Logga in").click()

    said(idea, "Sparat kl.")
    expect(dialog).to_be_hidden()
    assert idea.evaluate("() => document.activeElement.name") == "need"
    idea.keyboard.type(" hade gått ut.")
    expect(idea.locator(".fp-unit__state:visible")).to_have_count(0)
    press(idea, "Spara och stäng")
    idea.goto(f"{idea.url}behov/")
    assert idea.locator(NEED).input_value() == "Skrivet när sessionen hade gått ut."


def test_what_one_wrote_is_not_saved_when_another_logs_in(idea: Page, people: dict[str, Person]) -> None:
    idea.context.clear_cookies(name="session")
    idea.locator(NEED).fill("Annas text.")
    dialog = idea.locator("#logga-in-har")
    expect(dialog).to_be_visible()
    dialog.locator("[name=username]").fill(people["officer"]["email"])
    dialog.locator("[name=password]").fill(people["officer"]["password"])
    dialog.get_by_role("button", name="Logga in").click()

    said(idea, "Logga in som dig själv")
    assert idea.locator(NEED).input_value() == "Annas text."


def test_two_tabs_are_shown_both_versions_and_nothing_is_written_over(idea: Page) -> None:
    other = idea.context.new_page()
    other.goto(idea.url)
    idea.locator(NEED).fill("Det som skrevs först.")
    said(idea, "Sparat kl.")
    other.locator("[name=target_group]").fill("Ett annat fält.")
    said(other, "Sparat kl.")
    other.locator(NEED).fill("Det som skrevs sedan.")

    clash = other.locator("#olika-need")
    expect(clash).to_contain_text("Det som skrevs först.")
    expect(clash).to_contain_text("Det som skrevs sedan.")
    assert axe(other) == []
    other.locator(NEED).fill("Först och sedan.")
    clash.get_by_label("Mitt, som det står i fältet").check()
    expect(clash).to_have_count(0)
    said(other, "Sparat kl.")
    idea.reload()
    assert idea.locator(NEED).input_value() == "Först och sedan."

    idea.get_by_role("link", name="Tidigare versioner").click()
    assert "Det som skrevs först." in idea.locator("main").inner_text()
    idea.get_by_role("button", name="Ta tillbaka den här versionen").first.click()
    idea.wait_for_load_state()
    assert idea.locator(NEED).input_value() == "Det som skrevs först."


def test_the_other_s_version_is_taken_into_the_field(idea: Page) -> None:
    other = idea.context.new_page()
    other.goto(idea.url)
    idea.locator(NEED).fill("Det som skrevs först.")
    said(idea, "Sparat kl.")
    other.locator(NEED).fill("Det som skrevs sedan.")
    other.locator("#olika-need").get_by_label("skrev").check()

    expect(other.locator(NEED)).to_have_value("Det som skrevs först.")
    said(other, "Sparat kl.")


def test_without_a_script_two_versions_are_shown_and_one_is_chosen(as_person: Enter, writer: Person) -> None:
    page = begun(as_person(writer, script=False))
    other = page.context.new_page()
    other.goto(page.url)
    fill(page, {"need": "Det som skrevs först."})
    press(page, "Spara och stäng")
    fill(other, {"need": "Det som skrevs sedan.", "target_group": "Sparas ändå."})
    press(other, "Spara och stäng")

    assert "Det som skrevs först." in other.locator("#olika-need").inner_text()
    assert other.locator(NEED).input_value() == "Det som skrevs sedan."
    other.locator("#olika-need").get_by_label("skrev").check()
    press(other, "Spara och stäng")
    other.goto(f"{other.url}behov/")
    assert other.locator(NEED).input_value() == "Det som skrevs först."
    assert other.locator("[name=target_group]").input_value() == "Sparas ändå."


def test_without_contact_the_text_stays_and_is_saved_when_contact_is_back(idea: Page) -> None:
    idea.context.set_offline(True)
    idea.locator(NEED).fill("Skrivet på tåget.")
    said(idea, "ingen kontakt med servern")
    expect(idea.locator("[data-unit=need] .fp-unit__state")).to_contain_text("Inte sparat ännu")
    idea.context.set_offline(False)

    said(idea, "Sparat kl.")
    idea.reload()
    assert idea.locator(NEED).input_value() == "Skrivet på tåget."


def test_a_server_that_fails_is_asked_again(idea: Page) -> None:
    faults = iter([502, 502])

    def answer(route: Route) -> None:
        status = next(faults, None) if route.request.method == "POST" else None
        route.fulfill(status=status, body="fel") if status else route.continue_()

    idea.route("**/ideskiss/behov/", answer)
    idea.locator(NEED).fill("Tredje gången gillt.")

    expect(idea.locator(".fp-autosave")).to_contain_text("Sparat kl.", timeout=12_000)
    assert next(faults, None) is None


def test_a_closed_tab_loses_nothing(idea: Page) -> None:
    address = idea.url
    idea.context.set_offline(True)
    idea.locator(NEED).fill("Skrivet strax innan fliken stängdes.")
    idea.locator("[name=sources-0-source]").fill("Källan")
    idea.get_by_role("button", name="Lägg till rad").click()
    idea.locator("[name=sources-1-source]").fill("Källa två")
    context = idea.context
    idea.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)
    assert again.locator(NEED).input_value() == "Skrivet strax innan fliken stängdes."
    assert again.locator("[name=sources-1-source]").input_value() == "Källa två"
    said(again, "Sparat kl.")
    assert again.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('fp-draft:')).length") == 0


def test_rows_are_added_moved_removed_and_had_back_by_keyboard(idea: Page) -> None:
    first = idea.locator("[name=sources-0-source]")
    first.fill("Första")
    idea.get_by_role("button", name="Lägg till rad").focus()
    idea.keyboard.press("Enter")
    assert idea.evaluate("() => document.activeElement.name") == "sources-1-source"
    idea.keyboard.type("Andra")
    idea.get_by_role("button", name="Flytta upp rad 2").focus()
    idea.keyboard.press("Enter")
    assert first.input_value() == "Andra"
    assert "rad 1" in idea.locator("[data-rows=sources] .fp-rows__told").inner_text()

    idea.get_by_role("button", name="Ta bort rad 1").focus()
    idea.keyboard.press("Space")
    assert first.input_value() == "Första"
    assert idea.evaluate("() => document.activeElement.name") == "sources-0-source"
    idea.get_by_role("button", name="Ångra").focus()
    idea.keyboard.press("Enter")
    assert first.input_value() == "Andra"

    said(idea, "Sparat kl.")
    idea.reload()
    assert idea.locator("[name=sources-1-source]").input_value() == "Första"
    assert axe(idea) == []


def test_a_submit_button_is_shut_while_sending_and_open_after_back(as_person: Enter, writer: Person) -> None:
    page = as_person(writer)
    page.goto("/arenden/ny/")
    fill(page, {"title": "En gång räcker", "scope": "single"})
    button(page, "Skapa idéskiss").dblclick()
    page.wait_for_url(re.compile(r"/ideskiss/"))
    number = re.findall(r"SIF-\d+-\d+", page.url)[0]
    page.go_back()
    expect(button(page, "Skapa idéskiss")).not_to_have_attribute("aria-disabled", "true")
    page.goto(f"/arenden/{number}/ideskiss/grund/")
    button(page, "Spara och stäng").dblclick()
    page.wait_for_url(re.compile(r"/ideskiss/$"))
    page.go_back()
    fill(page, {"project_name": "En gång räcker gott"})
    press(page, "Spara och stäng")
    page.wait_for_url(re.compile(r"/ideskiss/$"))
    page.goto("/sok/?q=En gång räcker")
    assert page.locator("main").get_by_role("link", name="En gång räcker").count() == 1


def test_files_are_sent_one_by_one_and_told_as_not_checked(idea: Page) -> None:
    idea.goto(re.sub(r"/ideskiss/.*", "/bilagor/idea/", idea.url))
    chooser = idea.locator("input[type=file]")
    chooser.set_input_files(
        [
            {"name": "Åtgärdsöversikt.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "program.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
        ]
    )
    expect(idea.locator(".fp-sending")).to_contain_text("program.exe: slaget kan inte bifogas")
    expect(idea.locator(".fp-attachlist")).to_contain_text("Åtgärdsöversikt.pdf")
    expect(idea.locator(".fp-attachlist__state")).to_have_text("Inte kontrollerad för virus")
    assert axe(idea) == []


def test_a_long_act_that_was_left_is_offered_back_and_forgotten_when_done(idea: Page) -> None:
    number = re.findall(r"SIF-\d+-\d+", idea.url)[0]
    idea.goto(f"/arenden/{number}/aterta/")
    reason = idea.locator("[name=reason]")
    reason.fill("Vi har funnit en annan finansiering.")
    idea.goto(f"/arenden/{number}/")

    idea.goto(f"/arenden/{number}/aterta/")
    assert reason.input_value() == ""
    assert axe(idea) == []
    idea.get_by_role("button", name="Ta tillbaka det").click()
    assert reason.input_value() == "Vi har funnit en annan finansiering."
    with idea.expect_navigation():
        idea.locator("main button[type=submit]").last.click()

    idea.wait_for_url(re.compile(rf"/arenden/{number}/$"))
    assert idea.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('aterta')).length") == 0
