"""Moves a case, and is alone to: locks it, asks the table, writes the event, does the act, enters the step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, cast, overload
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from fundportal import tasks
from fundportal.canonical import canonical as canonical
from fundportal.canonical import plain as plain
from fundportal.errors import Refused
from fundportal.models import Case, Event, Fund, NumberSeries, Party, Upload, User
from fundportal.process import ACTIONS, BEGINS, Action, Role, Step, starts_at
from fundportal.rights import barred as barred
from fundportal.rights import capacity, has_jav
from fundportal.rights import missing as missing
from fundportal.rights import need as need

P = ParamSpec("P")


@dataclass(frozen=True)
class Offer:
    """An act that a person may do here, and what must be in place first."""

    row: Action
    missing: list[str]
    url: str
    main: bool = False
    """It is what this person is here for: a primary act, and hers before others'."""


def offers(case: Case, user: User, at: datetime) -> list[Offer]:
    """What the person may do where the case stands: the same answers that stop or allow the act itself."""
    return [
        Offer(
            row,
            missing(row, case, at),
            reverse(row.name, kwargs={"number": case.number}),
            row.primary and user.acts_as(row.by[0], case),
        )
        for row in starts_at(case.step)
        if barred(row, case, user) is None
    ]


def holds(case: Case, user: User, step: Step) -> bool:
    """Whether the case stands on `step` and the person holds the role whose turn it is there, without jäv."""
    return (
        case.step == step
        and case.owner_role is not None
        and user.acts_as(case.owner_role, case)
        and not has_jav(case, user)
    )


def record(
    event: Event, *, data: dict[str, Any], to_step: str = "", key: UUID | None = None, tell: bool = True
) -> Event:
    """Write an event into its chain. `body` becomes the text that is hashed; the database numbers and hashes it."""
    event.data, event.to_step, event.key = data, to_step, key
    if not tell:
        event.told_at = event.at
    event.body = canonical(
        {
            "case": event.case.number if event.case else None,
            "fund": event.fund_id,
            "action": event.action,
            "by": event.by_id,
            "by_name": event.by_name,
            "for": event.on_behalf_of_id,
            "role": event.role,
            "at": event.at.isoformat(),
            "from": event.from_step,
            "to": to_step,
            "data": data,
        }
    )
    event.save(force_insert=True)
    event.refresh_from_db(fields=["no", "hash", "body"])
    return event


PERSONAL = {"declare_jav"}
"""Acts that concern nobody but the one who does them, whatever role opened the case."""


def _actor(case: Case, user: User, row: Action) -> tuple[Role, User | None]:
    """The role in which the person does this, and for whom if not for herself."""
    who, _reason = capacity(row, case, user)
    held = who.roles_in(case)
    role = next(role for role in row.by if role in held)
    return role, None if who.pk == user.pk or row.name in PERSONAL else who


def _place(user: User, holds: Callable[[User], bool]) -> User | None:
    """For whom a role is held outside any case; None when it is her own."""
    who = next((each for each in user.capacities if holds(each)), user)
    return None if who.pk == user.pk else who


def _event(
    name: str,
    user: User,
    at: datetime,
    role: str,
    behalf: User | None = None,
    *,
    case: Case | None = None,
    fund: Fund | None = None,
) -> Event:
    said = user.get_full_name()
    if behalf is not None:
        said = _("%(who)s för %(whom)s") % {"who": said, "whom": behalf.get_full_name()}
    return Event(case=case, fund=fund, action=name, by=user, by_name=said, at=at, role=role, on_behalf_of=behalf)


REMEMBERED = (
    *("party_list", "jav_people", "_done", "_jav", "_filled", "_asked", "_partners", "_completion", "_unjudged"),
    "_unmet",
)
"""What a case's object keeps of answers to questions that several acts ask."""


def _forget(case: Case) -> None:
    """Read the case anew after an act."""
    case.refresh_from_db()
    for remembered in REMEMBERED:
        case.__dict__.pop(remembered, None)


FOLLOWERS: dict[str, list[str]] = {}
"""What another phase does with an act, in its transaction: dotted functions (event), added when its app is ready."""


class LeadsTo(Protocol):
    """Chooses where an act leads, among its row's steps, from the case and what the act was given."""

    def __call__(self, case: Case, given: dict[str, Any]) -> Step:
        """The step."""


