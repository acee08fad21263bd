"""Makes what tests begin with, without taking the way of the acts: `case` is put on a step by an event of its own."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction

from fundportal import flow, ledger, roles
from fundportal.models import Case, EntryKind, Event, Fund, FundRules, Namnd, Party, Round, User
from fundportal.process import Role, Step

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
PASSWORD = "ett-hemligt-ord-26"
_next = count(1)


def namnd(
    name: str = "",
    *,
    kind: str = "fack",
    active_from: date = date(2007, 1, 1),
    active_to: date | None = None,
    successor: Namnd | None = None,
) -> Namnd:
    """A board that exists since 2007 unless told otherwise."""
    number = next(_next)
    name = name or f"Nämnd {number}"
    return Namnd.objects.create(
        name=name,
        short=name,
        code=f"N{number}",
        kind=kind,
        active_from=active_from,
        active_to=active_to,
        successor=successor,
    )


def user(role: Role | str | None = None, where: Namnd | Case | None = None, **fields: Any) -> User:
    """A person with a role on a board, on a case, or everywhere."""
    number = next(_next)
    named = {"first_name": "Person", "last_name": f"Nummer {number}", **fields}
    email = named.pop("email", f"person{number}@example.org")
    person = User.objects.create_user(email, PASSWORD, **named)
    if role is not None:
        roles.give(person, Role(role), where)
    return person


@transaction.atomic
def fund(reserved: int = 300_000_000, **fields: Any) -> Fund:
    """A fund with money in it, in kronor."""
    rules = _rules_among(fields)
    it = Fund.objects.create(**{"name": f"Fond {next(_next)}", **fields})
    if rules:
        FundRules.objects.create(fund=it, valid_from=date(2000, 1, 1), **rules)
    if reserved:
        event = Event(fund=it, action="reserve", by_name="Kommunfullmäktige", at=AT)
        flow.record(event, data={"amount": str(reserved)}, tell=False)
        ledger.post(event, EntryKind.RESERVED, Decimal(reserved), year=2026)
    return it


def _rules_among(fields: dict[str, Any]) -> dict[str, Any]:
    """Take out what is a rule of the fund's."""
    names = {field.name for field in FundRules._meta.get_fields()} - {"id", "fund", "event"}
    return {name: fields.pop(name) for name in names & set(fields)}


def round_(of: Fund | None = None, **fields: Any) -> Round:
    """A round that is open all 2027; rules among the fields hold from before it."""
    if rules := _rules_among(fields):
        of = of or fund()
        FundRules.objects.create(fund=of, valid_from=date(2000, 1, 1), **rules)
    given = {"name": f"Omgång {next(_next)}", "opens_on": date(2027, 1, 1), "closes_on": date(2027, 12, 31), **fields}
    return Round.objects.create(fund=of or fund(), **given)


@transaction.atomic
def case(
    step: Step | str = Step.IDEA,
    *,
    owner: Namnd | None = None,
    round: Round | None = None,  # noqa: A002 -- the field's name
    submitted: bool | None = None,
    at: datetime = AT,
    **fields: object,
) -> Case:
    """A case that stands on `step`, with the two events that brought it there."""
    opened = round or round_()
    number = next(_next)
    it = Case(
        number=f"SIF-2027-{number:03d}",
        title=str(fields.pop("title", f"Satsning {number}")),
        fund=opened.fund,
        round=opened,
        owner=owner or namnd(),
        step=Step.IDEA,
        entered_at=at,
        created_at=at,
        **fields,
    )
    was_submitted = step != Step.IDEA if submitted is None else submitted
    it.submitted_at = at if was_submitted else None
    it.save()
    Party.objects.create(case=it, namnd=it.owner, part=Party.Part.OWNER, since=at, accepted_at=at)
    flow.record(Event(case=it, action="create_idea", by_name="Fabriken", at=at), data={}, to_step=Step.IDEA, tell=False)
    if step != Step.IDEA:
        move(it, Step(step), at)
    return it


@transaction.atomic
def move(it: Case, step: Step, at: datetime = AT) -> None:
    """Put a case on another step, by an event as the database demands."""
    event = Event(case=it, action="flyttad_av_test", by_name="Fabriken", at=at, from_step=it.step)
    flow.record(event, data={}, to_step=step, tell=False)
    it.enter(step, at)


def grant(it: Case, amount: int, *, year: int = 2027, use: str = "introduce", namnd: Namnd | None = None) -> None:
    """Grant money to a case, in kronor."""
    _money(it, EntryKind.GRANTED, amount, year, use, namnd)


def pay(it: Case, amount: int, *, year: int = 2027, use: str = "introduce", namnd: Namnd | None = None) -> None:
    """Pay money to a case, in kronor."""
    _money(it, EntryKind.PAID, amount, year, use, namnd)


@transaction.atomic
def _money(it: Case, kind: EntryKind, amount: int, year: int, use: str, board: Namnd | None) -> None:
    event = Event(case=it, action="pengar_av_test", by_name="Fabriken", at=AT, from_step=it.step)
    flow.record(event, data={}, to_step=it.step, tell=False)
    ledger.post(event, kind, Decimal(amount), year=year, use=use, namnd=board)


def partner(it: Case, board: Namnd, *, accepted: bool = True) -> Party:
    """Let a board take part in a case."""
    for remembered in ("party_list", "_partners", "_filled"):
        it.__dict__.pop(remembered, None)
    return Party.objects.create(
        case=it, namnd=board, part=Party.Part.PARTNER, since=AT, accepted_at=AT if accepted else None
    )


hold = roles.give
