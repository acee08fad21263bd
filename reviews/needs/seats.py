"""Where the council's members come from, for `fundportal.ties`."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from reviews.models import CouncilMember


def on_boards(people: list[int], boards: list[int]) -> list[tuple[int, int, str]]:
    """Members who come from one of the boards."""
    seats = CouncilMember.objects.on(timezone.localdate()).filter(user__in=people, namnd__in=boards)
    return [(user, board, _("kommer från nämnden")) for user, board in seats.values_list("user", "namnd")]
