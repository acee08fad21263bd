"""The fund's books: reconcile them with the accounting system, lock a year, correct an entry.

Delår is 31 August and helår 31 December (domain: the city's calendar of bokslut). A year is locked by someone else than
the one who reconciled it, and is never opened again: what was wrong is corrected by a new entry this year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import documents, formatting, funds, ledger, proof
from fundportal.errors import Refused
from fundportal.formatting import kronor
from fundportal.models import Entry, Event, Fund, PeriodLock, User
from fundportal.process import Role

LOCKERS = (Role.CONTROLLER, Role.DIRECTOR)


@dataclass(frozen=True)
class Row:
    """A line of the reconciliation: what stood when the year began, what has happened since, and what stands now."""

    letter: str
    name: str
    how: str
    opening: Decimal
    closing: Decimal

    @property
    def change(self) -> Decimal:
        """What the period has changed."""
        return self.closing - self.opening


def letters(position: ledger.Position) -> dict[str, Decimal]:
    """A position by the letters of the formulas, in the order they are read."""
    return {
        "R": position.reserved,
        "B": position.granted,
        "U": position.paid,
        "Lo": position.released,
        "Lu": position.handed_back,
        "A": position.repaid,
        "D": position.available,
        "S": position.booked,
        "K": position.earmarked,
    }


NAMES = {
    "R": ("Reserverat", "Reserverat minus upplöst"),
    "B": ("Beviljat", "Beviljat med ändringar"),
    "U": ("Utbetalt", "Rekvirerat och utbetalt"),
    "Lo": ("Återlämnat, aldrig utbetalt", "Beviljat som frigjorts"),
    "Lu": ("Återlämnat, tidigare utbetalt", "Oanvänt som betalats tillbaka, ingen besparing"),
    "A": ("Återfört", "Besparing som återförts vid bokslut"),
    "D": ("Disponibelt", "D = R − B + Lo + Lu + A"),
    "S": ("Bokfört saldo", "S = R − U + Lu + A"),
    "K": ("Intecknat", "K = B − Lo − U"),
}
"""What each letter is called and how it is reckoned, in Swedish as everywhere in the papers."""


def table(fund: Fund, on: date) -> list[Row]:
    """The reconciliation on a day: opening, change and closing of every figure."""
    before = letters(ledger.position(fund, on=date(on.year, 1, 1) - timedelta(days=1)))
    after = letters(ledger.position(fund, on=on))
    return [Row(letter, *NAMES[letter], before[letter], after[letter]) for letter in NAMES]


def period(on: date) -> str:
    """What the reconciliation of a day is called."""
    return _("Helårsavstämning") if (on.month, on.day) == (12, 31) else _("Delårsavstämning")


def reconcile(
    fund: Fund,
    user: User,
    at: datetime,
    *,
    on: date,
    accounting: Decimal,
    explanation: str = "",
    key: UUID | None = None,
) -> Event:
    """Hold the booked balance (S) on a day against the accounting system's and explain a difference. Makes a paper."""
    if on > timezone.localdate(at):
        raise Refused(_("Avstämningsdagen kan inte ligga framåt i tiden."), field="on")

    def body(event: Event, locked: Fund) -> None:
        booked = ledger.position(locked, on=on).booked
        if booked != accounting and len(explanation.strip()) < 10:
            raise Refused(
                _(
                    "Redovisningen visar %(theirs)s och fonden %(ours)s. "
                    "Förklara skillnaden på %(difference)s med minst tio tecken."
                )
                % {
                    "theirs": kronor(accounting),
                    "ours": kronor(booked),
                    "difference": kronor(accounting - booked),
                },
                field="explanation",
            )
        title = f"{period(on)} {on.isoformat()}: {locked.name}"
        documents.freeze(
            event,
            "fund_reconciliation",
            title,
            content(locked, on, accounting, explanation.strip()),
            "pdf/fund.html",
            f"bocker/{on.isoformat()}",
        )

    given = {
        "day": on,
        "booked": ledger.position(fund, on=on).booked,
        "accounting": accounting,
        "explanation": explanation.strip(),
    }
    return funds.act("reconcile_fund", fund, user, at, given, body, key=key)


