"""A small city with an idea and an application in it, filled in as people type it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from applications import actions
from applications.sheets import APPLICATION, IDEA
from fundportal import actions as kernel
from fundportal.drafts import Sheet
from fundportal.models import Case, Draft, Fund, Namnd, Round, User
from fundportal.process import Role, Step
from tests import factories

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TEXT = "Elever med hög frånvaro får stöd först när frånvaron är lång. Då är insatserna dyra och har sämre effekt. "


@dataclass
class City:
    """The people of the story and what they work with."""

    fund: Fund
    round: Round
    owner: Namnd
    school: Namnd
    writer: User
    manager: User
    school_writer: User
    school_manager: User
    officer: User
    director: User

    def create(self, title: str = "Skolnära team") -> Case:
        """A new idea."""
        return actions.create_idea(self.writer, AT, round=self.round, owner=self.owner, title=title, scope="city")

    def idea(self, **changes: dict[str, Any]) -> Case:
        """An idea that is complete, except for `changes` by part."""
        case = self.create()
        fill(case, IDEA, self.idea_answers(), self.writer, changes)
        return case

    def partner_part(self, case: Case, *, endorsed: bool = True) -> None:
        """The school's own part of the draft, written, marked as ready and endorsed there."""
        sheet = APPLICATION if case.step == Step.APPLICATION else IDEA
        answers: dict[str, Any] = {
            "role": "Skolan deltar med elevhälsa i varje team.",
            "undertaking": "En halv tjänst i elevhälsan under hela investeringsfasen.",
            "contact": str(self.school_writer.pk),
        }
        if sheet is APPLICATION:
            answers["resources"] = [{"year": "2028", "resource": "En halv tjänst", "amount": "400"}]
        sheet.save(case, f"partner-{self.school.pk}", answers, self.school_writer, AT)
        actions.complete_part(case, self.school_writer, AT, namnd=self.school)
        if endorsed:
            actions.endorse_part(case, self.school_manager, AT, namnd=self.school)

    def submitted(self) -> Case:
        """An idea that is endorsed and handed in."""
        case = self.idea()
        actions.endorse_idea(case, self.manager, AT)
        actions.submit_idea(case, self.writer, AT)
        return case

    def registered(self) -> Case:
        """An idea that SLK has registered and assigned."""
        case = self.submitted()
        row = {"authority": "Kommunstyrelsen", "dnr": "KS 2027/118", "registered_on": date(2027, 3, 1)}
        actions.register(case, self.officer, AT, rows=[row])
        kernel.assign(case, self.officer, AT, officer=self.officer)
        return case

    def awaiting_decision(self) -> Case:
        """An idea on the director's table."""
        case = self.registered()
        factories.move(case, Step.IDEA_DECISION, AT)
        return case

    def application(self, **changes: dict[str, Any]) -> Case:
        """An approved idea with its application complete, except for `changes` by part."""
        case = self.awaiting_decision()
        actions.approve_idea(case, self.director, AT, reasons="Idén uppfyller fondens kriterier. " * 5)
        fill(case, APPLICATION, self.application_answers(), self.writer, changes)
        return case

    def idea_answers(self) -> dict[str, dict[str, Any]]:
        """Every part of the idea, right."""
        saving = {"namnd": str(self.owner.pk), "area": "family", "comment": "Placeringar"}
        return {
            "grund": {
                "project_name": "Skolnära team",
                "scope": "city",
                "contact": str(self.writer.pk),
                "manager": str(self.manager.pk),
            },
            "behov": {
                "need": TEXT * 3,
                "sources": [{"source": "Skolverket", "year": "2026", "fact": "Frånvaron ökar"}],
                "target_group": "Elever i årskurs 7 till 9 med ogiltig frånvaro över 20 procent.",
                "age_from": "13",
                "age_to": "16",
                "gender": "alla",
                "areas": ["alla"],
                "size": "220",
            },
            "insats": {
                "intervention": TEXT * 3,
                "news": "Skola och socialtjänst arbetar i samma team.",
                "effects": "Fler elever kommer tillbaka till skolan inom en termin.",
                "knowledge": "beprovad",
                "knowledge_sources": "Utvärderingar av liknande team.",
            },
            "sammanhang": {
                "complements": "Teamen förstärker elevhälsan och socialtjänstens öppna insatser under tre år.",
                "obstacles": ["ettar", "flera"],
                "obstacles_text": "Kostnaden ligger hos en nämnd och nyttan hos en annan.",
                "goals": ["skola", "mal4"],
            },
            "kostnad": {
                "first_year": "2028",
                "last_year": "2030",
                "costs": [{"year": "2028", "amount": "4 500"}, {"year": "2029", "amount": "4 500"}],
                "savings": [saving],
            },
            "samverkan": {
                "parties": [{"party": "Region Stockholm", "role": "Första linjen"}],
                "children": "ja",
                "children_text": "Satsningen gäller barn och deras rätt till utbildning.",
                "equality_text": "Pojkar och flickor nås i samma omfattning.",
            },
        }

    def application_answers(self) -> dict[str, dict[str, Any]]:
        """Every part of the application that the idea does not fill, with the amounts of C1."""
        return {
            "effektkedja": {
                "chain": [
                    {
                        "resource": "Team om fyra",
                        "activity": "Stöd i skola och hem",
                        "output": "40 elever per år",
                        "short": "Ökad närvaro",
                        "medium": "Godkända betyg",
                        "long": "Färre placeringar",
                    }
                ],
                "indicators": [
                    {
                        "goal": "Färre placeringar",
                        "name": "Andel utan placering",
                        "chain": "1",
                        "unit": "procent",
                        "baseline": "65",
                        "baseline_year": "2027",
                        "target": "85,5",
                        "target_year": "2031",
                        "method": "Registeruppföljning",
                        "source": "Paraplyet",
                        "periodicity": "ar",
                        "responsible": "Projektledaren",
                        **{"short": True, "medium": True, "long": True},
                    }
                ],
                "comparison": "matchad",
            },
            "tid": {
                "first_year": "2028",
                "last_year": "2030",
                "activities": [
                    {"activity": "Rekrytera", "start": "2028-01-10", "end": "2028-04-30", "responsible": "Ledaren"}
                ],
            },
            "budget": {"rows": [self.budget_row(*row) for row in C1_ROWS], "financing": [{"_na": "1"}]},
            "kalkyl": {
                "base_year": "2028",
                "price_level": "2027",
                "rate": "3",
                "horizon": "10",
                "model": "egen",
                "economist": "Ekonomen",
                "effects": [self.effect_row()],
            },
            "organisation": {"project_leader": "Ledaren", "finance": "Ekonomen", "commitments": []},
            "risker": {
                "risks": [
                    {
                        "risk": "Svårt att rekrytera",
                        "likelihood": "3",
                        "consequence": "3",
                        "measure": "Börja tidigt",
                        "owner": "Chefen",
                    }
                ]
            },
            "analyser": {
                "children": "ja",
                "children_text": "Satsningen stärker barns rätt till utbildning, och barnen har tillfrågats.",
                "equality_text": "Pojkar och flickor nås lika, och uppföljningen redovisas alltid könsuppdelat.",
                "personal_data": "nej",
            },
            "utvardering": {
                "evaluator": "upphandlad",
                "questions": "Ökar närvaron, och minskar placeringarna?",
                "method": "Jämförelse med matchad grupp.",
                "cost": "1 800",
                "implementation": "Teamen tas in i ordinarie elevhälsa från 2031 om målen nås.",
                "receiver": "Skolchefen",
                "received_on": "2031-01-01",
            },
        }

    def budget_row(self, year: str, use: str, amount: str) -> dict[str, str]:
        """A row of the budget as typed."""
        return {"year": year, "use": use, "cost_type": "lon", "namnd": str(self.owner.pk), "requested": amount}

    def effect_row(self, **changes: str) -> dict[str, str]:
        """C1's effect as typed: 40 young people, 35 % with effect, 15 % without, 650 tkr each, 2 000 tkr to run."""
        return {
            "effect": "Färre placeringar",
            "chain": "1",
            "actor": "kommun",
            "namnd": str(self.owner.pk),
            "area": "family",
            "reached": "40",
            "low": "25",
            "base": "35",
            "high": "45",
            "counterfactual": "15",
            "unit_cost": "650",
            "source": "Egen redovisning",
            "running_cost": "2 000",
            "first_year": "2030",
            "years": "8",
            **changes,
        }


