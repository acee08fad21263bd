"""What opens a case to a role: the one list that lists, pages and the explanation of access are read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q, QuerySet

from fundportal.models.holdings import Grants, Holding
from fundportal.process import Role, Step

if TYPE_CHECKING:
    from fundportal.models.case import Case

READS_ALL_SUBMITTED = {Role.OFFICER, Role.COUNCIL, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR}


@dataclass(frozen=True)
class Rule:
    """One way in which a role opens a case: where the role is held, which roles, and what the case must be."""

    name: str
    place: str
    """As in a holding: e, n, c."""
    roles: frozenset[Role]
    parts: tuple[str, ...] = ()
    """What the board must have to do with the case."""
    submitted: bool = False
    """Whether the case must have been handed in."""
    steps: tuple[Step, ...] = ()
    """Where the case must stand; anywhere when none is named."""

    def condition(self, grants: Grants, at: str = "") -> Q | None:
        """The cases that the rule opens to these grants, None when none; `at` is how the table asked names the case."""
        if self.place == "e":
            return Q((f"{at}submitted_at__isnull", False)) if grants.everywhere & self.roles else None
        if self.place == "c":
            here = [pk for pk, held in grants.on_case.items() if held & self.roles]
            return Q((f"{at}pk__in", here)) if here else None
        boards = grants.namnder(*self.roles)
        if not boards:
            return None
        taking_part = Q((f"{at}pk__in", _takes_part(self.parts, boards)))
        return taking_part & Q((f"{at}step__in", self.steps)) if self.steps else taking_part

    def counts(self, held: Holding, case: Case) -> bool:
        """Whether the role counts in the case: the same question, asked of one holding and one case."""
        if held.place != self.place or held.role not in self.roles or (self.steps and case.step not in self.steps):
            return False
        if self.place == "n":
            return any((held.pk, part) in case.party_set for part in self.parts)
        return self.place == "e" or held.pk == case.pk

    def opens(self, held: Holding, case: Case) -> bool:
        """Whether the holding opens the case by this rule."""
        return self.counts(held, case) and not (self.submitted and case.submitted_at is None)


def _takes_part(parts: tuple[str, ...], boards: list[int]) -> QuerySet[Any]:
    party = apps.get_model("fundportal", "Party")
    return party.objects.filter(part__in=parts, namnd__in=boards).values("case")


RULES = (
    Rule("city", "e", frozenset(READS_ALL_SUBMITTED), submitted=True),
    Rule("boards", "n", frozenset({Role.APPLICANT, Role.MANAGER}), ("owner", "partner")),
    Rule("repays", "n", frozenset({Role.APPLICANT, Role.MANAGER}), ("repays",)),
    Rule("asked", "n", frozenset({Role.RESPONDENT}), ("remiss",), steps=(Step.PREPARATION,)),
    Rule("lowered", "n", frozenset({Role.MANAGER}), ("adjusted",)),
    Rule("case", "c", frozenset(Role)),
)
"""Every way into a case. Lists, pages and the explanation of who sees what are all read from here."""


def shared(grants: Grants) -> list[Q]:
    """The cases that others own and share with the boards of these grants, a condition for each demand on their step.

    The same rules, said so that the database reads each board's parts in cases from one index.
    """
    asked: dict[tuple[Step, ...], dict[int, set[str]]] = {}
    for rule in RULES:
        for board in grants.namnder(*rule.roles) if rule.place == "n" else ():
            asked.setdefault(rule.steps, {}).setdefault(board, set()).update({*rule.parts} - {"owner"})
    found = []
    for steps, boards in asked.items():
        alike: dict[tuple[str, ...], list[int]] = {}
        for board, parts in boards.items():
            alike.setdefault(tuple(sorted(parts)), []).append(board)
        taking_part = any_of(Q(part__in=parts, namnd__in=same) for parts, same in alike.items())
        party = apps.get_model("fundportal", "Party").objects.filter(taking_part)
        found.append(Q(pk__in=party.values("case")) & (Q(step__in=steps) if steps else Q()))
    return found


def any_of(conditions: Iterable[Q | None]) -> Q:
    """What at least one of these opens; nothing if none opens anything."""
    found = [each for each in conditions if each is not None]
    return reduce(or_, found) if found else Q(pk__in=[])
