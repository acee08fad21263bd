"""What the database promises, whoever asks: tested as the role that runs."""

import hashlib

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from fundportal.models import Entry, Event
from fundportal.process import Step
from tests import factories

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "statement",
    [
        "update fundportal_event set by_name = 'Någon annan'",
        "update fundportal_event set data = '{}'",
        "delete from fundportal_event",
        "truncate fundportal_event cascade",
        "update fundportal_entry set amount = 1",
        "delete from fundportal_entry",
        "truncate fundportal_entry cascade",
        "update fundportal_chainhead set step = 'closed'",
        "insert into fundportal_balance (fund_id, account, amount) select id, 'fund', 1 from fundportal_fund",
        "update fundportal_balance set amount = amount + 1",
        "update applications_health set worst = 0",
        "delete from fundportal_case",
        "alter table fundportal_event disable trigger event_stays",
        "set session_replication_role = replica",
        "drop trigger entry_stays on fundportal_entry",
    ],
)
def test_history_and_ledger_refuse_to_be_changed(statement: str) -> None:
    factories.case(Step.PREPARATION)

    with pytest.raises(DatabaseError):
        sql(statement)


def test_only_told_at_of_an_event_may_be_set() -> None:
    case = factories.case()

    sql("update fundportal_event set told_at = now() where case_id = %s", case.pk)

    assert case.events.get().told_at is not None


def test_each_event_holds_the_hash_of_the_one_before() -> None:
    case = factories.case(Step.PREPARATION)

    first, second = case.events.order_by("no")

    assert (first.no, second.no) == (1, 2)
    for event, before in ((first, ""), (second, first.hash)):
        assert event.body.split("\n", 2)[:2] == [str(event.no), before]
        assert event.hash == hashlib.sha256(event.body.encode()).hexdigest()
    assert case.head.hash == second.hash


def test_a_case_cannot_move_without_an_event() -> None:
    case = factories.case(Step.PREPARATION)

    with pytest.raises(IntegrityError, match="its last event says"):
        sql(f"update fundportal_case set step = 'closed' where id = {case.pk}; set constraints all immediate")


def test_an_event_must_leave_the_step_the_case_stands_on() -> None:
    case = factories.case(Step.PREPARATION)

    with pytest.raises(IntegrityError, match="stands on"), transaction.atomic():
        Event.objects.create(case=case, action="x", by_name="", at=factories.AT, from_step=Step.COUNCIL, body="{}")


def test_an_entry_cannot_hang_on_another_cases_event() -> None:
    one, other = factories.case(Step.IMPLEMENTATION), factories.case(Step.IMPLEMENTATION)

    with pytest.raises(IntegrityError, match="different cases"), transaction.atomic():
        Entry.objects.create(
            event=one.events.latest("no"),
            fund=other.fund,
            case=other,
            kind="granted",
            source="fund",
            target="granted",
            amount=100,
            at=factories.AT,
        )


def test_an_entry_must_follow_its_kinds_accounts() -> None:
    case = factories.case(Step.IMPLEMENTATION)

    with pytest.raises(IntegrityError, match="entry_kind_knows_its_accounts"), transaction.atomic():
        Entry.objects.create(
            event=case.events.latest("no"),
            fund=case.fund,
            case=case,
            kind="repaid",
            source="paid",
            target="fund",
            amount=100,
            at=factories.AT,
        )
