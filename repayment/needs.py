"""What must be in place before an act of repayment, in words."""

from datetime import datetime

from django.utils.translation import gettext as _

from fundportal.formatting import day, in_words, kronor
from fundportal.models import Case
from repayment.models import Adjustment, Plan, PlanRow, remembered


def plan_is_proposed(case: Case, at: datetime) -> str | None:
    """The director decides on a proposal by the controller."""
    if Plan.objects.filter(case=case).exists():
        return None
    return _("Det finns inget förslag till återföringsplan. Controllern behöver föreslå en plan först.")


def something_remains(case: Case, at: datetime) -> str | None:
    """There is something left to repay."""
    if remembered(case).remaining > 0:
        return None
    return _("Inget återstår att återföra. Avsluta återföringen i stället.")


def nothing_remains(case: Case, at: datetime) -> str | None:
    """All is repaid or exempted."""
    remaining = remembered(case).remaining
    if remaining == 0:
        return None
    return _(
        "%(amount)s återstår att återföra. Stäm av återstående bokslut, ändra planen eller undanta det som återstår."
    ) % {"amount": kronor(remaining)}


def a_namnd_has_ended(case: Case, at: datetime) -> str | None:
    """Some open row belongs to a board that does not exist at its bokslut."""
    if remembered(case).orphans:
        return None
    return _("Alla nämnder med öppna rader i planen finns kvar vid sina bokslut. Det finns inget att överföra.")


def adjustment_is_requested(case: Case, at: datetime) -> str | None:
    """A budget adjustment has been asked for."""
    if Adjustment.objects.filter(case=case).exists():
        return None
    return _("Ingen budgetjustering är begärd. Handläggaren behöver begära den först.")


def namnd_is_there(row: PlanRow) -> str | None:
    """The row's board exists at its bokslut; if not, its rows must be handed over by decision."""
    if row.namnd_exists:
        return None
    words = {"namnd": row.namnd.name, "year": row.year}
    if row.namnd.active_to is None or row.namnd.active_to.year > row.year:
        return _("%(namnd)s finns inte vid bokslutet %(year)d.") % words
    words["day"] = day(row.namnd.active_to)
    return (
        _(
            "%(namnd)s upphör den %(day)s och finns inte vid bokslutet %(year)d. "
            "Stadsdirektören behöver överföra raden till en ny nämnd."
        )
        % words
    )


def orphans_in_words(rows: list[PlanRow]) -> str:
    """The boards that rows must be handed over from."""
    return in_words(sorted({row.namnd.name for row in rows}))
