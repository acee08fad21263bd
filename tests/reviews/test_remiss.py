"""Remiss: who may be asked, for how long, who answers for whom, and what the tjänsteutlåtande may say of it."""

import json
from datetime import date, timedelta
from typing import Any, cast

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from fundportal import documents, flow, history, reminders
from fundportal.errors import Refused
from fundportal.models import Case, Document, Event, Letter, Namnd, Party, User
from fundportal.process import ACTIONS, Role, Step
from reviews import actions, forms
from reviews.models import BodyState, Remiss, RemissAnswer, RemissBody
from reviews.needs import remiss_answers
from reviews.templatetags.reviews import remiss_of
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db
LAST_DAY = date(2027, 4, 1)
"""A working day more than three weeks after AT (1 March 2027)."""
LETTER = "Stadsledningskontoret ber om ert yttrande över ansökan. Yttra er särskilt över behovet."
DAY = timedelta(days=1)


@pytest.fixture
def case() -> Case:
    """An application under preparation."""
    return factories.case(Step.PREPARATION)


@pytest.fixture
def paper(case: Case) -> Document:
    """The application as it was handed in."""
    with transaction.atomic():
        event = Event(case=case, action="submit_application", by_name="Fabriken", at=AT, from_step=case.step)
        flow.record(event, data={}, to_step=case.step, tell=False)
        return documents.freeze(event, "application", "Ansökan", {"sections": []})


@pytest.fixture
def officer() -> User:
    """Who sends the remiss."""
    return factories.user(Role.OFFICER)


@pytest.fixture
def board() -> Namnd:
    """A board that is asked."""
    return factories.namnd("Utbildningsnämnden")


def send(case: Case, officer: User, paper: Document, *boards: Namnd, **changes: Any) -> Remiss:
    """Send a remiss as most are sent."""
    given = {
        "namnder": [{"namnd": board, "meeting_on": None} for board in boards],
        "papers": [paper],
        "last_day": LAST_DAY,
        "letter": LETTER,
        **changes,
    }
    event = actions.send_remiss(case, officer, AT, **given)
    return Remiss.objects.get(event=event)


def answer(case: Case, user: User, body: RemissBody, at: Any = AT, **changes: Any) -> RemissAnswer:
    """Answer as an office does."""
    given = {"form": "office", "standpoint": "endorses", "comments": "Vi tillstyrker.", **changes}
    event = actions.answer_remiss(case, user, at, namnd=body.namnd, organisation=body.name, **given)
    return RemissAnswer.objects.get(event=event)


def test_a_board_that_is_asked_may_see_the_case_and_others_may_not(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    asked, other = factories.user(Role.RESPONDENT, board), factories.user(Role.RESPONDENT, factories.namnd())
    assert not Case.objects.visible_to(asked).exists()

    send(case, officer, paper, board)

    assert list(Case.objects.visible_to(asked)) == [case]
    assert not Case.objects.visible_to(other).exists()


def test_a_remiss_goes_to_seven_boards_and_one_outside_body(case: Case, paper: Document, officer: User) -> None:
    boards = [factories.namnd() for _number in range(7)]

    remiss = send(
        case, officer, paper, *boards, outside=[{"name": "Polisregion Stockholm", "email": "registrator@example.org"}]
    )

    assert remiss.bodies.count() == 8
    assert Party.objects.filter(case=case, part="remiss").count() == 7
    content = json.loads(case.documents.get(kind="remiss").content)
    assert content["sections"][2]["table"]["rows"][7][0] == "Polisregion Stockholm"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"last_day": date(2027, 4, 3)},
            "Lördag 3 april 2027 är inte en arbetsdag. Välj till exempel måndag 5 april 2027.",
        ),
        ({"last_day": date(2027, 3, 26)}, "är inte en arbetsdag"),
        ({"last_day": date(2027, 3, 1)}, "efter i dag"),
        ({"last_day": date(2027, 3, 19)}, "kortare än 21 dagar. Skriv skälet, eller välj 22 mars 2027"),
        ({"namnder": []}, "minst en nämnd eller organisation"),
        ({"papers": []}, "minst en av ärendets handlingar"),
        ({"outside": [{"name": "Fryshuset"}, {"name": "fryshuset "}]}, "redan tillfrågad"),
    ],
)
def test_a_remiss_that_does_not_hold_together_is_refused(
    case: Case, paper: Document, officer: User, board: Namnd, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused) as refused:
        send(case, officer, paper, board, **change)

    assert words in str(refused.value).replace("\u00a0", " ")


