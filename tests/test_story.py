"""Whole cases from an idea to the archive, by the acts that people use, with the amounts of the worked examples."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from uuid import uuid4

import pytest

from applications import actions as phase1
from applications.models import Decision, Submission
from applications.sheets import APPLICATION, IDEA
from fundportal import actions, calendar
from fundportal.demo import handling
from fundportal.demo.walk import DOUBTS
from fundportal.demo.worked import exempted, full_cycle
from fundportal.errors import Refused
from fundportal.models import Document, Draft, Entry
from fundportal.process import Step
from repayment.models import Adjustment, Plan, standing
from reviews import actions as phase2
from reviews.models import Assessment
from tests.walked import Money, Town, Watched

pytestmark = pytest.mark.django_db
WHY = "Frågan behöver belysas ytterligare innan staden kan ta ställning till satsningen. " * 2


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def amounts(walk: Watched, kind: str, *by: str) -> dict[object, int]:
    """Thousands of kronor of a kind of entry in the case, by year or by year and use."""
    found: dict[object, int] = defaultdict(int)
    for *place, amount in Entry.objects.filter(case=walk.case, kind=kind).values_list(*by, "amount"):
        found[tuple(place) if len(by) > 1 else place[0]] += int(amount / 1000)
    return dict(found)


def rows(plan: Plan) -> dict[int, int]:
    return {row.year: int(row.amount / 1000) for row in plan.rows.all()}


def steps(walk: Watched) -> list[str]:
    """Where the case has stood, in order."""
    entered = walk.case.events.order_by("no").values_list("from_step", "to_step")
    return [to for before, to in entered if before != to]


def test_c1_goes_from_an_idea_to_eleven_adjusted_budgets(town: Town) -> None:
    walk = town.walk("C1")
    full_cycle(walk)
    case = walk.case

    assert steps(walk) == [
        *("idea", "idea_check", "council", "idea_decision", "application", "preparation", "decision", "board"),
        *("implementation", "evaluation", "repayment_plan", "repayment", "settlement", "budget_adjustment", "closed"),
    ]
    # 12 000 granted by year and use.
    assert amounts(walk, "granted", "year", "use") == {
        (2017, "develop"): 1200,
        (2017, "introduce"): 2700,
        (2017, "follow_up"): 300,
        (2017, "evaluate"): 300,
        (2018, "develop"): 400,
        (2018, "introduce"): 3200,
        (2018, "follow_up"): 400,
        (2018, "evaluate"): 500,
        (2019, "introduce"): 1500,
        (2019, "follow_up"): 500,
        (2019, "evaluate"): 1000,
    }
    assert walk.money("record_board_decision") == [(288_000, 300_000, 12_000)]
    # 11 600 paid, 400 never asked for and released: no saving.
    assert amounts(walk, "paid", "year") == {2017: 4500, 2018: 4500, 2019: 2600}
    assert walk.money("pay")[-1] == (288_000, 288_400, 400)
    assert sum(amounts(walk, "released", "year").values()) == 400
    assert amounts(walk, "handed_back", "year") == {}
    assert walk.money("close_investment") == [(288_400, 288_400, 0)]
    # Five bokslut, two versions of the plan.
    assert amounts(walk, "repaid", "year") == {2020: 2000, 2021: 2400, 2022: 3200, 2023: 3200, 2024: 800}
    assert [d for d, _s, _k in walk.money("reconcile_year")] == [290_400, 292_800, 296_000, 299_200, 300_000]
    assert {(s - d, k) for d, s, k in walk.money("reconcile_year")} == {(0, 0)}
    first, second = Plan.objects.filter(case=case)
    assert (first.version, rows(first)) == (1, {2020: 2000, 2021: 3000, 2022: 3500, 2023: 3100})
    assert walk.decided.keys() == {1, 2}  # `Watched` saw that the first was never touched by what came after
    assert (second.version, rows(second)) == (2, {2022: 3200, 2023: 3200, 2024: 800})
    now = standing(case)
    assert (now.to_repay, now.repaid, now.exempted, now.remaining) == (11_600_000, 11_600_000, 0, 0)
    # −3 200 a year by a key of eleven district boards.
    asked = Adjustment.objects.get(case=case)
    assert {row.namnd.code: int(row.amount / 1000) for row in asked.rows.select_related("namnd")} == {
        **{"BRO": 224, "EAV": 384, "FAR": 256, "HGA": 320, "HAV": 352, "JAR": 672},
        **{"KUN": 160, "NIN": 256, "SKN": 192, "SKH": 224, "SOD": 160},
    }
    assert (case.step, Money.of(case.fund)) == (Step.CLOSED, Money(300_000, 12_000, 11_600, 400, 0, 11_600))
    walk.archive()
    assert case.archived_at is not None


def test_c2_is_exempted_and_closed_without_any_budget_adjusted(town: Town) -> None:
    walk = town.walk("C2")
    exempted(walk)
    case = walk.case

    assert sum(amounts(walk, "granted", "year").values()) == 8000
    assert sum(amounts(walk, "paid", "year").values()) == 8000
    assert sum(amounts(walk, "handed_back", "year").values()) == 500
    assert walk.money("record_board_decision") == [(292_000, 300_000, 8000)]
    assert walk.money("pay")[-1] == (292_000, 292_000, 0)
    assert walk.money("close_investment", "exempt", "settle") == [(292_500, 292_500, 0)] * 3
    now = standing(case)
    assert (now.to_repay, now.repaid, now.exempted, now.remaining) == (7_500_000, 0, 7_500_000, 0)
    assert amounts(walk, "repaid", "year") == {}
    assert not Adjustment.objects.filter(case=case).exists()
    assert (case.step, steps(walk)[-3:]) == (Step.CLOSED, ["repayment_plan", "settlement", "closed"])


def test_an_idea_begun_twice_by_a_double_click_is_one_case_and_skips_no_number(town: Town) -> None:
    walk, key = town.walk("C1"), uuid4()
    given = {"round": town.round, "owner": walk.owner}

    first, again = (
        phase1.create_idea(walk.writer, walk.at, title="Skolnära team", key=key, **given) for _click in range(2)
    )
    other = phase1.create_idea(walk.writer, walk.at, title="En annan", key=uuid4(), **given)

    assert first == again
    assert [first.number, other.number] == ["SIF-2016-001", "SIF-2016-002"]


def to_idea_decision(walk: Watched, *, against: bool = False) -> None:
    walk.begin()
    walk.submit_idea()
    walk.register()
    walk.to_council(14)
    walk.assess(against=against)
    walk.conclude(against=against)


def to_preparation(walk: Watched) -> None:
    to_idea_decision(walk)
    walk.decide_idea()
    walk.write_application()
    walk.submit_application()


def to_decision(walk: Watched, *, route: str = "board") -> None:
    to_preparation(walk)
    walk.check_calculation()
    walk.propose(route=route)


def test_a_rejected_idea_never_becomes_an_application(town: Town) -> None:
    walk = town.walk("C1")
    to_idea_decision(walk, against=True)
    walk.decide_idea(approved=False)
    case = walk.case

    assert (case.step, case.due_on) == (Step.REJECTED, None)
    assert Document.objects.get(case=case, kind="idea_decision").title
    assert not Draft.objects.filter(case=case, sheet=APPLICATION.name).exists()
    assert not APPLICATION.may_write(case, walk.writer)
    for act, by in (
        (phase1.endorse_application, walk.manager),
        (phase1.submit_application, walk.writer),
        (phase1.submit_idea, walk.writer),
        (phase1.approve_idea, walk.director),
    ):
        given = {"reasons": WHY} if act is phase1.approve_idea else {}
        with pytest.raises(Refused, match="Ärendet står på ”Avslaget”"):
            act(case, by, walk.at, **given)
    assert Money.of(case.fund, case) == Money(0, 0, 0, 0, 0, 0)


def test_an_idea_sent_back_for_completion_needs_a_new_endorsement_and_keeps_both_versions(town: Town) -> None:
    walk = town.walk("C1")
    walk.begin()
    walk.submit_idea()
    last = calendar.working_day_on_or_after(walk.today + timedelta(days=14))
    walk.do(phase1.request_completion, walk.officer, rows=[{"part": "behov", "question": WHY}], last_day=last)
    case = walk.case
    assert (case.step, case.due_on) == (Step.IDEA, last)
    assert case.submitted_at is not None

    need = {"need": "Vi har nu beskrivit behovet med kommunens egna siffror för de tre senaste åren. " * 3}
    walk.fill(IDEA, {"behov": need | handling.answers(walk, "behov")}, walk.writer)
    with pytest.raises(Refused, match="illstyrk"):
        phase1.submit_idea(case, walk.writer, walk.at)
    walk.do(phase1.endorse_idea, walk.manager, digest=IDEA.filled(case).digest)
    walk.do(phase1.submit_idea, walk.writer)

    assert case.step == Step.IDEA_CHECK
    assert list(Submission.objects.filter(case=case).order_by("no").values_list("no", flat=True)) == [1, 2]
    papers = list(Document.objects.filter(case=case, kind="idea").order_by("version"))
    assert [paper.version for paper in papers] == [1, 2]
    assert papers[0].content_sha256 != papers[1].content_sha256


def test_what_the_council_returns_is_assessed_anew(town: Town) -> None:
    walk = town.walk("C1")
    walk.begin()
    walk.submit_idea()
    walk.register()
    walk.to_council(14)
    walk.assess()
    last = calendar.working_day_on_or_after(walk.today + timedelta(days=21))
    walk.do(phase2.return_to_applicant, walk.officer, questions=["Hur stor är målgruppen?"], last_day=last)
    assert (walk.case.step, walk.case.due_on) == (Step.IDEA, last)

    walk.fill(IDEA, {"behov": {"size": "180"}}, walk.writer)
    walk.do(phase1.endorse_idea, walk.manager, digest=IDEA.filled(walk.case).digest)
    walk.do(phase1.submit_idea, walk.writer)
    walk.to_council(14)
    with pytest.raises(Refused, match="bedömningar saknas"):
        walk.conclude()
    walk.assess()
    walk.conclude()

    assert walk.case.step == Step.IDEA_DECISION
    assert Assessment.objects.filter(document__case=walk.case).count() == 8


def test_an_application_sent_back_for_completion_comes_again_as_a_second_submission(town: Town) -> None:
    walk = town.walk("C1")
    to_preparation(walk)
    last = calendar.working_day_on_or_after(walk.today + timedelta(days=14))
    walk.do(phase1.request_completion, walk.officer, rows=[{"part": "budget", "question": WHY}], last_day=last)
    assert (walk.case.step, walk.case.due_on) == (Step.APPLICATION, last)

    walk.fill(APPLICATION, {"budget": handling.answers(walk, "budget")}, walk.writer)
    walk.submit_application()

    assert walk.case.step == Step.PREPARATION
    assert Document.objects.filter(case=walk.case, kind="application").count() == 2


def test_a_withdrawn_case_is_reopened_where_it_left(town: Town) -> None:
    walk = town.walk("C1")
    to_preparation(walk)
    walk.do(actions.withdraw, walk.writer, reason="Nämnden vill avvakta den nya budgeten.")
    case = walk.case
    assert (case.step, case.closed_because) == (
        Step.WITHDRAWN,
        "Återtaget av sökanden: Nämnden vill avvakta den nya budgeten.",
    )
    with pytest.raises(Refused):
        actions.withdraw(case, walk.writer, walk.at, reason="En gång till.")

    walk.do(actions.reopen, walk.director, reason=WHY)

    assert (case.step, case.closed_because, case.closed_at) == (Step.PREPARATION, "", None)
    walk.check_calculation()
    walk.propose()
    walk.sign()
    walk.board()
    assert walk.money("record_board_decision") == [(288_000, 300_000, 12_000)]


def test_a_rejection_stands_beside_what_is_decided_after_reopening(town: Town) -> None:
    walk = town.walk("C1")
    to_idea_decision(walk)
    walk.do(phase1.reject_idea, walk.director, reasons=DOUBTS, criteria=["K4"])
    walk.do(actions.reopen, walk.director, reason=WHY)
    assert walk.case.step == Step.IDEA_DECISION

    walk.do(phase1.approve_idea, walk.director, reasons=WHY)

    assert walk.case.step == Step.APPLICATION
    assert list(
        Document.objects.filter(case=walk.case, kind="idea_decision")
        .order_by("version")
        .values_list("version", flat=True)
    ) == [1, 2]


def test_route_b_is_decided_by_the_director_alone_within_the_delegation(town: Town) -> None:
    walk = town.walk("C2", yearly=900)
    to_decision(walk, route="delegation")
    walk.sign()

    assert walk.case.step == Step.IMPLEMENTATION
    assert walk.money("sign_decision") == [(298_200, 300_000, 1800)]
    decision = Decision.objects.get(case=walk.case)
    assert (decision.kind, decision.delegation is not None) == (Decision.Kind.DIRECTOR, True)
    assert "board" not in steps(walk)
    walk.wait(20)
    meeting = {"meeting_on": walk.today - timedelta(days=8), "adjusted_on": walk.today - timedelta(days=3)}
    walk.do(phase1.report_to_board, walk.officer, paragraph="§ 31", posted_on=walk.today - timedelta(days=2), **meeting)
    decision.refresh_from_db()
    three_weeks = calendar.working_day_on_or_after(walk.today + timedelta(days=19))
    assert (decision.paragraph, decision.appeal_until) == ("§ 31", three_weeks)
    assert walk.case.step == Step.IMPLEMENTATION


def test_route_b_reaches_no_further_than_the_delegation(town: Town) -> None:
    walk = town.walk("C2", yearly=1100)
    to_decision(walk, route="delegation")

    with pytest.raises(Refused, match="Ingen delegation gäller i dag för"):
        walk.sign()
    assert (walk.case.step, walk.money("sign_decision")) == (Step.DECISION, [])


def test_kommunstyrelsen_tables_and_then_grants(town: Town) -> None:
    walk = town.walk("C1")
    to_decision(walk)
    walk.sign()
    walk.until(walk.board_on)
    again = calendar.working_day_on_or_after(walk.today + timedelta(days=28))
    walk.board("tabled", reasons="Bordlagt till nästa sammanträde.", next_meeting_on=again)
    assert (walk.case.step, walk.case.due_on) == (Step.BOARD, again)
    assert walk.money("record_board_decision") == [(300_000, 300_000, 0)]

    walk.board_on = again
    walk.board()

    assert walk.case.step == Step.IMPLEMENTATION
    assert walk.money("record_board_decision")[-1] == (288_000, 300_000, 12_000)


def test_kommunstyrelsen_s_no_sets_nothing_aside(town: Town) -> None:
    walk = town.walk("C1")
    to_decision(walk)
    walk.sign()
    walk.board("rejected", reasons="Ryms i ordinarie budget.")

    assert (walk.case.step, Money.of(walk.case.fund).k) == (Step.REJECTED, 0)


def test_a_discontinued_project_gives_back_what_it_has_not_spent(town: Town) -> None:
    walk = town.walk("C2")
    to_decision(walk)
    walk.sign()
    walk.board()
    walk.steering()
    walk.pay_year(2018)
    walk.discontinue()

    case = walk.case
    assert (case.step, case.has_ended) == (Step.DISCONTINUED, True)
    assert amounts(walk, "paid", "year") == {2018: 4000}
    assert Money.of(case.fund, case) == Money(0, 8000, 4000, 4000, 120, 0)
    assert walk.money("discontinue") == [(296_120, 296_120, 0)]
