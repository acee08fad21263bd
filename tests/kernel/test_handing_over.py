"""Cases never lack an officer: an administrator hands over what she does not see, and substitutes see the other's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fundportal import actions, officers, queue, roles
from fundportal.chain import verify
from fundportal.models import Case, Event, RoleTerm, User
from fundportal.process import Role, Step
from fundportal.queue import Wanted
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.user(Role.OFFICER, first_name="Karin", last_name="Ek")


@pytest.fixture
def other() -> User:
    return factories.user(Role.OFFICER, first_name="Omar", last_name="Ali")


def test_an_administrator_hands_over_the_cases_of_someone_who_leaves_without_seeing_them(
    officer: User, other: User
) -> None:
    administrator = factories.user(Role.ADMINISTRATOR)
    cases = [factories.case(Step.PREPARATION, title=f"Hemligt {number}", officer=officer) for number in range(3)]
    actions.declare_jav(cases[2], other, timezone.now(), reason="Släkt med sökanden.")
    client = Client()
    client.force_login(administrator)
    address = reverse("hand_over_cases") + f"?fran={officer.pk}"

    shown = client.get(address).content.decode()
    refused = client.post(address, {"_count": "1", "officer": other.pk, "reason": "Slutar i maj."})
    done = client.post(address, {"_count": "3", "officer": other.pk, "reason": "Slutar i maj."})

    assert "3 öppna ärenden" in shown
    assert "Hemligt" not in shown
    assert (refused.status_code, done.status_code) == (422, 302)
    assert [Case.objects.get(pk=case.pk).officer for case in cases] == [other, other, officer]
    event = cases[0].events.get(action="assign")
    assert (event.by, event.role, event.data["officer"]) == (administrator, "administrator", other.pk)
    house = Event.objects.get(action="hand_over_cases")
    assert (house.by, house.data["count"], house.data["stay"]) == (administrator, 2, 1)
    assert verify(cases[0]) == []


def test_an_officer_whose_last_day_has_passed_is_offered_nowhere(officer: User, other: User) -> None:
    roles.give(other, Role.OFFICER, until=timezone.localdate(), by=factories.user(Role.ADMINISTRATOR))
    assert set(officers.officers()) == {officer, other}

    yesterday = timezone.localdate() - timedelta(days=1)
    RoleTerm.objects.filter(user=other).update(since=yesterday, until=yesterday)

    assert set(officers.officers()) == {officer}


def test_a_substitute_has_the_others_cases_among_her_own(officer: User, other: User) -> None:
    case, mine = (factories.case(Step.PREPARATION, officer=who) for who in (officer, other))
    today, now = timezone.localdate(), timezone.now()
    roles.add_substitute(
        officer, officer, now, substitute=other, starts_on=today, ends_on=today + timedelta(days=7), reason="Semester"
    )
    fresh = User.objects.get(pk=other.pk)

    for wanted in (Wanted(view="mina"), Wanted(officer="mig"), Wanted(q="handläggare:mig")):
        assert set(queue.cases(fresh, wanted)) == {case, mine}
    client = Client()
    client.force_login(other)
    assert "Ärenden som Karin Ek handlägger räknas till dina" in client.get("/arenden/").content.decode()
