"""Builds the invented city: people, a fund of 300 mnkr, two rounds, and cases on every step, all through the acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from fundportal import calendar
from fundportal.actions import withdraw
from fundportal.demo import access, books, council, handling, payments, work
from fundportal.demo.cast import Cast
from fundportal.demo.founding import WEIGHTS as WEIGHTS
from fundportal.demo.founding import found
from fundportal.demo.project import Project
from fundportal.demo.projects import PROJECTS
from fundportal.demo.walk_money import C1_UNSPENT, MoneyWalk
from fundportal.models import User
from repayment import actions as phase3
from reviews.models import RemissBody

WRITTEN_IN = 2026
"""The year the projects were written for; they move along with the calendar."""
FIXED = ("C1", "C2")


ROLES_SINCE = 10
"""The demo's people got their roles so many years ago: before the first of its cases."""


def is_loaded() -> bool:
    """Whether the demo is there."""
    return User.objects.filter(email__endswith="@demo.example").exists()


@transaction.atomic
def load(now: datetime, say: Callable[[str], None] = lambda text: None) -> None:
    """Build it all, as of `now`. Either all of it or nothing."""
    cast = Cast.make(now.replace(year=now.year - ROLES_SINCE, month=1, day=2))
    earlier, current = found(cast, now)
    for number, written in enumerate(PROJECTS, 1):
        project = written if written.variant in FIXED else replace(written, start=written.start + now.year - WRITTEN_IN)
        is_current = _is_current(project)
        walk = MoneyWalk(
            project, cast, current if is_current else earlier, _begins(project, now, is_current=is_current)
        )
        PATHS[project.step](walk)
        say(f"{number}/{len(PROJECTS)} {walk.case.number} {project.title}")
    council.sit(cast, now)
    access.visit(cast, now)
    work.spread(cast, now)
    payments.spread(cast, now)
    books.keep(cast, now)


AGE = {
    "idea": 20,
    "idea_check": 14,
    "council": 26,
    "idea_decision": 38,
    "application": 100,
    "withdrawn": 50,
    "rejected": 150,
    "preparation": 160,
    "decision": 190,
    "board": 200,
}
"""How many days ago a case of the current round was begun, by the step it shall stand on."""


def _is_current(project: Project) -> bool:
    return project.step in AGE and project.variant != "board_against"


def _begins(project: Project, now: datetime, *, is_current: bool) -> datetime:
    if is_current:
        spread = sum(map(ord, project.title)) % 9
        day = timezone.localdate(now) - timedelta(days=AGE[project.step] + spread)
    else:
        day = date(project.start - 1, 2, 20)
    return timezone.make_aware(datetime.combine(calendar.working_day_on_or_after(day), time(9, 5)))


def _idea(walk: MoneyWalk) -> None:
    walk.begin(complete=walk.project.owner != "SKH")
    if walk.project.owner == "ALN":
        handling.half_ready(walk)


def _idea_check(walk: MoneyWalk) -> None:
    walk.begin()
    walk.submit_idea()
    if walk.project.owner != "UTN":
        walk.register(assigns=walk.project.owner == "SKH")


def _council(walk: MoneyWalk) -> None:
    walk.begin()
    walk.submit_idea()
    walk.register()
    walk.to_council(24)
    if walk.project.owner == "KUL":
        walk.jav()
        walk.assess(2)


def _idea_decision(walk: MoneyWalk, *, against: bool = False, conditions: bool = False) -> None:
    walk.begin()
    walk.submit_idea()
    walk.register()
    walk.to_council(14)
    walk.assess(against=against)
    walk.conclude(against=against, conditions=conditions)


def _application(walk: MoneyWalk) -> None:
    _idea_decision(walk, conditions=walk.project.owner == "AMN")
    walk.decide_idea()
    if walk.project.owner == "AMN":
        walk.write_application()


def _prepared(walk: MoneyWalk, ago: int | None = None) -> None:
    """The application is handed in; `ago` is how many days before today."""
    _idea_decision(walk)
    walk.decide_idea()
    walk.write_application()
    if ago is not None:
        walk.recent(ago + 5)
    walk.submit_application()


SUBMITTED = {"SKH": 50, "ALN": 35, "EAV": 64, "SOC": 46}
"""Days since the applications in preparation were handed in: one is late, one is due within days."""
PROPOSED = {"BRO": 6, "JAR": 19}


def _preparation(walk: MoneyWalk) -> None:
    owner = walk.project.owner
    _prepared(walk, SUBMITTED[owner])
    if owner == "EAV":
        return
    if owner == "ALN":
        handling.completed(walk)
    walk.remiss(outside=owner == "SOC", days=28 if owner == "SOC" else 40)
    walk.answer(all_but=1)
    later = calendar.working_day_on_or_after(timezone.localdate() + timedelta(days=12))
    if owner == "SOC":
        walk.hear_outside(later)
    if owner == "ALN":
        body = RemissBody.objects.asked(walk.case).unanswered().get()
        walk.ask_more_time(body, calendar.working_day_on_or_after(body.last_day + timedelta(days=14)))
    if owner == "SKH":
        walk.check_calculation()


