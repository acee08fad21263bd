"""What an invented project's lesson card says."""

from __future__ import annotations

from typing import Any

from fundportal import formatting, ledger
from fundportal.demo.answers_idea import FICTION
from fundportal.demo.project import Project
from fundportal.models import Case

EFFECTS = {
    "reached": (
        "Fler fick stöd i tid: 58 procent mot 22 i jämförelseområdet (± 6).",
        "Arbetssättet kan införas på fler ställen.",
    ),
    "none": (
        "Deltagarna mådde bättre, men ingen minskad kostnad kunde visas (9 enheter, ± 6).",
        "Gör om det för kvalitetens skull, inte för besparingen. Mät från första dagen.",
    ),
    "broken": (
        "Inget kunde mätas. Två av tio tjänster tillsattes och målgruppen nåddes inte.",
        "Börja inte innan personalen är på plats och samarbetet är överenskommet.",
    ),
}
"""Effect and why one would do it again or not, by result."""


def lesson(case: Case, project: Project, result: str) -> dict[str, Any]:
    """The card, as it is typed."""
    effect, why = EFFECTS[result]
    spent = formatting.tkr(ledger.position(case.fund, case).net_granted)
    return {
        "area": project.area,
        "method": project.idea.split(".")[0][:200],
        "result": result,
        "tried": project.idea,
        "for_whom": project.target,
        "cost": f"{spent} ur fonden, för ungefär {project.size} personer om året.",
        "effect": f"{effect} {FICTION}",
        "again": result != "broken",
        "again_why": why,
    }
