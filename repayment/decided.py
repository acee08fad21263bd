"""What the acts of this phase have decided about money: what came back at each bokslut, read from the acts."""

from __future__ import annotations

from collections.abc import Iterator

from fundportal.decided import kronor
from fundportal.models import EntryKind, Event, Fund
from fundportal.proof import Amount, Decides, SoFarOf
from repayment.models import Reconciliation


def amounts(fund: Fund) -> dict[str, Decides]:
    """A reader for the acts that book what is repaid, and what was booked wrong."""
    rows = Reconciliation.objects.filter(corrects__isnull=False, row__plan__case__fund=fund)
    changes = {
        event: after - before for event, before, after in rows.values_list("event", "corrects__repaid", "repaid")
    }

    def repaid(event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        if came := kronor(event.data, "repaid"):
            yield Amount(EntryKind.REPAID, came)

    def corrected(event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        if event.pk in changes:
            yield Amount(EntryKind.REPAID, changes[event.pk])

    return {"reconcile_year": repaid, "correct_reconciliation": corrected}
