"""A payment that was booked wrong: mirrored by another, paid again, and proved from the decisions."""

from decimal import Decimal

import pytest

from applications import actions
from applications.models import Requisition
from applications.models.investment import Line, standing
from fundportal import ledger, proof
from fundportal.errors import Refused
from fundportal.models import Entry, EntryKind, User
from fundportal.process import Role
from tests import factories
from tests.applications.scene import appoint, ask, pay, running, tell
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


def test_what_was_handed_back_is_put_right_before_the_plan_is_decided() -> None:
    scene = running()
    pay(scene, ask(scene, 1_000_000))
    chair = appoint(scene)
    actions.accept_report(scene.case, User.objects.get(pk=chair.pk), AT, report=tell(scene))
    actions.close_investment(scene.case, scene.officer, AT, handed_back=Decimal(300_000), voucher="V 30")
    other = factories.user(Role.CONTROLLER)
    for told, said in (
        ({"handed_back": Decimal(2_000_000), "voucher": "V 31"}, "kan återlämnas"),
        ({"handed_back": Decimal(200_000)}, "verifikationsnumret"),
        ({"handed_back": Decimal(300_000), "voucher": "V 30"}, "desamma"),
    ):
        with pytest.raises(Refused, match=said):
            actions.correct_hand_back(scene.case, other, AT, reason="Fel belopp bokfördes", **told)

    actions.correct_hand_back(
        scene.case, other, AT, handed_back=Decimal(200_000), voucher="V 31", reason="Fel belopp bokfördes"
    )

    position = ledger.position(scene.case.fund, scene.case)
    assert (position.handed_back, position.net_granted) == (200_000, 800_000)
    assert scene.case.investment.handed_back == 200_000
    actions.correct_hand_back(scene.case, other, AT, handed_back=Decimal(0), reason="Inget skulle återlämnas")
    assert ledger.total(EntryKind.HANDED_BACK, case=scene.case) == 0
    assert Entry.objects.filter(case=scene.case, kind=EntryKind.HANDED_BACK).count() == 4
    assert [
        one["what"] for one in proof.prove(scene.case.fund, AT).differences if "tidigare utbetalt" in one["what"]
    ] == []
