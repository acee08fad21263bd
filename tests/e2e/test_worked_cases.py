"""C1 and C2 through the acts in Chromium: a board that has ended, five boksluts, eleven budgets; and an exemption."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page

from tests.e2e.conftest import Person
from tests.e2e.hands import button, fill, follow, named, press, said

Enter = Callable[..., Page]
SHARES = (224, 384, 256, 320, 352, 672, 160, 256, 192, 224, 160)
RECEIVE = ("JAR", "NIN")
"""The boards whose managers receive their decision here; that all eleven do is shown by the settlement's tests."""
FICTION = "Uppgifterna är påhittade och visar hur ett beslut motiveras när nämnden har ändrats. " * 2
CARD = {
    "method": "Hembesök",
    "result": "reached",
    "tried": "Sex hembesök under första året.",
    "for_whom": "Förstagångsföräldrar utan nätverk.",
    "cost": "290 tkr för varje familj.",
    "effect": "Färre tidiga placeringar.",
    "again": "yes",
    "again_why": "Det fungerade.",
}


class Case:
    """A case in the browsers of those who have it in hand."""

    def __init__(self, number: str, enter: Enter, people: dict[str, Person]) -> None:
        """By its number."""
        self.number, self.enter, self.people = number, enter, people
        self.windows: dict[str, Page] = {}

    def page(self, who: str | Person, address: str = "") -> Page:
        """A page of the case, in the window of a role or a person; without script each press is one request."""
        key = who if isinstance(who, str) else who["email"]
        if key not in self.windows:
            self.windows[key] = self.enter(who, script=False)
        self.windows[key].goto(f"/arenden/{self.number}/{address}")
        return self.windows[key]

    def do(self, who: str | Person, address: str, words: str, rows: int = 0, **told: Any) -> Page:
        """Open an act's page and do it."""
        return self.press(self.page(who, address), words, rows, **told)

    def press(self, page: Page, words: str, rows: int = 0, **told: Any) -> Page:
        """Fill in the page of an act that is open, with so many rows more, and press its button."""
        for _row in range(rows):
            page.locator("button[value='rows:add']").click()
        fill(page, told)
        assert button(page, words).count() == 1, said(page)
        press(page, words)
        assert page.locator(".fp-errors").count() == 0, said(page)
        return page

    def sign(self, address: str, words: str, **told: Any) -> Page:
        """The same, signed by the director."""
        return self.do("director", address, words, password=self.people["director"]["password"], **told)

    def sums(self) -> dict[str, str]:
        """What the case's own money page says."""
        lines = said(self.page("auditor", "ekonomi/")).splitlines()
        return {what: lines[at + 1] for at, what in enumerate(lines[:-1])}

    def reconcile(self, year: int, amount: str, **told: Any) -> Page:
        """A bokslut that gave so much, of the row that is chosen beforehand."""
        page = self.page("controller", "stam-av-bokslut/")
        assert page.locator("[name=row] option:checked").inner_text().startswith(str(year))
        told |= {"realised": amount, "surplus": amount, "repaid": amount, "voucher": f"V{year}-9"}
        return self.press(page, "Stäm av bokslut", **told)


