"""What is due in reviews, beside the steps' own last days: answers to remisser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any, cast

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal.models import Case, Letter, User
from fundportal.process import Role, Step
from fundportal.reminders import BEFORE, Due, kind
from reviews.models import RemissBody, RemissLink, respondents_of
from reviews.needs.letters import outside as outside_letter


def remiss_answers(today: date) -> Iterator[Due]:
    """Bodies whose answer is due within a week or is late; those outside the city are written to at their address."""
    near = (
        RemissBody.objects.filter(
            Q(namnd__isnull=False) | ~Q(email=""),
            remiss__withdrawal=None,
            remiss__case__step=Step.PREPARATION,
            last_day__lte=today + timedelta(days=BEFORE),
        )
        .unanswered()
        .select_related(
            *("namnd", "remiss__event__by", "remiss__case__owner", "remiss__case__officer", "remiss__case__fund")
        )
    )
    for body in near.order_by("last_day", "pk"):
        case: Case = body.remiss.case
        outside = body.namnd_id is None
        due = Due(
            case=case,
            what=_("Svar på remiss"),
            day=body.last_day,
            users=[] if outside else _respondents(case, cast(int, body.namnd_id)),
            key=f"{case.number}/remiss/{body.pk}",
            since=body.remiss.sent_on,
            role=Role.RESPONDENT,
            outside=partial(_reminder, body, today) if outside else None,
        )
        if body.reminded_on is None and kind(due, today):
            RemissBody.objects.filter(pk=body.pk).update(reminded_on=today)
        yield due


def own_last_days(case: Case, user: User) -> list[dict[str, Any]]:
    """When her boards are to have answered: the respondent's last day is the remiss's and not the step's."""
    mine = RemissBody.objects.asked(case).unanswered().filter(namnd__in=user.grants.namnder(Role.RESPONDENT))
    return [{"on": body.last_day, "what": _("%s svarar på remissen") % body} for body in mine]


def _respondents(case: Case, namnd_id: int) -> list[User]:
    return list(respondents_of([namnd_id]).exclude(pk__in=case.javs.standing().values("user")))


def _reminder(body: RemissBody, today: date, key: str) -> Letter:
    at = timezone.now()
    return outside_letter(body, "reminder", key, at, link=RemissLink.current(body, at), late=body.last_day < today)
