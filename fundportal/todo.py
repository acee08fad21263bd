"""Who waits for whom: the acts that wait for a person, derived from the process each time. No list of tasks is stored.

It is asked as one question, however many cases there are; what an act still needs is told on the case's page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as Chosen
from django.db.models import CharField, Exists, Min, OuterRef, Q, QuerySet, Value, When

from fundportal.models import AccessRequest, Case, Event, Party, User
from fundportal.models.sorting import BY_DUE
from fundportal.process import ACTIONS, OPEN, STEPS, Role, Step
from fundportal.queue import COLUMNS, dress


@dataclass(frozen=True)
class Turn:
    """An act that someone waits for a person to do, and in which cases."""

    name: str
    cases: Q


def _unanswered(asks: str, answers: str, *, spread: bool = False) -> Q:
    """Cases where the last `asks` is newer than the last `answers`; with `spread`, one that proposes a new version."""
    events = Event.objects.filter(case=OuterRef("pk"))
    if spread:
        events = events.filter(data__spread__gt="")
    either = (answers, ALSO_ANSWERS.get(answers, answers))
    later = Event.objects.filter(case=OuterRef("case"), action__in=either, no__gt=OuterRef("no"))
    return Q(Exists(events.filter(action=asks).filter(~Exists(later))))


def _has_not(user: User, *names: str) -> Q:
    """Cases where the person has done none of these: four eyes."""
    hers = Q(by=user) | Q(on_behalf_of=user)
    return ~Q(Exists(Event.objects.filter(hers, case=OuterRef("pk"), action__in=names))) if names else Q()


ALSO_ANSWERS = {"accept_report": "return_report"}
"""Acts that answer the same as another does."""
ANSWERS = (
    # who waits with what, and for what
    (Role.CONTROLLER, "approve_requisition", "requisition"),
    (Role.CONTROLLER, "pay", "approve_requisition"),
    (Role.DIRECTOR, "decide_change", "request_change"),
    (Role.DIRECTOR, "decide_plan", "propose_plan"),
    (Role.STEERING, "accept_report", "report"),
    (Role.APPLICANT, "report", "return_report"),
    (Role.MANAGER, "endorse_idea", "ask_endorsement"),
    (Role.MANAGER, "endorse_application", "ask_endorsement"),
)


def _where(user: User, role: Role) -> Q | None:
    """The cases in which the person holds a role; nothing if she holds it nowhere."""
    grants = user.grants
    if role in grants.everywhere:
        return Q()
    here = [pk for pk, held in grants.on_case.items() if role in held]
    namnder = grants.namnder(role)
    if not here and not namnder:
        return None
    return Q(pk__in=here) | Q(owner__in=namnder)


def turns(user: User) -> list[Turn]:
    """Every act that may wait for a person, by her roles. Derived each time: no list of tasks is ever stored."""
    found = [
        _turn(user, answer, there & _unanswered(asks, answer))
        for role, answer, asks in ANSWERS
        if (there := _where(user, role)) is not None
    ]
    found += _of_boards(user)
    if (there := _where(user, Role.APPLICANT)) is not None:
        locked = Event.objects.filter(case=OuterRef("pk"), action="lock_baseline")
        found.append(_turn(user, "lock_baseline", there & ~Q(Exists(locked))))
    if (there := _where(user, Role.DIRECTOR)) is not None:
        found.append(_turn(user, "adjust_plan", there & _unanswered("reconcile_year", "adjust_plan", spread=True)))
    if Role.OFFICER in user.grants.everywhere:
        asks = AccessRequest.objects.filter(case=OuterRef("pk"), decision=None)
        found.append(Turn("grant_access", Q(Exists(asks), submitted_at__isnull=False) & _hers(user)))
    if Role.CONTROLLER in user.grants.everywhere:
        found.append(_turn(user, "check_calculation", ~_since_it_came("check_calculation")))
    found += [Turn(step, Q(step=step) & there) for step in OPEN if (there := _own(user, step)) is not None]
    return found


def _turn(user: User, name: str, where: Q) -> Turn:
    row = ACTIONS[name]
    return Turn(name, Q(step__in=row.at) & where & _has_not(user, *row.not_by))


def _since_it_came(name: str, **by: Any) -> Q:
    """Cases where an act has been done since they came to the step they stand on."""
    return Q(Exists(Event.objects.filter(case=OuterRef("pk"), action=name, at__gte=OuterRef("entered_at"), **by)))


def _of_boards(user: User) -> list[Turn]:
    """What a head or a respondent is asked for."""
    grants, found = user.grants, []
    parties = Party.objects.filter(case=OuterRef("pk"))
    if headed := grants.namnder(Role.MANAGER):
        invited = parties.filter(part=Party.Part.PARTNER, namnd__in=headed, accepted_at=None)
        found.append(_turn(user, "accept_partnership", Q(Exists(invited))))
        partner = parties.filter(part=Party.Part.PARTNER, namnd__in=headed, accepted_at__isnull=False)
        found.append(_turn(user, "endorse_part", Q(Exists(partner)) & _part_awaits(headed)))
        rows = {"adjustments__decision__rows__namnd__in": headed, "adjustments__decision__rows__receipt": None}
        lowered = Case.objects.filter(**rows, adjustments__decision__rows__amount__gt=0)
        found.append(_turn(user, "acknowledge_adjustment", Q(pk__in=lowered.order_by().values("pk"))))
    if answering := grants.namnder(Role.RESPONDENT):
        asked = parties.filter(part=Party.Part.REMISS, namnd__in=answering)
        found.append(_turn(user, "answer_remiss", Q(Exists(asked)) & ~_since_it_came("answer_remiss", by=user)))
    return found


def _part_awaits(namnder: list[int]) -> Q:
    """Cases where one of these boards has said that its own part is ready, and has not endorsed it after that."""
    events = Event.objects.filter(case=OuterRef("case"), data__namnd=OuterRef("data__namnd"))
    later = events.filter(action="endorse_part", no__gt=OuterRef("no"))
    asked = Event.objects.filter(case=OuterRef("pk"), action="complete_part", data__namnd__in=namnder)
    return Q(Exists(asked.filter(~Exists(later))))


def _own(user: User, step: Step) -> Q | None:
    """Where the step is the person's own work: her role's turn, and for an officer her own or nobody's case."""
    owner = STEPS[step].owner
    if owner is None or (there := _where(user, owner)) is None:
        return None
    if owner == Role.OFFICER:
        there &= _hers(user)
    if owner == Role.COUNCIL:
        there &= ~_since_it_came("assess", by=user)
    if step == Step.REPAYMENT_PLAN:
        there &= ~_unanswered("propose_plan", "decide_plan")
    main = next((row for row in ACTIONS.values() if step in row.at and row.primary and owner in row.by), None)
    return there & _has_not(user, *main.not_by) if main else there


