"""Builds the invented city: people, a fund of 300 mnkr, two rounds, and cases on every step, all through the acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from fundportal import calendar, proof
from fundportal.actions import withdraw
from fundportal.demo import access, books, council, paths, payments, work, worked
from fundportal.demo.cast import Cast
from fundportal.demo.founding import WEIGHTS as WEIGHTS
from fundportal.demo.founding import found
from fundportal.demo.project import ENDED, SMALL, Project
from fundportal.demo.projects import PROJECTS
from fundportal.demo.walk_money import MoneyWalk, last_reconciled
from fundportal.models import User
from repayment import actions as phase3

WRITTEN_IN = 2026
"""The year the projects were written for; they move along with the calendar."""
FIXED = ("C1", "C2", ENDED)
"""What happened on days that the calendar does not move: the acceptance cases, and a board that ended in 2023."""

ROLES_SINCE = 10
"""The demo's people got their roles so many years ago: before the first of its cases."""


def is_loaded() -> bool:
    """Whether the demo is there."""
    return User.objects.filter(email__endswith="@demo.example").exists()


@transaction.atomic
def load(now: datetime, say: Callable[[str], None] = lambda text: None) -> None:
    """Build it all, as of `now`. Either all of it or nothing."""
    cast = Cast.make(now.replace(year=now.year - ROLES_SINCE, month=1, day=2))
    rounds = found(cast, now)
    for number, written in enumerate(PROJECTS, 1):
        project = written if written.variant in FIXED else replace(written, start=written.start + now.year - WRITTEN_IN)
        is_current = _is_current(project)
        round_ = rounds.small if project.variant == SMALL else rounds.current if is_current else rounds.earlier
        walk = MoneyWalk(project, cast, round_, _begins(project, now, is_current=is_current), now)
        (worked.PATHS.get(project.variant) or PATHS[project.step])(walk)
        say(f"{number}/{len(PROJECTS)} {walk.case.number} {project.title}")
    council.sit(cast, now)
    access.visit(cast, now)
    work.spread(cast, now)
    books.keep(cast, now)
    payments.spread(cast, now)
    proof.prove_all()


AGE = {
    "idea": 20,
    "idea_check": 14,
    "council": 26,
    "idea_decision": 38,
    "application": 100,
    "withdrawn": 50,
    "rejected": 150,
    "decision": 190,
    "board": 200,
}
"""How many days ago a case of the current round was begun, by the step it shall stand on."""
BEFORE_APPLICATION = 95
"""Days from an idea to its application, of those in preparation; the day the application came is told by `paths`."""


def _age(project: Project) -> int:
    """How many days ago the idea was begun. No longer before its application than the respite lasts, whatever the day."""
    handed_in = paths.SUBMITTED.get(project.owner) if project.step == "preparation" else None
    return handed_in + BEFORE_APPLICATION if handed_in else AGE[project.step]


def _is_current(project: Project) -> bool:
    return project.step in (*AGE, "preparation") and project.variant != "board_against"


def _begins(project: Project, now: datetime, *, is_current: bool) -> datetime:
    if is_current:
        spread = sum(map(ord, project.title)) % 9
        day = timezone.localdate(now) - timedelta(days=_age(project) + spread)
    else:
        day = date(project.start - 1, 2, 20)
    return timezone.make_aware(datetime.combine(calendar.working_day_on_or_after(day), time(9, 5)))


def _implementation(walk: MoneyWalk) -> None:
    paths.granted(walk)
    if walk.project.owner == "KUN":
        return
    walk.steering()
    now = timezone.localdate()
    for year in range(walk.project.start, now.year + 1):
        if date(year, 3, 10) < now:
            walk.pay_year(year)
        for period, day in (("T1", date(year, 5, 20)), ("T2", date(year, 9, 25)), ("VB", date(year + 1, 2, 1))):
            if day < now - timedelta(days=14):
                late = period == "T2" and year == now.year
                walk.report(
                    year,
                    period,
                    accepts=not (late and walk.project.owner == "FAR"),
                    red=late and walk.project.owner == "UTN",
                )
    walk.meet()


