"""Pages that are not acts on a case: beginning an idea, and the receipt for what was handed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications import actions
from applications.forms import CreateIdea
from applications.models import SheetName
from applications.sheets import self_check
from fundportal import kept
from fundportal.errors import Refused
from fundportal.models import Case, User
from fundportal.models.case import due_on
from fundportal.process import Role, Step
from fundportal.views.act import Page
from fundportal.views.door import open_case, person


def create_idea(request: HttpRequest) -> HttpResponseBase:
    """Begin an idea. Sent twice it is one case."""
    user = person(request)
    if not user.grants.namnder(Role.APPLICANT):
        raise PermissionDenied(_("Idéskisser skapas av den som är sökande för en nämnd. Den rollen har inte du."))
    if request.method != "POST":
        again = kept.take(request)
        said = {"title": request.GET.get("namn", ""), "scope": self_check.scope_of(_answered(request))}
        said |= _copied(request, user)
        typed = CreateIdea(again, user=user).typed() if again is not None else said
        return _show(request, CreateIdea(initial={name: value for name, value in typed.items() if value}, user=user))
    form = CreateIdea(request.POST, user=user)
    if not form.is_valid():
        return _show(request, form, form.summary())
    try:
        case = actions.create_idea(user, timezone.now(), key=_key(request), **form.cleaned_data)
    except Refused as refused:
        return _show(request, form, [(reason, "") for reason in refused.reasons])
    self_check.carry(case, _answered(request), user, timezone.now())
    return redirect("idea", number=case.number)


def _copied(request: HttpRequest, user: User) -> dict[str, Any]:
    """An earlier case of the person's boards that the idea is to begin with, if she comes from there."""
    mine = Case.objects.visible_to(user).filter(owner__in=user.grants.namnder(Role.APPLICANT))
    case = mine.filter(number=request.GET.get("fran", "").replace("\x00", "")).first()
    if case is None:
        return {}
    return {"title": case.title, "copied_from": case.pk, "scope": case.scope, "owner": case.owner_id}


def _answered(request: HttpRequest) -> dict[str, Any]:
    """The answers of the idea self-check, if the person comes from there."""
    return self_check.unsign(request.POST.get("_svar") or request.GET.get("svar", ""))


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return None


def _show(request: HttpRequest, form: CreateIdea, errors: list[tuple[str, str]] | None = None) -> HttpResponse:
    context = {"form": form, "errors": errors or [], "key": request.POST.get("_key") or uuid4()}
    context |= {"answered": request.POST.get("_svar") or request.GET.get("svar", "")}
    return render(request, "applications/create_idea.html", context, status=422 if errors else 200)


class HandIn(Page):
    """The page of an act that hands something in: it ends with a receipt."""

    def after(self, case: Case, user: User) -> str:
        """To the receipt."""
        return reverse("receipt", kwargs={"number": case.number})


@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """When it came, to the second, under which number, and what happens next, by which day."""
    case = open_case(request, number)
    submission = case.submissions.select_related("event").first()
    if submission is None:
        raise Http404
    on = timezone.localdate(submission.at)
    is_idea = submission.sheet == SheetName.IDEA
    context = {
        "case": case,
        "submission": submission,
        "document": submission.event.documents.first(),
        "uploads": submission.event.uploads.all(),
        "is_idea": is_idea,
        "checked_by": due_on(Step.IDEA_CHECK if is_idea else Step.PREPARATION, on),
        "answered": [one for done in case.completions.filter(met_at=submission.at) for one in done.asked.all()],
    }
    return render(request, "applications/receipt.html", context)
