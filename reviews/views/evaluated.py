"""What the application calculated beside what the evaluation found."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import charts, ledger
from fundportal.levels import rule
from fundportal.plans import plan_of
from fundportal.views import parts
from fundportal.views.door import open_case, person
from reviews.models import Evaluation

ZERO = Decimal(0)


@require_safe
def evaluated(request: HttpRequest, number: str) -> HttpResponse:
    """Indicators, savings and money side by side, every difference with its cause. 404 before it is handed in."""
    case, user = open_case(request, number), person(request)
    found = Evaluation.objects.filter(case=case).select_related("event", "document")
    evaluation = found.prefetch_related("effects", "savings__namnd").first()
    if evaluation is None:
        raise Http404
    savings = list(evaluation.savings.all())
    context: dict[str, Any] = parts.frame(case, user) | {
        "part": "evaluated",
        "evaluation": evaluation,
        "savings": savings,
        "planned": sum((it.planned for it in savings), ZERO),
        "established": sum((it.established for it in savings), ZERO),
        "difference": sum((it.difference for it in savings), ZERO),
        "chart": _chart(_years(evaluation)),
        "position": ledger.position(case.fund, case),
        "plan": plan_of(case),
        "rule": rule(),
    }
    return render(request, "reviews/evaluated.html", context)


def _years(evaluation: Evaluation) -> list[tuple[int, Decimal, Decimal]]:
    """Planned and established by year, in kronor."""
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for it in evaluation.savings.all():
        planned, established = found.get(it.year, (ZERO, ZERO))
        found[it.year] = (planned + it.planned, established + it.established)
    return [(year, *sums) for year, sums in sorted(found.items())]


def _chart(years: list[tuple[int, Decimal, Decimal]]) -> dict[str, Any] | None:
    """Planned against established, year by year, with its key and its figures."""
    if not years:
        return None
    labels, title = [str(year) for year, _planned, _found in years], _("Planerad och konstaterad besparing per år")
    planned = charts.Series(_("Enligt kalkylen"), [planned for _year, planned, _found in years], "c3")
    found = charts.Series(_("Konstaterad"), [found for _year, _planned, found in years], "c1")
    return {
        "svg": charts.plan_and_outcome(labels, planned, found, title),
        "key": charts.key([planned, found]),
        "table": charts.table(labels, [planned, found], title),
    }
