"""What has changed between two versions of a paper: part by part and field by field, words and rows marked.

It compares sections, as papers keep them (`shown.sections`), so that any two frozen versions can be laid side by side
however the form has changed since.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

Kind = Literal["same", "added", "removed"]
State = Literal["same", "added", "removed", "changed"]
TOKEN = re.compile(r"\d+(?:[\u00a0\u202f]\d{3})*(?:,\d+)?|\s+|\w+|[^\w\s]")
"""A number is one word, with its hard spaces and decimals."""
ALIKE = 0.5
"""Two rows, or two cells, with at least this share in common are the same one, changed."""
MOST_WORDS = 4000
"""Texts longer than this are compared by lines: no page waits for a comparison."""


@dataclass(frozen=True)
class Word:
    """A piece of text, and what happened to it."""

    text: str
    kind: Kind = "same"


@dataclass(frozen=True)
class Row:
    """A row of a table: its cells, and what happened to it as a whole."""

    state: State
    cells: list[list[Word]]


@dataclass(frozen=True)
class Field:
    """A field that differs: running words, or a table's rows."""

    label: str
    state: State
    words: list[Word] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A part of the paper with the fields that differ."""

    title: str
    fields: list[Field]


def words(before: str, after: str) -> list[Word]:
    """The two texts as one, with what was taken away and what was put in marked."""
    if before == after:
        return [Word(after)] if after else []
    old, new = _pieces(before, after)
    found: list[Word] = []
    for operation, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            found.append(Word("".join(new[new_from:new_to])))
            continue
        if old_to > old_from:
            found.append(Word("".join(old[old_from:old_to]), "removed"))
        if new_to > new_from:
            found.append(Word("".join(new[new_from:new_to]), "added"))
    return found


def _pieces(before: str, after: str) -> tuple[list[str], list[str]]:
    pieces = TOKEN.findall(before), TOKEN.findall(after)
    if max(map(len, pieces)) <= MOST_WORDS:
        return pieces
    return before.splitlines(keepends=True), after.splitlines(keepends=True)


def rows(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> list[Row]:
    """The rows of both tables: each new row beside the old one that is most like it, then those that are gone."""
    partner = _matched(before, after)
    found = []
    for at, row in enumerate(after):
        if at not in partner:
            found.append(Row("added", [[Word(cell, "added")] if cell else [] for cell in row]))
            continue
        old = before[partner[at]]
        state: State = "same" if list(old) == list(row) else "changed"
        found.append(Row(state, [words(_cell(old, column), cell) for column, cell in enumerate(row)]))
    gone = [row for at, row in enumerate(before) if at not in partner.values()]
    return found + [Row("removed", [[Word(cell, "removed")] if cell else [] for cell in row]) for row in gone]


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _matched(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> dict[int, int]:
    """Which old row each new row was: the same first, then the most alike, each used once."""
    likeness = sorted(
        (
            (-_alike(old, new), abs(old_at - new_at), new_at, old_at)
            for old_at, old in enumerate(before)
            for new_at, new in enumerate(after)
        ),
    )
    partner: dict[int, int] = {}
    for less, _far, new_at, old_at in likeness:
        if -less >= ALIKE and new_at not in partner and old_at not in partner.values():
            partner[new_at] = old_at
    return partner


def _alike(old: Sequence[str], new: Sequence[str]) -> float:
    """The share of cells that two rows have in common; a cell that is nearly the same counts for that much."""
    if list(old) == list(new):
        return 2.0
    pairs = list(zip(old, new, strict=False))
    shares = [1.0 if one == other else SequenceMatcher(None, one, other).quick_ratio() / 2 for one, other in pairs]
    return sum(shares) / max(len(old), len(new), 1)


@dataclass(frozen=True)
class _Said:
    """What a field says in one version."""

    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def _fields(sections: Iterable[dict[str, Any]]) -> dict[str, dict[str, _Said]]:
    """Every field of a paper, by part and label. A row that is told by itself comes back as a row of its table."""
    parts: dict[str, dict[str, _Said]] = {}
    told = parts.setdefault("", {})
    for section in sections:
        title = str(section.get("title") or "")
        if section.get("level", 2) == 2:
            told = parts.setdefault(title, {})
        if section.get("one"):
            _add_row(told, title.rpartition(", ")[0], section["rows"])
            continue
        for label, value in section.get("rows") or ():
            told[_free(told, str(label))] = _Said(_text(value))
        if table := section.get("table"):
            kept = tuple(tuple(_text(cell) for cell in row) for row in table.get("rows") or ())
            told[_free(told, title)] = _Said(columns=tuple(map(str, table["columns"])), rows=kept)
        elif "text" in section or "items" in section:
            text = section.get("text") or "\n".join(map(str, section.get("items") or ()))
            told[_free(told, title)] = _Said(_text(text).replace("  \n", "\n"))
    return parts


def _add_row(told: dict[str, _Said], label: str, pairs: Iterable[Sequence[Any]]) -> None:
    pairs = list(pairs)
    before = told.get(label, _Said())
    columns = before.columns or tuple(str(column) for column, _value in pairs)
    told[label] = _Said(columns=columns, rows=(*before.rows, tuple(_text(value) for _column, value in pairs)))


def _free(told: dict[str, _Said], label: str) -> str:
    """A label that is not taken: a part may say the same words over two answers."""
    count, free = 1, label
    while free in told:
        count += 1
        free = f"{label} ({count})"
    return free


def _text(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "")


def of(before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]], aside: Collection[str] = ()) -> list[Part]:
    """What differs between two versions' sections, in the order of the later one; what is the same is left out.

    Fields in `aside` are left out too: what the portal told of something else on the day.
    """
    old, new = _fields(before), _fields(after)
    found = []
    for title in [*new, *(title for title in old if title not in new)]:
        was, now = old.get(title, {}), new.get(title, {})
        labels = [label for label in (*now, *(gone for gone in was if gone not in now)) if label not in aside]
        differing = [
            _field(label, was.get(label), now.get(label)) for label in labels if was.get(label) != now.get(label)
        ]
        if differing:
            found.append(Part(title, differing))
    return found


def _field(label: str, was: _Said | None, now: _Said | None) -> Field:
    state: State = "added" if was is None else "removed" if now is None else "changed"
    old, new = was or _Said(), now or _Said()
    if not old.columns and not new.columns:
        return Field(label, state, words=words(old.text, new.text))
    columns = list(new.columns or old.columns)
    return Field(label, state, columns=columns, rows=rows(_along(old, columns), _along(new, columns)))


def _along(said: _Said, columns: list[str]) -> list[list[str]]:
    """The rows with these columns, in this order: an optional column may be left out of one version."""
    return [[_named(dict(zip(said.columns, row, strict=False)))(column) for column in columns] for row in said.rows]


def _named(row: dict[str, str]) -> Callable[[str], str]:
    return lambda column: row.get(column, "")
