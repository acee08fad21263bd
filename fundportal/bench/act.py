"""What the chain costs: an event of an act, chained and committed, against the same row in a table without it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from fundportal.bench.goals import Goal
from fundportal.canonical import canonical

NAME = "audited_act_vs_plain_insert"
PLAIN = """
create table bench_plain (like fundportal_event including all);
alter table bench_plain add foreign key (case_id) references fundportal_case, add foreign key (by_id) references
  fundportal_user;
grant select, insert on bench_plain to {role};
"""
COLUMNS = (
    "case_id, no, action, by_id, by_name, role, at, from_step, to_step, data, key, recorded_at, body, hash, told_at"
)
VALUES = (
    "%(case)s, %(no)s, 'report', %(by)s, 'Namnd Nummer 1', 'applicant', now(), %(step)s, %(step)s, %(data)s, %(key)s, "
    "now(), %(body)s, '', now()"
)
DATA = {"year": 2026, "period": "T1", "comment": "Arbetet går enligt planen och familjerna deltar. " * 10}


class Writer:
    """One connection as the role that runs, which writes the same event again and again into a table."""

    def __init__(self, url: str, table: str) -> None:
        """Pick a case on a step where it stays."""
        self.line = psycopg.connect(url, row_factory=tuple_row)
        found = self.line.execute(
            "select c.id, c.step, c.number, h.no from fundportal_case c join fundportal_chainhead h on h.case_id = c.id"
            " where c.step = 'implementation' order by c.id limit 1"
        ).fetchone()
        by = self.line.execute("select min(id) from fundportal_user").fetchone()
        assert found is not None  # noqa: S101 -- seeded
        assert by is not None  # noqa: S101 -- seeded
        self.case, self.step, self.number, self.no = found
        self.by = by[0]
        self.line.commit()
        self.insert = f"insert into {table} ({COLUMNS}) values ({VALUES})"  # noqa: S608 -- our own names

    def seconds(self) -> float:
        """Write one event and commit it."""
        self.no += 1
        body = canonical({"action": "report", "by": self.by, "case": self.number, "data": DATA, "to": self.step})
        told: dict[str, Any] = {"case": self.case, "no": self.no, "by": self.by, "step": self.step, "body": body}
        begun = time.perf_counter()
        self.line.execute(self.insert, {**told, "data": Jsonb(DATA), "key": uuid4()})
        self.line.commit()
        return time.perf_counter() - begun


@contextmanager
def goal(owner: str, running: str, role: str, rounds: int) -> Iterator[Goal]:
    """The goal, over a database to write in: `owner` and `running` are its addresses, `role` the role that runs."""
    with psycopg.connect(owner, autocommit=True) as line:
        line.execute(PLAIN.format(role=role))
    chained, plain = Writer(running, "fundportal_event"), Writer(running, "bench_plain")
    try:
        yield Goal(NAME, 1.35, chained.seconds, plain.seconds, rounds)
    finally:
        chained.line.close()
        plain.line.close()
