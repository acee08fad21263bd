"""The content of the papers about the adjusted budget: the request, the decision, and the closing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from fundportal.formatting import day, percent, tkr
from fundportal.hooks import Point
from fundportal.models import Case
from repayment.actions.papers import Content, facts, head
from repayment.models import Adjustment, AdjustmentDecision, AdjustmentRow, BoardRow, Finance
from repayment.sums import per_source


def source(code: str, text: str = "") -> str:
    """A source of finance in words, with what was said of it."""
    label = str(Finance(code).label)
    return f"{label}: {text}" if text else label


def board_table(rows: Sequence[BoardRow]) -> Content:
    """Board by board: part if there is one, amount, for how long, from when and from which source."""
    weighed = [row for row in rows if isinstance(row, AdjustmentRow)]
    cells = [
        [
            row.namnd.name,
            *([percent(row.weight)] if isinstance(row, AdjustmentRow) else []),
            tkr(-row.amount),
            row.lasts,
            str(row.first_year),
            str(row.get_finance_display()),
        ]
        for row in rows
    ]
    whole = sum((row.amount for row in rows), Decimal(0))
    part = [_("Andel")] if weighed else []
    last = [_("Summa"), *([percent(100)] if weighed else []), tkr(-whole), "", "", ""]
    return {
        "columns": [_("Nämnd"), *part, _("Justering per år"), _("Gäller"), _("Från"), _("Finansieringskälla")],
        "rows": [*cells, last],
    }


def source_table(rows: Sequence[BoardRow]) -> Content:
    """What it comes to for each source of finance."""
    sums = per_source((row.finance, row.amount) for row in rows)
    return {
        "columns": [_("Finansieringskälla"), _("Justering per år")],
        "rows": [[source(code), tkr(-amount)] for code, amount in sums.items()],
    }


def adjustment(adjustment: Adjustment, paragraph: str) -> Content:
    """The request for a lower budget, board by board; `paragraph` is what is pasted into the follow-up."""
    key = adjustment.key
    rows = list(adjustment.rows.select_related("namnd"))
    about = facts(
        (_("Sänkning per år"), tkr(-adjustment.amount)),
        (_("Från budgetår"), str(adjustment.first_year)),
        (_("Gäller"), _("Varaktigt") if adjustment.permanent else _("Engångsvis")),
        (_("Fördelning"), f"{key.name} ({day(key.dated)}, {key.source})" if key else _("Direkt till en nämnd")),
        (_("Begärs i"), str(adjustment.get_occasion_display())),
        (_("Finansieringskälla"), source(adjustment.finance, adjustment.finance_text)),
        (_("Stadsledningskontoret"), str(adjustment.get_opinion_display())),
    )
    if adjustment.amount_reason:
        about.append([_("Varför beloppet inte är slutavstämningens"), adjustment.amount_reason])
    return {
        "sections": [
            {"title": _("Ärendet"), "rows": head(adjustment.case)},
            {"title": _("Begäran"), "rows": about},
            {"title": _("Text till uppföljningen"), "text": paragraph},
            {"title": _("Stadsledningskontorets ställningstagande"), "text": adjustment.opinion_text},
            {"title": _("Justering per nämnd"), "table": board_table(rows)},
            {"title": _("Per finansieringskälla"), "table": source_table(rows)},
        ]
    }


def adjustment_decision(decision: AdjustmentDecision) -> Content:
    """What kommunstyrelsen decided, board by board."""
    rows = list(decision.rows.select_related("namnd"))
    about = facts((_("Sammanträde"), day(decision.meeting_on)), (_("Paragraf"), decision.paragraph))
    if decision.finance_text:
        about.append([_("Närmare om finansieringen"), decision.finance_text])
    sections: list[Content] = [
        {"title": _("Ärendet"), "rows": head(decision.adjustment.case)},
        {"title": _("Kommunstyrelsens beslut"), "rows": about},
        {"title": _("Justering per nämnd"), "table": board_table(rows)},
        {"title": _("Per finansieringskälla"), "table": source_table(rows)},
    ]
    if decision.note:
        sections.append({"title": _("Vad som skiljer från begäran"), "text": decision.note})
    return {"sections": sections}


def closing(case: Case, points: Sequence[Point], without_receipts: str) -> Content:
    """The checklist as it stood when the case was closed."""
    rows = [[point.label, _("Klart") if point.done else point.lacks] for point in points]
    sections: list[Content] = [
        {"title": _("Ärendet"), "rows": head(case)},
        {"title": _("Kontrollista"), "rows": rows},
    ]
    if without_receipts:
        sections.append(
            {"title": _("Varför ärendet avslutas innan alla nämnder har kvitterat"), "text": without_receipts}
        )
    return {"sections": sections}
