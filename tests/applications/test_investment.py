"""The project while it runs: steering group, money, reports, changes and its end."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from applications import actions, needs
from applications.models import Change, Investment, Requisition, SteeringMember
from applications.models.investment import standing
from fundportal import history, ledger
from fundportal.errors import Refused
from fundportal.models import Account, EntryKind, User
from fundportal.process import Role, Step
from tests import factories
from tests.applications.scene import (
    REASONS,
    ROWS,
    Scene,
    appoint,
    approve,
    ask,
    changed,
    later,
    member,
    pay,
    running,
    stage,
    tell,
)
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return running()


# Styrgrupp


def test_the_group_has_one_chair_and_one_from_each_board_concerned(scene: Scene) -> None:
    school = factories.namnd("Utbildningsnämnden")
    factories.partner(scene.case, school)
    person = factories.user(Role.MANAGER, scene.owner)

    with pytest.raises(Refused) as refused:
        actions.appoint_steering_group(scene.case, scene.officer, AT, members=[member(person, scene.owner)])

    assert refused.value.reasons == [
        "Utse en ordförande, och bara en.",
        "Varje berörd nämnd ska ha minst en ledamot. Det saknas från Utbildningsnämnden.",
    ]


def test_a_person_who_is_no_longer_active_cannot_steer(scene: Scene) -> None:
    with pytest.raises(Refused, match="är inte en aktiv användare"):
        actions.appoint_steering_group(
            scene.case, scene.officer, AT, members=[member(factories.user(is_active=False), scene.owner, chair=True)]
        )


def test_members_hold_the_steering_role_in_this_case_only(scene: Scene) -> None:
    chair = appoint(scene)

    fresh = User.objects.get(pk=chair.pk)
    assert fresh.acts_as(Role.STEERING, scene.case)
    assert not fresh.acts_as(Role.STEERING, factories.case(Step.IMPLEMENTATION))


def test_a_new_group_ends_the_earlier_ones_rights(scene: Scene) -> None:
    first = appoint(scene)
    second = appoint(scene)

    assert not User.objects.get(pk=first.pk).acts_as(Role.STEERING, scene.case)
    assert [(m.user, m.until) for m in SteeringMember.objects.order_by("id")] == [(first, AT.date()), (second, None)]


# Rekvisition och utbetalning


def test_a_requisition_waits_for_the_controller(scene: Scene) -> None:
    asked = ask(scene, 1_500_000)

    assert (asked.number, asked.status, asked.by) == (1, "awaiting", scene.applicant)
    assert needs.requisition_awaits(scene.case, AT) is None
    assert needs.requisition_is_approved(scene.case, AT) is not None
    assert ledger.balance(scene.case.fund, Account.PAID, scene.case) == 0


def test_no_more_is_asked_for_than_the_year_and_use_were_granted(scene: Scene) -> None:
    ask(scene, 3_000_000)

    with pytest.raises(Refused, match="kvar, inte"):
        ask(scene, 1_000_001)

    assert ask(scene, 1_000_000).number == 2


def test_money_of_another_year_or_use_is_out_of_reach(scene: Scene) -> None:
    with pytest.raises(Refused, match="För utvärdera 2027"):
        ask(scene, 1, use="evaluate")


def test_a_partner_asks_for_its_own_board_only(scene: Scene) -> None:
    school = factories.namnd("Utbildningsnämnden")
    factories.partner(scene.case, school)
    teacher = factories.user(Role.APPLICANT, school)

    with pytest.raises(Refused, match="där du är sökande"):
        ask(scene, 1_000, by=teacher)


def test_paying_moves_the_money_with_its_year_use_and_board(scene: Scene) -> None:
    pay(scene, ask(scene, 1_500_000))

    entry = scene.case.entries.get(kind=EntryKind.PAID)
    assert (entry.year, entry.use, entry.namnd, entry.amount, entry.text) == (
        2027,
        "introduce",
        scene.owner,
        Decimal(1_500_000),
        "V 1001",
    )
    assert Requisition.objects.get().status == "paid"


def test_what_is_not_paid_of_a_requisition_can_be_asked_for_again(scene: Scene) -> None:
    pay(scene, ask(scene, 4_000_000), 2_500_000)

    assert standing(scene.case)[0].free == 1_500_000


def test_no_more_is_paid_than_was_asked_for(scene: Scene) -> None:
    asked = ask(scene, 1_000)

    with pytest.raises(Refused, match="högst det rekvirerade"):
        approve(scene, asked, 1_001)
    approve(scene, asked, 900, "En faktura saknas.")
    with pytest.raises(Refused, match="högst det godkända"):
        pay(scene, Requisition.objects.get(), 901)


def test_a_refused_requisition_has_a_reason_and_frees_the_money(scene: Scene) -> None:
    asked = ask(scene, 4_000_000)

    given = {"requisition": asked, "approves": False}
    with pytest.raises(Refused, match="varför rekvisitionen avslås"):
        actions.approve_requisition(scene.case, scene.controller, AT, **given)
    actions.approve_requisition(scene.case, scene.controller, AT, reason="Underlag saknas.", **given)

    assert standing(scene.case)[0].free == 4_000_000
    assert needs.nothing_awaits_payment(scene.case, AT) is None


def test_a_requisition_is_paid_once(scene: Scene) -> None:
    first, _second = ask(scene, 1_000), ask(scene, 1_000)
    pay(scene, first)

    with pytest.raises(Refused, match="redan hanterad"):
        pay(scene, first)


def test_asking_approving_and_booking_are_done_by_three_people(scene: Scene) -> None:
    factories.hold(scene.applicant, Role.CONTROLLER)
    asked = ask(scene, 1_000)

    with pytest.raises(Refused, match="fyra ögon"):
        actions.approve_requisition(scene.case, scene.applicant, AT, requisition=asked)
    approve(scene, asked)
    for person in (scene.applicant, scene.approver):
        with pytest.raises(Refused, match="fyra ögon"):
            actions.pay(scene.case, person, AT, requisition=asked, voucher="V 1", booked_on=AT.date())
    pay(scene, Requisition.objects.get())


def test_nothing_is_booked_that_nobody_has_approved(scene: Scene) -> None:
    with pytest.raises(Refused, match="Ingen godkänd rekvisition"):
        actions.pay(scene.case, scene.controller, AT, requisition=ask(scene, 1_000), voucher="V 1", booked_on=AT.date())


def test_less_is_approved_with_a_reason_and_the_rest_can_be_asked_for_again(scene: Scene) -> None:
    asked = ask(scene, 4_000_000)

    with pytest.raises(Refused, match="varför inte hela beloppet"):
        approve(scene, asked, 3_000_000)
    approve(scene, asked, 3_000_000, "En faktura saknas.")

    assert standing(scene.case)[0].free == 1_000_000


def test_what_is_approved_may_still_be_refused_when_it_is_to_be_booked(scene: Scene) -> None:
    asked = ask(scene, 4_000_000)
    approve(scene, asked)

    actions.pay(scene.case, scene.controller, AT, requisition=asked, pays=False, reason="Fel nämnd i underlaget.")

    assert standing(scene.case)[0].free == 4_000_000
    assert not scene.case.entries.filter(kind=EntryKind.PAID).exists()
    told = [history.title(event) for event in scene.case.events.order_by("no")][-2:]
    assert told == ["Rekvisitionen godkändes", "Rekvisitionen avslogs vid utbetalningen"]


def test_a_nämnd_draws_on_its_own_rows_only(scene: Scene) -> None:
    school = factories.namnd("Utbildningsnämnden")
    factories.partner(scene.case, school)
    factories.grant(scene.case, 500_000, year=2027, use="introduce", namnd=school)
    teacher = factories.user(Role.APPLICANT, school)

    with pytest.raises(Refused, match=r"har Utbildningsnämnden 500.000.kr kvar"):
        ask(scene, 500_001, by=teacher, namnd=school)
    ask(scene, 500_000, by=teacher, namnd=school)
    asked = Requisition.objects.get()
    asked.pk, asked.number, asked.amount = None, 2, Decimal(1)
    asked.event = scene.case.events.exclude(pk=asked.event_id).latest("no")
    with pytest.raises(IntegrityError, match="exceed the grant"), transaction.atomic():
        asked.save(force_insert=True)


def test_the_database_keeps_a_paid_requisition_whole(scene: Scene) -> None:
    asked = ask(scene, 1_000)

    with pytest.raises(IntegrityError, match="requisition_state_is_whole"), transaction.atomic():
        Requisition.objects.filter(pk=asked.pk).update(status="paid")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Requisition.objects.filter(pk=asked.pk).update(amount=999)


# Avslut


def ready_to_close(scene: Scene, **told_of: Any) -> None:
    chair = appoint(scene)
    told = tell(scene, **told_of)
    actions.accept_report(scene.case, User.objects.get(pk=chair.pk), AT, report=told)


def test_the_phase_does_not_end_with_open_questions(scene: Scene) -> None:
    ask(scene, 1_000)
    tell(scene)
    actions.request_change(scene.case, scene.applicant, AT, rows=changed(scene, evaluate_2028=0), reason=REASONS)

    with pytest.raises(Refused) as refused:
        actions.close_investment(scene.case, scene.officer, AT)

    assert refused.value.reasons == [
        "Styrgruppens ordförande har inte godkänt lägesrapporten för T1 2027.",
        "Rekvisition 1 väntar på utbetalning. Den ska betalas ut eller avslås först.",
        "En begäran om ändring väntar på stadsdirektörens beslut.",
    ]


def test_what_was_never_paid_is_released_per_year_and_use(scene: Scene) -> None:
    ready_to_close(scene)
    pay(scene, ask(scene, 3_600_000))
    pay(scene, ask(scene, 3_000_000, 2028))
    pay(scene, ask(scene, 1_000_000, 2028, "evaluate"))

    event = actions.close_investment(scene.case, scene.officer, AT)

    released = [(e.kind, e.year, e.use, int(e.amount)) for e in event.entries.all()]
    assert released == [(EntryKind.RELEASED, 2027, "introduce", 400_000)]
    assert scene.case.step == Step.EVALUATION
    assert scene.case.due_on == AT.date() + timedelta(days=91)  # the 90th day is Sunday 30 May
    assert ledger.position(scene.case.fund, scene.case).net_granted == 7_600_000


def test_money_handed_back_is_no_saving_and_has_a_voucher(scene: Scene) -> None:
    ready_to_close(scene)
    pay(scene, ask(scene, 4_000_000))

    with pytest.raises(Refused, match="Fyll i verifikationsnumret"):
        actions.close_investment(scene.case, scene.officer, AT, handed_back=Decimal(500_000))
    actions.close_investment(scene.case, scene.officer, AT, handed_back=Decimal(500_000), voucher="V 9")

    money = ledger.position(scene.case.fund, scene.case)
    assert (money.handed_back, money.released, money.repaid) == (Decimal(500_000), Decimal(4_000_000), Decimal(0))
    assert money.net_granted == 3_500_000
    assert Investment.objects.get().ended_on == AT.date()


def test_no_more_is_handed_back_than_was_paid(scene: Scene) -> None:
    ready_to_close(scene)
    pay(scene, ask(scene, 1_000))

    with pytest.raises(Refused, match="kan återlämnas"):
        actions.close_investment(scene.case, scene.officer, AT, handed_back=Decimal(1_001), voucher="V 9")


def test_a_partner_that_drew_on_the_owners_row_leaves_less_to_release(scene: Scene) -> None:
    school = factories.namnd("Utbildningsnämnden")
    factories.partner(scene.case, school)
    factories.pay(scene.case, 1_000_000, year=2027, namnd=school)
    chair, teacher = factories.user(Role.MANAGER, scene.owner), factories.user(Role.MANAGER, school)
    members = [member(chair, scene.owner, chair=True), member(teacher, school)]
    actions.appoint_steering_group(scene.case, scene.officer, AT, members=members)
    actions.accept_report(scene.case, User.objects.get(pk=chair.pk), AT, report=tell(scene))

    event = actions.close_investment(scene.case, scene.officer, AT)

    assert [int(e.amount) for e in event.entries.order_by("id")] == [3_000_000, 3_000_000, 1_000_000]
    assert ledger.balance(scene.case.fund, Account.GRANTED, scene.case) == 0


def test_a_broken_off_project_accounts_for_its_money_and_leaves_nothing_waiting(scene: Scene) -> None:
    pay(scene, ask(scene, 2_000_000))
    ask(scene, 1_000_000)
    actions.request_change(scene.case, scene.applicant, AT, rows=changed(scene, evaluate_2028=0), reason=REASONS)

    actions.discontinue(scene.case, scene.director, AT, reason=REASONS, handed_back=Decimal(750_000), voucher="V 10")

    money = ledger.position(scene.case.fund, scene.case)
    assert scene.case.step == Step.DISCONTINUED
    assert (money.released, money.handed_back, money.earmarked) == (Decimal(6_000_000), Decimal(750_000), Decimal(0))
    assert [r.status for r in Requisition.objects.all()] == ["paid", "refused"]
    assert Change.objects.get().status == "refused"


def test_breaking_off_during_the_evaluation_releases_nothing_twice(scene: Scene) -> None:
    ready_to_close(scene)
    pay(scene, ask(scene, 4_000_000))
    actions.close_investment(scene.case, scene.officer, AT)

    event = actions.discontinue(
        scene.case, scene.director, later(30), reason=REASONS, handed_back=Decimal(100_000), voucher="V 11"
    )

    assert [(e.kind, int(e.amount)) for e in event.entries.all()] == [(EntryKind.HANDED_BACK, 100_000)]
    ended = Investment.objects.get()
    assert (ended.released, ended.handed_back) == (Decimal(4_000_000), Decimal(100_000))


def test_breaking_off_needs_reasons(scene: Scene) -> None:
    with pytest.raises(Refused, match="minst 100 tecken"):
        actions.discontinue(scene.case, scene.director, AT, reason="Det gick inte.")


# De två exemplen i underlaget


def test_a_full_cycle_pays_11_600_tkr_of_12_000_and_releases_400() -> None:
    scene = stage(Step.IMPLEMENTATION, requested=12_000_000)
    budget = {
        2027: {"develop": 1_200, "introduce": 2_700, "follow_up": 300, "evaluate": 300},
        2028: {"develop": 400, "introduce": 3_200, "follow_up": 400, "evaluate": 500},
        2029: {"introduce": 1_500, "follow_up": 500, "evaluate": 1_000},
    }
    for year, uses in budget.items():
        for use, tkr in uses.items():
            factories.grant(scene.case, tkr * 1000, year=year, use=use, namnd=scene.owner)
            unused = 400 if (year, use) == (2029, "evaluate") else 0
            pay(scene, ask(scene, (tkr - unused) * 1000, year, use))
    ready_to_close(scene, spend=[{"use": use, "spent": Decimal(0), "forecast": Decimal(0)} for use in budget[2027]])

    actions.close_investment(scene.case, scene.officer, AT)

    money = ledger.position(scene.case.fund, scene.case)
    assert (money.granted, money.paid, money.released, money.net_granted) == (
        Decimal(12_000_000),
        Decimal(11_600_000),
        Decimal(400_000),
        Decimal(11_600_000),
    )
    fund = ledger.position(scene.case.fund)
    assert fund.booked == fund.available + fund.earmarked == Decimal(288_400_000)


def test_an_exempted_project_hands_back_500_of_8_000_tkr_paid(scene: Scene) -> None:
    for year, use, amount in ROWS:
        pay(scene, ask(scene, amount, year, use))
    ready_to_close(scene)

    event = actions.close_investment(scene.case, scene.officer, AT, handed_back=Decimal(500_000), voucher="V 9")

    assert [(e.kind, int(e.amount)) for e in event.entries.all()] == [(EntryKind.HANDED_BACK, 500_000)]
    assert ledger.position(scene.case.fund, scene.case).net_granted == 7_500_000
