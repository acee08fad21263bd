"""Any sequence of boksluts, versions, exemptions, hand-overs and revocations: every krona is accounted for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fundportal import ledger
from fundportal.errors import Refused
from fundportal.process import Role, Step
from repayment import actions
from repayment.models import PlanRow, standing
from repayment.models.plan import Spread
from tests import factories
from tests.repayment import scene
from tests.repayment.scene import Scene, all_promises, tkr

TKR = st.integers(0, 6000)
WHICH = st.integers(0, 5)
HOWS = st.sampled_from([*Spread, ""])


class Repaid(RuleBasedStateMachine):
    """C1's repayment in the hands of people who do anything the portal lets them do, on any day."""

    @initialize()
    def begin(self) -> None:
        """A decided plan over three boksluts, of two boards."""
        self.it: Scene = scene.c1()
        self.heirs = [factories.namnd(), factories.namnd()]
        self.other = factories.user(Role.CONTROLLER)
        self.at = scene.PLANNED
        self.it.propose(rows=[*self.it.rows(4000, 3000), *self.it.rows(4600, first=2021, board=self.heirs[0])])
        actions.decide_plan(self.it.case, self.it.director, self.at)
        self.versions: dict[int, list[tuple[object, ...]]] = {}

    def do(self, act: Callable[[], object]) -> None:
        """Do it or be refused in words; a refusal changes nothing."""
        before = self.told()
        try:
            with transaction.atomic():
                act()
                all_promises()
        except Refused:
            assert self.told() == before

    def told(self) -> tuple[Decimal, ...]:
        """Where the repayment stands."""
        now = standing(self.it.case)
        return now.to_repay, now.repaid, now.exempted, now.remaining, Decimal(len(now.decided))

    def row(self, which: int) -> PlanRow | None:
        """One of the open rows."""
        rows = standing(self.it.case).open_rows
        return rows[which % len(rows)] if rows else None

    def runs(self) -> bool:
        """Whether the case still stands where it is repaid."""
        return self.it.case.step == Step.REPAYMENT

    @rule(days=st.sampled_from([0, 1, 74, 291, 366]))
    def time_passes(self, days: int) -> None:
        """Over year ends and the leap day of 2020; nothing at all between two boksluts of one day."""
        self.at += timedelta(days=days)

    @precondition(runs)
    @rule(which=WHICH, amount=TKR, how=HOWS)
    def reconcile(self, which: int, amount: int, how: str) -> None:
        """A bokslut, in whatever order they come, with or without a proposal of the next version."""
        if row := self.row(which):
            given = {"realised": tkr(amount), "surplus": tkr(amount), "repaid": tkr(amount), "voucher": "V 1"}
            why = {"cause": "volume", "reason": "Utfallet blev ett annat."}
            rows = self.it.rows(amount, first=2030) if how == Spread.OWN else []
            act = actions.reconcile_year
            self.do(
                lambda: act(self.it.case, self.it.controller, self.at, row=row, spread=how, rows=rows, **given, **why)
            )

    @precondition(runs)
    @rule(which=WHICH, amount=TKR)
    def correct(self, which: int, amount: int) -> None:
        """A bokslut, of whatever version, is put right by another controller."""
        held = [line.outcome for line in standing(self.it.case).realised_lines]
        if held:
            given = {"realised": tkr(amount), "surplus": tkr(amount), "repaid": tkr(amount), "voucher": "V 2"}
            why = {"cause": "volume", "reason": "Utfallet blev ett annat.", "correction": "Fel belopp bokfördes."}
            wrong, act = held[which % len(held)], actions.correct_reconciliation
            self.do(lambda: act(self.it.case, self.other, self.at, reconciliation=wrong, **given, **why))

    @precondition(runs)
    @rule(share=st.integers(0, 100))
    def plan_anew(self, share: int) -> None:
        """The director plans what remains, as proposed if there is a proposal."""
        now = standing(self.it.case)
        part = int(now.remaining) * share // 100
        year = max(
            [timezone.localdate(self.at).year, *(line.row.year + 1 for line in now.lines if line.outcome and line.row)]
        )
        rows = [
            actions.plan.Row(year=year + number, namnd=self.it.board, area="family", amount=Decimal(amount))
            for number, amount in enumerate((part, int(now.remaining) - part))
        ]
        if now.proposal:
            rows = actions.plan.given(list(now.proposal.rows.all()))
        self.do(lambda: actions.adjust_plan(self.it.case, self.it.director, self.at, rows=rows, reason="Ny takt."))

    @precondition(runs)
    @rule(which=WHICH, amount=TKR, loose=st.booleans())
    def exempt_part(self, which: int, amount: int, loose: bool) -> None:
        """A part is exempted, of a row or of what has none."""
        now = standing(self.it.case)
        given = {"row": None, "amount": now.unplanned} if loose else {"row": self.row(which), "amount": tkr(amount)}
        act = actions.exempt_part
        self.do(lambda: act(self.it.case, self.it.director, self.at, reason="other", text=scene.TEXT, **given))

    @precondition(runs)
    @rule(which=WHICH)
    def reorganise(self, which: int) -> None:
        """A board ends at once, and its rows are handed over."""
        row = self.row(which)
        if row is None or row.namnd in self.heirs[-1:]:
            return
        heir = self.heirs[-1]
        row.namnd.active_to, row.namnd.successor = timezone.localdate(self.at), heir
        row.namnd.save()
        act = actions.hand_over
        given = {"from_namnd": row.namnd, "to_namnd": heir, "reason": "KF § 4"}
        self.do(lambda: act(self.it.case, self.it.director, self.at, **given))

    @precondition(lambda self: self.runs() and len(standing(self.it.case).decided) > 2)
    @rule(revoked=st.booleans())
    def release(self, revoked: bool) -> None:
        """The plan is revoked, or all that remains is exempted."""
        case, director = self.it.case, self.it.director
        if revoked:
            self.do(lambda: actions.revoke_plan(case, director, self.at, responsible="Annan nämnd", text=scene.TEXT))
        else:
            self.do(lambda: actions.exempt(case, director, self.at, reason="no_effect", text=scene.TEXT))

    @precondition(runs)
    @rule(amount=TKR)
    def report_saving(self, amount: int) -> None:
        """What a revoked plan's boards saved is told, and nothing is booked."""
        if rows := standing(self.it.case).reportable:
            act, given = (
                actions.report_saving,
                {"realised": tkr(amount), "surplus": tkr(amount), "text": "Enligt bokslut."},
            )
            self.do(lambda: act(self.it.case, self.it.controller, self.at, row=rows[0], **given))

    @invariant()
    def every_krona_is_repaid_exempted_or_remains(self) -> None:
        """To repay = repaid + exempted + remaining, in whole, in every version and in the table."""
        now = standing(self.it.case)
        assert now.to_repay == now.repaid + now.exempted + now.remaining == tkr(11_600)
        assert now.remaining >= 0
        for plan in [*now.decided, *([now.proposal] if now.proposal else [])]:
            assert plan.to_repay == plan.repaid_before + plan.exempted_before + plan.planned
        line = now.total
        assert line.planned + line.changed == line.repaid + line.exempted + line.remaining
        assert (line.repaid, line.exempted) == (now.repaid, now.exempted)
        assert line.remaining == now.remaining

    @invariant()
    def what_was_decided_stands(self) -> None:
        """No version is touched by what comes after."""
        for plan in standing(self.it.case).decided:
            rows = [(row.year, row.namnd_id, row.area, row.amount) for row in plan.rows.all()]
            assert self.versions.setdefault(plan.version, rows) == rows

    @invariant()
    def the_ledger_has_what_was_decided(self) -> None:
        """What came back is in the fund, and the fund adds up."""
        whole = ledger.position(self.it.case.fund)
        assert whole.booked == whole.available + whole.earmarked
        told = standing(self.it.case)
        assert sum((line.repaid for line in told.lines), Decimal(0)) == told.repaid


