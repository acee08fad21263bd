"""What the demo's people write in an application, as they type it. The idea's answers are already carried over."""

from __future__ import annotations

from typing import Any

from fundportal.demo.answers_idea import pk
from fundportal.demo.project import ENDED, SMALL, Project
from fundportal.models import Namnd, Party

LONG = "Texten är påhittad och visar hur portalen fungerar."
C1_BUDGET = {
    2017: {"develop": 1200, "introduce": 2700, "follow_up": 300, "evaluate": 300},
    2018: {"develop": 400, "introduce": 3200, "follow_up": 400, "evaluate": 500},
    2019: {"introduce": 1500, "follow_up": 500, "evaluate": 1000},
}
"""The fictitious full cycle of the acceptance cases, in thousands of kronor."""
C1_SUMS = ("C1", ENDED)
"""Variants with its sums."""
COST_TYPES = {"develop": "konsult", "introduce": "lon", "follow_up": "lon", "evaluate": "konsult"}


def typed(amount: int) -> str:
    """An amount as people type it."""
    return f"{amount:,}".replace(",", " ")


def budget(project: Project) -> dict[int, dict[str, int]]:
    """Thousands of kronor per year and use: most of it introduces, a tenth each follows up and evaluates."""
    if project.variant in C1_SUMS:
        return {project.start + nth: uses for nth, uses in enumerate(C1_BUDGET.values())}
    tenth = project.yearly // 10
    return {
        year: {
            "develop": tenth if year == project.start else 0,
            "introduce": project.yearly - (3 if year == project.start else 2) * tenth,
            "follow_up": tenth,
            "evaluate": tenth,
        }
        for year in range(project.start, project.start + project.years)
    }