def content(fund: Fund, on: date, accounting: Decimal, explanation: str) -> dict[str, Any]:
    """The reconciliation as a paper."""
    rows = table(fund, on)
    booked = next(row.closing for row in rows if row.letter == "S")
    lines = [
        [f"{row.name} ({row.letter})", row.how, kronor(row.opening), kronor(row.change), kronor(row.closing)]
        for row in rows
    ]
    return {
        "lead": _("%(period)s per den %(day)s. Alla belopp i kronor, räknade ur fondens huvudbok.")
        % {"period": period(on), "day": formatting.day(on)},
        "sections": [
            {
                "title": _("Fondens siffror"),
                "table": {
                    "columns": [
                        _("Siffra"),
                        _("Vad den är"),
                        _("Vid årets början"),
                        _("Förändring"),
                        formatting.day(on),
                    ],
                    "rows": lines,
                },
            },
            {
                "title": _("Mot redovisningen"),
                "rows": [
                    [_("Bokfört saldo i fonden (S)"), kronor(booked)],
                    [_("Bokfört saldo i redovisningen"), kronor(accounting)],
                    [_("Skillnad"), kronor(accounting - booked)],
                    [_("Förklaring"), explanation or _("Ingen skillnad")],
                ],
            },
            {
                "title": _("Kontroll"),
                "rows": [
                    [_("S = D + K"), _("Stämmer")],
                    [_("Senaste korsprövning mot besluten"), proof.in_words(fund)],
                    [_("Låst till och med år"), str(ledger.locked_until(fund) or _("Inget år"))],
                ],
            },
        ],
    }


def reconciliations(fund: Fund) -> list[Event]:
    """Every reconciliation of the fund, the newest first, with its paper."""
    rows = fund.events.filter(action="reconcile_fund").prefetch_related("documents").order_by("-no")
    return list(rows[:40])


def lock_year(fund: Fund, user: User, at: datetime, *, year: int, key: UUID | None = None) -> Event:
    """Close the books of a year and those before, by another than the one who made its helårsavstämning."""
    if year >= timezone.localdate(at).year:
        raise Refused(_("Ett år låses när det är slut."), field="year")

    def body(event: Event, locked: Fund) -> None:
        if reasons := not_lockable(locked, user, year):
            raise Refused(*reasons, field="year")
        PeriodLock.objects.create(fund=locked, year=year, event=event)

    position = ledger.position(fund, on=date(year, 12, 31))
    given = {
        "year": year,
        "available": position.available,
        "booked": position.booked,
        "earmarked": position.earmarked,
    }
    return funds.act("lock_year", fund, user, at, given, body, key=key, roles=LOCKERS)


def not_lockable(fund: Fund, user: User, year: int) -> list[str]:
    """What stands in the way of locking a year, in words."""
    if year <= (ledger.locked_until(fund) or 0):
        return [_("Böckerna för %d är redan låsta.") % year]
    done = fund.events.filter(action="reconcile_fund", data__day=date(year, 12, 31).isoformat()).order_by("-no").first()
    if done is None:
        return [_("Stäm först av fonden per den 31 december %d.") % year]
    if done.by_id == user.pk or done.on_behalf_of_id == user.pk:
        return [_("Du har själv stämt av %d. Någon annan låser året (fyra ögon).") % year]
    booked = ledger.position(fund, on=date(year, 12, 31)).booked
    if Decimal(str(done.data["booked"])) != booked:
        return [_("Poster har bokförts på %d efter avstämningen. Stäm av en gång till.") % year]
    return []


def lockable(fund: Fund, today: date) -> list[int]:
    """Years that are over, have entries and are not locked, the oldest first."""
    locked = ledger.locked_until(fund) or 0
    booked = {month.year for month, _sums in ledger.by_month(fund)}
    return sorted(year for year in booked if locked < year < today.year)


def correct(fund: Fund, user: User, at: datetime, *, entry: Entry, reason: str, key: UUID | None = None) -> Event:
    """Mirror a wrong entry of the fund's own (a reservation, a central grant's). Never by the one who booked it.

    An entry of a case is corrected in the case: its payments by the act there, its grant by a change.
    """
    if len(reason.strip()) < 10:
        raise Refused(_("Skriv vad som var fel, med minst tio tecken."))
    if entry.case_id is not None or entry.fund_id != fund.pk:
        raise Refused(_("Posten hör till ett ärende och rättas där."))
    if entry.event.by_id == user.pk:
        raise Refused(_("Du har själv bokfört posten. Någon annan controller rättar den (fyra ögon)."))

    def body(event: Event, locked: Fund) -> None:
        ledger.reverse(event, entry, text=reason.strip()[:200])

    given = {
        "entry": entry.pk,
        "kind": entry.kind,
        "amount": entry.amount,
        "grant": entry.grant.number if entry.grant else None,
        "reason": reason.strip(),
    }
    return funds.act("correct_entry", fund, user, at, given, body, key=key)


def usual_days(today: date) -> list[date]:
    """The last delår (31 August) and helår (31 December) before a day, the newest first."""
    days = [date(year, month, 31) for year in (today.year, today.year - 1) for month in (12, 8)]
    return [day for day in days if day <= today][:2]
