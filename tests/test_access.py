"""Who may see and do what: every act and every role, through the pages, and nothing told to strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import cycle

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundportal import actions, documents, flow
from fundportal.models import Case, Event, Jav, Letter, Party, Round, User
from fundportal.process import ACTIONS, BEGINS, EVERYWHERE, ON_NAMND, Action, Role, Step, starts_at
from tests import factories
from tests.kernel.papers import PDF, file
from tests.rights import MAY
from tests.stage import NOW, SECRET, WORD, Stage, everything_waits, stage

pytestmark = pytest.mark.django_db
VARIES = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|data-session="\d+"|nonce-[\w+/=-]+|data-csrf="\w+"', re.ASCII
)


def outsiders() -> dict[str, User]:
    """Those to whom no submitted case may be known."""
    keeper = User.objects.create_superuser("drift@example.org", "x", first_name="D", last_name="Rift")
    factories.hold(keeper, Role.OFFICER)
    return {
        "främmande sökande": factories.user(Role.APPLICANT, factories.namnd()),
        "främmande chef": factories.user(Role.MANAGER, factories.namnd()),
        "främmande remissvarare": factories.user(Role.RESPONDENT, factories.namnd()),
        "styrgrupp i annat ärende": factories.user(Role.STEERING, factories.case()),
        "administratör": factories.user(Role.ADMINISTRATOR),
        "superanvändare": keeper,
        "utan roll": factories.user(),
    }


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(client: Client, method: str, name: str, number: str) -> tuple[int, str]:
    """Status and text of an act's page."""
    with undone():
        answer = getattr(client, method)(reverse(name, kwargs={"number": number}), {} if method == "post" else None)
        return answer.status_code, VARIES.sub("", answer.content.decode())


WAYS = {"get": (200,), "post": (302, 422)}
STAGES = [(step, None) for step in Step] + [(Step.IDEA, True)]


def tried_at(row: Action) -> Step:
    """Where an act's page is walked through: once, on the step where most roles see the case among those it is for.

    That the same rights hold on every step is proved below, without pages.
    """
    return Step.PREPARATION if Step.PREPARATION in row.at else row.at[0]


class Door:
    """One person at the pages of one case: says what is wrong with an answer, or nothing."""

    def __init__(self, it: Stage, name: str) -> None:
        """Whoever is called `name` on the stage."""
        self.case, self.name, self.person = it.case, name, it.people[name]
        self.client = browser(self.person)
        self.sees = Case.objects.visible_to(self.person).filter(pk=it.case.pk).exists()

    @cached_property
    def nothing(self) -> dict[str, tuple[int, str]]:
        """What the person is told of a case that is not there."""
        return {way: ask(self.client, way, "assign", "SIF-1999-999") for way in WAYS}

    def expects(self, act: str) -> str | None:
        """Why flow bars the person from an act; "404" when she does not see the case, None when it is hers to do."""
        return flow.barred(ACTIONS[act], Case.objects.get(pk=self.case.pk), self.person) if self.sees else "404"

    def wrong(self, way: str, act: str, reason: str | None) -> str:
        """What the answer should have been, when it is another."""
        status, text = ask(self.client, way, act, self.case.number)
        what = f"{way} {act} som {self.name} gav {status}, väntade"
        if not self.sees:
            same = status == 404 and (status, text) == self.nothing[way]
            return "" if same else f"{what} samma 404 som för ett ärende som inte finns"
        if reason:
            return "" if status == 403 and escape(reason) in text else f"{what} 403 med ”{reason}”"
        return "" if status in WAYS[way] else f"{what} {WAYS[way]}"


def turned(doors: list[Door], by: int) -> list[Door]:
    """The same people, beginning with another: so that each of them comes first at some act."""
    return doors[by % len(doors) :] + doors[: by % len(doors)]


@pytest.mark.parametrize(("step", "submitted"), STAGES, ids=str)
def test_the_pages_of_every_act_answer_as_flow_says(step: Step, submitted: bool | None) -> None:
    """Each different answer of flow's once for each act, from one of those who get it: a no to the form, a yes to both.

    A link that is refused says no more than the form; every other one is followed. Whom flow bars is written down and
    tried for every role below, without pages.
    """
    it = stage(step, submitted=submitted)
    doors = [Door(it, name) for name in it.people]

    wrong = []
    for no, row in enumerate(row for row in starts_at(step) if tried_at(row) == step):
        answers = {door.expects(row.name): door for door in turned(doors, no)}
        for at, (reason, door) in enumerate(answers.items(), no):
            wrong.append(door.wrong("post", row.name, reason))
            if reason is None or at % 2:
                wrong.append(door.wrong("get", row.name, reason))

    assert [each for each in wrong if each] == []


@pytest.mark.parametrize("step", list(Step))
def test_flow_bars_everyone_but_the_roles_that_are_written_down(step: Step) -> None:
    """What waits for something is tried when it waits, and what is done once before it is done."""
    it = stage(step)
    before = may(it)
    everything_waits(it)
    after = may(it)

    seeing = {Role(name.split()[0]) for name in it.people if sees_case(it, name)}
    assert {act: before[act] | after[act] for act in after} == {
        act: set(who & seeing) for act, (who, at) in MAY.items() if step in at
    }


