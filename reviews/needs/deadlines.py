"""What is due in reviews, beside the steps' own last days: answers to remisser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import cast

from django.utils.translation import gettext as _

from fundportal.models import Case
from fundportal.process import Role, Step
from fundportal.reminders import BEFORE, Due
from reviews.models import RemissBody, respondents_of


def remiss_answers(today: date) -> Iterator[Due]:
    """Boards whose answer is due within a week or is late; outside bodies are the officer's to chase, in her queue."""
    near = (
        RemissBody.objects.filter(
            remiss__withdrawal=None,
            remiss__case__step=Step.PREPARATION,
            namnd__isnull=False,
            last_day__lte=today + timedelta(days=BEFORE),
        )
        .unanswered()
        .select_related("namnd", "remiss__event", "remiss__case__owner", "remiss__case__officer")
    )
    for body in near.order_by("last_day", "pk"):
        case: Case = body.remiss.case
        users = respondents_of([cast(int, body.namnd_id)]).exclude(javs__case=case)
        yield Due(
            case=case,
            what=_("Svar på remiss"),
            day=body.last_day,
            users=list(users),
            key=f"{case.number}/remiss/{body.pk}",
            since=body.remiss.sent_on,
            role=Role.RESPONDENT,
        )
