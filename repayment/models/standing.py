"""Where a case's repayment stands, read from its plans, exemptions, reconciliations and the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from fundportal import funds, ledger
from fundportal.formatting import day
from fundportal.models import Case, ChainHead, Fund, FundRules
from repayment.models.plan import ENDING, Exemption, Extent, Forecast, Plan, PlanRow, Reconciliation

ZERO = Decimal(0)


def amount_to_repay(rules: FundRules, net_granted: Decimal) -> Decimal:
    """What the fund's rule makes of the net amount that the project has cost it, in whole kronor."""
    percent = {
        Fund.RepaymentModel.FULL.value: Decimal(100),
        Fund.RepaymentModel.SHARE.value: rules.repayment_share,
        Fund.RepaymentModel.NONE.value: ZERO,
    }[rules.repayment_model]
    return (net_granted * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)


@dataclass(frozen=True)
class Line:
    """A line of the table that is shown everywhere: planned + changed = repaid + exempted + remaining."""

    planned: Decimal
    changed: Decimal = ZERO
    repaid: Decimal = ZERO
    exempted: Decimal = ZERO
    row: PlanRow | None = None
    version: int = 0
    outcome: Reconciliation | None = None
    text: str = ""
    revoked: bool = False
    forecasts: tuple[Forecast | None, Forecast | None] = (None, None)

    @property
    def remaining(self) -> Decimal:
        """What of the line is still to be repaid; below zero when more came than was planned."""
        return self.planned + self.changed - self.repaid - self.exempted

    @property
    def state(self) -> str:
        """The line in a word."""
        if self.exempted and not self.repaid:
            return _("Upphävd") if self.revoked else _("Undantagen")
        if self.row and not self.outcome:
            return _("Planerad") if self.row.namnd_exists else _("Väntar på ny nämnd")
        if self.outcome and self.repaid == self.planned:
            return _("Återförd")
        return _("Ändrad") if self.changed else _("Avviker")

    @property
    def color(self) -> str:
        """The word's colour, which never stands alone."""
        if self.exempted and not self.repaid:
            return "neutral"
        if self.row and not self.outcome:
            return "neutral" if self.row.namnd_exists else "danger"
        return "success" if self.outcome and self.repaid == self.planned else "warning"


