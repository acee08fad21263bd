"""What one phase has that another's page shows: the phases never import each other, so they meet here by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.utils.module_loading import import_string

from fundportal.models import Case, Namnd, User


@dataclass(frozen=True)
class Suggestion:
    """Text that a program proposes for a field of a sheet: the officer takes it, and makes it her own."""

    text: str
    origin: str
    """What it was made from, kept with the text: another origin later means that there is more to tell."""
    told: str
    """What it was made from, in words."""
    url: str
    """Where one reads how it came about."""


@dataclass(frozen=True)
class Point:
    """Something that must be in place before a case is closed, in words, and where one sees to it."""

    label: str
    done: bool
    lacks: str = ""
    """What is missing, and who sees to it; empty when it is done."""
    url: str = ""
    blocks: bool = True
    """Whether the case waits for it; what the system does itself, or the closing explains, is waited for by none."""


@dataclass(frozen=True)
class Meeting:
    """A meeting to which a case can be sent: its key, its day, and how it is told."""

    pk: int
    day: date
    told: str


@dataclass(frozen=True)
class Glance:
    """A number on the start page that is a link to what it counts."""

    number: str
    label: str
    note: str
    url: str
    tone: str = ""
    """danger or warning, when something in it should be seen to."""


@dataclass(frozen=True)
class Touch:
    """What hangs on a board and is touched when it ends: what it is, how many, what becomes of it, and where."""

    label: str
    count: int
    note: str
    url: str = ""


SUGGESTIONS: dict[str, str] = {}
"""A field of a sheet, `sheet/part/field` -> a dotted function (case) -> the suggestion, or None when there is none."""
DEADLINES: list[str] = []
"""Dotted functions (case, user) -> what else is due in the case for this person, as rows of `on` and `what`."""
CLOSING: list[str] = []
"""Dotted functions (case) -> the points of the closing checklist that a phase knows, in the order of the process."""
MEETINGS: list[str] = []
"""Dotted functions (case) -> the meetings ahead that the case can be taken up at."""

GLANCES: list[str] = []
"""Dotted functions (user) -> what those who follow the whole fund see at a glance, each in one question."""
BOARDS: list[str] = []
"""Dotted functions (namnd) -> what a phase has that is touched when a board ends, in a constant number of questions."""


def suggestion(place: str, case: Case) -> Suggestion | None:
    """What is proposed for a field now."""
    if place not in SUGGESTIONS:
        return None
    return cast("Callable[[Case], Suggestion | None]", import_string(SUGGESTIONS[place]))(case)


def deadlines(case: Case, user: User) -> list[dict[str, Any]]:
    """What the phases say is due for this person, beside the step's own last day."""
    return list(_all(DEADLINES, case, user))


def closing(case: Case) -> list[Point]:
    """What the phases say must be in place before the case is closed."""
    return list(_all(CLOSING, case))


def meetings(case: Case) -> list[Meeting]:
    """The meetings ahead, the nearest first."""
    return sorted(_all(MEETINGS, case), key=lambda it: it.day)


def glances(user: User) -> list[Glance]:
    """What a person who follows the whole fund sees at a glance."""
    return list(_all(GLANCES, user))


def board_touches(namnd: Namnd) -> list[Touch]:
    """What the phases have that is touched when a board ends."""
    return list(_all(BOARDS, namnd))


def _all(names: Iterable[str], *about: Any) -> Iterator[Any]:
    """What each of the phases' functions has to tell, one after another."""
    for name in names:
        yield from import_string(name)(*about)
