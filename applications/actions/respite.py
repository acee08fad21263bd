"""Respite for a board in a round: outside every case, since drafts that are not handed in are no business of SLK's."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Respite
from fundportal import flow, formatting
from fundportal.errors import Refused
from fundportal.models import Case, Namnd, Round, User
from fundportal.process import Role, Step

GIVEN_BY = (Role.OFFICER, Role.DIRECTOR)


@transaction.atomic
def grant_respite(
    user: User,
    at: datetime,
    *,
    round: Round,  # noqa: A002 -- the field's name
    namnd: Namnd,
    last_day: date,
    reason: str,
    key: UUID | None = None,
) -> Respite:
    """Give a board a later last day for its ideas in a round: recorded in the house's chain, its drafts get the day."""
    role = next((role for role in GIVEN_BY if role in user.grants.everywhere), Role.OFFICER)
    given = {"round": round.name, "namnd": namnd, "last_day": last_day, "reason": reason.strip()}
    event = flow.record_house("grant_respite", user, at, given, role=role, key=key)
    if done := Respite.objects.filter(event=event).first():
        return done
    newest = Respite.objects.filter(round=round, namnd=namnd).order_by("-last_day").first()
    earlier = max(round.closes_on, newest.last_day) if newest else round.closes_on
    if last_day <= earlier or last_day < timezone.localdate(at):
        raise Refused(
            _("Den nya sista dagen ska ligga efter %(day)s och inte före i dag.") % {"day": formatting.day(earlier)}
        )
    if not reason.strip():
        raise Refused(_("Skriv skälet till anståndet."))
    drafts = Case.objects.filter(round=round, owner=namnd, step=Step.IDEA, submitted_at=None)
    drafts.update(due_on=last_day)
    return Respite.objects.create(
        event=event, round=round, namnd=namnd, earlier=earlier, last_day=last_day, reason=reason.strip(), by=user, at=at
    )
