"""What the council's pages share: who may read, and the page of a form that is no act in a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fundportal import kept
from fundportal.errors import Refused
from fundportal.forms import PlainForm, change_rows, rows_asked
from fundportal.models import User
from fundportal.process import Role
from fundportal.views.door import person

Make = Callable[..., PlainForm]


def let_in(request: HttpRequest, roles: set[Role], reason: str = "") -> User:
    """The person, if she holds one of the roles."""
    user = person(request)
    if not user.grants.everywhere & roles:
        raise PermissionDenied(reason or _("Rådets sidor läses av rådet, stadsledningskontoret och revisionen."))
    return user


def formed(
    request: HttpRequest, make: Make, do: Callable[[Any], str], template: str, to: str, **context: Any
) -> HttpResponse:
    """Show a form, change its rows, or do what it says; `do` gives the words to be told after, `to` is where then."""

    def show(form: PlainForm, errors: list[tuple[str, str]] | None = None) -> HttpResponse:
        told = {"form": form, "errors": errors or [], "back": to, **context}
        return render(request, template, told, status=422 if errors else 200)

    if request.method != "POST":
        again: QueryDict | None = kept.take(request)
        return show(make(initial=make(again).typed()) if again is not None else make())
    form = make(request.POST)
    if asked := rows_asked(request.POST):
        return show(make(initial=change_rows(form.typed(), asked)))
    if not form.is_valid():
        return show(form, form.summary())
    try:
        words = do(form.given() if hasattr(form, "given") else form.cleaned_data)
    except Refused as refused:
        return show(form, [(reason, "") for reason in refused.reasons])
    messages.success(request, words)
    return redirect(to)


def done(request: HttpRequest, do: Callable[[], object], words: str, to: str) -> HttpResponse:
    """Do what a button says, and go back to the page; what stands in the way is told there."""
    try:
        do()
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, words)
    return redirect(to)
