"""Remiss: who may be asked and for how long, and how it ends."""

import json
from datetime import date
from typing import Any, cast

import pytest
from django.db import IntegrityError, transaction

from fundportal import flow, todo
from fundportal.errors import Refused
from fundportal.models import Case, Document, Letter, Namnd, Party, User
from fundportal.process import ACTIONS, Role
from reviews import actions, forms
from reviews.models import RemissAnswer, RemissBody
from tests import factories
from tests.factories import AT
from tests.reviews.scene import DAY, LAST_DAY, LETTER, answer, send

pytestmark = pytest.mark.django_db


def test_a_board_that_is_asked_may_see_the_case_and_others_may_not(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    asked, other = factories.user(Role.RESPONDENT, board), factories.user(Role.RESPONDENT, factories.namnd())
    assert not Case.objects.visible_to(asked).exists()

    send(case, officer, paper, board)

    assert list(Case.objects.visible_to(asked)) == [case]
    assert not Case.objects.visible_to(other).exists()


def test_a_respondent_is_shown_the_last_day_of_the_remiss_and_not_of_the_step(
    case: Case, paper: Document, officer: User, board: Namnd
) -> None:
    send(case, officer, paper, board)

    (row,) = todo.tasks(factories.user(Role.RESPONDENT, board), 10)

    assert (row["turn"], row["due_on"]) == ("answer_remiss", LAST_DAY)
    assert case.due_on != LAST_DAY


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


def test_a_partner_is_not_asked_about_her_own_project(case: Case, paper: Document, officer: User, board: Namnd) -> None:
    factories.partner(case, board)

    with pytest.raises(Refused, match="driver projektet som partner och kan inte vara remissinstans"):
        send(case, officer, paper, board)

    columns = forms.SendRemiss(case=case, user=officer, at=AT).fields["namnder"].columns  # type: ignore[attr-defined]
    assert str(board.pk) not in dict(columns["namnd"].choices)


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
    assert not Case.objects.visible_to(people[heard]).exists()
    assert RemissAnswer.objects.get().body.namnd == heard
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
