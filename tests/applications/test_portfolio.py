"""A project on one page, all projects on one page, and how thorough an evaluation must be."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from applications import actions
from applications.models import RUNS, Health, Report
from applications.views.portfolio import SIZE, SORTS, projects
from fundportal import levels, queue
from fundportal.models import Case, Jav, User
from fundportal.process import Role, Step
from tests import factories
from tests.applications.scene import REASONS, Scene, appoint, ask, pay, running, tell
from tests.applications.test_following import LOW, RED, fresh, indicator, lock
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return running()


# Projektets sida och portföljen


def _page(user: User, path: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_project_stands_on_one_page(scene: Scene) -> None:
    indicator(scene)
    lock(scene)
    chair = fresh(appoint(scene))
    tell(scene, women=3, **RED, measure_on=date(2027, 6, 1))

    page = _page(chair, f"/arenden/{scene.case.number}/projektet/")

    for text in ("Rött", "Ny rekrytering.", "Frånvaro", "Utgångsläget låstes", "Ordförande", "visas inte"):
        assert text in page


def test_the_portfolio_shows_the_lights_of_those_projects_one_may_see(scene: Scene) -> None:
    tell(scene, **RED, measure_on=date(2027, 6, 1), spend=LOW)
    other = running()
    tell(other)

    assert shown(scene.director) == {scene.case, other.case}
    assert [_kept(it.case)[:2] for it in (scene, other)] == [(2, 8_000_000), (1, 8_000_000)]
    red = _page(scene.director, "/projekt/?lage=rott")
    assert scene.case.number in red
    assert other.case.number not in red
    assert "Avviker" in red
    assert other.case.number not in _page(scene.applicant, "/projekt/")


def shown(person: User, phase: str = "") -> set[Case]:
    """The projects on the person's page."""
    return {it.case for it in projects(person, phase)}


def test_a_project_is_seen_where_its_case_is(scene: Scene) -> None:
    """Read from the projects' own table, as whoever owns it, shares it, steers it, has jäv, or sees the whole city."""
    boards = [factories.namnd(), factories.namnd()]
    person, both = factories.user(Role.MANAGER, boards[0]), factories.user(Role.APPLICANT, boards[1])
    factories.hold(both, Role.RESPONDENT, boards[0])
    made = [factories.case(Step.IMPLEMENTATION, owner=boards[nth % 2]) for nth in range(6)]
    factories.partner(made[1], boards[0])
    factories.hold(person, Role.STEERING, made[3])
    Jav.objects.create(case=made[2], user=person, event=made[2].events.latest("no"))

    for who in (person, both, scene.director, scene.applicant, factories.user()):
        assert shown(who) == set(Case.objects.visible_to(who).filter(step__in=RUNS))
    assert shown(person) == {made[0], made[1], made[3], made[4]}


def _kept(case: Case) -> tuple[Any, ...]:
    kept = Health.objects.get(case=case)
    return kept.worst, kept.granted, kept.paid


def _as_rows_say(case: Case) -> tuple[Any, ...]:
    """Worst light, granted and paid, from the reports and the entries themselves."""
    sums = dict.fromkeys(("granted", "reduced", "paid"), Decimal(0))
    for entry in case.entries.filter(kind__in=sums):
        sums[entry.kind] += entry.signed
    newest = Report.objects.filter(case=case, returned=None).first()
    lights = ["green", "yellow", "red"]
    worst = max(lights.index(light) for _what, light, _word in newest.lights) if newest else -1
    return worst, sums["granted"] - sums["reduced"], sums["paid"]


def test_how_a_project_goes_is_what_its_reports_and_entries_say(scene: Scene) -> None:
    """Through a grant, a report that is returned, a corrected one, a payment, and the end of its phase."""
    assert _kept(scene.case) == _as_rows_say(scene.case) == (-1, 8_000_000, 0)
    report = tell(scene, **RED, measure_on=date(2027, 6, 1))
    assert _kept(scene.case) == _as_rows_say(scene.case) == (2, 8_000_000, 0)
    actions.return_report(scene.case, fresh(appoint(scene)), AT, report=report, reason="Prognosen saknas.")
    assert _kept(scene.case) == _as_rows_say(scene.case) == (-1, 8_000_000, 0)
    pay(scene, ask(scene, 500_000))
    assert _kept(scene.case) == _as_rows_say(scene.case) == (-1, 8_000_000, 500_000)


