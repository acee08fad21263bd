"""Small counts that the application's readers are not all shown, told anyway in a text that everyone will read."""

from __future__ import annotations

from django.db.models import Subquery
from django.utils.translation import gettext as _

from applications.models import EffectRow, ProjectFacts
from fundportal import formatting, funds, small_numbers
from fundportal.models import Case


def warning(case: Case, text: str) -> str:
    """What to say of a text that tells a small count of people of the case's newest paper; a sentence, never a stop.

    Only a count that stands in what was handed in, is below the fund's threshold, and is written next to a word for
    people (`small_numbers.in_text`): other small numbers in a text (two meetings, three years) tell of nobody.
    """
    told = small_numbers.in_text(text)
    limit = funds.rules_of(case).small_number if told else 0
    small = {count: words for count, words in told.items() if small_numbers.is_small(count, limit)}
    kept_back = _kept_back(case) if small else set()
    words = [f"”{' '.join(said.split())}”" for count, said in small.items() if count in kept_back]
    if not words:
        return ""
    return _(
        "Texten nämner %(words)s. Så litet är ett antal i ansökan som inte visas för alla, men utlåtandet läses av "
        "alla. Skriv till exempel ”färre än %(limit)s”, om den som läser annars kan förstå vilka det gäller."
    ) % {"words": formatting.in_words(words), "limit": formatting.number(limit)}


def _kept_back(case: Case) -> set[int]:
    """The counts of people in the newest application: the target group, and how many each effect reaches."""
    found = set(ProjectFacts.objects.filter(case=case).values_list("reached", flat=True))
    rows = EffectRow.objects.filter(case=case)
    newest = rows.order_by("-submission").values("submission")[:1]
    for reached, yearly in rows.filter(submission=Subquery(newest)).values_list("reached", "yearly"):
        found |= {reached, *yearly}
    return found
