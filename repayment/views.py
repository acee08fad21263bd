"""Pages of the phase that are no acts in a case: the distribution keys."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import kept
from fundportal.forms import change_rows, rows_asked
from fundportal.models import User
from fundportal.process import Role
from fundportal.views.door import person
from repayment.forms import AddKey
from repayment.models import DistributionKey, KeyWeight, city_namnder

READ = {Role.OFFICER, Role.CONTROLLER, Role.DIRECTOR, Role.AUDITOR}
ADD = {Role.OFFICER, Role.CONTROLLER}


def _let_in(user: User, roles: set[Role], reason: str) -> None:
    if not user.grants.everywhere & roles:
        raise PermissionDenied(reason)


def keys(request: HttpRequest) -> HttpResponse:
    """All distribution keys, newest first, with their weights."""
    user = person(request)
    _let_in(user, READ, _("Fördelningsnycklarna läses av stadsledningskontoret, stadsdirektören och revisionen."))
    them = DistributionKey.objects.select_related("added_by").prefetch_related("weights__namnd")
    return render(request, "repayment/keys.html", {"keys": them, "may_add": bool(user.grants.everywhere & ADD)})


def add_key(request: HttpRequest) -> HttpResponse:
    """Add a key. It is never changed afterwards: a new weighting is a new key with a new date."""
    user = person(request)
    _let_in(user, ADD, _("Fördelningsnycklar läggs till av en handläggare eller controller på stadsledningskontoret."))
    namnder = list(city_namnder().valid_on(timezone.localdate()))
    if request.method != "POST":
        again = kept.take(request)
        typed = AddKey(again, namnder=namnder).typed() if again is not None else None
        return render(request, "repayment/add_key.html", {"form": AddKey(initial=typed, namnder=namnder)})
    form = AddKey(request.POST, namnder=namnder)
    if asked := rows_asked(request.POST):
        changed = AddKey(initial=change_rows(form.typed(), asked), namnder=namnder)
        return render(request, "repayment/add_key.html", {"form": changed})
    if not form.is_valid():
        return render(request, "repayment/add_key.html", {"form": form, "errors": form.summary()}, status=422)
    save(form, user)
    messages.success(request, _("Nyckeln är tillagd."))
    return redirect("keys")


def save(form: AddKey, user: User) -> DistributionKey:
    """Store the key and its weights: both or neither."""
    told = form.cleaned_data
    with transaction.atomic():
        key = DistributionKey.objects.create(
            name=told["name"], dated=told["dated"], source=told["source"], added_by=user, added_at=timezone.now()
        )
        for row in told["weights"]:
            KeyWeight.objects.create(key=key, namnd=row["namnd"], weight=row["weight"])
    return key
