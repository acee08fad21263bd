"""A payment that was booked wrong: mirrored by another, paid again, and proved from the decisions."""

from decimal import Decimal

import pytest

from applications import actions
from applications.models import Requisition
from applications.models.investment import Line, standing
from fundportal import ledger, proof
from fundportal.errors import Refused
from fundportal.models import Entry, EntryKind
from fundportal.process import Role
from tests import factories
from tests.applications.scene import ask, pay, running
from tests.factories import AT

pytestmark = pytest.mark.django_db


def test_a_wrong_payment_is_taken_back_by_another_and_paid_again() -> None:
    scene = running()
    pay(scene, ask(scene, 1_000_000), amount=Decimal(900_000))
    asked, other = Requisition.objects.get(), factories.user(Role.CONTROLLER)
    told = {"requisition": asked, "reason": "Fel verifikation och belopp"}
    with pytest.raises(Refused, match="fyra ögon"):
        actions.correct_payment(scene.case, scene.controller, AT, **told)

    actions.correct_payment(scene.case, other, AT, **told)

    asked.refresh_from_db()
    assert (asked.status, asked.paid) == (Requisition.Status.APPROVED, 0)
    assert ledger.total(EntryKind.PAID, case=scene.case) == Line.of(standing(scene.case)).paid == 0
    assert Entry.objects.filter(case=scene.case, kind=EntryKind.PAID).count() == 2
    pay(scene, asked)
    assert ledger.position(scene.case.fund, scene.case).paid == 1_000_000
    assert [one["what"] for one in proof.prove(scene.case.fund, AT).differences if "Utbetalt" in one["what"]] == []