def test_c1_is_repaid_over_a_reorganisation_and_eleven_budgets_are_lowered(
    as_person: Enter, everyone: list[Person], people: dict[str, Person], places: dict[str, Any]
) -> None:
    case = Case(named(places, "Hembesök under barnets första år"), as_person, people)

    # Östermalm has ended: its boksluts cannot be reconciled before the director has handed them over.
    handing = case.page("director", "overfor-till-ny-namnd/")
    assert [handing.locator(f"[name={name}] option:checked").inner_text() for name in ("from_namnd", "to_namnd")] == [
        "Östermalms stadsdelsnämnd",
        "Norra innerstadens stadsdelsnämnd",
    ]
    case.sign("overfor-till-ny-namnd/", "Överför till ny nämnd", reason=FICTION)

    # The bokslut that gave 600 less: the controller proposes version 3, the director decides it.
    anew = {2023: "3 200 000", 2024: "3 200 000", 2025: "800 000"}
    page = case.page("controller", "stam-av-bokslut/")
    board = page.locator("[name=rows-0-namnd] option", has_text="Norra innerstaden").get_attribute("value")
    typed = {
        f"rows-{no}-{name}": value
        for no, (year, amount) in enumerate(anew.items())
        for name, value in (("year", str(year)), ("namnd", board), ("area", "family"), ("amount", amount))
    }
    late = {"cause": "delay", "reason": "Effekten kom senare än beräknat (påhittat)."}
    case.reconcile(2022, "2 400 000", rows=2, spread="own", **late, **typed)
    page = case.page("director", "andra-plan/")
    amounts = page.locator("main [name^='rows-'][name$='-amount']").evaluate_all("all => all.map(it => it.value)")
    assert [it.replace("\u00a0", " ") for it in amounts if it] == [*anew.values()]
    case.sign("andra-plan/", "Ändra återföringsplan")
    for year, amount in anew.items():
        case.reconcile(year, amount)
    assert case.sums()["Återfört"] == "11 600 000 kr"

    case.do("controller", "avsluta-aterforing/", "Avsluta återföringen")
    levels = {"areas-0-area": "family", "areas-0-cost_level": "96 800", "areas-0-budget": "100 000"}
    card = {"adjusts": "yes", "adjusts_reason": "Varaktigt lägre.", "area": "family", **CARD}
    case.do("controller", "slutavstam/", "Slutavstäm", **levels, **card, target="city")

    first = timezone.localdate().year + 1
    page = case.page("officer", "begar-budgetjustering/")
    page.locator("[name=key]").select_option(index=1)
    assert page.locator("[name=amount]").input_value().replace("\u00a0", " ") == "3 200"
    fill(page, {"first_year": str(first), "permanent": "yes", "occasion": "t1", "finance": "own", "opinion": "for"})
    fill(page, {"opinion_text": "Följer av slutavstämningen."})
    press(page, "Begär budgetjustering")
    shown = page.locator("section[aria-labelledby=per-namnd]").inner_text()
    assert [share for share in SHARES if f"−{share}\u00a0tkr" not in shown] == []
    day = timezone.localdate().isoformat()
    decided = {"meeting_on": day, "paragraph": "§ 5"}
    case.do("officer", "registrera-budgetjustering/", "Registrera beslut om budgetjustering", **decided)
    for person in everyone:
        if person["role"] == "manager" and person["namnd"] in RECEIVE:
            case.do(person, "kvittera-budgetjustering/", "Kvittera budgetjusteringen")
    assert "2 av 11 nämnder har kvitterat" in said(case.page("officer"))
    case.do("officer", "avsluta/", "Avsluta ärendet", without_receipts="De kvitterar i nästa tertialrapport.")

    told, page = case.sums(), case.page("auditor")
    assert (told["Beviljat"], told["Utbetalt"], told["Återlämnat, aldrig utbetalt"], told["Återfört"]) == (
        *("12 000 000 kr", "11 600 000 kr", "400 000 kr"),
        "11 600 000 kr",
    )
    follow(page, "Historik")
    assert "Kedjan stämmer" in said(page)


def test_c2_is_handed_back_exempted_and_closed_without_a_budget_adjusted(
    as_person: Enter, everyone: list[Person], people: dict[str, Person], places: dict[str, Any]
) -> None:
    case = Case(named(places, "Rörelseglädje i parkerna"), as_person, people)
    writer = next(it for it in everyone if (it["role"], it["namnd"]) == ("applicant", "IDN"))
    case.do("officer", "avsluta-investeringsfasen/", "Avsluta investeringsfasen", handed_back="500 000", voucher="V 5")
    assert case.sums()["Återlämnat, tidigare utbetalt"] == "500 000 kr"

    for part, answers in EVALUATION.items():
        page = case.page(writer, f"utvardering/{part}/")
        fill(page, answers)
        if part == "ekonomi":
            _nothing_saved(page)
        press(page, "Spara och fortsätt")
    case.do(writer, "lamna-utvardering/", "Lämna in utvärderingen")
    page = case.page("director", "undanta/")
    assert "7 500 000 kr" in said(page)
    case.sign("undanta/", "Undanta från återföring", reason="no_effect", text=FICTION)
    none = {"adjusts": "no", "adjusts_reason": "Ingen ekonomisk effekt att justera för.", "area": "leisure"}
    case.do("controller", "slutavstam/", "Slutavstäm", **none, **CARD | {"result": "none"})

    told = case.sums()
    assert (told["Beviljat"], told["Utbetalt"], told["Återfört"]) == ("8 000 000 kr", "8 000 000 kr", "0 kr")
    page = case.page("auditor")
    assert "7 500 000 kr" in said(page)
    assert "Avslutat" in said(page)


EVALUATION: dict[str, dict[str, Any]] = {
    "utvarderare": {
        "evaluator": "FoU-enheten (påhittad)",
        "kind": "research",
        "delivered_on": timezone.localdate().isoformat(),
    },
    "metod": {"method": FICTION, "comparison": "matched", "answers": "Barnen rör sig mer."},
    "effekter": {"effects-0-outcome": "31", "effects-0-comparison": "22", "effects-0-effect": "9"},
    "bevisstyrka": {"strength": "moderate", "strength_reasons": "Matchad jämförelse men få mättillfällen."},
    "ekonomi": {},
    "lardomar": {"qualitative": FICTION, "lessons": FICTION},
    "slutsats": {
        "recommendation": "adjust",
        "recommendation_reasons": "Arbetssättet är uppskattat men dyrt.",
        "repayment": "exempt",
        "repayment_reasons": FICTION,
    },
}


def _nothing_saved(page: Page) -> None:
    """No saving in any of the years that the calculation hoped for, and why."""
    for row in range(page.locator("main [name^='savings-'][name$='-planned']").count()):
        if page.locator(f"[name=savings-{row}-planned]").input_value():
            why = {"established": "0", "cause": "no_effect", "why": "Utgifterna minskade inte (påhittat)."}
            fill(page, {f"savings-{row}-{name}": value for name, value in why.items()})
