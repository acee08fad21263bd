"""Pages of words: help by role, accessibility, personal data, licences; and the pages of errors."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist, loader
from django.utils.translation import gettext as _

from fundportal import kept
from fundportal.models import User
from fundportal.process import ACTIONS, ENDS, STEPS, Role, Stage, Step

WITHOUT_REASON = {"", "403 Forbidden", "None"}


def _work_of(role: Role) -> list[dict[str, Any]]:
    """What a role does, stage by stage, read from the table of the process."""
    stages: dict[str, list[str]] = {}
    for row in ACTIONS.values():
        if role not in row.by:
            continue
        places = {STEPS[Step(step)].stage for step in (row.at or row.to)}
        stage = places.pop() if len(places) == 1 else None
        ended = all(step in ENDS for step in row.at) and bool(row.at)
        name = _("När ärendet har avslutats") if ended else str(stage.label) if stage else _("I flera steg")
        stages.setdefault(name, []).append(str(row.label))
    order = [str(stage.label) for stage in Stage]
    return [
        {"stage": name, "acts": acts}
        for name, acts in sorted(stages.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else 99)
    ]


def help_page(request: HttpRequest, role: str | None = None) -> HttpResponse:
    """Help: the process, and the work of one role; of one's own role if none is named."""
    held = cast(User, request.user).roles()
    if role is not None and role not in Role.values:
        raise Http404
    chosen = Role(role) if role else next((each for each in Role if each in held), None)
    context = {
        "role": chosen,
        "roles": [(each, each in held) for each in Role],
        "stages": [
            {
                "number": stage.value,
                "label": stage.label,
                "steps": [step.label for step, stand in STEPS.items() if stand.stage == stage],
            }
            for stage in Stage
        ],
        "work": _work_of(chosen) if chosen else [],
        "text": f"pages/help/{chosen.value}.html" if chosen else None,
    }
    return render(request, "pages/help.html", context)


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the law asks for."""
    return render(request, "pages/accessibility.html", {"contact": settings.CONTACT_EMAIL})


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """How personal data are handled."""
    return render(request, "pages/privacy.html", {"contact": settings.CONTACT_EMAIL})


@login_not_required
def licences(request: HttpRequest) -> HttpResponse:
    """What the product is built of, and by which licences."""
    place = finders.find("vendor/VENDOR.json") or settings.STATIC_ROOT / "vendor" / "VENDOR.json"
    try:
        with open(str(place), encoding="utf-8") as file:
            packages = json.load(file)["packages"]
    except OSError:
        packages = {}
    rows = [{"name": name, **facts} for name, facts in sorted(packages.items())]
    return render(request, "pages/licences.html", {"packages": rows})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason in words as it was given."""
    reason = "" if exception is None else str(exception)
    return render(request, "403.html", {"reason": "" if reason in WITHOUT_REASON else reason}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same for what does not exist and what one may not know of."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without the request, since that may be what broke."""
    try:
        return HttpResponseServerError(loader.get_template("500.html").render({"contact": settings.CONTACT_EMAIL}))
    except (TemplateDoesNotExist, ValueError):
        return HttpResponseServerError(_("Något gick fel i portalen. Försök igen om en stund."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that is too old. What was typed is kept, if it was sent from a page of our own."""
    if request.headers.get("X-Requested-With"):
        return JsonResponse({"message": _("Sidan är för gammal. Öppna den i en ny flik.")}, status=403)
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    if origin == request.get_host() and kept.keep(request):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        messages.warning(request, _("Sidan hade blivit för gammal för att ta emot det du skickade."))
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", status=403)


handler400, handler403, handler404, handler500 = bad_request, permission_denied, not_found, server_error
