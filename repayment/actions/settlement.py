"""The act that ends the repayment: the final reconciliation, with the lasting cost level and the lesson card."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import calendar, closing, documents
from fundportal.errors import About
from fundportal.flow import action
from fundportal.formatting import kronor
from fundportal.models import Case, Event
from fundportal.process import Step
from repayment.actions import papers
from repayment.actions.lesson import keep_lesson
from repayment.actions.plan import refuse
from repayment.models import Settlement, SettlementArea, Target, standing

TERTIALS = ((4, 30), (8, 31))


class AreaLevel(TypedDict):
    """An area's cost and budget as given, in kronor a year."""

    area: str
    cost_level: Decimal
    budget: Decimal


def adjusts_or_not(case: Case, given: dict[str, Any]) -> Step:
    """To the budget adjustment if there is to be one, otherwise to the end."""
    return Step.BUDGET_ADJUSTMENT if given["adjusts"] else Step.CLOSED


@action(leads_to=adjusts_or_not)
def settle(
    event: Event,
    *,
    areas: list[AreaLevel],
    adjusts: bool,
    adjusts_reason: str,
    area: str,
    method: str,
    result: str,
    tried: str,
    for_whom: str,
    cost: str,
    effect: str,
    again: bool,
    again_why: str,
    target: str = "",
    special_decision: str = "",
    explanation: str = "",
) -> None:
    """Settle the repayment, fix the lasting cost level and write the lesson card (`area` to `again_why`)."""
    case = cast(Case, event.case)
    now = standing(case)
    difference = now.to_repay - now.repaid - now.exempted
    wrong = _target_faults(adjusts, target, special_decision)
    if difference and not explanation:
        text = _("Differensen är %(amount)s. Förklara den.") % {"amount": kronor(difference)}
        wrong.append(About(text, "explanation"))
    if adjusts and not areas:
        text = _("Ange varaktig kostnadsnivå och ordinarie budget för minst ett verksamhetsområde.")
        wrong.append(About(text, "areas"))
    if len({level["area"] for level in areas}) < len(areas):
        wrong.append(About(_("Samma verksamhetsområde står på två rader. Slå ihop dem."), "areas"))
    refuse(wrong)
    settlement = Settlement.objects.create(
        case=case,
        event=event,
        planned=now.to_repay,
        repaid=now.repaid,
        exempted=now.exempted,
        explanation=explanation,
        adjusts=adjusts,
        adjusts_reason=adjusts_reason,
        target=target if adjusts else "",
        special_decision=special_decision if adjusts else "",
    )
    lesson = keep_lesson(
        event,
        area=area,
        method=method,
        result=result,
        tried=tried,
        for_whom=for_whom,
        cost=cost,
        effect=effect,
        again=again,
        again_why=again_why,
    )
    for level in areas:
        SettlementArea.objects.create(settlement=settlement, new_level=level["cost_level"], **level)
    documents.freeze(
        event, "settlement", _("Slutavstämning och lärdomskort"), papers.settlement(now, settlement, lesson)
    )
    if adjusts:
        event.due_on = next_tertial(timezone.localdate(event.at))
    else:
        refuse(closing.missing(case))
        case.closed_because = _("Slutavstämt utan budgetjustering")
        case.save(update_fields=["closed_because"])


def _target_faults(adjusts: bool, target: str, special_decision: str) -> list[str]:
    if not adjusts:
        return []
    if not target:
        return [About(_("Välj på vilken nivå budgeten ska justeras."), "target")]
    if target == Target.SINGLE and not special_decision:
        text = _(
            "Stadens resursfördelning medger inte att en enskild stadsdelsnämnds budget justeras. "
            "Ange det särskilda beslutet, eller slutavstäm utan budgetjustering."
        )
        return [About(text, "special_decision")]
    return []


def next_tertial(day: date) -> date:
    """The day of the next tertialrapport, in which nämnder ask for budget adjustments."""
    ends = [date(year, month, last) for year in (day.year, day.year + 1) for month, last in TERTIALS]
    return calendar.working_day_on_or_after(next(end for end in ends if end > day))
