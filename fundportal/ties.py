"""Ties between people and cases: someone's organisation owns the project or takes part in it.

A tie is not jäv: it is named, and the chair or an officer judges it (KL 6:28–32 and 7:4 speak of the person's own
interest). Phases that know more of people add a source when they start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from fundportal import notices
from fundportal.models import Case, Interest, Namnd, NamndUserGrant, Party, TieJudgement, User
from fundportal.models.people import PREFIX
from fundportal.process import Role, Step

Tied = list[tuple[int, int, str]]
"""(person, board, how) of each tie."""
SOURCES: list[str] = ["fundportal.ties.roles_on_boards", "fundportal.ties.declared"]
"""Dotted functions (people's ids, boards' ids) -> ties. A phase adds its own when its app is ready."""
WHERE_IT_MATTERS = {
    Role.COUNCIL: (Step.IDEA_CHECK, Step.COUNCIL, Step.IDEA_DECISION),
    Role.DIRECTOR: (Step.IDEA_DECISION, Step.DECISION),
}
"""On which steps a central role's ties are looked for; the assigned officer's are always."""


def roles_on_boards(people: list[int], boards: list[int]) -> Tied:
    """Roles that people hold on the boards in question."""
    grants = NamndUserGrant.objects.filter(user__in=people, content_object__in=boards)
    return [
        (user, board, _("är %(role)s i nämnden") % {"role": str(Role(name.removeprefix(PREFIX)).label).lower()})
        for user, board, name in grants.values_list("user", "content_object", "permission__codename")
    ]


def declared(people: list[int], boards: list[int]) -> Tied:
    """What people have declared in their latest yearly declaration."""
    rows = (
        Interest.objects.filter(declaration__user__in=people)
        .order_by("declaration__user", "-declaration__year", "-declaration", "id")
        .values_list("declaration__user", "declaration", "namnd", "text")
    )
    latest: dict[int, int] = {}
    found: Tied = []
    for user, declaration, board, text in rows:
        if latest.setdefault(user, declaration) == declaration and board in boards:
            found.append((user, board, _("har anmält: %(text)s") % {"text": text}))
    return found


def of(case: Case, people: Iterable[User]) -> dict[int, list[str]]:
    """Each person's ties to the boards that own the project or take part in it, in sentences."""
    pks = [user.pk for user in people]
    parts = {board: part for board, part in case.party_list if part != Party.Part.REMISS}
    if not pks or not parts:
        return {}
    ties: list[tuple[int, int, str]] = []
    for name in SOURCES:
        ties += cast("Callable[[list[int], list[int]], Tied]", import_string(name))(pks, list(parts))
    if not ties:
        return {}
    names = dict(Namnd.objects.filter(pk__in=parts).values_list("pk", "name"))
    told: dict[int, list[str]] = {}
    for user, board, how in ties:
        part = str(Party.Part(parts[board]).label).lower()
        text = _("%(board)s (%(part)s): %(how)s") % {"board": names[board], "part": part, "how": how}
        if text not in told.setdefault(user, []):
            told[user].append(text)
    return told


def concerned(case: Case) -> list[User]:
    """Those whose ties matter where the case stands, but for those who already have jäv."""
    roles = [Role.OFFICER] if case.officer_id else []
    roles += [role for role, steps in WHERE_IT_MATTERS.items() if case.step in steps]
    return list({user.pk: user for role in roles for user in notices.holders(role, case)}.values())


def unjudged(case: Case) -> list[tuple[User, list[str]]]:
    """Those with ties that nobody has judged, or with more of them than when they were judged."""
    remembered: list[tuple[User, list[str]]] | None = case.__dict__.get("_unjudged")
    if remembered is None:
        people = concerned(case)
        ties = of(case, people)
        judged: dict[int, str] = {}
        if ties:
            judged = dict(TieJudgement.objects.filter(case=case).order_by("id").values_list("user", "ties"))
        remembered = [
            (user, ties[user.pk])
            for user in people
            if user.pk in ties and not set(ties[user.pk]) <= set(judged.get(user.pk, "").splitlines())
        ]
        case.__dict__["_unjudged"] = remembered
    return remembered
