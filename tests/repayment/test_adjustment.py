"""The settlement, the keys and the adjusted budget."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from fundportal.models import Document, Namnd
from fundportal.process import Role, Step
from repayment import actions
from repayment.actions.settlement import next_tertial
from repayment.models import Adjustment, DistributionKey, KeyWeight, Settlement
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import Scene, all_promises, day, refused, tkr

pytestmark = pytest.mark.django_db


@pytest.fixture
def it() -> Scene:
    """C1 with everything repaid, waiting to be settled."""
    done = scene.c1()
    done.decide(11_600)
    done.reconcile(2020, 11_600)
    actions.complete_repayment(done.case, done.controller, day(2021))
    return done


def test_the_settlement_sums_up_and_sets_the_new_level_to_what_it_costs(it: Scene) -> None:
    it.settle(day(2021, 3))
    all_promises()

    settlement = Settlement.objects.get(case=it.case)
    assert (settlement.planned, settlement.repaid, settlement.exempted, settlement.difference) == (
        tkr(11_600),
        tkr(11_600),
        tkr(0),
        tkr(0),
    )
    area = settlement.areas.get()
    assert (area.new_level, area.change) == (tkr(96_800), tkr(-3200))


def test_a_difference_is_explained() -> None:
    it = scene.c1(Step.SETTLEMENT)

    told = refused(lambda: it.settle(day(2021)))
    it.settle(day(2021), explanation="Återfördes innan portalen fanns.")
    all_promises()

    assert told == ["Differensen är 11\u00a0600\u00a0000\u00a0kr. Förklara den."]
    assert Settlement.objects.get(case=it.case).difference == tkr(11_600)


def test_a_single_districts_budget_is_not_adjusted_without_a_special_decision(it: Scene) -> None:
    told = refused(lambda: it.settle(day(2021), target="single"))

    it.settle(day(2021), target="single", special_decision="KF 2021-02-15 § 7")

    assert told == [
        "Stadens resursfördelning medger inte att en enskild stadsdelsnämnds budget justeras. "
        "Ange det särskilda beslutet, eller slutavstäm utan budgetjustering."
    ]
    assert it.case.step == Step.BUDGET_ADJUSTMENT


def test_a_single_district_may_be_closed_without_adjusting_its_budget(it: Scene) -> None:
    it.settle(day(2021), adjusts=False, target="single")

    assert (it.case.step, Settlement.objects.get(case=it.case).target) == (Step.CLOSED, "")


def test_an_adjustment_has_a_level_and_an_area(it: Scene) -> None:
    assert refused(lambda: it.settle(day(2021), target="")) == ["Välj på vilken nivå budgeten ska justeras."]
    assert "minst ett verksamhetsområde" in refused(lambda: it.settle(day(2021), areas=[]))[0]


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2025, 3, 1), date(2025, 4, 30)),
        (date(2025, 4, 30), date(2025, 9, 1)),
        (date(2025, 10, 1), date(2026, 4, 30)),
    ],
)
def test_the_next_tertialrapport_is_when_to_ask(on: date, due: date) -> None:
    assert next_tertial(on) == due


def test_the_request_is_spread_exactly_and_frozen_as_a_paper(it: Scene) -> None:
    it.settle(day(2021))

    event = it.request(scene.key(), day(2021, 4))
    all_promises()

    rows = list(Adjustment.objects.get(case=it.case).rows.all())
    assert [int(row.amount / 1000) for row in rows] == [224, 384, 256, 320, 352, 672, 160, 256, 192, 224, 160]
    assert sum(row.amount for row in rows) == tkr(3200)
    assert "−672\u00a0tkr" in Document.objects.get(event=event).content


def test_the_budget_is_lowered_at_the_earliest_the_year_after_the_last_repayment(it: Scene) -> None:
    it.settle(day(2021))

    told = refused(lambda: it.request(scene.key(), day(2021, 4), first_year=2020))

    assert told[0] == "Budgeten kan justeras tidigast 2021, året efter den sista återföringen."


def test_every_board_of_the_key_exists_when_the_budget_is_lowered(it: Scene) -> None:
    it.settle(day(2021))
    key = scene.key()
    Namnd.objects.filter(name="Järva").update(active_to=date(2024, 6, 30))

    assert refused(lambda: it.request(key, day(2021, 4))) == ["Järva finns inte den 1 januari 2025."]


def test_a_city_wide_area_needs_a_key_and_a_specialist_board_needs_none(it: Scene) -> None:
    it.settle(day(2021))

    assert "Välj en fördelningsnyckel" in refused(lambda: it.request(None, day(2021, 4), namnd=it.board))[0]


def test_a_specialist_boards_budget_is_lowered_directly(it: Scene) -> None:
    it.settle(day(2021), target="specialist")
    district = factories.namnd("Farsta", kind="sdn")

    told = refused(lambda: it.request(None, day(2021, 4), namnd=district))
    it.request(None, day(2021, 4), namnd=it.board)

    assert told == ["Slutavstämningen gäller en facknämnd, men Farsta är inte det. Välj en annan nämnd."]
    assert [(row.namnd, row.amount) for row in Adjustment.objects.get().rows.all()] == [(it.board, tkr(3200))]


def test_the_amount_is_whole_thousands(it: Scene) -> None:
    it.settle(day(2021), target="specialist")

    assert (
        "hela tusental"
        in refused(lambda: it.request(None, day(2021, 4), namnd=it.board, amount=Decimal(3_200_500)))[-1]
    )


def test_whoever_settled_does_not_ask_for_the_adjustment(it: Scene) -> None:
    factories.hold(it.controller, Role.OFFICER)
    it.controller = type(it.controller).objects.get(pk=it.controller.pk)
    it.settle(day(2021), target="specialist")
    it.officer = it.controller

    assert "fyra ögon" in refused(lambda: it.request(None, day(2021, 4), namnd=it.board))[0]


def record(it: Scene, amount: int, **given: object) -> None:
    asked = Adjustment.objects.filter(case=it.case).last()
    rows = scene.decided_rows(asked, amount=tkr(amount)) if asked else []
    told = {"meeting_on": date(2021, 6, 18), "paragraph": "§ 12", "rows": rows, **given}
    actions.record_adjustment(it.case, it.officer, day(2021, 6, 20), **told)


def test_no_decision_is_recorded_before_a_request(it: Scene) -> None:
    it.settle(day(2021), target="specialist")

    assert refused(lambda: record(it, 3200)) == [
        "Ingen budgetjustering är begärd. Handläggaren behöver begära den först."
    ]


def test_a_decision_that_differs_says_how(it: Scene) -> None:
    it.settle(day(2021), target="specialist")
    it.request(None, day(2021, 4), namnd=it.board)

    told = refused(lambda: record(it, 3000))
    record(it, 3000, note="Kommunstyrelsen lade 200 tkr på 2026.")

    assert told == ["Beslutet skiljer sig från det som begärdes. Skriv vad som skiljer och varför."]
    assert it.case.step == Step.BUDGET_ADJUSTMENT


def test_a_meeting_to_come_has_decided_nothing(it: Scene) -> None:
    it.settle(day(2021), target="specialist")
    it.request(None, day(2021, 4), namnd=it.board)

    assert "har inte varit än" in refused(lambda: record(it, 3200, meeting_on=date(2021, 7, 1)))[0]


def test_the_newest_request_is_the_one_decided(it: Scene) -> None:
    it.settle(day(2021), target="specialist")
    it.request(None, day(2021, 4), namnd=it.board)
    it.request(None, day(2021, 5), namnd=it.board, amount=tkr(3000), amount_reason="Resten är redan sänkt.")

    record(it, 3000)

    assert [asked.version for asked in Adjustment.objects.filter(decision__isnull=False)] == [2]


def test_a_key_is_a_hundred_per_cent_in_the_database_too() -> None:
    with transaction.atomic():
        key = DistributionKey.objects.create(
            name="Halv", dated=date(2025, 1, 1), source="Ingen", added_by=factories.user("officer"), added_at=day(2025)
        )
        KeyWeight.objects.create(key=key, namnd=factories.namnd(), weight=99)
        with pytest.raises(IntegrityError, match="100 per cent"):
            all_promises()
        transaction.set_rollback(True)


def test_a_key_is_never_changed() -> None:
    key = scene.key()

    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        key.weights.update(weight=9)
