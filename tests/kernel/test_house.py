"""What is done outside every case is recorded too: one chain for the house."""

import pytest
from django.urls import reverse
from django.utils import timezone

from fundportal import chain, flow
from fundportal.errors import Refused
from fundportal.models import Event
from fundportal.process import Role
from fundportal.stack.throwaway import Throwaway
from tests import factories


@pytest.mark.django_db
def test_the_houses_events_stand_in_one_chain_that_holds():
    petra = factories.user(Role.ADMINISTRATOR)
    before = Event.objects.filter(case=None, fund=None).count()
    first = flow.record_house("trial", petra, timezone.now(), {"n": 1}, role=Role.ADMINISTRATOR)
    second = flow.record_house("trial", petra, timezone.now(), {"n": 2}, role=Role.ADMINISTRATOR)
    assert (first.no, second.no) == (before + 1, before + 2)
    assert second.body.split("\n")[1] == first.hash
    assert chain.verify(None) == []


@pytest.mark.django_db
def test_whoever_lacks_the_role_records_nothing():
    amina = factories.user(Role.APPLICANT, factories.namnd())
    with pytest.raises(Refused, match="administratör"):
        flow.record_house("trial", amina, timezone.now(), {}, role=Role.ADMINISTRATOR)


@pytest.mark.django_db
def test_the_same_key_is_one_event():
    petra, key = factories.user(Role.ADMINISTRATOR), "4a3f0a52-1b9c-4d9b-8f0e-2d1d8e1f5c11"
    once = flow.record_house("trial", petra, timezone.now(), {}, role=Role.ADMINISTRATOR, key=key)
    assert flow.record_house("trial", petra, timezone.now(), {}, role=Role.ADMINISTRATOR, key=key).pk == once.pk


def test_a_changed_event_of_the_house_is_found(fresh_db: str, services: Throwaway):
    petra = factories.user(Role.ADMINISTRATOR)
    event = flow.record_house("trial", petra, timezone.now(), {"n": 1}, role=Role.ADMINISTRATOR)
    forge = "alter table fundportal_event disable trigger all; update fundportal_event set data = '{}' where id = "
    services.postgres.run(f"{forge}{event.pk}", database=fresh_db)
    assert [fault.no for fault in chain.verify(None)] == [event.no]


@pytest.mark.django_db
def test_administrators_and_auditors_read_the_houses_history_and_others_do_not(client):
    petra = factories.user(Role.ADMINISTRATOR)
    flow.record_house("trial_of_words", petra, timezone.now(), {"n": 1}, role=Role.ADMINISTRATOR)
    for role, status in ((Role.ADMINISTRATOR, 200), (Role.AUDITOR, 200), (Role.CONTROLLER, 403)):
        client.force_login(factories.user(role))
        answer = client.get(reverse("house_history"))
        assert answer.status_code == status, role
        assert ("Kedjan stämmer" in answer.content.decode()) == (status == 200)
    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))
    assert client.get(reverse("administration")).status_code == 403


@pytest.mark.django_db
def test_the_houses_history_is_read_a_page_at_a_time(client):
    petra = factories.user(Role.ADMINISTRATOR)
    for n in range(32):
        flow.record_house("trial", petra, timezone.now(), {"n": n}, role=Role.ADMINISTRATOR)
    client.force_login(petra)
    first = client.get(reverse("house_history"))
    assert len(first.context["events"]) == 30
    second = client.get(reverse("house_history") + first.context["next"])
    assert second.context["events"][0][0].no == first.context["events"][-1][0].no - 1