class Performer(Generic[P]):
    """An act that can be called: `grant(case, user, at, amount=…)`. Everything around the act itself is here."""

    def __init__(self, body: Callable[Concatenate[Event, P], None], leads_to: LeadsTo | None = None) -> None:
        """Bind the function to its row of the table."""
        self.body, self.leads_to = body, leads_to
        self.name = self.__name__ = body.__name__
        self.__doc__, self.__module__ = body.__doc__, body.__module__

    @property
    def row(self) -> Action:
        """The act's row in the table."""
        return ACTIONS[self.name]

    def __call__(self, case: Case, user: User, at: datetime, *args: P.args, **kwargs: P.kwargs) -> Event:
        """Do it: all of it, or nothing. Raises `Refused` with reasons in words."""
        return self.perform(case, user, at, kwargs)

    def perform(
        self,
        case: Case,
        user: User,
        at: datetime,
        given: dict[str, Any],
        key: UUID | None = None,
        seen: int | None = None,
    ) -> Event:
        """As calling; `key` makes a double submission one act, `seen` is the newest event the person had before her."""
        row = self.row
        with transaction.atomic():
            locked = (
                Case.objects.select_for_update(of=("self",)).select_related("fund", "round", "owner").get(pk=case.pk)
            )
            if key and (done := Event.objects.filter(key=key, case=locked, by=user, action=row.name).first()):
                return _same_again(done, given)
            if reason := barred(row, locked, user):
                raise Refused(reason)
            if reasons := missing(row, locked, at):
                raise Refused(*reasons)
            _refuse_if_stale(row, locked, seen, signed="signed_sha256" in given)
            event = _event(row.name, user, at, *_actor(locked, user, row), case=locked)
            self._carry_out(locked, event, given, key)
        _forget(case)
        return event

    def from_outside(
        self, case: Case, name: str, at: datetime, given: dict[str, Any], key: UUID | None = None
    ) -> Event:
        """The same by someone without an account, whom a link has let in; the caller has seen to that it is hers.

        `name` is her own and her organisation's, as she wrote them: the event is by them, and by no user.
        """
        row = self.row
        if not row.outside:
            raise TypeError(f"{row.name} is not open to people outside: see the table")
        with transaction.atomic():
            locked = (
                Case.objects.select_for_update(of=("self",)).select_related("fund", "round", "owner").get(pk=case.pk)
            )
            if key and (done := Event.objects.filter(key=key, case=locked, by=None, action=row.name).first()):
                return _same_again(done, given)
            if reasons := missing(row, locked, at):
                raise Refused(*reasons)
            event = Event(case=locked, action=row.name, by=None, by_name=name, at=at, role=Role.RESPONDENT)
            self._carry_out(locked, event, given, key)
        _forget(case)
        return event

    def _carry_out(self, locked: Case, event: Event, given: dict[str, Any], key: UUID | None) -> None:
        """Record what is done, do it, and stand where it leads."""
        to = self._leads(locked, given)
        event.from_step = locked.step
        record(event, data=plain(given), to_step=to or locked.step, key=key)
        cast("Callable[..., None]", self.body)(event, **given)
        for name in FOLLOWERS.get(self.name, ()):
            cast("Callable[[Event], None]", import_string(name))(event)
        if to is not None and to != locked.step:
            locked.enter(to, event.at, event.due_on)
        transaction.on_commit(lambda: tasks.nudge(event.pk))

    def _leads(self, case: Case, given: dict[str, Any]) -> Step | None:
        row = self.row
        if len(row.to) < 2:
            return row.to[0] if row.to else None
        if self.leads_to is None:
            raise TypeError(f"{row.name} has several ends in the table: say which with @action(leads_to=…)")
        step = self.leads_to(case, given)
        if step not in row.to:
            raise ValueError(f"{row.name} cannot lead to {step}")
        return step


@overload
def action(body: Callable[Concatenate[Event, P], None]) -> Performer[P]: ...
@overload
def action(*, leads_to: LeadsTo) -> Callable[[Callable[Concatenate[Event, P], None]], Performer[P]]: ...
def action(
    body: Callable[Concatenate[Event, P], None] | None = None, *, leads_to: LeadsTo | None = None
) -> Performer[P] | Callable[[Callable[Concatenate[Event, P], None]], Performer[P]]:
    """Make a function the act of its row. `leads_to` chooses where the row has several ends."""
    if body is None:
        return lambda it: Performer(it, leads_to)
    return Performer(body)


def _same_again(done: Event, given: dict[str, Any]) -> Event:
    """The event of a form that was sent twice; what was sent the second time with other answers is not swallowed."""
    told = {name: plain(value) for name, value in given.items() if not _holds_files(value)}
    if all(done.data.get(name) == value for name, value in told.items()):
        return done
    raise Refused(
        _(
            "Du har redan skickat det här formuläret, med andra uppgifter, och det är gjort. "
            "Skicka igen om du vill göra det en gång till."
        )
    )


def _holds_files(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Upload) for item in value)


