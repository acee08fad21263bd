"""Pages of the phase that are no acts in a case: versions of a plan, and the distribution keys."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import exports, kept
from fundportal.fields import whole_number
from fundportal.forms import change_rows, rows_asked
from fundportal.models import User
from fundportal.process import Role
from fundportal.views.door import open_case, person
from fundportal.views.exports import send_as
from repayment.forms import AddKey
from repayment.models import DistributionKey, KeyWeight, Standing, city_namnder, standing
from repayment.models.versions import Difference, difference

CHANGES = ("Bokslut", "Nämnd", "Verksamhetsområde", "Version %d, kr", "Version %d, kr", "Skillnad, kr", "Vad som hände")


@require_safe
def versions(request: HttpRequest, number: str) -> HttpResponse:
    """Any two versions of a plan side by side, and plan against outcome gathered over the years."""
    case = open_case(request, number)
    now = standing(case)
    return render(request, "repayment/versions.html", {"case": case, "now": now, "it": _compared(request, now)})


@require_safe
def versions_file(request: HttpRequest, number: str, kind: str) -> HttpResponseBase:
    """The same two versions as CSV or XLSX, entered in the export log."""
    case = open_case(request, number)
    it = _compared(request, standing(case))
    if it is None or kind not in ("csv", "xlsx"):
        raise Http404
    rows = [
        [
            *(change.row.year, change.row.namnd.name, str(change.row.get_area_display())),
            *(change.before, change.after, change.difference, change.words),
        ]
        for change in it.changes
    ]
    head = [*CHANGES[:3], CHANGES[3] % it.old.version, CHANGES[4] % it.new.version, *CHANGES[5:]]
    name = _("Återföringsplan %(number)s version %(old)d och %(new)d") % {
        "number": number,
        "old": it.old.version,
        "new": it.new.version,
    }
    asked = {"ärende": number, "fran": str(it.old.version), "till": str(it.new.version)}
    made = exports.take_out_rows(
        person(request), timezone.now(), name, *exports.headed(head, rows), kind, case=case, filters=asked
    )
    return send_as(made, f"{name}.{kind}", kind)


def _compared(request: HttpRequest, now: Standing) -> Difference | None:
    """The two versions that were asked for; the last two when none, or one that is not there, was named."""
    by_version = {plan.version: plan for plan in now.decided}
    if proposal := now.proposal:
        by_version.setdefault(proposal.version, proposal)
    if not by_version:
        return None
    known = sorted(by_version)
    asked = [whole_number(request.GET.get(name, ""), 4) for name in ("fran", "till")]
    old = asked[0] if asked[0] in by_version else known[max(0, len(known) - 2)]
    new = asked[1] if asked[1] in by_version else known[-1]
    return difference(now, by_version[old], by_version[new])


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
