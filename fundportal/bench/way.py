"""The ways that seeded cases have gone: which acts brought a case to each step, read from the process's table."""

from __future__ import annotations

from dataclasses import dataclass

from fundportal.process import ACTIONS, ENDS, Step

WAY = (
    *("create_idea", "endorse_idea", "submit_idea", "register", "assign", "send_to_council"),
    *("assess", "assess", "assess", "conclude_council", "approve_idea", "endorse_application", "submit_application"),
    *("send_remiss", "answer_remiss", "answer_remiss", "check_calculation", "propose_decision", "sign_decision"),
    *("record_board_decision", "appoint_steering_group", "requisition", "pay", "report", "accept_report"),
    *("close_investment", "submit_evaluation", "propose_plan", "decide_plan", "reconcile_year", "reconcile_year"),
    *("complete_repayment", "settle", "request_adjustment", "record_adjustment", "close_case"),
)
"""The long way, by kommunstyrelsen and a whole repayment."""
TURNS = {
    Step.CLOSED: ("close_case", ""),
    Step.REJECTED: ("conclude_council", "reject_idea"),
    Step.WITHDRAWN: ("submit_application", "withdraw"),
    Step.DISCONTINUED: ("accept_report", "discontinue"),
}
"""The ends: the last act on the long way, and the act that turned the case off it."""
SHARES = {
    **{Step.IDEA: 6, Step.IDEA_CHECK: 4, Step.COUNCIL: 4, Step.IDEA_DECISION: 2, Step.APPLICATION: 8},
    **{Step.PREPARATION: 7, Step.DECISION: 2, Step.BOARD: 2, Step.IMPLEMENTATION: 14, Step.EVALUATION: 4},
    **{Step.REPAYMENT_PLAN: 3, Step.REPAYMENT: 8, Step.SETTLEMENT: 2, Step.BUDGET_ADJUSTMENT: 2},
    **{Step.CLOSED: 18, Step.REJECTED: 8, Step.WITHDRAWN: 4, Step.DISCONTINUED: 2},
}
"""How many cases of a hundred stand on each step."""


@dataclass(frozen=True)
class Act:
    """One event of a seeded case: its number, what was done by whom, and from where to where."""

    step: str
    no: int
    action: str
    role: str
    from_step: str
    to_step: str


@dataclass(frozen=True)
class Way:
    """How a case came to a step. It has at least the acts up to number `least`; those after it are done on the step."""

    step: Step
    acts: list[Act]
    least: int


def _walk(step: Step, names: tuple[str, ...]) -> list[Act]:
    acts, here = list[Act](), ""
    for no, name in enumerate(names, 1):
        row = ACTIONS[name]
        there = str(row.to[0]) if row.to else here
        acts.append(Act(str(step), no, name, str(row.by[0]), here, there))
        here = there
    return acts


def _until(last: str) -> tuple[str, ...]:
    return WAY[: len(WAY) - WAY[::-1].index(last)]


def way(step: Step) -> Way:
    """The way to a step."""
    if step in ENDS:
        last, turned = TURNS[step]
        acts = _walk(step, _until(last) + ((turned,) if turned else ()))
        return Way(step, acts, len(acts))
    acts = _walk(step, WAY)
    standing = [act for act in acts if act.to_step == step]
    return Way(step, acts[: standing[-1].no], standing[0].no)


def ways() -> list[Way]:
    """The way to every step."""
    return [way(step) for step in Step]
