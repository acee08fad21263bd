"""What is kept outside every case and fund: who may what, rules, meetings. Recorded by `flow.record_house`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.process import Role

LABELS: dict[str, StrOrPromise] = {
    "declare_interests": gettext_lazy("Bindningar anmäldes"),
    "share_view": gettext_lazy("En vy av ärenden delades"),
    "unshare_view": gettext_lazy("En delad vy av ärenden drogs in"),
    "add_officer_rule": gettext_lazy("En regel för handläggare lades till"),
    "change_officer_rule": gettext_lazy("En regel för handläggare ändrades"),
    "move_officer_rule": gettext_lazy("En regel för handläggare flyttades"),
    "remove_officer_rule": gettext_lazy("En regel för handläggare togs bort"),
}
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
    Place(
        "declarations",
        gettext_lazy("Bindningar"),
        gettext_lazy("Vilka som har anmält sina uppdrag och intressen i år, och vilka som inte har det."),
        frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.OFFICER, Role.DIRECTOR}),
        "Handshake",
    ),
    Place(
        "officer_rules",
        gettext_lazy("Regler för handläggare"),
        gettext_lazy("Vem som föreslås handlägga nya ärenden, efter nämnd, omgång och målgrupp."),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
        "ClipboardCheckmark",
    ),
    Place(
        "hand_over_cases",
        gettext_lazy("Överlämna ärenden"),
        gettext_lazy("Alla öppna ärenden från en handläggare till en annan, när någon slutar eller är borta länge."),
        frozenset({Role.OFFICER, Role.ADMINISTRATOR}),
        "PersonGroup",
    ),
]
"""The pages of the administration, in order. A phase adds its own when its app is ready."""


def places(roles: set[Role]) -> list[Place]:
    """The pages of the administration that someone with these roles has use for."""
    return [place for place in PLACES if place.roles & roles]
