"""What the council's acts need."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundportal.models import Case, User
from reviews.models import Assessment, idea_of


def has_assessed(case: Case, user: User) -> str | None:
    """A member assesses each version of an idea once."""
    if Assessment.objects.filter(document=idea_of(case), by=user).exists():
        return _("Du har redan bedömt idén. En lämnad bedömning ändras inte.")
    return None


def council_is_quorate(case: Case, at: datetime) -> str | None:
    """As many members as the fund asks for have assessed the idea as it stands, jäv not counted."""
    wanted, given = case.fund.council_quorum, Assessment.objects.counting(case).count()
    if given >= wanted:
        return None
    return ngettext(
        "%(left)d bedömning saknas för att rådet ska vara beslutfört: %(given)d av %(wanted)d ledamöter "
        "utan jäv har bedömt idén.",
        "%(left)d bedömningar saknas för att rådet ska vara beslutfört: %(given)d av %(wanted)d ledamöter "
        "utan jäv har bedömt idén.",
        wanted - given,
    ) % {"left": wanted - given, "given": given, "wanted": wanted}
