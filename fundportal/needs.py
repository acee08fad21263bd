"""What the kernel's own acts need, in words."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import ties
from fundportal.models import AccessRequest, Case, CaseUserGrant, User
from fundportal.models.people import PREFIX
from fundportal.process import Role


def is_not_archived(case: Case, at: datetime) -> str | None:
    """A case is archived once."""
    return _("Ärendet är redan arkiverat.") if case.archived_at else None


def nobody_asks_to_see(case: Case, user: User) -> str | None:
    """Access is granted or refused to someone who has asked for it."""
    if "_asked" not in case.__dict__:  # both acts ask
        case.__dict__["_asked"] = AccessRequest.objects.filter(case=case, decision=None).exists()
    return None if case.__dict__["_asked"] else _("Ingen begäran om insyn väntar på svar.")


def nobody_has_been_let_in(case: Case, user: User) -> str | None:
    """Access that was granted may be ended."""
    if CaseUserGrant.objects.filter(content_object=case, permission__codename=PREFIX + Role.READER).exists():
        return None
    return _("Ingen har fått insyn i ärendet.")


def is_not_writer(case: Case, user: User) -> str | None:
    """One strikes what one has written oneself."""
    if case.notes.filter(Q(event__by=user) | Q(event__on_behalf_of=user), strike=None).exists():
        return None
    return _("Du har inte skrivit någon anteckning eller något meddelande i ärendet.")


def nobody_has_jav(case: Case, user: User) -> str | None:
    """A jäv is withdrawn by another than the one who has it."""
    if case.javs.standing().exclude(user=user).exists():
        return None
    return _("Ingen annan har jäv i ärendet.")


def no_tie_awaits(case: Case, user: User) -> str | None:
    """Another's tie to the case waits to be judged."""
    if any(person != user for person, _texts in ties.unjudged(case)):
        return None
    return _("Ingen koppling väntar på bedömning.")


def is_not_reminded_today(case: Case, at: datetime) -> str | None:
    """One reminder a day is enough: more are not read."""
    last = case.events.filter(action="remind").order_by("-no").values_list("at", flat=True).first()
    if last is None or timezone.localdate(last) != timezone.localdate(at):
        return None
    return _("En påminnelse har redan gått i dag, kl. %(at)s.") % {"at": f"{timezone.localtime(last):%H.%M}"}


def is_anothers_turn(case: Case, at: datetime) -> str | None:
    """Where the turn is the officers' own and nobody has the case, it is assigned and not reminded of."""
    if case.owner_role == Role.OFFICER and case.officer_id is None:
        return _("Ärendet ligger hos handläggarna och är inte tilldelat. Tilldela det i stället.")
    return None