def sees_case(it: Stage, name: str) -> bool:
    """Whether someone on the stage sees its case."""
    return Case.objects.visible_to(it.people[name]).filter(pk=it.case.pk).exists()


def may(it: Stage) -> dict[str, set[Role]]:
    """The roles whose holders on the stage flow does not bar from each act where the case stands."""
    case = Case.objects.get(pk=it.case.pk)
    sees = [name for name in it.people if sees_case(it, name)]
    return {
        row.name: {Role(name.split()[0]) for name in sees if flow.barred(row, case, it.people[name]) is None}
        for row in starts_at(case.step)
    }


def test_the_written_rights_name_every_act_that_is_done_to_a_case() -> None:
    assert MAY.keys() == ACTIONS.keys() - {BEGINS}


@pytest.mark.parametrize("step", [Step.IDEA, Step.COUNCIL, Step.PREPARATION, Step.CLOSED])
def test_outsiders_get_the_same_404_for_a_case_as_for_none(step: Step) -> None:
    number = stage(step).case.number
    clients = {name: browser(person) for name, person in outsiders().items()}
    nothing = {name: {way: ask(it, way, "assign", "SIF-1999-999") for way in WAYS} for name, it in clients.items()}
    assert {status for told in nothing.values() for status, _text in told.values()} == {404}

    for page in ("case", "case_papers", "case_money", "history", "receipt"):
        for name, client in clients.items():
            assert ask(client, "get", page, number) == nothing[name]["get"], f"{page} som {name}"
    for row, name, way in zip(starts_at(step), cycle(clients), cycle(WAYS), strict=False):
        assert ask(clients[name], way, row.name, number) == nothing[name][way], f"{way} {row.name} som {name}"


def test_superusers_see_nothing_and_may_nothing() -> None:
    keeper = outsiders()["superanvändare"]
    case = stage(Step.PREPARATION).case

    assert not Case.objects.visible_to(keeper).exists()
    assert all(flow.barred(row, case, keeper) for row in ACTIONS.values())
    assert browser(keeper).get(reverse("exports")).status_code == 403
    assert browser(keeper).get(reverse("create_idea")).status_code == 403


def test_drafts_are_unseen_outside_the_boards_that_write_them() -> None:
    it = stage(Step.IDEA)

    seen = {name for name, person in it.people.items() if Case.objects.visible_to(person).exists()}

    assert seen == {"applicant", "manager", "steering", "reader", "manager hos partnern"}
    for role in (Role.OFFICER, Role.COUNCIL, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR):
        client = browser(it.people[role])
        assert client.get(reverse("idea", kwargs={"number": it.case.number})).status_code == 404
        assert SECRET not in client.get(reverse("cases")).content.decode()


def test_an_application_that_is_written_is_closed_to_the_city_though_its_idea_was_handed_in() -> None:
    it = stage(Step.APPLICATION)

    for role in (Role.OFFICER, Role.COUNCIL, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR):
        client = browser(it.people[role])
        for page in ("application", "application_review"):
            assert client.get(reverse(page, kwargs={"number": it.case.number})).status_code == 403


def test_declared_jav_closes_every_page_of_the_case_and_says_why() -> None:
    it = stage(Step.COUNCIL)
    person = it.people[Role.COUNCIL]
    actions.declare_jav(it.case, person, factories.AT, reason="Min bror leder projektet.")
    client = browser(person)

    for page in ("case", "case_papers", "case_money", "history", *(row.name for row in starts_at(Step.COUNCIL))):
        status, text = ask(client, "get", page, it.case.number)
        assert (status, "Du har anmält jäv i ärendet" in text) == (403, True), page
    for page in ("cases", "start", "search", "notices"):
        assert SECRET not in client.get(reverse(page), {"q": SECRET[:5]}).content.decode(), page


# What one may see, said once more: from the roles drawn, case by case, without the product's question.

BOARDS = range(3)
PLACES = st.sampled_from([(role, board) for role in ON_NAMND for board in BOARDS])
CENTRAL = st.sampled_from(EVERYWHERE)
CASES = st.lists(
    st.fixed_dictionaries(
        {
            "owner": st.sampled_from(BOARDS),
            "partners": st.sets(st.sampled_from(BOARDS), max_size=2),
            "asked": st.sets(st.sampled_from(BOARDS), max_size=2),
            "submitted": st.booleans(),
            "steers": st.booleans(),
            "jav": st.booleans(),
        }
    ),
    min_size=1,
    max_size=4,
)


