"""What a new idea may begin with from an earlier case: its words, never its days, money, people or decisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fundportal.models import Case, Draft

TEXTS = ("behov", "insats", "sammanhang")
"""Parts that are copied whole; the application asks for them in the same words as the idea."""
TOGETHER = ("parties", "children", "children_text", "equality_text")


def copied(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    """Parts of a new idea with answers as they were typed, from the newest that was written in the earlier case."""
    drafts = {(draft.sheet, draft.part): draft.answers for draft in Draft.objects.filter(case=case)}
    for slug in TEXTS:
        if answers := drafts.get(("application", slug)) or drafts.get(("idea", slug)):
            yield slug, _own(answers)
    together = drafts.get(("idea", "samverkan"), {}) | drafts.get(("application", "analyser"), {})
    if kept := {name: together[name] for name in TOGETHER if name in together}:
        yield "samverkan", kept
    savings = drafts.get(("idea", "kostnad"), {}).get("savings")
    if savings:
        yield "kostnad", {"savings": savings}


def _own(answers: dict[str, Any]) -> dict[str, Any]:
    """Without answers to questions that were asked of the earlier one."""
    return {name: value for name, value in answers.items() if not name.startswith("svar_")}
