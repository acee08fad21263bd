"""Two who write in the same part: what one has changed since she read it, and what then stands against what.

Each field is compared by the mark of what stood there when the person's page was drawn. So two people in different
fields never stand in each other's way, with or without a script; in the same field the later one is shown both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fundportal.canonical import canonical

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Clash:
    """A field that another has changed since it was read: what stands there, who wrote it and when."""

    name: str
    stored: Any
    mine: Any
    who: str = ""
    at: datetime | None = None

    @property
    def mark(self) -> str:
        """The mark of what stands there: sent back with the choice, so that only what was shown is written over."""
        return mark(self.stored)


def essence(value: Any) -> Any:
    """A typed value without what does not show: line ends, empty cells and empty rows. None when nothing is left."""
    match value:
        case None | "" | False:
            return None
        case str():
            return value.replace("\r\n", "\n").replace("\r", "\n")
        case dict():
            cells = {str(key): essence(cell) for key, cell in value.items()}
            return {key: cell for key, cell in cells.items() if cell is not None} or None
        case list() | tuple():
            return [cell for cell in map(essence, value) if cell is not None] or None
        case _:
            return str(value)


def mark(value: Any) -> str:
    """A short sign of a typed value; the same for what looks the same."""
    return hashlib.sha256(canonical(essence(value)).encode()).hexdigest()[:16]


def merge(
    stored: Mapping[str, Any],
    typed: Mapping[str, Any],
    seen: Mapping[str, str] | None,
    chosen: Mapping[str, str] | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """What to change and which fields clash. `seen` are the marks of what was read; None asks nothing.

    A field that the person has not changed is left as it stands. `chosen` says, for a field that clashed, whose words
    to take; a choice counts only against the words that were shown with it.
    """
    change: dict[str, Any] = {}
    clashes: list[str] = []
    for name, value in typed.items():
        now, hers = mark(stored.get(name)), mark(value)
        was = seen.get(name) if seen is not None else None
        if hers == now or (was == now and (chosen or {}).get(name) == THEIRS):
            continue
        if seen is None or was in (None, now):
            change[name] = value
        elif hers != was or (chosen or {}).get(name) == MINE:
            clashes.append(name)
    return change, clashes


def loses(before: Mapping[str, Any], change: Mapping[str, Any]) -> bool:
    """Whether a change takes away much of what stood in a field: a sentence, a row, or all of it."""
    return any(_letters(before.get(name)) - _letters(value) > A_SENTENCE for name, value in change.items())


A_SENTENCE = 30  # letters


def _letters(value: Any) -> int:
    match essence(value):
        case None:
            return 0
        case str() as text:
            return len(text)
        case dict() as cells:
            return sum(map(_letters, cells.values()))
        case list() as items:
            return sum(map(_letters, items)) + A_SENTENCE * len(items)
        case other:
            return len(str(other))
