"""Stages seven and eight, walked with the amounts of the worked cases."""

from datetime import date
from decimal import Decimal

import pytest

from fundportal import ledger
from fundportal.models import Document, Entry, EntryKind
from fundportal.process import Role, Step
from repayment import actions
from repayment.models import Adjustment, Plan, standing
from repayment.sums import present_value
from repayment.templatetags.repayment import investment, repayment_value, repayments
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import all_promises, day, tkr

pytestmark = pytest.mark.django_db


def whole(case: object) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    now = standing(case)
    return now.to_repay, now.repaid, now.exempted, now.remaining


def test_c1_from_plan_to_adjusted_budget() -> None:
    it = scene.c1()
    case = it.case
    before = ledger.position(case.fund)

    it.decide(2000, 3000, 3500, 3100)
    assert (case.step, case.due_on) == (Step.REPAYMENT, date(2021, 3, 31))
    it.reconcile(2020, 2000)
    it.reconcile(2021, 2400, cause="delay", reason="Två team startade ett halvår senare.")
    assert whole(case) == (tkr(11_600), tkr(4400), tkr(0), tkr(7200))
    it.adjust(3200, 3200, 800, first=2022, at=day(2022, 4))
    for year, amount in ((2022, 3200), (2023, 3200), (2024, 800)):
        it.reconcile(year, amount)
    assert whole(case) == (tkr(11_600), tkr(11_600), tkr(0), tkr(0))
    actions.complete_repayment(case, it.controller, day(2025))
    it.settle(day(2025, 4))
    assert (case.step, case.due_on) == (Step.BUDGET_ADJUSTMENT, date(2025, 4, 30))
    it.request(scene.key(), day(2025, 4))
    asked = Adjustment.objects.get(case=case)
    shares = [int(row.amount / 1000) for row in asked.rows.all()]
    assert shares == [224, 384, 256, 320, 352, 672, 160, 256, 192, 224, 160]
    actions.record_adjustment(
        case,
        it.officer,
        day(2025, 6, 20),
        meeting_on=date(2025, 6, 18),
        paragraph="§ 12",
        rows=scene.decided_rows(asked),
    )
    for row in asked.rows.all():
        manager = factories.user(Role.MANAGER, row.namnd)
        actions.acknowledge_adjustment(case, manager, day(2025, 6, 25), namnd=row.namnd)
    actions.close_case(case, it.officer, day(2025, 7))
    all_promises()

    assert (case.step, case.closed_because) == (Step.CLOSED, "Budgeten justerad, KS § 12")
    assert [plan.version for plan in Plan.objects.filter(case=case)] == [1, 2]
    after = ledger.position(case.fund)
    assert after.available - before.available == tkr(11_600)
    assert after.booked == after.available + after.earmarked
    assert sorted(Document.objects.filter(case=case).values_list("kind", "version")) == sorted(
        [
            ("plan", 1),
            ("plan", 2),
            *(("reconciliation", number) for number in range(1, 6)),
            ("settlement", 1),
            ("adjustment", 1),
            ("adjustment", 2),
            ("closing", 1),
        ]
    )


def test_c1_in_present_value_shows_why_the_basis_is_said() -> None:
    it = scene.c1()
    it.decide(2000, 3000, 3500, 3100)
    spent, planned = investment(it.case), repayments(standing(it.case))

    it.reconcile(2020, 2000)
    it.reconcile(2021, 2400, cause="delay", reason="Två team startade ett halvår senare.")
    it.adjust(3200, 3200, 800, first=2022, at=day(2022, 4))
    for year, amount in ((2022, 3200), (2023, 3200), (2024, 800)):
        it.reconcile(year, amount)

    value = repayment_value(standing(it.case))
    assert round(present_value([*spent, *planned], Decimal(3), 2017) / 1000, 1) == Decimal("-1208.6")
    assert value is not None
    assert (value.base_year, round(value.net / 1000, 1), value.nominal, value.payback) == (
        2017,
        Decimal("-1266.3"),
        tkr(0),
        2024,
    )


def test_c2_is_exempted_whole_and_closed_without_adjusting_any_budget() -> None:
    it = scene.c2()
    case = it.case

    actions.exempt(case, it.director, day(2020), reason="no_effect", text=scene.TEXT)
    assert (case.step, whole(case)) == (Step.SETTLEMENT, (tkr(7500), tkr(0), tkr(7500), tkr(0)))
    it.settle(day(2020, 4), adjusts=False, areas=[], target="", again=False)
    all_promises()

    assert (case.step, case.closed_because) == (Step.CLOSED, "Slutavstämt utan budgetjustering")
    assert not Entry.objects.filter(case=case, kind=EntryKind.REPAID).exists()
    assert list(Document.objects.filter(case=case).values_list("kind", flat=True)) == ["exemption", "settlement"]
