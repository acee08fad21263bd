"""Which of the two sheets a case is about: the one that is being written, or the one that was handed in."""

from __future__ import annotations

from applications.models import SheetName
from applications.sheets import APPLICATION, IDEA
from fundportal.drafts import Sheet
from fundportal.models import Case
from fundportal.process import Step

SHEETS: dict[str, Sheet] = {IDEA.name: IDEA, APPLICATION.name: APPLICATION}


def sheet_of(case: Case) -> Sheet:
    """The sheet that is being written on the case's step."""
    return APPLICATION if case.step == Step.APPLICATION else IDEA


def submitted_sheet(case: Case, step: str = "") -> SheetName:
    """What SLK has before it on a step: the application while it is prepared, before that the idea."""
    return SheetName.APPLICATION if (step or case.step) == Step.PREPARATION else SheetName.IDEA
