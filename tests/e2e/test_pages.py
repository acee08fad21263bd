"""Every kind of page, as axe, the console and a narrow window see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page

from fundportal.process import ACTIONS, Role, Step
from tests.e2e.conftest import WIDE, Person, axe

Enter = Callable[..., Page]
SMALLEST = {"width": 320, "height": 640}


def wide_of(page: Page) -> str:
    """What sticks out to the right of the window, if anything does."""
    told: str = page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room) return "";
            const right = (it) => it.getBoundingClientRect().right;
            const out = [...document.querySelectorAll("body *")].filter((it) => right(it) > room + 1);
            return `${room} px rymmer inte ${document.documentElement.scrollWidth} px: `
                + out.slice(-3).map((it) => it.outerHTML.slice(0, 120)).join(" | ");
        }"""
    )
    return told


def look(page: Page, address: str, *, status: int = 200, whole: bool = True) -> list[str]:
    """Open a page and say what is wrong with it: axe at 1280 px, light and dark, and on a phone, with its scrolling.

    The phone is 320 px wide, as narrow as WCAG asks that a page can be read without scrolling sideways (1.4.10).
    """
    size = WIDE if whole else SMALLEST
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    answer = page.goto(address)
    assert answer is not None
    wrong = [] if answer.status == status else [f"{address} gav {answer.status}"]
    if whole:
        wrong += [f"{WIDE['width']} ljust {fault}" for fault in axe(page)]
        page.emulate_media(color_scheme="dark")
        wrong += [f"{WIDE['width']} mörkt {fault}" for fault in axe(page, colours=True)]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": SMALLEST["width"], "height": SMALLEST["height"]})
    seen = False if whole else None  # the same colours have been seen at 1280 px
    wrong += [f"{SMALLEST['width']} ljust {fault}" for fault in axe(page, colours=seen)]
    if out := wide_of(page):
        wrong.append(f"{address}: {out}")
    return wrong


def all_of(page: Page, addresses: Iterable[str], *, whole: bool = True) -> list[str]:
    """What is wrong with many pages."""
    return [fault for address in addresses for fault in look(page, address, whole=whole)]


ANYONE = ("/logga-in/", "/losenord/glomt/", "/tillganglighet/", "/personuppgifter/", "/licenser/", "/brevlada/")


def test_pages_that_anyone_may_read(context: Callable[..., Any]) -> None:
    assert all_of(context().new_page(), ANYONE) == []


OWN = ("/", "/arenden/", "/hjalp/")
MORE = {
    "applicant": ("arenden/ny/", "aviseringar/", "installningar/", "losenord/", "sok/?q=stöd", "arenden/?q=finnsinte"),
    "controller": ("fonden/", "fonden/poster/", "fonden/reservera/", "fordelningsnycklar/", "fordelningsnycklar/ny/"),
    "auditor": ("export/",),
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_s_own_pages(role: str, as_person: Enter) -> None:
    page = as_person(role)

    assert all_of(page, OWN[:1] if role in ("manager", "respondent", "steering") else OWN) == []
    assert all_of(page, (f"/{address}" for address in MORE.get(role, ()))) == []


def test_pages_that_say_no(as_person: Enter, places: dict[str, Any]) -> None:
    page, number = as_person("auditor"), places["steps"]["preparation"][0]

    assert look(page, "/finns-inte/", status=404) == []
    assert look(page, f"/arenden/{number}/foresla-beslut/", status=403) == []


def test_the_case_on_every_step(as_person: Enter, places: dict[str, Any], everyone: list[Person]) -> None:
    page = as_person("officer")
    there = {step: numbers[-1] for step, numbers in places["steps"].items() if step != "idea"}
    assert there.keys() | {"idea"} == set(Step)

    assert all_of(page, (f"/arenden/{number}/" for number in there.values()), whole=False) == []
    rich = there["repayment"]
    assert all_of(page, (f"/arenden/{rich}/{tab}" for tab in ("", "handlingar/", "ekonomi/", "historik/"))) == []
    number, pk = places["papers"]["decision"]
    remiss = places["steps"]["preparation"][0]
    assert all_of(page, (f"/arenden/{number}/handlingar/{pk}/", f"/arenden/{remiss}/remiss/")) == []


PREFIX = {"idea": "ideskiss", "application": "ansokan", "evaluation": "utvardering"}


@pytest.mark.parametrize("step", PREFIX)
def test_every_part_of_a_sheet(step: str, as_person: Enter, places: dict[str, Any], everyone: Any) -> None:
    number, email = places["writers"][step]
    page = as_person(next(it for it in everyone if it["email"] == email))
    hub = f"/arenden/{number}/{PREFIX[step]}/"
    page.goto(hub)
    parts = page.locator(".fp-tasks__name").evaluate_all("all => all.map(it => it.getAttribute('href'))")
    assert len(parts) > 3

    assert all_of(page, (hub, f"{hub}granska/")) == []
    assert all_of(page, (f"{part}?fel" for part in parts), whole=False) == []
    page.goto(f"/arenden/{number}/bilagor/{step}/")
    assert look(page, page.url, whole=False) == []


KINDS = ("propose_plan", "sign_decision", "send_remiss", "endorse_application", "assess")
"""Acts whose pages are drawn in ways of their own: looked at in every width and scheme."""


def test_the_page_of_every_act(as_person: Enter, places: dict[str, Any], everyone: list[Person]) -> None:
    acts, people = places["acts"], {it["email"]: it for it in everyone}
    assert ACTIONS.keys() - acts.keys() <= {"create_idea"}, "demon visar inte varje åtgärd"
    wrong: list[str] = []
    for email in sorted({it["email"] for it in acts.values()}):
        page = as_person(people[email])
        for act, it in acts.items():
            if it["email"] == email:
                wrong += look(page, it["address"], whole=act in KINDS)
        page.context.close()
    assert wrong == []
