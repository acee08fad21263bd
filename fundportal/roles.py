"""Gives people their roles, through guardian: on a board, on a case, or everywhere; and someone to stand in for them.

What is done `by` someone is recorded in the house's history, apart from what an act in a case does: that is in its own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from guardian.shortcuts import assign_perm, remove_perm

from fundportal import flow, house, officers
from fundportal.errors import Refused
from fundportal.models import Case, Namnd, RoleTerm, Substitute, User
from fundportal.models.people import PREFIX
from fundportal.process import EVERYWHERE, ON_NAMND, Role

house.LABELS |= {
    "add_person": gettext_lazy("En person lades upp"),
    "change_person": gettext_lazy("Uppgifter om en person ändrades"),
    "close_person": gettext_lazy("Ett konto stängdes"),
    "open_person": gettext_lazy("Ett konto öppnades igen"),
    "give_role": gettext_lazy("En roll gavs"),
    "take_role": gettext_lazy("En roll togs bort"),
    "add_substitute": gettext_lazy("En ersättare utsågs"),
    "end_substitute": gettext_lazy("Ett ersättarskap avslutades"),
}


def group(role: Role) -> Group:
    """The group whose members hold `role` everywhere."""
    found, created = Group.objects.get_or_create(name=str(role))
    if created:
        found.permissions.add(Permission.objects.get(codename=PREFIX + role, content_type__model="case"))
    return found


def _forget(person: User) -> None:
    for remembered in ("grants", "capacities"):
        person.__dict__.pop(remembered, None)


def _place(where: Namnd | Case | None) -> dict[str, Any]:
    return {
        "namnd": where if isinstance(where, Namnd) else None,
        "case": where if isinstance(where, Case) else None,
    }


@transaction.atomic
def give(
    person: User,
    role: Role,
    where: Namnd | Case | None = None,
    *,
    until: date | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> None:
    """Let a person hold a role, to a last day if one is given. The central roles are held everywhere.

    `by` is who gave it: an administrator, or in an act of a case whoever did it.
    """
    at = at or timezone.now()
    today = timezone.localdate(at)
    if until is not None and until < today:
        raise Refused(_("Sista dagen har redan passerat."))
    if where is not None:
        assign_perm(PREFIX + role, person, where)
    elif role in EVERYWHERE:
        person.groups.add(group(role))
    else:
        raise ValueError(f"{role} is held on a nämnd or a case")
    if by is not None or until is not None:
        open_terms = RoleTerm.objects.filter(user=person, role=role, ended_at=None, **_place(where))
        open_terms.update(ended_at=at, ended_by=by)
        RoleTerm.objects.create(user=person, role=role, since=today, until=until, given_by=by, **_place(where))
    _forget(person)
    if by is not None and not isinstance(where, Case):
        _record("give_role", by, at, {"user": person, "role": role, "namnd": where, "last_day": until})


@transaction.atomic
def take(
    person: User,
    role: Role,
    where: Namnd | Case | None = None,
    *,
    by: User | None = None,
    at: datetime | None = None,
) -> None:
    """Take a role away. What the person did while she held it stands."""
    at = at or timezone.now()
    if by is not None and by.pk == person.pk and role == Role.ADMINISTRATOR:
        raise Refused(_("Du kan inte ta bort din egen roll som administratör. Be en annan administratör."))
    if role == Role.OFFICER and where is None and (reason := officers.refuse_leaving(person)):
        raise Refused(reason)
    if where is not None:
        remove_perm(PREFIX + role, person, where)
    else:
        person.groups.remove(group(role))
    terms = RoleTerm.objects.filter(user=person, role=role, ended_at=None, **_place(where))
    if not terms.update(ended_at=at, ended_by=by) and by is not None:
        since = timezone.localdate(at)
        RoleTerm.objects.create(user=person, role=role, since=since, ended_at=at, ended_by=by, **_place(where))
    _forget(person)
    if by is not None and not isinstance(where, Case):
        _record("take_role", by, at, {"user": person, "role": role, "namnd": where})


def _record(name: str, by: User, at: datetime, data: dict[str, Any], role: Role | None = Role.ADMINISTRATOR) -> None:
    flow.record_house(name, by, at, {key: value for key, value in data.items() if value is not None}, role=role)


@transaction.atomic
def add_person(by: User, at: datetime, *, email: str, first_name: str, last_name: str, title: str = "") -> User:
    """A new person, who chooses her own password by the link on the login page. She holds no role yet."""
    person = User.objects.create_user(email, None, first_name=first_name, last_name=last_name, title=title)
    _record("add_person", by, at, {"user": person, "email": person.email})
    return person


@transaction.atomic
def change_person(person: User, by: User, at: datetime, **new: str) -> None:
    """Her name, position or address; what she signed keeps the name she had."""
    changed = {name: value for name, value in new.items() if getattr(person, name) != value}
    if not changed:
        return
    was = {name: getattr(person, name) for name in changed}
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))
    _record("change_person", by, at, {"user": person, "was": was, "after": changed})


@transaction.atomic
def close_person(person: User, by: User, at: datetime) -> None:
    """Close an account: its holder no longer logs in and holds nothing. Her open cases are handed over first."""
    if person.pk == by.pk:
        raise Refused(_("Du kan inte stänga ditt eget konto. Be en annan administratör."))
    if left := Case.objects.filter(officer=person, closed_at=None).count():
        raise Refused(
            _("%(who)s är handläggare i %(left)d öppna ärenden. De behöver lämnas över innan kontot kan stängas.")
            % {"who": person, "left": left}
        )
    for standing in Substitute.objects.filter(person=person, ended_at=None, ends_on__gte=timezone.localdate(at)):
        end_substitute(standing, by, at)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _forget(person)
    _record("close_person", by, at, {"user": person})


@transaction.atomic
def open_person(person: User, by: User, at: datetime) -> None:
    """Open a closed account again, with the roles that it had."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    _forget(person)
    _record("open_person", by, at, {"user": person})


