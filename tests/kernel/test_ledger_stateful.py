"""Any sequence of what is decided about money, right or wrong: the fund adds up after every step."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fundportal import books, central, flow, forecast, funds, ledger, proof
from fundportal.errors import Refused
from fundportal.models import Account, Balance, Case, CentralGrant, Entry, EntryKind, Event, Fund, Turnover
from fundportal.process import Role, Step
from tests import factories

FIRST = datetime(2019, 12, 30, 22, 59, 59, tzinfo=UTC)
"""A second before a Swedish midnight; time goes on in steps that meet year ends and the leap day of 2020."""
CASES = 3
AMOUNTS = st.integers(1, 400).map(Decimal)
WHICH = st.integers(0, CASES - 1)
OF_A_CASE = [kind for kind in EntryKind if kind not in (EntryKind.RESERVED, EntryKind.DISSOLVED)]


def booked(kinds: dict[EntryKind, Decimal], case: Case, at: datetime) -> None:
    """An act of a case that moves money, decided by its own data: what the phases' acts come down to."""
    with transaction.atomic():
        told = {kind.value: str(amount) for kind, amount in kinds.items()}
        event = Event(case=case, action="prov_pengar", by_name="", at=at, from_step=case.step)
        flow.record(event, data=told, to_step=case.step, tell=False)
        for kind, amount in kinds.items():
            ledger.post(event, kind, amount, year=at.year)


def told(event: Event, so_far: proof.SoFarOf) -> list[proof.Amount]:
    return [proof.Amount(EntryKind(kind), Decimal(amount)) for kind, amount in event.data.items()]


def reader(fund: Fund) -> dict[str, proof.Decides]:
    """What the test's own act has decided, for the cross-proof."""
    return {"prov_pengar": told}