class Standing:
    """All of a case's repayment, in a constant number of questions to the database."""

    def __init__(self, case: Case) -> None:
        """Read everything once."""
        self.case = case
        rows = PlanRow.objects.select_related("namnd__successor").prefetch_related("reconciliations__event")
        self.plans = list(
            Plan.objects.filter(case=case).select_related("event", "decision").prefetch_related(Prefetch("rows", rows))
        )
        self.exemptions = list(Exemption.objects.filter(case=case).select_related("event"))
        self.forecasts = list(Forecast.objects.filter(case=case).select_related("namnd", "event"))
        self.position = ledger.position(case.fund, case)

    @cached_property
    def decided(self) -> list[Plan]:
        """The decided versions, oldest first."""
        return sorted(
            (plan for plan in self.plans if plan.status == Plan.Status.DECIDED), key=lambda plan: plan.version
        )

    @property
    def current(self) -> Plan | None:
        """The version that holds."""
        return self.decided[-1] if self.decided else None

    @property
    def proposal(self) -> Plan | None:
        """The newest proposal that the director has yet to decide: of the first plan, or of what remains since then."""
        newest = self.plans[-1] if self.plans else None
        if newest is None or newest.status != Plan.Status.PROPOSED:
            return None
        if self.current and (self.exempted_rest or newest.planned != self.remaining or self._overtaken(newest)):
            return None
        return newest

    def _overtaken(self, proposal: Plan) -> bool:
        """Whether a bokslut that the proposal holds a row for has been reconciled since."""
        done = {key_of(line.row) for line in self.lines if line.row and line.outcome}
        return any(key_of(row) in done for row in proposal.rows.all())

    @property
    def to_repay(self) -> Decimal:
        """The amount to repay: as decided, or what the fund's rule says before that."""
        return (
            self.current.to_repay
            if self.current
            else amount_to_repay(funds.rules_of(self.case), self.position.net_granted)
        )

    @property
    def repaid(self) -> Decimal:
        """What has come back to the fund, by the ledger."""
        return self.position.repaid

    @property
    def exempted(self) -> Decimal:
        """What need not come back."""
        return sum((exemption.amount for exemption in self.exemptions), ZERO)

    @property
    def remaining(self) -> Decimal:
        """What is still to be repaid."""
        return self.to_repay - self.repaid - self.exempted

    @cached_property
    def open_rows(self) -> list[PlanRow]:
        """Rows of the current plan whose bokslut has not been reconciled."""
        if self.current is None or self.exempted_rest is not None:
            return []
        return [row for row in self.current.rows.all() if outcome(row) is None]

    @property
    def orphans(self) -> list[PlanRow]:
        """Open rows whose board does not exist at their bokslut: they wait for a decision to hand them over."""
        return [row for row in self.open_rows if not row.namnd_exists]

    @property
    def unplanned(self) -> Decimal:
        """What remains without standing on any open row: a deviation that calls for a changed plan."""
        return self.remaining - self.open_sum

    @property
    def open_sum(self) -> Decimal:
        """What the open rows hold."""
        return sum((row.amount for row in self.open_rows), ZERO)

    @cached_property
    def exempted_rest(self) -> Exemption | None:
        """The exemption of all that remained, if there is one."""
        return next((exemption for exemption in self.exemptions if exemption.extent in ENDING), None)

    @property
    def revocation(self) -> Exemption | None:
        """The decision by which the plan was revoked, if it was."""
        rest = self.exempted_rest
        return rest if rest and rest.extent == Extent.REVOKED else None

    @cached_property
    def reportable(self) -> list[PlanRow]:
        """Rows of a revoked plan whose saving has not been reported: nothing is repaid, but what was saved is told."""
        if self.current is None or self.revocation is None:
            return []
        return [row for row in self.current.rows.all() if outcome(row) is None]

    @cached_property
    def newest_forecasts(self) -> dict[tuple[int, int, str, str], Forecast]:
        """The forecast that counts, by year, board, area and period."""
        return {(it.year, it.namnd_id, it.area, it.period): it for it in self.forecasts}

    def forecasts_for(self, row: PlanRow) -> tuple[Forecast | None, Forecast | None]:
        """What was expected of a row in T1 and in T2."""
        known = self.newest_forecasts
        return known.get((*key_of(row), "T1")), known.get((*key_of(row), "T2"))

    @property
    def is_dignified(self) -> bool:
        """Whether all of it, or what was left, was exempted since no money was saved: an outcome like any other."""
        rest = self.exempted_rest
        return bool(rest and rest.extent == Extent.REST and rest.reason == "no_effect")

    @cached_property
    def lines(self) -> list[Line]:
        """The table: reconciled rows as they stood then, the open rows of today's plan, and what no row holds."""
        lines = [
            self._line(plan, row)
            for plan in self.decided
            for row in plan.rows.all()
            if plan == self.current or outcome(row)
        ]
        lines.sort(key=lambda line: (line.row.year, line.row.pk) if line.row else (0, 0))
        for exemption in self.exemptions:
            if exemption.amount and exemption.extent == Extent.WITH_PLAN:
                text = _("Undantaget när planen beslutades")
                lines.append(Line(exemption.amount, exempted=exemption.amount, text=text))
            elif exemption.extent == Extent.PART:
                text = _("Undantaget genom beslut %s") % day(exemption.event.at)
                lines.append(Line(exemption.amount, exempted=exemption.amount, text=text))
        if not self.decided and self.exempted_rest:
            rest = self.exempted_rest.amount
            lines.append(Line(rest, exempted=rest, text=_("Hela beloppet")))
        return lines

    def _line(self, plan: Plan, row: PlanRow) -> Line:
        came = outcome(row)
        repaid = came.repaid if came else ZERO
        replaced = plan != self.current
        return Line(
            row.amount,
            changed=self._known_when_replaced(row) - row.amount if replaced else ZERO,
            repaid=repaid,
            exempted=row.amount - repaid if self.exempted_rest and not replaced else ZERO,
            row=row,
            version=plan.version,
            outcome=came,
            revoked=self.revocation is not None,
            forecasts=self.forecasts_for(row),
        )

    def _known_when_replaced(self, row: PlanRow) -> Decimal:
        """What a row of an older version had given when the one that holds was decided: a later correction remains."""
        decision = self.current.decision if self.current else None
        known = [it for it in row.reconciliations.all() if decision is None or it.event.no < decision.no]
        return max(known, key=lambda it: it.pk).repaid if known else ZERO

    @property
    def total(self) -> Line:
        """The table's last line."""
        return total(self.lines)

    @property
    def over(self) -> Decimal:
        """How much more the open rows hold than what remains."""
        return -self.unplanned

    @property
    def deviations(self) -> list[Line]:
        """Lines whose bokslut gave more or less than was planned."""
        return [line for line in self.lines if line.outcome and line.outcome.cause]

    @property
    def realised_lines(self) -> list[Line]:
        """Lines whose bokslut is reconciled or whose saving is told: what was saved, whatever was repaid."""
        return [line for line in self.lines if line.outcome]

    @property
    def forecast_lines(self) -> list[Line]:
        """Lines that a forecast was told for."""
        return [line for line in self.lines if any(line.forecasts)]

    @property
    def comparable(self) -> list[Plan]:
        """The versions that can be laid side by side: the decided, and one that is proposed."""
        return [*self.decided, *([self.proposal] if self.decided and self.proposal else [])]

    @property
    def newest_first(self) -> list[Plan]:
        """The decided versions, the one that holds first."""
        return self.decided[::-1]

    @property
    def years(self) -> list[tuple[int, Decimal, Decimal]]:
        """(year, planned as the plan stands today, repaid) of every year in the table."""
        found: dict[int, tuple[Decimal, Decimal]] = {}
        for line in self.lines:
            if line.row:
                planned, repaid = found.get(line.row.year, (ZERO, ZERO))
                found[line.row.year] = (planned + line.planned, repaid + line.repaid)
        return [(year, *found[year]) for year in sorted(found)]


