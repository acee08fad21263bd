"""What leaves the system as files: lists of cases, events, and one case whole, as CSV and JSON.

A file is written to disk row by row, hashed as it grows and entered in the export log before its first byte leaves: so
memory stays small and nothing leaves unlogged. CSV is UTF-8 with BOM and semicolons; amounts are text, never floats.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import chain, history, xlsx
from fundportal.access import INTERNAL
from fundportal.errors import Refused
from fundportal.models import Bulk, BulkItem, Case, Document, Entry, Event, ExportLog, Upload, User
from fundportal.process import STEPS, Role, Stage, Step

BOM = "\ufeff"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
LISTS = {Role.AUDITOR, Role.OFFICER, Role.CONTROLLER}
WHOLE_CASES = {Role.AUDITOR}
KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
TABLES = KINDS | {"xlsx": xlsx.CONTENT_TYPE}
"""What a table that a page has put together may leave as; lists of any length only as the others."""


def refuse_lists(user: User) -> str | None:
    """Why a person may not take out lists, or nothing."""
    if user.grants.everywhere & LISTS:
        return None
    return _("Listor exporteras av revisorer, handläggare och controllrar. Den rollen har inte du.")


def refuse_cases(user: User) -> str | None:
    """Why a person may not take out whole cases or their events, or nothing."""
    if user.grants.everywhere & WHOLE_CASES:
        return None
    return _("Ärendens hela historik exporteras av revisorer. Den rollen har inte du.")


def safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula. Amounts have a decimal comma; moments tell their offset."""
    match value:
        case None:
            return ""
        case bool():
            return _("ja") if value else _("nej")
        case Decimal():
            return amount(value).replace(".", ",")
        case int():
            return str(value)
        case datetime():
            return timezone.localtime(value).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def amount(value: Decimal) -> str:
    """Kronor as exact text: 8400000, or 8400000.50 when there are ören."""
    return str(value.quantize(Decimal(1))) if value == value.to_integral_value() else f"{value:.2f}"