def _closed_phase(walk: MoneyWalk) -> None:
    paths.granted(walk)
    walk.implement()
    if walk.project.step == "evaluation":
        walk.recent(86 if walk.project.owner == "HGA" else 30)
    walk.close()


def _plan(walk: MoneyWalk) -> None:
    _closed_phase(walk)
    walk.recent(110)
    walk.evaluate()
    if walk.project.variant == "plan_proposed":
        total = walk.project.yearly * walk.project.years
        first = walk.today.year + 1
        walk.propose_plan({first: total // 2, first + 1: total - total // 2})


def _repaid(walk: MoneyWalk) -> None:
    """A plan in equal parts over some years, told of in T1 and T2 and reconciled through last year's bokslut."""
    _closed_phase(walk)
    walk.evaluate()
    parts = walk.parts()
    walk.propose_plan(parts)
    walk.decide_plan()
    first, last_closed = min(parts), last_reconciled()
    for year, planned in parts.items():
        if year > last_closed or (walk.project.variant == "reorganised" and year == last_closed):
            break
        short = walk.project.variant == "deviates" and year == first + 1
        if short or year == last_closed:
            walk.forecast(year, planned - 300 if short else planned, planned=planned)
        walk.reconcile(year, planned - 300 if short else planned, planned=planned, spread="last" if short else "")
        if short:
            left = {later: amount for later, amount in parts.items() if later > year}
            final = max(left)
            walk.adjust(left | {final: left[final] + 300})
            parts[final] += 300
    if walk.project.variant == "reorganised":
        walk.revoke()
    elif last_closed + 1 in parts and walk.project.step == "repayment":
        walk.forecast(last_closed + 1, parts[last_closed + 1] - 100, planned=parts[last_closed + 1])


def _settlement(walk: MoneyWalk) -> None:
    _repaid(walk)
    walk.recent(57 if walk.project.step == "settlement" else 100 if walk.project.variant == "decided" else 70)
    walk.do(phase3.complete_repayment, walk.controller)


def _budget_adjustment(walk: MoneyWalk) -> None:
    _settlement(walk)
    walk.settle(adjusts=True, level=2900)
    walk.request_adjustment(2900, by_key=walk.project.variant == "decided")
    if walk.project.variant == "decided":
        walk.record_adjustment(all_but=2)


def _rejected(walk: MoneyWalk) -> None:
    if walk.project.variant == "board_against":
        paths.proposed(walk)
        walk.sign()
        walk.board(
            "rejected", reasons="Kommunstyrelsen bedömer att satsningen kan rymmas i ordinarie budget (påhittat)."
        )
        return
    paths.idea_decision(walk, against=True)
    walk.decide_idea(approved=False)


def _withdrawn(walk: MoneyWalk) -> None:
    walk.begin()
    walk.submit_idea()
    walk.register()
    walk.wait(9)
    walk.do(withdraw, walk.writer, reason="Frågan löses inom ett annat uppdrag i staden.")


def _discontinued(walk: MoneyWalk) -> None:
    paths.granted(walk)
    walk.steering()
    walk.pay_year(walk.project.start)
    walk.report(walk.project.start, "T2", red=True)
    walk.discontinue(learns=walk.project.variant == "learnt")


PATHS: dict[str, Callable[[MoneyWalk], None]] = {
    "idea": paths.idea,
    "idea_check": paths.idea_check,
    "council": paths.council,
    "idea_decision": paths.idea_decision,
    "application": paths.application,
    "preparation": paths.preparation,
    "decision": paths.decision,
    "board": paths.board,
    "implementation": _implementation,
    "evaluation": _closed_phase,
    "repayment_plan": _plan,
    "repayment": _repaid,
    "settlement": _settlement,
    "budget_adjustment": _budget_adjustment,
    "rejected": _rejected,
    "withdrawn": _withdrawn,
    "discontinued": _discontinued,
}
