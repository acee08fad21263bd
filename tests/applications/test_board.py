"""Kommunstyrelsen's decision, recorded from its minutes."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from applications import actions, needs
from applications.models import Decision, Route
from fundportal import ledger
from fundportal.errors import Refused
from fundportal.models import Account
from fundportal.process import ACTIONS, Outcome, Step
from tests import factories
from tests.applications.scene import ROWS, Scene, delegate, later, stage, write_opinion
from tests.factories import AT

pytestmark = pytest.mark.django_db

MEETING = date(2027, 5, 12)
WHEN = later(90)


@pytest.fixture
def scene() -> Scene:
    scene = stage()
    actions.check_calculation(scene.case, scene.controller, AT, outcome="ok", text="Kalkylen är försiktigt räknad.")
    write_opinion(scene)
    actions.propose_decision(scene.case, scene.officer, AT)
    actions.sign_decision(scene.case, scene.director, AT)
    return scene


def minutes(**other: Any) -> dict[str, Any]:
    return {
        "outcome": Outcome.GRANTED,
        "paragraph": "§ 12",
        "meeting_on": MEETING,
        "adjusted_on": date(2027, 5, 19),
        "posted_on": date(2027, 5, 20),
        **other,
    }


def test_a_grant_takes_the_proposed_rows_and_counts_the_last_day_of_appeal(scene: Scene) -> None:
    event = actions.record_board_decision(scene.case, scene.officer, WHEN, **minutes())

    decision = Decision.objects.get(kind="board")
    assert scene.case.step == Step.IMPLEMENTATION
    assert [(e.year, e.use, int(e.amount)) for e in event.entries.order_by("id")] == ROWS
    assert (decision.amount, decision.appeal_until) == (Decimal(8_000_000), date(2027, 6, 10))


def test_kommunstyrelsen_may_grant_less_than_proposed(scene: Scene) -> None:
    rows = [scene.row(2027, "introduce", 3_000_000)]

    actions.record_board_decision(
        scene.case, scene.officer, WHEN, **minutes(outcome=Outcome.PARTLY, rows=rows, reasons="Ett år i taget.")
    )

    assert ledger.balance(scene.case.fund, Account.GRANTED, scene.case) == 3_000_000


def test_less_than_requested_is_not_a_whole_grant(scene: Scene) -> None:
    rows = [scene.row(2027, "introduce", 3_000_000)]

    with pytest.raises(Refused, match="Välj delvis bifall"):
        actions.record_board_decision(scene.case, scene.officer, WHEN, **minutes(rows=rows))


def test_another_outcome_than_proposed_needs_reasons(scene: Scene) -> None:
    with pytest.raises(Refused, match="Skriv kommunstyrelsens skäl"):
        actions.record_board_decision(scene.case, scene.officer, WHEN, **minutes(outcome=Outcome.REJECTED))


def test_a_rejection_ends_the_case_without_money(scene: Scene) -> None:
    actions.record_board_decision(
        scene.case, scene.officer, WHEN, **minutes(outcome=Outcome.REJECTED, reasons="Ryms i ordinarie budget.")
    )

    assert (scene.case.step, scene.case.closed_because) == (Step.REJECTED, "Avslag av kommunstyrelsen")
    assert not scene.case.entries.exists()


def test_a_returned_case_is_prepared_again(scene: Scene) -> None:
    actions.record_board_decision(
        scene.case,
        scene.officer,
        WHEN,
        outcome=Outcome.RETURNED,
        paragraph="§ 12",
        meeting_on=MEETING,
        reasons="Belys kostnaderna för lokaler.",
    )

    assert scene.case.step == Step.PREPARATION


def table(scene: Scene, until: date) -> None:
    """Kommunstyrelsen tables the case until a later meeting."""
    given = {"outcome": Outcome.TABLED, "paragraph": "§ 12", "meeting_on": MEETING, "reasons": "Bordläggs."}
    actions.record_board_decision(scene.case, scene.officer, WHEN, **given, next_meeting_on=until)


def test_a_tabled_case_stays_until_the_next_meeting(scene: Scene) -> None:
    table(scene, date(2027, 6, 9))

    assert (scene.case.step, scene.case.due_on) == (Step.BOARD, date(2027, 6, 9))
    assert Decision.objects.get(kind="board").appeal_until is None


def test_a_tabled_case_can_be_granted_at_the_next_meeting(scene: Scene) -> None:
    table(scene, date(2027, 5, 26))

    actions.record_board_decision(
        scene.case,
        scene.officer,
        later(120),
        **minutes(
            meeting_on=date(2027, 5, 26), adjusted_on=date(2027, 6, 1), posted_on=date(2027, 6, 2), paragraph="§ 3"
        ),
    )

    assert scene.case.step == Step.IMPLEMENTATION


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"meeting_on": date(2027, 12, 1)}, "Sammanträdet har inte varit än"),
        ({"adjusted_on": None, "posted_on": None}, "Fyll i när protokollet justerades"),
        ({"adjusted_on": date(2027, 5, 11)}, "kan inte vara justerat före sammanträdet"),
        ({"posted_on": date(2027, 5, 18)}, "tidigast den dag protokollet justerades"),
        ({"immediate": True}, "samma dag som sammanträdet"),
        ({"outcome": Outcome.TABLED, "reasons": "Bordläggs."}, "vilket senare sammanträde"),
    ],
)
def test_minutes_that_cannot_be_are_refused_in_words(scene: Scene, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        actions.record_board_decision(scene.case, scene.officer, WHEN, **minutes(**wrong))

    assert scene.case.step == Step.BOARD


def test_immediate_adjustment_is_the_day_of_the_meeting(scene: Scene) -> None:
    actions.record_board_decision(
        scene.case, scene.officer, WHEN, **minutes(immediate=True, adjusted_on=MEETING, posted_on=MEETING)
    )

    assert Decision.objects.get(kind="board").immediate


def test_money_goes_only_to_boards_that_take_part(scene: Scene) -> None:
    rows = [scene.row(2027, "introduce", 8_000_000, factories.namnd("Utomstående"))]

    with pytest.raises(Refused, match="projektägaren eller en partner"):
        actions.record_board_decision(scene.case, scene.officer, WHEN, **minutes(rows=rows))


def test_a_fund_that_was_emptied_meanwhile_cannot_grant(scene: Scene) -> None:
    other = factories.case(Step.IMPLEMENTATION, round=scene.case.round)
    factories.grant(other, 295_000_000)

    with pytest.raises(Refused, match="Pengarna räcker inte"):
        actions.record_board_decision(scene.case, scene.officer, WHEN, **minutes())

    assert scene.case.step == Step.BOARD


REPORTED = {
    "meeting_on": MEETING,
    "paragraph": "§ 31",
    "adjusted_on": date(2027, 5, 19),
    "posted_on": date(2027, 5, 20),
}


@pytest.fixture
def delegated() -> Scene:
    scene = stage()
    delegate(scene.director)
    actions.check_calculation(scene.case, scene.controller, AT, outcome="ok", text="Kalkylen är försiktigt räknad.")
    write_opinion(scene, route=Route.DELEGATION)
    actions.propose_decision(scene.case, scene.officer, AT)
    actions.sign_decision(scene.case, scene.director, AT)
    return scene


def test_a_decision_on_delegation_is_reported_and_the_time_for_appeal_runs_from_that_anslag(delegated: Scene) -> None:
    actions.report_to_board(delegated.case, delegated.officer, WHEN, **REPORTED)

    decision = Decision.objects.get(case=delegated.case)
    assert (decision.paragraph, decision.appeal_until) == ("§ 31", date(2027, 6, 10))
    assert delegated.case.step == Step.IMPLEMENTATION


def test_a_decision_is_reported_once(delegated: Scene) -> None:
    actions.report_to_board(delegated.case, delegated.officer, WHEN, **REPORTED)

    with pytest.raises(Refused, match="redan anmält"):
        actions.report_to_board(delegated.case, delegated.officer, WHEN, **REPORTED)


def test_the_phase_ends_when_the_decision_has_been_reported(delegated: Scene) -> None:
    need = needs.delegated_decision_is_reported
    assert need(delegated.case, WHEN) == "Beslutet på delegation är inte anmält till kommunstyrelsen. Anmäl det först."
    assert "applications.needs.delegated_decision_is_reported" in ACTIONS["close_investment"].needs

    actions.report_to_board(delegated.case, delegated.officer, WHEN, **REPORTED)

    assert need(delegated.case, WHEN) is None


def test_a_decision_cannot_be_reported_before_it_was_taken(delegated: Scene) -> None:
    early = REPORTED | {"meeting_on": date(2027, 2, 1)}

    with pytest.raises(Refused, match="kan inte ha anmälts tidigare"):
        actions.report_to_board(delegated.case, delegated.officer, WHEN, **early)


def test_what_kommunstyrelsen_decided_itself_is_not_reported_to_it(scene: Scene) -> None:
    actions.record_board_decision(scene.case, scene.officer, WHEN, **minutes())

    with pytest.raises(Refused, match="inget beslut på delegation"):
        actions.report_to_board(scene.case, scene.officer, WHEN, **REPORTED)
