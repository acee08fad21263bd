"""Partners' own parts and completions in the demo: written, asked about and answered by the acts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from applications import actions as phase1
from applications.models import CompletionQuestion
from applications.needs import formal_checks
from applications.sheets import APPLICATION, IDEA
from applications.sheets.partner import slug_of
from fundportal import calendar
from fundportal.demo.answers_idea import FICTION
from fundportal.demo.project import Project
from fundportal.drafts import Sheet
from fundportal.models import User

if TYPE_CHECKING:
    from fundportal.demo.walk import Walk

DROPOUT = {
    "risk": "Deltagare hoppar av",
    "likelihood": "3",
    "consequence": "3",
    "measure": "Uppföljande samtal varje månad det första halvåret.",
    "owner": "Projektledaren",
}


def answers(walk: Walk, part: str) -> dict[str, str]:
    """Answers to what SLK asks about a part."""
    asked = CompletionQuestion.objects.filter(completion__case=walk.case, completion__met_at=None, part=part)
    return {one.field: f"Det är nu beskrivet närmare, med våra egna siffror. {FICTION}" for one in asked}


def partners_fill(walk: Walk, sheet: Sheet, codes: tuple[str, ...] | None = None) -> None:
    """Each partner writes its own part, says that it is ready, and its manager endorses it."""
    for code in walk.project.partners if codes is None else codes:
        board, writer = walk.cast.boards[code], walk.cast.one("applicant", code)
        walk.fill(sheet, {slug_of(board): partner_part(writer, walk.project, money=sheet is APPLICATION)}, writer)
        walk.do(phase1.complete_part, writer, namnd=board)
        walk.wait(hours=2)
        walk.do(phase1.endorse_part, walk.cast.one("manager", code), namnd=board, comment="Vi står bakom åtagandet.")


def half_ready(walk: Walk) -> None:
    """Every partner has said yes; the first is ready, and the lead waits for the others."""
    for code in walk.project.partners:
        walk.wait(1)
        walk.do(phase1.accept_partnership, walk.cast.one("manager", code), namnd=walk.cast.boards[code])
    partners_fill(walk, IDEA, walk.project.partners[:1])


def completed(walk: Walk) -> None:
    """The application is found wanting, asked about, and comes again with answers and changes."""
    walk.wait(2)
    texts = dict(formal_checks())
    rows = [{"code": code, "text": text, "outcome": "met", "comment": ""} for code, text in texts.items()]
    rows[3] |= {"outcome": "not_met", "comment": "Det framgår inte hur risken för avhopp hanteras."}
    walk.do(phase1.check_formally, walk.officer, rows=rows)
    asked = [
        {"part": "risker", "question": "Hur hanteras risken att deltagare hoppar av?"},
        {"part": "utvardering", "question": "Hur väljs jämförelsegruppen ut?"},
    ]
    last_day = calendar.working_day_on_or_after(walk.today + timedelta(days=14))
    walk.do(phase1.request_completion, walk.officer, rows=asked, last_day=last_day)
    walk.wait(3)
    filled = APPLICATION.filled(walk.case)
    risks = [*filled.typed("risker")["risks"], DROPOUT]
    method = f"{filled.typed('utvardering')['method']} Jämförelsegruppen matchas på ålder och stadsdel."
    changed: dict[str, dict[str, object]] = {"risker": {"risks": risks}, "utvardering": {"method": method}}
    walk.fill(APPLICATION, {part: typed | answers(walk, part) for part, typed in changed.items()}, walk.writer)
    walk.wait(1)
    walk.do(phase1.ask_endorsement, walk.writer, message="Två frågor är besvarade, inget annat är ändrat.")
    walk.do(phase1.endorse_application, walk.manager, digest=APPLICATION.filled(walk.case).digest)
    walk.do(phase1.submit_application, walk.writer)
    walk.wait(1)
    met = [row | {"outcome": "met", "comment": ""} for row in rows]
    walk.do(phase1.check_formally, walk.officer, rows=met)


def partner_part(writer: User, project: Project, *, money: bool) -> dict[str, Any]:
    """A partner's own part as its applicant writes it."""
    answers: dict[str, Any] = {
        "role": "Nämnden deltar i team och styrgrupp och tar emot familjer som behöver fortsatt stöd.",
        "undertaking": f"En halv tjänst under investeringsfasen och uppföljning tillsammans. {FICTION}",
        "contact": str(writer.pk),
    }
    if money:
        answers["resources"] = [
            {"year": str(project.start + nth), "resource": "En halv tjänst", "amount": "350"}
            for nth in range(project.years)
        ]
    return answers