@transaction.atomic
def add_substitute(
    person: User, by: User, at: datetime, *, substitute: User, starts_on: date, ends_on: date, reason: str
) -> Substitute:
    """Let another stand in for a person from one day to another. She may do it herself, or an administrator for her."""
    if substitute.pk == person.pk:
        raise Refused(_("Välj någon annan än den som ska ersättas."))
    if ends_on < max(starts_on, timezone.localdate(at)):
        raise Refused(_("Sista dagen ska vara i dag eller senare, och inte före den första."))
    if not substitute.is_active or substitute.is_superuser:
        raise Refused(_("Ersättaren har inget öppet konto i portalen."))
    if not held_herself(person):
        raise Refused(_("%(who)s har ingen egen roll som en ersättare kan ta över.") % {"who": person})
    overlap = Substitute.objects.filter(
        person=person, substitute=substitute, ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    if overlap.exists():
        raise Refused(_("%(who)s är redan ersättare under de dagarna.") % {"who": substitute})
    made = Substitute.objects.create(
        person=person,
        substitute=substitute,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        made_by=by,
        made_at=at,
    )
    _forget(substitute)
    told = {"user": person, "substitute": substitute, "first_day": starts_on, "last_day": ends_on, "reason": reason}
    _record("add_substitute", by, at, told, _as(by, person))
    return made


@transaction.atomic
def end_substitute(standing: Substitute, by: User, at: datetime) -> None:
    """End it before its last day. What was done meanwhile stands."""
    if standing.ended_at is not None:
        return
    standing.ended_at, standing.ended_by = at, by
    standing.save(update_fields=["ended_at", "ended_by"])
    told = {"user": standing.person, "substitute": standing.substitute}
    _record("end_substitute", by, at, told, _as(by, standing.person))


def _as(by: User, person: User) -> Role | None:
    """Herself for what is hers; an administrator for others."""
    return None if by.pk == person.pk else Role.ADMINISTRATOR


def held_herself(person: User) -> set[Role]:
    """The roles that a substitute would hold: her own, but the administrator's."""
    own = {held.role for held in person.grants.holdings if held.via is None and held.how == "role"}
    return own - {Role.ADMINISTRATOR}


def places(role: Role) -> str:
    """Where a role is held: "namnd", "case" or everywhere ("")."""
    if role in ON_NAMND:
        return "namnd"
    return "" if role in EVERYWHERE else "case"
