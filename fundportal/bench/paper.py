"""What printing costs: a frozen paper printed as the product does, against WeasyPrint alone with the same page."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime

from django.template.loader import render_to_string

from fundportal import printing
from fundportal.bench.goals import Goal
from fundportal.canonical import canonical
from fundportal.models import Case, Document

NAME = "pdf_vs_bare_weasyprint"
KIND = "Ansökan"
TEXT = (
    "Satsningen samlar skola, socialtjänst och hälsovård kring barn med lång frånvaro. Ett team möter familjen inom en "
    "vecka, kartlägger vad som hindrar och följer barnet i ett år. Effekten är färre placeringar och fler som når mål."
)


def document() -> Document:
    """A frozen application of a few pages: facts, texts and tables, as an act makes it."""
    facts = [[f"Fråga {no} om satsningen", TEXT[: 60 + 20 * no]] for no in range(1, 7)]
    rows = [[f"{2026 + no % 3}", "Införa", "Lön", "Skärholmen", f"{125 * no} 000 kr"] for no in range(1, 19)]
    table = {"caption": "Budget", "columns": ["År", "Användning", "Kostnadsslag", "Nämnd", "Sökt"], "rows": rows}
    sections = [{"title": f"{no}. Avsnitt", "rows": facts, "text": f"{TEXT}\n\n{TEXT}"} for no in range(1, 4)]
    head = {"case": "SIF-2026-001", "case_title": "Tidiga samordnade insatser", "owner": "Skärholmens stadsdelsnämnd"}
    head |= {"sender": head["owner"], "kind": KIND, "title": KIND, "by": "Amina Björkefall", "role": "Sökande"}
    content = {"head": {**head, "dnr": [], "version": 1, "event": 12}}
    text = canonical(content | {"sections": [*sections, {"title": "4. Budget", "table": table}]})
    made = Document(kind="application", title=KIND, version=1, template="pdf/sheet.html", content=text)
    made.case = Case(number=str(head["case"]), title=str(head["case_title"]))
    made.content_sha256, made.created_at = (
        hashlib.sha256(text.encode()).hexdigest(),
        datetime(2026, 11, 20, 9, tzinfo=UTC),
    )
    return made


class Bare:
    """WeasyPrint with the page already drawn and its style and fonts already read, and nothing else."""

    def __init__(self, paper: Document) -> None:
        """Draw the page once."""
        told = printing.context(paper, KIND) | {"layout": "pdf/page.html"}
        self.html = render_to_string(paper.template, told)

    def seconds(self) -> float:
        """Write one plain PDF; answers its seconds of processor time, steadier than the clock for one busy process."""
        from weasyprint import HTML  # noqa: PLC0415 -- slow import

        style, fonts = printing._style()
        begun = time.process_time()
        HTML(string=self.html, url_fetcher=printing._fetcher(), base_url="fond:").write_pdf(
            stylesheets=[style], font_config=fonts
        )
        return time.process_time() - begun


def goal(rounds: int) -> Goal:
    """The goal: PDF/A-3a with its attachment, from the frozen content, against a plain PDF of the same page."""
    paper = document()
    printing.warm()

    def printed() -> float:
        begun = time.process_time()
        printing.pdf(paper, KIND)
        return time.process_time() - begun

    return Goal(NAME, 1.2, printed, Bare(paper).seconds, rounds)
