"""Gives people their roles, through guardian: on a board, on a case, or everywhere through a group."""

from django.contrib.auth.models import Group, Permission
from guardian.shortcuts import assign_perm, remove_perm

from fundportal.models import Case, Namnd, User
from fundportal.models.people import PREFIX
from fundportal.process import EVERYWHERE, Role


def group(role: Role) -> Group:
    """The group whose members hold `role` everywhere."""
    found, created = Group.objects.get_or_create(name=str(role))
    if created:
        found.permissions.add(Permission.objects.get(codename=PREFIX + role, content_type__model="case"))
    return found


def give(person: User, role: Role, where: Namnd | Case | None = None) -> None:
    """Let a person hold a role. The central roles are held everywhere, the others on a board or a case."""
    person.__dict__.pop("grants", None)
    if where is not None:
        assign_perm(PREFIX + role, person, where)
    elif role in EVERYWHERE:
        person.groups.add(group(role))
    else:
        raise ValueError(f"{role} is held on a nämnd or a case")


def take(person: User, role: Role, where: Namnd | Case | None = None) -> None:
    """Take a role away. What the person did while she held it stands."""
    person.__dict__.pop("grants", None)
    if where is not None:
        remove_perm(PREFIX + role, person, where)
    else:
        person.groups.remove(group(role))
