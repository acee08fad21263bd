"""What the answers come to: side by side, by name who is silent, and a draft in which every sentence has its source."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from applications.sheets.opinion import OPINION
from fundportal import documents, flow, roles, todo
from fundportal.models import Case, Document, Event, ExportLog, Namnd, User
from fundportal.process import Role, Step
from reviews import actions
from reviews.models import BodyState, RemissBody, RemissDraft
from reviews.needs.compiled import compiled, paragraph, quote
from tests import factories
from tests.factories import AT
from tests.reviews.scene import DAY, LETTER, answer, send

pytestmark = pytest.mark.django_db

MAY, LAST = datetime(2019, 5, 20, 8, 0, tzinfo=UTC), date(2019, 8, 12)


@pytest.fixture
def asked(case: Case, paper: Document, officer: User) -> dict[str, RemissBody]:
    """Four boards and one outside body, asked one question."""
    boards = [factories.namnd(name) for name in ("Socialnämnden", "Kulturnämnden", "Idrottsnämnden", "Äldrenämnden")]
    remiss = send(
        *(case, officer, paper, *boards),
        outside=[{"name": "Polisregion Stockholm"}],
        questions=[{"text": "Är målgruppen rätt?"}],
    )
    return {str(body): body for body in remiss.bodies.select_related("namnd", "remiss__case", "remiss__event")}


def says(case: Case, officer: User, body: RemissBody, at: Any = AT, **changes: Any) -> Any:
    """An answer by the one whose it is to give."""
    user = factories.user(Role.RESPONDENT, body.namnd) if body.namnd else officer
    return answer(case, user, body, at, **changes)


def test_every_form_and_standpoint_is_told_as_the_city_does_and_points_to_its_answer(
    case: Case, officer: User, asked: dict[str, RemissBody]
) -> None:
    given = [
        says(case, officer, asked["Socialnämnden"], AT + 20 * DAY, form="board", standpoint="comments",
             meeting_on=date(2027, 3, 18), paragraph="§ 21", answers=[{"no": 1, "text": "Ja."}], reservation="Nej."),
        says(case, officer, asked["Kulturnämnden"], form="delegated", standpoint="doubts"),
        says(case, officer, asked["Idrottsnämnden"], AT + 40 * DAY, standpoint="opposes"),
        says(case, officer, asked["Polisregion Stockholm"], form="abstains", standpoint="none", comments=""),
    ]  # fmt: skip

    found = compiled(case)
    said = [sentence.text.replace("\u00a0", " ") for sentence in found.sentences]

    assert any(
        "Socialnämnden överlämnar genom beslut den 18 mars 2027, § 21, förvaltningens tjänsteutlåtande som svar på "
        "remissen och tillstyrker ansökan med synpunkter." in each
        for each in said
    )
    assert "Kulturnämnden besvarar remissen med ett yttrande på delegation och är tveksam till ansökan." in said
    assert "Idrottsnämnden hänvisar till kontorets yttrande som svar på remissen och avstyrker ansökan." in said
    assert "Polisregion Stockholm avstår från att yttra sig." in said
    assert "Till svaret har fogats en reservation eller ett särskilt uttalande." in said
    assert "Svaret kom in den 10 april 2027, efter svarstidens slut." in said
    papers = {row.event.documents.get() for row in given} | {asked["Socialnämnden"].remiss.event.documents.get()}
    assert all(sentence.source in papers for sentence in found.sentences)
    assert {sentence.source for sentence in found.sentences} == papers
    for sentence in found.sentences:
        assert (sentence.note, sentence.source) in [(no, paper) for no, paper, _title in found.sources]


def test_who_has_not_answered_is_named_and_told_apart_from_who_still_has_time(
    case: Case, officer: User, asked: dict[str, RemissBody]
) -> None:
    says(case, officer, asked["Socialnämnden"])
    RemissBody.objects.exclude(namnd=asked["Äldrenämnden"].namnd).update(last_day=date(2020, 1, 2))
    RemissBody.objects.filter(namnd=asked["Äldrenämnden"].namnd).update(last_day=date(2099, 1, 2))

    (one,) = compiled(case).remisser

    assert one.silent == ["Kulturnämnden", "Idrottsnämnden", "Polisregion Stockholm"]
    assert [str(body) for body in one.awaited] == ["Äldrenämnden"]
    assert "Kulturnämnden, Idrottsnämnden och Polisregion Stockholm har inte inkommit med svar." in compiled(case).text
    assert "1 av 5 remissinstanser har svarat: 1 tillstyrker." in compiled(case).text


def test_answers_stand_side_by_side_by_question(case: Case, officer: User, asked: dict[str, RemissBody]) -> None:
    says(case, officer, asked["Socialnämnden"], answers=[{"no": 1, "text": "Ja."}], comments="")
    says(case, officer, asked["Kulturnämnden"])

    (one,) = compiled(case).remisser

    assert [(row.title, row.cells) for row in one.rows] == [
        ("1. Är målgruppen rätt?", ["Ja.", ""]),
        ("Övriga synpunkter", ["", "Vi tillstyrker."]),
    ]
    assert dict(one.counts)["Tillstyrker"] == 2


def test_a_long_answer_is_quoted_by_whole_sentences() -> None:
    text = "Förslaget är bra. " * 30

    assert quote(text).endswith("bra.")
    assert len(quote(text)) <= 280
    assert quote("ord " * 100).endswith(" …")


def test_one_click_puts_the_paragraph_in_the_opinion_and_a_later_answer_makes_it_old(
    case: Case, officer: User, asked: dict[str, RemissBody]
) -> None:
    says(case, officer, asked["Socialnämnden"])
    browser, way = Client(), f"{case.get_absolute_url()}remiss/sammanstallning/"
    browser.force_login(officer)

    assert browser.post(way).status_code == 302
    typed = OPINION.filled(Case.objects.get(pk=case.pk)).typed("beredning")
    assert "Socialnämnden hänvisar till kontorets yttrande" in typed["remiss"]
    assert "[2] Remissvar från Socialnämnden" in typed["remiss"]
    assert "inget har hänt sedan dess" in browser.get(way).content.decode()
    part = f"{case.get_absolute_url()}tjansteutlatande/beredning/"
    assert "inget har hänt sedan dess" in browser.get(part).content.decode()

    says(case, officer, asked["Kulturnämnden"])

    assert "äldre än läget nu" in browser.get(way).content.decode()
    assert "äldre än läget nu" in browser.get(part).content.decode()
    suggestion = paragraph(case)
    assert suggestion is not None
    assert "Kulturnämnden" in suggestion.text


def test_the_compilation_is_for_those_who_prepare_decide_and_audit(
    case: Case, officer: User, asked: dict[str, RemissBody]
) -> None:
    body = asked["Socialnämnden"]
    respondent, director = factories.user(Role.RESPONDENT, body.namnd), factories.user(Role.DIRECTOR)
    seen = {}
    for name, user in (("respondent", respondent), ("director", director), ("officer", officer)):
        browser = Client()
        browser.force_login(user)
        seen[name] = browser.get(f"{case.get_absolute_url()}remiss/sammanstallning/").status_code

    assert seen == {"respondent": 403, "director": 200, "officer": 200}


def test_the_compilation_leaves_as_a_file_that_is_logged(
    case: Case, officer: User, asked: dict[str, RemissBody]
) -> None:
    says(case, officer, asked["Socialnämnden"], comments="=1+1")
    browser = Client()
    browser.force_login(officer)

    answer = browser.get(f"{case.get_absolute_url()}remiss/sammanstallning.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]

    assert text.splitlines()[0].startswith("Remissinstans;Status;Svar senast")
    assert "Socialnämnden;Besvarad" in text
    assert "'=1+1" in text
    assert ExportLog.objects.get().rows == 5


def test_the_page_asks_as_few_questions_for_many_answers_as_for_one(
    case: Case, officer: User, asked: dict[str, RemissBody], django_assert_max_num_queries: Any
) -> None:
    for body in list(asked.values())[:4]:
        says(case, officer, body, answers=[{"no": 1, "text": "Ja."}])
    browser = Client()
    browser.force_login(officer)

    with django_assert_max_num_queries(45):
        browser.get(f"{case.get_absolute_url()}remiss/sammanstallning/")


def test_the_remiss_of_2019_goes_to_seven_boards_and_the_police_over_the_summer() -> None:
    case, officer = factories.case(Step.PREPARATION, at=MAY), factories.user(Role.OFFICER)
    with transaction.atomic():
        event = Event(case=case, action="submit_application", by_name="Fabriken", at=MAY, from_step=case.step)
        flow.record(event, data={}, to_step=case.step, tell=False)
        paper = documents.freeze(event, "application", "Ansökan", {"sections": []})
    names = (
        *("Skarpnäcks stadsdelsnämnd", "Spånga-Tensta stadsdelsnämnd", "Södermalms stadsdelsnämnd"),
        *("Stadsledningskontoret", "Arbetsmarknadsnämnden", "Socialnämnden", "Utbildningsnämnden"),
    )
    boards: list[dict[str, Any]] = [{"namnd": factories.namnd(name), "meeting_on": None} for name in names]
    boards[2]["meeting_on"] = date(2019, 8, 8)
    actions.send_remiss(
        *(case, officer, MAY),
        last_day=LAST,
        letter=LETTER,
        papers=[paper],
        namnder=boards,
        outside=[{"name": "Polisregion Stockholm", "email": "registrator@example.org"}],
    )

    bodies = list(RemissBody.objects.asked(case))
    south = next(body for body in bodies if str(body) == "Södermalms stadsdelsnämnd")
    answer(
        case, factories.user(Role.RESPONDENT, south.namnd), south, datetime(2019, 8, 9, 8, 0, tzinfo=UTC),
        form="board", meeting_on=date(2019, 8, 8), paragraph="§ 14", immediate=True,
    )  # fmt: skip

    assert len(bodies) == 8
    assert sum(body.namnd_id is None for body in bodies) == 1
    assert LAST.weekday() == 0
    assert [str(body) for body in bodies if body.hurries] == ["Södermalms stadsdelsnämnd"]
    states = [body.state for body in RemissBody.objects.asked(case)]
    assert states.count(BodyState.SILENT) == 7
    assert states.count(BodyState.ANSWERED) == 1
    silent = compiled(case).remisser[0].silent
    assert silent[0] == "Skarpnäcks stadsdelsnämnd"
    assert silent[-1] == "Polisregion Stockholm"


def test_a_board_that_has_answered_keeps_the_remiss_and_its_own_answer_and_no_more(
    case: Case, paper: Document, officer: User, asked: dict[str, RemissBody]
) -> None:
    mine, theirs = asked["Socialnämnden"], asked["Kulturnämnden"]
    user = factories.user(Role.RESPONDENT, mine.namnd)
    browser, number = Client(), case.number
    browser.force_login(user)
    assert browser.get(case.get_absolute_url()).status_code == 200
    own = answer(case, user, mine, comments="Vårt eget svar.")
    says(case, officer, theirs, comments="Andras svar.")

    page = browser.get(f"/arenden/{number}/remiss/").content.decode()

    assert browser.get(case.get_absolute_url()).status_code == 404
    assert not Case.objects.visible_to(user).exists()
    assert "Vårt eget svar." in page
    assert "Andras svar." not in page
    assert "Kulturnämnden" not in page
    papers = {"sent": paper, "own": own.event.documents.get(), "theirs": theirs.answer.event.documents.get()}
    seen = {
        name: browser.get(f"/arenden/{number}/remiss/handlingar/{each.pk}/").status_code
        for name, each in papers.items()
    }
    assert seen == {"sent": 200, "own": 200, "theirs": 404}
    assert case.title in browser.get("/remisser/").content.decode()
    assert not todo.tasks(user, 10)


def test_a_board_that_was_silent_reads_the_remiss_when_the_case_has_gone_on(
    case: Case, asked: dict[str, RemissBody]
) -> None:
    user = factories.user(Role.RESPONDENT, asked["Socialnämnden"].namnd)
    with transaction.atomic():
        event = Event(case=case, action="propose_decision", by_name="Fabriken", at=AT, from_step=case.step)
        flow.record(event, data={}, to_step=Step.DECISION, tell=False)
        case.enter(Step.DECISION, AT)
    browser = Client()
    browser.force_login(user)

    assert not Case.objects.visible_to(user).exists()
    assert browser.get(case.get_absolute_url()).status_code == 404
    assert browser.get(f"/arenden/{case.number}/remiss/").status_code == 200


def test_a_board_that_was_never_asked_finds_nothing(case: Case, asked: dict[str, RemissBody], board: Namnd) -> None:
    browser = Client()
    browser.force_login(factories.user(Role.RESPONDENT, board))

    assert browser.get(f"/arenden/{case.number}/remiss/").status_code == 404
    assert case.title not in browser.get("/remisser/").content.decode()


def test_a_board_saves_a_draft_that_its_own_people_find_and_others_do_not(
    case: Case, officer: User, asked: dict[str, RemissBody]
) -> None:
    mine = asked["Socialnämnden"]
    one, two = (factories.user(Role.RESPONDENT, mine.namnd) for _person in range(2))
    other = factories.user(Role.RESPONDENT, asked["Kulturnämnden"].namnd)
    way = f"{case.get_absolute_url()}remiss/besvara/"
    seen = {}
    for name, user in (("one", one), ("two", two), ("other", other)):
        browser = Client()
        browser.force_login(user)
        if name == "one":
            saved = {"body": str(mine.pk), "comments": "Halvvägs", "_save": "1"}
            assert browser.post(way, saved).status_code == 302
        seen[name] = "Halvvägs" in browser.get(way).content.decode()

    assert seen == {"one": True, "two": True, "other": False}


def test_who_answers_for_two_chooses_one_and_each_has_a_draft_of_its_own(
    case: Case, asked: dict[str, RemissBody]
) -> None:
    first, other = asked["Socialnämnden"], asked["Kulturnämnden"]
    browser = Client()
    both = factories.user(Role.RESPONDENT, first.namnd)
    roles.give(both, Role.RESPONDENT, other.namnd)
    browser.force_login(both)
    way = f"{case.get_absolute_url()}remiss/besvara/"

    sent = {"body": str(first.pk), "comments": "För den ena", "_field": "comments"}
    told = browser.post(way, sent, headers={"X-Requested-With": "fetch"})

    assert told.json()["saved"] is True
    assert "Vem gäller svaret?" in browser.get(way).content.decode()
    assert "För den ena" in browser.get(f"{way}?instans={first.pk}").content.decode()
    assert "För den ena" not in browser.get(f"{way}?instans={other.pk}").content.decode()
    assert RemissDraft.objects.get().answers == {"comments": "För den ena"}


def test_a_respondent_reads_her_own_last_day_on_the_case(case: Case, asked: dict[str, RemissBody]) -> None:
    browser = Client()
    browser.force_login(factories.user(Role.RESPONDENT, asked["Socialnämnden"].namnd))

    assert "Socialnämnden svarar på remissen" in browser.get(case.get_absolute_url()).content.decode()


def test_a_board_asks_for_more_time_and_the_officer_is_told(
    case: Case, officer: User, asked: dict[str, RemissBody]
) -> None:
    mine = asked["Socialnämnden"]
    user = factories.user(Role.RESPONDENT, mine.namnd)

    actions.ask_more_time(case, user, AT, namnd=mine.namnd, until=date(2027, 4, 15), reason="Nämnden möts sent.")

    mine.refresh_from_db()
    assert mine.wants_until == date(2027, 4, 15)
    browser = Client()
    browser.force_login(officer)
    assert "Begär anstånd till" in browser.get(f"{case.get_absolute_url()}remiss/").content.decode()
