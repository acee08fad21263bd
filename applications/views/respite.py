"""The page of respite in rounds, and the page of `register`."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import actions
from applications.forms import GrantRespite
from applications.forms.checking import is_odd
from applications.models import Respite
from fundportal import formatting
from fundportal.errors import Refused
from fundportal.models import Dnr
from fundportal.process import Role
from fundportal.views.act import Page
from fundportal.views.door import person


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return None


class Registering(Page):
    """The page of `register`: an unusual number is kept, and asked about afterwards."""

    def __call__(self, request: HttpRequest, number: str) -> HttpResponseBase:
        """As every act; when it is done, the warning."""
        answer = super().__call__(request, number)
        if request.method == "POST" and answer.status_code == REDIRECTED:
            odd = [dnr.dnr for dnr in Dnr.objects.filter(case__number=number) if is_odd(dnr.authority, dnr.dnr)]
            if odd:
                said = _("%(dnr)s har inte den form som myndighetens nummer brukar ha. Kontrollera mot diariet.")
                messages.warning(request, said % {"dnr": formatting.in_words(odd)})
        return answer


REDIRECTED = 302


@require_http_methods(["GET", "HEAD", "POST"])
def respites(request: HttpRequest) -> HttpResponseBase:
    """Respite that boards have been given in the rounds, and the form that gives it."""
    user = person(request)
    if not user.grants.everywhere & {*actions.GIVEN_BY, Role.AUDITOR}:
        raise PermissionDenied(_("Anstånd medges av handläggare och stadsdirektören."))
    gives = bool(user.grants.everywhere & set(actions.GIVEN_BY))
    form = GrantRespite(request.POST) if request.method == "POST" else GrantRespite()
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and not gives:
        raise PermissionDenied(_("Anstånd medges av handläggare och stadsdirektören."))
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant_respite(user, timezone.now(), key=_key(request), **form.cleaned_data)
        except Refused as refused:
            errors = [(reason, "") for reason in refused.reasons]
        else:
            messages.success(request, _("Anståndet är sparat. Nämndens utkast har fått den nya dagen."))
            return redirect("respites")
    context = {
        "form": form,
        "gives": gives,
        "errors": errors or (form.summary() if form.errors else []),
        "key": request.POST.get("_key") or uuid4(),
        "given": Respite.objects.filter(case=None).select_related("round", "namnd", "by")[:100],
    }
    return render(request, "applications/respites.html", context, status=422 if context["errors"] else 200)
