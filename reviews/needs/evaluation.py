"""What handing in an evaluation needs."""

from datetime import datetime

from django.utils.translation import ngettext

from fundportal import formatting
from fundportal.models import Case
from reviews.sheets import EVALUATION


def evaluation_is_complete(case: Case, at: datetime) -> str | None:
    """Every part is filled in as it should be."""
    gaps = EVALUATION.filled(case).gaps()
    if not gaps:
        return None
    parts = formatting.in_words([f"”{title}”" for title in dict.fromkeys(str(gap.part_title) for gap in gaps)])
    return ngettext(
        "Utvärderingen är inte komplett: %(count)d uppgift återstår i %(parts)s.",
        "Utvärderingen är inte komplett: %(count)d uppgifter återstår i %(parts)s.",
        len(gaps),
    ) % {"count": len(gaps), "parts": parts}
