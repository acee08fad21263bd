"""Released from repayment while a plan goes on: a part, or the plan itself; and what is proposed with a bokslut."""

import pytest

from fundportal import ledger, todo
from fundportal.models import Document, Party
from fundportal.process import Role, Step
from repayment import actions, outlook
from repayment.models import Extent, Plan, Reconciliation, standing
from repayment.models.plan import Spread
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import Scene, all_promises, day, refused, tkr

pytestmark = pytest.mark.django_db


@pytest.fixture
def it() -> Scene:
    """C1 with its plan decided."""
    decided = scene.c1()
    decided.decide(2000, 3000, 3500, 3100)
    return decided


def rows(it: Scene) -> dict[int, int]:
    return {row.year: int(row.amount / 1000) for row in standing(it.case).open_rows}


def part(it: Scene, year: int | None, amount: int, text: str = scene.TEXT) -> None:
    row = it.row(year) if year else None
    at = day(2020, 5)
    actions.exempt_part(it.case, it.director, at, row=row, amount=tkr(amount), reason="other_actor", text=text)


def test_a_part_is_exempted_by_a_decision_of_its_own_and_the_plan_goes_on(it: Scene) -> None:
    part(it, 2022, 1500)
    all_promises()

    now = standing(it.case)
    assert (now.to_repay, now.exempted, now.remaining) == (tkr(11_600), tkr(1500), tkr(10_100))
    assert (it.case.step, rows(it)) == (Step.REPAYMENT, {2020: 2000, 2021: 3000, 2022: 2000, 2023: 3100})
    assert [plan.version for plan in now.decided] == [1, 2]
    assert now.total.planned + now.total.changed == now.total.exempted + now.total.remaining
    assert Document.objects.filter(case=it.case, kind="exemption").count() == 1


@pytest.mark.parametrize(
    ("year", "amount", "words"),
    [
        (2022, 3501, "Undanta högst så mycket"),
        (2022, 0, "större än noll"),
        (None, 500, "saknar rad i planen"),
        (2022, 11_600, "allt som återstår"),
    ],
)
def test_a_part_is_of_a_row_and_never_more_than_it_holds(it: Scene, year: int | None, amount: int, words: str) -> None:
    assert any(words in reason for reason in refused(lambda: part(it, year, amount)))


def test_what_has_no_row_is_exempted_whole(it: Scene) -> None:
    it.reconcile(2020, 1400, cause="no_effect", reason="Effekten uteblev i ett område.")

    at = day(2021, 5)
    actions.exempt_part(it.case, it.director, at, amount=tkr(600), reason="no_effect", text=scene.TEXT)
    all_promises()

    assert (standing(it.case).unplanned, standing(it.case).remaining) == (0, tkr(9600))


def test_a_revoked_plan_is_repaid_no_more_but_its_saving_is_told(it: Scene) -> None:
    it.reconcile(2020, 2000)
    row = it.row(2021)

    actions.revoke_plan(it.case, it.director, day(2021, 6), responsible="Kommunstyrelsen, KF § 4", text=scene.TEXT)
    all_promises()
    stopped = refused(lambda: it.reconcile(2021, 3000, row=row))
    told = {"realised": tkr(3200), "surplus": tkr(0), "text": "Enligt bokslut."}
    early = refused(lambda: actions.report_saving(it.case, it.controller, day(2021, 7), row=row, **told))
    actions.report_saving(it.case, it.controller, day(2022), row=row, **told)
    all_promises()

    now = standing(it.case)
    assert (it.case.step, now.to_repay, now.repaid, now.exempted) == (Step.REPAYMENT, tkr(11_600), tkr(2000), tkr(9600))
    assert now.revocation is not None
    assert now.revocation.extent == Extent.REVOKED
    assert stopped == ["Inget återstår att återföra. Avsluta återföringen i stället."]
    assert early == ["Besparingen för 2021 redovisas när året är slut."]
    assert Reconciliation.objects.get(row=row).realised == tkr(3200)
    assert ledger.position(it.case.fund, it.case).repaid == tkr(2000)
    assert list(outlook.expected(it.case.fund, day(2021).date())) == []
    assert outlook.fulfilled(it.case.fund) == 1
    actions.complete_repayment(it.case, it.controller, day(2022, 4))
    assert it.case.step == Step.SETTLEMENT


