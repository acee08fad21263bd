"""What the acts of this phase have decided about money: what came back at each bokslut, read from the acts."""

from __future__ import annotations

from collections.abc import Iterator

from fundportal.decided import kronor
from fundportal.models import EntryKind, Event, Fund
from fundportal.proof import Amount, Decides, SoFarOf


def amounts(fund: Fund) -> dict[str, Decides]:
    """A reader for the act that books what is repaid."""

    def repaid(event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        if came := kronor(event.data, "repaid"):
            yield Amount(EntryKind.REPAID, came)

    return {"reconcile_year": repaid}
