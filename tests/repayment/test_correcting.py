"""A bokslut that was reconciled with wrong figures: mirrored and booked anew by another, and proved."""

import pytest
from django.db import IntegrityError, transaction

from fundportal import ledger, proof
from fundportal.models import Document, Entry, EntryKind
from fundportal.process import Role
from repayment import actions, outlook
from repayment.models import Reconciliation, standing
from tests import factories
from tests.factories import AT
from tests.repayment import scene
from tests.repayment.scene import Scene, all_promises, day, refused, tkr

pytestmark = pytest.mark.django_db
WHY = "Verifikationen gällde en annan nämnd (påhittat)."


@pytest.fixture
def it() -> Scene:
    """C1 with its first bokslut reconciled: 2 400 instead of 2 000, by mistake."""
    decided = scene.c1()
    decided.decide(2000, 3000, 3500, 3100)
    decided.reconcile(2020, 2400, cause="volume", reason="Fler än planerat.")
    return decided


def right(it: Scene, repaid: int = 2000, **given: object) -> None:
    """Another controller puts the bokslut of 2020 right."""
    told = {"realised": tkr(repaid), "surplus": tkr(repaid), "repaid": tkr(repaid), "voucher": "V9", "correction": WHY}
    other = given.pop("by", None) or factories.user(Role.CONTROLLER)
    wrong = given.pop("wrong", None) or Reconciliation.objects.latest("pk")
    actions.correct_reconciliation(it.case, other, day(2021, 5), reconciliation=wrong, **told | given)
    all_promises()


def test_a_wrong_bokslut_is_mirrored_and_the_right_amount_booked(it: Scene) -> None:
    right(it)

    now = standing(it.case)
    assert (now.to_repay, now.repaid, now.remaining, now.unplanned) == (tkr(11_600), tkr(2000), tkr(9600), 0)
    entries = Entry.objects.filter(case=it.case, kind=EntryKind.REPAID).order_by("pk")
    assert [entry.signed for entry in entries] == [tkr(2400), tkr(2000), tkr(-2400)]
    assert now.realised_lines[0].outcome == Reconciliation.objects.latest("pk")
    assert [line.repaid for line in now.lines] == [tkr(2000), 0, 0, 0]
    assert ledger.position(it.case.fund, it.case).repaid == tkr(2000)
    assert outlook.fulfilled(it.case.fund) == 1
    assert "Rättelse" in str(Document.objects.latest("pk").content)
    differences = proof.prove(it.case.fund, AT).differences
    assert [one["what"] for one in differences if "Återfört" in one["what"]] == []


def test_a_correction_may_itself_be_corrected_and_the_rest_is_planned_anew(it: Scene) -> None:
    right(it, 2000)
    right(it, 1500, cause="delay", reason="Effekten kom senare.")

    now = standing(it.case)
    assert (now.repaid, now.remaining, now.unplanned) == (tkr(1500), tkr(10_100), tkr(500))
    it.adjust(3500, 3500, 3100, first=2021, at=day(2021, 6))
    all_promises()
    assert standing(it.case).unplanned == 0


def test_a_correction_after_the_plan_was_changed_stands_open_until_it_is_changed_again(it: Scene) -> None:
    it.adjust(3000, 3200, 3000, first=2021, at=day(2021, 4))
    right(it)

    now = standing(it.case)
    assert (now.remaining, now.unplanned, now.total.remaining) == (tkr(9600), tkr(400), tkr(9600))
    assert [line.remaining for line in now.lines] == [tkr(400), tkr(3000), tkr(3200), tkr(3000)]
    it.adjust(3000, 3200, 3400, first=2021, at=day(2021, 6))
    assert [line.remaining for line in standing(it.case).lines] == [0, tkr(3000), tkr(3200), tkr(3400)]


def test_who_reconciled_does_not_correct_and_figures_are_checked_as_before(it: Scene) -> None:
    first = Reconciliation.objects.get()

    assert "fyra ögon" in refused(lambda: right(it, by=it.controller))[0]
    assert "överskott" in refused(lambda: right(it, surplus=tkr(100)))[0]
    assert refused(lambda: right(it, voucher=""))[0] == "Ange verifikationsnumret för det återförda beloppet."
    assert "återstår" in refused(lambda: right(it, 12_000, cause="price", reason="Fel."))[0]
    assert "Skriv vad som var fel" in refused(lambda: right(it, correction="Fel"))[0]
    same = {"repaid": 2400, "voucher": "V2020", "cause": "volume", "reason": "Fler."}
    assert "desamma" in refused(lambda: right(it, **same))[0]
    right(it)
    assert "redan rättad" in refused(lambda: right(it, 1900, wrong=first))[0]


def test_the_database_keeps_one_reconciliation_a_row_and_what_it_takes_back(it: Scene) -> None:
    first = Reconciliation.objects.get()
    figures = {"realised": 0, "surplus": 0, "repaid": 0, "row": first.row}

    with pytest.raises(IntegrityError, match="reconciliation_once"), transaction.atomic():
        Reconciliation.objects.create(event=it.case.events.get(action="decide_plan"), **figures)
    with transaction.atomic():
        told = figures | {"event": it.case.events.get(action="decide_plan"), "corrects": first, "text": WHY}
        Reconciliation.objects.create(**told)
        with pytest.raises(IntegrityError, match="takes back"):
            all_promises()
        transaction.set_rollback(True)
