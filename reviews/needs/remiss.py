"""What the acts of a remiss need."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import calendar, formatting
from fundportal.models import Case, Draft, User
from fundportal.process import Role
from reviews.models import RemissBody, RemissLink


def remiss_is_open(case: Case, at: datetime) -> str | None:
    """Someone has been asked and has not answered, in time or not."""
    if RemissBody.objects.asked(case).unanswered().exists():
        return None
    return _("Ingen remissinstans väntas på i ärendet.")


def remiss_is_closed(case: Case, at: datetime) -> str | None:
    """Everyone who was asked has answered or has had her time. Nobody need be asked."""
    awaited = list(RemissBody.objects.asked(case).awaited(timezone.localdate(at)))
    if not awaited:
        return None
    names = formatting.in_words(
        [_("%(body)s (senast %(day)s)") % {"body": body, "day": formatting.day(body.last_day)} for body in awaited]
    )
    return _("Remissen pågår. Svar väntas från %(names)s. Vänta in svaren eller återkalla remissen.") % {"names": names}


def day_faults(today: date, day: date) -> list[str]:
    """Any last day is ahead, and a working day."""
    if day <= today:
        return [_("Sista svarsdag måste ligga efter i dag.")]
    if not calendar.is_working_day(day):
        return [
            _("%(day)s är inte en arbetsdag. Välj till exempel %(next)s.")
            % {
                "day": formatting.weekday(day).capitalize(),
                "next": formatting.weekday(calendar.working_day_on_or_after(day)),
            }
        ]
    return []


def is_not_asked(case: Case, user: User) -> str | None:
    """Only for those who have been asked: a board's own respondents, and the officer for outside bodies."""
    if RemissBody.objects.answerable_by(user, case).exists():
        return None
    if Role.OFFICER in user.grants.everywhere:
        return _("Ingen remissinstans utanför staden väntas på i ärendet. Nämnderna svarar själva i portalen.")
    return _("Din nämnd har inte någon obesvarad remiss i ärendet.")


def more_time_is_asked(case: Case, at: datetime) -> str | None:
    """A body that has not answered has asked for anstånd and not been told of it."""
    if RemissBody.objects.asked(case).unanswered().exclude(wants_until=None).exists():
        return None
    return _("Ingen remissinstans har begärt anstånd.")


def outside_is_awaited(case: Case, at: datetime) -> str | None:
    """A body outside the city has not answered."""
    if RemissBody.objects.asked(case).unanswered().filter(namnd=None).exists():
        return None
    return _("Ingen remissinstans utanför staden väntas på i ärendet.")


def remiss_link_is_open(case: Case, at: datetime) -> str | None:
    """A body outside the city has a link that may still let it in."""
    if RemissLink.objects.standing().filter(body__remiss__case=case, body__remiss__withdrawal=None).exists():
        return None
    return _("Ingen remissinstans har en öppen länk.")


def remiss_is_told(case: Case, at: datetime) -> str | None:
    """The tjänsteutlåtande says what the remiss came to, when one was sent and answered."""
    if not RemissBody.objects.asked(case).exclude(answer=None).exists():
        return None
    drafted = Draft.objects.filter(case=case, sheet="opinion", part="beredning").first()
    if drafted and str(drafted.answers.get("remiss", "")).strip():
        return None
    return _("Remissen är besvarad. Skriv vad svaren går ut på under ”Beredning” i tjänsteutlåtandet.")
