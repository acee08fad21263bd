"""What is pasted into T1, T2, the annual report or the budget: the paragraph, the table, and both as files."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import exports
from fundportal.models import Case, Document
from fundportal.views.door import open_case, person
from fundportal.views.exports import send_as
from repayment.actions.adjustment_papers import board_table, source, source_table
from repayment.actions.adjustment_text import paragraph
from repayment.models import Adjustment, BoardRow, Occasion


@require_safe
def budget_text(request: HttpRequest, number: str) -> HttpResponse:
    """The paragraph for the chosen occasion and the table beneath it, to be selected or copied."""
    case = open_case(request, number)
    asked = _asked(case)
    occasion = request.GET.get("tillfalle") or asked.occasion
    if occasion not in Occasion.values:
        raise Http404
    rows = _rows(asked)
    context = {
        "case": case,
        "asked": asked,
        "decision": getattr(asked, "decision", None),
        "occasion": occasion,
        "occasions": [(value, label, value == occasion) for value, label in Occasion.choices],
        "text": paragraph(asked, occasion),
        "table": board_table(rows),
        "sources": source_table(rows),
        "paper": Document.objects.filter(event=asked.event).defer("content").first(),
    }
    return render(request, "repayment/budget_text.html", context)


@require_safe
def budget_table(request: HttpRequest, number: str, kind: str) -> FileResponse:
    """The table as a file, entered in the export log: as decided when there is a decision, otherwise as asked for."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    case = open_case(request, number)
    head = [_("Nämnd"), _("Justering per år, kr"), _("Gäller"), _("Från budgetår"), _("Finansieringskälla")]
    rows: list[list[Any]] = [
        [row.namnd.name, -row.amount, row.lasts, row.first_year, source(row.finance)] for row in _rows(_asked(case))
    ]
    name = f"{case.number} budgetjustering.{kind}"
    told = exports.headed(head, rows)
    made = exports.take_out_rows(
        person(request), timezone.now(), name, *told, kind, case=case, sheet=_("Budgetjustering")
    )
    return send_as(made, name, kind)


def _asked(case: Case) -> Adjustment:
    """The newest request of the case."""
    rows = Adjustment.objects.filter(case=case).select_related("case__fund", "key", "decision", "event")
    asked = rows.prefetch_related("rows__namnd", "decision__rows__namnd").last()
    if asked is None:
        raise Http404
    return asked


def _rows(asked: Adjustment) -> list[BoardRow]:
    """Board by board, as decided or as asked for."""
    decision = getattr(asked, "decision", None)
    return list(decision.rows.all() if decision else asked.rows.all())
