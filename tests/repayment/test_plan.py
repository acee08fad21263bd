"""The first plan: what may stand in it, and how it is decided."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fundportal.models import Document, FundRules
from fundportal.process import Role, Step
from repayment import actions
from repayment.models import Exemption, Plan, standing
from repayment.models.standing import amount_to_repay
from repayment.needs import nothing_remains, plan_is_proposed, something_remains
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import all_promises, day, refused, tkr

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
    rules = FundRules(repayment_model="share", repayment_share=Decimal("33.33"))

    assert amount_to_repay(rules, Decimal(1001)) == 334


def test_a_fund_without_a_cap_may_be_repaid_more_than_the_project_cost() -> None:
    capped, free = scene.c1(), scene.c1(capped=False)

    assert "Sänk beloppen" in refused(lambda: capped.propose(12_000))[0]
    free.decide(12_000)
    all_promises()

    assert standing(free.case).to_repay == standing(free.case).remaining == 12_000_000


def test_a_fund_without_repayment_has_a_plan_without_rows() -> None:
    it = scene.c1(repayment_model="none")

    it.decide()
    all_promises()

    assert (it.case.step, nothing_remains(it.case, day(2020))) == (Step.REPAYMENT, None)


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


def test_the_first_bokslut_is_that_of_the_year_after_the_decision() -> None:
    it = scene.c1()

    assert refused(lambda: it.propose(rows=it.rows(11_600, first=2019))) == [
        "Bokslutsår 2019 är för tidigt. Planen kan börja med bokslutet 2020."
    ]


def test_a_year_ends_at_midnight_in_sweden() -> None:
    it = scene.c1()
    last_second = datetime(2019, 12, 31, 22, 59, 59, tzinfo=UTC)

    it.propose(11_600, at=last_second)

    assert refused(lambda: it.propose(11_600, at=last_second + timedelta(seconds=1)))[0].startswith("Bokslutsår 2020")


def test_a_plan_is_in_whole_kronor() -> None:
    it = scene.c1()
    rows = it.rows(5000, 6600)
    rows[0]["amount"] += Decimal("0.50")
    rows[1]["amount"] -= Decimal("0.50")

    assert refused(lambda: it.propose(rows=rows)) == ["Beloppen i planen anges i hela kronor."]


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

    actions.decide_plan(it.case, it.director, scene.PLANNED)
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

    actions.decide_plan(it.case, it.director, scene.PLANNED)

    assert [row.amount for row in standing(it.case).open_rows] == [tkr(5000), tkr(6600)]
    assert Document.objects.get(case=it.case).kind == "plan"


def test_no_plan_is_decided_before_one_is_proposed() -> None:
    it = scene.c1()

    assert plan_is_proposed(it.case, day(2020)) is not None
    assert refused(lambda: actions.decide_plan(it.case, it.director, scene.PLANNED)) == [
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
        lambda: actions.decide_plan(it.case, it.controller, scene.PLANNED),
        lambda: actions.exempt(it.case, it.controller, day(2020), reason="other", text=scene.TEXT),
    ):
        assert "fyra ögon" in refused(act)[0]


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
