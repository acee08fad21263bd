"""The application as the plan of its evaluation: level, questions, method, indicators and planned savings."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from applications import sums
from applications.models import Baseline, EffectRow, Indicator
from fundportal.levels import judge
from fundportal.models import Case
from fundportal.plans import Measured, Plan, Saving

COMPARISONS = {
    "randomiserad": "randomised",
    "matchad": "matched",
    "vantelista": "waiting_list",
    "fore_efter": "before_after",
    "historisk": "historical",
    "ingen": "none",
}
EVALUATORS = {"egen": "own", "fou": "research", "upphandlad": "procured"}


def plan_of(case: Case) -> Plan | None:
    """What the application as it was last handed in promised to evaluate; None before it is."""
    paper = case.documents.filter(kind="application").order_by("-version").first()
    if paper is None:
        return None
    answers: dict[str, dict[str, Any]] = json.loads(paper.content).get("answers", {})
    evaluation = answers.get("utvardering", {})
    risks = answers.get("risker", {}).get("risks", [])
    worst = max((sums.risk_value(int(row["likelihood"]), int(row["consequence"])) for row in risks), default=0)
    indicators, locked = _indicators(case, answers)
    cost = evaluation.get("cost")
    return Plan(
        judged=judge(case.requested or Decimal(0), worst, str(answers.get("insats", {}).get("knowledge", ""))),
        evaluator=EVALUATORS.get(str(evaluation.get("evaluator")), ""),
        questions=evaluation.get("questions", ""),
        method=evaluation.get("method", ""),
        comparison=COMPARISONS.get(str(answers.get("effektkedja", {}).get("comparison")), ""),
        cost=Decimal(cost) if cost not in (None, "") else None,
        price_level=int(prices) if (prices := answers.get("kalkyl", {}).get("price_level")) else None,
        locked=locked,
        indicators=indicators,
        savings=_savings(case),
    )


def _indicators(case: Case, answers: dict[str, dict[str, Any]]) -> tuple[list[Measured], bool]:
    """The locked baseline, or else the application's own figures; and whether it was locked."""
    locked = Baseline.objects.filter(case=case).prefetch_related("rows").order_by("-version").first()
    if locked:
        return [Measured(it.name, it.unit, it.value, it.target, it.missing) for it in locked.rows.all()], True
    kept = list(Indicator.objects.filter(case=case).order_by("-submission", "no"))
    if kept:
        newest = [it for it in kept if it.submission == kept[0].submission]
        return [Measured(it.name, it.unit, it.baseline, it.target) for it in newest], False
    rows = [row for part in answers.values() for row in part.get("indicators", ())]
    return [Measured(row["name"], row.get("unit", ""), None, None) for row in rows], False


def _savings(case: Case) -> list[Saving]:
    """The base scenario of the newest calculation, by board, area and year; the city's own boards only."""
    kept = list(EffectRow.objects.filter(case=case, actor=sums.CITY, namnd__isnull=False).order_by("-submission", "pk"))
    found: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    for row in kept:
        if row.submission != kept[0].submission:
            break
        for year in range(row.first_year, row.first_year + row.years):
            found[year, row.namnd_id or 0, row.area] += row.base
    return [Saving(namnd, area, year, amount) for (year, namnd, area), amount in sorted(found.items()) if amount]
