"""What a list of booked vouchers says, row by row, and what each row would come to. Nothing is stored here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Requisition, VoucherRow
from fundportal.errors import Refused
from fundportal.fields import parse_number
from fundportal.formatting import in_words, kronor
from fundportal.models import Case, Fund, User

Result = VoucherRow.Result
HEADINGS = {"referens": "reference", "verifikation": "voucher", "bokföringsdag": "booked_on", "belopp": "amount"}
MOST = 20_000
"""So many rows in one file, and no more."""
REFERENCE = re.compile(r"(SIF-\d{4}-\d{3,})-R(\d{1,5})")


@dataclass(frozen=True)
class Typed:
    """A row as the file has it."""

    line: int
    reference: str
    voucher: str
    booked_on: str
    amount: str


@dataclass(frozen=True)
class Judged(Typed):
    """A row and what it comes to; what was read of it when it can be booked."""

    result: str = Result.UNREADABLE
    reason: str = ""
    requisition: Requisition | None = None
    kronor: Decimal = Decimal(0)
    day: date | None = None


def decoded(content: bytes) -> str:
    """The text of a file, in UTF-8 with or without BOM or as Swedish Windows writes it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str) -> list[Typed]:
    """The rows of a file with semicolons, commas or tabs. Raises `Refused` when its headings are not the right ones."""
    lines = text.lstrip("\ufeff").replace("\x00", "").splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(";\t,", key=first.count)
    table = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)
    try:
        heads = [HEADINGS.get(cell.strip().lower(), "") for cell in next(table, [])]
        missing = [name for name, field in HEADINGS.items() if field not in heads]
        if missing:
            raise Refused(_("Filen saknar %s i rubrikraden. Se vilka kolumner som behövs nedan.") % in_words(missing))
        found = [
            Typed(
                table.line_num,
                **{name: cells[at].strip() if at < len(cells) else "" for at, name in enumerate(heads) if name},
            )
            for cells in table
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error:
        raise Refused(_("Filen går inte att läsa som CSV.")) from None
    if not found:
        raise Refused(_("Filen har inga rader under rubrikraden."))
    if len(found) > MOST:
        raise Refused(_("Filen har för många rader. Högst %(most)d rader kan läsas in på en gång.") % {"most": MOST})
    return found


def judge(user: User, fund: Fund, rows: Iterable[Typed]) -> list[Judged]:
    """What each row comes to: two questions to the database, however many rows."""
    told = [_understood(row) for row in rows]
    keys = {match.groups() for row in told if (match := REFERENCE.fullmatch(row.reference))}
    visible = Case.objects.visible_to(user).filter(fund=fund, number__in={number for number, _no in keys})
    asked = Requisition.objects.filter(case__in=visible).select_related("case", "namnd", "approved")
    known = {it.reference: it for it in asked}
    seen: set[str] = set()
    found = []
    for row in told:
        found.append(_against(row, known.get(row.reference), user, again=row.reference in seen))
        seen.add(row.reference)
    return found


def _understood(row: Typed) -> Judged:
    """The amount and the day of a row, or why they cannot be read."""
    it = Judged(row.line, row.reference.upper(), row.voucher, row.booked_on, row.amount)
    try:
        amount = parse_number(row.amount)
    except InvalidOperation:
        return replace(it, reason=_("Beloppet går inte att läsa."))
    day = _day(row.booked_on)
    if day is None:
        return replace(it, reason=_("Bokföringsdagen går inte att läsa. Skriv den som 2027-03-01."))
    if day > timezone.localdate():
        return replace(it, reason=_("Bokföringsdagen ligger framåt i tiden."))
    if not row.voucher or len(row.voucher) > 40:
        return replace(it, reason=_("Verifikationsnumret saknas eller är längre än 40 tecken."))
    return replace(it, result=Result.MATCHED, kronor=amount, day=day)


def _day(text: str) -> date | None:
    typed = text.strip()
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _against(row: Judged, asked: Requisition | None, user: User, *, again: bool) -> Judged:
    """The row beside the requisition that it names."""
    if row.result != Result.MATCHED:
        return row
    if asked is None:
        return replace(row, result=Result.UNKNOWN, reason=_("Ingen rekvisition i fonden har referensen."))
    row = replace(row, requisition=asked)
    if again:
        return replace(row, result=Result.REPEATED, reason=_("Referensen står på en tidigare rad i filen."))
    return _beside(row, asked, user)


def _beside(row: Judged, asked: Requisition, user: User) -> Judged:
    if asked.status == Requisition.Status.PAID:
        same = asked.voucher == row.voucher and asked.paid == row.kronor
        said = "" if same else _("Bokförd som %(voucher)s, %(paid)s.")
        return replace(
            row, result=Result.ALREADY, reason=said and said % {"voucher": asked.voucher, "paid": kronor(asked.paid)}
        )
    if asked.status != Requisition.Status.APPROVED or asked.approved is None:
        said = _("Rekvisitionen är inte godkänd: %s.") % str(asked.get_status_display()).lower()
        return replace(row, result=Result.DIFFERS, reason=said)
    if asked.approved_amount != row.kronor:
        said = _("%(approved)s är godkänt. Rätta filen, eller bokför för hand om det är en delbetalning.")
        return replace(row, result=Result.DIFFERS, reason=said % {"approved": kronor(asked.approved_amount)})
    if user.pk in (asked.approved.by_id, asked.approved.on_behalf_of_id):
        return replace(row, result=Result.REFUSED, reason=_("Du har själv godkänt den. En annan controller läser in."))
    return row
