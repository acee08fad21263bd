"""The evaluation: what it must answer, what is kept of it, and where the case goes."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from fundportal import documents, flow
from fundportal.errors import Refused
from fundportal.models import Case, Event, Namnd, User
from fundportal.process import ACTIONS, Role, Step
from reviews import actions
from reviews.models import EvaluatedEffect, EvaluatedSaving, Evaluation
from reviews.sheets import EVALUATION
from reviews.templatetags.reviews import evaluation_draft
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    """A case whose investment phase has ended."""
    it = factories.case(Step.EVALUATION, owner=factories.namnd("Socialnämnden"))
    with transaction.atomic():
        event = Event(case=it, action="submit_application", by_name="Fabriken", at=AT, from_step=it.step)
        flow.record(event, data={}, to_step=it.step, tell=False)
        answers = {"effektkedja": {"indicators": [{"name": "Skolnärvaro", "unit": "%"}]}}
        documents.freeze(event, "application", "Ansökan", {"answers": answers, "sections": []})
    return it


@pytest.fixture
def applicant(case: Case) -> User:
    """Who writes for the owner."""
    return factories.user(Role.APPLICANT, case.owner)


def whole(board: Namnd) -> dict[str, dict[str, Any]]:
    """An evaluation with nothing missing, as typed."""
    return {
        "utvarderare": {"evaluator": "FoU Södertörn", "kind": "research", "delivered_on": "2027-02-15"},
        "metod": {
            "method": "Registerdata före och efter insatsen, jämfört med skolor på väntelista.",
            "comparison": "waiting_list",
            "differs": "",
            "deviation": "",
        },
        "effekter": {
            "effects": [
                {
                    "indicator": "Skolnärvaro",
                    "unit": "%",
                    "outcome": "82,5",
                    "missing": "",
                    "comparison": "74",
                    "effect": "8,5",
                    "uncertainty": "± 3 procentenheter",
                }
            ]
        },
        "bevisstyrka": {"strength": "moderate", "strength_reasons": "Jämförelsen är god men liten."},
        "ekonomi": {
            "savings": [
                {
                    "namnd": str(board.pk),
                    "area": "family",
                    "year": "2027",
                    "planned": "3 200",
                    "established": "-150",
                    "cause": "no_effect",
                    "why": "Fler behövde stöd än beräknat.",
                }
            ]
        },
        "lardomar": {"qualitative": "Lugnare klassrum.", "lessons": "Börja tidigare.", "multiplier": ""},
        "slutsats": {
            "recommendation": "implement",
            "recommendation_reasons": "Arbetssättet fungerar i vardagen.",
            "repayment": "full",
            "repayment_reasons": "",
        },
    }


def write(case: Case, applicant: User, answers: dict[str, dict[str, Any]]) -> None:
    """Save every part of the draft."""
    for slug, typed in answers.items():
        EVALUATION.save(case, slug, typed, applicant, AT)


def gaps(case: Case) -> list[str]:
    """What keeps the evaluation from being handed in."""
    return [gap.text for gap in EVALUATION.filled(case).gaps()]


def test_an_evaluation_is_handed_in_as_a_paper_and_as_facts(case: Case, applicant: User) -> None:
    write(case, applicant, whole(case.owner))

    actions.submit_evaluation(case, applicant, AT)

    assert case.step == Step.REPAYMENT_PLAN
    kept = Evaluation.objects.get(case=case)
    assert (kept.evaluator, kept.delivered_on, kept.repayment) == ("FoU Södertörn", date(2027, 2, 15), "full")
    effect = EvaluatedEffect.objects.get()
    assert (effect.indicator, effect.outcome, effect.effect) == ("Skolnärvaro", Decimal("82.5"), Decimal("8.5"))
    saving = EvaluatedSaving.objects.get()
    assert (saving.planned, saving.established) == (Decimal(3_200_000), Decimal(-150_000))
    content = json.loads(kept.document.content)
    assert content["answers"]["ekonomi"]["savings"][0]["established"] == "-150000"
    tables = [section["table"]["rows"] for section in content["sections"] if "table" in section]
    assert tables[0] == [["Skolnärvaro (%)", "–", "–", "82,5", "74", "8,5", "± 3 procentenheter"]]
    assert tables[1][-1] == ["Summa", "", "", "3\u00a0200\u00a0tkr", "\u2212150\u00a0tkr"]


def test_nothing_is_handed_in_until_every_part_is_filled_in(case: Case, applicant: User) -> None:
    with pytest.raises(Refused, match=r"Utvärderingen är inte komplett: .* uppgifter återstår"):
        actions.submit_evaluation(case, applicant, AT)

    answers = whole(case.owner)
    answers["lardomar"]["lessons"] = ""
    write(case, applicant, answers)
    assert flow.missing(ACTIONS["submit_evaluation"], case, AT) == [
        "Utvärderingen är inte komplett: 1 uppgift återstår i ”Kvalitet och lärdomar”."
    ]


@pytest.mark.parametrize(
    ("part", "changes", "text"),
    [
        (
            "utvarderare",
            {"delivered_on": "2026-11-01"},
            "Utvärderingen får levereras tidigast tre månader före investeringsfasens slut, "
            "29\u00a0november\u00a02026.",
        ),
        ("metod", {"differs": "on"}, "Beskriv vad som avviker från utvärderingsplanen och varför."),
        ("metod", {"comparison": "none"}, "Motivera varför ingen jämförelse gjordes."),
        ("slutsats", {"repayment": "exempt"}, "Motivera varför inte hela beloppet föreslås återföras."),
        ("ekonomi", {"savings": []}, "Fyll i minst en rad under ”Utgiftsminskning”."),
        ("effekter", {"effects": []}, "Fyll i minst en rad under ”Indikatorer”."),
    ],
)
def test_what_an_evaluation_must_explain(
    case: Case, applicant: User, part: str, changes: dict[str, Any], text: str
) -> None:
    answers = whole(case.owner)
    answers[part] |= changes
    write(case, applicant, answers)

    assert gaps(case) == [text]


def test_every_indicator_of_the_application_has_an_outcome_or_a_reason(case: Case, applicant: User) -> None:
    answers = whole(case.owner)
    answers["effekter"]["effects"] = [{"indicator": "Trygghet, 100 %", "outcome": "", "missing": ""}]
    write(case, applicant, answers)
    assert gaps(case) == [
        "Ange utfallet för ”Trygghet, 100 %”, eller skälet till att det saknas.",
        "Indikatorn ”Skolnärvaro” i ansökan saknas. Lägg till den med utfall eller skäl.",
    ]

    answers["effekter"]["effects"] = [{"indicator": "skolnärvaro ", "outcome": "", "missing": "Mätningen ställdes in."}]
    write(case, applicant, answers)
    actions.submit_evaluation(case, applicant, AT)

    content = json.loads(case.documents.get(kind="evaluation").content)
    tables = [section["table"]["rows"] for section in content["sections"] if "table" in section]
    assert tables[0] == [["skolnärvaro", "–", "–", "Saknas: Mätningen ställdes in.", "–", "–", "–"]]


def test_the_draft_begins_with_the_applications_indicators(case: Case) -> None:
    part = EVALUATION.part("effekter")
    assert part is not None

    assert part(case=case).fields["effects"].initial == [{"indicator": "Skolnärvaro", "unit": "%"}]


def test_a_board_has_savings_only_in_years_it_exists_and_once_in_each(case: Case, applicant: User) -> None:
    ended = factories.namnd("Norrmalms stadsdelsnämnd", active_to=date(2023, 6, 30))
    answers = whole(ended)
    row = answers["ekonomi"]["savings"][0]
    answers["ekonomi"]["savings"] = [row, row | {"year": "2023"}, dict(row, year=" 2023")]
    write(case, applicant, answers)

    assert gaps(case) == [
        "Norrmalms stadsdelsnämnd finns inte år 2027. Välj den nämnd som har ansvaret det året.",
        "Norrmalms stadsdelsnämnd, Individ- och familjeomsorg, 2023 står på två rader. Slå ihop dem.",
    ]


def test_less_than_full_repayment_has_its_reasons_in_the_database_too(case: Case, applicant: User) -> None:
    answers = whole(case.owner)
    answers["slutsats"] |= {
        "repayment": "exempt",
        "repayment_reasons": "Insatsen gav bättre kvalitet men ingen ekonomisk effekt.",
    }
    write(case, applicant, answers)
    actions.submit_evaluation(case, applicant, AT)
    kept = Evaluation.objects.get()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Evaluation.objects.update(repayment="full")
    with pytest.raises(IntegrityError, match="effect_has_outcome_or_reason"), transaction.atomic():
        EvaluatedEffect.objects.create(evaluation=kept, indicator="Trygghet")


def test_the_draft_is_read_by_those_who_write_it_and_no_one_else(case: Case, applicant: User) -> None:
    write(case, applicant, {"lardomar": whole(case.owner)["lardomar"], "metod": {"method": "Kort."}})

    draft = evaluation_draft(case, applicant)
    assert draft is not None
    states = {str(part["label"]): part["state"] for part in draft.parts}
    assert (draft.writes, draft.done) == (True, 1)
    assert (states["Metod och jämförelse"], states["Kvalitet och lärdomar"], states["Utvärderare"]) == (
        "doing",
        "done",
        "todo",
    )
    for role in (Role.OFFICER, Role.CONTROLLER, Role.DIRECTOR, Role.AUDITOR):
        assert evaluation_draft(case, factories.user(role)) is None


def test_a_manager_reads_the_draft_but_does_not_write_it(case: Case) -> None:
    draft = evaluation_draft(case, factories.user(Role.MANAGER, case.owner))

    assert draft is not None
    assert not draft.writes
    assert {part["url"] for part in draft.parts} == {""}


def test_an_evaluation_may_come_three_months_before_the_phase_ends(case: Case, applicant: User) -> None:
    answers = whole(case.owner)
    answers["utvarderare"]["delivered_on"] = (AT.date() - timedelta(days=92)).isoformat()
    write(case, applicant, answers)

    assert gaps(case) == []


def test_an_evaluation_is_not_delivered_on_a_day_to_come(case: Case, applicant: User) -> None:
    answers = whole(case.owner)
    answers["utvarderare"]["delivered_on"] = (AT.date() + timedelta(days=1)).isoformat()
    write(case, applicant, answers)

    with pytest.raises(Refused, match="i framtiden"):
        actions.submit_evaluation(case, applicant, AT)


def test_every_difference_between_calculation_and_outcome_has_its_cause(case: Case, applicant: User) -> None:
    answers = whole(case.owner)
    answers["ekonomi"]["savings"][0] |= {"cause": "", "why": ""}
    write(case, applicant, answers)
    assert gaps(case) == [
        "Socialnämnden, Individ- och familjeomsorg, 2027: ange orsak till skillnaden och förklara den."
    ]

    answers["ekonomi"]["savings"][0] |= {"established": "3 200"}
    write(case, applicant, answers)
    assert gaps(case) == []
    actions.submit_evaluation(case, applicant, AT)
    with pytest.raises(IntegrityError, match="saving_difference_has_cause"), transaction.atomic():
        EvaluatedSaving.objects.create(
            evaluation=Evaluation.objects.get(), namnd=case.owner, area="family", year=2028, planned=1, established=2
        )


def test_the_outcome_stands_beside_the_calculation_on_a_page_of_its_own(case: Case, applicant: User) -> None:
    client = Client()
    client.force_login(applicant)
    assert client.get(f"/arenden/{case.number}/utfall/").status_code == 404
    write(case, applicant, whole(case.owner))
    actions.submit_evaluation(case, applicant, AT)

    page = client.get(f"/arenden/{case.number}/utfall/").content.decode()

    for text in ("Utebliven effekt. Fler behövde stöd än beräknat.", "Lugnare klassrum.", "Måttlig", "82,5"):
        assert text in page
