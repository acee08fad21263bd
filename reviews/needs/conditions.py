"""The council's conditions: when they are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import notices
from fundportal.models import Party
from fundportal.process import OPEN, Role
from fundportal.reminders import BEFORE, Due
from reviews.models import Condition, Standpoint


def conditions(today: date) -> Iterator[Due]:
    """The council's conditions that nobody has shown to be met: to the project's owner, and the officer who follows."""
    near = (
        Condition.objects.unmet()
        .filter(due_on__lte=today + timedelta(days=BEFORE), standpoint__case__step__in=OPEN)
        .select_related("standpoint__case__owner", "standpoint__case__officer", "standpoint__event")
    )
    newest = Standpoint.objects.filter(case=OuterRef("standpoint__case")).order_by("-id").values("pk")[:1]
    found = list(near.filter(standpoint=Subquery(newest)).order_by("due_on", "pk"))
    if not found:
        return
    holders = notices.holders_of([condition.standpoint.case for condition in found], parts=[Party.Part.OWNER])
    for condition in found:
        case = condition.standpoint.case
        for role in (Role.APPLICANT, Role.OFFICER):
            yield Due(
                case=case,
                what=_("Rådets villkor: %(text)s") % {"text": condition.text[:80]},
                day=condition.due_on,
                users=holders(role, case),
                key=f"{case.number}/condition/{condition.pk}",
                since=timezone.localdate(condition.standpoint.event.at),
                role=role,
            )
