"""What the acts of a fund's own have decided about money, read from what they were given: for the cross-proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from fundportal.models import CentralGrant, EntryKind, Event, Fund
from fundportal.proof import Amount, Decides, SoFarOf


def kronor(data: Mapping[str, Any], name: str = "amount") -> Decimal:
    """An amount as an event keeps it: exact text; nothing is 0."""
    return Decimal(str(data.get(name) or 0))


def amounts(fund: Fund) -> dict[str, Decides]:
    """A reader for each act of the fund's own."""
    own = _Own(fund)
    return {
        "reserve": own.reserved,
        "dissolve": own.dissolved,
        "grant_centrally": own.granted,
        "change_central_grant": own.changed,
        "pay_central_grant": own.paid,
        "release_central_grant": own.released,
        "hand_back_central_grant": own.handed_back,
        "correct_entry": own.corrected,
    }


class _Own:
    def __init__(self, fund: Fund) -> None:
        grants = list(CentralGrant.objects.filter(fund=fund))
        self.numbered = {it.number: it.pk for it in grants}
        self.made = {it.event_id: it.pk for it in grants}

    def of(self, event: Event) -> int:
        """The central grant that an act names by its number."""
        return self.numbered[event.data["grant"]]

    def reserved(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        yield Amount(EntryKind.RESERVED, kronor(event.data))

    def dissolved(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        yield Amount(EntryKind.DISSOLVED, kronor(event.data))

    def granted(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        yield Amount(EntryKind.GRANTED, kronor(event.data), self.made[event.pk])

    def changed(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        before = so_far(self.of(event)).sums
        net = before[EntryKind.GRANTED] - before[EntryKind.REDUCED] - before[EntryKind.RELEASED]
        difference = kronor(event.data, "new_amount") - net
        yield Amount(EntryKind.GRANTED if difference > 0 else EntryKind.REDUCED, abs(difference), self.of(event))

    def paid(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        yield Amount(EntryKind.PAID, kronor(event.data), self.of(event))

    def released(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        yield Amount(EntryKind.RELEASED, so_far(self.of(event)).earmarked, self.of(event))

    def handed_back(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        yield Amount(EntryKind.HANDED_BACK, kronor(event.data), self.of(event))

    def corrected(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        grant = self.of(event) if event.data.get("grant") else None
        yield Amount(EntryKind(event.data["kind"]), -kronor(event.data), grant)
