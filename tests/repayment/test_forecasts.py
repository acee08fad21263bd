"""What the boards expect in T1 and T2: told beside the plan, reminded of, and never a change of it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fundportal import reminders
from fundportal.models import Letter
from fundportal.process import Role
from repayment import actions
from repayment.models import Forecast, standing
from repayment.needs import a_bokslut_is_coming, awaited, forecasts
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import Scene, day, refused, tkr

pytestmark = pytest.mark.django_db


@pytest.fixture
def it() -> Scene:
    """C1 with its plan decided."""
    decided = scene.c1()
    decided.decide(2000, 3000, 3500, 3100)
    return decided


def tell(it: Scene, amount: int, *, period: str = "T1", month: int = 4, by: object = None, comment: str = "") -> None:
    given = {"row": it.row(2020), "period": period, "amount": tkr(amount), "comment": comment}
    actions.forecast_repayment(it.case, by or it.controller, day(2020, month, 20), **given)


def test_a_forecast_stands_beside_the_plan_and_changes_nothing(it: Scene) -> None:
    tell(it, 2000)
    tell(it, 1800, period="T2", month=8, comment="Ett team är försenat.")
    tell(it, 1700, period="T2", month=9, comment="Två team är försenade.")

    now = standing(it.case)
    first, second = now.lines[0].forecasts
    assert first is not None
    assert second is not None
    assert (first.amount, second.amount, now.lines[0].planned) == (tkr(2000), tkr(1700), tkr(2000))
    assert Forecast.objects.count() == 3


def test_a_new_version_keeps_what_was_told(it: Scene) -> None:
    tell(it, 2000)

    actions.adjust_plan(it.case, it.director, day(2020, 5), rows=it.rows(1000, 10_600), reason="Ny takt.")

    assert standing(it.case).lines[0].forecasts[0] is not None


def test_a_forecast_off_the_plan_says_why_and_t2_waits_for_may(it: Scene) -> None:
    assert "Skriv varför" in refused(lambda: tell(it, 1500))[0]
    assert "från den 1 maj" in refused(lambda: tell(it, 2000, period="T2"))[0]
    assert a_bokslut_is_coming(it.case, day(2019, 12, 20)) is not None


def test_a_board_tells_of_itself(it: Scene) -> None:
    other = factories.namnd()
    factories.partner(it.case, other)
    stranger, hers = factories.user(Role.APPLICANT, other), factories.user(Role.APPLICANT, it.board)

    assert "egna uppgifter" in refused(lambda: tell(it, 2000, by=stranger))[0]
    tell(it, 2000, by=hers)
    assert standing(it.case).lines[0].forecasts[0] is not None


def test_forecasts_are_reminded_of_until_they_are_told(it: Scene) -> None:
    hers = factories.user(Role.APPLICANT, it.board)

    assert [awaited(it.case, date(2020, 4, number)) != [] for number in (22, 23)] == [False, True]
    reminders.remind(date(2020, 4, 30))
    reminders.remind(date(2020, 4, 30))
    tell(it, 2000)
    it.case.__dict__.pop("_standing", None)
    assert awaited(it.case, date(2020, 5, 1)) == []
    assert len(awaited(it.case, date(2020, 8, 24))) == 1
    assert Letter.objects.filter(user=hers, key__contains="/prognos/2020/T1/").count() == 1


def test_many_forecasts_are_reminded_of_in_as_many_questions_as_one(it: Scene) -> None:
    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as questions:
            duties = [list(due.users) for due in forecasts(date(2020, 4, 30))]
        assert all(duties)
        return len(questions), len(duties)

    hers = factories.user(Role.APPLICANT, it.board)
    questions, _one = asked()
    for _more in range(4):
        other = scene.c1()
        other.decide(2000, 3000, 3500, 3100)

    assert asked() == (questions, 5)
    assert next(list(due.users) for due in forecasts(date(2020, 4, 30)) if due.case == it.case) == [hers]
