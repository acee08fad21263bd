"""Which officer a case should have: rules by nämnd, round and target group, with a trace of why; and handing over.

A rule proposes and never assigns: an officer does that, as an act of the case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import flow
from fundportal.models import Case, CaseText, Jav, OfficerRule, RoleTerm, User
from fundportal.models.people import PREFIX
from fundportal.process import OPEN, Role


def officers() -> QuerySet[User]:
    """The active officers, by surname; not those whose role has had its last day, or has not begun."""
    held = User.objects.filter(is_active=True, is_superuser=False, groups__permissions__codename=PREFIX + Role.OFFICER)
    today = timezone.localdate()
    ended = RoleTerm.objects.filter(
        Q(until__lt=today) | Q(since__gt=today),
        **{"user": OuterRef("pk"), "role": Role.OFFICER, "namnd": None, "case": None, "ended_at": None},
    )
    return held.exclude(Exists(ended)).distinct().order_by("last_name", "first_name")


@dataclass(frozen=True)
class Tried:
    """One rule that was tried, in words: whether it fits and what came of it."""

    text: str
    fits: bool
    chosen: bool = False


@dataclass
class Proposed:
    """The officer that the rules propose, if any, and every rule that was tried on the way there."""

    officer: User | None = None
    why: str = ""
    tried: list[Tried] = field(default_factory=list)


def propose(case: Case) -> Proposed:
    """The officer of the first rule that fits and whose officer can take the case."""
    found = Proposed()
    rules = list(OfficerRule.objects.select_related("namnd", "round", "officer"))
    if not rules:
        return found
    able = set(officers().values_list("pk", flat=True))
    declared = set(Jav.objects.standing().filter(case=case).values_list("user", flat=True))
    text = _text(case) if any(rule.target for rule in rules) else ""
    for rule in rules:
        name = named(rule)
        if misses := _misses(rule, case, text):
            found.tried.append(Tried(_("%(rule)s. Passar inte: %(why)s.") % {"rule": name, "why": misses}, fits=False))
        elif why := _cannot(rule.officer, able, declared):
            found.tried.append(Tried(_("%(rule)s. Passar, men %(why)s.") % {"rule": name, "why": why}, fits=True))
        else:
            found.tried.append(Tried(_("%(rule)s. Passar.") % {"rule": name}, fits=True, chosen=True))
            found.officer, found.why = rule.officer, name
            break
    return found


def named(rule: OfficerRule) -> str:
    """A rule in a line: Regel 3: Farsta, ”äldre” → Karin Ek."""
    parts = [rule.namnd.short if rule.namnd else "", rule.round.name if rule.round else ""]
    parts.append(f"”{rule.target}”" if rule.target else "")
    when = ", ".join(part for part in parts if part) or _("alla ärenden")
    return _("Regel %(no)d: %(when)s → %(who)s") % {"no": rule.place, "when": when, "who": rule.officer}


def _misses(rule: OfficerRule, case: Case, text: str) -> str:
    if rule.namnd_id and rule.namnd_id != case.owner_id:
        return _("projektägaren är %(namnd)s") % {"namnd": case.owner.short}
    if rule.round_id and rule.round_id != case.round_id:
        return _("ärendet hör till %(round)s") % {"round": case.round.name}
    if rule.target and not re.search(rf"\b{re.escape(rule.target.casefold())}", text):
        return _("”%(target)s” finns inte i det som lämnats in") % {"target": rule.target}
    return ""


def _cannot(officer: User, able: set[int], declared: set[int]) -> str:
    if not officer.is_active:
        return _("%(who)s är inte längre aktiv") % {"who": officer}
    if officer.pk not in able:
        return _("%(who)s är inte handläggare längre") % {"who": officer}
    if officer.pk in declared:
        return _("%(who)s har anmält jäv i ärendet") % {"who": officer}
    return ""


def _text(case: Case) -> str:
    row = CaseText.objects.filter(case=case).values_list("title", "namnd", "idea", "application").first()
    return " ".join(row or ()).casefold()


def add(user: User, at: datetime, given: dict[str, Any]) -> OfficerRule:
    """A new rule, last in order."""
    with transaction.atomic():
        last = OfficerRule.objects.select_for_update().order_by("-place").values_list("place", flat=True).first() or 0
        rule = OfficerRule.objects.create(place=last + 1, **given)
        _record("add_officer_rule", user, at, rule)
    return rule


def change(rule: OfficerRule, user: User, at: datetime, given: dict[str, Any]) -> None:
    """Another condition or officer for a rule."""
    with transaction.atomic():
        was = named(rule)
        for name, value in given.items():
            setattr(rule, name, value)
        rule.save()
        _record("change_officer_rule", user, at, rule, was=was)


def move(rule: OfficerRule, user: User, at: datetime, *, up: bool) -> None:
    """Let a rule change places with the one before or after it."""
    with transaction.atomic():
        rules = list(OfficerRule.objects.select_for_update(of=("self",)).select_related("officer", "namnd", "round"))
        here = next(place for place, other in enumerate(rules) if other.pk == rule.pk)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(rules):
            return
        mine, other = rules[here], rules[there]
        was = named(mine)
        mine.place, other.place = other.place, mine.place
        OfficerRule.objects.bulk_update([mine, other], ["place"])
        _record("move_officer_rule", user, at, mine, was=was)


def remove(rule: OfficerRule, user: User, at: datetime) -> None:
    """Take a rule away; those after it move up."""
    with transaction.atomic():
        _record("remove_officer_rule", user, at, rule)
        rule.delete()
        for place, other in enumerate(OfficerRule.objects.select_for_update(), start=1):
            if other.place != place:
                OfficerRule.objects.filter(pk=other.pk).update(place=place)


def _record(what: str, user: User, at: datetime, rule: OfficerRule, was: str = "") -> None:
    told = {"rule": named(rule)} | ({"was": was} if was else {})
    flow.record_house(what, user, at, told, role=Role.ADMINISTRATOR)


def open_cases(officer: User) -> QuerySet[Case]:
    """The open cases that a person is the officer of, whoever may see them."""
    return Case.objects.filter(officer=officer, step__in=OPEN)


def refuse_leaving(person: User) -> str | None:
    """Why a person cannot be made inactive or lose the role of officer, or nothing: no case stays without an owner."""
    count = open_cases(person).count()
    if not count:
        return None
    return _(
        "%(who)s handlägger %(count)d öppna ärenden. Överlämna dem till någon annan först, under Överlämna ärenden."
    ) % {
        "who": person,
        "count": count,
    }


def with_open_cases() -> QuerySet[User]:
    """Everyone who has open cases, with how many (`open_count`) and when the last was taken up (`latest`)."""
    counted = Count("assigned_cases", filter=Q(assigned_cases__step__in=OPEN))
    people = User.objects.annotate(open_count=counted, latest=Max("assigned_cases__entered_at"))
    return people.filter(open_count__gt=0).order_by("last_name", "first_name")
