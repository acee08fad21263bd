"""The columns that a list of cases can show beside the case itself, and which are shown when none are chosen."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fundportal.models import User
from fundportal.process import Role

CENTRAL = {Role.OFFICER, Role.COUNCIL, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR}
"""Roles of the city's own that see every submitted case."""


@dataclass(frozen=True)
class Shown:
    """A column of the list: its heading, the order it sorts by, and whether it is a figure.

    It sorts by none where a page in that order would cost all the cases.
    """

    name: str
    label: StrOrPromise
    sort: str
    right: bool = False


CHOICES: dict[str, Shown] = {
    column.name: column
    for column in (
        Shown("namnd", _("Nämnd"), ""),
        Shown("omgang", _("Omgång"), ""),
        Shown("skede", _("Skede"), "steg"),
        Shown("status", _("Status"), "steg"),
        Shown("belopp", _("Sökt, mnkr"), "belopp", right=True),
        Shown("handlaggare", _("Handläggare"), ""),
        Shown("skapat", _("Skapat"), "skapat"),
        Shown("inkom", _("Kom in"), "inkom"),
        Shown("steget", _("Kom till steget"), "steget"),
        Shown("frist", _("Frist"), "frist"),
    )
}
USUAL = ("skede", "status", "belopp", "handlaggare", "frist")
BY_ROLE: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (Role.OFFICER, USUAL),
    (Role.CONTROLLER, USUAL),
    (Role.DIRECTOR, USUAL),
    (Role.AUDITOR, ("omgang", "status", "belopp", "handlaggare", "inkom")),
    (Role.COUNCIL, ("skede", "status", "belopp", "inkom", "frist")),
    (Role.APPLICANT, ("skede", "status", "belopp", "steget", "frist")),
    (Role.MANAGER, ("skede", "status", "belopp", "steget", "frist")),
)


def shown(user: User, chosen: tuple[str, ...]) -> list[Shown]:
    """The columns chosen, or those of the person's first role."""
    roles = user.roles()
    usual = next((columns for role, columns in BY_ROLE if role in roles), USUAL)
    return [CHOICES[name] for name in chosen or usual]
