"""The page of the effect calculation: what was handed in for readers, or the draft for those who may read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import SheetName
from applications.sheets import APPLICATION, outcome_lines
from applications.sheets.calculation import Calculation
from applications.sheets.outcome import DECIDING, Outcome, handed_in
from fundportal import formatting, funds, shown, small_numbers
from fundportal.models import Case, User
from fundportal.views.door import open_case, person


@dataclass(frozen=True)
class Section:
    """A part of the page: what it says in a sentence, and a table, perhaps with its chart."""

    name: str
    table: shown.Line
    text: str = ""


@require_safe
def calculation(request: HttpRequest, number: str) -> HttpResponse:
    """The result of the calculation with charts, formulas and tables. 404 when there is none to read."""
    case, user = open_case(request, number), person(request)
    found = _read(case, user)
    if found is None:
        raise Http404
    outcome, about = found
    if not small_numbers.may_see(user, case):
        outcome = replace(outcome, small=funds.rules_of(case).small_number)
    context = {
        "case": case,
        "outcome": outcome,
        "about": about,
        "terms": outcome_lines.terms(outcome),
        "sections": list(sections(outcome)),
    }
    return render(request, "applications/calculation.html", context)


def _read(case: Case, user: User) -> tuple[Outcome, dict[str, Any]] | None:
    """(figures, what they are read from): the draft while it is written by or for this person, else what came last."""
    if case.step == APPLICATION.step and APPLICATION.may_read(case, user):
        filled = APPLICATION.filled(case)
        part = next(form for form in filled.forms if isinstance(form, Calculation))
        return part.outcome(), {"draft": True, "writes": APPLICATION.may_write(case, user)}
    paper = case.documents.filter(kind=SheetName.APPLICATION).order_by("-version").first()
    if paper is None:
        return None
    return handed_in(json.loads(paper.content)["answers"], case.scope), {"paper": paper}


def sections(outcome: Outcome) -> Iterator[Section]:
    """The page's parts in the order of the reasoning."""
    if not outcome.effects:
        return
    yield _over_time(outcome)
    yield Section("formel", outcome_lines.formulas(outcome), _("Räkna gärna om: varje tal står i ansökan."))
    yield Section(
        "aktorer",
        outcome_lines.actor_table(outcome),
        _("Bara kommunens minskade utgifter kan återföras till fonden. Andras nytta visas bredvid och summeras inte."),
    )
    if any(effect.municipal for effect in outcome.effects):
        yield _deciding(outcome)
        yield Section(
            "brytpunkter",
            outcome_lines.turning_table(outcome),
            _("En uppgift i taget ändras tills kommunens nominella besparing är lika stor som det sökta beloppet."),
        )
    if outcome.bearers:
        yield Section("nytta", outcome_lines.bearer_table(outcome), _bearing(outcome))


def _over_time(outcome: Outcome) -> Section:
    table = outcome_lines.year_table(outcome)
    text = _("Den streckade linjen är det sökta beloppet. Där en kurva når den är satsningen återbetald.")
    return Section("tid", table, text)


def _deciding(outcome: Outcome) -> Section:
    table = outcome_lines.swing_table(outcome)
    names = formatting.in_words([row[0].lower() for row in table.rows[:DECIDING]])
    text = _(
        "Resultatet är besparingen minus det sökta: %(result)s i basscenariot. Mest avgör %(names)s. "
        "Andelen med effekt prövas från låg till hög, övriga uppgifter 20 procent ned och upp."
    ) % {"result": formatting.tkr(outcome.result), "names": names}
    return Section("avgor", table, text)


def _bearing(outcome: Outcome) -> str:
    stuck = [board.namnd.name for board in outcome.bearers if board.per_year and not board.adjustable]
    if not stuck:
        return _("Budgeten kan justeras efteråt hos alla nämnder vars utgifter minskar.")
    return _(
        "Stadens fördelningsmodell medger inte att en enskild stadsdelsnämnds budget justeras. "
        "Det gäller %(names)s: återföring är möjlig, men ingen budgetjustering utan särskilt beslut."
    ) % {"names": formatting.in_words(stuck)}
