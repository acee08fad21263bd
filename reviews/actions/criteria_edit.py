"""Sets the words of a round's criteria."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fundportal import criteria, flow
from fundportal.errors import Refused
from fundportal.models import Round, RoundCriterion, User
from fundportal.process import Role
from reviews.models import Assessment


@transaction.atomic
def reword(user: User, at: datetime, *, round_: Round, told: Sequence[criteria.Criterion]) -> None:
    """Set how the criteria read in a round. Refused once someone has assessed by them: then they stand."""
    Round.objects.select_for_update().get(pk=round_.pk)
    if Assessment.objects.filter(case__round=round_).exists():
        raise Refused(_("Någon har redan bedömt en idé i omgången, så kriterierna går inte längre att ändra."))
    if [row.code for row in told] != [row.code for row in criteria.CRITERIA]:
        raise Refused(_("Kriterierna är tolv, K1 till K12."))
    before = criteria.of(round_)
    changed = [row for row, was in zip(told, before, strict=True) if row != was]
    role = Role.OFFICER if Role.OFFICER in user.grants.everywhere else Role.ADMINISTRATOR
    data = {
        "name": round_.name,
        "criteria": [
            {"code": row.code, "text": str(row.text), "guidance": str(row.guidance), "gate": row.gate}
            for row in changed
        ],
    }
    flow.record_house("reword_criteria", user, at, data, role=role)
    for row in changed:
        RoundCriterion.objects.update_or_create(
            round=round_,
            code=row.code,
            defaults={"text": str(row.text), "guidance": str(row.guidance), "gate": row.gate},
        )
    round_.__dict__.pop("_criteria", None)
