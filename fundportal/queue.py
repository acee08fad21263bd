"""One service for everything that lists cases: the queue, its counts, search, the start page and exports.

Every question begins with `visible_to`. Pages are keyset pages: an address holds the place where the page begins, so
that the hundredth page costs what the first does. Counts stop at a cap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery
from django.db.models import CharField, F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThan, LessThan
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import counting
from fundportal.fields import whole_number
from fundportal.formatting import NOTHING, SwedishOrder, number
from fundportal.models import Case, Dnr, Namnd, User
from fundportal.models.case import BY_DUE, BY_REQUESTED, CaseQuerySet
from fundportal.process import ENDS, OPEN, STEPS, Role, Stage, Step

PAGE = 20
CAP = 1000
SMALL_CAP = 100
MOST = Decimal(10) ** 14
"""No amount that lists are sorted by is larger."""
SOON = 7
"""Days within which a deadline is near."""

WITH_APPLICANT = tuple(step for step in OPEN if STEPS[step].owner == Role.APPLICANT)
FOR_DECISION = tuple(step for step in OPEN if STEPS[step].owner == Role.DIRECTOR)
FOLLOW_UP = OPEN[OPEN.index(Step.IMPLEMENTATION) :]
CENTRAL = {Role.OFFICER, Role.COUNCIL, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR}


@dataclass(frozen=True)
class Order:
    """A way to sort: the expression (an index has the same), and how its value is written in an address."""

    by: Combinable
    label: StrOrPromise
    falling: bool = False
    kind: type[date | datetime | Decimal | str] = str

    def read(self, text: str) -> Any:
        """The value as the database compares it."""
        if issubclass(self.kind, date):
            return self.kind.fromisoformat(text)
        if self.kind is not Decimal:
            return text
        if abs(value := Decimal(text)) > MOST:  # InvalidOperation if it is no number at all
            raise ValueError(text)
        return value


ORDERS: dict[str, Order] = {
    "frist": Order(BY_DUE, _("Sorterade efter frist, tidigast först"), kind=date),
    "-frist": Order(BY_DUE, _("Sorterade efter frist, senast först"), falling=True, kind=date),
    "skapat": Order(F("created_at"), _("Sorterade efter ålder, äldst först"), kind=datetime),
    "-skapat": Order(F("created_at"), _("Sorterade efter ålder, nyast först"), falling=True, kind=datetime),
    "belopp": Order(BY_REQUESTED, _("Sorterade efter sökt belopp, lägst först"), kind=Decimal),
    "-belopp": Order(BY_REQUESTED, _("Sorterade efter sökt belopp, högst först"), falling=True, kind=Decimal),
    "rubrik": Order(SwedishOrder("title"), _("Sorterade efter rubrik, A till Ö")),
    "-rubrik": Order(SwedishOrder("title"), _("Sorterade efter rubrik, Ö till A"), falling=True),
}
DEFAULT_ORDER = "frist"

VIEWS: dict[str, tuple[StrOrPromise, Q]] = {
    "": (pgettext_lazy("ärenden", "Alla"), Q(step__in=OPEN)),
    "mina": (_("Mina"), Q(step__in=OPEN)),
    "otilldelade": (_("Inte tilldelade"), Q(step__in=OPEN, officer=None)),
    "beslut": (_("Beslut"), Q(step__in=FOR_DECISION)),
    "uppfoljning": (_("Uppföljning"), Q(step__in=FOLLOW_UP)),
    "sokande": (_("Hos sökanden"), Q(step__in=WITH_APPLICANT)),
    "avslutade": (_("Avslutade"), Q(step__in=ENDS)),
    "samtliga": (_("Öppna och avslutade"), Q()),
}
DUES: dict[str, StrOrPromise] = {
    "passerad": _("Passerad"),
    "snart": _("Inom 7 dagar"),
    "manad": _("Inom 30 dagar"),
    "ingen": _("Ingen frist"),
}


@dataclass(frozen=True)
class Wanted:
    """What a reader asks for, as it stands in the address. Anything unreadable counts as not asked for."""

    q: str = ""
    view: str = ""
    step: str = ""
    namnd: int | None = None
    round: int | None = None
    officer: str = ""
    due: str = ""
    sort: str = DEFAULT_ORDER
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, told: Mapping[str, str], *, view: str = "", sort: str = DEFAULT_ORDER) -> Wanted:
        """From an address's parameters; `view` and `sort` are what counts when none is asked for."""

        def one_of(name: str, known: Iterable[str], default: str = "") -> str:
            asked = told.get(name, default)
            return asked if asked in known else default

        return cls(
            q=clean(told.get("q", ""))[:200],
            view=one_of("vy", VIEWS, view),
            step=one_of("steg", {*Step.values, *map(str, Stage.values)}),
            namnd=whole_number(told.get("namnd", "")),
            round=whole_number(told.get("omgang", "")),
            officer="ingen"
            if told.get("handlaggare") == "ingen"
            else str(whole_number(told.get("handlaggare", "")) or ""),
            due=one_of("frist", DUES),
            sort=one_of("sort", ORDERS, sort),
            after=clean(told.get("efter", ""))[:400],
            before=clean(told.get("fore", ""))[:400],
        )

    @property
    def named(self) -> dict[str, str]:
        """The filters in use by their names in the address, the place left out."""
        told = {
            "vy": self.view,
            "q": self.q,
            "steg": self.step,
            "namnd": str(self.namnd or ""),
            "omgang": str(self.round or ""),
            "handlaggare": self.officer,
            "frist": self.due,
            "sort": "" if self.sort == DEFAULT_ORDER else self.sort,
        }
        return {name: value for name, value in told.items() if value}

    def address(self, **changed: Any) -> str:
        """The query of an address that asks for this, with changes; the place is left out unless it is given."""
        it = replace(self, **{"after": "", "before": "", **changed})
        told = it.named | {name: value for name, value in (("efter", it.after), ("fore", it.before)) if value}
        return "?" + urlencode(told) if told else "?"


