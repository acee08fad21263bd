"""What the kernel's own acts need, in words."""

from datetime import datetime

from django.utils.translation import gettext as _

from fundportal.models import Case


def is_not_archived(case: Case, at: datetime) -> str | None:
    """A case is archived once."""
    return _("Ärendet är redan arkiverat.") if case.archived_at else None