def key_of(row: PlanRow) -> tuple[int, int, str]:
    """What a row is about, whatever version it stands in: bokslut, board and area."""
    return row.year, row.namnd_id, row.area


def outcome(row: PlanRow) -> Reconciliation | None:
    """The row's reconciliation as it holds, after any correction, if its bokslut has been reconciled."""
    return max(row.reconciliations.all(), key=lambda it: it.pk, default=None)


def total(lines: Iterable[Line]) -> Line:
    """The sum of lines."""
    each = list(lines)
    return Line(
        sum((line.planned for line in each), ZERO),
        changed=sum((line.changed for line in each), ZERO),
        repaid=sum((line.repaid for line in each), ZERO),
        exempted=sum((line.exempted for line in each), ZERO),
    )


def standing(case: Case) -> Standing:
    """Where the case's repayment stands now."""
    return Standing(case)


def remembered(case: Case) -> Standing:
    """The same, read once for as long as nothing happens in the case: for pages, where several needs ask."""
    newest = ChainHead.objects.filter(case=case).values_list("no", flat=True).first()
    known: tuple[int | None, Standing] | None = case.__dict__.get("_standing")
    if known is None or known[0] != newest:
        known = (newest, Standing(case))
        case.__dict__["_standing"] = known
    return known[1]
