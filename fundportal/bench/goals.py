"""A goal, how it is measured, and how it is judged: both sides in one loop, turn about, their medians compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import cycle
from statistics import median

ROUNDS = 60
WARM = 8

Timed = Callable[[], float]
"""Does the thing once; answers how many seconds it took."""


@dataclass(frozen=True)
class Goal:
    """The ratio between a thing and what it is measured against is at most `most`."""

    name: str
    most: float
    thing: Timed
    against: Timed
    rounds: int = ROUNDS


@dataclass(frozen=True)
class Result:
    """What came out, in one run: the medians in seconds."""

    goal: Goal
    thing: float
    against: float

    @property
    def value(self) -> float:
        """The ratio."""
        return self.thing / self.against

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return round(self.value, 2) <= self.goal.most

    def line(self) -> str:
        """As JSON, for the reader and for scripts."""
        told = {"name": self.goal.name, "value": round(self.value, 2), "goal": self.goal.most, "unit": "ratio"}
        return json.dumps(told)

    def note(self) -> str:
        """In words, with both sides in milliseconds."""
        word = "ok" if self.met else "MISSAT"
        return (
            f"{word:<7}{self.goal.name:<32}{self.value:6.2f} av högst {self.goal.most:.2f}"
            f"   ({1000 * self.thing:.2f} ms mot {1000 * self.against:.2f} ms)"
        )


def measure(goal: Goal) -> Result:
    """Warm both sides up, then time them turn about; who begins changes every round."""
    for _warm in range(WARM):
        goal.thing()
        goal.against()
    things, others = list[float](), list[float]()
    for number in range(goal.rounds):
        if number % 2:
            others.append(goal.against())
            things.append(goal.thing())
        else:
            things.append(goal.thing())
            others.append(goal.against())
    return Result(goal, median(things), median(others))


def judge(goal: Goal, say: Callable[[str], None]) -> Result:
    """Measure; a goal that is missed is measured once more, and the second run counts."""
    result = measure(goal)
    if not result.met:
        say(result.note() + " – mäts om")
        result = measure(goal)
    say(result.note())
    return result


def turns(timed: Callable[[str], float], paths: Iterable[str]) -> Timed:
    """Time the pages at these addresses, one after the other."""
    order = cycle(list(paths))
    return lambda: timed(next(order))
