"""Explains access: why someone sees a case, who sees it, why she may not do a thing, and who holds what where.

Nothing is decided here. It asks the same rules, roles and bars that open pages and stop acts, and tells what they said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import formatting
from fundportal.models import Case, Namnd, Note, User
from fundportal.models import holdings as held_by
from fundportal.models.holdings import Holding
from fundportal.models.rules import Rule
from fundportal.process import ACTIONS, BEGINS, STEPS, Action, Role, Stage, Step
from fundportal.rights import barred, done_by, missing

MAY_KNOW_JAV = {Role.OFFICER, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR, Role.COUNCIL}
INTERNAL = {Role.OFFICER, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR}
"""Who reads internal notes: the city's own people who prepare, decide, pay and review; not the council, whose members
assess on what the applicant has handed in."""
THREAD = INTERNAL | {Role.APPLICANT, Role.MANAGER}
"""Who reads messages with the applicant's side."""
READS: dict[str, set[Role]] = {Note.Kind.INTERNAL: INTERNAL, Note.Kind.MESSAGE: THREAD}

WHY: dict[str, StrOrPromise] = {
    "city": gettext_lazy("läser alla inlämnade ärenden"),
    "boards": gettext_lazy("nämnden äger eller är partner i ärendet"),
    "repays": gettext_lazy("nämnden återför besparingar enligt återföringsplanen"),
    "asked": gettext_lazy("nämnden har fått ärendet på remiss"),
    "lowered": gettext_lazy("nämndens budget ändras genom ärendet"),
    "case": gettext_lazy("rollen gäller just det här ärendet"),
}


@dataclass(frozen=True)
class Reason:
    """Why someone sees a case: which role, held where, for which days, and in whose place."""

    role: Role
    why: str
    where: str
    since: date | None
    until: date | None
    through: str = ""

    @property
    def sentence(self) -> str:
        """The whole reason in a sentence's part."""
        said = f"{self.role.label}, {self.where}" if self.where else str(self.role.label)
        if self.through:
            said += _(", som ersättare för %(who)s") % {"who": self.through}
        if self.since:
            said += _(", från %(day)s") % {"day": formatting.day(self.since)}
        if self.until:
            said += _(", till och med %(day)s") % {"day": formatting.day(self.until)}
        return f"{said}: {self.why}"


@dataclass
class Seer:
    """A person who sees a case, and why; or one whom jäv shuts out."""

    user: User
    reasons: list[Reason] = field(default_factory=list)
    jav: bool = False


def why(case: Case, user: User) -> list[Reason]:
    """Why this person sees this case; empty if she does not."""
    if has_declared(case, user):
        return []
    opened = case.opened_by(user.grants.holdings)
    return _reasons(opened, _people(held for held, _rule in opened), _boards(held for held, _rule in opened))


def has_declared(case: Case, user: User) -> bool:
    """Whether jäv shuts the person out."""
    return user.pk in case.jav_people


