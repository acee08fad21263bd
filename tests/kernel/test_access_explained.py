"""What explains access says what decides it: why one sees a case, who does, and why one may not do a thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundportal import access, actions, flow, roles
from fundportal.models import Case, Event, Jav, Namnd, Note, RoleTerm, User
from fundportal.process import ACTIONS, ON_NAMND, Role, Step, starts_at
from tests import factories
from tests.kernel.access_scene import NOW, TODAY, browser, fresh, note_in, stands_in

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """A case, boards with different parts in it, and people without roles yet."""

    case: Case
    boards: list[Namnd]
    people: list[User]


def world(step: Step, *, submitted: bool) -> World:
    boards = [factories.namnd() for _number in range(4)]
    case = factories.case(step, owner=boards[0], submitted=submitted)
    factories.partner(case, boards[1])
    case.parties.create(namnd=boards[2], part="remiss", since=NOW)
    return World(case, boards, [factories.user() for _number in range(4)])


held = st.lists(
    st.tuples(
        st.integers(0, 3),  # who
        st.sampled_from([role for role in Role]),
        st.integers(0, 3),  # on which board, where it is held on one
        st.sampled_from([None, -1, 0, 30]),  # last day, in days from today
    ),
    max_size=7,
)
standing_in = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([(0, 7), (-9, -1), (2, 9), (-3, 0)])), max_size=4
)
steps = st.sampled_from([Step.IDEA, Step.COUNCIL, Step.APPLICATION, Step.PREPARATION, Step.IMPLEMENTATION, Step.CLOSED])


def settle(it: World, held_: list, standing: list, javs: set[int]) -> list[User]:
    for who, role, board, until in held_:
        where = it.boards[board] if role in ON_NAMND else it.case if role in (Role.STEERING, Role.READER) else None
        roles.give(it.people[who], role, where)
        if until is not None:
            place = {"namnd": where if isinstance(where, Namnd) else None, "case": where if where == it.case else None}
            term = {"user": it.people[who], "role": role, **place}
            RoleTerm.objects.filter(**term).delete()
            last = TODAY + timedelta(days=until)
            RoleTerm.objects.create(since=TODAY - timedelta(days=9), until=last, **term)
    for person, substitute, days in standing:
        if person != substitute:
            stands_in(it.people[person], it.people[substitute], days)
    for who in javs:
        Jav.objects.create(case=it.case, user=it.people[who], event=it.case.events.latest("no"))
    return [fresh(user) for user in it.people]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    step=steps, submitted=st.booleans(), held_=held, standing=standing_in, javs=st.sets(st.integers(0, 3), max_size=2)
)
def test_the_explanation_is_what_decides(
    db: None,
    step: Step,
    submitted: bool,
    held_: list,
    standing: list,
    javs: set[int],
) -> None:
    it = world(step, submitted=submitted)
    people = settle(it, held_, standing, javs)
    case = Case.objects.get(pk=it.case.pk)

    told = {seer.user.pk for seer in access.seers(case) if not seer.jav}
    for user in people:
        sees = Case.objects.visible_to(user).filter(pk=case.pk).exists()
        assert (user.pk in told) == sees == bool(access.why(case, user))
        assert sees == any(part.filter(pk=case.pk).exists() for part in Case.objects.all().seen_in_parts(user))
        for kind in Note.Kind.values:
            assert access.may_read(case, user, kind) == (user in access.readers(case, kind))
        if sees:
            offered = {row.row.name for _stage, acts in access.acts(case, user, NOW) for row in acts if row.offered}
            assert offered == {offer.row.name for offer in flow.offers(case, user, NOW)}
    sample = people[0]
    sees = Case.objects.visible_to(sample).filter(pk=case.pk).exists()
    status = browser(sample).get(reverse("access", kwargs={"number": case.number})).status_code
    assert status == (200 if sees else 403 if sample.pk in case.jav_people else 404)


def test_every_act_that_is_not_offered_says_why() -> None:
    case = factories.case(Step.PREPARATION)
    officer = factories.user(Role.OFFICER, first_name="Maria", last_name="Lind")
    applicant = factories.user(Role.APPLICANT, case.owner)

    told = {it.row.name: it for _stage, acts in access.acts(case, applicant, NOW) for it in acts}

    assert set(told) == set(ACTIONS) - {"create_idea"}
    assert all(it.offered or it.reasons for it in told.values())
    assert "Maria Lind" in told["propose_decision"].who
    assert "inte dags än" in " ".join(told["pay"].reasons)
    assert "passerat" in " ".join(told["submit_idea"].reasons)
    assert officer.get_full_name() not in told["withdraw"].who


def test_four_eyes_tell_who_did_what_and_when() -> None:
    case = factories.case(Step.IDEA_DECISION)
    director = factories.user(Role.DIRECTOR)
    roles.give(director, Role.COUNCIL)
    event = Event(case=case, action="assess", by=director, by_name="D", role="council", at=NOW, from_step=case.step)
    flow.record(event, data={}, to_step=case.step, tell=False)

    told = {it.row.name: it for _stage, acts in access.acts(case, fresh(director), NOW) for it in acts}

    assert not told["approve_idea"].offered
    assert "fyra ögon" in told["approve_idea"].reasons[0]
    assert "Gjort: ”Bedöm idén”" in told["approve_idea"].reasons[1]


def test_the_explainer_asks_as_much_for_many_as_for_few() -> None:
    case = factories.case(Step.PREPARATION)
    officer = factories.user(Role.OFFICER)
    address = reverse("access", kwargs={"number": case.number})

    def asked() -> int:
        client = browser(officer)
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    few = asked()
    for _number in range(30):
        stands_in(factories.user(Role.OFFICER), factories.user())
    assert asked() == few + 1  # the names of those who are stood in for


def test_jav_is_told_to_the_city_and_to_no_one_else() -> None:
    case = factories.case(Step.PREPARATION)
    member, officer = factories.user(Role.COUNCIL), factories.user(Role.OFFICER)
    applicant = factories.user(Role.APPLICANT, case.owner)
    actions.declare_jav(case, member, NOW, reason="Min syster leder projektet.")
    address = reverse("access", kwargs={"number": case.number})

    assert "Jäv: ser inte ärendet" in browser(officer).get(address).content.decode()
    assert member.get_full_name() not in browser(applicant).get(address).content.decode()
    csv = reverse("access_csv", kwargs={"number": case.number})
    assert member.email not in b"".join(browser(applicant).get(csv)).decode()


def test_starts_at_offers_notes_everywhere() -> None:
    assert all({"write_note", "write_message"} <= {row.name for row in starts_at(step)} for step in Step)


@pytest.mark.parametrize("page", ["behorighet/", "behorighet/atgarder/", "anteckningar/"])
def test_the_pages_of_access_ask_as_many_questions_however_long_the_history(page: str) -> None:
    case, officer = factories.case(Step.PREPARATION), factories.user(Role.OFFICER)
    note_in(case, officer, "En.")

    def asked() -> int:
        client = browser(officer)
        client.get(case.get_absolute_url() + page)
        with CaptureQueriesContext(connection) as found:
            assert client.get(case.get_absolute_url() + page).status_code == 200
        return len(found)

    few = asked()
    for _number in range(10):
        note_in(case, officer, "Fler.", "message")
        factories.user(Role.CONTROLLER)
    assert asked() == few
