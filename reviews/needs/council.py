"""What the council's acts need."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundportal import formatting
from fundportal.models import Case, User
from fundportal.process import Role
from reviews.models import Assessment, Before, Condition, CouncilMember, Seat, idea_of, quorum


def has_assessed(case: Case, user: User) -> str | None:
    """A member assesses each version of an idea once; what jäv has made void does not count."""
    hers = Q(by=user) | Q(event__on_behalf_of=user)
    if Assessment.objects.valid().filter(hers, document=idea_of(case)).exists():
        return _("Du har redan bedömt idén. En lämnad bedömning ändras inte.")
    return None


def council_is_quorate(case: Case, at: datetime) -> str | None:
    """As many members as the rules ask for have assessed the idea as it stands, jäv not counted."""
    wanted, given = quorum(case), Assessment.objects.counting(case).count()
    if given >= wanted:
        return None
    return ngettext(
        "%(left)d bedömning saknas för att rådet ska vara beslutfört: %(given)d av %(wanted)d ledamöter "
        "utan jäv har bedömt idén.",
        "%(left)d bedömningar saknas för att rådet ska vara beslutfört: %(given)d av %(wanted)d ledamöter "
        "utan jäv har bedömt idén.",
        wanted - given,
    ) % {"left": wanted - given, "given": given, "wanted": wanted}


def is_not_chair(case: Case, user: User) -> str | None:
    """Of the council's members only the chair judges others' ties and jäv; officers and the director do anyway."""
    if user.roles_in(case) & {Role.OFFICER, Role.DIRECTOR} or chairs(user):
        return None
    return _("Det gör rådets ordförande eller en handläggare.")


def chairs(user: User) -> bool:
    """Whether the person chairs the council today."""
    today = timezone.localdate()
    return CouncilMember.objects.on(today).filter(user=user, seat=Seat.CHAIR).exists()


def no_condition_awaits(case: Case, user: User) -> str | None:
    """A condition of the council's is to be met."""
    if _unmet(case):
        return None
    return _("Inget av rådets villkor väntar på att uppfyllas.")


def _unmet(case: Case) -> list[Condition]:
    """The conditions that are not met: one question for all the acts that ask."""
    found: list[Condition] | None = case.__dict__.get("_unmet")
    if found is None:
        found = list(Condition.objects.of(case).unmet())
        case.__dict__["_unmet"] = found
    return found


def _stops(case: Case, before: Before) -> str | None:
    stopping = [row for row in _unmet(case) if row.before == before]
    if not stopping:
        return None
    texts = formatting.in_words(
        [_("”%(text)s” (senast %(day)s)") % {"text": row.text, "day": formatting.day(row.due_on)} for row in stopping]
    )
    return _(
        "Rådets villkor ska vara uppfyllt innan %(act)s: %(texts)s. Handläggaren registrerar när det är gjort."
    ) % {
        "act": before.label,
        "texts": texts,
    }


def conditions_before_application(case: Case, at: datetime) -> str | None:
    """The council's conditions that are to be met before the application is handed in."""
    return _stops(case, Before.APPLICATION)


def conditions_before_decision(case: Case, at: datetime) -> str | None:
    """The council's conditions that are to be met before the decision is signed."""
    return _stops(case, Before.DECISION)


def conditions_before_start(case: Case, at: datetime) -> str | None:
    """The council's conditions that are to be met before money is drawn."""
    return _stops(case, Before.START)
