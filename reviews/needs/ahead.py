"""The council's coming meetings: where a case can be sent, and what should be judged before they meet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import formatting, notices, ties
from fundportal.hooks import Meeting as Choice
from fundportal.models import Case
from fundportal.process import Role, Step
from fundportal.reminders import BEFORE, Due
from reviews.models import Meeting


def planned_meetings(case: Case) -> list[Choice]:
    """The meetings of the case's fund that are ahead and have no minutes yet."""
    ahead = Meeting.objects.filter(
        fund=case.fund_id, held_on__gte=timezone.localdate(), cancelled_at=None, minutes=None
    ).order_by("held_on")
    return [
        Choice(
            it.pk,
            it.held_on,
            _("%(day)s kl. %(clock)s, %(place)s")
            % {"day": formatting.weekday(it.held_on), "clock": f"{it.begins:%H.%M}", "place": it.place},
        )
        for it in ahead[:12]
    ]


def unjudged_ties(today: date) -> Iterator[Due]:
    """Ties that nobody has judged, to the officer of each case that the council is to take up within a week."""
    near = Case.objects.filter(
        step=Step.COUNCIL,
        agenda_items__meeting__cancelled_at=None,
        agenda_items__meeting__held_on__range=(today, today + timedelta(days=BEFORE)),
    ).select_related("owner", "officer", "fund")
    for case in near.distinct().order_by("pk"):
        if not ties.unjudged(case):
            continue
        days = case.agenda_items.filter(meeting__cancelled_at=None, meeting__held_on__gte=today)
        day = days.order_by("meeting__held_on").values_list("meeting__held_on", flat=True)[0]
        yield Due(
            case=case,
            what=_("Kopplingar att bedöma innan rådet sammanträder"),
            day=day,
            users=notices.holders(Role.OFFICER, case),
            key=f"ties/{case.number}",
            role=Role.OFFICER,
        )
