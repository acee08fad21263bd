"""The cross-proof: every account recomputed from the decisions, without a look at the ledger, and held against it.

Each app says in a function what its acts have decided (`READERS`): from the acts' own data and the rows that phases
keep of their decisions. Entries, balances and the sums of months are then compared with that, decision by decision
and account by account. It runs every night and by a button; each result is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from fundportal import formatting
from fundportal.models import Account, Balance, CentralGrant, Entry, EntryKind, Event, Fund, Proof, Turnover
from fundportal.models.ledger import MOVEMENTS

ZERO = Decimal(0)
READERS = ("fundportal.decided.amounts", "applications.decided.amounts", "repayment.decided.amounts")
SHOWN = 200
"""How many differences a result names; all are counted."""

Place = tuple[int | None, int | None]
"""A case's id and a central grant's id; neither stands for the fund itself."""


@dataclass(frozen=True)
class Amount:
    """Kronor that an act has decided, below zero when it takes back what an earlier one did."""

    kind: EntryKind
    kronor: Decimal
    grant: int | None = None


@dataclass
class SoFar:
    """What has been decided before in the same case or central grant, by kind."""

    sums: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    @property
    def earmarked(self) -> Decimal:
        """Granted and neither paid nor released."""
        it = self.sums
        granted = it[EntryKind.GRANTED] - it[EntryKind.REDUCED]
        return granted - it[EntryKind.PAID] - it[EntryKind.RELEASED]


SoFarOf = Callable[[int | None], SoFar]
Decides = Callable[[Event, SoFarOf], Iterable[Amount]]
"""Says what an event has decided; asks what was decided before it in its case (None) or in a central grant (its id)."""


@dataclass
class Decided:
    """All that has been decided in a fund."""

    acts: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    accounts: dict[tuple[Place, str], Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    kinds: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    count: int = 0

    def add(self, event: Event, amount: Amount) -> None:
        """Move what an act has decided between its accounts."""
        way = MOVEMENTS[amount.kind]
        self.count += 1
        self.acts[event.pk, amount.kind] += amount.kronor
        self.kinds[amount.kind] += amount.kronor
        for place in dict.fromkeys([(None, None), (event.case_id, amount.grant)]):
            self.accounts[place, way.source] -= amount.kronor
            self.accounts[place, way.target] += amount.kronor


def decided(fund: Fund) -> Decided:
    """Read every decision about money in the fund, in the order it was made within its case."""
    readers: dict[str, Decides] = {}
    for name in READERS:
        readers |= cast("Callable[[Fund], Mapping[str, Decides]]", import_string(name))(fund)
    found, places = Decided(), dict[Place, SoFar]()
    events = Event.objects.filter(Q(fund=fund) | Q(case__fund=fund), action__in=readers)
    for event in events.defer("body").order_by("case", "no").iterator(chunk_size=2000):

        def so_far(grant: int | None, case: int | None = event.case_id) -> SoFar:
            return places.setdefault((case, grant), SoFar())

        for amount in readers[event.action](event, so_far):
            so_far(amount.grant).sums[amount.kind] += amount.kronor
            found.add(event, amount)
    return found


def compare(fund: Fund) -> tuple[Decided, int, list[dict[str, str]]]:
    """What was decided, how many entries there are, and every difference between the two, named."""
    told = decided(fund)
    entries = Entry.objects.filter(fund=fund)
    booked = {
        (event, kind): amount
        for event, kind, amount in entries.order_by().values_list("event", "kind").annotate(sum=Sum("signed"))
    }
    kept = {
        ((case, grant), account): amount
        for case, grant, account, amount in Balance.objects.filter(fund=fund).values_list(
            "case", "grant", "account", "amount"
        )
    }
    months = dict(Turnover.objects.filter(fund=fund).order_by().values_list("kind").annotate(sum=Sum("amount")))
    wrong = [
        *_acts(told.acts, booked),
        *_accounts(told.accounts, kept),
        *_kinds(told.kinds, months),
    ]
    return told, entries.count(), wrong


def _unlike(ours: Mapping[Any, Decimal], theirs: Mapping[Any, Decimal]) -> list[tuple[Any, Decimal, Decimal]]:
    keys = dict.fromkeys([*ours, *theirs])
    pairs = [(key, ours.get(key, ZERO), theirs.get(key, ZERO)) for key in keys]
    return [(key, one, other) for key, one, other in pairs if one != other]


def _difference(what: str, ours: Decimal, theirs: Decimal) -> dict[str, str]:
    return {"what": what, "decided": f"{ours:.2f}", "booked": f"{theirs:.2f}"}


def _acts(ours: Mapping[Any, Decimal], theirs: Mapping[Any, Decimal]) -> Iterable[dict[str, str]]:
    unlike = _unlike(ours, theirs)
    ids = [event for (event, _kind), _one, _other in unlike]
    events = Event.objects.defer("body").select_related("case", "fund").in_bulk(ids)
    for (pk, kind), one, other in unlike:
        event = events[pk]
        where = event.case.number if event.case else str(event.fund)
        what = _("%(where)s, händelse %(no)d: %(kind)s") % {
            "where": where,
            "no": event.no,
            "kind": EntryKind(kind).label,
        }
        yield _difference(what, one, other)


def _accounts(ours: Mapping[Any, Decimal], theirs: Mapping[Any, Decimal]) -> Iterable[dict[str, str]]:
    unlike = _unlike(ours, theirs)
    cases = dict(
        Balance.objects.filter(case__in=[key[0][0] for key, _a, _b in unlike]).values_list("case", "case__number")
    )
    grants = CentralGrant.objects.in_bulk([key[0][1] for key, _a, _b in unlike if key[0][1]])
    for ((case, grant), account), one, other in unlike:
        where = cases.get(case, _("Ärende %s") % case) if case else str(grants[grant]) if grant else _("Hela fonden")
        what = _("%(where)s: kontot %(account)s") % {"where": where, "account": str(Account(account).label).lower()}
        yield _difference(what, one, other)


def _kinds(ours: Mapping[Any, Decimal], theirs: Mapping[Any, Decimal]) -> Iterable[dict[str, str]]:
    for kind, one, other in _unlike(ours, theirs):
        yield _difference(_("Månadernas summor: %s") % EntryKind(kind).label, one, other)


@transaction.atomic
def prove(fund: Fund, at: datetime) -> Proof:
    """Compare, while no entry can be written in the fund, and keep the result."""
    Fund.objects.select_for_update(no_key=True).get(pk=fund.pk)
    told, entries, wrong = compare(fund)
    return Proof.objects.create(
        fund=fund,
        at=at,
        holds=not wrong,
        decisions=told.count,
        entries=entries,
        accounts=len(told.accounts),
        differences=wrong[:SHOWN],
    )


def prove_all() -> list[Proof]:
    """Prove every fund: the nightly job."""
    return [prove(fund, timezone.now()) for fund in Fund.objects.order_by("pk")]


def newest(fund: Fund) -> Proof | None:
    """The last proof, whatever came out of it."""
    return Proof.objects.filter(fund=fund).first()


def last_held(fund: Fund) -> Proof | None:
    """The last proof that held."""
    return Proof.objects.filter(fund=fund, holds=True).first()


def in_words(fund: Fund) -> str:
    """The last proof in a line of a paper."""
    it = newest(fund)
    if it is None:
        return _("Ännu inte gjord")
    told = _("stämmer") if it.holds else _("stämmer inte, %d skillnader") % len(it.differences)
    return f"{formatting.moment(it.at)}: {told}"
