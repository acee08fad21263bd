"""How a case is moved: one lock, one event, all or nothing, and words for every no."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from fundportal import actions, flow
from fundportal.errors import Refused
from fundportal.models import Case, Event, User
from fundportal.process import ACTIONS, ENDS, Role, Step
from tests import factories


@pytest.fixture
def case(db: None) -> Case:
    return factories.case(Step.IDEA_CHECK)


@pytest.fixture
def officer(db: None) -> User:
    return factories.user(Role.OFFICER)


def test_an_act_leaves_exactly_one_event_with_who_when_what(case: Case, officer: User) -> None:
    before = case.events.count()

    event = actions.assign(case, officer, factories.AT, officer=officer, reason="Kan området.")

    assert case.events.count() == before + 1
    assert (event.by, event.by_name, event.role, event.at) == (
        officer,
        officer.get_full_name(),
        "officer",
        factories.AT,
    )
    assert event.data == {"officer": officer.pk, "reason": "Kan området."}
    assert (event.from_step, event.to_step) == ("idea_check", "idea_check")
    assert Case.objects.get(pk=case.pk).officer == officer


def test_a_refused_act_changes_nothing(case: Case, officer: User) -> None:
    stranger = factories.user()
    before = case.events.count()

    with pytest.raises(Refused) as refused:
        actions.assign(case, officer, factories.AT, officer=stranger)

    assert refused.value.reasons == [f"{stranger} är inte handläggare på stadsledningskontoret. Välj någon annan."]
    assert case.events.count() == before
    assert Case.objects.get(pk=case.pk).officer is None


def test_the_same_submission_twice_is_one_act(case: Case, officer: User) -> None:
    key = uuid4()

    first = actions.assign.perform(case, officer, factories.AT, {"officer": officer}, key)
    second = actions.assign.perform(case, officer, factories.AT, {"officer": officer}, key)

    assert first == second
    assert case.events.filter(action="assign").count() == 1


def test_what_happened_while_one_wrote_is_told_by_name(case: Case, officer: User) -> None:
    seen = case.head.no
    other = factories.user(Role.OFFICER)
    actions.assign(case, other, factories.AT, officer=other)

    with pytest.raises(Refused) as refused:
        actions.assign.perform(case, officer, factories.AT, {"officer": officer}, None, seen)

    assert refused.value.reasons == [
        f"Ärendet ändrades medan du skrev: {other} gjorde ”Tilldela handläggare”. "
        "Läs det nya och skicka igen om det fortfarande stämmer."
    ]


def test_what_people_do_side_by_side_is_not_stopped_by_each_other(officer: User) -> None:
    case = factories.case(Step.IDEA_CHECK)
    seen = case.head.no
    other = factories.user(Role.OFFICER)
    actions.declare_jav(case, other, factories.AT, reason="Jag är gift med projektledaren.")

    actions.declare_jav.perform(case, officer, factories.AT, {"reason": "Min bror söker."}, None, seen)

    assert case.javs.count() == 2


def test_declared_jav_bars_from_reading_and_from_every_act(case: Case, officer: User) -> None:
    actions.declare_jav(case, officer, factories.AT, reason="Min syster leder projektet.")

    assert not Case.objects.visible_to(officer).filter(pk=case.pk).exists()
    assert flow.offers(case, officer, factories.AT) == []
    assert flow.barred(ACTIONS["assign"], case, officer) == (
        "Du har anmält jäv i ärendet och får varken läsa det eller delta i det."
    )


def test_superusers_hold_no_role_and_see_no_case(case: Case) -> None:
    keeper = User.objects.create_superuser("drift@example.org", "x", first_name="D", last_name="Rift")
    factories.hold(keeper, Role.OFFICER)

    assert keeper.roles() == set()
    assert not Case.objects.visible_to(keeper).exists()
    assert all(flow.barred(row, case, keeper) for row in ACTIONS.values())


def test_whoever_did_the_one_may_not_do_the_other(db: None) -> None:
    case = factories.case(Step.SETTLEMENT)
    both = factories.user(Role.OFFICER)
    event = Event(case=case, action="settle", by=both, by_name=str(both), at=factories.AT, from_step=case.step)
    flow.record(event, data={}, to_step=Step.BUDGET_ADJUSTMENT)
    case.enter(Step.BUDGET_ADJUSTMENT, factories.AT)

    assert flow.barred(ACTIONS["request_adjustment"], case, both) == (
        "Du har själv gjort ”Slutavstäm” i ärendet. Någon annan måste göra detta (fyra ögon)."
    )


@pytest.mark.parametrize("end", ENDS)
def test_an_ended_case_offers_nothing_that_moves_it_but_reopening(end: Step, db: None) -> None:
    case = factories.case(end)
    people = [factories.user(role) for role in (Role.OFFICER, Role.DIRECTOR, Role.CONTROLLER, Role.COUNCIL)]

    offered = {offer.row.name for person in people for offer in flow.offers(case, person, factories.AT)}

    moves = {name for name in offered if ACTIONS[name].to}
    assert moves <= {"reopen"}


def test_of_many_at_the_same_moment_one_moves_the_case(fresh_db: str) -> None:
    case = factories.case(Step.IDEA_CHECK)
    applicants = [factories.user(Role.APPLICANT, case.owner) for _person in range(6)]

    def withdraw(person: User) -> bool:
        connection.settings_dict["NAME"] = fresh_db
        try:
            actions.withdraw(
                Case.objects.get(pk=case.pk), person, factories.AT, reason="Vi hittade annan finansiering."
            )
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(withdraw, applicants))

    assert sorted(done) == [False] * 5 + [True]
    assert [event.no for event in case.events.order_by("no")] == [1, 2, 3]


def test_the_same_form_with_other_answers_is_not_taken_for_a_double_click(case: Case, officer: User) -> None:
    key, other = uuid4(), factories.user(Role.OFFICER)
    actions.assign.perform(case, officer, factories.AT, {"officer": officer}, key)

    with pytest.raises(Refused, match="redan skickat det här formuläret, med andra uppgifter"):
        actions.assign.perform(case, officer, factories.AT, {"officer": other}, key)

    assert case.events.filter(action="assign").count() == 1


def test_what_is_signed_is_stopped_by_whatever_is_new(case: Case, officer: User) -> None:
    director = factories.user(Role.DIRECTOR)
    factories.move(case, Step.REJECTED)
    seen = case.events.latest("no").no
    actions.archive(case, officer, factories.AT, weeded=True)

    with pytest.raises(Refused, match="Ärendet ändrades medan du skrev"):
        actions.reopen.perform(
            case, director, factories.AT, {"reason": "Nytt underlag.", "signed_sha256": "x"}, None, seen
        )
    actions.reopen.perform(case, director, factories.AT, {"reason": "Nytt underlag."}, None, seen)


def test_a_case_that_is_taken_up_again_can_be_archived_again(case: Case, officer: User) -> None:
    factories.move(case, Step.REJECTED)
    actions.archive(case, officer, factories.AT, weeded=True)

    actions.reopen(case, factories.user(Role.DIRECTOR), factories.AT, reason="Nytt underlag har kommit in.")

    assert case.archived_at is None
