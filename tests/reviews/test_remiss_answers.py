"""Answers to a remiss: who answers for whom, how, and what the tjänsteutlåtande may say of them."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from fundportal import history, reminders
from fundportal.errors import Refused
from fundportal.models import Case, Document, Namnd, User
from fundportal.process import Role
from reviews import actions
from reviews.models import BodyState, RemissAnswer, RemissBody
from reviews.needs import remiss_answers
from reviews.templatetags.reviews import remiss_of
from tests import factories
from tests.factories import AT
from tests.reviews.scene import DAY, LAST_DAY, answer, send

pytestmark = pytest.mark.django_db


def test_only_the_boards_own_respondent_answers_for_it(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    other = factories.namnd("Kulturnämnden")
    remiss = send(case, officer, paper, board, other)
    respondent = factories.user(Role.RESPONDENT, board)
    theirs = remiss.bodies.get(namnd=other)

    with pytest.raises(Refused, match="Kulturnämnden har redan svarat, eller så kan du inte svara åt den"):
        answer(case, respondent, theirs)
    with pytest.raises(Refused, match="Nämnderna svarar själva"):
        answer(case, officer, theirs)
    answer(case, respondent, remiss.bodies.get(namnd=board))

    with pytest.raises(Refused, match="Den rollen har inte du"):
        answer(case, respondent, remiss.bodies.get(namnd=board))


def test_the_officer_enters_an_outside_bodys_answer_with_the_day_it_came(
    case: Case, paper: Document, officer: User
) -> None:
    remiss = send(case, officer, paper, outside=[{"name": "Polisregion Stockholm"}])
    after = AT + 40 * DAY

    given = answer(case, officer, remiss.bodies.get(), after, received_on=date(2027, 3, 31))

    assert (given.received_on, given.late) == (date(2027, 3, 31), False)


def test_an_outside_answer_did_not_come_before_the_question(case: Case, paper: Document, officer: User) -> None:
    remiss = send(case, officer, paper, outside=[{"name": "Polisregion Stockholm"}])

    with pytest.raises(Refused, match=r"mellan 1.mars.2027, då remissen sändes, och i dag"):
        answer(case, officer, remiss.bodies.get(), received_on=date(2027, 2, 28))


def test_a_late_answer_is_marked_and_not_lost(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board)

    given = answer(case, factories.user(Role.RESPONDENT, board), remiss.bodies.get(), AT + 32 * DAY)

    assert given.late
    assert given.body.state == BodyState.LATE
    content = json.loads(case.documents.get(kind="remiss_answer").content)
    assert ["Anmärkning", "Svaret kom in efter sista dagen."] in content["sections"][0]["rows"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"form": "board"}, "Ange sammanträdesdag och paragraf"),
        ({"form": "board", "paragraph": "§ 21", "meeting_on": date(2027, 6, 3)}, "inte hållits än"),
        ({"form": "board", "paragraph": "§ 21", "meeting_on": date(2027, 2, 3)}, "före remissen"),
        ({"form": "abstains"}, "tar inte ställning"),
        ({"comments": " "}, "Skriv synpunkterna"),
        ({"form": "brev"}, "Välj svarsform"),
    ],
)
def test_an_answer_that_does_not_hold_together_is_refused(
    case: Case, paper: Document, officer: User, board: Namnd, change: dict[str, Any], words: str
) -> None:
    remiss = send(case, officer, paper, board)

    with pytest.raises(Refused, match=words):
        answer(case, factories.user(Role.RESPONDENT, board), remiss.bodies.get(), **change)


def test_a_boards_decision_is_kept_with_its_paragraph(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board)

    given = answer(
        *(case, factories.user(Role.RESPONDENT, board), remiss.bodies.get(), AT + 20 * DAY),
        form="board",
        standpoint="comments",
        meeting_on=date(2027, 3, 18),
        paragraph="§ 21",
        immediate=True,
        reservation="Ledamoten reserverade sig.",
    )

    content = json.loads(case.documents.get(kind="remiss_answer").content)
    assert ["Nämndens beslut", "18\u00a0mars\u00a02027, § 21"] in content["sections"][0]["rows"]
    assert (given.immediate, given.late) == (True, False)


def test_a_body_may_abstain_without_a_word(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board)

    given = answer(
        *(case, factories.user(Role.RESPONDENT, board), remiss.bodies.get()),
        form="abstains",
        standpoint="none",
        comments="",
    )

    assert given.get_form_display() == "Avstår från att yttra sig"


def test_an_answer_is_never_changed(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board)
    answer(case, factories.user(Role.RESPONDENT, board), remiss.bodies.get())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RemissAnswer.objects.update(comments="Vi avstyrker.")


def test_a_board_is_reminded_of_its_answer_until_it_has_given_it(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    remiss = send(case, officer, paper, board, outside=[{"name": "Fryshuset"}])
    asked = factories.user(Role.RESPONDENT, board)
    assert "reviews.needs.remiss_answers" in reminders.SOURCES

    assert list(remiss_answers(LAST_DAY - 8 * DAY)) == []
    due = list(remiss_answers(LAST_DAY - 7 * DAY))
    assert [(item.case, item.day, item.users) for item in due] == [(case, LAST_DAY, [asked])]
    answer(case, asked, remiss.bodies.get(namnd=board))
    assert list(remiss_answers(LAST_DAY)) == []


def test_many_answers_are_reminded_of_in_as_many_questions_as_one(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    def asked() -> int:
        RemissBody.objects.update(reminded_on=None)
        with CaptureQueriesContext(connection) as questions:
            duties = list(remiss_answers(LAST_DAY))
        assert all(list(due.users) for due in duties)
        return len(questions)

    factories.user(Role.RESPONDENT, board)
    send(case, officer, paper, board)
    one = asked()
    boards = [factories.namnd() for _board in range(4)]
    for other in boards:
        factories.user(Role.RESPONDENT, other)
    send(case, officer, paper, *boards)

    assert (asked(), len(list(remiss_answers(LAST_DAY)))) == (one, 5)


def test_the_history_tells_an_answer_in_words(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board)

    given = answer(case, factories.user(Role.RESPONDENT, board), remiss.bodies.get(), standpoint="doubts")

    told = dict(history.line(given.event, history.names([given.event]), full=True).facts)
    assert told["Nämnd"] == "Utbildningsnämnden"
    assert (told["Ståndpunkt"], told["Svarsform"]) == ("Tveksam", "Kontorsyttrande")


def test_who_did_not_answer_is_named(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board, outside=[{"name": "Fryshuset"}])
    answer(case, factories.user(Role.RESPONDENT, board), remiss.bodies.get(namnd=board))
    RemissBody.objects.update(last_day=date(2020, 1, 2))

    view = remiss_of(case)

    assert view.silent == ["Fryshuset"]
    assert view.paragraph == (
        "Ärendet har remitterats till Utbildningsnämnden och Fryshuset. Fryshuset har inte inkommit med svar."
    )
    assert view.answered == ["Utbildningsnämnden"]


def test_a_case_without_remiss_says_nothing_of_one(case: Case) -> None:
    assert remiss_of(case).paragraph == ""


def test_a_board_that_meets_late_must_have_its_paragraph_approved_at_once() -> None:
    body = RemissBody(last_day=LAST_DAY, meeting_on=date(2027, 3, 25))

    assert body.hurries
    assert not RemissBody(last_day=LAST_DAY, meeting_on=date(2027, 3, 24)).hurries
    assert not RemissBody(last_day=LAST_DAY).hurries


def test_how_far_a_body_has_come(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board, outside=[{"name": "Fryshuset"}])
    RemissBody.objects.update(last_day=date(2099, 1, 2))
    asked, outside = remiss.bodies.all()
    assert (asked.state, outside.state) == (BodyState.NOT_OPENED, BodyState.SENT)

    asked.opened_at = AT
    assert asked.state == BodyState.OPENED
    asked.last_day = date(2020, 1, 2)
    assert (asked.state, asked.color) == (BodyState.SILENT, "danger")

    actions.withdraw_remiss(case, officer, AT, remiss=remiss, reason="Fel handling.")
    assert {body.state for body in RemissBody.objects.all()} == {BodyState.WITHDRAWN}