@pytest.mark.parametrize(
    ("repaid", "spread", "after"),
    [
        (1400, Spread.LAST, {2021: 3000, 2022: 3500, 2023: 3700}),
        (1400, Spread.EXTRA, {2021: 3000, 2022: 3500, 2023: 3100, 2024: 600}),
        (6000, Spread.LAST, {2021: 3000, 2022: 2600, 2023: 0}),
        (2960, Spread.PROPORTIONAL, {2021: 2700, 2022: 3150, 2023: 2790}),
    ],
)
def test_the_next_version_is_proposed_with_the_bokslut_and_decided_by_another(
    it: Scene, repaid: int, spread: str, after: dict[int, int]
) -> None:
    it.reconcile(2020, repaid, cause="volume", reason="Utfallet blev ett annat.", spread=spread)
    all_promises()

    now = standing(it.case)
    assert now.proposal is not None
    assert now.current is not None
    assert now.current.version == 1
    proposed = list(now.proposal.rows.all())
    assert {row.year: int(row.amount / 1000) for row in proposed} == after
    assert it.case in todo.todo(it.director)
    it.director = factories.user(Role.DIRECTOR)
    given = actions.plan.given(proposed)
    actions.adjust_plan(it.case, it.director, day(2021, 4), rows=given, reason=now.proposal.grounds)
    all_promises()
    assert (rows(it), standing(it.case).proposal) == (after, None)
    assert it.case not in todo.todo(it.director)


def test_no_version_is_proposed_when_the_bokslut_was_as_planned(it: Scene) -> None:
    assert refused(lambda: it.reconcile(2020, 2000, spread=Spread.LAST)) == [
        "Planens rader stämmer med det som återstår. Ingen ny version behövs."
    ]


def test_a_proposal_that_another_bokslut_has_overtaken_falls_away(it: Scene) -> None:
    it.reconcile(2020, 1400, cause="delay", reason="Sen start.", spread=Spread.LAST)
    it.reconcile(2021, 3000)

    assert standing(it.case).proposal is None
    assert Plan.objects.filter(case=it.case, status="proposed", version=2).exists()


def test_two_boksluts_in_one_day_share_the_boards_surplus() -> None:
    it = scene.c1()
    two = it.rows(4000, first=2020)
    two[0]["area"] = "school"
    it.propose(rows=[*it.rows(7600), *two])
    actions.decide_plan(it.case, it.director, scene.PLANNED)
    at = day(2024, 2, 29)
    first, second = standing(it.case).open_rows

    it.reconcile(2020, 7600, row=first, at=at, surplus=tkr(10_000))
    too_much = refused(lambda: it.reconcile(2020, 4000, row=second, at=at, surplus=tkr(10_000)))
    it.reconcile(2020, 2400, row=second, at=at, surplus=tkr(10_000), cause="volume", reason="Överskottet räckte inte.")
    all_promises()

    assert any("redan återfört från samma bokslut" in reason for reason in too_much)
    assert standing(it.case).remaining == tkr(1600)


def test_a_bokslut_entered_late_is_booked_when_it_is_entered_under_its_own_year(it: Scene) -> None:
    it.reconcile(2021, 3000)
    event = it.reconcile(2020, 2000, at=day(2022, 6))
    all_promises()

    entry = event.entries.get()
    assert (entry.year, entry.booked_on.year) == (2020, 2022)
    assert [line.state for line in standing(it.case).lines] == ["Återförd", "Återförd", "Planerad", "Planerad"]


def test_the_boards_of_a_plan_take_part_in_the_case() -> None:
    it = scene.c1()
    other = factories.namnd()
    person = factories.user(Role.APPLICANT, other)
    it.propose(rows=[*it.rows(5000), *it.rows(6600, first=2020, board=other)])

    actions.decide_plan(it.case, it.director, scene.PLANNED)

    assert it.case.parties.filter(part=Party.Part.REPAYS).get().namnd == other
    assert type(it.case).objects.visible_to(person).filter(pk=it.case.pk).exists()
