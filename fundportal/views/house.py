"""The administration's front page, and the history of what is done outside every case and fund."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import chain, history, house
from fundportal.fields import whole_number
from fundportal.models import Event
from fundportal.process import Role
from fundportal.views.door import holder, person

PAGE = 30


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What the person may keep in order, as a list of pages."""
    places = house.places(person(request).roles())
    if not places:
        raise PermissionDenied(_("Administrationen är till för administratörer och stadsledningskontoret."))
    rows = [
        {"url": reverse(place.name), "label": place.label, "text": place.text, "icon": place.icon} for place in places
    ]
    return render(request, "house/overview.html", {"places": rows})


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """The house's events, the newest first, a page at a time, and whether their chain holds."""
    holder(request, {Role.ADMINISTRATOR, Role.AUDITOR}, _("Husets historik läses av administratörer och revisorer."))
    rows = Event.objects.filter(case=None, fund=None).defer("body").prefetch_related("entries").order_by("-no")
    count = rows.count()
    if (no := whole_number(request.GET.get("fran", ""))) is not None:
        rows = rows.filter(no__lt=no)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    known = history.names(shown)
    context = {
        "events": [(event, history.line(event, known, full=True)) for event in shown],
        "next": f"?fran={shown[-1].no}" if len(found) > PAGE else "",
        "first": reverse("house_history") if no is not None else "",
        "count": count,
        "faults": chain.verify(None),
        "checked_at": timezone.now(),
    }
    return render(request, "house/history.html", context)
