"""What tests of the council begin with: an idea before it, and members who assess and conclude."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from fundportal import documents, flow
from fundportal.criteria import CRITERIA
from fundportal.models import Case, Document, Event, User
from reviews import actions
from reviews.models import Scoring, Verdict
from tests.factories import AT

LATER = AT + timedelta(days=14)
MEETING = date(2027, 3, 10)
REASONS = "Idén möter ett tydligt behov och bygger på en prövad metod. " * 4


def idea(case: Case) -> Document:
    """Hand in the idea, once more if it was handed in before."""
    with transaction.atomic():
        event = Event(case=case, action="submit_idea", by_name="Fabriken", at=AT, from_step=case.step)
        flow.record(event, data={}, to_step=case.step, tell=False)
        return documents.freeze(event, "idea", "Idéskiss", {"sections": [], "version": case.documents.count()})


def scoring(score: int = 2, **others: int) -> Scoring:
    """The same score on every criterion but those named."""
    scores = {criterion.code: others.get(criterion.code, score) for criterion in CRITERIA}
    return Scoring(scores, {code: "Därför." for code, given in scores.items() if given in (0, 3)}, "En god idé.")


def assess(case: Case, *members: User, score: int = 2, **others: int) -> None:
    """Let members assess, alike."""
    for member in members:
        actions.assess(case, member, AT, scoring=scoring(score, **others))


def conclude(case: Case, officer: User, present: list[User], **changes: Any) -> Event:
    """Conclude as most councils do."""
    given: dict[str, Any] = {
        "meeting_on": MEETING,
        "present": present,
        "verdict": Verdict.ENDORSED,
        "reasons": REASONS,
        **changes,
    }
    return actions.conclude_council(case, officer, LATER, **given)
