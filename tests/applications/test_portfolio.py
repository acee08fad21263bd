"""A project on one page, all projects on one page, and how thorough an evaluation must be."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from applications.views.portfolio import SIZE, projects
from fundportal import levels
from fundportal.models import User
from fundportal.process import Step
from tests import factories
from tests.applications.scene import Scene, appoint, running, tell
from tests.applications.test_following import LOW, RED, fresh, indicator, lock

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

    rows = {it.pk: it for it in projects(scene.director, "pagar")}
    assert [getattr(rows[it.case.pk], "worst", None) for it in (scene, other)] == [2, 1]
    assert getattr(rows[scene.case.pk], "granted", 0) == 8_000_000
    red = _page(scene.director, "/projekt/?lage=rott")
    assert scene.case.number in red
    assert other.case.number not in red
    assert "Avviker" in red
    assert other.case.number not in _page(scene.applicant, "/projekt/")


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
