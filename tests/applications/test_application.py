"""An application: cross-field rules, the computed saving, and what handing it in leaves behind."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.template.loader import get_template
from django.utils import timezone

from applications import actions, needs
from applications.models import BudgetRow, EffectRow, Indicator
from applications.sheets import APPLICATION
from applications.sheets.calculation import Calculation
from applications.sheets.outcome_lines import terms
from fundportal import printing
from fundportal.errors import Refused
from fundportal.models import Case, Document, FundRules
from fundportal.process import Step
from tests.applications.city import AT, City, city, later

pytestmark = pytest.mark.django_db
TKR = Decimal(1000)


@pytest.fixture
def here() -> City:
    return city()


def gaps(case: Case) -> list[str]:
    return [gap.text for gap in APPLICATION.filled(case).gaps()]


def hand_in(here: City, case: Case, days: int = 0) -> None:
    actions.endorse_application(case, here.manager, later(days=days))
    actions.submit_application(case, here.writer, later(days=days))


def test_complete_application_has_no_gaps(here: City):
    assert gaps(here.application()) == []


def test_calculation_comes_to_c1s_figures_in_three_scenarios(here: City):
    filled = APPLICATION.filled(here.application())

    calculation = next(form for form in filled.forms if isinstance(form, Calculation))
    outcome = calculation.outcome()
    low, base, high = outcome.scenarios

    assert outcome.investment == 12_000 * TKR
    assert [low.per_year, base.per_year, high.per_year] == [600 * TKR, 3200 * TKR, 5800 * TKR]
    assert (low.payback, base.payback, high.payback) == (None, 2033, 2032)
    assert base.nominal == 25_600 * TKR


def test_the_funds_price_level_is_proposed_and_the_calculation_says_its_own(here: City):
    case = here.application()
    FundRules.objects.create(fund=case.fund, valid_from=case.round.opens_on, price_year=2026)
    part = next(form for form in APPLICATION.filled(case).forms if isinstance(form, Calculation))

    assert part.fields["price_level"].initial == 2026
    assert "Fonden räknar i 2026 års priser." in str(part.fields["price_level"].help_text)
    assert terms(part.outcome()) == (
        "Beloppen är i 2027 års priser. Nuvärden avser 2028 vid 3\u00a0% ränta. Övriga belopp är nominella."
    )


def test_submitting_keeps_budget_effects_and_indicators_as_rows(here: City):
    case = here.application()

    hand_in(here, case)

    effect, indicator = EffectRow.objects.get(case=case), Indicator.objects.get(case=case)
    assert case.step == Step.PREPARATION
    assert (case.requested, case.first_year, case.last_year) == (12_000 * TKR, 2028, 2030)
    assert sum(row.requested for row in BudgetRow.objects.filter(case=case, use="introduce")) == 7_400 * TKR
    assert (effect.low, effect.base, effect.high) == (600 * TKR, 3200 * TKR, 5800 * TKR)
    assert (indicator.no, indicator.target, indicator.target_year) == (1, Decimal("85.5"), 2031)
    assert (case.facts.saving_per_year, case.facts.payback_year) == (3200 * TKR, 2033)


def test_frozen_application_reads_in_swedish_and_keeps_the_exact_answers(here: City):
    case = here.application()
    hand_in(here, case)

    content = json.loads(Document.objects.get(case=case, kind="application").content)
    tables = {section["title"]: section["table"] for section in content["sections"] if "table" in section}

    assert tables["Sökt per år och användning"]["rows"][-1] == [
        "Summa sökt", "4\u00a0500\u00a0tkr", "4\u00a0500\u00a0tkr", "3\u00a0000\u00a0tkr", "12\u00a0000\u00a0tkr",
    ]  # fmt: skip
    assert tables["Kommunens utgiftsminskning i tre scenarier"]["rows"][1][:2] == ["Bas", "3\u00a0200\u00a0tkr"]
    assert content["answers"]["kalkyl"]["effects"][0]["unit_cost"] == "650000"


def test_second_submission_has_its_own_rows_and_the_first_stand(here: City):
    case = here.application()
    hand_in(here, case)
    actions.request_completion(
        case,
        here.officer,
        AT,
        rows=[{"part": "budget", "question": "Sänk kostnaden för 2030."}],
        last_day=later(days=18).date(),
    )
    rows = here.application_answers()["budget"]["rows"][:-1]
    budget = here.application_answers()["budget"] | {"rows": rows}
    answer = {case.completions.get().asked.get().field: "Den är sänkt."}
    APPLICATION.save(case, "budget", budget | answer, here.writer, later(days=1))

    hand_in(here, case, days=2)

    assert case.requested == 11_000 * TKR
    assert BudgetRow.objects.filter(case=case, submission=1).count() == 11
    assert BudgetRow.objects.filter(case=case, submission=2).count() == 10


def test_application_after_its_ninety_days_needs_a_reason(here: City):
    case = here.application()
    actions.endorse_application(case, here.manager, AT)

    with pytest.raises(Refused, match=r"Sista dag var den 31.maj.2027"):
        actions.submit_application(case, here.writer, later(days=92))
    actions.submit_application(case, here.writer, later(days=92), late_reason="Ny projektledare tillträdde i maj.")

    assert case.submissions.latest("pk").late


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("effektkedja", {"comparison": "ingen"}, "Motivera valet av jämförelse"),
        ("effektkedja", {"comparison": "fore_efter"}, "Motivera valet av jämförelse"),
        ("tid", {"first_year": "2031"}, "Sista året kan inte vara före"),
        ("utvardering", {"cost": "0"}, "Motivera varför utvärderingen inte kostar"),
        ("utvardering", {"received_on": "2027-12-01"}, "inte ligga före investeringsfasen"),
        ("analyser", {"equality_text": "Kort."}, "skriv minst 50 tecken"),
        ("analyser", {"personal_data": "ja"}, "konsekvensbedömning"),
        ("analyser", {"personal_data": "ja", "dpia": "gjord"}, "var konsekvensbedömningen finns"),
        ("kalkyl", {"horizon": "7"}, "längre än tidshorisonten"),
        ("kalkyl", {"base_year": "2031"}, "före basåret"),
        ("budget", {"financing": [{"financier": "ESF", "amount": "500", "status": "sokt"}]}, "finansieras två gånger"),
        ("organisation", {"commitments": [
            {"party": "extern", "role": "Stöd", "resource": "Tid", "manager": "Chef", "endorsed_on": "2026-03-01"}
        ]}, "partens namn"),
    ],
)  # fmt: skip
def test_application_with_a_fault_says_which(here: City, part: str, change: dict, said: str):
    found = gaps(here.application(**{part: change}))

    assert len([text for text in found if said in text]) >= 1, found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"namnd": ""}, "nämnd och verksamhetsområde"),
        ({"reached": "221"}, "större än målgruppen"),
        ({"low": "40"}, "stiga från låg till hög"),
        ({"base": "10", "low": "5"}, "Kommentera det"),
        ({"unit_cost": "0"}, "ska vara minst 1\u00a0tkr"),
        ({"unit_cost": "9999999", "reached": "300"}, "Kontrollera antalet och kostnaden"),
    ],
)
def test_effect_row_with_a_fault_says_which(here: City, change: dict, said: str):
    found = gaps(here.application(kalkyl={"effects": [here.effect_row(**change)]}))

    assert len([text for text in found if said in text]) >= 1, found


def test_other_actors_saving_is_shown_and_never_counted_as_the_citys(here: City):
    rows = [here.effect_row(), here.effect_row(actor="region", namnd="", area="")]
    case = here.application(kalkyl={"effects": rows})

    hand_in(here, case)

    assert case.facts.saving_per_year == 3200 * TKR
    assert EffectRow.objects.filter(case=case).count() == 2


def test_risk_of_nine_needs_a_measure_and_of_eight_not(here: City):
    risk = {"risk": "Rekrytering", "likelihood": "3", "consequence": "3", "measure": "", "owner": "Chefen"}

    assert gaps(here.application(risker={"risks": [risk]})) == ["Rad 1: Riskvärdet är 9. Ange en åtgärd."]
    assert gaps(city().application(risker={"risks": [risk | {"likelihood": "2", "consequence": "4"}]})) == []


def test_every_chain_is_measured_by_an_indicator(here: City):
    chain = here.application_answers()["effektkedja"]["chain"] * 2

    assert gaps(here.application(effektkedja={"chain": chain})) == [
        "Lägg till en indikator som mäter effekten på kort sikt, medellång sikt och lång sikt på rad 2 i effektkedjan."
    ]


def test_every_effect_of_a_chain_is_measured_not_only_the_chain(here: City):
    indicator = here.application_answers()["effektkedja"]["indicators"][0] | {"long": False}

    assert gaps(here.application(effektkedja={"indicators": [indicator]})) == [
        "Lägg till en indikator som mäter effekten på lång sikt på rad 1 i effektkedjan."
    ]


def test_an_endorsement_cannot_be_of_a_day_to_come(here: City):
    row = {"party": "extern", "name": "ABF", "role": "Stöd", "resource": "Tid", "manager": "Chef"}
    tomorrow = timezone.localdate() + timedelta(1)

    assert gaps(here.application(organisation={"commitments": [row | {"endorsed_on": f"{tomorrow:%Y-%m-%d}"}]})) == [
        "Rad 1: Tillstyrkt den kan inte ligga i framtiden. Skriv dagen då det skedde."
    ]


def test_nothing_answered_nought_and_not_applicable_are_three_things_in_the_kept_rows_too(here: City):
    rows = [
        here.budget_row("2028", "introduce", "3 000") | {"cofinancing": typed} for typed in ("", "0", "inte aktuellt")
    ] + [here.budget_row("2029", "evaluate", "1 000") | {"cofinancing": "250"}]
    effects = [here.effect_row(running_cost=typed) for typed in ("", "0", "inte aktuellt")]
    case = here.application(budget={"rows": rows}, kalkyl={"effects": effects})
    actions.endorse_application(case, here.manager, AT)
    actions.submit_application(case, here.writer, AT)

    budget = BudgetRow.objects.filter(case=case).order_by("pk").values_list("cofinancing", "cofinancing_na")
    running = EffectRow.objects.filter(case=case).order_by("pk").values_list("running_cost", "running_cost_na")
    paper = Document.objects.get(case=case, kind="application")
    content = json.loads(paper.content)

    assert list(budget) == [(None, False), (0, False), (None, True), (250 * TKR, False)]
    assert list(running) == [(None, False), (0, False), (None, True)]
    assert sum(row.cofinancing or 0 for row in BudgetRow.objects.filter(case=case)) == 250 * TKR
    assert [row["cofinancing"] for row in content["answers"]["budget"]["rows"]] == [
        None,
        "0",
        "inte aktuellt",
        "250000",
    ]
    html = " ".join(
        get_template(paper.template).render(printing.context(paper, "Ansökan")).replace("\xa0", " ").split()
    )
    for said in ("Inte ifyllt", "0 tkr", "Inte aktuellt", "250 tkr"):
        assert said in html


def test_indicator_measures_a_chain_that_exists(here: City):
    indicator = here.application_answers()["effektkedja"]["indicators"][0] | {"chain": "3"}

    assert gaps(here.application(effektkedja={"indicators": [indicator]}))[0] == (
        "Rad 1: Det finns ingen rad 3 i effektkedjan."
    )


def test_budget_year_outside_the_phase_is_told_on_its_row(here: City):
    rows = [here.budget_row("2028", "introduce", "100"), here.budget_row("2031", "introduce", "100")]
    filled = APPLICATION.filled(here.application(budget={"rows": rows}))

    (gap,) = filled.gaps()

    assert (gap.part, gap.anchor) == ("budget", "id_rows-1-year")
    assert gap.text == "Rad 2: Året ligger utanför investeringsfasen 2028–2030."


def test_round_may_ask_for_a_least_share_for_evaluation():
    there = city(min_evaluation_share=Decimal(30))

    assert gaps(there.application()) == [
        "Minst 30\u00a0% ska gå till att följa upp och utvärdera. Nu är det 25\u00a0%."
    ]


def test_changed_application_must_be_endorsed_again(here: City):
    case = here.application()
    actions.endorse_application(case, here.manager, AT)
    APPLICATION.save(case, "organisation", {"project_leader": "Ny", "finance": "E"}, here.writer, later(minutes=1))

    assert "Ansökan behöver tillstyrkas igen" in (needs.application_is_endorsed(case, AT) or "")


def test_what_is_left_is_told_by_part(here: City):
    case = here.application(tid={"activities": []}, risker={"risks": []})

    assert needs.application_is_complete(case, AT) == (
        "2 uppgifter saknas eller behöver rättas: Tid och aktiviteter (1) och Risker (1)."
    )
