"""What must be in place for acts on a running project, in words."""

from datetime import datetime

from django.utils.translation import gettext as _

from applications.models import Change, Report, Requisition, SteeringMember
from applications.models.investment import OPEN, granted
from fundportal.models import Case, User


def requisition_awaits(case: Case, at: datetime) -> str | None:
    """There is something to approve."""
    if Requisition.objects.filter(case=case, status=Requisition.Status.AWAITING).exists():
        return None
    return _("Ingen rekvisition väntar på godkännande.")


def requisition_is_approved(case: Case, at: datetime) -> str | None:
    """There is something to pay."""
    if Requisition.objects.filter(case=case, status=Requisition.Status.APPROVED).exists():
        return None
    return _("Ingen godkänd rekvisition väntar på utbetalning.")


def something_is_granted(case: Case, at: datetime) -> str | None:
    """There is money to plan for."""
    return None if any(granted(case).values()) else _("Inga pengar är beviljade.")


def something_is_paid(case: Case, at: datetime) -> str | None:
    """There is a payment to correct."""
    if Requisition.objects.filter(case=case, status=Requisition.Status.PAID).exists():
        return None
    return _("Ingen rekvisition är utbetald.")


def nothing_awaits_payment(case: Case, at: datetime) -> str | None:
    """Every requisition is paid or refused."""
    numbers = Requisition.objects.filter(case=case, status__in=OPEN).values_list("number", flat=True)
    if not numbers:
        return None
    listed = ", ".join(str(number) for number in numbers)
    return _("Rekvisition %(numbers)s väntar på utbetalning. Den ska betalas ut eller avslås först.") % {
        "numbers": listed
    }


def report_awaits(case: Case, at: datetime) -> str | None:
    """There is a report to accept."""
    if Report.objects.filter(case=case).awaiting().exists():
        return None
    return _("Ingen lägesrapport väntar på godkännande.")


def reports_are_accepted(case: Case, at: datetime) -> str | None:
    """At least one report was handed in, and the chair has accepted the newest version of each."""
    reports = list(Report.objects.filter(case=case).standing())
    if not reports:
        return _("Minst en lägesrapport ska vara lämnad och godkänd.")
    waiting = [str(report) for report in reports if report.accepted_id is None]
    if waiting:
        return _("Styrgruppens ordförande har inte godkänt lägesrapporten för %(reports)s.") % {
            "reports": ", ".join(waiting)
        }
    return None


def change_awaits(case: Case, at: datetime) -> str | None:
    """There is a change to decide on."""
    if Change.objects.filter(case=case, status=Change.Status.AWAITING).exists():
        return None
    return _("Ingen begäran om ändring väntar på beslut.")


def no_change_awaits(case: Case, at: datetime) -> str | None:
    """No request for a change is left undecided."""
    if change_awaits(case, at):
        return None
    return _("En begäran om ändring väntar på stadsdirektörens beslut.")


def is_not_chair(case: Case, user: User) -> str | None:
    """Only the steering group's chair accepts a report."""
    chair = SteeringMember.objects.filter(case=case, chair=True, until__isnull=True).select_related("user").first()
    if chair is None:
        return _("Ingen styrgrupp är utsedd. Styrgruppens ordförande godkänner lägesrapporter.")
    if chair.user_id == user.pk:
        return None
    return _("Lägesrapporter godkänns av styrgruppens ordförande, %(name)s.") % {"name": chair.user.get_full_name()}
