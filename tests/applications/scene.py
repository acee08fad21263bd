"""Where the tests of decision and investment begin: a city with its people, and a case to decide on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from applications import actions
from applications.models import Appeal, Report, Requisition, Route
from applications.sheets.opinion import OPINION
from fundportal.models import Case, Delegation, Namnd, User
from fundportal.process import Outcome, Role, Step
from tests import factories
from tests.factories import AT

TEXT = "Utlåtandet har en text som är lång nog för att säga något om ärendet och om hur det har beretts i staden."
REASONS = TEXT + " Kontoret bedömer att satsningen är väl underbyggd och att besparingen går att följa."
PURPOSE = "Löner för två samordnare under våren."
ROWS = [(2027, "introduce", 4_000_000), (2028, "introduce", 3_000_000), (2028, "evaluate", 1_000_000)]


@dataclass
class Scene:
    """A case and those who act in it."""

    case: Case
    owner: Namnd
    applicant: User
    officer: User
    controller: User
    director: User
    approver: User

    def row(self, year: int, use: str, amount: int, namnd: Namnd | None = None) -> dict[str, Any]:
        """A row of money as acts take it."""
        return {"year": year, "use": use, "namnd": namnd or self.owner, "amount": Decimal(amount)}


def stage(step: Step = Step.PREPARATION, *, reserved: int = 300_000_000, requested: int = 8_000_000) -> Scene:
    """A case of 8 000 tkr on a step."""
    owner = factories.namnd("Socialnämnden")
    opened = factories.round_(factories.fund(reserved))
    case = factories.case(
        step, owner=owner, round=opened, requested=Decimal(requested), first_year=2027, last_year=2028
    )
    return Scene(
        case,
        owner,
        applicant=factories.user(Role.APPLICANT, owner),
        officer=factories.user(Role.OFFICER),
        controller=factories.user(Role.CONTROLLER),
        director=factories.user(Role.DIRECTOR),
        approver=factories.user(Role.CONTROLLER),
    )


def write_opinion(
    scene: Scene,
    *,
    outcome: str = Outcome.GRANTED,
    route: str = Route.BOARD,
    rows: list[tuple[int, str, int]] | None = None,
    **answers: Any,
) -> None:
    """Fill in every part of the tjänsteutlåtande, as an officer types it."""
    typed = {
        "forslag": {"clauses": [{"text": "Socialnämnden beviljas 8 000 tkr för åren 2027–2028."}]},
        "arendet": {"abstract": TEXT, "background": TEXT, "matter": TEXT},
        "beredning": {"preparation": TEXT, "view": TEXT},
        "analyser": {"gender": TEXT, "children": "Ärendet berör barn i skolåldern."},
        "bilagor": {"attachments": [{"title": "Ansökan"}]},
        "beslut": {
            "outcome": str(outcome),
            "route": str(route),
            "board_on": "2027-05-12" if route == Route.BOARD else "",
            "rows": [
                {"year": str(year), "use": use, "namnd": str(scene.owner.pk), "amount": str(amount // 1000)}
                for year, use, amount in (ROWS if rows is None else rows)
            ],
            "reasons": REASONS,
            "jav_note": "Ingen som handlagt ärendet har anmält jäv.",
            "appeal": str(Appeal.LEGALITY),
        },
    }
    for slug, given in typed.items():
        OPINION.save(scene.case, slug, given | answers.get(slug, {}), scene.officer, AT)


def delegate(person: User, limit: int | None = None, valid_from: date = date(2027, 1, 1)) -> Delegation:
    """Give a person a delegation."""
    amount = None if limit is None else Decimal(limit)
    return Delegation.objects.create(holder=person, point="3.2", limit=amount, valid_from=valid_from)


def later(days: int) -> datetime:
    """A moment some days after the tests' beginning."""
    return AT + timedelta(days=days)


def running() -> Scene:
    """A project of 8 000 tkr: introduce 4 000 in 2027 and 3 000 in 2028, evaluate 1 000 in 2028."""
    scene = stage(Step.IMPLEMENTATION)
    for year, use, amount in ROWS:
        factories.grant(scene.case, amount, year=year, use=use, namnd=scene.owner)
    return scene


def ask(
    scene: Scene,
    amount: int,
    year: int = 2027,
    use: str = "introduce",
    by: User | None = None,
    namnd: Namnd | None = None,
) -> Requisition:
    actions.requisition(
        scene.case,
        by or scene.applicant,
        AT,
        year=year,
        use=use,
        namnd=namnd or scene.owner,
        amount=Decimal(amount),
        purpose=PURPOSE,
    )
    return Requisition.objects.filter(case=scene.case).order_by("-number")[0]


def approve(scene: Scene, asked: Requisition, amount: int | None = None, reason: str = "") -> None:
    given = None if amount is None else Decimal(amount)
    actions.approve_requisition(scene.case, scene.approver, AT, requisition=asked, amount=given, reason=reason)


def pay(scene: Scene, asked: Requisition, amount: int | None = None) -> None:
    if asked.status == Requisition.Status.AWAITING:
        approve(scene, asked)
    actions.pay(
        scene.case,
        scene.controller,
        AT,
        requisition=asked,
        amount=None if amount is None else Decimal(amount),
        voucher="V 1001",
        booked_on=AT.date(),
    )


def member(person: User, namnd: Namnd, *, chair: bool = False) -> dict[str, Any]:
    return {"user": person, "namnd": namnd, "chair": chair, "since": AT.date()}


def appoint(scene: Scene, *others: dict[str, Any]) -> User:
    chair = factories.user(Role.MANAGER, scene.owner)
    actions.appoint_steering_group(
        scene.case, scene.officer, AT, members=[member(chair, scene.owner, chair=True), *others]
    )
    return chair


def tell(scene: Scene, period: str = "T1", **other: Any) -> Report:
    given = {
        "year": 2027,
        "period": period,
        "indicators": [{"name": "Frånvaro", "value": Decimal("12.5"), "comment": ""}],
        "women": 20,
        "men": 18,
        "children": 40,
        "spend": [{"use": "introduce", "spent": Decimal(1_300_000), "forecast": Decimal(4_000_000)}],
        "time": "green",
        "economy": "green",
        "effect": "yellow",
        **other,
    }
    actions.report(scene.case, scene.applicant, AT, **given)
    return Report.objects.get(case=scene.case, year=given["year"], period=period)


def changed(scene: Scene, **amounts: int) -> list[dict[str, Any]]:
    """The whole budget with some amounts changed: `introduce_2027=…`."""
    return [scene.row(year, use, amounts.get(f"{use}_{year}", amount)) for year, use, amount in ROWS]
