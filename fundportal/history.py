"""What an event says, in plain Swedish: one line for the timeline, and its particulars for the history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from fundportal import formatting, funds, house
from fundportal.history_words import DONE as DONE
from fundportal.history_words import KINDS, REFUSED
from fundportal.models import Event, Namnd, Use, User
from fundportal.particulars import HIDDEN, LABELS, MONEY, NAMNDER, PEOPLE, QUOTED, choices
from fundportal.process import ACTIONS, Role, Step


@dataclass(frozen=True)
class Names:
    """People and boards that events name by their ids."""

    people: Mapping[int, str] = field(default_factory=dict)
    namnder: Mapping[int, str] = field(default_factory=dict)


def names(events: Iterable[Event]) -> Names:
    """The names that these events need: two questions at most, however many events."""
    people: set[int] = set()
    namnder: set[int] = set()
    for event in events:
        _collect(event.data, people, namnder)
    return Names(
        {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=people)} if people else {},
        dict(Namnd.objects.filter(pk__in=namnder).values_list("pk", "name")) if namnder else {},
    )


def _collect(value: Any, people: set[int], namnder: set[int], name: str = "") -> None:
    match value:
        case dict():
            for key, item in value.items():
                _collect(item, people, namnder, key)
        case list():
            for item in value:
                _collect(item, people, namnder, name)
        case int() if not isinstance(value, bool):
            if name in PEOPLE:
                people.add(value)
            elif name in NAMNDER:
                namnder.add(value)


@dataclass(frozen=True)
class Line:
    """An event as it is read: what was done, when and by whom, and the most important of what was said."""

    id: str
    no: int
    title: str
    at: datetime
    who: str
    kind: str
    icon: str
    note: str = ""
    quote: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    moved: str = ""
    hash: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)


def refused(event: Event) -> bool:
    """Whether an act that may be a yes or a no was a no."""
    return event.action in REFUSED and event.data.get(REFUSED[event.action][0]) is False


def title(event: Event) -> str:
    """What was done, in the past tense. An act that is no longer in the table keeps its name."""
    if refused(event):
        return str(REFUSED[event.action][1])
    if event.action in DONE:
        return str(DONE[event.action])
    if event.action in ACTIONS:
        return str(ACTIONS[event.action].label)
    return str(
        funds.LABELS.get(event.action) or house.LABELS.get(event.action) or event.action.replace("_", " ").capitalize()
    )


def line(event: Event, known: Names | None = None, *, full: bool = False) -> Line:
    """The event as it is read; `full` gives every particular. Holds for every act, known or not."""
    known = known or Names()
    kind, icon = ("", "CircleSlash") if refused(event) else KINDS.get(event.action, ("", "Circle"))
    return Line(
        id=f"h{event.no}",
        no=event.no,
        title=title(event),
        at=event.at,
        who=who(event),
        kind=kind,
        icon=icon,
        note=_note(event.data, known),
        quote="" if full else _quote(event.data),
        facts=particulars(event.data, known) if full else [],
        moved=_moved(event),
        hash=event.hash,
    )


def who(event: Event) -> str:
    """The person by the name she had, and in which role."""
    role = str(Role(event.role).label).lower() if event.role in Role.values else ""
    return f"{event.by_name}, {role}" if role else event.by_name


def _moved(event: Event) -> str:
    if not event.to_step or event.from_step == event.to_step or event.to_step not in Step.values:
        return ""
    if event.from_step not in Step.values:
        return str(Step(event.to_step).label)
    return f"{Step(event.from_step).label} → {Step(event.to_step).label}"


NOTED = (
    "outcome",
    "verdict",
    "standpoint",
    "decision",
    "amount",
    "paragraph",
    "last_day",
    "meeting_on",
    "year",
    "officer",
    "namnd",
)


BARE = ("outcome", "verdict", "standpoint", "amount")
"""Particulars that need no word before them."""


def _note(data: Mapping[str, Any], known: Names) -> str:
    """The most important particulars in one line."""
    told = []
    for name in NOTED:
        if data.get(name) in (None, "", [], {}) or isinstance(data[name], dict | list):
            continue
        value = say(name, data[name], known)
        if len(value) < 80:
            bare = name in BARE or (name == "paragraph" and "§" in value)
            told.append(value if bare else f"{label(name).lower()} {value}")
    return ", ".join(told[:3])


def _quote(data: Mapping[str, Any]) -> str:
    coded = choices()
    said = (
        str(data[name]) for name in QUOTED if isinstance(data.get(name), str) and data[name] not in coded.get(name, {})
    )
    text = next((text for text in said if text.strip()), "")
    return text if len(text) <= 400 else text[:400].rsplit(" ", 1)[0] + " …"


def label(name: str) -> str:
    """What a particular is called."""
    return str(LABELS.get(name) or name.replace("_", " ").capitalize())


def particulars(data: Mapping[str, Any], known: Names) -> list[tuple[str, str]]:
    """Every particular of an act as (label, value) in Swedish."""
    found: list[tuple[str, str]] = []
    for name, value in data.items():
        if name in HIDDEN or value in (None, "", [], {}):
            continue
        if isinstance(value, dict):
            found += [(f"{label(name)}: {what.lower()}", said) for what, said in particulars(value, known)]
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            found += [
                (_("%(label)s, rad %(row)d") % {"label": label(name), "row": number}, _row(item, known))
                for number, item in enumerate(value, 1)
                if isinstance(item, dict)
            ]
        else:
            found.append((label(name), say(name, value, known)))
    return found


def _row(row: Mapping[str, Any], known: Names) -> str:
    return "; ".join(f"{what}: {said}" for what, said in particulars(row, known))


ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def say(name: str, value: Any, known: Names) -> str:
    """One value in words: an amount, a day, a name, yes or no, a choice by its label."""
    if isinstance(value, bool):
        return _("Ja") if value else _("Nej")
    if isinstance(value, list):
        return formatting.in_words([say(name, item, known) for item in value])
    if isinstance(value, int) and name in PEOPLE:
        return known.people.get(value, _("person %(id)d") % {"id": value})
    if isinstance(value, int) and name in NAMNDER:
        return known.namnder.get(value, _("nämnd %(id)d") % {"id": value})
    if name in MONEY:
        return _money(value)
    if (coded := choices().get(name, {}).get(str(value))) is not None:
        return str(coded)
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return formatting.day(date.fromisoformat(value))
    return _plain(name, str(value))


def _money(value: Any) -> str:
    try:
        return formatting.kronor(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _plain(name: str, value: str) -> str:
    if name == "use" and value in Use.values:
        return str(Use(value).label)
    if name in ("role", "part") and value in Role.values:
        return str(Role(value).label)
    if "step" in name and value in Step.values:
        return str(Step(value).label)
    return value
