"""Money: S = D + K, D ≥ 0, and K ≥ 0 per project, under any order of acts and any interleaving."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from fundportal import flow, ledger
from fundportal.errors import Refused
from fundportal.models import Account, Case, Entry, EntryKind, Event, Fund
from fundportal.models.ledger import MOVEMENTS
from fundportal.process import Step
from tests import factories

OF_A_CASE = [kind for kind in EntryKind if kind not in (EntryKind.RESERVED, EntryKind.DISSOLVED)]
MOVES = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(OF_A_CASE), st.integers(1, 700)), max_size=12)


def book(case: Case, kind: EntryKind, amount: int) -> None:
    with transaction.atomic():
        event = Event(case=case, action="prov", by_name="", at=factories.AT, from_step=case.step)
        flow.record(event, data={}, to_step=case.step, tell=False)
        ledger.post(event, kind, Decimal(amount), year=2027)


def accounts(entries: Iterable[Entry]) -> dict[tuple[int | None, str], Decimal]:
    """Every account recomputed from the entries alone."""
    sums: dict[tuple[int | None, str], Decimal] = {}
    for entry in entries:
        for place in {None, entry.case_id}:
            sums[place, entry.source] = sums.get((place, entry.source), Decimal(0)) - entry.amount
            sums[place, entry.target] = sums.get((place, entry.target), Decimal(0)) + entry.amount
    return sums


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(moves=MOVES)
def test_whatever_is_booked_or_refused_the_accounts_agree(moves: list[tuple[int, EntryKind, int]]) -> None:
    with transaction.atomic():
        round_ = factories.round_(factories.fund(1000))
        cases = [factories.case(Step.IMPLEMENTATION, round=round_) for _case in range(3)]

        for index, kind, amount in moves:
            before = ledger.balance(
                round_.fund, MOVEMENTS[kind].source, None if MOVEMENTS[kind].source == Account.FUND else cases[index]
            )
            covered = MOVEMENTS[kind].source == Account.SAVINGS or amount <= before
            if covered:
                book(cases[index], kind, amount)
            else:
                with pytest.raises(Refused):
                    book(cases[index], kind, amount)

        whole = ledger.position(round_.fund)
        assert whole.booked == whole.available + whole.earmarked
        assert whole.available == ledger.balance(round_.fund, Account.FUND) >= 0
        assert whole.earmarked == ledger.balance(round_.fund, Account.GRANTED)
        for case in cases:
            assert (
                ledger.position(round_.fund, case).earmarked == ledger.balance(round_.fund, Account.GRANTED, case) >= 0
            )
        kept = {(row.case_id, row.account): row.amount for row in round_.fund.balances.all()}
        assert kept == accounts(Entry.objects.filter(fund=round_.fund))
        transaction.set_rollback(True)


def test_no_interleaving_of_threads_overdraws_the_fund(fresh_db: str) -> None:
    round_ = factories.round_(factories.fund(1000))
    cases = [factories.case(Step.IMPLEMENTATION, round=round_) for _case in range(8)]

    def draw(case: Case) -> int:
        granted = 0
        try:
            for _time in range(5):
                try:
                    book(case, EntryKind.GRANTED, 60)
                    granted += 1
                except Refused:
                    pass
        finally:
            connection.close()
        return granted

    def in_the_same_database(case: Case) -> int:
        connection.settings_dict["NAME"] = fresh_db
        return draw(case)

    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(in_the_same_database, cases))

    assert granted == 1000 // 60
    assert ledger.balance(Fund.objects.get(pk=round_.fund.pk), Account.FUND) == 1000 - 60 * granted


@pytest.mark.django_db
def test_a_refusal_says_what_is_left_and_changes_nothing() -> None:
    case = factories.case(Step.IMPLEMENTATION, round=factories.round_(factories.fund(100)))

    with pytest.raises(Refused) as refused, transaction.atomic():
        book(case, EntryKind.GRANTED, 101)

    assert refused.value.reasons == [
        "Pengarna räcker inte: 100\xa0kr finns på kontot disponibelt i fonden, men 101\xa0kr behövs. Sänk beloppet."
    ]
    assert not case.entries.exists()
    assert ledger.balance(case.fund, Account.FUND) == 100


@pytest.mark.django_db
def test_money_handed_back_is_never_counted_as_savings_repaid() -> None:
    case = factories.case(Step.IMPLEMENTATION, round=factories.round_(factories.fund(1000)))
    book(case, EntryKind.GRANTED, 500)
    book(case, EntryKind.PAID, 400)
    book(case, EntryKind.RELEASED, 100)
    book(case, EntryKind.HANDED_BACK, 50)
    book(case, EntryKind.REPAID, 350)

    position = ledger.position(case.fund)

    assert [position.granted, position.paid, position.released, position.handed_back, position.repaid] == [
        Decimal(amount) for amount in (500, 400, 100, 50, 350)
    ]
    assert [position.available, position.booked, position.earmarked, position.net_granted] == [
        Decimal(amount) for amount in (1000, 1000, 0, 350)
    ]