def _people(found: Iterable[Holding]) -> dict[int, str]:
    wanted = {held.via for held in found if held.via}
    return {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def _boards(found: Iterable[Holding]) -> dict[int, str]:
    wanted = {held.pk for held in found if held.place == "n" and held.pk is not None}
    return dict(Namnd.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def _reasons(opened: list[tuple[Holding, Rule]], people: dict[int, str], boards: dict[int, str]) -> list[Reason]:
    return [
        Reason(
            held.role,
            _("ersätter stadsdirektören enligt delegation") if held.how == "delegation" else str(WHY[rule.name]),
            boards.get(held.pk or 0, "") if held.place == "n" else "",
            held.since,
            held.until,
            people.get(held.via or 0, ""),
        )
        for held, rule in opened
    ]


def openings(case: Case) -> dict[int, list[tuple[Holding, Rule]]]:
    """Everyone to whom a role opens the case, jäv not counted: a person's id and her roles with their rules."""
    found: dict[int, list[tuple[Holding, Rule]]] = defaultdict(list)
    for held, rule in case.opened_by(held_by.of_case(case.pk, {board for board, _part in case.party_list})):
        found[held.user].append((held, rule))
    return found


def seers(case: Case, q: str = "") -> list[Seer]:
    """Everyone who sees the case, in the order of their names, and last those whom jäv shuts out."""
    found = openings(case)
    shut = case.jav_people
    rows = User.objects.filter(pk__in=found.keys() | shut).order_by("last_name", "first_name", "pk")
    if q:
        rows = rows.filter(Q(first_name__icontains=q) | Q(last_name__icontains=q) | Q(title__icontains=q))
    everything = [held for each in found.values() for held, _rule in each]
    people, boards = _people(everything), _boards(everything)
    told = [
        Seer(user, [] if user.pk in shut else _reasons(found[user.pk], people, boards), user.pk in shut)
        for user in rows
    ]
    return sorted(told, key=lambda seer: seer.jav)


def may_know_jav(user: User) -> bool:
    """Whether the person may know who has declared jäv: the city's own, to whom it matters who takes part."""
    return bool(user.grants.everywhere & MAY_KNOW_JAV)


# Notes


def may_read(case: Case, user: User, kind: str) -> bool:
    """Whether the person reads notes of this kind in a case. Never one who has declared jäv."""
    return not has_declared(case, user) and any(
        held.role in READS[kind] for held, _rule in case.opened_by(user.grants.holdings)
    )


def readers(case: Case, kind: str) -> list[User]:
    """Everyone who reads notes of this kind in the case now: the same question as `may_read`, asked of all."""
    found = openings(case)
    who = {user for user, opened in found.items() if any(held.role in READS[kind] for held, _rule in opened)}
    return list(User.objects.filter(pk__in=who - case.jav_people).order_by("last_name", "first_name", "pk"))


def notes_for(case: Case, user: User) -> list[Note]:
    """The notes that the person may read, the newest first."""
    kinds = [kind for kind in Note.Kind.values if may_read(case, user, kind)]
    rows = case.notes.filter(kind__in=kinds).select_related("event", "strike__event")
    return list(rows.order_by("-id"))


# Why can I not


@dataclass
class Told:
    """An act and whether it is open to a person here; if not, why, and who could."""

    row: Action
    offered: bool
    url: str
    reasons: list[str]
    who: str = ""


def acts(case: Case, user: User, at: datetime) -> list[tuple[str, list[Told]]]:
    """Every act of the process by stage, offered or with all that stands in its way."""
    them = openings(case)
    names = {each.pk: each.get_full_name() for each in User.objects.filter(pk__in=them.keys() - case.jav_people)}
    holders: dict[Role, list[str]] = defaultdict(list)
    for pk, opened in them.items():
        for role in {held.role for held, _rule in opened}:
            if pk in names:
                holders[role].append(names[pk])
    did = list(case.events.order_by("no").values_list("action", "by_id", "on_behalf_of_id", "at"))
    stages: dict[str, list[Told]] = {}
    for row in ACTIONS.values():
        if row.name != BEGINS:
            stages.setdefault(_stage(row), []).append(_told(row, case, user, at, holders, did))
    order = {str(stage.label): number for number, stage in enumerate(Stage)}
    return sorted(stages.items(), key=lambda pair: order.get(pair[0], len(order)))


def _stage(row: Action) -> str:
    stages = {STEPS[Step(step)].stage for step in row.at}
    stage = stages.pop() if len(stages) == 1 else None
    return str(stage.label) if stage else _("I flera steg")


def _told(row: Action, case: Case, user: User, at: datetime, holders: dict[Role, list[str]], did: list[Any]) -> Told:
    reason = barred(row, case, user)
    here = case.step in row.at
    reasons = [reason] if reason else []
    if reason and (eyes := _eyes(row, case, user, did)):
        reasons.append(eyes)
    if not here:
        reasons.append(_when(row, case))
    elif reason is None:
        reasons += missing(row, case, at)
    offered = here and reason is None
    url = reverse(row.name, kwargs={"number": case.number}) if offered else ""
    lacks = not user.roles_in(case) & set(row.by)
    return Told(row, offered, url, reasons, _who(row, holders) if lacks else "")


def _who(row: Action, holders: dict[Role, list[str]]) -> str:
    """Who holds a role that does this: the first few by name."""
    found = sorted({name for role in row.by for name in holders[role]})
    if not found:
        return _("Ingen har den rollen i ärendet just nu.")
    shown = formatting.in_words(found[:4])
    if len(found) <= 4:
        return _("Den rollen har %(names)s.") % {"names": shown}
    return _("Den rollen har %(names)s med flera (%(count)d personer).") % {"names": shown, "count": len(found)}


def _eyes(row: Action, case: Case, user: User, did: list[Any]) -> str:
    """When the other act was done, if four eyes stop this one."""
    mine = done_by(case, user).intersection(row.not_by)
    days = [
        _("”%(act)s” %(day)s") % {"act": ACTIONS[name].label, "day": formatting.day(timezone.localtime(at))}
        for name, by, behalf, at in did
        if name in mine and user.pk in (by, behalf)
    ]
    return _("Gjort: %(acts)s.") % {"acts": formatting.in_words(days)} if days else ""


def _when(row: Action, case: Case) -> str:
    """When its turn comes: the steps where it is done."""
    order = list(Step)
    names = [str(Step(step).label) for step in row.at]
    said = formatting.in_words([f"”{name}”" for name in names[:3]]) + (_(" med flera") if len(names) > 3 else "")
    here = Step(case.step).label
    if case.has_ended:
        return _("Ärendet har avslutats (%(here)s). Det här görs på %(steps)s.") % {"here": here, "steps": said}
    if all(order.index(Step(step)) < order.index(Step(case.step)) for step in row.at):
        return _("Det steget är passerat: ärendet står på ”%(here)s” och det här görs på %(steps)s.") % {
            "here": here,
            "steps": said,
        }
    return _("Det är inte dags än: ärendet står på ”%(here)s” och det här görs på %(steps)s.") % {
        "here": here,
        "steps": said,
    }
