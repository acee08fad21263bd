"""What the acts of this phase have decided about money, read from the decisions and never from the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q

from applications.models import Change, Decision, Requisition
from applications.models.decision import Route
from fundportal.decided import kronor
from fundportal.models import EntryKind, Event, Fund
from fundportal.process import Outcome
from fundportal.proof import Amount, Decides, SoFarOf


def amounts(fund: Fund) -> dict[str, Decides]:
    """A reader for each act that grants, changes, pays or takes back."""
    phase = _Phase(fund)
    return {
        "sign_decision": phase.granted,
        "record_board_decision": phase.granted,
        "decide_change": phase.changed,
        "approve_requisition": phase.approved,
        "pay": phase.paid,
        "correct_payment": phase.unpaid,
        "correct_hand_back": phase.handed_back_again,
        "close_investment": phase.settled,
        "discontinue": phase.settled,
    }


class _Phase:
    def __init__(self, fund: Fund) -> None:
        self.grants, self.changes = _grants(fund), _changes(fund)
        self.asked = dict(Requisition.objects.filter(case__fund=fund).values_list("pk", "amount"))
        self.may_be_paid: dict[int, Decimal] = {}
        self.paid_for: dict[int, Decimal] = {}
        self.handed_back: dict[int | None, Decimal] = defaultdict(Decimal)

    def granted(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        if event.pk in self.grants:
            yield Amount(EntryKind.GRANTED, self.grants[event.pk])

    def changed(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        for difference in self.changes[event.pk]:
            yield Amount(EntryKind.GRANTED if difference > 0 else EntryKind.REDUCED, abs(difference))

    def approved(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        """Nothing moves, but what is approved is what is paid unless the payment says otherwise."""
        if event.data.get("approves", True):
            asked = event.data["requisition"]
            less = event.data.get("amount") is not None
            self.may_be_paid[asked] = kronor(event.data) if less else self.asked[asked]
        yield from ()

    def paid(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        if event.data.get("pays", True):
            asked = event.data["requisition"]
            came = self.may_be_paid[asked] if event.data.get("amount") is None else kronor(event.data)
            self.paid_for[asked] = came
            yield Amount(EntryKind.PAID, came)

    def unpaid(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        yield Amount(EntryKind.PAID, -self.paid_for[event.data["requisition"]])

    def settled(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        if back := kronor(event.data, "handed_back"):
            yield Amount(EntryKind.HANDED_BACK, back)
        self.handed_back[event.case_id] += back
        if left := so_far(None).earmarked:
            yield Amount(EntryKind.RELEASED, left)

    def handed_back_again(self, event: Event, so_far: SoFarOf) -> Iterator[Amount]:
        back = kronor(event.data, "handed_back")
        if change := back - self.handed_back[event.case_id]:
            yield Amount(EntryKind.HANDED_BACK, change)
        self.handed_back[event.case_id] = back


def _grants(fund: Fund) -> dict[int, Decimal]:
    """What each decision that took effect granted: the director's on delegation, and kommunstyrelsen's."""
    final = Q(kind=Decision.Kind.BOARD) | ~Q(route=Route.BOARD)
    rows = Decision.objects.filter(final, case__fund=fund, outcome__in=(Outcome.GRANTED, Outcome.PARTLY))
    return dict(rows.values_list("event", "amount"))


def _changes(fund: Fund) -> dict[int, list[Decimal]]:
    """By how much each approved change moved every year, use and nämnd."""
    found: dict[int, list[Decimal]] = defaultdict(list)
    approved = Change.objects.filter(case__fund=fund, status=Change.Status.APPROVED)
    for event, before, after in approved.values_list("decided", "rows__before", "rows__after"):
        if event is not None and before != after:
            found[event].append(after - before)
    return found
