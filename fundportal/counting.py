"""Counts that stop at a cap, many in one question, at the same cost however many cases there are.

What a person sees is asked for in parts, each by an index of its own: first the cases that her boards own, then those
that others share with them. A count that reaches its cap in the first part never looks into the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, Value

from fundportal.models import Case, User

COLUMNS = [field.attname for field in Case._meta.concrete_fields]
TABLE = f'"{Case._meta.db_table}"'


def counted(user: User, kinds: Mapping[str, tuple[Q, int]]) -> dict[str, int]:
    """How many cases the person sees of each kind, at most one above the kind's cap."""
    asked = {name: question for name, (kind, cap) in kinds.items() if (question := _question(kind, cap))}
    seen = [part.values_list(*COLUMNS).query.sql_with_params() for part in Case.objects.seen_in_parts(user)]
    if not asked or not seen:
        return dict.fromkeys(kinds, 0)
    different = {repr(question): question for question in asked.values()}
    values: list[Any] = [value for _sql, params in seen for value in params]
    heads = ", ".join(f"seen{no} as not materialized ({sql})" for no, (sql, _params) in enumerate(seen))
    counts = []
    for place, (sql, params, limit) in enumerate(different.values()):
        # Inside each part the table's name means what the person sees of it, and nothing else.
        looks = " union all ".join(
            f"(with {TABLE} as not materialized (select * from seen{no}) {sql} limit {limit})"  # noqa: S608 -- Django wrote it
            for no in range(len(seen))
        )
        counts.append(f"select {place}, count(*) from (select from ({looks}) as found limit {limit}) as capped")  # noqa: S608
        values += params * len(seen)
    with connection.cursor() as cursor:
        cursor.execute(f"with {heads} " + " union all ".join(counts), values)
        found = dict(cursor.fetchall())
    counted_as = {name: found[place] for place, name in enumerate(different)}
    return {name: counted_as[repr(asked[name])] if name in asked else 0 for name in kinds}


def _question(kind: Q, cap: int) -> tuple[str, tuple[Any, ...], int] | None:
    """The question for one kind, of any case; nothing if there can be none."""
    try:
        sql, params = Case.objects.filter(kind).values_list(Value(1)).query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, params, cap + 1
