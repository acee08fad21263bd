"""The idea self-check: the questions, and the answer to them. Nothing is stored before an idea is created."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.sheets import self_check as sheet
from fundportal import criteria
from fundportal.criteria import CRITERIA, Criterion
from fundportal.models import Round
from fundportal.process import Role
from fundportal.views.door import person


@require_safe
def self_check(request: HttpRequest) -> HttpResponse:
    """Does the idea suit the fund? Asked and answered by address, so that the answer can be shown to a colleague."""
    asked = "svar" in request.GET
    form = sheet.SelfCheck(request.GET) if asked else sheet.SelfCheck(initial=_typed(request))
    if form.is_valid():
        return _answer(request, form)
    context = {"form": form, "errors": form.summary() if asked else []}
    return render(request, "applications/self_check.html", context, status=422 if asked else 200)


def _typed(request: HttpRequest) -> dict[str, object]:
    single = {name: request.GET[name] for name in request.GET if name != sheet.HINDERS}
    return single | {sheet.HINDERS: request.GET.getlist(sheet.HINDERS)}


def _answer(request: HttpRequest, form: sheet.SelfCheck) -> HttpResponse:
    user = person(request)
    again = request.GET.copy()
    again.pop("svar", None)
    context = {
        "judgement": sheet.judge(form.cleaned_data, _criteria()),
        "token": sheet.sign(form.cleaned_data),
        "again": again.urlencode(),
        "applicant": bool(user.grants.namnder(Role.APPLICANT)),
    }
    return render(request, "applications/self_check_answer.html", context)


def _criteria() -> tuple[Criterion, ...]:
    """As they read in the round that closes first of those that are open; else the fund's usual words."""
    today = timezone.localdate()
    rounds = Round.objects.filter(fund__status="open", opens_on__lte=today, closes_on__gte=today)
    first = rounds.prefetch_related("criteria").order_by("closes_on").first()
    return criteria.of(first) if first else CRITERIA
