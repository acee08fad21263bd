"""Reminds of what is due: seven days before, on the day, the day after, and then every week; each once.

Every reminder is a letter whose key names the duty, its last day and which reminder it is. So the job may run any
number of times, a moved day gives new reminders, and after days of downtime only the newest reminder of a duty goes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.module_loading import import_string
from django_stubs_ext import StrOrPromise

from fundportal import formatting, notices
from fundportal.models import Case, Event, Letter, Party, User
from fundportal.process import OPEN, Role, Step

log = logging.getLogger(__name__)

BEFORE = 7
"""Days before the last day that the first reminder goes."""

SOURCES = ["fundportal.reminders.steps"]
"""Dotted functions (today) -> duties that are due within `BEFORE` days, or late. Phases add theirs when they start."""


@dataclass(frozen=True)
class Due:
    """Something that someone must do: in which case, what, by which day, and who.

    `key` names the duty and nothing else: the same duty with a new last day is reminded of anew. `since` is the day the
    duty came to the person; a reminder that would have gone before that day is left out.
    """

    case: Case
    what: StrOrPromise
    day: date
    users: Iterable[User] = field(compare=False)
    key: str
    since: date | None = None
    role: Role | None = None
    outside: Callable[[str], Letter] | None = field(default=None, compare=False)
    """Writes the letter to someone without an account, by its key."""


def kind(due: Due, today: date) -> str | None:
    """Which reminder is the newest that should have gone by today: before, day, late0 (the day after), late1, …"""
    days = (today - due.day).days
    if days < -BEFORE:
        return None
    if days < 0:
        early = due.day - timedelta(days=BEFORE)
        return None if due.since and early < due.since else "before"
    return "day" if days == 0 else f"late{(days - 1) // 7}"


def remind(today: date | None = None) -> int:
    """Write every reminder that should have gone by today and has not. How many were written.

    A source that fails is told in the log and stops no other; when all have been asked, it is raised, so that the job
    ends as failed.
    """
    today = today or timezone.localdate()
    written, faults = 0, []
    for name in SOURCES:
        try:
            with transaction.atomic():
                written += _write(cast("Callable[[date], Iterable[Due]]", import_string(name))(today), today)
        except Exception as fault:
            log.exception("Påminnelserna ur %s kunde inte skrivas; de andra skrivs ändå", name)
            faults.append(fault)
    if faults:
        raise ExceptionGroup("reminders", faults)
    return written


def _write(duties: Iterable[Due], today: date) -> int:
    """Write the letters of one source that are not already written, in two questions however many they are.

    The key in the database decides if two do it at once.
    """
    wanted: dict[str, tuple[Due, User | None]] = {}
    for due in duties:
        if which := kind(due, today):
            key = f"due/{due.key}/{due.day:%Y%m%d}/{which}"
            wanted |= {f"{key}/{user.pk}": (due, user) for user in due.users}
            wanted |= {key: (due, None)} if due.outside else {}
    if not wanted:
        return 0
    for known in Letter.objects.filter(key__in=wanted).values_list("key", flat=True):
        wanted.pop(known)
    letters = [_letter(due, key, user, today) for key, (due, user) in wanted.items()]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    return len(letters)


def _letter(due: Due, key: str, user: User | None, today: date) -> Letter:
    if user is None:
        return cast("Callable[[str], Letter]", due.outside)(key)
    role = due.role or due.case.owner_role
    subject, body = notices.compose(
        ["mail/reminder.txt"],
        user,
        due.case,
        role,
        mandatory=True,
        what=due.what,
        day=due.day,
        when=formatting.relative_day(due.day, today),
        late=due.day < today,
    )
    return Letter(key=key, user=user, case=due.case, subject=subject, body=body, created_at=timezone.now())


def steps(today: date) -> Iterator[Due]:
    """The step of every open case whose last day is near or past, to those whose turn it is."""
    entered = (
        Event.objects.filter(case=OuterRef("pk"), to_step=OuterRef("step"))
        .exclude(from_step=F("to_step"))
        .order_by("-no")
        .values("no")[:1]
    )
    near = Q(due_on__lte=today + timedelta(days=BEFORE), step__in=OPEN)
    cases = Case.objects.filter(near).select_related("owner", "officer").annotate(entered_no=Subquery(entered))
    found = list(cases.order_by("due_on", "pk"))
    if not found:
        return
    holders = notices.holders_of(found, parts=[Party.Part.OWNER])
    for case in found:
        role = cast(Role, case.owner_role)
        yield Due(
            case=case,
            what=Step(case.step).label,
            day=cast(date, case.due_on),
            users=holders(role, case),
            key=f"{case.number}/{case.step}/{case.entered_no}",
            since=timezone.localdate(case.entered_at),
            role=role,
        )
