"""Each bokslut: what may be booked, and what must be said about it."""

import pytest
from django.db import IntegrityError, transaction

from fundportal import ledger
from fundportal.errors import Refused
from fundportal.models import Document, Entry, EntryKind
from fundportal.process import Role, Step
from repayment import actions
from repayment.models import Reconciliation, standing
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import Scene, all_promises, day, tkr

pytestmark = pytest.mark.django_db


@pytest.fixture
def it() -> Scene:
    """C1 with its plan decided."""
    decided = scene.c1()
    decided.decide(2000, 3000, 3500, 3100)
    return decided


def refused(it: Scene, year: int, repaid: int, **given: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        it.reconcile(year, repaid, **given)
    return caught.value.reasons


def test_what_comes_back_is_booked_in_the_fund_by_year_and_board(it: Scene) -> None:
    before = ledger.position(it.case.fund)

    event = it.reconcile(2020, 2000)
    all_promises()

    entry = Entry.objects.get(event=event)
    assert (entry.kind, entry.amount, entry.year, entry.namnd) == (EntryKind.REPAID, tkr(2000), 2020, it.board)
    after = ledger.position(it.case.fund)
    assert (after.available - before.available, after.booked - before.booked) == (tkr(2000), tkr(2000))
    assert after.handed_back == before.handed_back
    assert Document.objects.filter(event=event, kind="reconciliation").count() == 1


def test_the_next_bokslut_sets_the_cases_due_day(it: Scene) -> None:
    before = it.case.due_on

    it.reconcile(2020, 2000)

    assert (str(before), str(it.case.due_on)) == ("2021-03-31", "2022-03-31")


def test_a_year_that_gave_nothing_is_reconciled_without_a_voucher_or_an_entry(it: Scene) -> None:
    event = it.reconcile(2020, 0, voucher="", cause="no_effect", reason="Ingen effekt ännu.")
    all_promises()

    assert not Entry.objects.filter(event=event).exists()
    assert standing(it.case).remaining == tkr(11_600)


def test_money_has_a_voucher(it: Scene) -> None:
    assert refused(it, 2020, 2000, voucher="") == ["Ange verifikationsnumret för det återförda beloppet."]


def test_a_deviation_has_a_cause_and_an_explanation(it: Scene) -> None:
    words = [
        "2\u00a0400\u00a0000\u00a0kr återförs, men 3\u00a0000\u00a0000\u00a0kr var planerat. "
        "Ange orsak och förklara avvikelsen."
    ]

    assert refused(it, 2021, 2400) == words
    assert refused(it, 2021, 2400, cause="delay") == words


def test_a_year_as_planned_keeps_no_cause(it: Scene) -> None:
    it.reconcile(2020, 2000, cause="delay", reason="Skrevs av misstag.")

    came = Reconciliation.objects.get()
    assert (came.cause, came.reason) == ("", "")


def test_no_more_than_the_surplus_comes_back_without_a_decision(it: Scene) -> None:
    reasons = refused(it, 2020, 2000, surplus=tkr(1500))

    it.reconcile(2020, 2000, surplus=tkr(1500), deviation_decision="Socialnämnden 2021-02-10 § 8")

    assert reasons == [
        "2\u00a0000\u00a0000\u00a0kr är mer än nämndens överskott vid bokslut, 1\u00a0500\u00a0000\u00a0kr. "
        "Sänk beloppet eller ange beslutet om avvikelse."
    ]
    assert standing(it.case).repaid == tkr(2000)


def test_no_more_comes_back_than_remains(it: Scene) -> None:
    assert (
        "mer än de 11\u00a0600\u00a0000\u00a0kr som återstår"
        in refused(it, 2020, 11_601, cause="price", reason="Mer.")[0]
    )


def test_a_row_is_reconciled_once(it: Scene) -> None:
    row = it.row(2020)
    it.reconcile(2020, 2000)

    assert refused(it, 2020, 2000, row=row) == [
        "Raden är redan avstämd eller ersatt av en ny planversion. Välj en öppen rad."
    ]


def test_a_replaced_row_is_not_reconciled(it: Scene) -> None:
    row = it.row(2022)
    it.reconcile(2020, 2000)
    it.adjust(3000, 6600, first=2021, at=day(2021, 4))

    assert "ersatt av en ny planversion" in refused(it, 2022, 3500, row=row)[0]


def test_a_year_is_reconciled_when_it_is_over(it: Scene) -> None:
    assert refused(it, 2021, 3000, at=day(2021, 12, 30)) == ["Bokslutet för 2021 kan stämmas av när året är slut."]


def test_a_year_that_gave_more_leaves_less_for_the_years_to_come(it: Scene) -> None:
    it.reconcile(2020, 5000, cause="volume", reason="Fler ungdomar nåddes.")

    now = standing(it.case)
    assert (now.remaining, now.unplanned, now.over) == (tkr(6600), tkr(-3000), tkr(3000))


def test_whoever_reconciled_does_not_change_the_plan(it: Scene) -> None:
    factories.hold(it.controller, Role.DIRECTOR)
    it.controller = type(it.controller).objects.get(pk=it.controller.pk)
    it.reconcile(2020, 2000)
    it.director = it.controller

    with pytest.raises(Refused, match="fyra ögon"):
        it.adjust(9600, first=2021, at=day(2021, 4))


def test_repayment_is_not_completed_while_something_remains(it: Scene) -> None:
    with pytest.raises(Refused, match="återstår att återföra"):
        actions.complete_repayment(it.case, it.controller, day(2021))

    assert it.case.step == Step.REPAYMENT


def test_the_reconciliation_and_the_ledger_say_the_same(it: Scene) -> None:
    booked_nothing = it.case.events.get(action="decide_plan")

    with transaction.atomic():
        Reconciliation.objects.create(
            row=it.row(2021), event=booked_nothing, realised=0, surplus=tkr(9), repaid=tkr(9), voucher="V"
        )
        with pytest.raises(IntegrityError, match="the ledger has"):
            all_promises()
        transaction.set_rollback(True)
