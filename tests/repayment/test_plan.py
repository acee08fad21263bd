"""The plan: what may stand in it, how it changes, and what the database holds of it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundportal.errors import Refused
from fundportal.models import Document
from fundportal.process import Role, Step
from repayment import actions
from repayment.models import Exemption, Plan, PlanRow, standing
from repayment.models.standing import amount_to_repay
from repayment.needs import a_namnd_has_ended, nothing_remains, plan_is_proposed, something_remains
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import Scene, all_promises, day, tkr

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("of_fund", "amount"),
    [
        ({}, 11_600_000),
        (scene.share_fund(50), 5_800_000),
        ({"repayment_model": "share", "repayment_share": Decimal("33.33")}, 3_866_280),
        ({"repayment_model": "none"}, 0),
    ],
)
def test_the_amount_to_repay_follows_the_funds_rule(of_fund: dict[str, Any], amount: int) -> None:
    assert standing(scene.c1(**of_fund).case).to_repay == amount


def test_the_amount_to_repay_is_in_whole_kronor() -> None:
    fund = factories.fund(repayment_model="share", repayment_share=Decimal("33.33"))

    assert amount_to_repay(fund, Decimal(1001)) == 334


def test_a_fund_without_repayment_has_a_plan_without_rows() -> None:
    it = scene.c1(repayment_model="none")

    it.decide()
    all_promises()

    assert (it.case.step, nothing_remains(it.case, day(2020))) == (Step.REPAYMENT, None)


def refused(act: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return caught.value.reasons


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ((11_601,), "Sänk beloppen"),
        ((11_599,), "Lägg till 1\u00a0000\u00a0kr"),
        ((), "Lägg till 11\u00a0600\u00a0000\u00a0kr"),
        ((-1, 11_601), "mindre än 0 kr"),
    ],
)
def test_rows_are_exactly_the_amount_to_repay(amounts: tuple[int, ...], words: str) -> None:
    it = scene.c1()

    reasons = refused(lambda: it.propose(*amounts))

    assert any(words in reason for reason in reasons)
    assert not Plan.objects.exists()


def test_a_row_is_of_a_year_when_the_plan_is_decided_or_later() -> None:
    it = scene.c1()

    assert refused(lambda: it.propose(rows=it.rows(11_600, first=2019))) == [
        "Bokslutsår 2019 är före planens beslutsår. Börja tidigast 2020."
    ]


def test_years_follow_on_each_other() -> None:
    it = scene.c1()
    rows = [*it.rows(5000, first=2020), *it.rows(6600, first=2022)]

    assert refused(lambda: it.propose(rows=rows)) == [
        "Bokslutsåren ska följa på varandra. Lägg till 2021, om så med 0 kr."
    ]


def test_a_row_stands_once() -> None:
    it = scene.c1()
    rows = [*it.rows(5000, first=2020), *it.rows(6600, first=2020)]

    assert refused(lambda: it.propose(rows=rows)) == [
        "Två rader har samma år, nämnd och verksamhetsområde. Slå ihop dem."
    ]


def test_only_a_board_that_exists_at_the_bokslut_may_stand() -> None:
    it = scene.c1()
    gone = factories.namnd("Älvsjö", active_to=date(2020, 6, 30))

    assert refused(lambda: it.propose(rows=it.rows(11_600, board=gone))) == [
        "Älvsjö finns inte vid bokslutet 2020. Välj den nämnd som har ansvaret då."
    ]


def test_only_the_citys_own_boards_may_stand() -> None:
    it = scene.c1()
    region = factories.namnd("Region Stockholm", kind="ovrig")

    assert refused(lambda: it.propose(rows=it.rows(11_600, board=region))) == [
        "Region Stockholm hör inte till staden. Bara stadens egna besparingar kan återföras."
    ]


def test_a_lower_total_needs_a_reason_and_the_difference_is_exempted_by_the_decision() -> None:
    it = scene.c1()
    it.propose(10_000, lower_reason="other_actor", lower_text="Regionen får 1,6 mnkr av effekten.")

    actions.decide_plan(it.case, it.director, day(2020))
    all_promises()

    now = standing(it.case)
    exemption = Exemption.objects.get(case=it.case)
    assert (exemption.amount, exemption.reason, exemption.plan) == (tkr(1600), "other_actor", now.current)
    assert (now.to_repay, now.exempted, now.remaining) == (tkr(11_600), tkr(1600), tkr(10_000))
    assert (now.total.planned, now.total.exempted, now.total.remaining) == (tkr(11_600), tkr(1600), tkr(10_000))


def test_the_newest_proposal_is_the_one_decided() -> None:
    it = scene.c1()
    it.propose(11_600)
    it.propose(5000, 6600)

    actions.decide_plan(it.case, it.director, day(2020))

    assert [row.amount for row in standing(it.case).open_rows] == [tkr(5000), tkr(6600)]
    assert Document.objects.get(case=it.case).kind == "plan"


def test_no_plan_is_decided_before_one_is_proposed() -> None:
    it = scene.c1()

    assert plan_is_proposed(it.case, day(2020)) is not None
    assert refused(lambda: actions.decide_plan(it.case, it.director, day(2020))) == [
        plan_is_proposed(it.case, day(2020))
    ]


def test_a_proposal_for_a_year_that_has_passed_is_proposed_anew() -> None:
    it = scene.c1()
    it.propose(11_600)

    assert refused(lambda: actions.decide_plan(it.case, it.director, day(2021)))[0].startswith("Bokslutsår 2020")


def test_whoever_proposed_the_plan_neither_decides_nor_exempts() -> None:
    it = scene.c1()
    factories.hold(it.controller, Role.DIRECTOR)
    it.controller = type(it.controller).objects.get(pk=it.controller.pk)
    it.propose(11_600)

    for act in (
        lambda: actions.decide_plan(it.case, it.controller, day(2020)),
        lambda: actions.exempt(it.case, it.controller, day(2020), reason="other", text=scene.TEXT),
    ):
        assert "fyra ögon" in refused(act)[0]


def second_year(it: Scene) -> None:
    """C1 after two boksluts: 7 200 remain, 600 of them without a row."""
    it.decide(2000, 3000, 3500, 3100)
    it.reconcile(2020, 2000)
    it.reconcile(2021, 2400, cause="delay", reason="Sen start.")


def test_the_table_shows_planned_changed_repaid_exempted_and_remaining() -> None:
    it = scene.c1()
    second_year(it)
    it.adjust(3200, 3200, 800, first=2022, at=day(2022, 4))

    lines = [
        (line.row.year, line.planned, line.changed, line.repaid, line.remaining)
        for line in standing(it.case).lines
        if line.row
    ]

    assert lines == [
        (2020, tkr(2000), 0, tkr(2000), 0),
        (2021, tkr(3000), tkr(-600), tkr(2400), 0),
        (2022, tkr(3200), 0, 0, tkr(3200)),
        (2023, tkr(3200), 0, 0, tkr(3200)),
        (2024, tkr(800), 0, 0, tkr(800)),
    ]
    total = standing(it.case).total
    assert (total.planned + total.changed, total.repaid, total.remaining) == (tkr(11_600), tkr(4400), tkr(7200))


def test_what_has_no_row_is_told_until_the_plan_is_changed() -> None:
    it = scene.c1()
    second_year(it)
    before = standing(it.case).unplanned

    it.adjust(3200, 3200, 800, first=2022, at=day(2022, 4))

    assert (before, standing(it.case).unplanned) == (tkr(600), tkr(0))


@pytest.mark.parametrize(
    ("amounts", "first", "words"),
    [
        ((3200, 3200, 801), 2022, "Minska med 1\u00a0000\u00a0kr"),
        ((3200, 3200), 2022, "Lägg till 800\u00a0000\u00a0kr"),
        ((1000, 3200, 3000), 2021, "redan avstämt"),
        ((7200,), 2020, "före planens beslutsår"),
    ],
)
def test_a_changed_plan_holds_exactly_what_remains_on_years_to_come(
    amounts: tuple[int, ...], first: int, words: str
) -> None:
    it = scene.c1()
    second_year(it)

    reasons = refused(lambda: it.adjust(*amounts, first=first, at=day(2022, 4)))

    assert any(words in reason for reason in reasons)
    assert Plan.objects.filter(case=it.case).count() == 1


def test_the_old_version_stands_as_it_was() -> None:
    it = scene.c1()
    second_year(it)
    before = list(PlanRow.objects.filter(plan__version=1).values())

    it.adjust(7200, first=2022, at=day(2022, 4))

    assert list(PlanRow.objects.filter(plan__version=1).values()) == before


def ending(it: Scene) -> None:
    """The board of all rows ends in the middle of 2022."""
    it.board.active_to, it.board.successor = date(2022, 6, 30), factories.namnd("Sociala nämnden")
    it.board.save()


def test_rows_of_an_ended_board_wait_and_say_so() -> None:
    it = scene.c1()
    second_year(it)
    it.adjust(7200, first=2022, at=day(2022, 4))
    nothing_to_hand_over = a_namnd_has_ended(it.case, day(2022))
    ending(it)

    reasons = refused(lambda: it.reconcile(2022, 7200))

    assert nothing_to_hand_over is not None
    assert reasons == [
        "Socialnämnden upphör den 30\u00a0juni\u00a02022 och finns inte vid bokslutet 2022. "
        "Stadsdirektören behöver överföra raden till en ny nämnd."
    ]


def test_a_hand_over_moves_the_open_rows_in_a_new_version() -> None:
    it = scene.c1()
    second_year(it)
    it.adjust(3200, 4000, first=2022, at=day(2022, 4))
    ending(it)
    heir = it.board.successor
    assert heir is not None

    actions.hand_over(it.case, it.director, day(2022, 5), from_namnd=it.board, to_namnd=heir, reason="KF § 4")
    all_promises()
    it.reconcile(2022, 3200)

    now = standing(it.case)
    assert now.current is not None
    assert (now.current.version, {row.namnd for row in now.current.rows.all()}) == (3, {heir})
    assert [line.row.namnd for line in now.lines if line.row and line.outcome] == [it.board, it.board, heir]
    assert now.remaining == tkr(4000)


def test_rows_that_meet_on_the_same_board_become_one() -> None:
    it = scene.c1()
    heir = factories.namnd("Sociala nämnden")
    it.propose(rows=[*it.rows(8000), *it.rows(3600, board=heir)])
    actions.decide_plan(it.case, it.director, day(2020))
    it.board.active_to = date(2020, 6, 30)
    it.board.save()

    actions.hand_over(it.case, it.director, day(2020, 5), from_namnd=it.board, to_namnd=heir, reason="KF § 4")

    assert [(row.namnd, row.amount) for row in standing(it.case).open_rows] == [(heir, tkr(11_600))]


def test_a_changed_plan_never_moves_an_ended_boards_rows_silently() -> None:
    it = scene.c1()
    second_year(it)
    it.adjust(7200, first=2022, at=day(2022, 4))
    ending(it)
    rows = it.rows(7200, first=2022, board=it.board.successor)

    reasons = refused(
        lambda: actions.adjust_plan(it.case, it.director, day(2022, 5), rows=rows, reason="Ny organisation.")
    )

    assert reasons == ["Rader för Socialnämnden flyttas med ”Överför till ny nämnd”. Låt dem stå oförändrade här."]


def test_a_board_cannot_take_over_for_a_year_when_it_does_not_exist() -> None:
    it = scene.c1()
    second_year(it)
    it.adjust(7200, first=2022, at=day(2022, 4))
    ending(it)
    gone = factories.namnd("Gamla nämnden", active_to=date(2021, 1, 1))

    reasons = refused(
        lambda: actions.hand_over(
            it.case, it.director, day(2022, 5), from_namnd=it.board, to_namnd=gone, reason="KF § 4"
        )
    )

    assert reasons == ["Gamla nämnden finns inte vid bokslutet 2022. Välj den nämnd som har ansvaret då."]


def test_all_that_remains_is_exempted_in_the_middle_of_the_repayment() -> None:
    it = scene.c1()
    second_year(it)

    actions.exempt(it.case, it.director, day(2022, 4), reason="reorganised", text=scene.TEXT)
    all_promises()

    now = standing(it.case)
    assert (it.case.step, now.exempted, now.remaining, now.open_rows) == (
        Step.SETTLEMENT,
        tkr(7200),
        tkr(0),
        list[PlanRow](),
    )
    assert (now.total.exempted, now.total.remaining) == (tkr(7200), tkr(0))


def test_an_exemption_is_reasoned_at_length() -> None:
    it = scene.c1()

    assert refused(lambda: actions.exempt(it.case, it.director, day(2020), reason="other", text="Nej.")) == [
        "Motivera undantaget med minst 100 tecken."
    ]


def test_needs_say_what_remains() -> None:
    it = scene.c1()
    it.decide(11_600)

    assert something_remains(it.case, day(2020)) is None
    assert nothing_remains(it.case, day(2020)) == (
        "11\u00a0600\u00a0000\u00a0kr återstår att återföra. "
        "Stäm av återstående bokslut, ändra planen eller undanta det som återstår."
    )
    it.reconcile(2020, 11_600)
    assert something_remains(it.case, day(2021)) is not None


# What the database itself holds


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


def test_to_repay_is_repaid_and_exempted_and_remaining_whatever_the_years_give() -> None:
    """Invariant 7, in every version, under any outcomes: each bokslut gives something, and the rest is planned anew."""
    it = scene.c1()
    it.decide(11_600)

    @given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 100)), min_size=1, max_size=3))
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def holds(years: list[tuple[int, int]]) -> None:
        with transaction.atomic():
            walk(it, years)
            all_promises()
            now, total = standing(it.case), standing(it.case).total
            assert now.to_repay == now.repaid + now.exempted + now.remaining == tkr(11_600)
            assert total.planned + total.changed == total.repaid + total.exempted + total.remaining == tkr(11_600)
            assert now.unplanned == 0
            transaction.set_rollback(True)

    holds()


def walk(it: Scene, years: list[tuple[int, int]]) -> None:
    """Each year some tkr come back, and what remains is spread anew over two years: so many per cent on the first."""
    for number, (amount, percent) in enumerate(years):
        year, left = 2020 + number, int(standing(it.case).remaining / 1000)
        repaid = min(amount, left)
        it.reconcile(year, repaid, cause="volume", reason="Utfall.")
        left -= repaid
        if not left:
            return
        first = left * percent // 100
        it.adjust(first, left - first, first=year + 1, at=day(year + 1, 4))
