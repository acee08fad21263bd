"""What the demo needs to know of an invented project."""

from dataclasses import dataclass

ENDED, READY, SMALL = "ended", "ready", "small"
"""Variants with the sums of the acceptance cases C1, C2 and R9, left where people take over; see `demo.worked`."""


@dataclass(frozen=True)
class Project:
    """An invented project: what it is about, and on which step its case shall stand."""

    title: str
    owner: str
    step: str
    start: int
    years: int
    yearly: int
    """Requested per year, in thousands of kronor."""
    size: int
    ages: tuple[int, int]
    target: str
    need: str
    idea: str
    area: str
    """Code of the area of activity where costs should fall."""
    saves: str
    """Code of the board whose costs should fall."""
    partners: tuple[str, ...] = ()
    variant: str = ""
    """Something particular that happened to it, or the acceptance case it has the sums of; see `demo.worked`."""