def clean(text: str) -> str:
    """Typed text without characters that the database cannot hold."""
    return "".join(char for char in text if ord(char) >= 32).strip()


def words(text: str) -> SearchQuery | None:
    """The text as a search in the index: every word must begin something in the title or the number."""
    typed = re.findall(r"\w+", text.replace("_", " "))[:12]
    if not typed:
        return None
    return SearchQuery(" & ".join(f"'{word}':*" for word in typed), search_type="raw", config="swedish")


def matches(text: str) -> Q:
    """Cases that a typed text means: by words of the title, case number, diarienummer or name of the nämnd."""
    found = Q(number__startswith=text.upper())
    if query := words(text):
        found |= Q(haystack=query)
    if namnder := list(Namnd.objects.filter(name__icontains=text).values_list("pk", flat=True)[:50]):
        found |= Q(owner__in=namnder)
    if any(char.isdigit() for char in text):
        found |= Q(pk__in=list(Dnr.objects.filter(dnr__istartswith=text).values_list("case", flat=True)[:50]))
    return found


def of_view(view: str, user: User) -> Q:
    """The cases of a tab. Whose are mine is another question for an officer than for a nämnd."""
    wanted = VIEWS[view][1]
    if view == "mina":
        wanted &= mine(user)
    return wanted


def mine(user: User) -> Q:
    """The cases that a person has in hand: an officer's assigned, else those of the own boards and projects."""
    grants = user.grants
    found = Q(owner__in=grants.namnder(Role.APPLICANT, Role.MANAGER)) | Q(pk__in=list(grants.on_case))
    return found | Q(officer=user) if grants.everywhere else found


def of_due(due: str, today: date) -> Q:
    """The cases with such a deadline."""
    return {
        "": Q(),
        "passerad": Q(due_on__lt=today),
        "snart": Q(due_on__gte=today, due_on__lte=today + timedelta(days=SOON)),
        "manad": Q(due_on__gte=today, due_on__lte=today + timedelta(days=30)),
        "ingen": Q(due_on=None),
    }[due]


def of_step(asked: str) -> Q:
    """A step by its name, or all steps of a stage by its number."""
    if asked.isdigit():
        return Q(step__in=[step for step, stand in STEPS.items() if stand.stage == int(asked)])
    return Q(step=asked)


def asked_for(user: User, wanted: Wanted, today: date | None = None) -> Q:
    """The filter as a condition on cases."""
    asked = of_view(wanted.view, user) & of_due(wanted.due, today or timezone.localdate())
    if wanted.step:
        asked &= of_step(wanted.step)
    if wanted.namnd:
        asked &= Q(owner=wanted.namnd)
    if wanted.round:
        asked &= Q(round=wanted.round)
    if wanted.officer:
        asked &= Q(officer=None) if wanted.officer == "ingen" else Q(officer=int(wanted.officer))
    if wanted.q:
        asked &= matches(wanted.q)
    return asked


