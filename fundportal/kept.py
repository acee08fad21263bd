"""What a person typed is not lost when her session has ended: it is kept until the same person has logged in again."""

from __future__ import annotations

from time import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.utils.translation import gettext as _

KEPT = "kept"
TOUCHED = "touched"
LARGEST = 200_000  # characters: the longest forms are a tenth of this
WHO = "who"
SALT = "fundportal.kept"
HALF_A_DAY = 12 * 60 * 60
NEVER = ("csrfmiddlewaretoken",)
SECRET = ("password", "losenord", "lösenord")


def ends_at(request: HttpRequest) -> float:
    """When the session ends if nothing more is done, in seconds since 1970."""
    return float(request.session.get(TOUCHED, time())) + settings.SESSION_COOKIE_AGE


def touch(request: HttpRequest, *, at_once: bool = False) -> None:
    """Let the session live on. Written at most once in a sixteenth of its time, so that reading writes nothing."""
    now, touched = time(), request.session.get(TOUCHED)
    if touched is None or at_once or now - touched > settings.SESSION_COOKIE_AGE / 16:
        request.session[TOUCHED] = now


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Remember in this browser who is logged in, signed, so that what she types later is given back to no one else."""
    response.set_signed_cookie(
        *(WHO, str(request.user.pk), SALT),
        max_age=HALF_A_DAY,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _last_person(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return str(request.user.pk)
    return str(request.get_signed_cookie(WHO, default="", salt=SALT, max_age=HALF_A_DAY) or "")


def keep(request: HttpRequest) -> bool:
    """Keep the fields of a POST: never files, passwords or the CSRF token. Answers whether anything was kept."""
    fields = request.POST.copy()
    for name in list(fields):
        if name in NEVER or any(word in name.lower() for word in SECRET):
            del fields[name]
    typed, by = fields.urlencode(), _last_person(request)
    if not by or not typed or len(typed) > LARGEST:
        return False
    request.session[KEPT] = {"by": by, "path": request.path, "typed": typed}
    return True


def take(request: HttpRequest) -> QueryDict | None:
    """What this person had typed on this page, once, or nothing. Give it to the form as its data."""
    found = request.session.get(KEPT)
    if request.method != "GET" or not found or found["path"] != request.path:
        return None
    del request.session[KEPT]
    if found["by"] != str(request.user.pk):
        return None
    messages.info(request, _("Det du skrev finns kvar, men är inte skickat. Kontrollera uppgifterna och skicka igen."))
    return QueryDict(found["typed"])


def discard_others(request: HttpRequest) -> None:
    """At login: throw away what another person had typed in this browser."""
    found = request.session.get(KEPT)
    if found and found["by"] != str(request.user.pk):
        del request.session[KEPT]


class KeepingLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Closes every page to strangers, keeps what they sent, and lets the session of those who work live on."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Before a page: the session is touched, unless the page only asks how long is left."""
        if request.user.is_authenticated and not getattr(view_func, "leaves_session", False):
            touch(request)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # Django promises a redirect, but uses any answer
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        """A stranger is sent to the login page; a script gets a plain answer, since it keeps its text itself."""
        if request.headers.get("X-Requested-With"):
            return JsonResponse({"message": _("Du är utloggad. Logga in och försök igen.")}, status=401)
        if request.method == "POST":
            if keep(request):
                messages.warning(request, _("Du har blivit utloggad. Logga in igen: det du skrev finns kvar."))
            else:
                messages.warning(request, _("Du har blivit utloggad. Logga in igen."))
        return super().handle_no_permission(request, view_func)
