"""Logging in and out, passwords, one's own settings, and keeping a session alive."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from math import ceil
from time import time
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, PasswordResetForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from redis import RedisError

from fundportal import formatting, kept
from fundportal.models import User
from fundportal.process import Role

log = logging.getLogger(__name__)
WINDOW = 15 * 60
PER_ACCOUNT, PER_ADDRESS = 5, 40
RESETS_PER_ACCOUNT, RESETS_PER_ADDRESS = 3, 20


def caller(request: HttpRequest) -> str:
    """The caller's address: what the nearest proxy saw, when the product stands behind one."""
    if settings.SECURE_PROXY_SSL_HEADER and (forwarded := request.headers.get("X-Forwarded-For")):
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


class Tries:
    """Counts tries in the cache that all servers share. A try is counted before it is judged, so none slip through."""

    def __init__(self, what: str, who: str, most: int) -> None:
        """Counts `what` by `who`; more than `most` in a quarter of an hour is too many."""
        self.key, self.most = f"tries:{what}:{who.strip().lower()[:200]}", most

    def until(self) -> datetime | None:
        """Count one try. Answers when one may try again, or nothing if this try may be made.

        Without the cache nothing is counted: that people can log in weighs more, and it is logged.
        """
        try:
            return self._until()
        except RedisError:
            log.exception("Tries are not counted: Redis does not answer")
            return None

    def _until(self) -> datetime | None:
        cache.add(self.key + ":until", time() + WINDOW, WINDOW)
        cache.add(self.key, 0, WINDOW)
        try:
            count = cache.incr(self.key)
        except ValueError:  # the window ended between the two lines above
            return None
        if count <= self.most:
            return None
        ends = cache.get(self.key + ":until") or time() + WINDOW
        return datetime.fromtimestamp(ceil(ends / 60) * 60, get_current_timezone())

    def forget(self) -> None:
        """The person has proved who she is."""
        with suppress(RedisError):
            cache.delete_many([self.key, self.key + ":until"])

    def take_back(self) -> None:
        """This try was a good one, and does not count."""
        with suppress(RedisError, ValueError):
            cache.decr(self.key)


