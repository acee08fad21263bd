"""The fund's page for every reader: where the money stands on any day, and the entries behind each figure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import books, charts, funds, history, ledger, proof
from fundportal.fields import whole_number
from fundportal.models import Case, Entry, EntryKind, Fund
from fundportal.process import Role
from fundportal.views.door import person

PAGE = 50
SHOWN_YEARS = 12
"""How many years the chart draws; the table has them all."""

KINDS: dict[str, tuple[EntryKind, ...]] = {
    # letter: the kinds of entries behind it
    "D": tuple(kind for kind in EntryKind if kind != EntryKind.PAID),
    "S": (EntryKind.RESERVED, EntryKind.DISSOLVED, EntryKind.PAID, EntryKind.HANDED_BACK, EntryKind.REPAID),
    "K": (EntryKind.GRANTED, EntryKind.REDUCED, EntryKind.RELEASED, EntryKind.PAID),
    "R": (EntryKind.RESERVED, EntryKind.DISSOLVED),
    "B": (EntryKind.GRANTED, EntryKind.REDUCED),
    "U": (EntryKind.PAID,),
    "Lo": (EntryKind.RELEASED,),
    "Lu": (EntryKind.HANDED_BACK,),
    "A": (EntryKind.REPAID,),
}


def chosen(request: HttpRequest) -> Fund:
    """The fund that the address names, or the first."""
    asked = whole_number(request.GET.get("fond", ""))
    rows = Fund.objects.order_by("pk")
    fund = rows.first() if asked is None else rows.filter(pk=asked).first()
    if fund is None:
        raise Http404
    return fund


def asked_day(request: HttpRequest) -> date | None:
    """The day that the address names, when it is one; none means now."""
    try:
        return date.fromisoformat(request.GET.get("den", "").strip())
    except ValueError:
        return None


def entries_of(fund: Fund, letter: str, on: date | None = None, **more: object) -> str:
    """The address of the entries behind a figure."""
    asked = {"fond": fund.pk, "post": letter, **({"den": on.isoformat()} if on else {}), **more}
    return f"{reverse('fund_entries')}?{urlencode(asked)}"


def figures(position: ledger.Position, fund: Fund, on: date | None = None) -> dict[str, dict[str, Any]]:
    """Every figure by its letter, with its name, its formula and the address of its entries."""
    return {
        letter: {
            "letter": letter,
            "name": books.NAMES[letter][0],
            "how": books.NAMES[letter][1],
            "value": value,
            "url": entries_of(fund, letter, on),
        }
        for letter, value in books.letters(position).items()
    }


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The fund now or on a day one chooses, its development over the years, and whether the books are proved."""
    fund, user, on = chosen(request), person(request), asked_day(request)
    position = ledger.position(fund, on=on)
    found = figures(position, fund, on)
    roles = user.grants.everywhere
    context = {
        "fund": fund,
        "on": on,
        "today": timezone.localdate(),
        "wrong_day": bool(request.GET.get("den", "").strip()) and on is None,
        "typed_day": request.GET.get("den", ""),
        "funds": list(Fund.objects.order_by("pk")),
        "main": [found[letter] for letter in ("D", "S", "K")],
        "rest": [found[letter] for letter in ("R", "B", "U", "Lo", "Lu", "A")],
        "holds": position.booked == position.available + position.earmarked,
        "closed": funds.closed_because(fund),
        "rules": funds.rules(fund, on or timezone.localdate()),
        "proof": proof.newest(fund),
        "held": proof.last_held(fund),
        "locked_until": ledger.locked_until(fund),
        "sees_differences": bool(roles & {Role.CONTROLLER, Role.AUDITOR}),
        "controller": Role.CONTROLLER in roles,
        "keeper": bool(roles & set(funds.RULES)),
        "locker": bool(roles & set(books.LOCKERS)),
        "events": [history.line(event) for event in fund.events.prefetch_related("entries").order_by("-no")[:5]],
        **_division(fund, position, on),
        **_development(fund),
    }
    return render(request, "fund/overview.html", context)


def _division(fund: Fund, position: ledger.Position, on: date | None) -> dict[str, Any]:
    """Where the money is, as a bar; what is asked for is known only of today."""
    under_way = min(funds.applied_for(fund), position.available) if on is None else Decimal(0)
    out = max(position.paid - position.handed_back - position.repaid, Decimal(0))
    bar = [
        charts.Part(_("Utbetalt, inte återfört"), out, "c1", entries_of(fund, "U", on)),
        charts.Part(_("Beviljat, inte utbetalt"), position.earmarked, "c2", entries_of(fund, "K", on)),
        charts.Part(_("Kvar att söka"), position.available - under_way, "c4", entries_of(fund, "D", on)),
    ]
    if on is None:
        bar.insert(2, charts.Part(_("Sökt i ansökningar under beredning"), under_way, "c3"))
    title = _("Så fördelas det som reserverats. Siffrorna står i listan nedanför.")
    return {"bar": charts.stacked(bar, title) if any(part.value for part in bar) else "", "legend": charts.legend(bar)}