def plain(value: Any) -> Any:
    """A value as JSON says it."""
    match value:
        case Decimal():
            return amount(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return value


@dataclass(frozen=True)
class Column:
    """One column: its heading, its key in JSON, and where its value is in a row."""

    label: str
    key: str
    field: str
    say: Callable[[Any], Any] | None = None
    words: Callable[[Any], Any] | None = None
    """How a code is told where people read it, in CSV; JSON keeps the code."""

    def told(self, row: dict[str, Any]) -> Any:
        """The value of the column in a row, in words."""
        value = self.of(row)
        return self.words(value) if self.words and value else value

    def of(self, row: dict[str, Any]) -> Any:
        """The value of the column in a row."""
        value = row[self.field]
        return self.say(value) if self.say and value not in (None, "") else value


def _step(value: str) -> str:
    return str(Step(value).label) if value in Step.values else value


def _role(value: str) -> str:
    return str(Role(value).label) if value in Role.values else value


def _stage(value: str) -> str:
    stage = STEPS[Step(value)].stage
    return str(Stage(stage).label) if stage else ""


def _act(value: str) -> str:
    return history.title(Event(action=value))


CASE_COLUMNS = (
    Column("Ärendenummer", "number", "number"),
    Column("Rubrik", "title", "title"),
    Column("Skede", "stage", "step", _stage),
    Column("Steg", "step", "step", _step),
    Column("Projektägare", "owner", "owner__name"),
    Column("Omgång", "round", "round__name"),
    Column("Handläggare", "officer", "officer__email"),
    Column("Sökt belopp, kr", "requested", "requested"),
    Column("Första året", "first_year", "first_year"),
    Column("Sista året", "last_year", "last_year"),
    Column("Skapat", "created_at", "created_at"),
    Column("Inlämnat", "submitted_at", "submitted_at"),
    Column("Kom till steget", "entered_at", "entered_at"),
    Column("Frist", "due_on", "due_on"),
    Column("Avslutat", "closed_at", "closed_at"),
    Column("Avslutsorsak", "closed_because", "closed_because"),
    Column("Arkiverat", "archived_at", "archived_at"),
)
EVENT_COLUMNS = (
    Column("Ärendenummer", "case", "case__number"),
    Column("Nummer", "no", "no"),
    Column("När", "at", "at"),
    Column("Åtgärdens kod", "action", "action"),
    Column("Händelse", "title", "action", _act),
    Column("Person", "by_name", "by_name"),
    Column("Roll", "role", "role", words=_role),
    Column("Från steg", "from", "from_step", words=_step),
    Column("Till steg", "to", "to_step", words=_step),
    Column("Registrerad", "recorded_at", "recorded_at"),
    Column("Text som kontrollsumman gäller", "body", "body"),
    Column("Kontrollsumma (sha256)", "sha256", "hash"),
)


def rows_of(rows: QuerySet[Any], columns: Iterable[Column]) -> Iterator[dict[str, Any]]:
    """Light rows, a part of them at a time."""
    return rows.values(*dict.fromkeys(column.field for column in columns)).iterator(chunk_size=2000)


def as_csv(rows: Iterable[dict[str, Any]], columns: Iterable[Column]) -> Iterator[str]:
    """Lines of a CSV that Swedish Excel opens as it is."""
    columns = tuple(columns)
    yield BOM + _line([column.label for column in columns])
    for row in rows:
        yield _line([safe(column.told(row)) for column in columns])


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def as_json(rows: Iterable[dict[str, Any]], columns: Iterable[Column]) -> Iterator[str]:
    """A JSON list, one object to a line."""
    columns, first = tuple(columns), True
    yield "["
    for row in rows:
        yield ("\n" if first else ",\n") + _dump({column.key: plain(column.of(row)) for column in columns})
        first = False
    yield "\n]\n"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


@dataclass
class File:
    """A file that is ready to leave, and how many rows it has."""

    file: IO[bytes]
    rows: int
    sha256: str


def write(parts: Iterable[str | bytes]) -> tuple[IO[bytes], str]:
    """Write to a file that vanishes when it is closed; gives it rewound, with its hash."""
    digest = hashlib.sha256()
    out = tempfile.TemporaryFile()  # noqa: SIM115 -- it is read, and closed, by the answer
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(data)
        out.write(data)
    out.seek(0)
    return out, digest.hexdigest()


class Counted:
    """Rows, counted as they pass."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        """Counts from nothing."""
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Each row once."""
        for row in self.rows:
            self.count += 1
            yield row


def take_out(
    user: User,
    at: datetime,
    what: str,
    filters: dict[str, str],
    rows: QuerySet[Any],
    columns: Iterable[Column],
    kind: str,
    **about: Case | Bulk,
) -> File:
    """Write a list and enter it in the log; the file leaves after.

    `about` is the one `case` that it is of, or the `bulk` whose cases it holds: so that the case can tell of it.
    """
    if reason := refuse_lists(user):
        raise Refused(reason)
    counted = Counted(rows_of(rows, columns))
    made = as_csv(counted, columns) if kind == "csv" else as_json(counted, columns)
    file, sha256 = write(made)
    ExportLog.objects.create(user=user, at=at, what=what, filters=filters, rows=counted.count, sha256=sha256, **about)
    return File(file, counted.count, sha256)


def take_out_rows(
    user: User,
    at: datetime,
    what: str,
    rows: Sequence[dict[str, Any]],
    columns: Iterable[Column],
    kind: str,
    *,
    case: Case | None = None,
    filters: dict[str, str] | None = None,
    sheet: str = "",
) -> File:
    """Write rows that a page has put together and enter them in the log; whoever asks has seen to the right.

    `kind` is one of `TABLES`; `case` is the one they are of, if they are of one; `sheet` names the workbook's only
    sheet.
    """
    columns = tuple(columns)
    if kind == "xlsx":
        cells = [[row[column.field] for column in columns] for row in rows]
        file, sha256 = write([xlsx.workbook(sheet or what, [str(column.label) for column in columns], cells)])
    else:
        file, sha256 = write(as_csv(rows, columns) if kind == "csv" else as_json(rows, columns))
    ExportLog.objects.create(
        user=user, at=at, what=what[:200], filters=filters or {}, rows=len(rows), sha256=sha256, case=case
    )
    return File(file, len(rows), sha256)


def headed(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> tuple[list[dict[str, Any]], list[Column]]:
    """Rows of cells under a heading, as `take_out_rows` wants them: rows and columns."""
    columns = [Column(label, str(place), str(place)) for place, label in enumerate(head)]
    return [{str(place): cell for place, cell in enumerate(row)} for row in rows], columns


def take_out_case(user: User, at: datetime, case: Case, kind: str) -> File:
    """One case: its events as CSV, or all of it as JSON; entered in the log before it leaves."""
    if reason := refuse_cases(user):
        raise Refused(reason)
    events = case.events.order_by("no")
    what = _("Ärende %(number)s, %(kind)s") % {"number": case.number, "kind": kind.upper()}
    if kind == "csv":
        return take_out(user, at, what, {}, events, EVENT_COLUMNS, kind, case=case)
    content = whole(case)
    file, sha256 = write([json.dumps(content, ensure_ascii=False, indent=1, default=str), "\n"])
    ExportLog.objects.create(
        user=user, at=at, what=what, filters={}, rows=len(content["events"]), sha256=sha256, case=case
    )
    return File(file, len(content["events"]), sha256)


def whole(case: Case) -> dict[str, Any]:
    """A case with all that can be checked: events with the text that was hashed, entries, papers' hashes."""
    return {
        "case": _one(Case.objects.filter(pk=case.pk), CASE_COLUMNS),
        "diarienummer": list(case.dnrs.values("authority", "dnr", "registered_on")),
        "parties": list(case.parties.order_by("id").values("namnd__name", "part", "since", "accepted_at")),
        "events": [
            {column.key: plain(column.of(row)) for column in EVENT_COLUMNS} | {"data": row["data"]}
            for row in case.events.order_by("no").values(*{column.field for column in EVENT_COLUMNS}, "data")
        ],
        "chain": {
            "how": "sha256 of body, UTF-8; body begins with the number and the hash before, one line each",
            "faults": [{"no": fault.no, "text": fault.text} for fault in chain.verify(case)],
        },
        "entries": [
            {name: plain(value) for name, value in row.items()}
            for row in Entry.objects.filter(case=case)
            .order_by("id")
            .values("id", "event__no", "kind", "source", "target", "amount", "at", "year", "use", "namnd__name", "text")
        ],
        "documents": list(
            Document.objects.filter(case=case).values(
                "kind", "title", "version", "event__no", "created_at", "content_sha256", "sha256", "size", "content"
            )
        ),
        "uploads": list(
            Upload.objects.filter(case=case, event__isnull=False).values(
                "name", "event__no", "at", "content_type", "size", "sha256"
            )
        ),
    }


def _one(rows: QuerySet[Case], columns: Iterable[Column]) -> dict[str, Any]:
    row = rows.values(*dict.fromkeys(column.field for column in columns))[0]
    return {column.key: plain(column.of(row)) for column in columns}


def log_for(user: User) -> QuerySet[ExportLog]:
    """The exports a person may know of: an auditor all, others their own."""
    rows = ExportLog.objects.select_related("user")
    return rows if Role.AUDITOR in user.grants.everywhere else rows.filter(user=user)


def log_of(case: Case, user: User) -> QuerySet[ExportLog]:
    """Who has taken the case out, alone or among many that were chosen; the city's own see all, others their own.

    A list of a whole filter names no cases, so it stands in the log of exports alone.
    """
    chosen = BulkItem.objects.filter(case=case, state=BulkItem.State.DONE).values("bulk")
    left = Q(bulk__in=chosen, filters__arenden__regex=rf"(^| ){re.escape(case.number)}( |$)")
    rows = ExportLog.objects.filter(Q(case=case) | left).select_related("user")
    return rows if sees_all(user) else rows.filter(user=user)


def sees_all(user: User) -> bool:
    """Whether a person knows of everyone's exports of a case: the city's own who handle it."""
    return bool(user.grants.everywhere & INTERNAL)
