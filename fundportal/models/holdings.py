"""Which roles people hold where, in one question to the database: the source of every right and of every explanation.

A role is held everywhere (through a group), on a board or on a case; for the days of its `RoleTerm` if it has one; in
one's own right, or for the days of a `Substitute` in someone else's. What is held by substitution is never passed on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from fundportal.process import EVERYWHERE, Role

PREFIX = "act_as_"

WHOSE = """
select u.id as holder, u.id as person, null::bigint as via, null::date as since, null::date as until
  from fundportal_user u where u.is_active and not u.is_superuser {and_holder}
union all select s.substitute_id, s.person_id, s.person_id, s.starts_on, s.ends_on
  from fundportal_substitute s
  join fundportal_user p on p.id = s.person_id and p.is_active and not p.is_superuser
  join fundportal_user x on x.id = s.substitute_id and x.is_active and not x.is_superuser
  where s.ended_at is null and s.starts_on <= %(day)s and s.ends_on >= %(day)s {and_substitute}
"""
HELD = """
select ug.user_id, 'e' as place, null::bigint as pk, p.codename, 'role' as how, null::date as since, null::date as until
  from fundportal_user_groups ug join auth_group_permissions gp on gp.group_id = ug.group_id
  join auth_permission p on p.id = gp.permission_id where p.codename like 'act\\_as\\_%%'
union all select holder_id, 'e', null, 'act_as_director', 'delegation', valid_from, valid_to from fundportal_delegation
  where substitute and valid_from <= %(day)s and (valid_to is null or valid_to >= %(day)s)
union all select g.user_id, 'n', g.content_object_id, p.codename, 'role', null, null from fundportal_namndusergrant g
  join auth_permission p on p.id = g.permission_id
union all select ug.user_id, 'n', g.content_object_id, p.codename, 'role', null, null from fundportal_namndgroupgrant g
  join fundportal_user_groups ug on ug.group_id = g.group_id join auth_permission p on p.id = g.permission_id
union all select g.user_id, 'c', g.content_object_id, p.codename, 'role', null, null from fundportal_caseusergrant g
  join auth_permission p on p.id = g.permission_id
union all select ug.user_id, 'c', g.content_object_id, p.codename, 'role', null, null from fundportal_casegroupgrant g
  join fundportal_user_groups ug on ug.group_id = g.group_id join auth_permission p on p.id = g.permission_id
"""
HOLDINGS = f"""
select w.holder, h.place, h.pk, substr(h.codename, {len(PREFIX) + 1}) as role, h.how,
  greatest(h.since, t.since, w.since) as since, least(h.until, t.until, w.until) as until, w.via, t.given_by_id
from ({WHOSE}) w join ({HELD}) h on h.user_id = w.person
left join fundportal_roleterm t on h.how = 'role' and t.ended_at is null and t.user_id = h.user_id
  and '{PREFIX}' || t.role = h.codename
  and t.namnd_id is not distinct from case when h.place = 'n' then h.pk end
  and t.case_id is not distinct from case when h.place = 'c' then h.pk end
where (t.until is null or t.until >= %(day)s) and (t.since is null or t.since <= %(day)s)
  and (w.via is null or (h.how = 'role' and h.codename <> '{PREFIX}administrator'))
"""  # noqa: S608 -- our own constants
ONE = HOLDINGS.replace("{and_holder}", "and u.id = %(user)s").replace(
    "{and_substitute}", "and s.substitute_id = %(user)s"
)
ALL = HOLDINGS.replace("{and_holder}", "").replace("{and_substitute}", "")
OF_ONE_CASE = f"""{ALL} and (h.place = 'e' or (h.place = 'c' and h.pk = %(case)s)
  or (h.place = 'n' and h.pk = any(%(boards)s)))"""


@dataclass(frozen=True)
class Holding:
    """A role that a person holds: where, for which days, and in whose place if it is not her own."""

    user: int
    place: str
    """e: everywhere, n: on a board, c: on a case."""
    pk: int | None
    role: Role
    how: str = "role"
    since: date | None = None
    until: date | None = None
    via: int | None = None
    """The person she stands in for."""
    given_by: int | None = None


@dataclass
class Grants:
    """Every role a person holds: everywhere, on boards and on cases; her own and those she holds as a substitute."""

    everywhere: set[Role] = field(default_factory=set)
    on_namnd: dict[int, set[Role]] = field(default_factory=dict)
    on_case: dict[int, set[Role]] = field(default_factory=dict)
    holdings: list[Holding] = field(default_factory=list)

    @classmethod
    def of(cls, holdings: Iterable[Holding]) -> Grants:
        """The same, looked up by place."""
        grants = cls()
        for held in holdings:
            grants.holdings.append(held)
            if held.place == "e":
                grants.everywhere.add(held.role)
            elif held.pk is not None:
                there = grants.on_namnd if held.place == "n" else grants.on_case
                there.setdefault(held.pk, set()).add(held.role)
        return grants

    @property
    def vias(self) -> list[int]:
        """Ids of the people she stands in for."""
        return sorted({held.via for held in self.holdings if held.via is not None})

    def through(self, via: int | None) -> Grants:
        """Only what is held through one person; None: what is her own."""
        return Grants.of(held for held in self.holdings if held.via == via)

    def namnder(self, *roles: Role) -> list[int]:
        """Ids of the boards where at least one of `roles` is held."""
        return [pk for pk, held in self.on_namnd.items() if held & set(roles)]

    def all(self) -> set[Role]:
        """Every role held anywhere."""
        return self.everywhere.union(*self.on_namnd.values(), *self.on_case.values())


def _ask(sql: str, given: dict[str, Any]) -> list[Holding]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"day": timezone.localdate(), **given})
        rows = cursor.fetchall()
    found = [Holding(row[0], row[1], row[2], Role(row[3]), *row[4:]) for row in rows]
    return [held for held in found if held.place != "e" or held.role in EVERYWHERE]


def of_user(pk: int) -> list[Holding]:
    """All that one person holds today. Superusers and the inactive hold nothing."""
    return _ask(ONE, {"user": pk})


def of_case(case: int, boards: Iterable[int]) -> list[Holding]:
    """All that anyone holds today that may count in a case in which these boards take part."""
    return _ask(OF_ONE_CASE, {"case": case, "boards": list(boards)})


def of_everyone() -> list[Holding]:
    """All that anyone holds anywhere today."""
    return _ask(ALL, {})
