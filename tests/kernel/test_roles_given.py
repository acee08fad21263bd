"""Roles have last days and givers, people stand in for each other, and an administrator keeps it all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from fundportal import access, access_report, actions, flow, notices, rights, roles
from fundportal.chain import verify
from fundportal.errors import Refused
from fundportal.models import Case, Event, RoleTerm, Substitute, User
from fundportal.process import ACTIONS, Role, Step
from tests import factories
from tests.kernel.access_scene import NOW, TODAY, browser, fresh, stands_in

pytestmark = pytest.mark.django_db


def test_a_role_ends_after_its_last_day_without_anyone_doing_anything() -> None:
    case, board = factories.case(Step.PREPARATION), factories.namnd()
    administrator, person = factories.user(Role.ADMINISTRATOR), factories.user()
    factories.partner(case, board)
    roles.give(person, Role.APPLICANT, board, until=TODAY, by=administrator)
    assert Case.objects.visible_to(fresh(person)).exists()
    assert notices.holders(Role.APPLICANT, case) == [person]

    RoleTerm.objects.update(since=TODAY - timedelta(days=5), until=TODAY - timedelta(days=1))

    assert not Case.objects.visible_to(fresh(person)).exists()
    assert notices.holders(Role.APPLICANT, case) == []
    ended = access_report.rows(administrator, access_report.Wanted(state="slut"))
    assert [(row.name, row.where, row.given_by) for row in ended] == [
        (person.get_full_name(), board.name, administrator.get_full_name())
    ]


def test_roles_that_are_given_and_taken_stand_in_the_houses_chain() -> None:
    administrator, person = factories.user(Role.ADMINISTRATOR), factories.user()
    roles.give(person, Role.OFFICER, by=administrator)
    roles.take(person, Role.OFFICER, by=administrator)

    told = Event.objects.filter(case=None, fund=None).order_by("no").values_list("action", "by_id")
    assert list(told) == [("give_role", administrator.pk), ("take_role", administrator.pk)]
    assert verify(None) == []
    with pytest.raises(Refused):
        roles.give(person, Role.AUDITOR, by=person)


def test_an_administrator_neither_shuts_herself_out_nor_leaves_cases_without_an_officer() -> None:
    administrator, officer = factories.user(Role.ADMINISTRATOR), factories.user(Role.OFFICER)
    Case.objects.filter(pk=factories.case(Step.PREPARATION).pk).update(officer=officer)

    for refused in (
        lambda: roles.take(administrator, Role.ADMINISTRATOR, by=administrator),
        lambda: roles.close_person(administrator, administrator, NOW),
        lambda: roles.close_person(officer, administrator, NOW),
    ):
        with pytest.raises(Refused):
            refused()


def test_a_substitute_acts_for_the_other_and_the_history_says_so(away: tuple[User, User]) -> None:
    officer, other = away
    case = factories.case(Step.IDEA_CHECK)
    event = actions.assign(case, other, NOW, officer=officer)

    assert (event.by, event.on_behalf_of, event.role) == (other, officer, Role.OFFICER)
    assert event.by_name == f"{other.get_full_name()} för Maria Lind"
    assert f'"for":{officer.pk}' in event.body
    assert verify(case) == []
    assert "ersättare för Maria Lind" in access.why(case, other)[0].sentence


def test_a_substitute_who_holds_the_role_herself_acts_for_herself(away: tuple[User, User]) -> None:
    officer, other = away
    roles.give(other, Role.OFFICER)
    event = actions.assign(factories.case(Step.IDEA_CHECK), fresh(other), NOW, officer=officer)

    assert event.on_behalf_of is None


def test_four_eyes_hold_through_a_substitute_both_ways() -> None:
    case = factories.case(Step.DECISION)
    director, other = factories.user(Role.DIRECTOR), factories.user(Role.OFFICER)
    stands_in(director, other)

    def did(by: User, behalf: User | None, name: str) -> None:
        event = Event(case=case, action=name, by=by, by_name="X", role="officer", at=NOW, from_step=case.step)
        event.on_behalf_of = behalf
        flow.record(event, data={}, to_step=case.step, tell=False)

    row = ACTIONS["sign_decision"]
    assert rights.barred(row, Case.objects.get(pk=case.pk), fresh(other)) is None
    did(other, None, "propose_decision")
    anew = Case.objects.get(pk=case.pk)
    assert "fyra ögon" in (rights.barred(row, anew, fresh(other)) or ""), "det ersättaren själv gjort binder henne"
    assert rights.barred(row, anew, fresh(director)) is None

    third = factories.user()
    did(third, director, "submit_application")
    anew = Case.objects.get(pk=case.pk)
    assert "fyra ögon" in (rights.barred(row, anew, fresh(director)) or ""), "det som gjorts för henne är hennes"
    fourth = factories.user()
    stands_in(director, fourth)
    assert "ersättare" in (rights.barred(row, anew, fresh(fourth)) or ""), "och binder den som ersätter henne"


def test_jav_binds_through_a_substitute_both_ways(away: tuple[User, User]) -> None:
    officer, other = away
    hers, others = factories.case(Step.PREPARATION), factories.case(Step.PREPARATION)
    actions.declare_jav(hers, officer, NOW, reason="Min syster leder projektet.")
    actions.declare_jav(others, other, NOW, reason="Min bror leder projektet.")

    assert set(Case.objects.visible_to(fresh(other))) == set()
    assert set(Case.objects.visible_to(fresh(officer))) == {others}
    assert rights.barred(ACTIONS["assign"], Case.objects.get(pk=hers.pk), fresh(other))
    jav = others.javs.get().event
    assert jav.on_behalf_of is None, "jäv anmäler man för egen del"


def test_what_is_held_as_a_substitute_is_not_passed_on_nor_the_administrators_role(away: tuple[User, User]) -> None:
    _officer, other = away
    third, administrator = factories.user(), factories.user(Role.ADMINISTRATOR)
    stands_in(other, third)
    stands_in(administrator, third)

    assert fresh(third).roles() == set()
    with pytest.raises(Refused, match="ingen egen roll"):
        roles.add_substitute(
            administrator, administrator, NOW, substitute=third, starts_on=TODAY, ends_on=TODAY, reason="Semester"
        )


def test_a_substitute_is_told_what_the_other_is_told(away: tuple[User, User]) -> None:
    officer, other = away
    case = factories.case(Step.PREPARATION)
    Case.objects.filter(pk=case.pk).update(officer=officer)

    assert set(notices.holders(Role.OFFICER, Case.objects.get(pk=case.pk))) == {officer, other}


def test_a_substitute_may_be_ended_by_the_person_and_by_an_administrator_only(away: tuple[User, User]) -> None:
    officer, other = away
    made = Substitute.objects.get(person=officer)
    address = reverse("substitute_end", kwargs={"pk": made.pk})

    assert browser(other).post(address).status_code == 403
    assert browser(officer).post(address).status_code == 302
    assert fresh(other).roles() == set()


def test_the_database_refuses_a_substitute_for_oneself_and_one_that_ends_before_it_begins() -> None:
    one, other = factories.user(), factories.user()
    for person, substitute, days in ((one, one, (0, 1)), (one, other, (2, 1))):
        with pytest.raises(IntegrityError), transaction.atomic():
            stands_in(person, substitute, days)


def test_an_administrator_adds_a_person_gives_a_role_with_a_last_day_and_takes_it() -> None:
    administrator, board = factories.user(Role.ADMINISTRATOR), factories.namnd()
    client = browser(administrator)
    told = {"first_name": "Ny", "last_name": "Person", "title": "", "email": "Ny.Person@example.org"}
    made = client.post(reverse("person_new"), told)
    who = User.objects.get(email="ny.person@example.org")
    assert made["Location"] == reverse("person", kwargs={"pk": who.pk})

    here = {"pk": who.pk}
    last = (TODAY + timedelta(days=60)).isoformat()
    wrong = client.post(reverse("person_give", kwargs=here), {"role": "applicant", "namnd": ""})
    assert wrong.status_code == 422
    client.post(reverse("person_give", kwargs=here), {"role": "applicant", "namnd": board.pk, "last_day": last})
    assert fresh(who).grants.namnder(Role.APPLICANT) == [board.pk]
    assert last[:4] in client.get(reverse("person", kwargs=here)).content.decode()

    client.post(reverse("person_take", kwargs=here), {"role": "applicant", "namnd": board.pk})
    assert fresh(who).roles() == set()
    client.post(reverse("person_close", kwargs=here))
    assert not fresh(who).is_active


@pytest.mark.parametrize("name", ["people", "person_new", "access_report", "access_report_csv"])
def test_the_pages_of_people_are_closed_to_others(name: str) -> None:
    assert browser(factories.user(Role.OFFICER)).get(reverse(name)).status_code == 403


def test_the_report_names_no_case_to_an_administrator() -> None:
    case = factories.case(Step.PREPARATION)
    factories.user(Role.STEERING, case)
    administrator, auditor = factories.user(Role.ADMINISTRATOR), factories.user(Role.AUDITOR)

    assert case.number not in browser(administrator).get(reverse("access_report")).content.decode()
    assert case.number in browser(auditor).get(reverse("access_report")).content.decode()
    file = b"".join(browser(auditor).get(reverse("access_report_csv")))
    assert case.number in file.decode()


def test_a_last_day_in_the_past_is_refused() -> None:
    with pytest.raises(Refused):
        roles.give(factories.user(), Role.OFFICER, until=date(2020, 1, 1))
