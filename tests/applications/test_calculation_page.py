"""The page of the effect calculation, and what is computed while it is still being typed."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import BudgetRow, EffectRow, Indicator
from applications.sheets import APPLICATION
from applications.sheets.calculation import Calculation
from applications.sheets.outcome import Outcome
from fundportal.errors import Refused
from fundportal.models import Case, ExportLog, User
from fundportal.process import Role, Step
from tests import factories
from tests.applications.city import AT, City, city

pytestmark = pytest.mark.django_db
TKR = Decimal(1000)


@pytest.fixture
def here() -> City:
    return city()


def outcome(case: Case) -> Outcome:
    part = next(form for form in APPLICATION.filled(case).forms if isinstance(form, Calculation))
    return part.outcome()


def read(client: Client, case: Case, user: User) -> str:
    client.force_login(user)
    answer = client.get(reverse("calculation", kwargs={"number": case.number}))
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ").split())


def hand_in(here: City, case: Case) -> None:
    actions.endorse_application(case, here.manager, AT)
    actions.submit_application(case, here.writer, AT)


def test_the_formula_is_printed_with_the_cases_own_numbers(here: City, client: Client) -> None:
    case = here.application()
    hand_in(here, case)

    page = read(client, case, here.officer)

    assert "40 × (35 % − 15 %) × 650 tkr − 2 000 tkr = 3 200 tkr" in page
    assert "40 × (25 % − 15 %) × 650 tkr − 2 000 tkr = 600 tkr" in page
    assert "40 × (45 % − 15 %) × 650 tkr − 2 000 tkr = 5 800 tkr" in page
    assert "Återbetalt 2033" in page
    assert "Inte återbetalt inom tidshorisonten" in page


def test_readers_see_what_was_handed_in_and_not_the_draft(here: City, client: Client) -> None:
    case = here.application()
    hand_in(here, case)
    factories.move(case, Step.APPLICATION, AT)
    APPLICATION.save(case, "kalkyl", {"effects": [here.effect_row(reached="20")]}, here.writer, AT)

    assert "40 × (35 %" in read(client, case, here.officer)
    assert "20 × (35 %" in read(client, case, here.writer)


def test_there_is_no_page_before_there_is_a_calculation(here: City, client: Client) -> None:
    client.force_login(here.writer)

    assert client.get(reverse("calculation", kwargs={"number": here.idea().number})).status_code == 404


def test_others_gain_stands_beside_and_is_never_added(here: City, client: Client) -> None:
    rows = [here.effect_row(), here.effect_row(actor="region", namnd="", area="", running_cost="inte aktuellt")]
    case = here.application(kalkyl={"effects": rows})

    found = outcome(case)

    assert {total.actor: total.per_year for total in found.actors} == {"kommun": 3200 * TKR, "region": 5200 * TKR}
    assert found.base.per_year == 3200 * TKR
    assert "Nej, visas som nytta hos andra" in read(client, case, here.writer)


def test_rows_that_are_not_whole_are_counted_as_far_as_they_go(here: City) -> None:
    rows = [here.effect_row(low="", high="", years=""), here.effect_row(unit_cost="")]
    found = outcome(here.application(kalkyl={"effects": rows, "base_year": "", "rate": ""}))

    assert [scenario.per_year for scenario in found.scenarios] == [3200 * TKR] * 3
    assert found.notes == (
        "Rad 1 räknas med ett års varaktighet tills varaktigheten är ifylld.",
        "Rad 2 räknas inte med ännu. Fyll i: Kostnad per enhet och år.",
    )


def test_one_districts_budget_cannot_be_adjusted_and_the_citys_area_can(here: City) -> None:
    district = factories.namnd("Skärholmens stadsdelsnämnd", kind="sdn")
    row = here.effect_row(namnd=str(district.pk))

    case = here.application(kalkyl={"effects": [row]}, grund={"scope": "single"})
    (alone,) = [board for board in outcome(case).bearers if board.namnd == district]
    APPLICATION.save(case, "grund", case.drafts.get(sheet="application", part="grund").answers | {"scope": "city"},
                     here.writer, AT)  # fmt: skip
    (together,) = [board for board in outcome(case).bearers if board.namnd == district]

    assert (alone.adjustable, together.adjustable) == (False, True)
    assert alone.per_year == 3200 * TKR


def test_the_paper_holds_the_whole_calculation(here: City) -> None:
    case = here.application()
    hand_in(here, case)
    titles = [section["title"] for section in APPLICATION.filled(case).sections()]

    for title in (
        "Så räknas utgiftsminskningen per år",
        "Utgiftsminskning per aktör, bas",
        "År för år, bas",
        "De tre uppgifter som avgör resultatet",
        "Brytpunkter: då är besparingen lika stor som det sökta",
        "Vem bär kostnaden och vem får nyttan",
        "Så finansieras satsningen",
    ):
        assert title in titles


def test_an_auditor_reads_the_page_and_a_stranger_does_not(here: City, client: Client) -> None:
    case = here.application()
    hand_in(here, case)
    assert "3 200 tkr" in read(client, case, factories.user(Role.AUDITOR))

    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))
    assert client.get(reverse("calculation", kwargs={"number": case.number})).status_code == 404


def test_effect_row_names_a_chain_that_exists(here: City) -> None:
    case = here.application(kalkyl={"effects": [here.effect_row(chain="2")]})

    assert "Rad 1: Det finns ingen rad 2 i effektkedjan." in [gap.text for gap in APPLICATION.filled(case).gaps()]


def test_other_financing_is_rows_or_not_applicable_and_never_silence(here: City) -> None:
    silent = here.application(budget={"financing": []})
    assert "Fyll i minst en rad under ”Annan finansiering”." in [gap.text for gap in APPLICATION.filled(silent).gaps()]

    esf = {"financier": "ESF", "dnr": "2019/00509", "amount": "6 090", "status": "beviljad"}
    case = here.application(budget={"financing": [esf], "demarcation": "ESF betalar utbildningen, fonden teamen."})
    lines = {line.label: line for form in APPLICATION.filled(case).forms for line in form.computed()}

    assert APPLICATION.filled(case).gaps() == []
    assert "ESF" in lines["Risk för dubbelfinansiering"].text
    assert lines["Så finansieras satsningen"].rows[-1][1].replace("\u00a0", " ") == "18 090 tkr"


def test_a_weak_comparison_is_flagged(here: City) -> None:
    change = {"comparison": "fore_efter", "comparison_text": "Ingen jämförbar grupp finns."}
    filled = APPLICATION.filled(here.application(effektkedja=change))

    assert "Kvalitetsflagga" in [line.label for form in filled.forms for line in form.computed()]


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"max_yearly": 4_499_000}, "Högst 4 499 tkr per år får sökas. För 2028 är det 4 500 tkr."),
        ({"max_amount": 11_000_000}, "Högst 11 000 tkr får sökas i allt. Nu är det 12 000 tkr."),
        ({"max_share": 50}, "Fonden betalar högst 50 % av kostnaden. Nu är det 100 %."),
    ],
)
def test_the_budget_keeps_the_limits_of_the_funds_rules(limit: dict, said: str) -> None:
    case = city(**limit).application()

    found = [gap.text.replace("\u00a0", " ") for gap in APPLICATION.filled(case).gaps() if gap.part == "budget"]

    assert said in found


def test_an_unanswered_question_of_money_is_told_apart_from_nothing_and_not_applicable(here: City) -> None:
    rows = [
        here.budget_row("2028", "introduce", "9 000") | {"cofinancing": typed} for typed in ("", "0", "inte aktuellt")
    ] + [here.budget_row("2029", "evaluate", "3 000")]
    case = here.application(budget={"rows": rows})
    (told,) = [
        line for form in APPLICATION.filled(case).forms for line in form.shown() if line.label == "Budgetrader"
    ]  # fmt: skip

    answers = [dict(row)["Medfinansiering"].replace("\u00a0", " ") for row in told.told][:3]
    assert len(set(answers)) == 3
    assert answers[1:] == ["0 tkr", "Inte aktuellt"]


def test_the_number_reached_may_differ_from_year_to_year(here: City, client: Client) -> None:
    case = here.application(kalkyl={"effects": [here.effect_row(reached="20; 30; 40; 40", years="4")]})
    found = outcome(case)

    assert found.effects[0].flow() == {2030: 600 * TKR, 2031: 1900 * TKR, 2032: 3200 * TKR, 2033: 3200 * TKR}
    assert found.base.per_year == 2225 * TKR
    assert found.base.nominal == 8900 * TKR
    page = read(client, case, here.writer)
    assert "Bas, 2030 20 × (35 % − 15 %) × 650 tkr − 2 000 tkr = 600 tkr" in page
    assert "Bas, 2032–2033 40 × (35 % − 15 %) × 650 tkr − 2 000 tkr = 3 200 tkr" in page

    hand_in(here, case)
    row = EffectRow.objects.get(case=case)
    assert (row.reached, row.yearly, row.base) == (40, [20, 30, 40, 40], 2225 * TKR)
    assert "20 × (35 %" in read(client, case, here.officer)


def test_there_is_a_number_for_every_year_or_one_for_all(here: City) -> None:
    case = here.application(kalkyl={"effects": [here.effect_row(reached="20; 30; 230", years="4")]})

    assert [gap.text for gap in APPLICATION.filled(case).gaps()] == [
        "Rad 1: Skriv ett antal, eller ett för vart och ett av de 4 åren. Nu är det 3.",
        "Rad 1: Antalet är större än målgruppen (220).",
    ]


def test_more_than_the_fund_has_is_told_with_both_amounts_and_not_handed_in(here: City) -> None:
    case = here.application()
    part = next(form for form in APPLICATION.filled(case).forms if form.slug == "budget")
    told = {line.label: line.text.replace("\u00a0", " ") for line in part.computed()}
    assert told["Fondens disponibla medel"] == "300 000 tkr"

    rows = [here.budget_row("2028", "introduce", "299 000"), here.budget_row("2029", "evaluate", "90 000")]
    APPLICATION.save(case, "budget", {"rows": rows}, here.writer, AT)

    assert [gap.text.replace("\u00a0", " ") for gap in APPLICATION.filled(case).gaps()] == [
        "Ni söker 389 000 000 kr, men fonden har 300 000 000 kr disponibelt. Sänk det sökta beloppet."
    ]
    with pytest.raises(Refused):
        hand_in(here, case)


def test_a_small_number_and_what_would_tell_it_are_kept_from_those_who_may_not_see_it(
    here: City, client: Client
) -> None:
    case = here.application(kalkyl={"effects": [here.effect_row(reached="3", unit_cost="9 137")]})
    hand_in(here, case)
    page = read(client, case, factories.user(Role.COUNCIL))

    assert "Antal och kostnad per enhet visas inte: få personer. Minskningen är 3 482" in page
    assert "9 137" not in page
    assert "3 × (35 %" not in page
    assert "3 × (35 % − 15 %) × 9 137 tkr" in read(client, case, here.officer)


def take(client: Client, case: Case, user: User, file: str) -> str:
    """A file of the first submission's rows."""
    client.force_login(user)
    answer = client.get(f"{case.get_absolute_url()}inlamning/1/{file}")
    assert answer.status_code == 200
    return bytes(answer.getvalue()).decode()


