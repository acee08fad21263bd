"""The case's pages, and the start page: what is shown, to whom, in how many questions."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fundportal import flow, todo
from fundportal.models import Event, Jav
from fundportal.process import Role, Step
from tests import factories

pytestmark = pytest.mark.django_db
PARTS = ("case", "case_papers", "case_money", "history")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("step", list(Step))
def test_every_part_is_drawn_on_every_step(client: Client, step: Step, part: str) -> None:
    case = factories.case(step)
    client.force_login(factories.user(Role.APPLICANT, case.owner))

    assert client.get(reverse(part, kwargs={"number": case.number})).status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_a_stranger_gets_the_same_answer_for_a_foreign_case_as_for_none(client: Client, part: str) -> None:
    case = factories.case(Step.PREPARATION)
    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))

    foreign = client.get(reverse(part, kwargs={"number": case.number}))
    none = client.get(reverse(part, kwargs={"number": "SIF-1999-001"}))

    assert (foreign.status_code, none.status_code) == (404, 404)
    assert without_token(foreign.content.decode()) == without_token(none.content.decode())


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.parametrize("part", PARTS)
def test_whoever_declared_jav_is_told_why_it_is_closed(client: Client, part: str) -> None:
    case, officer = factories.case(Step.PREPARATION), factories.user(Role.OFFICER)
    Jav.objects.create(case=case, user=officer, event=case.events.latest("no"))
    client.force_login(officer)

    answer = client.get(reverse(part, kwargs={"number": case.number}))

    assert answer.status_code == 403
    assert "Du har anmält jäv" in answer.content.decode()


def test_the_case_page_asks_as_many_questions_for_many_events_as_for_few(client: Client) -> None:
    case, officer = factories.case(Step.PREPARATION), factories.user(Role.OFFICER)
    client.force_login(officer)
    few = questions(client, case.get_absolute_url())
    for _time in range(10):
        factories.grant(case, 100)
        factories.move(case, Step.DECISION)
        factories.move(case, Step.PREPARATION)

    assert questions(client, case.get_absolute_url()) == few


def questions(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_page_says_whose_turn_it_is_and_until_when(client: Client) -> None:
    case = factories.case(Step.DECISION)
    client.force_login(factories.user(Role.OFFICER))

    page = client.get(case.get_absolute_url()).content.decode()

    assert "Nu ligger ärendet hos stadsdirektören." in page
    assert "Du behöver inte göra något just nu." not in page or "Sista dag" in page


def test_the_stages_behind_are_done_and_the_present_one_goes_on(client: Client) -> None:
    case = factories.case(Step.PREPARATION)
    client.force_login(factories.user(Role.OFFICER))

    page = client.get(case.get_absolute_url()).content.decode()

    assert page.count('data-state="done"') == 3
    assert "Steg 4 av 8" in page


@pytest.mark.parametrize(
    ("step", "role", "waits"),
    [
        (Step.DECISION, Role.DIRECTOR, True),
        (Step.DECISION, Role.CONTROLLER, False),
        (Step.PREPARATION, Role.CONTROLLER, True),
        (Step.REPAYMENT, Role.CONTROLLER, True),
        (Step.COUNCIL, Role.COUNCIL, True),
        (Step.CLOSED, Role.OFFICER, False),
        (Step.BOARD, Role.OFFICER, True),
        (Step.BOARD, Role.AUDITOR, False),
    ],
)
def test_what_waits_for_a_role_is_on_its_start_page(client: Client, step: Step, role: Role, waits: bool) -> None:
    case, user = factories.case(step, title="Den här"), factories.user(role)
    client.force_login(user)

    assert client.get(reverse("start")).status_code == 200
    assert [row["title"] for row in todo.tasks(user, 5)] == (["Den här"] if waits else [])
    assert case.title


def test_anothers_case_does_not_wait_for_an_officer() -> None:
    one, other = factories.user(Role.OFFICER), factories.user(Role.OFFICER)
    factories.case(Step.PREPARATION, officer=one)

    assert (len(todo.tasks(one, 5)), len(todo.tasks(other, 5))) == (1, 0)


def test_a_proposed_plan_waits_for_the_director_and_no_longer_for_the_controller() -> None:
    case, controller, director = (
        factories.case(Step.REPAYMENT_PLAN),
        *map(factories.user, (Role.CONTROLLER, Role.DIRECTOR)),
    )
    before = (len(todo.tasks(controller, 5)), len(todo.tasks(director, 5)))
    event = Event(case=case, action="propose_plan", by=controller, by_name="C", at=factories.AT, from_step=case.step)
    flow.record(event, data={}, to_step=case.step, tell=False)

    assert (before, len(todo.tasks(controller, 5)), len(todo.tasks(director, 5))) == ((1, 0), 0, 1)


def test_a_draft_waits_for_the_namnd_that_writes_it_and_for_no_other() -> None:
    case = factories.case(Step.IDEA)

    assert len(todo.tasks(factories.user(Role.APPLICANT, case.owner), 5)) == 1
    assert todo.tasks(factories.user(Role.APPLICANT, factories.namnd()), 5) == []


def test_the_start_page_asks_as_many_questions_for_fifty_cases_as_for_one(client: Client) -> None:
    officer, board = factories.user(Role.OFFICER), factories.namnd()
    client.force_login(officer)
    factories.case(Step.PREPARATION, owner=board, officer=officer)
    few = questions(client, reverse("start"))
    for number in range(30):
        factories.case(list(Step)[1 + number % 17], owner=board, at=factories.AT + timedelta(days=number))

    assert questions(client, reverse("start")) == few


@pytest.mark.parametrize("role", [*Role])
def test_every_role_has_a_start_page(client: Client, role: Role) -> None:
    case = factories.case(Step.IMPLEMENTATION)
    on_namnd, on_case = (Role.APPLICANT, Role.MANAGER, Role.RESPONDENT), (Role.STEERING, Role.READER)
    client.force_login(factories.user(role, case.owner if role in on_namnd else case if role in on_case else None))

    assert client.get(reverse("start")).status_code == 200


def test_search_finds_ended_cases_too(client: Client) -> None:
    factories.case(Step.REJECTED, title="Nattvandring")
    client.force_login(factories.user(Role.AUDITOR))

    assert "Nattvandring" in client.get(reverse("search"), {"q": "natt"}).content.decode()
    assert "Inget ärende hittades" in client.get(reverse("search"), {"q": "dagvandring"}).content.decode()
    assert client.get(reverse("search")).status_code == 200


def test_who_writes_the_draft_is_led_to_it_and_who_reads_it_finds_it(client: Client) -> None:
    case = factories.case(Step.IDEA)
    client.force_login(factories.user(Role.APPLICANT, case.owner))
    page = client.get(case.get_absolute_url()).content.decode()

    assert page.count("Skriv idéskissen") == 2, "the button and the task"
    assert "Du behöver inte göra något just nu." not in page

    client.force_login(factories.user(Role.MANAGER, case.owner))
    page = client.get(case.get_absolute_url()).content.decode()

    assert "Skriv idéskissen" not in page
    assert f'href="{case.get_absolute_url()}ideskiss/"' in page
