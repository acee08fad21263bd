"""What an application promised that its evaluation answers: the skeleton, handed from one phase to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from django.utils.module_loading import import_string

from fundportal.levels import Judged
from fundportal.models import Case

SOURCE: list[str] = []
"""The dotted function (case) -> `Plan | None` that reads the application; its phase adds it when its app is ready."""


@dataclass(frozen=True)
class Measured:
    """An indicator of the plan: its locked baseline, or the application's, and its target."""

    name: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    missing: str = ""


@dataclass(frozen=True)
class Saving:
    """What a board's costs in an area were to fall by in a year, in kronor, by the application's base scenario."""

    namnd: int
    area: str
    year: int
    amount: Decimal


@dataclass(frozen=True)
class Plan:
    """An application's plan for its evaluation."""

    judged: Judged
    evaluator: str = ""
    questions: str = ""
    method: str = ""
    comparison: str = ""
    cost: Decimal | None = None
    price_level: int | None = None
    """The year in whose prices the calculation, and so `savings`, is told."""
    locked: bool = False
    """Whether the baseline was locked before the start."""
    indicators: list[Measured] = field(default_factory=list)
    savings: list[Saving] = field(default_factory=list)


def plan_of(case: Case) -> Plan | None:
    """The plan of a case's evaluation; None where no application has been handed in."""
    for name in SOURCE:
        if found := cast("Callable[[Case], Plan | None]", import_string(name))(case):
            return found
    return None
