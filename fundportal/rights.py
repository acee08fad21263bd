"""Who may do what in a case, and why not: the same answers stop an act, leave a button out and explain why."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, cast

from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from fundportal.models import Case, Event, Jav, User
from fundportal.process import ACTIONS, Action, Step


class Bar(Protocol):
    """Says in words why a person may not do an act, or nothing."""

    def __call__(self, case: Case, user: User) -> str | None:
        """The sentence, in Swedish."""


class Need(Protocol):
    """Says in words what is missing before an act, or nothing."""

    def __call__(self, case: Case, at: datetime) -> str | None:
        """The sentence, in Swedish."""


def need(name: str) -> Need:
    """The function that a row of the table names."""
    return cast(Need, import_string(name))


def barred(row: Action, case: Case, user: User) -> str | None:
    """Why this person may not do this in this case, in words; nothing if she may, herself or for another."""
    if has_jav(case, user):
        return _("Du har anmält jäv i ärendet och får varken läsa det eller delta i det.")
    return capacity(row, case, user)[1]


def capacity(row: Action, case: Case, user: User) -> tuple[User, str | None]:
    """For whom the person does this, and why she may not if she may not: herself first, else one she stands in for."""
    refusals: list[tuple[bool, User, str]] = []
    for who in user.capacities:
        reason = _barred_as(row, case, user, who)
        if reason is None:
            return who, None
        refusals.append((not who.roles_in(case) & set(row.by), who, reason))
    _lacks_role, who, reason = min(refusals, key=lambda refusal: refusal[0])
    return who, reason


def _barred_as(row: Action, case: Case, user: User, who: User) -> str | None:
    """Why not, when `user` acts as `who`. What either of them has done binds her: four eyes hold both ways."""
    if not who.roles_in(case) & set(row.by):
        roles = _(" eller ").join(str(role.label).lower() for role in row.by[:3])
        return _("”%(label)s” görs av %(roles)s i ärendet. Den rollen har inte du.") % {
            "label": row.label,
            "roles": roles,
        }
    if done := (done_by(case, user) | done_by(case, who)).intersection(row.not_by):
        if not done_by(case, user).intersection(row.not_by):
            return _("%(who)s, som du är ersättare för, har själv gjort ett steg som någon annan ska kontrollera.") % {
                "who": who
            }
        acts = _(" och ").join(f"”{ACTIONS[name].label}”" for name in row.not_by if name in done)
        return _("Du har själv gjort %(acts)s i ärendet. Någon annan måste göra detta (fyra ögon).") % {"acts": acts}
    for name in row.bars:
        bar = cast(Bar, import_string(name))
        for each in (who,) if who.pk == user.pk or about_standing(name) else (who, user):
            if reason := bar(case, each):
                return reason
    return None


def about_standing(bar: str) -> bool:
    """Whether a bar asks who one is (`is_not_chair`), which a substitute is by the one she stands in for.

    Other bars ask what one has done (`wrote_the_idea`), and what a substitute has done herself binds her too.
    """
    return bar.rpartition(".")[2].startswith("is_not_")


def has_jav(case: Case, user: User) -> bool:
    """Whether the person has declared jäv: one question however many acts the page offers."""
    remembered: dict[int, bool] = case.__dict__.setdefault("_jav", {})
    if user.pk not in remembered:
        remembered[user.pk] = Jav.objects.standing().filter(case=case, user=user).exists()
    return remembered[user.pk]


def done_by(case: Case, user: User) -> set[str]:
    """Names of all that the person has done in the case, for herself or on another's behalf."""
    done: set[str] | None = case.__dict__.get("_done", {}).get(user.pk)
    if done is None:
        hers = Q(by=user) | Q(on_behalf_of=user)
        done = set(case.events.order_by().filter(hers).values_list("action", flat=True).distinct())
        case.__dict__.setdefault("_done", {})[user.pk] = done
    return done


def did(event: Event, earlier: Event) -> bool:
    """Whether someone behind an event, herself or the one she stands in for, is behind an earlier one."""
    return bool({event.by_id, event.on_behalf_of_id} & {earlier.by_id, earlier.on_behalf_of_id} - {None})


def missing(row: Action, case: Case, at: datetime) -> list[str]:
    """What must be in place first, in sentences. Empty when the act can be done now."""
    if row.at and case.step not in row.at:
        return [_("Ärendet står på ”%(step)s”, där detta inte görs.") % {"step": Step(case.step).label}]
    return [answer for name in row.needs if (answer := need(name)(case, at))]
