"""The demo is a living city, built by the acts alone."""

from collections import Counter

import pytest
from django.utils import timezone

from fundportal import ledger, proof
from fundportal.demo import load, people
from fundportal.models import Case, Event, Fund
from fundportal.process import Role, Step


@pytest.mark.django_db
@pytest.mark.timeout(400)
def test_the_demo_shows_a_city_alive() -> None:
    load.load(timezone.now(), print)

    steps = Counter(Case.objects.values_list("step", flat=True))
    assert set(steps) == set(Step)
    assert 35 <= sum(steps.values()) <= 45
    assert not Event.objects.filter(at__gt=timezone.now()).exists()
    fund, pilot = Fund.objects.order_by("pk")
    assert pilot.status == Fund.Status.ENDED
    assert [one.differences for one in (proof.newest(fund), proof.newest(pilot)) if one] == [[], []]
    assert ledger.locked_until(fund) == timezone.localdate().year - 1
    position = ledger.position(fund)
    assert position.reserved == 300_000_000
    assert position.booked == position.available + position.earmarked
    assert {person["role"] for person in people()} == {str(role) for role in Role}
