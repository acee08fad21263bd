"""The evaluation is handed in."""

from __future__ import annotations

from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import documents, formatting
from fundportal.areas import Area
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.levels import Level, rule
from fundportal.models import Case, Event
from fundportal.plans import Plan, plan_of
from reviews.models import (
    Cause,
    Comparison,
    EvaluatedEffect,
    EvaluatedSaving,
    Evaluation,
    EvaluatorKind,
    Recommendation,
    RepaymentProposal,
    Strength,
)
from reviews.sheets import EVALUATION


@action
def submit_evaluation(event: Event) -> None:
    """Hand the evaluation in: its paper is frozen, and what it found becomes facts that the plan rests on."""
    case = cast(Case, event.case)
    filled = EVALUATION.filled(case)
    given = {form.slug: filled.cleaned(form.slug) for form in filled.forms}
    who, how, end = given["utvarderare"], given["metod"], given["slutsats"]
    if who["delivered_on"] > timezone.localdate(event.at):
        raise Refused(_("Utvärderingen kan inte ha levererats i framtiden. Skriv dagen då den levererades."))
    judged = plan_of(case)
    paper = documents.freeze(
        event,
        "evaluation",
        _("Utvärdering: %s") % case.title,
        {"answers": filled.content(), "sections": _paper(given, judged)},
    )
    evaluation = Evaluation.objects.create(
        case=case,
        event=event,
        document=paper,
        evaluator=who["evaluator"],
        evaluator_kind=who["kind"],
        delivered_on=who["delivered_on"],
        method=how["method"],
        level=judged.judged.level if judged else Level.BASIC,
        comparison=how["comparison"],
        answers=how["answers"],
        qualitative=given["lardomar"]["qualitative"],
        deviation=how["deviation"],
        strength=given["bevisstyrka"]["strength"],
        recommendation=end["recommendation"],
        repayment=end["repayment"],
        repayment_reasons=end["repayment_reasons"],
    )
    EvaluatedEffect.objects.bulk_create(
        EvaluatedEffect(evaluation=evaluation, **row) for row in given["effekter"]["effects"]
    )
    EvaluatedSaving.objects.bulk_create(
        EvaluatedSaving(evaluation=evaluation, **row) for row in given["ekonomi"]["savings"]
    )


def _paper(given: dict[str, dict[str, Any]], plan: Plan | None) -> list[dict[str, Any]]:
    """The evaluation as it is read."""
    who, how, proof = given["utvarderare"], given["metod"], given["bevisstyrka"]
    learned, end = given["lardomar"], given["slutsats"]
    sections: list[dict[str, Any]] = [
        {
            "title": _("Utvärderare"),
            "rows": [
                [_("Utvärderare"), who["evaluator"]],
                [_("Slag"), str(EvaluatorKind(who["kind"]).label)],
                [_("Levererad"), formatting.day(who["delivered_on"])],
                [_("Jämförelse"), str(Comparison(how["comparison"]).label)],
                [_("Bevisstyrka"), str(Strength(proof["strength"]).label)],
                [_("Rekommendation"), str(Recommendation(end["recommendation"]).label)],
                [_("Förslag till återföring"), str(RepaymentProposal(end["repayment"]).label)],
            ],
        },
        {"title": _("Nivå"), "text": f"{plan.judged.level.label}. {rule()}" if plan else ""},
        {"title": _("Metod"), "text": how["method"]},
        {"title": _("Utvärderingsfrågor"), "text": plan.questions if plan else ""},
        {"title": _("Svar på frågorna"), "text": how["answers"]},
        {"title": _("Avvikelse från utvärderingsplanen"), "text": how["deviation"]},
        {"title": _("Effekt per indikator"), "table": _effects(given["effekter"]["effects"])},
        {"title": _("Bevisstyrka"), "text": proof["strength_reasons"]},
        {"title": _("Ekonomisk effekt"), "table": _savings(given["ekonomi"]["savings"])},
        {"title": _("Skillnader mellan kalkyl och utfall"), "text": _causes(given["ekonomi"]["savings"])},
        {"title": _("Kvalitativa effekter"), "text": learned["qualitative"]},
        {"title": _("Lärdomar"), "text": learned["lessons"]},
        {"title": _("Multiplikatoreffekter"), "text": learned["multiplier"]},
        {"title": _("Motivering till rekommendationen"), "text": end["recommendation_reasons"]},
        {"title": _("Skäl till förslaget om återföring"), "text": end["repayment_reasons"]},
    ]
    return [section for section in sections if section.get("text", True)]


def measured(value: Any) -> str:
    """A measured value with as many decimals as it needs."""
    if value is None:
        return formatting.NOTHING
    exact = value.normalize()
    return formatting.number(value, max(0, -int(exact.as_tuple().exponent)))


def _effects(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "columns": [
            *(_("Indikator"), _("Utgångsvärde"), _("Mål"), _("Utfall"), _("Jämförelse"), _("Effekt"), _("Osäkerhet")),
        ],
        "rows": [
            [
                f"{row['indicator']} ({row['unit']})" if row["unit"] else row["indicator"],
                measured(row["baseline"]),
                measured(row["target"]),
                measured(row["outcome"]) if row["outcome"] is not None else _("Saknas: %s") % row["missing"],
                measured(row["comparison"]),
                measured(row["effect"]),
                row["uncertainty"] or formatting.NOTHING,
            ]
            for row in rows
        ],
    }


def _causes(rows: list[dict[str, Any]]) -> str:
    """Every difference with its cause."""
    told = [
        _("%(board)s, %(area)s, %(year)s: %(cause)s. %(why)s")
        % {
            "board": row["namnd"].name,
            "area": str(Area(row["area"]).label),
            "year": row["year"],
            "cause": str(Cause(row["cause"]).label),
            "why": row["why"],
        }
        for row in rows
        if row["cause"]
    ]
    return "\n\n".join(told)


def _savings(rows: list[dict[str, Any]]) -> dict[str, Any]:
    planned = sum(row["planned"] for row in rows)
    established = sum(row["established"] for row in rows)
    return {
        "columns": [_("År"), _("Nämnd"), _("Verksamhetsområde"), _("Planerad"), _("Konstaterad")],
        "rows": [
            *(
                [
                    str(row["year"]),
                    row["namnd"].name,
                    str(Area(row["area"]).label),
                    formatting.tkr(row["planned"]),
                    formatting.tkr(row["established"]),
                ]
                for row in sorted(rows, key=lambda row: (row["year"], formatting.sort_key(row["namnd"].name)))
            ),
            [_("Summa"), "", "", formatting.tkr(planned), formatting.tkr(established)],
        ],
    }
