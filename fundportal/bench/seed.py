"""Fills an empty, prepared database with any number of cases, by SQL: the n first are the same in all of them.

Case number i has the same step, board, officer, parties, events, papers and money whatever the number of cases, so a
page of it differs between databases only by what lies around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, LiteralString

import psycopg
from django.contrib.auth.hashers import make_password

from fundportal.bench import sql, way
from fundportal.process import STEPS, Role

PASSWORD = "ett-ord-att-mata-med"  # noqa: S105 -- of people who exist in measured databases only
DOMAIN = "bench.example"
BOARD_USER = f"namnd1@{DOMAIN}"
"""Applicant and manager of one board."""
BOARDS_USER = f"namnd2@{DOMAIN}"
"""The same of two boards."""
SLK_USER = f"officer1@{DOMAIN}"
"""An officer at stadsledningskontoret."""
CENTRAL = {Role.OFFICER: 8, Role.COUNCIL: 5, Role.DIRECTOR: 1, Role.CONTROLLER: 2, Role.AUDITOR: 1}
TRIGGERS = (
    ("fundportal_case", "case_moves_by_event"),
    ("fundportal_event", "event_chain"),
    ("fundportal_entry", "entry_books"),
    ("fundportal_case", "case_is_found"),
    ("fundportal_dnr", "dnr_is_found"),
    ("fundportal_document", "document_is_found"),
    ("fundportal_entry", "entry_day"),
    ("fundportal_case", "health_of_case"),
    ("fundportal_entry", "health_of_entry"),
    ("applications_report", "health_of_report"),
)
"""What the database does row by row, and the seed does for all rows at once."""

Line = psycopg.Connection[Any]


def fill(url: str, cases: int, today: date) -> None:
    """Seed the database at `url`, as the role that owns it; `today` is the day that deadlines lie around."""
    with psycopg.connect(url, autocommit=True) as line:
        line.execute("set timezone = 'UTC'")
        line.execute("set work_mem = '128MB'")
        line.execute("set synchronous_commit = off")
        for table, trigger in TRIGGERS:
            line.execute(f"alter table {table} disable trigger {trigger}")
        _people(line)
        _facts(line)
        with bare(line, "fundportal_event", "fundportal_party", "fundportal_entry", "fundportal_document"):
            _cases(line, cases, today)
        for table, trigger in TRIGGERS:
            line.execute(f"alter table {table} enable always trigger {trigger}")
        line.execute("vacuum analyze")


@contextmanager
def bare(line: Line, *tables: str) -> Iterator[None]:
    """Take away foreign keys and indexes that promise nothing, and put them back: all rows at once is much quicker."""
    again: list[LiteralString] = []
    for table in tables:
        for drop, make in line.execute(sql.KEYS, {"table": table}).fetchall():
            line.execute(drop)
            again.append(make)
    yield
    for make in again:
        line.execute(make)


def _people(line: Line) -> None:
    """Two persons for each board, those of the city's own roles, and their grants."""
    password = make_password(PASSWORD)
    line.execute(sql.BOARDS)
    line.execute(sql.BOARD_PEOPLE, {"password": password, "domain": DOMAIN})
    line.execute(sql.BOARD_GRANTS, {"domain": DOMAIN})
    for role, count in CENTRAL.items():
        told = {"role": str(role), "count": count, "password": password, "domain": DOMAIN}
        for statement in (sql.CENTRAL_PEOPLE, sql.GROUP, sql.GROUP_RIGHT, sql.MEMBERS):
            line.execute(statement, told)
    line.execute(sql.ACTORS, {"domain": DOMAIN})


def _facts(line: Line) -> None:
    """The ways of the process as tables that the seed joins with."""
    line.execute("create temp table stand (place int, step text, least int, most int, days int, ended bool)")
    line.execute("create temp table way (step text, no int, action text, role text, from_step text, to_step text)")
    place = 0
    with line.cursor() as cursor:
        for each in way.ways():
            stand = STEPS[each.step]
            row = (str(each.step), each.least, len(each.acts), stand.days, stand.owner is None)
            for _share in range(way.SHARES[each.step]):
                cursor.execute("insert into stand values (%s, %s, %s, %s, %s, %s)", (place, *row))
                place += 1
            cursor.executemany(
                "insert into way values (%s, %s, %s, %s, %s, %s)",
                [(act.step, act.no, act.action, act.role, act.from_step, act.to_step) for act in each.acts],
            )
    line.execute("create unique index on way (step, no)")
    line.execute("analyze way, stand")


def _cases(line: Line, cases: int, today: date) -> None:
    """The fund and its rounds, the cases and all that hangs on them."""
    told = {"cases": cases, "today": today, "domain": DOMAIN}
    line.execute(sql.FUND, told)
    line.execute(sql.ROUNDS, told)
    line.execute(sql.DRAFTED, told)
    line.execute("create unique index on drafted (id)")
    line.execute("analyze drafted")
    for statement in sql.CASES:
        line.execute(statement, told)
    line.execute("create temp table link (id bigint, hash text)")
    for no in range(1, max(len(each.acts) for each in way.ways()) + 1):
        for statement in sql.LINKS:
            line.execute(statement)
        line.execute("analyze before")
        line.execute(sql.EVENTS, {**told, "no": no})
    line.execute("analyze fundportal_event")
    for statement in sql.HANGING:
        line.execute(statement, told)
    _restart(line, "fundportal_case")


def _restart(line: Line, table: LiteralString) -> None:
    """Let new rows be numbered after those that were numbered here."""
    line.execute(
        f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))"  # noqa: S608
    )
