"""How the project goes: status reports, and changes of the grant."""

from datetime import date
from decimal import Decimal

import pytest

from applications import actions, needs
from applications.actions.reporting import reached
from applications.models import Change, Report
from applications.models.investment import standing
from fundportal import ledger
from fundportal.errors import Refused
from fundportal.models import Account, EntryKind, User
from fundportal.process import Role, Step
from tests import factories
from tests.applications.scene import REASONS, Scene, appoint, ask, changed, delegate, member, running, stage, tell
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return running()


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


def test_small_numbers_are_hidden_so_that_the_sum_does_not_tell_them(scene: Scene) -> None:
    few, many = tell(scene, women=3), tell(scene, "T2")

    assert reached(few) == [
        ["Kvinnor", "visas inte"],
        ["Män", "visas inte"],
        ["Barn", "40"],
        ["Summa", "61"],
    ]
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
