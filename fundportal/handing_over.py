"""An administrator hands over the open cases of someone who leaves, none of which she sees.

It is the house's act, told by its number in the house's history; in each case its part of it is an ordinary change of
officer, recorded as hers and told as such. Nothing is left without an officer: what the new one cannot take stays.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import flow, house, officers
from fundportal.errors import Refused
from fundportal.models import Jav, User
from fundportal.process import Role

house.LABELS["hand_over_cases"] = gettext_lazy("Öppna ärenden överlämnades")


@transaction.atomic
def hand_over(
    leaver: User, user: User, at: datetime, *, officer: User, reason: str, key: UUID | None = None
) -> tuple[int, int]:
    """Let another officer take over all open cases: (how many went, how many stay because she has jäv in them)."""
    if Role.ADMINISTRATOR not in user.grants.everywhere:
        raise Refused(_("Ärenden som du inte ser överlämnas av en administratör. Den rollen har inte du."))
    if officer.pk == leaver.pk or not officers.officers().filter(pk=officer.pk).exists():
        raise Refused(_("%(who)s kan inte ta över ärenden. Välj en annan handläggare.") % {"who": officer})
    barred = Jav.objects.standing().filter(user=officer).values("case")
    cases = officers.open_cases(leaver).select_for_update(of=("self",)).order_by("pk")
    taken = list(cases.exclude(pk__in=barred))
    stay = officers.open_cases(leaver).filter(pk__in=barred).count()
    if not taken:
        raise Refused(_("Det finns inga öppna ärenden som %(who)s kan ta över.") % {"who": officer})
    told = {"user": leaver, "officer": officer, "count": len(taken), "stay": stay, "reason": reason}
    flow.record_house("hand_over_cases", user, at, told, role=Role.ADMINISTRATOR, key=key)
    for case in taken:
        given = {"officer": officer, "reason": reason}
        flow.record_consequence("assign", case, user, at, given, role=Role.ADMINISTRATOR, tell=True)
        case.officer = officer
        case.save(update_fields=["officer"])
    return len(taken), stay
