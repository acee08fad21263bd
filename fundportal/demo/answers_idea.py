"""What the demo's people write in an idea sketch, as they type it."""

from __future__ import annotations

from typing import Any

from fundportal.demo.project import Project
from fundportal.models import Namnd, User

FICTION = (
    "Uppgifterna är påhittade och visar hur portalen fungerar. Ingen verklig verksamhet eller person beskrivs här."
)


def pk(code: str) -> str:
    """A board's id as it is typed by a choice."""
    return str(Namnd.objects.get(code=code).pk)


def scope(project: Project, owner: Namnd) -> str:
    """How much of the city the project concerns."""
    if owner.kind != Namnd.Kind.DISTRICT:
        return "city" if project.variant == "C1" or len(project.partners) > 1 else "specialist"
    return "several" if project.partners else "single"


def idea(project: Project, owner: Namnd, writer: User, manager: User) -> dict[str, dict[str, Any]]:
    """Every part of the idea sketch, complete."""
    years = range(project.start, project.start + project.years)
    district = owner.kind == Namnd.Kind.DISTRICT
    return {
        "grund": {
            "project_name": project.title,
            "scope": scope(project, owner),
            "contact": str(writer.pk),
            "manager": str(manager.pk),
        },
        "behov": {
            "need": f"{project.need} {FICTION}",
            "sources": [
                {
                    "source": "Förvaltningens uppföljning",
                    "year": str(project.start - 1),
                    "fact": "Behovet har ökat tre år i rad.",
                },
                {
                    "source": "Intervjuer med målgruppen",
                    "year": str(project.start - 1),
                    "fact": "Stödet kommer för sent.",
                },
            ],
            "target_group": f"{project.target}. Vi kommer i kontakt med dem genom ordinarie verksamhet.",
            "age_from": str(project.ages[0]),
            "age_to": str(project.ages[1]),
            "gender": "alla",
            "areas": [str(owner.pk)] if district and owner.active_to is None else ["alla"],
            "size": str(project.size),
        },
        "insats": {
            "intervention": f"{project.idea} {FICTION}",
            "news": "Verksamheterna arbetar samtidigt och delar uppföljning i stället för att lämna över till varandra.",
            "effects": "Fler får stöd i tid, och behovet av dyra och sena insatser minskar inom tre år.",
            "knowledge": "beprovad",
            "knowledge_sources": "Uppföljningar från två andra kommuner och en forskningsöversikt (påhittade för demonstrationen).",
            "assumed_link": "",
        },
        "sammanhang": {
            "complements": "Satsningen bygger vidare på ordinarie arbete och tillför det som saknas mellan verksamheterna i dag.",
            "obstacles": ["ettar", "flera"],
            "obstacles_text": "Kostnaden uppstår nu hos en nämnd, medan nyttan kommer senare och delvis hos en annan.",
            "goals": ["skillnader", "mal3", "mal10"],
        },
        "kostnad": {
            "first_year": str(years[0]),
            "last_year": str(years[-1]),
            "costs": [{"year": str(year), "amount": f"{project.yearly:,}".replace(",", " ")} for year in years],
            "savings": [{"namnd": pk(project.saves), "area": project.area, "comment": "Färre sena insatser."}],
            "no_saving": False,
        },
        "samverkan": {
            "parties": [{"party": "Region Stockholm", "role": "Deltar i planering och uppföljning."}],
            "children": "ja" if project.ages[0] < 18 else "nej",
            "children_text": "Barn berörs genom att de vuxna runt dem får stöd tidigare. Barnens egna röster hämtas in varje termin.",
            "equality_text": "Flickor och pojkar, kvinnor och män följs upp var för sig. Stödet utformas så att båda nås lika väl.",
        },
    }