def test_the_rows_are_taken_out_as_they_were_handed_in_and_logged(here: City, client: Client) -> None:
    case = here.application()
    hand_in(here, case)

    budget = take(client, case, here.officer, "budget.csv").splitlines()
    effects = json.loads(take(client, case, here.officer, "effekter.json"))
    measured = take(client, case, here.officer, "indikatorer.csv")

    stored = BudgetRow.objects.filter(case=case).order_by("pk")
    assert budget[0].endswith("År;Användning;Kostnadsslag;Nämnd;Sökt, kr;Medfinansiering, kr")
    assert len(budget) == 1 + len(stored)
    assert budget[1].startswith(f"{stored[0].year};{stored[0].get_use_display()};")
    assert (effects[0]["reached"], effects[0]["base"], effects[0]["actor"]) == (40, "3200000", "kommun")
    assert Indicator.objects.filter(case=case)[0].name in measured
    said = ExportLog.objects.filter(case=case).values_list("what", flat=True)
    assert f"Effekter i ansökan {case.number}, inlämning 1, JSON" in said
    assert len(said) == 3


def test_small_counts_are_taken_out_only_by_those_who_may_see_them(here: City, client: Client) -> None:
    rows = [here.effect_row(reached="3", running_cost="inte aktuellt")]
    case = here.application(kalkyl={"effects": rows})
    hand_in(here, case)
    member = factories.user(Role.COUNCIL)

    (seen,), (kept,) = (json.loads(take(client, case, who, "effekter.json")) for who in (here.officer, member))

    assert (seen["reached"], seen["running_cost"]) == (3, "inte aktuellt")
    assert kept["reached"] == "visas inte"
    assert ";3;" not in take(client, case, member, "effekter.csv")


def test_rows_are_for_those_who_see_the_case_and_only_what_is_there(here: City, client: Client) -> None:
    case = here.application()
    hand_in(here, case)
    start = f"{case.get_absolute_url()}inlamning/"
    client.force_login(here.officer)

    assert {client.get(f"{start}{file}").status_code for file in ("2/budget.csv", "1/annat.csv", "1/budget.xml")} == {
        404
    }
    assert (
        "inlamning/1/budget.csv" in client.get(reverse("calculation", kwargs={"number": case.number})).content.decode()
    )
    paper = case.documents.get(kind="application")
    assert (
        "inlamning/1/budget.csv"
        in client.get(reverse("document", kwargs={"number": case.number, "pk": paper.pk})).content.decode()
    )
    client.force_login(factories.user(Role.RESPONDENT, factories.namnd()))
    assert client.get(f"{start}1/budget.csv").status_code == 404
    assert not ExportLog.objects.exists()