class Money(RuleBasedStateMachine):
    """Two controllers, a fund, three projects and central grants."""

    @initialize()
    def begin(self) -> None:
        """A fund with some money."""
        self.at = FIRST
        self.people = [factories.user(Role.CONTROLLER) for _person in range(2)]
        self.turn = 0
        opened = factories.round_(factories.fund(0))
        self.fund = opened.fund
        self.cases = [factories.case(Step.IMPLEMENTATION, round=opened, at=FIRST) for _case in range(CASES)]
        self.reserve(Decimal(500))

    def do(self, act: Callable[[], object]) -> None:
        """Do it or be refused in words; nothing else may happen, and a refusal changes nothing."""
        before = list(Entry.objects.filter(fund=self.fund).order_by("pk").values_list("pk", flat=True))
        try:
            with transaction.atomic():
                act()
        except Refused:
            after = list(Entry.objects.filter(fund=self.fund).order_by("pk").values_list("pk", flat=True))
            assert after == before

    @property
    def person(self) -> object:
        """They take turns."""
        self.turn += 1
        return self.people[self.turn % 2]

    @rule(days=st.sampled_from([0, 1, 59, 61, 366]))
    def time_passes(self, days: int) -> None:
        """Some days go by."""
        self.at += timedelta(days=days)

    @rule(amount=AMOUNTS)
    def reserve(self, amount: Decimal) -> None:
        """Kommunfullmäktige reserves."""
        self.do(
            lambda: funds.reserve(self.fund, self.person, self.at, amount=amount, bokslut_year=2019, decision="KF § 1")
        )

    @rule(amount=AMOUNTS)
    def dissolve(self, amount: Decimal) -> None:
        """Kommunfullmäktige takes back."""
        self.do(
            lambda: funds.dissolve(self.fund, self.person, self.at, amount=amount, bokslut_year=2019, decision="KF § 2")
        )

    @rule(which=WHICH, kind=st.sampled_from(OF_A_CASE), amount=AMOUNTS)
    def in_a_case(self, which: int, kind: EntryKind, amount: Decimal) -> None:
        """Granted, reduced, paid, released, handed back or repaid in a project."""
        self.do(lambda: booked({kind: amount}, self.cases[which], self.at))

    @rule(which=WHICH, amount=AMOUNTS)
    def moved_within_a_case(self, which: int, amount: Decimal) -> None:
        """A change that lowers one year and raises another: both or neither."""
        self.do(lambda: booked({EntryKind.REDUCED: amount, EntryKind.GRANTED: amount + 1}, self.cases[which], self.at))

    @rule(amount=AMOUNTS)
    def grant_centrally(self, amount: Decimal) -> None:
        """Granted without a project."""
        what = {"title": "Utvärdering", "receiver": "Lärosätet", "use": "evaluate", "year": 2020, "decision": "SD § 1"}
        self.do(lambda: central.grant(self.fund, self.person, self.at, amount=amount, **what))

    @rule(which=st.integers(0, 3), act=st.sampled_from(["pay", "change", "hand_back", "release"]), amount=AMOUNTS)
    def of_a_central_grant(self, which: int, act: str, amount: Decimal) -> None:
        """Paid, changed, handed back or released."""
        grants = list(CentralGrant.objects.filter(fund=self.fund).select_related("event", "fund"))
        if not grants:
            return
        it = grants[which % len(grants)]
        given = {
            "pay": lambda: central.pay(it, self.person, self.at, amount=amount, year=2020, voucher="V 1"),
            "change": lambda: central.change(it, self.person, self.at, to=amount, year=2020, decision="SD § 2"),
            "hand_back": lambda: central.hand_back(it, self.person, self.at, amount=amount, voucher="V 2"),
            "release": lambda: central.release(it, self.person, self.at, reason="Behövs inte"),
        }
        self.do(given[act])

    @rule(which=st.integers(0, 30))
    def correct(self, which: int) -> None:
        """An entry of the fund's own is mirrored."""
        entries = list(Entry.objects.filter(fund=self.fund, case=None).select_related("event", "fund", "grant"))
        if entries:
            wrong = entries[which % len(entries)]
            self.do(
                lambda: books.correct(self.fund, self.person, self.at, entry=wrong, reason="Posten blev alldeles fel")
            )

    @rule()
    def close_the_year_before(self) -> None:
        """Reconciled by one, locked by the other."""
        year = timezone.localdate(self.at).year - 1
        last = date(year, 12, 31)
        if year >= timezone.localdate().year:
            return  # the database asks the real clock whether a year is over

        def both() -> None:
            one, other = self.people
            balance = ledger.position(self.fund, on=last).booked
            books.reconcile(self.fund, one, self.at, on=last, accounting=balance)
            books.lock_year(self.fund, other, self.at, year=year)

        self.do(both)

    @rule(days=st.integers(1, 800), amount=AMOUNTS)
    def booked_late(self, days: int, amount: Decimal) -> None:
        """A reservation that is dated back: refused on a locked year."""
        then = self.at - timedelta(days=days)
        locked = timezone.localdate(then).year <= (ledger.locked_until(self.fund) or 0)
        before = Entry.objects.filter(fund=self.fund).count()
        self.do(
            lambda: funds.reserve(self.fund, self.person, then, amount=amount, bokslut_year=2019, decision="KF § 3")
        )
        assert Entry.objects.filter(fund=self.fund).count() == before + (not locked)

    @invariant()
    def the_fund_adds_up(self) -> None:
        """S = D + K, D ≥ 0, K ≥ 0 in the fund, in each project and in each central grant."""
        whole = ledger.position(self.fund)
        assert whole.booked == whole.available + whole.earmarked
        assert whole.available == ledger.balance(self.fund, Account.FUND) >= 0
        assert whole.earmarked == ledger.balance(self.fund, Account.GRANTED) >= 0
        parts = [ledger.position(self.fund, case) for case in self.cases]
        parts += [ledger.position(self.fund, grant=it) for it in self.fund.central_grants.all()]
        assert all(part.earmarked >= 0 and part.paid >= part.handed_back for part in parts)
        assert sum(part.earmarked for part in parts) == whole.earmarked
        assert sum(forecast.payments(self.fund, 2020).values()) == whole.earmarked

    @invariant()
    def balances_months_and_entries_agree(self) -> None:
        """What the database keeps is the sum of the entries, on every account and for every month."""
        legs: dict[tuple[int | None, int | None, str], Decimal] = {}
        for entry in Entry.objects.filter(fund=self.fund):
            for place in {(None, None), (entry.case_id, entry.grant_id)}:
                for account, amount in ((entry.source, -entry.amount), (entry.target, entry.amount)):
                    legs[*place, account] = legs.get((*place, account), Decimal(0)) + amount
        kept = Balance.objects.filter(fund=self.fund)
        assert {(row.case_id, row.grant_id, row.account): row.amount for row in kept} == legs
        months = Turnover.objects.filter(fund=self.fund).order_by().values_list("kind").annotate(sum=Sum("amount"))
        kinds = Entry.objects.filter(fund=self.fund).order_by().values_list("kind").annotate(sum=Sum("signed"))
        assert dict(months) == dict(kinds)

    @invariant()
    def every_day_is_the_sum_until_then(self) -> None:
        """The position on a day is that of the entries booked until it was over."""
        for day in (date(2019, 12, 31), date(2020, 2, 29), timezone.localdate(self.at)):
            until = Entry.objects.filter(fund=self.fund, booked_on__lte=day).order_by().values_list("kind")
            assert ledger.position(self.fund, on=day) == ledger.told(dict(until.annotate(sum=Sum("signed"))))

    @invariant()
    def the_ledger_is_what_was_decided(self) -> None:
        """Every account recomputed from the decisions alone is the account of the ledger."""
        _told, _entries, wrong = proof.compare(self.fund)
        assert wrong == []


