"""The lesson card: kept with the settlement, or written after a project was broken off."""

from __future__ import annotations

from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import documents, ledger
from fundportal.flow import action
from fundportal.models import Case, Event
from repayment.actions import papers
from repayment.models import Lesson


def keep_lesson(event: Event, **said: Any) -> Lesson:
    """Keep the card of the event's case, with what the project cost the fund in all."""
    case = cast(Case, event.case)
    cost = ledger.position(case.fund, case).net_granted
    ended = timezone.localdate(event.at)
    return Lesson.objects.create(
        case=case, event=event, title=case.title, owner=case.owner.name, ended_on=ended, amount=cost, **said
    )


@action
def write_lesson(
    event: Event,
    *,
    area: str,
    method: str,
    result: str,
    tried: str,
    for_whom: str,
    cost: str,
    effect: str,
    again: bool,
    again_why: str,
) -> None:
    """Write the card of a project that was broken off: what did not work is worth as much to others as what did."""
    lesson = keep_lesson(
        event,
        area=area,
        method=method,
        result=result,
        tried=tried,
        for_whom=for_whom,
        cost=cost,
        effect=effect,
        again=again,
        again_why=again_why,
    )
    content = {"sections": [{"title": _("Ärendet"), "rows": papers.head(lesson.case)}, papers.lesson(lesson)]}
    documents.freeze(event, "lesson", _("Lärdomskort"), content)
