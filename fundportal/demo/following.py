"""A running project followed: its baseline, the steering group's meetings, and the evaluation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from applications import actions as phase1
from applications.models import Indicator, SteeringMeeting, SteeringTask
from fundportal.calendar import working_day_on_or_after
from fundportal.demo.answers_idea import FICTION
from fundportal.demo.walk import Walk
from fundportal.plans import Saving, plan_of


def lock_baseline(walk: Walk) -> None:
    """Where the indicators stand before the start, as the application says."""
    kept = Indicator.objects.filter(case=walk.case).order_by("-submission", "no")
    rows = [
        {
            "name": it.name,
            "unit": it.unit,
            "value": it.baseline,
            "year": it.baseline_year,
            "missing": "",
            "target": it.target,
            "target_year": it.target_year,
        }
        for it in kept
        if it.submission == kept[0].submission
    ]
    walk.do(phase1.lock_baseline, walk.writer, rows=rows)


def meet(walk: Walk) -> None:
    """The steering group meets, gives out two tasks and finishes one; another meeting is planned."""
    chair = walk.cast.one("steering")
    walk.wait(6)
    walk.do(
        phase1.plan_steering_meeting,
        chair,
        held_on=walk.today,
        place="Stadshuset, rum 214",
        agenda="1. Läget\n2. Rekrytering\n3. Nästa steg",
    )
    meeting = SteeringMeeting.objects.filter(case=walk.case).latest("pk")
    walk.do(
        phase1.minute_steering_meeting,
        chair,
        meeting=meeting,
        present=[chair],
        also_present="Projektledaren",
        decisions=f"Lägesrapporten godkänns.\n\nRekryteringen prioriteras. {FICTION}",
        tasks=[
            {"what": "Ta fram en plan för rekrytering.", "owner": walk.writer, "last_day": walk.today},
            {
                "what": "Stäm av arbetssättet med skolorna.",
                "owner": chair,
                "last_day": walk.today + timedelta(days=60),
            },
        ],
    )
    first = SteeringTask.objects.filter(case=walk.case, report=None).earliest("pk")
    walk.do(phase1.finish_steering_task, walk.writer, task=first, outcome="Planen är beslutad i ledningsgruppen.")
    walk.do(
        phase1.plan_steering_meeting,
        chair,
        held_on=working_day_on_or_after(max(walk.today, timezone.localdate()) + timedelta(days=21)),
        place="Stadshuset, rum 214",
    )


def evaluation(walk: Walk, *, effect: bool) -> dict[str, dict[str, Any]]:
    """The evaluation as it is typed."""
    plan = plan_of(walk.case)
    if plan is None:
        raise LookupError(f"{walk.case} har ingen ansökan")
    first = walk.project.start + walk.project.years
    return {
        "utvarderare": {
            "evaluator": "FoU-enheten (påhittad)",
            "kind": "research",
            "delivered_on": walk.today.isoformat(),
        },
        "metod": {
            "method": f"Jämförelse med områden som ännu inte arbetar på det nya sättet, i registerdata och intervjuer. {FICTION}",
            "comparison": "matched",
            "answers": f"1. Fler i målgruppen fick stöd i tid. 2. De sena insatserna följs i registren. {FICTION}",
            "differs": "",
            "deviation": "",
        },
        "effekter": {
            "effects": [
                {
                    "indicator": "Andel som får stöd inom två veckor",
                    "unit": "procent",
                    "baseline": "15",
                    "target": "60",
                    "outcome": "58" if effect else "31",
                    "missing": "",
                    "comparison": "22",
                    "effect": "36" if effect else "9",
                    "uncertainty": "± 6",
                }
            ]
        },
        "bevisstyrka": {"strength": "moderate", "strength_reasons": "Matchad jämförelse men få mättillfällen."},
        "ekonomi": {"savings": [_saving(it, first, effect=effect) for it in plan.savings if it.year <= first + 1]},
        "lardomar": {
            "qualitative": f"Familjer och personal beskriver större trygghet och tydligare ansvar. {FICTION}",
            "lessons": f"Gemensam ledning från första dagen var avgörande. Rekryteringen tog längre tid än planerat. {FICTION}",
            "multiplier": "",
        },
        "slutsats": {
            "recommendation": "implement" if effect else "adjust",
            "recommendation_reasons": "Arbetssättet fungerar och är uppskattat.",
            "repayment": "full" if effect else "exempt",
            "repayment_reasons": ""
            if effect
            else f"Kvaliteten ökade, men ingen ekonomisk effekt kunde visas. {FICTION}",
        },
    }


def _saving(planned: Saving, first: int, *, effect: bool) -> dict[str, str]:
    """A row of the evaluation: late in the investment phase, 3 200 tkr a year after it, or nothing at all."""
    amount = round(planned.amount / 1000)
    found = 3200 if effect and planned.year >= first else 0
    why = {
        "cause": "delay" if effect and not found else "calculation" if effect else "no_effect",
        "why": f"Effekten kom först när arbetssättet var i full drift. {FICTION}"
        if effect
        else f"Kvaliteten ökade, men nämndens utgifter minskade inte. {FICTION}",
    }
    return {
        "namnd": str(planned.namnd),
        "area": planned.area,
        "year": str(planned.year),
        "planned": str(amount),
        "established": str(found),
        **(why if found != amount else {"cause": "", "why": ""}),
    }