def test_a_project_is_listed_while_it_runs(scene: Scene) -> None:
    evaluated, written = factories.case(Step.EVALUATION), factories.case(Step.APPLICATION)
    assert shown(scene.director) == {scene.case, evaluated}
    assert shown(scene.director, "utvarderas") == {evaluated}

    actions.discontinue(scene.case, scene.director, AT, reason=REASONS)

    assert shown(scene.director) == {evaluated}
    assert written.step == Step.APPLICATION


def test_whoever_follows_the_fund_sees_the_projects_at_a_glance(scene: Scene) -> None:
    tell(scene, **RED, measure_on=date(2027, 6, 1))

    assert "1 med något rött" in _page(scene.director, "/")
    assert "Projekt pågår" not in _page(scene.applicant, "/")


@pytest.mark.parametrize("sort", list(SORTS))
def test_every_order_of_the_projects_is_read_from_an_index(sort: str) -> None:
    rows = queue.from_place(Health.objects.filter(step__in=RUNS), SORTS[sort], "")[:SIZE]

    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort"):
            cursor.execute(f"set local enable_{way} = off")

    assert "Sort" not in rows.explain()


@pytest.mark.parametrize("sort", ["lage", "-projekt", "beviljat", "-betalt"])
def test_the_portfolio_is_paged_without_losing_or_repeating_a_project(scene: Scene, sort: str) -> None:
    cases = [scene.case, *(factories.case(Step.IMPLEMENTATION, owner=scene.owner) for _more in range(SIZE + 3))]
    client, seen, address = Client(), list[str](), f"/projekt/?sort={sort}"
    client.force_login(scene.director)

    while address:
        answer = client.get(address)
        seen += [it.case.number for it in answer.context["rows"]]
        address = f"/projekt/{answer.context['next']}" if answer.context["next"] else ""

    assert sorted(seen) == sorted(case.number for case in cases)


@pytest.mark.parametrize("typed", ["efter=~", "efter=x~1", "efter=NaN~1", "efter=1~%00", "sort=x&fas=y&lage=z"])
def test_the_portfolio_understands_what_it_can(scene: Scene, typed: str) -> None:
    assert scene.case.number in _page(scene.director, f"/projekt/?{typed}")


# Nivå


@given(
    amount=st.integers(0, 10**8),
    more=st.integers(0, 10**8),
    risk=st.integers(0, 16),
    worse=st.integers(0, 16),
    knowledge=st.sampled_from(["evidens", "beprovad", "ny", ""]),
)
def test_a_level_never_falls_when_amount_or_risk_rises(
    amount: int, more: int, risk: int, worse: int, knowledge: str
) -> None:
    order = list(levels.Level)
    now = levels.judge(Decimal(amount), risk, knowledge)
    then = levels.judge(Decimal(amount + more), min(risk + worse, 16), knowledge)

    assert order.index(now.level) <= order.index(then.level)
    assert order.index(now.level) <= order.index(levels.judge(Decimal(amount), risk, "ny").level)
    assert sum(now.points) == sum(int(points.split()[0]) for _what, points in now.lines)


@pytest.mark.parametrize(
    ("amount", "risk", "knowledge", "level"),
    [
        (1_999_999, 5, "evidens", "basic"),
        (2_000_000, 6, "evidens", "extended"),
        (10_000_000, 12, "evidens", "effect"),
        (500_000, 1, "ny", "extended"),
    ],
)
def test_the_rule_of_the_level(amount: int, risk: int, knowledge: str, level: str) -> None:
    assert levels.judge(Decimal(amount), risk, knowledge).level == level
    assert "effektutvärdering" in levels.rule()


def test_the_portfolio_asks_as_many_questions_for_many_projects_as_for_one(scene: Scene) -> None:
    tell(scene)
    client = Client()
    client.force_login(scene.director)
    client.get("/projekt/")  # what is remembered between requests is asked for once
    with CaptureQueriesContext(connection) as for_one:
        client.get("/projekt/")
    for _more in range(4):
        tell(running())
    with CaptureQueriesContext(connection) as for_many:
        client.get("/projekt/")

    assert len(for_many) == len(for_one)