class Rolled(Money):
    """Each run in a transaction of its own, which is undone."""

    def __init__(self) -> None:
        """Open it."""
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        """Undo all of it."""
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)


@pytest.mark.django_db
def test_the_fund_adds_up_whatever_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "READERS", (*proof.READERS, f"{__name__}.reader"))

    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=8, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_no_race_overdraws_a_project_unbalances_the_fund_or_slips_into_a_locked_year(fresh_db: str) -> None:
    person, other = (factories.user(Role.CONTROLLER) for _person in range(2))
    opened = factories.round_(factories.fund(0))
    fund, now = opened.fund, datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    last = datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC)
    funds.reserve(fund, person, last, amount=Decimal(10_000), bokslut_year=2024, decision="KF § 1")
    cases = [factories.case(Step.IMPLEMENTATION, round=opened, at=last) for _case in range(3)]
    what = {"title": "Utvärdering", "receiver": "Lärosätet", "use": "evaluate", "year": 2025, "decision": "SD § 1"}
    given = central.grant(fund, person, last, amount=Decimal(500), **what).central_grant

    def lock() -> None:
        books.reconcile(fund, person, now, on=last.date(), accounting=ledger.position(fund, on=last.date()).booked)
        books.lock_year(fund, other, now, year=2025)

    def acts(number: int) -> list[Callable[[], object]]:
        case = cases[number % 3]
        return [
            lambda: booked({EntryKind.GRANTED: Decimal(700)}, case, now),
            lambda: booked({EntryKind.PAID: Decimal(400)}, case, now),
            lambda: booked({EntryKind.HANDED_BACK: Decimal(100), EntryKind.RELEASED: Decimal(50)}, case, now),
            lambda: central.pay(given, other, now, amount=Decimal(90), year=2025, voucher="V 1"),
            lambda: funds.reserve(fund, person, last, amount=Decimal(1), bokslut_year=2024, decision="KF § 2"),
            lock if number == 3 else lambda: booked({EntryKind.REPAID: Decimal(30)}, case, now),
        ]

    def in_the_same_database(number: int) -> None:
        connection.settings_dict["NAME"] = fresh_db
        try:
            for act in acts(number):
                try:
                    act()
                except Refused:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(in_the_same_database, range(8)))

    whole = ledger.position(fund)
    assert whole.booked == whole.available + whole.earmarked
    assert min(whole.available, whole.earmarked) >= 0
    assert ledger.position(fund, grant=given).earmarked >= 0
    locked = fund.events.filter(action="lock_year").first()
    if locked is not None:
        assert ledger.position(fund, on=last.date()).booked == Decimal(locked.data["booked"])
