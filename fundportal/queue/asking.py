"""What was asked for, as a condition on cases that the reader may see; and how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from fundportal import counting
from fundportal.models import Case, User
from fundportal.models.case import CaseQuerySet
from fundportal.process import OPEN, STEPS, Role
from fundportal.queue import typed
from fundportal.queue.wanted import VIEWS, Wanted

CAP = 1000
SMALL_CAP = 100
SOON = 7
"""Days within which a deadline is near."""


def of_view(view: str, user: User, today: date | None = None) -> Q:
    """The cases of a tab. Whose are mine is another question for an officer than for a nämnd."""
    day = today or timezone.localdate()
    wanted = VIEWS[view][1]
    match view:
        case "mina":
            wanted &= mine(user)
        case "vantar":
            wanted &= mine(user) & Q(step__in=of_others(user))
        case "vecka":
            wanted &= Q(due_on__gte=day, due_on__lte=day + timedelta(days=6 - day.weekday()))
        case "forsenade":
            wanted &= Q(due_on__lt=day)
    return wanted


def of_others(user: User) -> list[str]:
    """The open steps where the turn is another's: none of the person's roles acts there."""
    held = user.roles()
    return [str(step) for step in OPEN if STEPS[step].owner not in held]


def mine(user: User) -> Q:
    """The cases that a person has in hand: an officer's and those she stands in for, else her boards' and projects'."""
    grants = user.grants
    found = Q(owner__in=grants.namnder(Role.APPLICANT, Role.MANAGER)) | Q(pk__in=list(grants.on_case))
    return found | typed.of_officers(user) if grants.everywhere else found


def of_due(due: str, today: date) -> Q:
    """The cases with such a deadline."""
    return {
        "": Q(),
        "passerad": Q(due_on__lt=today),
        "snart": Q(due_on__gte=today, due_on__lte=today + timedelta(days=SOON)),
        "manad": Q(due_on__gte=today, due_on__lte=today + timedelta(days=30)),
        "ingen": Q(due_on=None),
    }[due]


def of_officer(asked: str, user: User) -> Q:
    """The cases of an officer: the reader herself (and whom she stands in for), nobody, or one by id."""
    if asked == "mig":
        return typed.of_officers(user)
    return Q(officer=None) if asked == "ingen" else Q(officer=int(asked))


def asked_for(user: User, wanted: Wanted, today: date | None = None) -> Q:
    """The filter as a condition on cases. A typed prefix that cannot be understood finds nothing."""
    day = today or timezone.localdate()
    asked = of_view(wanted.view, user, day) & of_due(wanted.due, day)
    if wanted.step:
        asked &= typed.of_step(wanted.step)
    if wanted.officer:
        asked &= of_officer(wanted.officer, user)
    if wanted.q:
        asked &= typed.read(wanted.q, user, day).condition
    simple = {
        "owner": wanted.namnd,
        "round": wanted.round,
        "requested__gte": wanted.least,
        "requested__lte": wanted.most,
        "due_on__gte": wanted.due_from,
        "due_on__lte": wanted.due_to,
    }
    return asked & Q(**{name: value for name, value in simple.items() if value is not None})


def faults(user: User, wanted: Wanted) -> list[str]:
    """What in the typed text could not be understood, in words with a proposal."""
    return typed.read(wanted.q, user, timezone.localdate()).faults if wanted.q else []


def cases(user: User, wanted: Wanted, today: date | None = None) -> CaseQuerySet:
    """The visible cases that were asked for, unsorted. The one question behind list, count, search and export."""
    return Case.objects.visible_to(user).filter(asked_for(user, wanted, today))


def counts(user: User, asked: Mapping[str, tuple[Q, int]], wanted: Wanted | None = None) -> dict[str, int]:
    """How many visible cases there are of each kind, in one question; each count stops one above its cap.

    With `wanted` the filter's own count is among them, as `filter`.
    """
    kinds = dict(asked)
    if wanted is not None:
        kinds["filter"] = (asked_for(user, wanted), CAP)
    return counting.counted(user, kinds)


def count(user: User, wanted: Wanted) -> int:
    """How many cases a filter gives, at most one above the cap."""
    return cases(user, wanted).order_by()[: CAP + 1].count()


def said(number: int, cap: int = SMALL_CAP) -> str:
    """A capped count for a badge: 46, or 100+."""
    return f"{cap}+" if number > cap else str(number)