def cases(user: User, wanted: Wanted, today: date | None = None) -> CaseQuerySet:
    """The visible cases that were asked for, unsorted. The one question behind list, count, search and export."""
    return Case.objects.visible_to(user).filter(asked_for(user, wanted, today))


class Place(Func):
    """(value, id) of a row: what keyset pages are compared by, as one row value, which the index can look up."""

    function = "ROW"
    output_field = CharField()


def _order(order: Order, *, backwards: bool) -> list[Any]:
    falling = order.falling != backwards
    by = cast(Any, order.by)
    return [by.desc(), F("id").desc()] if falling else [by.asc(), F("id").asc()]


def sort(rows: CaseQuerySet, wanted: Wanted) -> CaseQuerySet:
    """In the order asked for."""
    return rows.order_by(*_order(ORDERS[wanted.sort], backwards=False))


def from_place(rows: CaseQuerySet, wanted: Wanted) -> CaseQuerySet:
    """The rows on from the place in the address, nearest first; all of them if there is no such place."""
    order, backwards = ORDERS[wanted.sort], bool(wanted.before)
    value, _tilde, told = (wanted.before or wanted.after).rpartition("~")
    rows = rows.order_by(*_order(order, backwards=backwards))
    if (pk := whole_number(told)) is None:
        return rows
    try:
        there = Place(Value(order.read(value)), Value(pk))
    except (ValueError, InvalidOperation):
        return rows
    compare = LessThan if order.falling != backwards else GreaterThan
    return rows.filter(compare(Place(order.by, F("id")), there))


COLUMNS = (
    *("id", "number", "title", "step", "due_on", "requested", "created_at", "owner__short", "officer_id"),
    *("officer__first_name", "officer__last_name", "submitted_at"),
)


@dataclass
class Page:
    """One page of cases: light rows, and the addresses of the pages before and after."""

    rows: list[dict[str, Any]]
    previous: str = ""
    next: str = ""


def page(user: User, wanted: Wanted, size: int = PAGE) -> Page:
    """The page of cases that was asked for, in one question."""
    backwards = bool(wanted.before)
    by = ORDERS[wanted.sort].by
    asked = from_place(cases(user, wanted), wanted).annotate(place=by)
    rows = list(asked.values(*COLUMNS, "place")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([], previous=wanted.address(before=wanted.after) if wanted.after else "")
    has_previous, has_next = (more, True) if backwards else (bool(wanted.after), more)
    return Page(
        [dress(row) for row in rows],
        previous=wanted.address(before=_place(rows[0])) if has_previous else "",
        next=wanted.address(after=_place(rows[-1])) if has_next else "",
    )


def _place(row: Mapping[str, Any]) -> str:
    value = row["place"]
    return f"{value.isoformat() if isinstance(value, date) else value}~{row['id']}"


COLORS = {
    Step.IDEA_DECISION: "success",
    Step.DECISION: "success",
    Step.CLOSED: "success",
    Step.REJECTED: "danger",
    Step.WITHDRAWN: "neutral",
    Step.DISCONTINUED: "warning",
    Step.IDEA: "neutral",
    Step.APPLICATION: "neutral",
}
ICONS = {
    Step.IDEA: "PencilWriting",
    Step.APPLICATION: "PencilWriting",
    Step.COUNCIL: "PersonGroup",
    Step.IDEA_DECISION: "Gavel",
    Step.DECISION: "Gavel",
    Step.BOARD: "Buildings3",
    Step.CLOSED: "CheckmarkCircle",
    Step.REJECTED: "XMarkOctagon",
    Step.WITHDRAWN: "ArrowUndo",
    Step.DISCONTINUED: "CircleSlash",
}


def dress(row: dict[str, Any]) -> dict[str, Any]:
    """A light row with what the page says of it."""
    step = Step(row["step"])
    stage = STEPS[step].stage
    row["step_label"], row["color"] = step.label, COLORS.get(step, "malarbla")
    row["stage"], row["stage_label"] = stage, Stage(stage).label if stage else _("Avslutat")
    row["url"] = reverse("case", kwargs={"number": row["number"]})
    row["millions"] = number(row["requested"] / 1_000_000, 1) if row["requested"] is not None else NOTHING
    row["officer"] = f"{row['officer__first_name']} {row['officer__last_name']}" if row["officer_id"] else ""
    return row


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
