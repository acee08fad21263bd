"""The acceptance cases as whole walks, and the same sums at the step where people take over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fundportal import boards
from fundportal.demo import paths
from fundportal.demo.project import ENDED, READY
from fundportal.demo.walk_money import C1_UNSPENT, MoneyWalk
from repayment import actions as phase3


def full_cycle(walk: MoneyWalk) -> None:
    """Acceptance case C1: 12 000 granted, 11 600 paid and repaid in five bokslut by two versions of the plan, −3 200 a year."""
    _first_bokslut(walk, 2020)
    walk.reconcile(2021, 2400, planned=3000)
    walk.adjust({2022: 3200, 2023: 3200, 2024: 800})
    walk.reconcile(2022, 3200, planned=3200)
    walk.reconcile(2023, 3200, planned=3200)
    walk.reconcile(2024, 800, planned=800)
    walk.do(phase3.complete_repayment, walk.controller)
    walk.settle(adjusts=True, level=3200)
    walk.request_adjustment(3200, by_key=True)
    walk.record_adjustment()


def _first_bokslut(walk: MoneyWalk, year: int) -> None:
    """12 000 granted, 11 600 paid, planned in four boksluts from `year`, and the first of them reconciled as planned."""
    paths.granted(walk)
    walk.implement(leave_last=C1_UNSPENT, to_bokslut=False)
    walk.close()
    walk.evaluate()
    walk.propose_plan({year + nth: amount for nth, amount in enumerate((2000, 3000, 3500, 3100))})
    walk.decide_plan()
    walk.reconcile(year, 2000, planned=2000)


def exempted(walk: MoneyWalk) -> None:
    """Acceptance case C2: 8 000 granted and paid, 500 handed back, 7 500 exempted, no adjustment."""
    paths.granted(walk)
    walk.implement()
    walk.close(handed_back=500)
    walk.evaluate(effect=False)
    walk.exempt()
    walk.settle(adjusts=False, result="none")


def _archived(walk: MoneyWalk) -> None:
    full_cycle(walk)
    walk.archive()


def board_ended(walk: MoneyWalk) -> None:
    """C1's sums, of a board that ended with rows left: nothing more comes back before they are handed over."""
    board, decision = walk.cast.boards[walk.project.saves], "KF 2022-12-12 § 11, ny stadsdelsindelning (påhittat)"
    ends, heir = board.active_to, board.successor
    board.active_to = board.successor = None  # as it stood when the plan was decided
    board.save(update_fields=["active_to", "successor"])
    _first_bokslut(walk, 2021)
    walk.until(date(2022, 12, 14))
    administrator = walk.cast.one("administrator")
    boards.end(administrator, walk.at, board, last_day=ends, successor=heir, decision=decision)


def ready_to_close(walk: MoneyWalk) -> None:
    """C2's sums: 8 000 granted and paid, every report accepted; the investment phase is to be closed."""
    paths.granted(walk)
    walk.implement()


PATHS: dict[str, Callable[[MoneyWalk], None]] = {
    "C1": _archived,
    "C2": exempted,
    ENDED: board_ended,
    READY: ready_to_close,
}
"""How each comes where it stands, by the project's variant."""
