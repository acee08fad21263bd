"""Where a case's repayment stands, read from its plans, exemptions, reconciliations and the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from fundportal import funds, ledger
from fundportal.models import Case, ChainHead, Fund, FundRules
from repayment.models.plan import Exemption, Plan, PlanRow, Reconciliation

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

    @property
    def remaining(self) -> Decimal:
        """What of the line is still to be repaid; below zero when more came than was planned."""
        return self.planned + self.changed - self.repaid - self.exempted

    @property
    def state(self) -> str:
        """The line in a word."""
        if self.exempted and not self.repaid:
            return _("Undantagen")
        if self.row and not self.outcome:
            return _("Planerad") if self.row.namnd_exists else _("Väntar på ny nämnd")
        if self.outcome and self.repaid == self.planned:
            return _("Återförd")
        return _("Ändrad") if self.changed else _("Avviker")

    @property
    def color(self) -> str:
        """The word's colour, which never stands alone."""
        if self.row and not self.outcome and not self.exempted:
            return "neutral" if self.row.namnd_exists else "danger"
        return "success" if self.outcome and self.repaid == self.planned else "warning"


class Standing:
    """All of a case's repayment, in a constant number of questions to the database."""

    def __init__(self, case: Case) -> None:
        """Read everything once."""
        self.case = case
        rows = PlanRow.objects.select_related("namnd__successor", "reconciliation")
        self.plans = list(
            Plan.objects.filter(case=case).select_related("event", "decision").prefetch_related(Prefetch("rows", rows))
        )
        self.exemptions = list(Exemption.objects.filter(case=case).select_related("event"))
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
        """The newest proposal, until a plan is decided."""
        return self.plans[-1] if self.plans and not self.decided else None

    @property
    def to_repay(self) -> Decimal:
        """The amount to repay: as decided, or what the fund's rule says before that."""
        return self.current.to_repay if self.current else amount_to_repay(funds.rules_of(self.case), self.position.net_granted)

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
        return next((exemption for exemption in self.exemptions if exemption.plan_id is None), None)

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
        with_plan = sum((exemption.amount for exemption in self.exemptions if exemption.plan_id), ZERO)
        if with_plan:
            lines.append(Line(with_plan, exempted=with_plan, text=_("Undantaget när planen beslutades")))
        if not self.decided and self.exempted_rest:
            rest = self.exempted_rest.amount
            lines.append(Line(rest, exempted=rest, text=_("Hela beloppet")))
        return lines

    def _line(self, plan: Plan, row: PlanRow) -> Line:
        came = outcome(row)
        repaid = came.repaid if came else ZERO
        left = row.amount - repaid
        replaced = plan != self.current
        return Line(
            row.amount,
            changed=-left if replaced else ZERO,
            repaid=repaid,
            exempted=left if self.exempted_rest and not replaced else ZERO,
            row=row,
            version=plan.version,
            outcome=came,
        )

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


def outcome(row: PlanRow) -> Reconciliation | None:
    """The row's reconciliation, if its bokslut has been reconciled."""
    return getattr(row, "reconciliation", None)


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
