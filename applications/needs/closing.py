"""What this phase knows of the closing checklist: reports, payments and changes of the project."""

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Report
from applications.needs.investment import no_change_awaits, nothing_awaits_payment
from fundportal.hooks import Point
from fundportal.models import Case


def points(case: Case) -> list[Point]:
    """Every report is accepted, every requisition is settled, every change is decided."""
    now, here = timezone.now(), case.get_absolute_url()
    waiting = [str(report) for report in Report.objects.standing().filter(case=case, accepted=None)]
    unaccepted = _("Lägesrapporten för %(reports)s är inte godkänd.") % {"reports": ", ".join(waiting)}
    unpaid, undecided = nothing_awaits_payment(case, now) or "", no_change_awaits(case, now) or ""
    return [
        Point(_("Lägesrapporterna är godkända"), not waiting, unaccepted if waiting else "", here),
        Point(_("Inget väntar på utbetalning"), not unpaid, unpaid, here),
        Point(_("Ändringar är beslutade"), not undecided, undecided, here),
    ]
