"""The demo's walks, watched: after every act the money is added up again from the entries, by the city's formulas.

After every act, too, each plan that the director has decided stands as it was, to the letter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.forms import model_to_dict
from django.utils import timezone

from fundportal import funds, ledger
from fundportal.demo.cast import Cast
from fundportal.demo.load import WEIGHTS
from fundportal.demo.projects import PROJECTS
from fundportal.demo.walk_money import KEY, MoneyWalk
from fundportal.models import Account, Case, Delegation, Entry, Fund, Round, User
from repayment.models import DistributionKey, KeyWeight, Plan

RESERVED = 300_000
"""What the fund begins with, in thousands of kronor."""


@dataclass(frozen=True)
class Money:
    """R, B, U, Lo, Lu and A of the city's fund, in thousands of kronor, summed up entry by entry."""

    reserved: int
    granted: int
    paid: int
    released: int
    handed_back: int
    repaid: int

    @classmethod
    def of(cls, fund: Fund, case: Case | None = None) -> Money:
        """Read every entry of the fund, or of one case."""
        rows = Entry.objects.filter(fund=fund) if case is None else Entry.objects.filter(case=case)
        sums = dict(rows.order_by().values_list("kind").annotate(sum=Sum("amount")))
        kinds = ("reserved", "dissolved", "granted", "reduced", "paid", "released", "handed_back", "repaid")
        r, less, b, fewer, u, lo, lu, a = (sums.get(kind, Decimal(0)) / 1000 for kind in kinds)
        assert all(each == int(each) for each in (r, less, b, fewer, u, lo, lu, a))
        return cls(int(r - less), int(b - fewer), int(u), int(lo), int(lu), int(a))

    @property
    def d(self) -> int:
        """Disponibelt, R − B + Lo + Lu + A."""
        return self.reserved - self.granted + self.released + self.handed_back + self.repaid

    @property
    def s(self) -> int:
        """Bokfört saldo, R − U + Lu + A."""
        return self.reserved - self.paid + self.handed_back + self.repaid

    @property
    def k(self) -> int:
        """Intecknat, B − Lo − U."""
        return self.granted - self.released - self.paid


class Watched(MoneyWalk):
    """A walk whose every act is followed by a recount. `trail` keeps D, S and K after each."""

    def __init__(self, *given: Any) -> None:
        """As a walk."""
        super().__init__(*given)
        self.trail: list[tuple[str, int, int, int]] = []
        self.decided: dict[int, list[dict[str, Any]]] = {}

    def do(self, act: Callable[..., Any], by: User, **given: Any) -> None:
        """Do it, and recount."""
        before = self.case.events.count()
        super().do(act, by, **given)
        assert self.case.events.count() == before + 1, f"{act.__name__} lämnade inte en händelse"
        fund = Money.of(self.case.fund)
        holds(self.case)
        self.trail.append((act.__name__, fund.d, fund.s, fund.k))
        plans = {plan.version: _as_stored(plan) for plan in Plan.objects.filter(case=self.case, status="decided")}
        assert plans.items() >= self.decided.items(), f"{act.__name__} ändrade en beslutad plan"
        self.decided = plans

    def money(self, *acts: str) -> list[tuple[int, int, int]]:
        """D, S and K after each of the named acts, in order."""
        return [(d, s, k) for act, d, s, k in self.trail if act in acts]


def _as_stored(plan: Plan) -> list[dict[str, Any]]:
    return [model_to_dict(it) for it in (Plan.objects.get(pk=plan.pk), *plan.rows.order_by("pk"))]


def holds(case: Case) -> None:
    """The fund's formulas hold, for the fund and for the case, and everyone who counts gets the same."""
    whole, part = Money.of(case.fund), Money.of(case.fund, case)
    assert whole.s == whole.d + whole.k
    assert min(whole.d, whole.k, part.k) >= 0
    told = ledger.position(case.fund)
    assert (told.available, told.booked, told.earmarked) == tuple(1000 * it for it in (whole.d, whole.s, whole.k))
    assert ledger.balance(case.fund, Account.FUND) == 1000 * whole.d
    assert ledger.balance(case.fund, Account.GRANTED, case) == 1000 * part.k


class Town:
    """The demo's people, a fund of 300 mnkr and one round that is always open."""

    def __init__(self) -> None:
        """Make them."""
        self.cast = Cast.make()
        self.fund = Fund.objects.create(name="Sociala investeringsfonden")
        begun = datetime(2015, 6, 15, 8, 0, tzinfo=UTC)
        controller = self.cast.one("controller")
        amount = Decimal(RESERVED) * 1000
        funds.reserve(self.fund, controller, begun, amount=amount, bokslut_year=2014, decision="KF 2015-06-15 § 8")
        self.round = Round.objects.create(
            fund=self.fund, name="Omgång 1", opens_on=date(2016, 1, 1), closes_on=date(2030, 12, 31)
        )
        Delegation.objects.create(
            holder=self.cast.one("director"), point="3.2", limit=Decimal(2_000_000), valid_from=date(2016, 1, 1)
        )
        key = DistributionKey.objects.create(
            name=KEY, dated=date(2024, 1, 1), source="Påhittad", added_by=controller, added_at=begun
        )
        for code, weight in WEIGHTS.items():
            KeyWeight.objects.create(key=key, namnd=self.cast.boards[code], weight=Decimal(weight))

    def walk(self, variant: str = "C1", *, begins: date | None = None, **changes: Any) -> Watched:
        """A case about to be begun: one of the worked cases, or one like it with `changes` of the project."""
        project = next(each for each in PROJECTS if each.variant == variant)
        day = begins or date(project.start - 1, 2, 22)
        at = timezone.make_aware(datetime.combine(day, time(9, 5)))
        return Watched(replace(project, **changes), self.cast, self.round, at)
