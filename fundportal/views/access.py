"""Pages that explain access: why one sees a case, who sees it, what one may not do and why, and how to ask for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fundportal import access, access_requests, exports, kept
from fundportal.fields import TextField, whole_number
from fundportal.forms import PlainForm
from fundportal.models import AccessRequest, Case
from fundportal.process import STEPS, Step
from fundportal.views import parts
from fundportal.views.door import open_case, person
from fundportal.views.exports import send

PAGE = 50
TAKEN = 50
"""So many times that the case was taken out are told, the newest first."""
MOST_REQUESTS = 5
"""Requests that one person may send in a day and night."""


@require_safe
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """Why the person sees the case, and everyone who sees it, a page at a time."""
    case, user = open_case(request, number), person(request)
    q = request.GET.get("q", "").replace("\x00", "")[:80]
    found = [seer for seer in access.seers(case, q) if access.may_know_jav(user) or not seer.jav]
    page = max(whole_number(request.GET.get("sida", ""), 4) or 1, 1)
    shown = found[(page - 1) * PAGE : page * PAGE]
    context = parts.frame(case, user) | {
        "part": "access",
        "why": access.why(case, user),
        "seers": shown,
        "count": len(found),
        "q": q,
        "previous": f"?sida={page - 1}&q={q}" if page > 1 else "",
        "next": f"?sida={page + 1}&q={q}" if page * PAGE < len(found) else "",
        "taken": list(exports.log_of(case, user)[:TAKEN]),
        "most_taken": TAKEN,
        "sees_all_taken": exports.sees_all(user),
    }
    return render(request, "access/case.html", context)


@require_safe
def case_csv(request: HttpRequest, number: str) -> HttpResponseBase:
    """Everyone who sees the case, one row a reason; entered in the export log."""
    case, user = open_case(request, number), person(request)
    rows = [row for seer in access.seers(case) if access.may_know_jav(user) or not seer.jav for row in _rows(seer)]
    what = _("Vem som kan se %(number)s") % {"number": case.number}
    made = exports.take_out_rows(user, timezone.now(), what, rows, SEER_COLUMNS, "csv", case=case)
    return send(made, "behorighet", "csv")


SEER_COLUMNS = (
    exports.Column("Namn", "name", "name"),
    exports.Column("E-post", "email", "email"),
    exports.Column("Roll", "role", "role"),
    exports.Column("Var", "where", "where"),
    exports.Column("Skäl", "why", "why"),
    exports.Column("Från", "since", "since"),
    exports.Column("Till och med", "until", "until"),
    exports.Column("Ersätter", "through", "through"),
)


def _rows(seer: access.Seer) -> list[dict[str, Any]]:
    who = {"name": seer.user.get_full_name(), "email": seer.user.email}
    nothing = dict.fromkeys(("role", "where", "since", "until", "through"))
    if seer.jav:
        return [who | nothing | {"why": _("jäv: ser inte ärendet")}]
    return [
        who
        | {
            "role": str(reason.role.label),
            "where": reason.where,
            "why": reason.why,
            "since": reason.since,
            "until": reason.until,
            "through": reason.through,
        }
        for reason in seer.reasons
    ]


@require_safe
def acts(request: HttpRequest, number: str) -> HttpResponse:
    """Every act of the process: what the person may do here, and why she may not do the rest."""
    case, user, at = open_case(request, number), person(request), timezone.now()
    stage = STEPS[Step(case.step)].stage
    here = str(stage.label) if stage else ""
    stages = [
        (name, told, name == here or any(one.offered for one in told)) for name, told in access.acts(case, user, at)
    ]
    context = parts.frame(case, user, at) | {"part": "access_acts", "stages": stages}
    return render(request, "access/acts.html", context)


class RequestForm(PlainForm):
    """Which case, and why."""

    number = forms.CharField(
        label=gettext_lazy("Ärendenummer"),
        max_length=20,
        help_text=gettext_lazy("Som det står i ett brev eller en handling, till exempel SIF-2027-014."),
    )
    reason = TextField(
        label=gettext_lazy("Varför behöver du se ärendet?"),
        least=10,
        most=1000,
        rows=4,
        help_text=gettext_lazy("Handläggaren läser det när begäran prövas."),
    )


def ask(request: HttpRequest) -> HttpResponse:
    """Ask to see a case. The answer is the same whether there is such a case or not."""
    user, at = person(request), timezone.now()
    if request.method != "POST":
        again = kept.take(request)
        form = RequestForm(initial=RequestForm(again).typed() if again is not None else None)
        return render(request, "access/ask.html", {"form": form, "sent": "skickad" in request.GET})
    form = RequestForm(request.POST)
    if not form.is_valid():
        return render(request, "access/ask.html", {"form": form, "errors": form.summary()}, status=422)
    if AccessRequest.objects.filter(user=user, at__gt=at - timedelta(days=1)).count() >= MOST_REQUESTS:
        told = _("Du har skickat %(most)d begäranden det senaste dygnet. Vänta till i morgon.") % {
            "most": MOST_REQUESTS
        }
        return render(request, "access/ask.html", {"form": form, "errors": [(told, "")]}, status=422)
    number = form.cleaned_data["number"].strip().upper()
    if seen := Case.objects.visible_to(user).filter(number=number).first():
        messages.info(request, _("Du ser redan ärendet."))
        return redirect(seen)
    access_requests.send(user, number, form.cleaned_data["reason"], at)
    return redirect(f"{request.path}?skickad")
