"""The application (ansökan): begins as a copy of the approved idea, and adds plan, budget and effect calculation."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from applications.sheets.budget import Budget
from applications.sheets.calculation import Calculation
from applications.sheets.idea import Basics, Intervention, Need, Setting
from applications.sheets.lapse import tell_of_lapse
from applications.sheets.partner import application_partners, closed_part
from applications.sheets.plan import Analyses, Chain, Evaluation, Organisation, Risks, Schedule
from fundportal import funds
from fundportal.drafts import Filled, Sheet
from fundportal.models import Draft
from fundportal.process import Role, Step

APPLICATION = Sheet(
    name="application",
    title=gettext_lazy("Ansökan"),
    step=Step.APPLICATION,
    role=Role.APPLICANT,
    parts=(
        Basics,
        Need,
        Intervention,
        Setting,
        Chain,
        Schedule,
        Budget,
        Calculation,
        Organisation,
        Risks,
        Analyses,
        Evaluation,
    ),
    submit="submit_application",
    also_reads=(Role.MANAGER,),
    more=application_partners,
    closes=closed_part,
    saved=tell_of_lapse,
)

CARRIED = tuple(part.slug for part in (Basics, Need, Intervention, Setting))
"""Parts that begin with the idea's answers as they were typed."""


def carried_over(idea: Filled) -> Iterator[tuple[str, dict[str, Any], Draft]]:
    """The idea's answers where the application asks for the same: (part, answers as typed, their draft)."""
    for slug in CARRIED:
        if draft := idea.drafts.get(slug):
            yield slug, draft.answers, draft
    if draft := idea.drafts.get("kostnad"):
        yield "tid", _some(draft.answers, "first_year", "last_year"), draft
        savings = [
            {
                "effect": row.get("comment", ""),
                "actor": "kommun",
                "namnd": row.get("namnd", ""),
                "area": row.get("area", ""),
            }
            for row in draft.answers.get("savings") or []
        ]
        if savings:
            rules = funds.rules_of(idea.case)
            rate = f"{Decimal(rules.discount_rate).normalize():f}".replace(".", ",")
            prices = {"price_level": str(rules.price_year)} if rules.price_year else {}
            yield "kalkyl", {"rate": rate, "effects": savings} | prices, draft
    if draft := idea.drafts.get("samverkan"):
        yield "analyser", _some(draft.answers, "children", "children_text", "equality_text"), draft


def _some(answers: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: answers[name] for name in names if name in answers}
