"""The project while it runs: steering group, money, reports, changes and its end."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from applications import actions, needs
from applications.actions.reporting import reached
from applications.models import Change, Investment, Report, Requisition, SteeringMember
from applications.models.investment import standing
from fundportal import ledger
from fundportal.errors import Refused
from fundportal.models import Account, EntryKind, Namnd, User
from fundportal.process import Role, Step
from tests import factories
from tests.applications.scene import ROWS, Scene, delegate, later, stage
from tests.factories import AT

pytestmark = pytest.mark.django_db

PURPOSE = "Löner för två samordnare under våren."
REASONS = "Projektet startar senare än planerat eftersom rekryteringen har tagit längre tid än väntat. " * 2


@pytest.fixture
def scene() -> Scene:
    """A project of 8 000 tkr: introduce 4 000 in 2027 and 3 000 in 2028, evaluate 1 000 in 2028."""
    scene = stage(Step.IMPLEMENTATION)
    for year, use, amount in ROWS:
        factories.grant(scene.case, amount, year=year, use=use, namnd=scene.owner)
    return scene


def ask(scene: Scene, amount: int, year: int = 2027, use: str = "introduce", by: User | None = None) -> Requisition:
    actions.requisition(
        scene.case,
        by or scene.applicant,
        AT,
        year=year,
        use=use,
        namnd=scene.owner,
        amount=Decimal(amount),
        purpose=PURPOSE,
    )
    return Requisition.objects.filter(case=scene.case).order_by("-number")[0]


def pay(scene: Scene, asked: Requisition, amount: int | None = None) -> None:
    actions.pay(
        scene.case,
        scene.controller,
        AT,
        requisition=asked,
        amount=None if amount is None else Decimal(amount),
        voucher="V 1001",
        booked_on=AT.date(),
    )


def member(person: User, namnd: Namnd, *, chair: bool = False) -> dict[str, Any]:
    return {"user": person, "namnd": namnd, "chair": chair, "since": AT.date()}


def appoint(scene: Scene, *others: dict[str, Any]) -> User:
    chair = factories.user(Role.MANAGER, scene.owner)
    actions.appoint_steering_group(
        scene.case, scene.officer, AT, members=[member(chair, scene.owner, chair=True), *others]
    )
    return chair


def tell(scene: Scene, period: str = "T1", **other: Any) -> Report:
    given = {
        "year": 2027,
        "period": period,
        "indicators": [{"name": "Frånvaro", "value": Decimal("12.5"), "comment": ""}],
        "women": 20,
        "men": 18,
        "children": 40,
        "spend": [{"use": "introduce", "spent": Decimal(1_300_000), "forecast": Decimal(4_000_000)}],
        "time": "green",
        "economy": "green",
        "effect": "yellow",
        **other,
    }
    actions.report(scene.case, scene.applicant, AT, **given)
    return Report.objects.get(case=scene.case, year=given["year"], period=period)


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
    with pytest.raises(Refused, match="högst det rekvirerade"):
        pay(scene, ask(scene, 1_000), 1_001)


def test_a_refused_requisition_has_a_reason_and_frees_the_money(scene: Scene) -> None:
    asked = ask(scene, 4_000_000)

    with pytest.raises(Refused, match="varför rekvisitionen avslås"):
        actions.pay(scene.case, scene.controller, AT, requisition=asked, pays=False)
    actions.pay(scene.case, scene.controller, AT, requisition=asked, pays=False, reason="Underlag saknas.")

    assert standing(scene.case)[0].free == 4_000_000
    assert needs.nothing_awaits_payment(scene.case, AT) is None


def test_a_requisition_is_paid_once(scene: Scene) -> None:
    first, _second = ask(scene, 1_000), ask(scene, 1_000)
    pay(scene, first)

    with pytest.raises(Refused, match="redan hanterad"):
        pay(scene, first)


def test_whoever_asked_does_not_pay(scene: Scene) -> None:
    factories.hold(scene.applicant, Role.CONTROLLER)
    asked = ask(scene, 1_000)

    with pytest.raises(Refused, match="fyra ögon"):
        actions.pay(scene.case, scene.applicant, AT, requisition=asked, voucher="V 1", booked_on=AT.date())


def test_the_database_keeps_a_paid_requisition_whole(scene: Scene) -> None:
    asked = ask(scene, 1_000)

    with pytest.raises(IntegrityError, match="requisition_state_is_whole"), transaction.atomic():
        Requisition.objects.filter(pk=asked.pk).update(status="paid")


# Lägesrapport


def test_a_report_is_given_once_a_period(scene: Scene) -> None:
    tell(scene)

    with pytest.raises(Refused, match="är redan lämnad"):
        tell(scene)

    assert tell(scene, "T2").accepted is None


def test_red_needs_a_measure_a_person_and_a_day(scene: Scene) -> None:
    with pytest.raises(Refused, match="Rött läge kräver en åtgärd"):
        tell(scene, time="red")

    told = tell(scene, time="red", measure="Extra rekrytering.", measure_owner="Ann Ek", measure_on=date(2027, 6, 1))
    assert told.lights[0] == ("Tid", "red", "Rött, åtgärd krävs")


def test_an_outcome_that_is_missing_needs_a_reason(scene: Scene) -> None:
    with pytest.raises(Refused, match="Skriv varför ”Frånvaro” saknar utfall"):
        tell(scene, indicators=[{"name": "Frånvaro", "value": None, "comment": ""}])


def test_every_use_with_money_this_year_is_told_of(scene: Scene) -> None:
    with pytest.raises(Refused, match="Redovisa även utvärdera"):
        tell(scene, year=2028)


@pytest.mark.parametrize(("forecast", "deviates"), [(4_400_000, False), (4_400_001, True), (3_599_999, True)])
def test_a_forecast_more_than_ten_per_cent_off_asks_for_a_change(scene: Scene, forecast: int, deviates: bool) -> None:
    told = tell(scene, spend=[{"use": "introduce", "spent": Decimal(0), "forecast": Decimal(forecast)}])

    assert told.deviates is deviates
    content = scene.case.documents.get(kind="report").content
    assert ("En begäran om ändring ska lämnas" in content) is deviates


def test_small_numbers_are_hidden_with_their_sum(scene: Scene) -> None:
    few, many = tell(scene, women=3), tell(scene, "T2")

    assert reached(few) == [["Kvinnor", "1–4"], ["Män", "18"], ["Barn", "40"]]
    assert reached(many)[-1] == ["Summa", "78"]


def test_only_the_chair_accepts_a_report(scene: Scene) -> None:
    plain = factories.user(Role.MANAGER, scene.owner)
    chair = appoint(scene, member(plain, scene.owner))
    told = tell(scene)

    with pytest.raises(Refused, match="godkänns av styrgruppens ordförande"):
        actions.accept_report(scene.case, User.objects.get(pk=plain.pk), AT, report=told)
    actions.accept_report(scene.case, User.objects.get(pk=chair.pk), AT, report=told)

    accepted = Report.objects.get().accepted
    assert accepted is not None
    assert accepted.by == chair
    assert needs.reports_are_accepted(scene.case, AT) is None


# Ändring


def changed(scene: Scene, **amounts: int) -> list[dict[str, Any]]:
    """The whole budget with some amounts changed: `introduce_2027=…`."""
    return [scene.row(year, use, amounts.get(f"{use}_{year}", amount)) for year, use, amount in ROWS]


def test_moving_money_between_years_posts_the_differences(scene: Scene) -> None:
    rows = changed(scene, introduce_2027=3_000_000, introduce_2028=4_000_000)
    actions.request_change(scene.case, scene.applicant, AT, rows=rows, reason=REASONS)

    event = actions.decide_change(scene.case, scene.director, AT, approves=True, reasons="Rimlig förskjutning.")

    assert [(e.kind, e.year, int(e.amount)) for e in event.entries.order_by("id")] == [
        (EntryKind.REDUCED, 2027, 1_000_000),
        (EntryKind.GRANTED, 2028, 1_000_000),
    ]
    assert [int(line.granted) for line in standing(scene.case)] == [3_000_000, 4_000_000, 1_000_000]
    assert Change.objects.get().status == "approved"


def test_a_change_keeps_the_old_budget_beside_the_new(scene: Scene) -> None:
    rows = changed(scene, evaluate_2028=500_000)

    actions.request_change(scene.case, scene.applicant, AT, rows=rows, reason=REASONS)

    assert Change.objects.get().sums == (Decimal(8_000_000), Decimal(7_500_000), Decimal(-500_000))


def test_a_refused_change_moves_no_money(scene: Scene) -> None:
    actions.request_change(scene.case, scene.applicant, AT, rows=changed(scene, evaluate_2028=0), reason=REASONS)

    event = actions.decide_change(scene.case, scene.director, AT, approves=False, reasons="Utvärderingen behövs.")

    assert not event.entries.exists()
    assert needs.no_change_awaits(scene.case, AT) is None


def test_a_budget_that_is_the_same_is_no_change(scene: Scene) -> None:
    with pytest.raises(Refused, match="lika med den gamla"):
        actions.request_change(scene.case, scene.applicant, AT, rows=changed(scene), reason=REASONS)


def test_what_is_asked_for_or_paid_cannot_be_taken_away(scene: Scene) -> None:
    ask(scene, 2_000_000)

    with pytest.raises(Refused, match="redan utbetalt eller rekvirerat"):
        actions.request_change(
            scene.case, scene.applicant, AT, rows=changed(scene, introduce_2027=1_999_999), reason=REASONS
        )

    assert not Change.objects.exists()


def test_a_raise_needs_a_delegation_and_money_in_the_fund(scene: Scene) -> None:
    rows = changed(scene, introduce_2028=3_500_000)
    actions.request_change(scene.case, scene.applicant, AT, rows=rows, reason=REASONS)

    with pytest.raises(Refused, match="ingen delegation som i dag når till ökningen"):
        actions.decide_change(scene.case, scene.director, AT, approves=True, reasons="Behövs.")
    delegate(scene.director, 500_000)
    actions.decide_change(scene.case, scene.director, AT, approves=True, reasons="Behövs.")

    assert ledger.balance(scene.case.fund, Account.GRANTED, scene.case) == 8_500_000


def test_a_raise_beyond_the_fund_is_refused() -> None:
    scene = stage(Step.IMPLEMENTATION, reserved=8_000_000)
    factories.grant(scene.case, 8_000_000, namnd=scene.owner)
    delegate(scene.director)
    rows = [scene.row(2027, "introduce", 8_000_001)]
    actions.request_change(scene.case, scene.applicant, AT, rows=rows, reason=REASONS)

    with pytest.raises(Refused, match="fonden har"):
        actions.decide_change(scene.case, scene.director, AT, approves=True, reasons="Behövs.")


# Avslut


def ready_to_close(scene: Scene) -> None:
    chair = appoint(scene)
    told = tell(scene)
    actions.accept_report(scene.case, User.objects.get(pk=chair.pk), AT, report=told)


def test_the_phase_does_not_end_with_open_questions(scene: Scene) -> None:
    ask(scene, 1_000)
    tell(scene)
    actions.request_change(scene.case, scene.applicant, AT, rows=changed(scene, evaluate_2028=0), reason=REASONS)

    with pytest.raises(Refused) as refused:
        actions.close_investment(scene.case, scene.officer, AT)

    assert refused.value.reasons == [
        "Styrgruppens ordförande har inte godkänt lägesrapporten för T1 2027.",
        "Rekvisition 1 väntar på utbetalning. En controller ska betala ut eller avslå först.",
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