def sees(told: dict, places: set, central: set, superuser: bool) -> bool:
    """The rule in words, for one case."""
    if superuser:
        return False
    if told["jav"]:
        return False
    writes = {told["owner"], *told["partners"]}
    return (
        (told["submitted"] and bool(central - {Role.ADMINISTRATOR}))
        or told["steers"]
        or any(role in (Role.APPLICANT, Role.MANAGER) and board in writes for role, board in places)
        or (told["submitted"] and any(role == Role.RESPONDENT and board in told["asked"] for role, board in places))
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=CASES, places=st.sets(PLACES, max_size=3), central=st.sets(CENTRAL, max_size=2), superuser=st.booleans())
def test_visible_to_is_the_rule_said_case_by_case(
    db: None, cases: list[dict], places: set, central: set, superuser: bool
) -> None:
    with undone():
        boards = [factories.namnd() for _number in BOARDS]
        opened = factories.round_(factories.fund(0))
        person = factories.user(is_superuser=superuser)
        for role, board in places:
            factories.hold(person, role, boards[board])
        for role in central:
            factories.hold(person, role)
        made = [_made(told, boards, opened, person) for told in cases]

        person.__dict__.pop("grants", None)
        found = set(Case.objects.visible_to(person).values_list("pk", flat=True))

        expected = [sees(told, places, central, superuser) for told in cases]
        assert [case.pk in found for case in made] == expected


def _made(told: dict, boards: list, opened: Round, person: User) -> Case:
    step = Step.PREPARATION if told["submitted"] else Step.IDEA
    case = factories.case(step, owner=boards[told["owner"]], round=opened)
    for partner in told["partners"] - {told["owner"]}:
        factories.partner(case, boards[partner])
    for asked in told["asked"]:
        Party.objects.create(case=case, namnd=boards[asked], part=Party.Part.REMISS, since=NOW)
    if told["steers"]:
        factories.hold(person, Role.STEERING, case)
    if told["jav"]:
        Jav.objects.create(case=case, user=person, event=case.events.latest("no"))
    return case


# What leaks

LISTS = (
    *("start", "cases", "search", "notices", "keys", "help", "settings", "create_idea", "portfolio"),
    *("fund", "fund_entries", "fund_books", "fund_forecast", "fund_central", "fund_rules"),
)
ASKED = {"cases": ({"q": WORD}, {"vy": "samtliga"}), "search": ({"q": WORD},), "fund_entries": ({"post": "B"},)}
"""What else is asked of a list than all that it has to show."""


def full(step: Step = Step.IMPLEMENTATION) -> Stage:
    """A case with money, papers, files and letters."""
    it = stage(step)
    case = it.case
    factories.grant(case, 500_000)
    factories.pay(case, 200_000)
    with transaction.atomic():
        event = Event(case=case, action="papper_av_test", by_name="Fabriken", at=factories.AT, from_step=case.step)
        flow.record(event, data={}, to_step=case.step, tell=False)
        documents.freeze(event, "decision", SECRET, {"sections": []})
        bilaga = file("bilaga.pdf", PDF, "application/pdf")
        documents.store(case, it.people[Role.APPLICANT], factories.AT, "report", bilaga)
    return it


def test_no_list_search_letter_or_entry_names_a_foreign_case() -> None:
    it = full()
    for name, person in outsiders().items():
        Letter.objects.filter(user=person).delete()
        client = browser(person)
        for page in LISTS:
            by_number = ({"q": it.case.number},) if page in ("cases", "search") else ()
            for asked in ({}, *by_number, *ASKED.get(page, ())):
                text = client.get(reverse(page), asked).content.decode()
                assert SECRET not in text, f"{page} {asked} som {name}"
                assert it.case.get_absolute_url() not in text, f"{page} {asked} som {name}"
        for kind in ("csv", "json"):
            answer = client.get(reverse("export_cases", kwargs={"kind": kind}))
            assert SECRET.encode() not in answer.getvalue(), f"export {kind} som {name}"


def test_papers_files_and_exports_of_a_foreign_case_do_not_exist() -> None:
    it = full()
    number, paper = it.case.number, it.case.documents.get().pk
    addresses = [
        reverse("document", kwargs={"number": number, "pk": paper}),
        reverse("document_pdf", kwargs={"number": number, "pk": paper}),
        reverse("upload", kwargs={"number": number, "pk": it.case.uploads.get().pk}),
        reverse("export_case", kwargs={"number": number, "kind": "json"}),
        reverse("remiss", kwargs={"number": number}),
        reverse("idea_part", kwargs={"number": number, "slug": "grund"}),
    ]
    for name, person in outsiders().items():
        client = browser(person)
        for address in addresses:
            assert client.get(address).status_code == 404, f"{address} som {name}"


def test_a_paper_is_reached_only_through_its_own_case() -> None:
    ours, theirs = full(), full()
    paper = theirs.case.documents.get().pk
    client = browser(ours.people[Role.APPLICANT])

    assert client.get(reverse("document", kwargs={"number": ours.case.number, "pk": paper})).status_code == 404
    assert client.get(reverse("document_pdf", kwargs={"number": ours.case.number, "pk": paper})).status_code == 404


def test_a_letter_of_a_case_one_no_longer_sees_is_not_a_way_in() -> None:
    it = full()
    stranger = factories.user(Role.APPLICANT, factories.namnd())
    Letter.objects.create(key="x", user=stranger, case=it.case, subject="Ett brev", body="Läs.", created_at=NOW)

    text = browser(stranger).get(reverse("notices")).content.decode()

    assert it.case.get_absolute_url() not in text
