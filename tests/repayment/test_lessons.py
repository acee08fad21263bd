"""Lessons: cards that everyone finds, whatever came of the project, and the text for the budget."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from fundportal import actions as kernel
from fundportal.models import ExportLog, User
from fundportal.process import Role, Step
from repayment import actions
from repayment.models import Adjustment, Lesson
from repayment.pages.lessons import alike
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import day, refused, tkr

pytestmark = pytest.mark.django_db
CARD: dict[str, Any] = {
    "area": "family",
    "method": "Nattvandring med lön",
    "result": "broken",
    "tried": "Unga vuxna vandrade på nätterna i centrum.",
    "for_whom": "Ungdomar i Rinkeby.",
    "cost": "900 tkr.",
    "effect": "Kunde inte mätas.",
    "again": False,
    "again_why": "Rekryteringen tog för lång tid.",
}


def broken_off() -> Any:
    case = factories.case(Step.DISCONTINUED, title="Nattvandring")
    officer = factories.user(Role.OFFICER)
    told = refused(lambda: kernel.archive(case, officer, day(2027, 4), weeded=True))
    assert told == ["Lärdomskortet är inte skrivet. Handläggaren, controllern eller sökanden skriver det."]
    actions.write_lesson(case, officer, day(2027, 4), **CARD)
    kernel.archive(case, officer, day(2027, 5), weeded=True)
    return case


def get(user: User, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(path)


def settled(**given: object) -> Any:
    it = scene.c2()
    actions.exempt(it.case, it.director, day(2020), reason="no_effect", text=scene.TEXT)
    it.settle(day(2020, 4), adjusts=False, areas=[], target="", again=False, **given)
    return it.case


def test_a_project_that_was_broken_off_is_filed_away_with_its_card_and_not_before() -> None:
    case = broken_off()

    card = Lesson.objects.get(case=case)
    assert (card.title, card.result, card.amount) == ("Nattvandring", "broken", 0)
    assert case.documents.filter(kind="lesson").exists()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"Nattvandring", "Trygghetsvärdar"}),
        ("?q=vandra", {"Nattvandring"}),
        ("?malgrupp=rinkeby", {"Nattvandring"}),
        ("?metod=skolnära", {"Trygghetsvärdar"}),
        ("?resultat=none", {"Trygghetsvärdar"}),
        ("?omrade=school", set()),
        ("?fran=5000&till=8000", {"Trygghetsvärdar"}),
        ("?q=vandra&resultat=none", set()),
    ],
)
def test_cards_are_found_by_words_target_method_area_result_and_cost(asked: str, found: set[str]) -> None:
    broken_off()
    settled(result="none")

    answer = get(factories.user(), f"/lardomar/{asked}")

    assert {card.title for card in answer.context["cards"]} == found


def test_a_cost_that_is_no_number_is_told() -> None:
    answer = get(factories.user(), "/lardomar/?fran=mycket")

    assert answer.status_code == 200
    assert "ett belopp i hela tusental kronor" in answer.content.decode()


def test_a_card_is_open_to_all_and_its_case_only_to_those_who_see_it() -> None:
    case = settled()
    card = case.lesson

    stranger = get(factories.user(), f"/lardomar/{card.pk}/").content.decode()
    auditor = get(factories.user(Role.AUDITOR), f"/lardomar/{card.pk}/").content.decode()

    assert "Lärdomskort" in stranger
    assert case.number not in stranger
    assert case.number in auditor


def test_an_idea_is_like_the_cards_that_share_its_words_and_nobody_elses_idea_is_read() -> None:
    settled()
    broken_off()
    applicant = factories.user(Role.APPLICANT, board := factories.namnd())
    idea = factories.case(Step.IDEA, owner=board, title="Vandring på nätterna i centrum")

    assert [one.card.title for one in alike(idea)] == ["Nattvandring"]
    assert get(applicant, f"/arenden/{idea.number}/liknande/").status_code == 200
    assert (
        get(factories.user(Role.APPLICANT, factories.namnd()), f"/arenden/{idea.number}/liknande/").status_code == 404
    )


def test_an_idea_without_words_is_like_nothing() -> None:
    broken_off()
    idea = factories.case(Step.IDEA, title="12")

    assert alike(idea) == []


def test_a_card_is_written_once_and_never_changed() -> None:
    case = settled()

    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Lesson.objects.filter(case=case).update(effect="Strålande.")


def test_the_text_and_the_table_are_ready_to_paste_and_every_file_is_logged() -> None:
    it = scene.c1()
    it.decide(11_600)
    it.reconcile(2020, 11_600)
    actions.complete_repayment(it.case, it.controller, day(2021))
    it.settle(day(2025))
    it.request(scene.key(), day(2025, 4))

    page = get(it.officer, f"/arenden/{it.case.number}/budgetunderlag/").content.decode()
    budget = get(it.officer, f"/arenden/{it.case.number}/budgetunderlag/?tillfalle=budget").content.decode()
    book = b"".join(get(it.officer, f"/arenden/{it.case.number}/budgetunderlag/tabell.xlsx").streaming_content)
    table = b"".join(get(it.officer, f"/arenden/{it.case.number}/budgetunderlag/tabell.csv").streaming_content)

    assert "I tertialrapport 1 begärs därför att budgeten sänks med 3\u00a0200\u00a0tkr per år från 2025." in page
    assert "11\u00a0600\u00a0tkr har återförts till fonden." in page
    assert "Sänkningen fördelas på 11 nämnder enligt nyckeln ”Barn och unga”" in page
    assert "I budget för 2025 sänks därför anslagen med 3\u00a0200\u00a0tkr per år." in budget
    assert "Omdisponering" in table.decode()
    assert "-672000" in table.decode()
    assert book.startswith(b"PK")
    assert sorted(ExportLog.objects.values_list("rows", flat=True)) == [11, 11]
    assert Adjustment.objects.get().amount == tkr(3200)


def test_there_is_no_text_before_anything_is_asked_for() -> None:
    it = scene.c1(Step.BUDGET_ADJUSTMENT)

    assert get(it.officer, f"/arenden/{it.case.number}/budgetunderlag/").status_code == 404
