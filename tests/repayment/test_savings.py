"""The first plan made from the evaluation, and two versions side by side."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from fundportal.formatting import kronor
from fundportal.models import ExportLog, Namnd
from fundportal.process import Role
from repayment.models import standing
from repayment.models.savings import Counted, why_not
from repayment.models.versions import difference
from repayment.sums import by_years, on_the_last, proportional
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import day, tkr

AMOUNTS = st.lists(st.integers(0, 5_000_000).map(Decimal), min_size=1, max_size=5)


class Saving:
    """A row of an evaluation, as the phase reads it."""

    def __init__(self, namnd: Namnd, established: int, year: int = 2019) -> None:
        """A thousand kronor at a time."""
        self.namnd, self.year, self.established = namnd, year, tkr(established)


def test_c1_is_repaid_at_the_level_of_its_saving_and_the_last_year_takes_the_rest() -> None:
    plan = by_years(tkr(11_600), {2019: [tkr(3200)]}, 2020, 10)

    assert plan == {2020: [tkr(3200)], 2021: [tkr(3200)], 2022: [tkr(3200)], 2023: [tkr(2000)]}
    assert [row["amount"] for row in Counted([(1, "family")], {}, []).rows(plan)] == [row[0] for row in plan.values()]


def test_each_year_has_its_own_level_and_the_last_known_goes_on() -> None:
    levels = {2020: [tkr(100), tkr(0)], 2021: [tkr(300), tkr(101)]}

    plan = by_years(Decimal(1_000_001), levels, 2020, 10)

    assert plan == {
        2020: [tkr(100), tkr(0)],
        2021: [tkr(300), tkr(101)],
        2022: [tkr(300), tkr(101)],
        2023: [Decimal(73_317), Decimal(24_684)],
    }


@given(st.integers(1, 30_000_000).map(Decimal), st.dictionaries(st.integers(2018, 2026), AMOUNTS, max_size=3))
def test_a_plan_from_savings_never_exceeds_what_is_to_be_repaid(
    total: Decimal, levels: dict[int, list[Decimal]]
) -> None:
    width = min((len(level) for level in levels.values()), default=1)
    plan = by_years(total, {year: level[:width] for year, level in levels.items()}, 2020, 10)

    whole = sum((amount for amounts in plan.values() for amount in amounts), Decimal(0))
    assert whole <= total
    assert (
        len(plan) == 10 or whole == total or not any(any(level[:width]) for level in levels.values()) or len(plan) < 10
    )
    assert all(amount >= 0 and amount % 1 == 0 for amounts in plan.values() for amount in amounts)


@given(st.integers(0, 20_000_000).map(Decimal), AMOUNTS)
def test_what_remains_is_spread_to_the_krona(total: Decimal, amounts: list[Decimal]) -> None:
    for spread in (proportional(total, amounts), on_the_last(total, amounts)):
        assert sum(spread, Decimal(0)) == total
        assert min(spread) >= 0


@pytest.mark.django_db
def test_only_savings_of_the_citys_own_boards_that_are_there_count() -> None:
    heir = factories.namnd("Nya nämnden")
    ended = factories.namnd(active_to=date(2019, 12, 31), successor=heir)

    assert why_not(Saving(factories.namnd(), 1), 2020) == ""
    assert "Hör inte till staden" in why_not(Saving(factories.namnd(kind="ovrig"), 1), 2020)
    assert "Ingen konstaterad" in why_not(Saving(factories.namnd(), 0), 2020)
    assert "gått till Nya nämnden" in why_not(Saving(ended, 1), 2020)


def second_version() -> Any:
    it = scene.c1()
    it.decide(2000, 3000, 3500, 3100)
    it.reconcile(2020, 2000)
    it.reconcile(2021, 2400, cause="delay", reason="Sen start.")
    it.adjust(3200, 3200, 800, first=2022, at=day(2022, 4))
    return it


@pytest.mark.django_db
def test_two_versions_row_by_row() -> None:
    now = standing(second_version().case)

    it = difference(now, now.decided[1], now.decided[0])

    assert [(change.row.year, change.difference / 1000, change.words) for change in it.changes] == [
        (2020, -2000, f"Avstämd, {kronor(tkr(2000))} återfört"),
        (2021, -3000, f"Avstämd, {kronor(tkr(2400))} återfört"),
        (2022, -300, "Ändrad"),
        (2023, 100, "Ändrad"),
        (2024, 800, "Ny rad"),
    ]
    assert (it.before, it.after, it.difference, it.repaid) == (tkr(11_600), tkr(7200), tkr(-4400), tkr(4400))


@pytest.mark.django_db
def test_the_versions_have_a_page_and_files_that_are_logged() -> None:
    it, client = second_version(), Client()
    client.force_login(factories.user(Role.AUDITOR))
    address = f"/arenden/{it.case.number}/aterforingsplan/versioner"

    page = client.get(f"{address}/?fran=1&till=2").content.decode()
    table = client.get(f"{address}.csv?fran=2&till=1").getvalue().decode("utf-8-sig").splitlines()

    assert "Ny rad" in page
    assert "Plan och utfall, ackumulerat" in page
    assert table[0].split(";")[3:5] == ["Version 1, kr", "Version 2, kr"]
    assert len(table) == 6
    assert client.get(f"{address}/?fran=9&till=x").status_code == 200
    assert client.get(f"{address}.pdf").status_code == 404
    assert ExportLog.objects.count() == 1