class LoginForm(AuthenticationForm):
    """E-mail and password. After too many tries even the right password is refused, and it is said until when."""

    error_messages = {
        "invalid_login": gettext_lazy("E-postadressen eller lösenordet stämmer inte. Kontrollera dem och försök igen."),
        "inactive": gettext_lazy("Kontot är avstängt. Kontakta fondkansliet."),
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        """Names the fields as they are called here."""
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("E-postadress")
        self.fields["username"].widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
        self.fields["password"].label = _("Lösenord")

    def clean(self) -> dict[str, Any]:
        """Count the try, then judge it."""
        request = cast(HttpRequest, self.request)
        tries = (
            Tries("account", str(self.cleaned_data.get("username", "")), PER_ACCOUNT),
            Tries("address", caller(request), PER_ADDRESS),
        )
        if until := max(filter(None, [each.until() for each in tries]), default=None):
            raise ValidationError(
                _("För många försök att logga in. Försök igen %(when)s, eller byt lösenord via länken nedan.")
                % {"when": formatting.clock(until)},
                code="limited",
            )
        cleaned = super().clean()
        if self.user_cache is not None:
            tries[0].forget()
            tries[1].take_back()
        return cleaned


def demo_people() -> list[dict[str, Any]]:
    """In the demo: everyone one may be, with the role in words."""
    if not settings.DEMO:
        return []
    try:
        people = import_string("fundportal.demo.people")()
    except ImportError:
        return []
    labels = dict(Role.choices)
    return [{**person, "role_label": labels.get(person["role"], person["role"])} for person in people]


@method_decorator([login_not_required, sensitive_post_parameters()], name="dispatch")
class Login(auth.LoginView):
    """The login page. Gives back what was typed before the session ended, to the same person only."""

    form_class = LoginForm
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """In the demo, adds the people: the first of each role, then the others."""
        people = demo_people()
        first: dict[str, dict[str, Any]] = {}
        for person in people:
            first.setdefault(person["role"], person)
        others = [person for person in people if person is not first[person["role"]]]
        return super().get_context_data(**kwargs) | {"people": list(first.values()), "others": others}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Log in, and remember who did."""
        response = super().form_valid(form)
        kept.discard_others(self.request)
        kept.touch(self.request, at_once=True)
        if self.request.headers.get("X-Requested-With"):
            response = session_state(self.request)
        kept.remember(self.request, response)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Show the form again with what is wrong."""
        limited = form.has_error("__all__", "limited")
        if self.request.headers.get("X-Requested-With"):
            wrong = " ".join(str(text) for texts in form.errors.values() for text in texts)
            return JsonResponse({"message": wrong}, status=429 if limited else 422)
        return self.render_to_response(self.get_context_data(form=form), status=429 if limited else 422)


class Logout(auth.LogoutView):
    """Logs out, by POST only."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Log out and say so."""
        response = super().post(request, *args, **kwargs)
        messages.success(request, _("Du är utloggad."))
        return response


logout = Logout.as_view()


class Unprocessable:
    """A form with errors answers 422, as everywhere in the product."""

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        """Show the form again with what is wrong."""
        view = cast(Any, self)
        return cast(HttpResponse, view.render_to_response(view.get_context_data(form=form), status=422))


class PasswordChange(Unprocessable, auth.PasswordChangeView):
    """Change one's own password."""

    template_name = "registration/password_change_form.html"
    success_url = reverse_lazy("settings")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Change it and say so."""
        messages.success(self.request, _("Lösenordet är bytt."))
        return super().form_valid(form)


class PasswordChangeDone(auth.PasswordChangeDoneView):
    """Says that the password is changed."""

    template_name = "registration/password_change_done.html"


class ResetForm(PasswordResetForm):
    """Asks for the address to send a link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Names the field as it is called here."""
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-postadress")


@method_decorator(login_not_required, name="dispatch")
class PasswordReset(Unprocessable, auth.PasswordResetView):
    """Sends a link by which a forgotten password is replaced. Says the same whether or not the address is known."""

    form_class = ResetForm
    template_name = "registration/password_reset_form.html"
    email_template_name = "registration/password_reset_email.txt"
    subject_template_name = "registration/password_reset_subject.txt"

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Send the letter, unless too many have been asked for."""
        account = Tries("reset", form.cleaned_data["email"], RESETS_PER_ACCOUNT).until()
        address = Tries("resets", caller(self.request), RESETS_PER_ADDRESS).until()
        if account or address:
            return redirect(self.get_success_url())
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class PasswordResetDone(auth.PasswordResetDoneView):
    """Says that a letter is on its way."""

    template_name = "registration/password_reset_done.html"


@method_decorator(login_not_required, name="dispatch")
class PasswordResetConfirm(Unprocessable, auth.PasswordResetConfirmView):
    """Choose a new password, by the link in the letter."""

    template_name = "registration/password_reset_confirm.html"


@method_decorator(login_not_required, name="dispatch")
class PasswordResetComplete(auth.PasswordResetCompleteView):
    """Says that the new password works."""

    template_name = "registration/password_reset_complete.html"


class SettingsForm(forms.ModelForm):
    """How the pages look, and which letters one gets."""

    class Meta:
        model = User
        fields: ClassVar = ["scheme", "letters"]
        widgets: ClassVar = {"scheme": forms.RadioSelect}
        labels: ClassVar = {"scheme": gettext_lazy("Utseende"), "letters": gettext_lazy("Skicka brev om händelser")}
        help_texts: ClassVar = {
            "letters": gettext_lazy("Påminnelser om frister och uppgifter som väntar på dig skickas alltid."),
        }


def settings_page(request: HttpRequest) -> HttpResponse:
    """Mina inställningar."""
    user = cast(User, request.user)
    form = SettingsForm(request.POST or kept.take(request), instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Inställningarna är sparade."))
        return redirect("settings")
    roles = sorted(str(role.label) for role in user.roles())
    context = {"form": form, "roles": roles, "account": user}
    return render(request, "pages/settings.html", context, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "POST"])
def extend_session(request: HttpRequest) -> HttpResponse:
    """How many seconds are left of the session. A POST lets it live on; asking does not."""
    if request.method == "POST" and request.user.is_authenticated:
        kept.touch(request, at_once=True)
    return session_state(request)


def session_state(request: HttpRequest) -> HttpResponse:
    """Who is logged in, for how many seconds more, and the token that her forms are sent with from now on."""
    left = max(0, int(kept.ends_at(request) - time())) if request.user.is_authenticated else 0
    state = {"left": left, "user": request.user.pk, "csrf": get_token(request)}
    return JsonResponse(state, status=200 if request.user.is_authenticated else 401)


extend_session.leaves_session = True  # type: ignore[attr-defined]
