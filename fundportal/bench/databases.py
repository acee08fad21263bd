"""The measured databases: seeded once per shape of the database, kept between runs beside the product's own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path

from fundportal.bench import seed
from fundportal.stack.fingerprint import ROOT, fingerprint
from fundportal.stack.services import APP, OWNER, Postgres

HALF = "bench_half"
SCRATCH = "bench_scratch"


def mark(today: date) -> str:
    """A word that changes with the migrations, the seed, and the month that deadlines lie around."""
    written = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")) if path.stem in SEEDS)
    return sha256(fingerprint().encode() + written + today.isoformat()[:7].encode()).hexdigest()[:12]


SEEDS = {"seed", "sql", "way"}


class Databases:
    """Databases of a PostgreSQL that we may create databases in."""

    def __init__(self, postgres: Postgres, today: date, say: Callable[[str], None]) -> None:
        """`say` is told what takes time."""
        self.postgres, self.today, self.say, self.mark = postgres, today, say, mark(today)

    def seeded(self, cases: int) -> str:
        """The name of a database with so many cases, made if it is not there; those of other shapes are dropped."""
        name = f"bench_{cases}_{self.mark}"
        found = self.postgres.run("select datname from pg_database where datname like 'bench\\_%'").split()
        for old in found:
            if not old.endswith(self.mark):
                self.drop(old)
        if name not in found:
            begun = time.monotonic()
            self.say(f"Fyller en databas med {cases} ärenden …")
            self.postgres.database(HALF)
            self.prepare(HALF)
            seed.fill(self.postgres.url(OWNER, HALF), cases, self.today)
            self.postgres.run(f"alter database {HALF} rename to {name}")
            self.say(f"  {time.monotonic() - begun:.0f} s")
        return name

    def prepare(self, name: str) -> None:
        """Migrate and grant, as the product does."""
        env = {**os.environ, "DATABASE_URL": self.url(name), "DATABASE_OWNER_URL": self.postgres.url(OWNER, name)}
        command = [sys.executable, "manage.py", "prepare", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=sys.stderr)  # noqa: S603 -- our own

    def url(self, name: str) -> str:
        """The address of a database for the role that runs."""
        return self.postgres.url(APP, name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever uses it."""
        self.postgres.run(f"drop database if exists {name} with (force)")

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """A copy to write in, while inside."""
        self.drop(SCRATCH)
        self.postgres.run(f"create database {SCRATCH} template {name} strategy file_copy owner {OWNER}")
        try:
            yield SCRATCH
        finally:
            self.drop(SCRATCH)
