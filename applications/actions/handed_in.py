"""What handing something in leaves behind: the receipt, the frozen paper, and the facts that others work with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _

from applications.models import BudgetRow, Completion, EffectRow, Indicator, ProjectFacts, SheetName, Submission
from applications.needs import is_late, last_day
from applications.sheets.calculation import Calculation
from applications.sheets.outcome import effect_of, reached_of
from applications.sheets.parts import partners
from fundportal import documents, formatting, funds, small_numbers
from fundportal.canonical import NOT_APPLICABLE
from fundportal.drafts import Filled
from fundportal.errors import Refused
from fundportal.models import Case, Document, Event


def receive(event: Event, sheet: SheetName, late_reason: str) -> Submission:
    """Note that it came, the how manieth time, and whether in time. Late needs a reason."""
    case = cast(Case, event.case)
    last, late = last_day(case), is_late(case, event.at)
    if late and not late_reason.strip():
        raise Refused(
            _("Sista dag var den %(day)s. Ange skäl till att handlingen lämnas in efter sista dag.")
            % {"day": formatting.day(last)}
        )
    _meet(case, sheet, event)
    return Submission.objects.create(
        case=case,
        event=event,
        sheet=sheet,
        no=Submission.objects.filter(case=case, sheet=sheet).count() + 1,
        at=event.at,
        last_day=last,
        late=late,
        late_reason=late_reason.strip() if late else "",
    )


def _meet(case: Case, sheet: SheetName, event: Event) -> None:
    """The completion that was asked for has come, with the answers to what was asked."""
    for completion in Completion.objects.filter(case=case, sheet=sheet, met_at=None).prefetch_related("asked"):
        drafts = {draft.part: draft.answers for draft in case.drafts.filter(sheet=sheet)}
        for one in completion.asked.all():
            one.answer = str(drafts.get(one.part, {}).get(one.field, "")).strip()
            one.save(update_fields=["answer"])
        completion.met_at = event.at
        completion.save(update_fields=["met_at"])


def freeze(event: Event, submission: Submission, filled: Filled, title: str) -> Document:
    """The paper as it was handed in: readable sections and the exact answers."""
    lead = ""
    if submission.late:
        lead = _("Inkommen efter sista dag (%(day)s). Skäl: %(reason)s") % {
            "day": formatting.day(submission.last_day),
            "reason": submission.late_reason,
        }
    content = {
        "lead": lead,
        "sections": filled.sections(),
        "answers": filled.content(),
        "submission": submission.no,
        "late": submission.late,
    }
    if small := _small(filled):
        content["small"] = small
    return documents.freeze(event, submission.sheet, title, content)


def _small(filled: Filled) -> dict[str, Any]:
    """What in the paper not everyone may read: a small target group, and a calculation for a few people."""
    limit = funds.rules_of(filled.case).small_number
    rows: dict[str, str] = {}
    parts: list[str] = []
    for form in filled.forms:
        if "size" in form.fields and form.is_valid() and small_numbers.is_small(form.cleaned_data["size"], limit):
            rows[str(form.fields["size"].label)] = small_numbers.span(limit)
        if isinstance(form, Calculation):
            outcome = replace(form.outcome(), small=limit)
            if any(outcome.hides(row, "reached") for row in range(len(outcome.effects))):
                parts.append(str(form.title))
    return {"rows": rows, "parts": parts} if rows or parts else {}


def total(rows: Iterable[dict[str, Any]], column: str) -> Decimal:
    """The sum of a column."""
    return sum((row[column] or Decimal(0) for row in rows), Decimal(0))


def keep_rows(case: Case, no: int, filled: Filled) -> None:
    """The budget, the indicators and the effects of this submission, as rows; earlier submissions' rows stand."""
    BudgetRow.objects.bulk_create(
        BudgetRow(
            case=case,
            submission=no,
            year=row["year"],
            use=row["use"],
            cost_type=row["cost_type"],
            namnd_id=int(row["namnd"]),
            requested=row["requested"],
            **_three(row["cofinancing"], "cofinancing"),
        )
        for row in filled.cleaned("budget")["rows"]
    )
    kept = ("goal", "name", "unit", "baseline", "baseline_year", "target", "target_year", "periodicity", "responsible")
    Indicator.objects.bulk_create(
        Indicator(case=case, submission=no, no=index, **{name: row[name] for name in kept})
        for index, row in enumerate(filled.cleaned("effektkedja")["indicators"], start=1)
    )
    EffectRow.objects.bulk_create(_effect_row(case, no, row) for row in filled.cleaned("kalkyl")["effects"])


def _three(answer: Any, name: str) -> dict[str, Any]:
    """A figure that may be left out, as it is kept: nothing answered, a number (0 too) and not applicable are three."""
    na = answer == NOT_APPLICABLE
    return {name: None if na else answer, f"{name}_na": na}


def _effect_row(case: Case, no: int, row: dict[str, Any]) -> EffectRow:
    effect = effect_of(row)
    return EffectRow(
        case=case,
        submission=no,
        effect=row["effect"],
        chain=row["chain"],
        actor=row["actor"],
        namnd_id=int(row["namnd"]) if row["namnd"] else None,
        area=row["area"],
        first_year=row["first_year"],
        years=row["years"],
        reached=max(reached_of(row["reached"])),
        yearly=row["reached"] if isinstance(row["reached"], list) else [],
        **_three(row["running_cost"], "running_cost"),
        low=effect.saving("low"),
        base=effect.saving("base"),
        high=effect.saving("high"),
    )


def keep_idea_facts(event: Event, filled: Filled) -> None:
    """The idea at a glance."""
    cost = filled.cleaned("kostnad")
    _keep_facts(
        event,
        filled,
        estimated_cost=total(cost["costs"], "amount"),
        saving_expected=not cost["no_saving"],
        saving_per_year=None,
        payback_year=None,
    )


def keep_application_facts(event: Event, filled: Filled) -> None:
    """The application at a glance, with the base scenario's figures."""
    calculation = next(form for form in filled.forms if isinstance(form, Calculation))
    base = calculation.outcome().base
    _keep_facts(
        event,
        filled,
        saving_expected=base.per_year > 0,
        saving_per_year=base.per_year,
        payback_year=base.payback,
    )


def _keep_facts(event: Event, filled: Filled, **figures: Any) -> None:
    case, need = filled.case, filled.cleaned("behov")
    basics = next(form for form in filled.forms if form.slug == "grund")
    contact = next(line.text for line in basics.shown() if line.label == str(basics.fields["contact"].label))
    ProjectFacts.objects.update_or_create(
        case=case,
        defaults={
            "event": event,
            "sheet": filled.sheet.name,
            "target_group": need["target_group"],
            "reached": need["size"],
            "intervention": filled.cleaned("insats")["intervention"],
            "contact": contact,
            "partners": "\n".join(party.namnd.name for party in partners(case)),
            **figures,
        },
    )
