"""What projects with a decided plan are expected to give back: the open rows of the plan that holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from fundportal.forecast import Expected
from fundportal.models import Fund
from fundportal.process import Step
from repayment.models import Extent, Plan, PlanRow, Reconciliation


def expected(fund: Fund, today: date) -> Iterator[Expected]:
    """Likely and high: the plan. Low: the plan times what the fund's boksluts have given of what was planned so far."""
    given = fulfilled(fund)
    for row in _open_rows(fund):
        yield Expected(row.plan.case.number, row.year, row.amount * given, row.amount, row.amount, decided=True)


def fulfilled(fund: Fund) -> Decimal:
    """Repaid as a share of planned in all reconciled boksluts, at most the whole; the whole before there are any."""
    done = Reconciliation.objects.filter(row__plan__case__fund=fund, corrected_by=None)
    done = done.exclude(event__action="report_saving")
    sums = done.aggregate(planned=Sum("row__amount"), repaid=Sum("repaid"))
    if not sums["planned"]:
        return Decimal(1)
    share: Decimal = sums["repaid"] / sums["planned"]
    return min(Decimal(1), share.quantize(Decimal("0.0001")))


def _open_rows(fund: Fund) -> Iterator[PlanRow]:
    """Rows of each case's newest decided version whose bokslut has not been reconciled."""
    decided = Plan.objects.filter(status=Plan.Status.DECIDED, case__fund=fund, case__step=Step.REPAYMENT)
    decided = decided.exclude(case__exemptions__extent=Extent.REVOKED)
    newest = dict(decided.order_by("version").values_list("case", "pk"))
    rows = PlanRow.objects.filter(plan__in=newest.values(), reconciliations=None)
    return rows.select_related("plan__case").iterator()