C1_ROWS = (
    ("2028", "develop", "1 200"),
    ("2028", "introduce", "2 700"),
    ("2028", "follow_up", "300"),
    ("2028", "evaluate", "300"),
    ("2029", "develop", "400"),
    ("2029", "introduce", "3 200"),
    ("2029", "follow_up", "400"),
    ("2029", "evaluate", "500"),
    ("2030", "introduce", "1 500"),
    ("2030", "follow_up", "500"),
    ("2030", "evaluate", "1 000"),
)


def city(**round_fields: Any) -> City:
    """A fund, an open round, an owner, a partner to be, and SLK."""
    fund = factories.fund()
    owner, school = factories.namnd("Socialnämnden"), factories.namnd("Utbildningsnämnden")
    return City(
        fund=fund,
        round=factories.round_(fund, **round_fields),
        owner=owner,
        school=school,
        writer=factories.user(Role.APPLICANT, owner, first_name="Amina", last_name="Yusuf"),
        manager=factories.user(Role.MANAGER, owner, first_name="Maria", last_name="Lind"),
        school_writer=factories.user(Role.APPLICANT, school, first_name="Sven", last_name="Ek"),
        school_manager=factories.user(Role.MANAGER, school, first_name="Petra", last_name="Ahl"),
        officer=factories.user(Role.OFFICER, first_name="Olle", last_name="Berg"),
        director=factories.user(Role.DIRECTOR, first_name="Diana", last_name="Dal"),
    )


def fill(
    case: Case,
    sheet: Sheet,
    answers: dict[str, dict[str, Any]],
    by: User,
    changes: dict[str, dict[str, Any]] | None = None,
) -> None:
    """Save every part, as a person would; `changes` are laid over what is there."""
    changes = changes or {}
    for slug in [*answers, *(slug for slug in changes if slug not in answers)]:
        typed = deepcopy(answers.get(slug)) or _typed(case, sheet, slug)
        sheet.save(case, slug, typed | changes.get(slug, {}), by, AT)


def _typed(case: Case, sheet: Sheet, slug: str) -> dict[str, Any]:
    draft = Draft.objects.filter(case=case, sheet=sheet.name, part=slug).first()
    return dict(draft.answers) if draft else {}


def later(days: int = 0, minutes: int = 0) -> datetime:
    """Some time after AT."""
    return AT + timedelta(days=days, minutes=minutes)
