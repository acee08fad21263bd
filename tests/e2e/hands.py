"""What hands do on a page: fill in by field names, press by words, go by keyboard."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

Answers = dict[str, Any]


def fill(page: Page, answers: Answers) -> None:
    """Type, choose and tick, field by field. A list ticks boxes, `True` ticks one, a choice goes by value or label."""
    for name, answer in answers.items():
        field = page.locator(f"main [name='{name}']")
        kind = field.first.evaluate("it => it.tagName === 'INPUT' ? it.type : it.tagName.toLowerCase()")
        if kind == "select":
            field.select_option(str(answer))
        elif kind in ("radio", "checkbox"):
            for value in answer if isinstance(answer, list) else [answer]:
                tick(page, name, value)
        else:
            field.fill(str(answer))


def tick(page: Page, name: str, value: str | bool) -> None:
    """Tick one box or button."""
    exact = "" if value is True else f"[value='{value}']"
    page.locator(f"main [name='{name}']{exact}").check()


def button(page: Page, words: str) -> Locator:
    """The button of the page's own form that says this."""
    return page.locator("main").get_by_role("button", name=words, exact=True)


def press(page: Page, words: str) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():  # a draft saves first, and then leaves
        button(page, words).click()


def follow(page: Page, words: str) -> None:
    """Follow a link in the page's content."""
    page.locator("main").get_by_role("link", name=words).first.click()
    page.wait_for_load_state()


def named(places: dict[str, Any], title: str) -> str:
    """The number of a demo case."""
    return next(str(number) for number, called in places["titles"].items() if called == title)


def said(page: Page) -> str:
    """All that the page says, with plain spaces."""
    return page.locator("main").inner_text().replace("\u00a0", " ")


def heading(page: Page) -> str:
    """What the page is about."""
    return page.locator("h1").inner_text()


SHOWS_FOCUS = """() => {
    const marked = (it) => it && ['outlineStyle', 'boxShadow'].some((what) => getComputedStyle(it)[what] !== 'none');
    const it = document.activeElement;
    return marked(it) || marked(it.closest('.ds-field'));
}"""


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Go to something by the Tab key alone."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate(SHOWS_FOCUS), f"{selector} visar inte att den har fokus"
            return
    raise AssertionError(f"{selector} nås inte med tangentbordet på {page.url}")


LONG = "Uppgifterna är påhittade och visar hur portalen fungerar. Ingen verklig verksamhet eller person beskrivs här. "
IDEA: dict[str, Answers] = {
    "grund": {"scope": "several"},
    "behov": {
        "need": LONG * 2,
        "sources-0-source": "Förvaltningens uppföljning",
        "sources-0-year": "2025",
        "sources-0-fact": "Behovet har ökat.",
        "target_group": "Föräldrar med små barn i stadsdelen.",
        "age_from": "0",
        "age_to": "6",
        "gender": "alla",
        "areas": ["alla"],
        "size": "240",
    },
    "insats": {
        "intervention": LONG * 2,
        "news": "Vi arbetar i samma team som skolan.",
        "effects": "Fler får stöd i tid inom tre år.",
        "knowledge": "beprovad",
        "knowledge_sources": "Två uppföljningar.",
    },
    "sammanhang": {
        "complements": "Satsningen bygger vidare på ordinarie arbete och ersätter det inte.",
        "obstacles": ["ettar"],
        "obstacles_text": "Kostnaden kommer nu och nyttan senare.",
        "goals": ["skillnader", "mal3"],
    },
    "kostnad": {
        "first_year": "2028",
        "last_year": "2029",
        "costs-0-year": "2028",
        "costs-0-amount": "ca 1 500",
        "savings-0-area": "family",
    },
    "samverkan": {
        "children": "ja",
        "children_text": "Barn får stöd tidigare än i dag.",
        "equality_text": "Flickor och pojkar följs upp var för sig.",
    },
}
"""An idea as it is typed, right but for one amount."""
