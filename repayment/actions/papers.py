"""The content of the phase's papers, written in Swedish as it is to be read for ever."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from fundportal.formatting import NOTHING, day, kronor, number, tkr
from fundportal.models import Case, Namnd
from repayment.models import (
    Basis,
    Exemption,
    Extent,
    Lesson,
    Line,
    Plan,
    PlanRow,
    Reconciliation,
    Settlement,
    Standing,
    Tertial,
)
from repayment.models.savings import effects_of, savings_of

Content = dict[str, Any]


def facts(*pairs: tuple[str, str]) -> list[list[str]]:
    """Label and value."""
    return [[label, value] for label, value in pairs]


def plan_rows(rows: Sequence[PlanRow]) -> Content:
    """Rows of a plan as a table with a sum."""
    lines = [[str(row.year), row.namnd.name, str(row.get_area_display()), kronor(row.amount)] for row in rows]
    whole = sum((row.amount for row in rows), Decimal(0))
    return {
        "columns": [_("Bokslut"), _("Nämnd"), _("Verksamhetsområde"), _("Planerat")],
        "rows": [*lines, [_("Summa"), "", "", kronor(whole)]],
    }


def outcome_table(now: Standing) -> Content:
    """The table that is shown everywhere."""
    return {
        "columns": [
            _("Bokslut"),
            _("Nämnd"),
            _("Planerat"),
            _("Ändrat"),
            _("Återfört"),
            _("Undantaget"),
            _("Kvarstår"),
        ],
        "rows": [_cells(line) for line in now.lines] + [_cells(now.total, _("Summa"))],
    }


def _cells(line: Line, text: str = "") -> list[str]:
    where = [str(line.row.year), line.row.namnd.short] if line.row else [text or line.text, ""]
    amounts = (line.planned, line.changed, line.repaid, line.exempted, line.remaining)
    return where + [kronor(amount) for amount in amounts]


def head(case: Case) -> list[list[str]]:
    """What every paper begins with."""
    return facts(
        (_("Ärende"), f"{case.number} {case.title}"), (_("Projektägare"), case.owner.name), (_("Fond"), case.fund.name)
    )


def plan(now: Standing, plan: Plan, moved: tuple[Namnd, Namnd] | None = None) -> Content:
    """A decided version of the plan."""
    rows = list(plan.rows.all())
    about = facts(
        (_("Version"), str(plan.version)),
        (_("Att återföra"), kronor(plan.to_repay)),
        (_("Återfört före denna version"), kronor(plan.repaid_before)),
        (_("Undantaget"), kronor(plan.exempted_before)),
        (_("Återstår enligt raderna"), kronor(sum((row.amount for row in rows), Decimal(0)))),
        (_("Bas"), str(Basis(plan.basis).label)),
    )
    sections: list[Content] = [
        {"title": _("Ärendet"), "rows": head(now.case)},
        {"title": _("Beslutet"), "rows": about},
        {"title": _("Nämnder och bokslut"), "table": plan_rows(rows)},
        {"title": _("Underlag och motivering"), "text": plan.grounds},
    ]
    if plan.lower_reason:
        text = f"{plan.get_lower_reason_display()}. {plan.lower_text}"
        sections.append(
            {"title": _("Skäl till att {amount} undantas").format(amount=kronor(plan.exempted_before)), "text": text}
        )
    if moved:
        from_to = facts((_("Från"), moved[0].name), (_("Till"), moved[1].name))
        sections.insert(2, {"title": _("Överföring mellan nämnder"), "rows": from_to})
    lead = _("Stadsdirektören fastställer tid och belopp för återföringen till fonden.")
    return {"lead": lead, "sections": sections}


EXEMPTED = {
    Extent.PART: (
        _lazy("Stadsdirektören undantar en del av det som återstår. Planen fortsätter i en ny version."),
        _lazy("Undantas nu"),
    ),
    Extent.REST: (
        _lazy("Stadsdirektören undantar det som återstår från återföringskravet."),
        _lazy("Undantas nu"),
    ),
    Extent.REVOKED: (
        _lazy(
            "Stadsdirektören upphäver återföringsplanen, eftersom budgetansvaret har flyttat från dem som sparar. "
            "Besparingen redovisas ändå."
        ),
        _lazy("Upphävs nu"),
    ),
}


def exemption(now: Standing, exemption: Exemption, responsible: str = "") -> Content:
    """The decision that money need not be returned, with what the evaluation found beside it."""
    lead, amount = EXEMPTED[Extent(exemption.extent)]
    about = facts(
        (_("Att återföra"), kronor(now.to_repay)),
        (_("Återfört"), kronor(now.repaid)),
        (str(amount), kronor(exemption.amount)),
        (_("Skäl"), str(exemption.get_reason_display())),
    )
    if responsible:
        about.append([_("Budgetansvaret ligger nu hos"), responsible])
    return {
        "lead": str(lead),
        "sections": [
            {"title": _("Ärendet"), "rows": head(now.case)},
            {"title": _("Beslutet"), "rows": about},
            {"title": _("Motivering"), "text": exemption.text},
            *found(now.case),
        ],
    }


def found(case: Case) -> list[Content]:
    """What the evaluation found for people and for costs, side by side; nothing when there is none."""
    effects = effects_of(case)
    if not effects:
        return []
    social = [[str(it), _said(it.outcome, it.unit), _said(it.effect, it.unit)] for it in effects]
    saved = [[str(it.year), it.namnd.name, kronor(it.planned), kronor(it.established)] for it in savings_of(case)]
    sections: list[Content] = [
        {
            "title": _("Vad satsningen gav"),
            "table": {"columns": [_("Indikator"), _("Utfall"), _("Effekt")], "rows": social},
        }
    ]
    if saved:
        columns = [_("År"), _("Nämnd"), _("Planerad besparing"), _("Konstaterad besparing")]
        sections.append({"title": _("Vad det betydde för kostnaderna"), "table": {"columns": columns, "rows": saved}})
    return sections


def _said(value: Decimal | None, unit: str) -> str:
    return f"{number(value, 0 if value == int(value) else 1)} {unit}".strip() if value is not None else NOTHING


def reconciliation(now: Standing, came: Reconciliation, proposal: Plan | None = None) -> Content:
    """A bokslut reconciled against the plan, with the next version if it is proposed in the same step."""
    row = came.row
    expected = now.forecasts_for(row)
    about = facts(
        (_("Bokslut"), str(row.year)),
        (_("Nämnd"), row.namnd.name),
        (_("Verksamhetsområde"), str(row.get_area_display())),
        *(
            (f"{_('Prognos')} {period}", kronor(it.amount if it else None))
            for period, it in zip(Tertial, expected, strict=True)
        ),
        (_("Planerat"), kronor(row.amount)),
        (_("Konstaterad utgiftsminskning"), kronor(came.realised)),
        (_("Nämndens överskott vid bokslut"), kronor(came.surplus)),
        (_("Återfört"), kronor(came.repaid)),
        (_("Verifikation"), came.voucher or NOTHING),
    )
    sections: list[Content] = [
        {"title": _("Ärendet"), "rows": head(now.case)},
        {"title": _("Avstämning"), "rows": about},
    ]
    if came.corrects:
        before = facts(
            (_("Rättar avstämningen"), day(came.corrects.event.at)),
            (_("Återfört före rättelsen"), kronor(came.corrects.repaid)),
            (_("Vad som var fel"), came.text),
        )
        sections.append({"title": _("Rättelse"), "rows": before})
    if came.cause:
        sections.append({"title": _("Avvikelse: {cause}").format(cause=came.get_cause_display()), "text": came.reason})
    if came.deviation_decision:
        sections.append({"title": _("Beslut om att återföra mer än överskottet"), "text": came.deviation_decision})
    sections.append({"title": _("Läget efter avstämningen"), "table": outcome_table(now)})
    if proposal:
        title = _("Förslag till version {n}, som stadsdirektören beslutar").format(n=proposal.version)
        sections.append({"title": title, "table": plan_rows(list(proposal.rows.all()))})
    return {"sections": sections}


def lesson(card: Lesson) -> Content:
    """The lesson card as a section."""
    rows = facts(
        (_("Verksamhetsområde"), str(card.get_area_display())),
        (_("Metod"), card.method),
        (_("Resultat"), str(card.get_result_display())),
        (_("Kostnad för fonden"), kronor(card.amount)),
        (_("Vad som prövades"), card.tried),
        (_("För vem"), card.for_whom),
        (_("Vad det kostade"), card.cost),
        (_("Vilken effekt det fick"), card.effect),
        (_("Skulle vi göra om det?"), _("Ja") if card.again else _("Nej")),
        (_("Varför"), card.again_why),
    )
    return {"title": _("Lärdomskort"), "rows": rows}


def settlement(now: Standing, settlement: Settlement, card: Lesson) -> Content:
    """The final reconciliation with the lesson card."""
    sums = facts(
        (_("Att återföra"), kronor(settlement.planned)),
        (_("Återfört"), kronor(settlement.repaid)),
        (_("Undantaget"), kronor(settlement.exempted)),
        (_("Differens"), kronor(settlement.planned - settlement.repaid - settlement.exempted)),
    )
    if settlement.explanation:
        sums.append([_("Förklaring"), settlement.explanation])
    levels = {
        "columns": [
            _("Verksamhetsområde"),
            _("Varaktig kostnadsnivå"),
            _("Ordinarie budget"),
            _("Ny nivå"),
            _("Förändring"),
        ],
        "rows": [
            [
                str(area.get_area_display()),
                tkr(area.cost_level),
                tkr(area.budget),
                tkr(area.new_level),
                tkr(area.change),
            ]
            for area in settlement.areas.all()
        ],
    }
    adjusts = facts(
        (_("Budgeten behöver justeras"), _("Ja") if settlement.adjusts else _("Nej")),
        (_("Motivering"), settlement.adjusts_reason),
    )
    if settlement.adjusts:
        adjusts.append([_("Målnivå"), str(settlement.get_target_display())])
    if settlement.special_decision:
        adjusts.append([_("Särskilt beslut"), settlement.special_decision])
    sections: list[Content] = [{"title": _("Ärendet"), "rows": head(now.case)}, {"title": _("Resultat"), "rows": sums}]
    if now.lines:
        sections.append({"title": _("Plan och utfall"), "table": outcome_table(now)})
    if levels["rows"]:
        sections.append({"title": _("Kostnadsnivå per år"), "table": levels})
    return {
        "sections": [
            *sections,
            {"title": _("Budgetjustering"), "rows": adjusts},
            lesson(card),
        ]
    }