def _hers(user: User) -> Q:
    """Cases of an officer, of those she stands in for, and nobody's."""
    return Q(officer__in=[user.pk, *user.grants.vias]) | Q(officer=None)


def _anyone(waiting: list[Turn]) -> Q:
    """Cases where at least one of these waits; none where there are none."""
    anyone = Q()
    for turn in waiting:
        anyone |= turn.cases
    return Q(step__in=OPEN) & anyone if waiting else Q(pk__in=[])


def waits(user: User) -> Q:
    """The cases where someone waits for this person, as a condition."""
    return _anyone(turns(user))


def todo(user: User) -> QuerySet[Case]:
    """The visible cases where someone waits for this person, each with the act or the step that waits (`turn`)."""
    waiting = turns(user)
    if not waiting:
        return Case.objects.none().annotate(turn=Value(""))
    whens = [When(turn.cases, then=Value(turn.name)) for turn in waiting]
    chosen = Chosen(*whens, default=Value(""), output_field=CharField())
    return Case.objects.visible_to(user).filter(_anyone(waiting)).annotate(turn=chosen)


def tasks(user: User, most: int) -> list[dict[str, Any]]:
    """The first of them, nearest deadline first, as light rows with what waits in words."""
    rows = todo(user).order_by(BY_DUE.asc(), "id").values(*COLUMNS, "turn")[:most]
    found = []
    for row in rows:
        dress(row)
        row["waits"] = ACTIONS[row["turn"]].label if row["turn"] in ACTIONS else row["step_label"]
        found.append(row)
    return _by_their_own_day(user, found)


def _by_their_own_day(user: User, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A respondent's last day is the remiss's, which is not the day of the step."""
    asked = [row["id"] for row in rows if row["turn"] == "answer_remiss"]
    if not asked:
        return rows
    mine = {"remisser__bodies__namnd__in": user.grants.namnder(Role.RESPONDENT), "remisser__bodies__answer": None}
    cases = Case.objects.filter(pk__in=asked, remisser__withdrawal=None, **mine)
    days = dict(cases.order_by().values("pk").annotate(day=Min("remisser__bodies__last_day")).values_list("pk", "day"))
    for row in rows:
        row["due_on"] = days.get(row["id"], row["due_on"])
    return sorted(rows, key=lambda row: row["due_on"] or date.max)
