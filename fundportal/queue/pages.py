"""Pages of cases: keyset pages, and light rows dressed with what a page says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import InvalidOperation
from typing import Any, TypeVar, cast

from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fundportal.fields import whole_number
from fundportal.formatting import NOTHING, number
from fundportal.models import User
from fundportal.models.case import CaseQuerySet
from fundportal.process import STEPS, Stage, Step
from fundportal.queue.asking import cases
from fundportal.queue.orders import ORDERS, Order
from fundportal.queue.wanted import Wanted

PAGE = 20
Rows = TypeVar("Rows", bound=QuerySet[Any])
"""Cases, or what has a row for each."""


class Place(Func):
    """(value, id) of a row: what keyset pages are compared by, as one row value, which the index can look up."""

    function = "ROW"
    output_field = CharField()


def _order(order: Order, *, backwards: bool) -> list[Any]:
    falling = order.falling != backwards
    by = cast(Any, order.by)
    return [by.desc(), F(order.then).desc()] if falling else [by.asc(), F(order.then).asc()]


def sort(rows: CaseQuerySet, wanted: Wanted) -> CaseQuerySet:
    """In the order asked for."""
    return rows.order_by(*_order(ORDERS[wanted.sort], backwards=False))


def from_place(rows: Rows, order: Order, place: str, *, backwards: bool = False) -> Rows:
    """The rows on from a place in an address, nearest first; all of them if there is no such place."""
    value, _tilde, told = place.rpartition("~")
    rows = rows.order_by(*_order(order, backwards=backwards))
    if (pk := whole_number(told)) is None:
        return rows
    try:
        there = Place(Value(order.read(value)), Value(pk))
    except (ValueError, InvalidOperation):
        return rows
    compare = LessThan if order.falling != backwards else GreaterThan
    return rows.filter(compare(Place(order.by, F(order.then)), there))


COLUMNS = (
    *("id", "number", "title", "step", "due_on", "requested", "created_at", "owner__short", "officer_id"),
    *("officer__first_name", "officer__last_name", "submitted_at", "entered_at", "round__name"),
)


@dataclass
class Page:
    """One page of cases: light rows, and the addresses of the pages before and after."""

    rows: list[dict[str, Any]]
    previous: str = ""
    next: str = ""


def page(user: User, wanted: Wanted, size: int = PAGE) -> Page:
    """The page of cases that was asked for, in one question."""
    backwards, order = bool(wanted.before), ORDERS[wanted.sort]
    asked = from_place(cases(user, wanted), order, wanted.before or wanted.after, backwards=backwards)
    asked = asked.annotate(place=order.by)
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
        previous=wanted.address(before=place_of(rows[0]["place"], rows[0]["id"])) if has_previous else "",
        next=wanted.address(after=place_of(rows[-1]["place"], rows[-1]["id"])) if has_next else "",
    )


def place_of(value: Any, pk: int) -> str:
    """A row's place, as it stands in an address."""
    return f"{value.isoformat() if isinstance(value, date) else value}~{pk}"


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
