"""What is due in reviews, beside the steps' own last days: answers to remisser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import notices
from fundportal.models import Case, Letter, Party, User
from fundportal.process import Role, Step
from fundportal.reminders import BEFORE, Due, kind
from reviews.models import RemissBody, RemissLink
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
    bodies = list(near.order_by("last_day", "pk"))
    if not bodies:
        return
    holders = notices.holders_of([body.remiss.case for body in bodies], parts=[Party.Part.REMISS])
    ways_in = {link.body_id: link for link in RemissLink.objects.unused().filter(body__in=bodies).order_by("pk")}
    duties = [_due(body, today, holders, ways_in.get(body.pk)) for body in bodies]
    first = [body.pk for body, due in zip(bodies, duties, strict=True) if body.reminded_on is None and kind(due, today)]
    RemissBody.objects.filter(pk__in=first).update(reminded_on=today)
    yield from duties


def _due(body: RemissBody, today: date, holders: notices.Holders, link: RemissLink | None) -> Due:
    """A body's answer: its board's people are written to in the portal, one outside the city at its address."""
    case: Case = body.remiss.case
    return Due(
        case=case,
        what=_("Svar på remiss"),
        day=body.last_day,
        users=holders(Role.RESPONDENT, case, [body.namnd_id]) if body.namnd_id else [],
        key=f"{case.number}/remiss/{body.pk}",
        since=body.remiss.sent_on,
        role=Role.RESPONDENT,
        outside=None if body.namnd_id else partial(_reminder, body, today, link),
    )


def own_last_days(case: Case, user: User) -> list[dict[str, Any]]:
    """When her boards are to have answered: the respondent's last day is the remiss's and not the step's."""
    mine = RemissBody.objects.asked(case).unanswered().filter(namnd__in=user.grants.namnder(Role.RESPONDENT))
    return [{"on": body.last_day, "what": _("%s svarar på remissen") % body} for body in mine]


def _reminder(body: RemissBody, today: date, link: RemissLink | None, key: str) -> Letter:
    """A letter with the way in that stands unused, or a new one."""
    at = timezone.now()
    return outside_letter(
        body, "reminder", key, at, link=link or RemissLink.issue(body, at), late=body.last_day < today
    )
