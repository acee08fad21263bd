"""Everything that is measured, in order, over the services of a running product."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from fundportal.bench import act, pages, paper
from fundportal.bench.databases import Databases
from fundportal.bench.goals import ROUNDS, Goal, Result, judge
from fundportal.bench.web import serving
from fundportal.environment import VAR_DIR
from fundportal.stack.services import APP, OWNER, Postgres, passwords, sockets

SMALL, LARGE = 1_000, 100_000
PAPERS, ACTS = 30, 300


@dataclass(frozen=True)
class Bench:
    """How large, how many times, and which goals: those whose names contain one of `only`, or all."""

    only: tuple[str, ...] = ()
    small: int = SMALL
    large: int = LARGE
    rounds: int = ROUNDS

    def wants(self, name: str) -> bool:
        """Whether a goal is to be measured."""
        return not self.only or any(word in name for word in self.only)

    def run(self, say: Callable[[str], None], told: Callable[[Result], None]) -> bool:
        """Measure all of it; `told` gets each result as it comes. Answers whether every goal is met."""
        met = [True]

        def judged(goal: Goal) -> None:
            result = judge(goal, say)
            told(result)
            met.append(result.met)

        var = VAR_DIR
        postgres = Postgres(var / "postgres", sockets(var), passwords(var), var / "log" / "postgres.log")
        databases = Databases(postgres, timezone.localdate(), say)
        if any(self.wants(name) for name in pages.NAMES):
            self._pages(databases, judged)
        if self.wants(act.NAME):
            with (
                databases.copy(databases.seeded(self.small)) as name,
                act.goal(postgres.url(OWNER, name), postgres.url(APP, name), APP, ACTS) as goal,
            ):
                judged(goal)
        if self.wants(paper.NAME):
            judged(paper.goal(PAPERS))
        return all(met)

    def _pages(self, databases: Databases, judged: Callable[[Goal], None]) -> None:
        names = [databases.seeded(self.small), databases.seeded(self.large)]
        ports = []
        with ExitStack() as stack:
            for number, name in enumerate(names, 1):
                told = {"DATABASE_URL": databases.url(name), "REDIS_URL": f"{settings.REDIS_URL}?db={number}"}
                log = VAR_DIR / "log" / f"{name.rsplit('_', 1)[0]}.log"
                ports.append(stack.enter_context(serving(told, log)))
            paths = pages.cases(databases.url(names[0]), self.small)
            few, many = ports
            for goal in pages.goals(few, many, paths, self.wants, self.rounds):
                judged(goal)