def _proposed(walk: MoneyWalk, *, route: str = "board", outcome: str = "granted", ago: int | None = None) -> None:
    _prepared(walk)
    walk.remiss(days=30)
    walk.answer(all_but=1 if walk.project.owner in ("BRO", "SOC") else 0)
    walk.check_calculation()
    walk.propose(route=route, outcome=outcome, ago=ago)


def _decision(walk: MoneyWalk) -> None:
    _proposed(walk, ago=PROPOSED[walk.project.owner])


def _board(walk: MoneyWalk) -> None:
    tabled = walk.project.variant == "tabled"
    _proposed(walk, ago=52 if tabled else 14)
    walk.sign()
    if tabled:
        walk.until(walk.board_on)
        walk.board(
            "tabled",
            reasons="Bordlagt till nästa sammanträde (påhittat).",
            next_meeting_on=calendar.working_day_on_or_after(walk.today + timedelta(days=28)),
        )


def _granted(walk: MoneyWalk) -> None:
    small = walk.project.yearly * walk.project.years <= 2000
    _proposed(walk, route="delegation" if small else "board")
    walk.sign()
    if small:
        walk.report_to_board()
    else:
        walk.board()


def _implementation(walk: MoneyWalk) -> None:
    _granted(walk)
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
    _granted(walk)
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
    first, last_closed = min(parts), timezone.localdate().year - 1
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


def _closed(walk: MoneyWalk) -> None:
    if walk.project.variant == "C2":
        full_exempted(walk)
    else:
        full_cycle(walk)
        walk.archive()


def full_cycle(walk: MoneyWalk) -> None:
    """Acceptance case C1: 12 000 granted, 11 600 paid and repaid in five bokslut by two versions of the plan, −3 200 a year."""
    _granted(walk)
    walk.implement(leave_last=C1_UNSPENT, to_bokslut=False)
    walk.close()
    walk.evaluate()
    walk.propose_plan({2020: 2000, 2021: 3000, 2022: 3500, 2023: 3100})
    walk.decide_plan()
    walk.reconcile(2020, 2000, planned=2000)
    walk.reconcile(2021, 2400, planned=3000)
    walk.adjust({2022: 3200, 2023: 3200, 2024: 800})
    walk.reconcile(2022, 3200, planned=3200)
    walk.reconcile(2023, 3200, planned=3200)
    walk.reconcile(2024, 800, planned=800)
    walk.do(phase3.complete_repayment, walk.controller)
    walk.settle(adjusts=True, level=3200)
    walk.request_adjustment(3200, by_key=True)
    walk.record_adjustment()


def full_exempted(walk: MoneyWalk) -> None:
    """Acceptance case C2: 8 000 granted and paid, 500 handed back, 7 500 exempted, no adjustment."""
    _granted(walk)
    walk.implement()
    walk.close(handed_back=500)
    walk.evaluate(effect=False)
    walk.exempt()
    walk.settle(adjusts=False, result="none")


def _rejected(walk: MoneyWalk) -> None:
    if walk.project.variant == "board_against":
        _proposed(walk)
        walk.sign()
        walk.board(
            "rejected", reasons="Kommunstyrelsen bedömer att satsningen kan rymmas i ordinarie budget (påhittat)."
        )
        return
    _idea_decision(walk, against=True)
    walk.decide_idea(approved=False)


def _withdrawn(walk: MoneyWalk) -> None:
    walk.begin()
    walk.submit_idea()
    walk.register()
    walk.wait(9)
    walk.do(withdraw, walk.writer, reason="Frågan löses inom ett annat uppdrag i staden.")


def _discontinued(walk: MoneyWalk) -> None:
    _granted(walk)
    walk.steering()
    walk.pay_year(walk.project.start)
    walk.report(walk.project.start, "T2", red=True)
    walk.discontinue(learns=walk.project.variant == "learnt")


PATHS: dict[str, Callable[[MoneyWalk], None]] = {
    "idea": _idea,
    "idea_check": _idea_check,
    "council": _council,
    "idea_decision": _idea_decision,
    "application": _application,
    "preparation": _preparation,
    "decision": _decision,
    "board": _board,
    "implementation": _implementation,
    "evaluation": _closed_phase,
    "repayment_plan": _plan,
    "repayment": _repaid,
    "settlement": _settlement,
    "budget_adjustment": _budget_adjustment,
    "closed": _closed,
    "rejected": _rejected,
    "withdrawn": _withdrawn,
    "discontinued": _discontinued,
}
