"""The people and money that tests of repayment begin with: C1, 11 600 tkr to repay, on the step that is asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from fundportal import flow, ledger
from fundportal.areas import Area
from fundportal.errors import Refused
from fundportal.models import Case, EntryKind, Event, Fund, Namnd, User
from fundportal.process import Role, Step
from repayment import actions
from repayment.models import Adjustment, DistributionKey, KeyWeight, PlanRow, standing
from tests import factories

TEXT = (
    "Utvärderingen visar att fler unga fullföljer skolan, men att kostnaderna inte minskar i någon nämnd som kan mätas."
)
KEY = {
    "Bromma": 7,
    "Enskede-Årsta-Vantör": 12,
    "Farsta": 8,
    "Hägersten-Älvsjö": 10,
    "Hässelby-Vällingby": 11,
    "Järva": 21,
    "Kungsholmen": 5,
    "Norra innerstaden": 8,
    "Skarpnäck": 6,
    "Skärholmen": 7,
    "Södermalm": 5,
}


def tkr(amount: int) -> Decimal:
    """Thousands of kronor, in kronor."""
    return Decimal(amount * 1000)


def day(year: int, month: int = 3, number: int = 1) -> datetime:
    """Nine in the morning of a day."""
    return datetime(year, month, number, 9, 0, tzinfo=UTC)


@transaction.atomic
def book(case: Case, kind: EntryKind, amount: Decimal, year: int) -> None:
    """Move money in a case by an event of its own."""
    event = Event(case=case, action="pengar_av_test", by_name="Fabriken", at=day(year), from_step=case.step)
    flow.record(event, data={}, to_step=case.step, tell=False)
    ledger.post(event, kind, amount, year=year)


PLANNED = day(2019, 12, 16)
"""When C1's plan is proposed and decided: the year before its first bokslut."""


def all_promises() -> None:
    """Let the database check now what it otherwise checks at commit."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def refused(act: Callable[[], object]) -> list[str]:
    """Why an act is refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.reasons


@dataclass
class Scene:
    """A case with its people."""

    case: Case
    board: Namnd
    controller: User = field(default_factory=lambda: factories.user(Role.CONTROLLER))
    director: User = field(default_factory=lambda: factories.user(Role.DIRECTOR))
    officer: User = field(default_factory=lambda: factories.user(Role.OFFICER))

    def rows(self, *amounts: int, first: int = 2020, board: Namnd | None = None) -> list[actions.plan.Row]:
        """Rows of a plan, in tkr, one a year."""
        return [
            actions.plan.Row(year=first + number, namnd=board or self.board, area=Area.FAMILY, amount=tkr(amount))
            for number, amount in enumerate(amounts)
        ]

    def propose(self, *amounts: int, at: datetime | None = None, **given: object) -> Event:
        """The controller proposes a plan."""
        given = {"rows": self.rows(*amounts), "grounds": "Utvärderingen visar lägre vårdkostnader.", **given}
        return actions.propose_plan(self.case, self.controller, at or PLANNED, **given)

    def decide(self, *amounts: int, at: datetime | None = None) -> None:
        """A plan is proposed and decided."""
        self.propose(*amounts, at=at)
        actions.decide_plan(self.case, self.director, at or PLANNED)

    def row(self, year: int, board: Namnd | None = None) -> PlanRow:
        """An open row of the plan."""
        rows = standing(self.case).open_rows
        return next(row for row in rows if row.year == year and (board is None or row.namnd_id == board.pk))

    def reconcile(self, year: int, repaid: int, *, at: datetime | None = None, **given: object) -> Event:
        """A bokslut is reconciled, in tkr; the surplus is what is repaid unless said otherwise."""
        given = {
            "row": self.row(year) if "row" not in given else given["row"],
            "realised": tkr(repaid),
            "surplus": tkr(repaid),
            "repaid": tkr(repaid),
            "voucher": f"V{year}",
            **given,
        }
        return actions.reconcile_year(self.case, self.controller, at or day(year + 1), **given)

    def adjust(self, *amounts: int, first: int, at: datetime) -> Event:
        """The director plans what remains anew."""
        rows = self.rows(*amounts, first=first)
        return actions.adjust_plan(self.case, self.director, at, rows=rows, reason="Effekten kom senare än planerat.")

    def settle(self, at: datetime, **given: object) -> Event:
        """The controller settles, to a budget adjustment for the whole city unless said otherwise."""
        lesson = {
            "area": Area.FAMILY,
            "method": "Skolnära team",
            "result": "reached",
            "tried": "Skolnära team.",
            "for_whom": "Unga 13–16 år.",
            "cost": "11,6 mnkr.",
            "effect": "Åtta färre placeringar.",
        }
        given = {
            "areas": [{"area": Area.FAMILY, "cost_level": tkr(96_800), "budget": tkr(100_000)}],
            "adjusts": True,
            "adjusts_reason": "Kostnaden är varaktigt lägre.",
            "target": "city",
            "again": True,
            "again_why": "Effekten är varaktig.",
            **lesson,
            **given,
        }
        return actions.settle(self.case, self.controller, at, **given)

    def request(self, key: DistributionKey | None, at: datetime, **given: object) -> Event:
        """The officer asks for a budget adjustment of 3 200 tkr a year."""
        given = {
            "amount": tkr(3200),
            "first_year": 2025,
            "permanent": True,
            "key": key,
            "occasion": "t1",
            "finance": "reallocation",
            "opinion": "for",
            "opinion_text": "Sänkningen motsvarar den faktiska kostnaden.",
            **given,
        }
        return actions.request_adjustment(self.case, self.officer, at, **given)


