"""What is kept outside every case and fund: who may what, rules, meetings. Recorded by `flow.record_house`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.process import Role

LABELS: dict[str, StrOrPromise] = {}
"""What each kind of event is called in the house's history. A phase adds its own when its app is ready."""


@dataclass(frozen=True)
class Place:
    """A page of the administration: its name in the URLconf, what it is for, and who has use for it."""

    name: str
    label: StrOrPromise
    text: StrOrPromise
    roles: frozenset[Role]
    icon: str = "Cog"


PLACES: list[Place] = [
    Place(
        "house_history",
        gettext_lazy("Husets historik"),
        gettext_lazy("Allt som har gjorts utanför ärenden och fonder, i en kedja som kontrolleras när den visas."),
        frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
        "ShieldCheckmark",
    ),
]
"""The pages of the administration, in order. A phase adds its own when its app is ready."""


def places(roles: set[Role]) -> list[Place]:
    """The pages of the administration that someone with these roles has use for."""
    return [place for place in PLACES if place.roles & roles]