class Rolled(Repaid):
    """Each run in a transaction of its own, which is undone."""

    def __init__(self) -> None:
        """Open it."""
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        """Undo all of it."""
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)


@pytest.mark.django_db
def test_every_krona_is_accounted_for_whatever_happens() -> None:
    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=8, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_no_race_repays_more_than_remains_or_decides_a_version_twice(fresh_db: str) -> None:
    it = scene.c1()
    it.decide(4000, 4000, 3600)
    rows = list(standing(it.case).open_rows)
    others = [factories.user(Role.DIRECTOR) for _person in range(2)]
    at = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)

    def acts(number: int) -> list[Callable[[], object]]:
        row, director = rows[number % 3], others[number % 2]
        amount = {"realised": row.amount, "surplus": row.amount, "repaid": row.amount, "voucher": f"V {number}"}
        anew = it.rows(11_600, first=2023)
        return [
            lambda: actions.reconcile_year(it.case, it.controller, at, row=row, **amount),
            lambda: actions.adjust_plan(it.case, director, at, rows=anew, reason="Ny takt."),
            lambda: actions.revoke_plan(it.case, director, at, responsible="Annan", text=scene.TEXT),
        ]

    def in_the_same_database(number: int) -> None:
        connection.settings_dict["NAME"] = fresh_db
        try:
            for act in acts(number):
                try:
                    act()
                except Refused:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(in_the_same_database, range(6)))

    now = standing(it.case)
    assert now.to_repay == now.repaid + now.exempted + now.remaining == tkr(11_600)
    assert now.remaining == 0  # whoever came last revoked what was left
    assert [plan.version for plan in now.decided] == list(range(1, len(now.decided) + 1))
