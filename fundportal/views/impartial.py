"""Pages about impartiality: one's own yearly declaration, and the list of everyone's."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import declarations as told
from fundportal import impartial, kept
from fundportal.errors import Refused
from fundportal.forms import change_rows, rows_asked
from fundportal.impartial_forms import DeclareInterests
from fundportal.models import Jav, User
from fundportal.process import Role
from fundportal.views.door import person

READS = {Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR, Role.DIRECTOR}


def interests(request: HttpRequest) -> HttpResponse:
    """My declaration of the year: what I have told, and the form to tell it anew."""
    user, year = person(request), timezone.localdate().year
    if not user.grants.everywhere & set(told.DECLARES):
        raise PermissionDenied(_("Bindningar anmäls av rådets ledamöter och av dem som handlägger och beslutar."))
    if request.method != "POST":
        again = kept.take(request)
        return _page(request, user, DeclareInterests(initial=DeclareInterests(again).typed() if again else None))
    form = DeclareInterests(request.POST)
    if asked := rows_asked(request.POST):
        return _page(request, user, DeclareInterests(initial=change_rows(form.typed(), asked)))
    if not form.is_valid():
        return _page(request, user, form, form.summary())
    try:
        impartial.declare_interests(user, timezone.now(), interests=form.given(), key=_key(request))
    except Refused as refused:
        return _page(request, user, form, [(reason, "") for reason in refused.reasons])
    messages.success(request, _("Dina bindningar för %(year)d är anmälda.") % {"year": year})
    return redirect("interests")


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return None


def _page(
    request: HttpRequest, user: User, form: DeclareInterests, errors: list[tuple[str, str]] | None = None
) -> HttpResponse:
    year = timezone.localdate().year
    context = {
        "form": form,
        "errors": errors or [],
        "year": year,
        "declared": told.latest([user], year).get(user.pk),
        "javs": Jav.objects.standing().filter(user=user).select_related("event").order_by("-id"),
        "may_read": bool(user.grants.everywhere & READS),
        "key": request.POST.get("_key") or uuid4(),
    }
    return render(request, "impartial/interests.html", context, status=422 if errors else 200)


@require_safe
def declarations(request: HttpRequest) -> HttpResponse:
    """Who has declared this year and what, and who has not."""
    if not person(request).grants.everywhere & READS:
        raise PermissionDenied(_("Listan läses av stadsledningskontoret, administratörer och revisorer."))
    year, people = timezone.localdate().year, told.declaring()
    done = told.latest(people, year)
    rows = [(user, done.get(user.pk)) for user in people]
    missing = sum(1 for _user, declared in rows if declared is None)
    return render(request, "impartial/declarations.html", {"rows": rows, "year": year, "missing": missing})
