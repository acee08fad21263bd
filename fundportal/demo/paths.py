"""How the demo's cases come as far as a decision: idea, council, application, preparation, signature."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from fundportal import calendar
from fundportal.demo import handling
from fundportal.demo.project import SMALL
from fundportal.demo.walk_money import MoneyWalk
from reviews.models import RemissBody


def idea(walk: MoneyWalk) -> None:
    walk.begin(complete=walk.project.owner != "SKH")
    if walk.project.owner == "ALN":
        handling.half_ready(walk)


def idea_check(walk: MoneyWalk) -> None:
    walk.begin()
    walk.submit_idea()
    if walk.project.owner != "UTN":
        walk.register(assigns=walk.project.owner == "SKH")


def council(walk: MoneyWalk) -> None:
    walk.begin()
    walk.submit_idea()
    walk.register()
    walk.to_council(24)
    if walk.project.owner == "KUL":
        walk.jav()
        walk.assess(2)


def idea_decision(walk: MoneyWalk, *, against: bool = False, conditions: bool = False) -> None:
    walk.begin()
    walk.submit_idea()
    walk.register()
    walk.to_council(14)
    walk.assess(against=against)
    walk.conclude(against=against, conditions=conditions)


def application(walk: MoneyWalk) -> None:
    idea_decision(walk, conditions=walk.project.owner == "AMN")
    walk.decide_idea()
    if walk.project.owner == "AMN" or walk.project.variant == SMALL:
        walk.write_application()


def prepared(walk: MoneyWalk, ago: int | None = None) -> None:
    """The application is handed in; `ago` is how many days before today."""
    idea_decision(walk)
    walk.decide_idea()
    walk.write_application()
    if ago is not None:
        walk.recent(ago + 5)
    walk.submit_application()


SUBMITTED = {"SKH": 50, "ALN": 35, "EAV": 64, "SOC": 46}
"""Days since the applications in preparation were handed in: one is late, one is due within days."""
PROPOSED = {"BRO": 6, "JAR": 19}


def preparation(walk: MoneyWalk) -> None:
    owner = walk.project.owner
    prepared(walk, SUBMITTED[owner])
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


def proposed(walk: MoneyWalk, *, route: str = "board", outcome: str = "granted", ago: int | None = None) -> None:
    prepared(walk)
    walk.remiss(days=30)
    walk.answer(all_but=1 if walk.project.owner in ("BRO", "SOC") else 0)
    walk.check_calculation()
    walk.propose(route=route, outcome=outcome, ago=ago)


def decision(walk: MoneyWalk) -> None:
    proposed(walk, ago=PROPOSED[walk.project.owner])


def board(walk: MoneyWalk) -> None:
    tabled = walk.project.variant == "tabled"
    proposed(walk, ago=52 if tabled else 14)
    walk.sign()
    if tabled:
        walk.until(walk.board_on)
        walk.board(
            "tabled",
            reasons="Bordlagt till nästa sammanträde (påhittat).",
            next_meeting_on=calendar.working_day_on_or_after(walk.today + timedelta(days=28)),
        )


def granted(walk: MoneyWalk) -> None:
    small = walk.project.yearly * walk.project.years <= 2000
    proposed(walk, route="delegation" if small else "board")
    walk.sign()
    if small:
        walk.report_to_board()
    else:
        walk.board()
