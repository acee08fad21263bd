"""The acceptance cases in Chromium: C1 and C2 as they are read, R7 to R9 as they are typed, R13 as it is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.e2e.conftest import Person
from tests.e2e.hands import fill, named, press, said

Enter = Callable[..., Page]
C1 = {"Beviljat": 12_000_000, "Utbetalt": 11_600_000, "Återlämnat, aldrig utbetalt": 400_000, "Återfört": 11_600_000}
C2 = {"Beviljat": 8_000_000, "Utbetalt": 8_000_000, "Återlämnat, tidigare utbetalt": 500_000, "Återfört": 0}


def kronor(amount: int) -> str:
    return f"{amount:,} kr".replace(",", " ")


@pytest.mark.parametrize(
    ("title", "sums", "end"),
    [
        ("Skolnära team", C1, ("3 200 tkr", "11 600 000 kr")),
        ("Må bra-grupper på öppna förskolan", C2, ("7 500 000 kr",)),
    ],
    ids=["C1", "C2"],
)
def test_a_worked_case_stands_in_the_portal_to_the_krona(
    title: str, sums: dict[str, int], end: tuple[str, ...], as_person: Enter, places: dict[str, Any]
) -> None:
    number = named(places, title)
    page = as_person("auditor")

    page.goto(f"/arenden/{number}/ekonomi/")
    lines = said(page).splitlines()
    assert {what: lines[lines.index(what) + 1] for what in sums} == {what: kronor(it) for what, it in sums.items()}
    page.goto(f"/arenden/{number}/")
    told = said(page)
    assert [words for words in end if words not in told] == []


@pytest.fixture
def writing(as_person: Enter, everyone: list[Person], places: dict[str, Any]) -> Callable[[str, str], Writing]:
    """An application that is being written: of which board, and what it is called."""

    def begin(board: str, title: str) -> Writing:
        writer = next(it for it in everyone if (it["role"], it["namnd"]) == ("applicant", board))
        return Writing(as_person(writer, script=False), f"/arenden/{named(places, title)}/ansokan/")

    return begin


class Writing:
    """An application and its writer."""

    def __init__(self, page: Page, sheet: str) -> None:
        """Where it is written."""
        self.page, self.sheet = page, sheet

    def open(self, part: str) -> Page:
        """Begin a part."""
        self.page.goto(f"{self.sheet}{part}/")
        return self.page

    def save(self, answers: dict[str, Any]) -> str:
        """Fill in the open part, save it, and read the whole application."""
        fill(self.page, answers)
        press(self.page, "Spara och fortsätt")
        return said(self.open("granska"))

    def asked(self, amounts: dict[str, str]) -> dict[str, str]:
        """Each row of the budget that is open asks for nothing, but for these, by their use."""
        rows = self.page.locator("main [name^='rows-'][name$='-requested']").count()
        uses = [self.page.locator(f"[name=rows-{row}-use]").input_value() for row in range(rows)]
        told = {f"rows-{row}-requested": "0" for row in range(rows)}
        return told | {f"rows-{uses.index(use)}-requested": amount for use, amount in amounts.items()}


FIRST_JOB = ("AMN", "Första jobbet – unga som varken arbetar eller studerar")


def test_r7_only_the_municipal_part_of_what_varmdos_children_cost_is_a_saving(
    writing: Callable[[str, str], Writing],
) -> None:
    it = writing(*FIRST_JOB)
    it.open("kalkyl")
    common = {"reached": "585", "low": "12,8", "base": "12,8", "high": "12,8", "counterfactual": "0", "years": "1"}
    rows = ({"unit_cost": "5 333", "running_cost": "0"}, {"actor": "stat", "unit_cost": "10 417"})
    typed = {f"effects-{no}-{name}": value for no, row in enumerate(rows) for name, value in (common | row).items()}
    told = it.save(typed)

    for line in (
        "Bas\t399 335 tkr",
        "Kommunen\t399 335 tkr\t399 335 tkr\t387 704 tkr\tJa",
        "Staten eller Arbetsförmedlingen\t780 025 tkr\t780 025 tkr\t757 306 tkr\tNej, visas som nytta hos andra",
    ):
        assert line in told


def test_r8_the_esf_project_is_split_and_warned_of_being_paid_twice(writing: Callable[[str, str], Writing]) -> None:
    it = writing(*FIRST_JOB)
    it.open("budget").locator("[name=financing-na]").uncheck()
    esf = {"financier": "ESF", "dnr": "2019/00509", "amount": "6 090"}
    it.page.locator("[name=financing-0-status]").select_option(label="Beviljad")
    answers = it.asked({"introduce": "5 000", "evaluate": "1 867"})
    told = it.save(answers | {f"financing-0-{name}": value for name, value in esf.items()})
    assert "Budget: Beskriv avgränsningen mot annan finansiering, så att inget finansieras två gånger." in told

    it.open("budget")
    told = it.save({"demarcation": "ESF betalar utbildningen, fonden teamen."})
    split = told[told.index("Så finansieras satsningen") :].split("Analyser")[0]
    for line in ("Söks ur fonden\t6 867 tkr\t53 %", "ESF\t6 090 tkr\t47 %", "Hela kostnaden\t12 957 tkr\t100 %"):
        assert line in split


def test_r9_an_application_beyond_gavleborgs_limits_is_told_so(writing: Callable[[str, str], Writing]) -> None:
    it = writing("KUL", "Språkcafé med läxstöd")
    year = int(it.open("budget").locator("[name=rows-0-year]").input_value())
    assert "Allt är ifyllt" in said(it.open("granska"))

    it.open("budget")
    more = {"rows-1-requested": "351", "rows-1-cofinancing": "351"}
    assert f"Högst 500 tkr per år får sökas. För {year} är det 501 tkr." in it.save(more)
    it.open("budget")
    less = {"rows-1-requested": "350", "rows-1-cofinancing": "349"}
    assert "Fonden betalar högst 50 % av kostnaden. Nu är det strax över." in it.save(less)
    it.open("tid")
    it.save({"last_year": str(year + 3)})
    it.open("budget").locator("button[value='rows:add']").click()
    last = it.page.locator("main [name^='rows-'][name$='-year']").count() - 1
    fourth = {"year": str(year + 3), "use": "introduce", "cost_type": "lon", "requested": "10", "cofinancing": "10"}
    it.page.locator(f"[name=rows-{last}-namnd]").select_option(index=1)
    told = {f"rows-{last}-{name}": value for name, value in fourth.items()}
    assert "Medel får sökas för högst 3 år. Nu är det 4." in it.save(told | {"rows-1-cofinancing": "350"})


def test_r13_what_kommunstyrelsen_decides_is_summed_for_each_source(as_person: Enter, places: dict[str, Any]) -> None:
    page = as_person("officer", script=False)
    page.goto(f"/arenden/{named(places, 'Hemgång med team')}/registrera-budgetjustering/")
    year = page.locator("[name=rows-0-first_year]").input_value()
    sources = (("24 100", "reserve2"), ("10 000", "donation"), ("1 700", "reallocation"))
    for _row in sources[1:]:
        page.locator("button[value='rows:add']").click()
    for row, (amount, finance) in enumerate(sources):
        page.locator(f"[name=rows-{row}-namnd]").select_option(index=row + 1)
        terms = {"amount": amount, "first_year": year, "permanent": "yes", "finance": finance}
        fill(page, {f"rows-{row}-{name}": value for name, value in terms.items()})
    decided = {"meeting_on": timezone.localdate().isoformat(), "paragraph": "§ 17"}
    fill(page, decided | {"note": "Tre nämnder ur tre källor, som kommunstyrelsen beslutade."})
    press(page, "Registrera beslut om budgetjustering")
    told = page.locator("#per-kalla").locator("xpath=..").inner_text().replace("\u00a0", " ")
    for source, amount in (
        ("Central medelsreserv 2", "24 100"),
        ("Donationsfonder", "10 000"),
        ("Omdisponering", "1 700"),
    ):
        assert f"{source}\n−{amount} tkr" in told
    assert "−35 800 tkr" in said(page)
