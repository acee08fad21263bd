"""Who holds which role where, now and before: the report for administrators and auditors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal.models import Case, Namnd, RoleTerm, Substitute, User
from fundportal.models import holdings as held_by
from fundportal.process import Role


@dataclass(frozen=True)
class Row:
    """One role of one person in one place, or that it was."""

    user: int
    name: str
    email: str
    role: str
    where: str
    since: date | None
    until: date | None
    through: str
    given_by: str
    state: str
    """"nu", "kommande" or "slut"."""


@dataclass(frozen=True)
class Wanted:
    """What the report is narrowed to."""

    q: str = ""
    role: str = ""
    namnd: int | None = None
    state: str = "nu"


def rows(reader: User, wanted: Wanted) -> list[Row]:
    """The report, in the order of names: five questions however many people."""
    today = timezone.localdate()
    people = {user.pk: user for user in User.objects.filter(is_superuser=False)}
    boards = dict(Namnd.objects.values_list("pk", "name"))
    now = held_by.of_everyone()
    terms = list(RoleTerm.objects.filter(Q(ended_at__isnull=False) | Q(until__lt=today)).order_by("pk"))
    cases = _numbers(reader, {held.pk for held in now if held.place == "c"} | {term.case_id for term in terms})
    later = list(Substitute.objects.filter(Q(ended_at__isnull=False) | Q(ends_on__lt=today) | Q(starts_on__gt=today)))

    def name(pk: int | None) -> str:
        return people[pk].get_full_name() if pk in people else ""

    def row(user: int, role: str, where: str, since: date | None, until: date | None, *rest: str) -> Row:
        through, given_by, state = rest
        return Row(user, name(user), people[user].email, role, where, since, until, through, given_by, state)

    found = []
    for held in now:
        where = _("Hela staden") if held.place == "e" else boards.get(held.pk or 0, "")
        if held.place == "c":
            where = cases.get(held.pk or 0, _("Ett ärende"))
        given = _("Delegation") if held.how == "delegation" else name(held.given_by)
        found.append(row(held.user, held.role, where, held.since, held.until, name(held.via), given, "nu"))
    for term in terms:
        where = boards.get(term.namnd_id or 0, "") or cases.get(term.case_id or 0, "")
        where = where or (_("Ett ärende") if term.case_id else _("Hela staden"))
        last = timezone.localdate(term.ended_at) if term.ended_at else term.until
        found.append(row(term.user_id, term.role, where, term.since, last, "", name(term.given_by_id), "slut"))
    for each in later:
        state = "kommande" if each.ended_at is None and each.starts_on > today else "slut"
        last = timezone.localdate(each.ended_at) if each.ended_at else each.ends_on
        whom = name(each.person_id)
        found.append(row(each.substitute_id, "", "", each.starts_on, last, whom, name(each.made_by_id), state))
    board = boards.get(wanted.namnd or 0, "")
    kept = [each for each in found if _fits(each, wanted, board)]
    return sorted(kept, key=lambda each: (each.name.lower(), each.user, each.role, each.where, each.since or date.min))


def _numbers(reader: User, wanted: set[int | None]) -> dict[int, str]:
    """Numbers of the cases that the reader may know of: an administrator knows of none."""
    known = {pk for pk in wanted if pk is not None}
    return dict(Case.objects.visible_to(reader).filter(pk__in=known).values_list("pk", "number"))


def _fits(row: Row, wanted: Wanted, board: str) -> bool:
    q = wanted.q.lower()
    return (
        (not wanted.state or row.state == wanted.state)
        and (not q or q in row.name.lower() or q in row.email.lower())
        and (not wanted.role or row.role == wanted.role)
        and (wanted.namnd is None or row.where == board)
    )


def role_label(row: Row) -> str:
    """The role in words."""
    return str(Role(row.role).label) if row.role in Role.values else _("Ersättare")
