"""How the demo's officers spread their work: rules, saved views, one act on many cases; and what an auditor takes out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from fundportal import bulk, exports, officers, saved
from fundportal.demo.cast import Cast
from fundportal.models import Bulk, Case
from fundportal.process import Role, Step
from fundportal.queue import Wanted


def spread(cast: Cast, now: datetime) -> None:
    """Make the rules, save three views, remind the applicants who write, and take out two cases for the audit."""
    administrator, last_week = cast.one(Role.ADMINISTRATOR), now - timedelta(days=7)
    first, second, third = (cast.one(Role.OFFICER, nth=nth) for nth in range(3))
    for given in (
        {"namnd": cast.boards["FAR"], "officer": second},
        {"target": "äldre", "officer": third},
        {"target": "förskol", "officer": second},
        {"officer": first},
    ):
        officers.add(administrator, last_week, given)
    late = Wanted(view="forsenade", sort="frist")
    large = Wanted(least=Decimal(5_000_000), sort="-belopp", columns=("namnd", "status", "belopp", "handlaggare"))
    saved.save(first, last_week, "Försenade", late, shared=True, first=False)
    saved.save(second, last_week, "Stora ansökningar", large, shared=True, first=False)
    saved.save(
        first,
        last_week,
        "Mina i februari",
        Wanted(view="mina", due_to=date(now.year + 1, 2, 28)),
        shared=False,
        first=False,
    )
    writing = Case.objects.visible_to(first).filter(step__in=[Step.APPLICATION, Step.IDEA_CHECK]).order_by("number")
    told = {"message": "Hör av er om något hindrar."}
    made = bulk.begin(first, now, Bulk.Kind.REMIND, list(writing.values_list("pk", flat=True)), told, {}, uuid4())
    bulk.run(made.pk)
    for case in Case.objects.filter(step=Step.PREPARATION).order_by("number")[:2]:
        exports.take_out_case(cast.one(Role.AUDITOR), now, case, "json").file.close()
