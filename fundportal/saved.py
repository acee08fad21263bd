"""Saved views: a filter under a name, a person's own or shared with those who work centrally.

A view holds what was asked, never what was found: whoever opens it sees her own cases by her own rights.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from fundportal import flow
from fundportal.errors import Refused
from fundportal.models import FirstView, SavedView, User
from fundportal.process import Role
from fundportal.queue import CENTRAL, Wanted

MOST = 30
"""Views of one person: more than that is no help."""


def may_share(user: User) -> bool:
    """Whether the person works where views are shared."""
    return bool(user.grants.everywhere & CENTRAL)


def seen(user: User) -> QuerySet[SavedView]:
    """The person's own views and those shared with her, each with whether it is the first (`is_first`)."""
    where = Q(owner=user) | Q(shared=True) if may_share(user) else Q(owner=user)
    first = FirstView.objects.filter(user=user, view=OuterRef("pk"))
    return SavedView.objects.filter(where).select_related("owner").annotate(is_first=Exists(first))  # type: ignore[no-redef]


def asked(view: SavedView) -> Wanted:
    """What a view asks for."""
    return Wanted.read(view.asked)


def save(user: User, at: datetime, name: str, wanted: Wanted, *, shared: bool, first: bool) -> SavedView:
    """Keep a filter under a name; one's own view of the same name is replaced. Raises `Refused`."""
    with transaction.atomic():
        if shared and not may_share(user):
            raise Refused(_("Bara den som arbetar på stadsledningskontoret kan dela en vy."))
        mine = SavedView.objects.select_for_update().filter(owner=user)
        if mine.exclude(name=name).count() >= MOST:
            raise Refused(_("Du har redan %(most)d sparade vyer. Ta bort någon först.") % {"most": MOST})
        before = mine.filter(name=name).first()
        told = {"asked": wanted.named, "shared": shared, "saved_at": at}
        view, _made = SavedView.objects.update_or_create(owner=user, name=name, defaults=told)
        if shared or (before and before.shared):
            _record("share_view" if shared else "unshare_view", user, at, view)
        if first:
            open_first(user, view)
    return view


def change(view: SavedView, user: User, at: datetime, *, name: str, shared: bool, first: bool) -> None:
    """Rename one's own view, share it or not, and let the queue open with it or not. Raises `Refused`."""
    with transaction.atomic():
        if view.owner_id == user.pk:
            if shared and not view.shared and not may_share(user):
                raise Refused(_("Bara den som arbetar på stadsledningskontoret kan dela en vy."))
            if SavedView.objects.filter(owner=user, name=name).exclude(pk=view.pk).exists():
                raise Refused(_("Du har redan en vy som heter ”%(name)s”. Välj ett annat namn.") % {"name": name})
            changed = (view.name, view.shared) != (name, shared)
            was, view.name, view.shared = view.shared, name, shared
            view.save(update_fields=["name", "shared"])
            if changed and (shared or was):
                _record("share_view" if shared else "unshare_view", user, at, view)
        if first:
            open_first(user, view)
        else:
            FirstView.objects.filter(user=user, view=view).delete()


def open_first(user: User, view: SavedView) -> None:
    """Let the person's queue open with the view."""
    FirstView.objects.update_or_create(user=user, defaults={"view": view})


def remove(view: SavedView, user: User, at: datetime) -> None:
    """Take one's own view away; for others too if it was shared."""
    with transaction.atomic():
        if view.owner_id != user.pk:
            raise Refused(_("Vyn tas bort av den som sparade den: %(who)s.") % {"who": view.owner})
        if view.shared:
            _record("unshare_view", user, at, view)
        view.delete()


def _record(what: str, user: User, at: datetime, view: SavedView) -> None:
    told: dict[str, Any] = {"name": view.name, "filter": Wanted.read(view.asked).address()}
    flow.record_house(what, user, at, told, role=next((role for role in Role if role in user.grants.everywhere), None))