def application(project: Project, owner: Namnd, partners: list[Party]) -> dict[str, dict[str, Any]]:
    """The parts that the application adds to the idea, complete."""
    first, last = project.start, project.start + project.years - 1
    return {
        "effektkedja": _chain(project, first, last),
        "tid": {
            "first_year": str(first),
            "last_year": str(last),
            "activities": [
                {
                    "activity": "Rekrytera och utbilda",
                    "start": f"{first}-01-15",
                    "end": f"{first}-05-31",
                    "responsible": "Projektledaren",
                    "milestone": "",
                },
                {
                    "activity": "Arbetssättet i drift",
                    "start": f"{first}-06-01",
                    "end": f"{last}-11-30",
                    "responsible": "Enhetschefen",
                    "milestone": True,
                },
            ],
        },
        "budget": {
            "rows": [
                {
                    "year": str(year),
                    "use": use,
                    "cost_type": COST_TYPES[use],
                    "namnd": str(owner.pk),
                    "requested": typed(amount),
                    "cofinancing": typed(amount) if project.variant == SMALL else "",
                }
                for year, uses in budget(project).items()
                for use, amount in uses.items()
                if amount
            ],
            "financing": [{"_na": "1"}],
            "demarcation": "",
        },
        "kalkyl": _calculation(project, first),
        "organisation": {
            "project_leader": "Projektledare (rekryteras)",
            "chair": "Avdelningschefen",
            "finance": "Förvaltningens controller",
            "data_person": "Utredningsenheten",
            "commitments": [
                {
                    "party": str(party.namnd_id),
                    "name": "",
                    "role": "Deltar i team och styrgrupp",
                    "resource": "En halv tjänst",
                    "manager": "Avdelningschefen",
                    "endorsed_on": f"{project.start - 2}-09-01",
                }
                for party in partners
            ],
        },
        "risker": {
            "risks": [
                {
                    "risk": "Svårt att rekrytera",
                    "likelihood": "3",
                    "consequence": "3",
                    "measure": "Börja annonsera direkt efter beslut.",
                    "owner": "Projektledaren",
                },
                {
                    "risk": "Målgruppen nås inte",
                    "likelihood": "2",
                    "consequence": "3",
                    "measure": "",
                    "owner": "Enhetschefen",
                },
            ],
        },
        "analyser": {
            "children": "ja" if project.ages[0] < 18 else "nej",
            "children_text": f"Barn berörs genom att de vuxna runt dem får stöd tidigare. Barnens röster hämtas in. {LONG}",
            "equality_text": f"Flickor och pojkar, kvinnor och män följs upp var för sig i alla indikatorer. {LONG}",
            "personal_data": "nej",
            "dpia": "",
            "dpia_text": "",
        },
        "utvardering": {
            "evaluator": "fou",
            "questions": "Nås målgruppen, minskar de sena insatserna och vad kostar det?",
            "method": "Jämförelse med områden som ännu inte arbetar på det nya sättet.",
            "cost": typed(max(100, project.yearly * project.years // 10)),
            "cost_text": "",
            "implementation": f"Arbetssättet tas in i ordinarie verksamhet när investeringsfasen är slut, om utvärderingen stöder det. {LONG}",
            "receiver": "Avdelningschefen",
            "received_on": f"{last + 1}-01-01",
            "spreading": "",
        },
    }


def _chain(project: Project, first: int, last: int) -> dict[str, Any]:
    return {
        "chain": [
            {
                "resource": "Team om fem personer",
                "activity": "Möte inom en vecka",
                "output": f"{project.size} personer nås",
                "short": "Fler får stöd i tid",
                "medium": "Färre sena insatser",
                "long": "Lägre kostnader för sena insatser",
                "assumption": "Verksamheterna delar uppföljning",
                "external": "",
            }
        ],
        "indicators": [
            {
                "goal": "Stöd i tid",
                "name": "Andel som får stöd inom två veckor",
                "chain": "1",
                "unit": "procent",
                "baseline": "15",
                "baseline_year": str(first - 1),
                "target": "60",
                "target_year": str(last),
                "method": "Uppföljning i verksamhetssystemet",
                "source": "Verksamhetssystemet",
                "periodicity": "tertial",
                "responsible": "Projektledaren",
                **{"short": True, "medium": True, "long": True},
            }
        ],
        "comparison": "matchad",
        "comparison_text": "",
    }


def _calculation(project: Project, first: int) -> dict[str, Any]:
    """The effect that is hoped for. C1's figures are those of the acceptance cases."""
    return {
        "base_year": str(first),
        "price_level": str(first),
        "rate": "3",
        "horizon": "10",
        "model": "egen",
        "economist": "Förvaltningens controller",
        "effects": [_effect(project, first, **row) for row in _effects(project)],
        "soft": "Större trygghet i vardagen för dem som får stöd. Personalen beskriver ett mer meningsfullt arbete.",
    }


def _effects(project: Project) -> list[dict[str, str]]:
    """The city's saving first; then what others gain, which is shown beside it and never counted."""
    reached = min(project.size, 40)
    unit = 650 if project.variant in C1_SUMS else max(80, round(project.yearly * 2.5 / (reached * 0.2)))
    running = 2000 if project.variant in C1_SUMS else project.yearly
    city = {
        "effect": "Färre sena insatser",
        "actor": "kommun",
        "namnd": pk(project.saves),
        "area": project.area,
        "unit_cost": typed(unit),
        "running_cost": typed(running),
    }
    fewer = [max(1, reached // 2), max(1, reached * 3 // 4), reached, reached, reached]
    each_year = "; ".join(str(number) for number in fewer)
    region = {
        "effect": "Färre besök i vården",
        "actor": "region",
        "reached": each_year,
        "unit_cost": typed(max(20, unit // 8)),
    }
    person = {"effect": "Högre egen inkomst", "actor": "individ", "unit_cost": typed(max(15, unit // 10))}
    return [city, region, person]


def _effect(project: Project, first: int, **row: str) -> dict[str, str]:
    """A row as it is typed, by the shares of the acceptance cases."""
    return {
        "chain": "1",
        "namnd": "",
        "area": "",
        "reached": str(min(project.size, 40)),
        "low": "25",
        "base": "35",
        "high": "45",
        "counterfactual": "15",
        "source": "Förvaltningens kostnadsuppföljning (påhittad)",
        "running_cost": "inte aktuellt",
        "first_year": str(first + 1),
        "years": "5",
        "comment": "",
        **row,
    }