def _refuse_if_stale(row: Action, case: Case, seen: int | None, *, signed: bool) -> None:
    """Stop an act that was prepared before the case moved, or before someone else did the same.

    What is signed rests on all that stood there: then anything new stops it but what people do side by side.
    """
    if seen is None:
        return
    moved = ~Q(from_step=F("to_step"))
    same = Q(pk__in=[]) if row.side_by_side else Q(action=row.name)
    if signed:
        same = ~Q(action__in=[name for name, other in ACTIONS.items() if other.side_by_side])
    newer = case.events.filter(moved | same, no__gt=seen).order_by("-no").first()
    if newer is None:
        return
    what = ACTIONS[newer.action].label if newer.action in ACTIONS else newer.action
    raise Refused(
        _(
            "Ärendet ändrades medan du skrev: %(who)s gjorde ”%(what)s”. "
            "Läs det nya och skicka igen om det fortfarande stämmer."
        )
        % {"who": newer.by_name, "what": what}
    )


def _series(at: datetime) -> NumberSeries:
    """The year's numbers, locked: those who begin cases at the same moment take turns."""
    year = timezone.localdate(at).year
    NumberSeries.objects.get_or_create(year=year)
    return NumberSeries.objects.select_for_update().get(year=year)


def _next_number(series: NumberSeries) -> str:
    """The next case number of the year, SIF-ÅÅÅÅ-NNN; never given twice, and none is skipped."""
    series.last += 1
    series.save()
    return f"SIF-{series.year}-{series.last:03d}"


def begin(case: Case, user: User, at: datetime, data: dict[str, Any], key: UUID | None = None) -> Case:
    """Bring a case into being with its first event (the only act that has no case before it)."""
    row = ACTIONS[BEGINS]
    if Role.APPLICANT not in user.grants.on_namnd.get(case.owner_id, set()):
        raise Refused(_("Du kan bara skapa idéskisser för en nämnd där du är sökande."))
    with transaction.atomic():
        series = _series(at)
        if key and (done := Event.objects.filter(key=key, by=user, action=row.name).select_related("case").first()):
            return cast(Case, done.case)
        if reasons := missing(row, case, at):
            raise Refused(*reasons)
        case.number = _next_number(series)
        case.step, case.entered_at, case.created_at = row.to[0], at, at
        case.due_on = case.round.closes_on
        case.save(force_insert=True)
        Party.objects.create(case=case, namnd=case.owner, part=Party.Part.OWNER, since=at, accepted_at=at)
        behalf = _place(user, lambda who: Role.APPLICANT in who.grants.on_namnd.get(case.owner_id, set()))
        event = _event(row.name, user, at, Role.APPLICANT, behalf, case=case)
        record(event, data=plain(data), to_step=case.step, key=key)
        transaction.on_commit(lambda: tasks.nudge(event.pk))
    return case


def record_consequence(
    name: str, case: Case, user: User, at: datetime, data: dict[str, Any], *, role: Role, tell: bool = False
) -> Event:
    """An event of a case that no act of the table made: what was done elsewhere (a meeting's minutes) reaches it.

    The caller has seen to the right to do it; the case stays where it stands. Nobody is told unless `tell`.
    """
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    event = _event(name, user, at, role, case=locked)
    event.from_step = locked.step
    record(event, data=plain(data), to_step=locked.step, tell=tell)
    if tell:
        transaction.on_commit(lambda: tasks.nudge(event.pk))
    return event


@transaction.atomic
def record_fund(
    name: str,
    fund: Fund,
    user: User,
    at: datetime,
    data: dict[str, Any],
    key: UUID | None = None,
    roles: Sequence[Role] = (Role.CONTROLLER,),
) -> Event:
    """An event of the fund's own (a reservation by KF), in the fund's chain, by a controller or another of `roles`."""
    role = next((role for role in roles if role in user.grants.everywhere), None)
    if role is None:
        raise Refused(_("Fondens medel registreras av en controller på stadsledningskontoret."))
    behalf = _place(user, lambda who: role in who.grants.everywhere)
    event = _event(name, user, at, role, behalf, fund=fund)
    return record(event, data=plain(data), key=key, tell=False)


@transaction.atomic
def record_house(
    name: str, user: User, at: datetime, data: dict[str, Any], *, role: Role | None, key: UUID | None = None
) -> Event:
    """An event outside every case and fund (a role is given, a meeting is held), in the house's own chain.

    `role` is the central role in which it is done; None says that a person does what is hers alone (a declaration).
    What it is called in the history stands in `house.LABELS`. Raises `Refused` if the role is not held.
    """
    if role is not None and role not in user.grants.everywhere:
        raise Refused(_("Detta görs av %(role)s. Den rollen har du inte.") % {"role": str(role.label).lower()})
    if key and (done := Event.objects.filter(key=key, case=None, fund=None, by=user, action=name).first()):
        return done
    behalf = _place(user, lambda who: role in who.grants.everywhere) if role else None
    event = _event(name, user, at, role or "", behalf)
    return record(event, data=plain(data), key=key, tell=False)


def record_system(name: str, at: datetime, data: dict[str, Any], *, by: str) -> Event:
    """What a command on the machine did, in the house's own chain: by no person, under the command's name."""
    return record(Event(action=name, by=None, by_name=by, at=at), data=plain(data), tell=False)
