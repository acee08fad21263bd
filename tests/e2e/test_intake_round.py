"""Partnership with a lapsed endorsement, and a completion round with its difference, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Person, axe
from tests.e2e.hands import IDEA, fill, press

Enter = Callable[..., Page]
Staff = Callable[[str, str], Person]


@pytest.fixture
def staff(everyone: list[Person]) -> Staff:
    """A demo person by role and board."""
    return lambda role, namnd: next(it for it in everyone if (it["role"], it["namnd"]) == (role, namnd))


@pytest.fixture(scope="module")
def walked() -> dict[str, str]:
    """The number of the case that the people hand on to each other."""
    return {}


def write_idea(page: Page, address: str) -> None:
    """Every part, right."""
    for slug, answers in IDEA.items():
        page.goto(f"{address}ideskiss/{slug}/")
        if slug == "grund":
            for name in ("contact", "manager"):
                page.locator(f"[name={name}]").select_option(index=1)
        if slug == "kostnad":
            page.locator("[name=savings-0-namnd]").select_option(index=1)
            page.locator("[name=savings-0-area]").select_option(index=1)
        chosen = {name: value for name, value in answers.items() if name != "savings-0-area"}
        fill(page, chosen | ({"costs-0-amount": "1 500"} if slug == "kostnad" else {}))
        press(page, "Spara och stäng")


def test_partner_fills_its_part_and_an_endorsement_lapses_and_is_given_again(
    as_person: Enter, staff: Staff, walked: dict[str, str]
) -> None:
    lead = as_person(staff("applicant", "SKH"))
    lead.goto("/arenden/ny/")
    fill(lead, {"title": "Gemensam väg in", "scope": "several"})
    press(lead, "Skapa idéskiss")
    walked["at"] = at = re.sub(r"ideskiss/.*", "", lead.url)
    write_idea(lead, at)
    lead.goto(f"{at}bjud-in-partner/")
    lead.locator("[name=namnd]").select_option(label="Utbildningsnämnden")
    press(lead, "Bjud in samarbetspartner")

    head = as_person(staff("manager", "UTN"))
    head.goto(f"{at}svara-pa-inbjudan/")
    head.locator("[name=accepts][value=ja]").check()
    press(head, "Skicka svaret")
    partner = as_person(staff("applicant", "UTN"))
    partner.goto(f"{at}ideskiss/")
    partner.locator("main").get_by_role("link", name="Partnerns del: Utbildningsnämnden").first.click()
    partner.wait_for_load_state()
    own = partner.url
    fill(partner, {"role": "Skolorna deltar med elevhälsan.", "undertaking": "En halv tjänst i elevhälsan."})
    partner.locator("[name=contact]").select_option(index=1)
    press(partner, "Spara och stäng")
    partner.goto(f"{at}klar-fran-oss/")
    press(partner, "Klar från oss")

    # The lead reads the part and cannot write in it, nor hand in before the partner's manager has endorsed.
    lead.goto(own)
    assert "skrivs av partnern själv" in lead.locator("main").inner_text()
    assert lead.locator("main [name=role]").count() == 0
    owners_head = as_person(staff("manager", "SKH"))
    owners_head.goto(f"{at}tillstyrk-ideskiss/")
    press(owners_head, "Tillstyrk idéskissen")
    lead.goto(f"{at}lamna-in-ideskiss/")
    assert "Utbildningsnämndens del är inte tillstyrkt" in lead.locator("main").inner_text()
    head.goto(f"{at}tillstyrk-var-del/")
    press(head, "Tillstyrk vår del")

    # One letter is changed: the owner's endorsement lapses, what changed is shown, and it is endorsed again.
    lead.goto(f"{at}ideskiss/behov/")
    fill(lead, {"size": "275"})
    press(lead, "Spara och stäng")
    lead.goto(f"{at}lamna-in-ideskiss/")
    assert "behöver tillstyrkas igen" in lead.locator("main").inner_text()
    owners_head.goto(f"{at}tillstyrk-ideskiss/")
    assert "275" in owners_head.locator(".fp-diff ins").all_inner_texts()[0]
    assert axe(owners_head) == []
    press(owners_head, "Tillstyrk idéskissen")
    lead.goto(f"{at}lamna-in-ideskiss/")
    assert re.search(r"kl\.\s\d\d\.\d\d\.\d\d", lead.locator("[data-clock]").inner_text())
    assert axe(lead) == []
    press(lead, "Lämna in idéskissen")
    lead.wait_for_url(re.compile("/kvitto/"))


def test_completion_opens_one_part_and_the_officer_sees_the_difference(
    as_person: Enter, staff: Staff, walked: dict[str, str]
) -> None:
    at = walked["at"]
    officer = as_person("officer")
    officer.goto(f"{at}kontrollera-formellt/")
    for radio in officer.locator("main [type=radio][value=met]").all():
        radio.check()
    assert axe(officer) == []
    press(officer, "Kontrollera formellt")
    officer.goto(f"{at}begar-komplettering/")
    last_day = date.today() + timedelta(days=14)  # noqa: DTZ011 -- as she sees it
    last_day += timedelta(days=max(0, 7 - last_day.weekday()) if last_day.weekday() > 4 else 0)
    fill(officer, {"rows-0-part": "insats", "rows-0-question": "Hur många nås per år?", "last_day": str(last_day)})
    press(officer, "Begär komplettering")
    assert "Idéskiss skrivs" in officer.locator("body").inner_text()

    lead = as_person(staff("applicant", "SKH"))
    lead.goto(f"{at}ideskiss/behov/")
    assert "ingår inte i kompletteringen" in lead.locator("main").inner_text()
    lead.goto(f"{at}ideskiss/insats/")
    fill(lead, {"news": "Vi arbetar i samma team som skolan och når åttio familjer."})
    lead.get_by_label("Fråga från handläggaren: Hur många nås per år?").fill("Åttio familjer per år.")
    press(lead, "Spara och stäng")
    head = as_person(staff("manager", "SKH"))
    head.goto(f"{at}tillstyrk-ideskiss/")
    press(head, "Tillstyrk idéskissen")
    lead.goto(f"{at}lamna-in-ideskiss/")
    press(lead, "Lämna in idéskissen")
    lead.wait_for_url(re.compile("/kvitto/"))

    officer.goto(f"{at}skillnad/idea/")
    said = officer.locator("main").inner_text()
    assert "Åttio familjer per år." in said
    assert any("åttio familjer" in text for text in officer.locator(".fp-diff ins").all_inner_texts())
    assert axe(officer) == []
