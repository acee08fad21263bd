"""The demo is a living city, built by the acts alone, in the product as it was started."""

from typing import Any

from django.utils import timezone

from fundportal.demo import people
from fundportal.process import Role, Step


def test_the_demo_shows_a_city_alive(places: dict[str, Any]) -> None:
    steps, fund = places["steps"], places["fund"]

    assert set(steps) == set(Step)
    assert 38 <= sum(map(len, steps.values())) <= 48
    assert fund["events_to_come"] == 0
    assert fund["statuses"] == ["open", "ended", "open"]
    assert fund["differences"] == [[], [], []], "kontrollräkningen från besluten"
    assert fund["locked_until"] == timezone.localdate().year - 1
    assert fund["reserved"] == 300_000_000
    assert fund["booked"] == fund["available"] + fund["earmarked"]
    assert {person["role"] for person in people()} == {str(role) for role in Role}