def decided_rows(asked: Adjustment, **given: object) -> list[Any]:
    """What was asked for, as kommunstyrelsen decides it; `given` is changed for every board."""
    terms = ("namnd", "amount", "first_year", "permanent", "finance")
    return [{name: getattr(row, name) for name in terms} | given for row in asked.rows.select_related("namnd")]


@transaction.atomic
def evaluated(case: Case) -> None:
    """The evaluation has been handed in, as the closing asks."""
    event = Event(case=case, action="submit_evaluation", by_name="Fabriken", at=day(2019, 12), from_step=case.step)
    flow.record(event, data={}, to_step=case.step, tell=False)


def c1(step: Step = Step.REPAYMENT_PLAN, **of_fund: Any) -> Scene:
    """C1: granted 12 000, paid 11 600 in 2017–2019, 400 released."""
    fund = factories.fund(**of_fund)
    board = factories.namnd("Socialnämnden")
    case = factories.case(step, owner=board, round=factories.round_(fund), at=day(2019, 12), title="Skolnära team")
    for year, amount in ((2017, 4500), (2018, 4500), (2019, 3000)):
        book(case, EntryKind.GRANTED, tkr(amount), year)
    for year, amount in ((2017, 4500), (2018, 4500), (2019, 2600)):
        book(case, EntryKind.PAID, tkr(amount), year)
    book(case, EntryKind.RELEASED, tkr(400), 2019)
    evaluated(case)
    return Scene(case, board)


def c2() -> Scene:
    """C2: granted and paid 8 000, of which 500 was handed back."""
    board = factories.namnd("Utbildningsnämnden")
    case = factories.case(Step.REPAYMENT_PLAN, owner=board, at=day(2019, 12), title="Trygghetsvärdar")
    for kind, amount in ((EntryKind.GRANTED, 8000), (EntryKind.PAID, 8000), (EntryKind.HANDED_BACK, 500)):
        book(case, kind, tkr(amount), 2019)
    evaluated(case)
    return Scene(case, board)


@transaction.atomic
def key() -> DistributionKey:
    """C1's key: the eleven district boards of today."""
    it = DistributionKey.objects.create(
        name="Barn och unga",
        dated=date(2024, 1, 1),
        source="Budget 2024",
        added_by=factories.user(Role.OFFICER),
        added_at=day(2024),
    )
    for name, weight in KEY.items():
        KeyWeight.objects.create(key=it, namnd=factories.namnd(name, kind="sdn"), weight=weight)
    return it


def share_fund(percent: int) -> dict[str, Any]:
    """A fund that asks for a share back."""
    return {"repayment_model": Fund.RepaymentModel.SHARE, "repayment_share": percent}