def _development(fund: Fund) -> dict[str, Any]:
    """How the three figures stood at each year's end, and what was granted, paid and repaid in it."""
    sums: dict[str, Decimal] = {}
    ends: dict[int, ledger.Position] = {}
    for month, kinds in ledger.by_month(fund):
        for kind, amount in kinds.items():
            sums[kind] = sums.get(kind, Decimal(0)) + amount
        ends[month.year] = ledger.told(sums)
    if not ends:
        return {"years": []}
    first, last = min(ends), max(*ends, timezone.localdate().year)
    for year in range(first, last + 1):
        ends.setdefault(year, ends.get(year - 1, ledger.told({})))
    rows = [(year, ends[year], ends.get(year - 1, ledger.told({}))) for year in range(first, last + 1)]
    drawn = rows[-SHOWN_YEARS:]
    series = [
        charts.Series(_("Disponibelt"), [now.available for _year, now, _before in drawn], "c1"),
        charts.Series(_("Intecknat"), [now.earmarked for _year, now, _before in drawn], "c2"),
    ]
    labels = [str(year) for year, _now, _before in drawn]
    return {
        "stood": any(value for each in series for value in each.values),
        "chart": charts.columns(labels, series, _("Disponibelt och intecknat vid varje års slut")),
        "key": charts.key(series),
        "years": [
            {
                "year": year,
                "day": date(year, 12, 31),
                "now": now,
                "granted": now.granted - before.granted,
                "paid": now.paid - before.paid,
                "handed_back": now.released + now.handed_back - before.released - before.handed_back,
                "released": now.released - before.released,
                "returned": now.handed_back - before.handed_back,
                "repaid": now.repaid - before.repaid,
            }
            for year, now, before in reversed(rows)
        ],
    }


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The entries behind a figure, the newest first. A case is named only to those who may see it."""
    fund, user, on = chosen(request), person(request), asked_day(request)
    letter = request.GET.get("post", "")
    name, how = books.NAMES.get(letter, (_("Alla poster"), ""))
    year = whole_number(request.GET.get("bokfort", ""), 4)
    rows = _of_year(_booked(fund, KINDS.get(letter, tuple(EntryKind)), on), year)
    shown, more = _page(rows, request.GET.get("fore", ""))
    visible = Case.objects.visible_to(user).filter(pk__in={entry.case_id for entry in shown}).in_bulk()
    asked: dict[str, object] = {"bokfort": year} if year else {}
    last = f"{shown[-1].booked_on.isoformat()}.{shown[-1].pk}" if shown else ""
    context = {
        "fund": fund,
        "letter": letter,
        "name": name,
        "how": how,
        "on": on,
        "year": year,
        "figure": figures(ledger.position(fund, on=on), fund).get(letter) if not year else None,
        "entries": [(entry, history.title(entry.event), visible.get(entry.case_id or 0)) for entry in shown],
        "controller": Role.CONTROLLER in user.grants.everywhere,
        "next": entries_of(fund, letter, on, **asked, fore=last) if more else "",
        "first": entries_of(fund, letter, on, **asked) if request.GET.get("fore") else "",
    }
    return render(request, "fund/entries.html", context)


def _booked(fund: Fund, kinds: tuple[EntryKind, ...], on: date | None) -> QuerySet[Entry]:
    rows = Entry.objects.filter(fund=fund).select_related("event", "namnd", "grant", "reverses", "reversed_by")
    if len(kinds) < len(EntryKind):
        rows = rows.filter(kind__in=kinds)
    return rows if on is None else rows.filter(booked_on__lte=on)


def _of_year(rows: QuerySet[Entry], year: int | None) -> QuerySet[Entry]:
    if year is None or not 1900 <= year <= 2999:
        return rows
    return rows.filter(booked_on__gte=date(year, 1, 1), booked_on__lt=date(year, 12, 31) + timedelta(days=1))


def _page(rows: QuerySet[Entry], before: str) -> tuple[list[Entry], bool]:
    """A page of entries from the one that the address names, and whether there are more."""
    day, _dot, number = before.partition(".")
    pk = whole_number(number)
    try:
        at = date.fromisoformat(day)
    except ValueError:
        pk = None
    if pk is not None:
        rows = rows.filter(Q(booked_on__lte=at) & (Q(booked_on__lt=at) | Q(pk__lt=pk)))
    found = list(rows.order_by("-booked_on", "-id")[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE
