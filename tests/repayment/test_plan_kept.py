"""What the database itself holds of a plan."""

import pytest
from django.db import Error, IntegrityError, connection, transaction

from repayment.models import Plan, PlanRow
from tests.repayment import scene
from tests.repayment.scene import all_promises, tkr

pytestmark = pytest.mark.django_db


def broken(sql: str, *values: int) -> str:
    """The database's answer to a statement that it refuses, now or when the transaction would be committed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.execute("set constraints all immediate")
    except Error as fault:
        return str(fault)
    return ""


@pytest.mark.parametrize(
    "sql",
    [
        "update repayment_plan set grounds = 'ändrad'",
        "update repayment_plan set status = 'proposed', decision_id = null",
        "delete from repayment_plan",
        "update repayment_planrow set amount = amount + 1",
        "delete from repayment_planrow",
    ],
)
def test_a_decided_plan_is_never_changed_through_any_door(sql: str) -> None:
    scene.c1().decide(11_600)

    assert "never changed" in (told := broken(sql)) or "append-only" in told


def test_a_plan_that_does_not_add_up_cannot_be_stored() -> None:
    it = scene.c1()
    event = it.propose(11_600)

    told = broken(
        "insert into repayment_plan (case_id, event_id, version, status, basis, to_repay, repaid_before, "
        "exempted_before, lower_reason, lower_text, grounds) values (%s, (select max(id) from fundportal_event "
        "where id < %s), 1, 'proposed', 'nominal', 100, 0, 0, '', '', '')",
        it.case.pk,
        event.pk,
    )

    assert "does not add up" in told


def test_a_decided_version_cannot_lie_about_what_was_repaid() -> None:
    it = scene.c1()
    it.decide(2000, 9600)
    event = it.reconcile(2020, 2000)

    with transaction.atomic():
        plan = Plan.objects.create(
            case=it.case,
            event=event,
            decision=event,
            version=2,
            status="decided",
            to_repay=tkr(11_600),
            repaid_before=tkr(3000),
            grounds="",
        )
        PlanRow.objects.create(plan=plan, year=2021, namnd=it.board, area="family", amount=tkr(8600))
        with pytest.raises(IntegrityError, match="but it was"):
            all_promises()
        transaction.set_rollback(True)
