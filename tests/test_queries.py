"""A page asks the database as many questions for fifty cases as for one, and for a long history as for a short."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fundportal import flow
from fundportal.models import Case, Event, ExportLog, Letter, Namnd, Party, Round, User
from fundportal.process import STEPS, Role, Step
from tests import factories

pytestmark = pytest.mark.django_db
MANY = 50
STAND = [step for step in STEPS if step != Step.IDEA]


ON_CASES = (Role.STEERING, Role.READER)


class City:
    """One board, one round, one person of each role, and as many cases as one asks for."""

    def __init__(self) -> None:
        """Make the people."""
        self.board = factories.namnd()
        self.other = factories.namnd()
        self.round: Round = factories.round_(opens_on=date(2020, 1, 1), closes_on=date(2099, 12, 31))
        self.people: dict[Role, User] = {role: self._person(role) for role in Role if role not in ON_CASES}
        self.people |= {role: factories.user() for role in ON_CASES}

    def _person(self, role: Role) -> User:
        on_board = role in (Role.APPLICANT, Role.MANAGER)
        return factories.user(role, self.board if on_board else self.other if role == Role.RESPONDENT else None)

    def add(self, count: int) -> None:
        """More cases, spread over the steps, each with all that lists tell: parties, money, letters, an export."""
        for number in range(count):
            case = factories.case(STAND[number % len(STAND)], owner=self.board, round=self.round)
            Case.objects.filter(pk=case.pk).update(officer=self.people[Role.OFFICER], requested=1_000_000)
            factories.partner(case, self.other)
            Party.objects.create(case=case, namnd=self.other, part=Party.Part.REMISS, since=factories.AT)
            factories.grant(case, 1000)
            for role in ON_CASES:
                factories.hold(self.people[role], role, case)
            for person in self.people.values():
                self._letter(case, person)
            ExportLog.objects.create(
                user=self.people[Role.AUDITOR], at=timezone.now(), what="Lista", rows=1, sha256="0"
            )

    def _letter(self, case: Case, person: User) -> None:
        key = f"{case.pk}:{person.pk}"
        Letter.objects.create(
            key=key, user=person, case=case, subject="Ett brev", body="Läs.", by_mail=False, created_at=factories.AT
        )


def browser(user: User) -> Client:
    """The person's own, logged in."""
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def questions(client: Client, address: str, *, warm: bool = False) -> int:
    """How many questions a page asks when it is warm: asked twice, but for one that the browser has asked before."""
    for _time in range(1 if warm else 2):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            assert answer.status_code == 200
            answer.getvalue()
    return len(asked)


LISTS = [
    *((role, page) for role in Role for page in ("/", "/arenden/", "/arenden/?vy=mina", "/sok/?q=Satsning")),
    *((role, "/aviseringar/") for role in (Role.APPLICANT, Role.OFFICER)),
    *((role, "/fonden/poster/") for role in (Role.APPLICANT, Role.CONTROLLER)),
    *((role, "/fonden/") for role in (Role.APPLICANT, Role.CONTROLLER)),
    *((Role.AUDITOR, page) for page in ("/export/", "/export/arenden.csv", "/export/arenden.json")),
    *((Role.AUDITOR, f"/export/handelser.{kind}") for kind in ("csv", "json")),
]


def test_every_list_asks_as_many_questions_for_fifty_cases_as_for_one(db: None) -> None:
    city = City()
    city.add(len(STAND))  # one on each step: what is drawn for a step is drawn in both measurements
    browsers = {role: browser(person) for role, person in city.people.items()}
    few = {(role, page): questions(browsers[role], page) for role, page in LISTS}
    city.add(MANY)

    many = {(role, page): questions(browsers[role], page, warm=True) for role, page in LISTS}

    assert {place: (few[place], many[place]) for place in LISTS if few[place] != many[place]} == {}


def test_the_queue_of_one_case_asks_no_fewer_and_no_more(db: None) -> None:
    city = City()
    city.add(1)
    browsers = {role: browser(person) for role, person in city.people.items()}
    one = {role: questions(it, "/arenden/") for role, it in browsers.items()}
    city.add(MANY - 1)

    assert {role: questions(it, "/arenden/", warm=True) for role, it in browsers.items()} == one


@transaction.atomic
def _events(case: Case, by: User, count: int) -> None:
    for _number in range(count):
        event = Event(case=case, action="assign", by=by, by_name=str(by), role="officer", at=timezone.now())
        event.from_step = case.step
        flow.record(event, data={"officer": by.pk, "reason": "Tar över."}, to_step=case.step, tell=False)


@pytest.mark.parametrize("page", ["", "historik/", "handlingar/", "ekonomi/"])
@pytest.mark.parametrize("step", [Step.PREPARATION, Step.IMPLEMENTATION, Step.REPAYMENT])
def test_a_case_page_asks_as_many_questions_however_long_its_history(db: None, step: Step, page: str) -> None:
    officer = factories.user(Role.OFFICER)
    case, reads = factories.case(step), browser(officer)
    _boards(case, 1)
    factories.grant(case, 1000)
    _events(case, officer, 8)
    few = questions(reads, case.get_absolute_url() + page)

    for number in range(20):
        factories.grant(case, 1000 + number)
    _boards(case, 8)
    _events(case, officer, 40)

    many = questions(reads, case.get_absolute_url() + page, warm=True)
    assert many == few


def _boards(case: Case, count: int) -> None:
    make: Callable[[], Namnd] = factories.namnd
    for _number in range(count):
        factories.partner(case, make())