def test_a_shorter_time_needs_a_reason(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board, last_day=date(2027, 3, 19), reason="Kommunstyrelsen beslutar i april.")

    assert remiss.reason == "Kommunstyrelsen beslutar i april."


def test_neither_the_owner_nor_an_ended_board_nor_one_that_is_waited_for_is_asked(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    ended = factories.namnd("Älvsjö stadsdelsnämnd", active_to=date(2020, 6, 30))
    send(case, officer, paper, board)

    with pytest.raises(Refused) as refused:
        send(case, officer, paper, case.owner, ended, board)

    assert refused.value.reasons == [
        f"{case.owner} äger projektet och kan inte vara remissinstans.",
        "Älvsjö stadsdelsnämnd finns inte längre. Välj den nämnd som har tagit över.",
        "Utbildningsnämnden är redan tillfrågad och har inte svarat än.",
    ]


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

    with pytest.raises(Refused, match="inte någon obesvarad remiss"):
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


def test_the_database_keeps_a_body_to_be_a_board_or_a_name(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    remiss = send(case, officer, paper, board)

    for wrong in (RemissBody(remiss=remiss, last_day=LAST_DAY), RemissBody(remiss=remiss, namnd=board, name="Båda")):
        wrong.last_day = LAST_DAY
        with pytest.raises(IntegrityError, match="namnd_or_outside"), transaction.atomic():
            wrong.save()


def test_the_remiss_is_closed_when_all_have_answered_or_had_their_time(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    need = flow.need("reviews.needs.remiss_is_closed")
    assert need(case, AT) is None

    remiss = send(case, officer, paper, board, outside=[{"name": "Fryshuset"}])
    assert need(case, AT) == (
        "Remissen pågår. Svar väntas från Utbildningsnämnden (senast 1\u00a0april\u00a02027) och Fryshuset "
        "(senast 1\u00a0april\u00a02027). Vänta in svaren eller återkalla remissen."
    )
    answer(case, factories.user(Role.RESPONDENT, board), remiss.bodies.get(namnd=board))
    assert "Svar väntas från Fryshuset" in str(need(case, AT))
    assert need(case, AT + 31 * DAY) is not None
    assert need(case, AT + 32 * DAY) is None


def test_acts_of_a_remiss_wait_until_someone_is_asked(case: Case) -> None:
    for name in ("extend_remiss", "withdraw_remiss", "answer_remiss"):
        assert flow.missing(ACTIONS[name], case, AT) == ["Ingen remissinstans väntas på i ärendet."]


def test_more_time_is_given_to_those_who_are_chosen(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board, outside=[{"name": "Fryshuset"}])

    actions.extend_remiss(
        case, officer, AT, namnder=[board], last_day=date(2027, 4, 15), reason="Nämnden möts i april."
    )

    assert [body.last_day for body in remiss.bodies.all()] == [date(2027, 4, 15), LAST_DAY]


@pytest.mark.parametrize(
    ("day", "reason", "words"),
    [
        (date(2027, 3, 30), "Påsk.", "har redan tid till"),
        (date(2027, 4, 17), "Påsk.", "inte en arbetsdag"),
        (date(2027, 4, 15), " ", "Skriv skälet"),
    ],
)
def test_more_time_is_later_on_a_working_day_and_reasoned(
    case: Case, paper: Document, officer: User, board: Namnd, day: date, reason: str, words: str
) -> None:
    send(case, officer, paper, board)

    with pytest.raises(Refused, match=words):
        actions.extend_remiss(case, officer, AT, namnder=[board], last_day=day, reason=reason)


def test_one_who_has_answered_gets_no_more_time(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board, outside=[{"name": "Fryshuset"}])
    answer(case, factories.user(Role.RESPONDENT, board), remiss.bodies.get(namnd=board))

    with pytest.raises(Refused, match="som inte har svarat än"):
        actions.extend_remiss(
            case, officer, AT, namnder=[board], organisations=["Fryshuset"], last_day=date(2027, 4, 15), reason="Påsk."
        )


def test_a_withdrawn_remiss_closes_the_case_to_those_who_have_not_answered(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    silent, heard = board, factories.namnd("Kulturnämnden")
    remiss = send(case, officer, paper, silent, heard)
    people = {namnd: factories.user(Role.RESPONDENT, namnd) for namnd in (silent, heard)}
    given = answer(case, people[heard], remiss.bodies.get(namnd=heard))

    actions.withdraw_remiss(case, officer, AT, remiss=remiss, reason="Ansökan ska kompletteras.")

    assert not Case.objects.visible_to(people[silent]).exists()
    assert list(Case.objects.visible_to(people[heard])) == [case]
    assert RemissAnswer.objects.get() == given
    assert flow.need("reviews.needs.remiss_is_closed")(case, AT) is None


def test_those_whose_remiss_is_withdrawn_are_told_without_a_link(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    remiss, asked = send(case, officer, paper, board), factories.user(Role.RESPONDENT, board)

    event = actions.withdraw_remiss(case, officer, AT, remiss=remiss, reason="Ansökan ska kompletteras.")

    letter = Letter.objects.get(user=asked, event=event)
    assert letter.subject == f"Remissen i {case.number} är återkallad"
    assert "Skäl: Ansökan ska kompletteras." in letter.body
    assert letter.case is None


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


def test_the_history_tells_an_answer_in_words(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board)

    given = answer(case, factories.user(Role.RESPONDENT, board), remiss.bodies.get(), standpoint="doubts")

    told = dict(history.line(given.event, history.names([given.event]), full=True).facts)
    assert told["Nämnd"] == "Utbildningsnämnden"
    assert (told["Ståndpunkt"], told["Svarsform"]) == ("Tveksam", "Kontorsyttrande")


def test_a_board_asked_twice_still_sees_the_case_when_one_remiss_is_withdrawn(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    first = send(case, officer, paper, board)
    actions.withdraw_remiss(case, officer, AT, remiss=first, reason="Fel handling.")
    send(case, officer, paper, board)

    with pytest.raises(Refused, match="redan återkallad"):
        actions.withdraw_remiss(case, officer, AT, remiss=first, reason="Fel handling.")

    assert Party.objects.filter(case=case, part="remiss").count() == 1


def test_a_withdrawal_has_a_reason(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    remiss = send(case, officer, paper, board)

    with pytest.raises(Refused, match="Skriv skälet"):
        actions.withdraw_remiss(case, officer, AT, remiss=remiss, reason=" ")


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


def test_the_forms_offer_what_may_be_chosen(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    form = forms.SendRemiss(case=case, user=officer, at=AT)
    columns = cast(Any, form.fields["namnder"]).columns
    offered = [pk for pk, _label in columns["namnd"].choices]
    assert str(board.pk) in offered
    assert str(case.owner_id) not in offered
    assert form.fields["papers"].initial == [paper.pk]
    assert form.fields["last_day"].initial == date(2027, 3, 22)

    remiss = send(case, officer, paper, board, outside=[{"name": "Fryshuset"}])
    mine = forms.AnswerRemiss(case=case, user=factories.user(Role.RESPONDENT, board), at=AT)
    theirs = forms.AnswerRemiss(case=case, user=officer, at=AT)
    assert "received_on" not in mine.fields
    assert [label for _pk, label in cast(Any, theirs.fields["body"]).choices] == ["Fryshuset"]
    assert forms.ExtendRemiss(case=case, user=officer, at=AT).fields["bodies"].initial == [
        body.pk for body in remiss.bodies.all()
    ]
    assert forms.WithdrawRemiss(case=case, user=officer, at=AT).fields["remiss"].initial == remiss.pk


def test_what_is_typed_becomes_what_the_act_is_given(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    typed = {
        "namnder": [{"namnd": str(board.pk), "meeting_on": "2027-03-18"}, {"namnd": "", "meeting_on": ""}],
        "outside": [],
        "papers": [str(paper.pk)],
        "last_day": "2027-04-01",
        "letter": LETTER,
    }
    form = forms.SendRemiss(typed, case=case, user=officer, at=AT)
    assert form.is_valid(), form.errors

    actions.send_remiss(case, officer, AT, **form.given())

    body = RemissBody.objects.get()
    assert (body.namnd, body.meeting_on, body.last_day) == (board, date(2027, 3, 18), LAST_DAY)
