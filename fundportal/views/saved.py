"""Pages of saved views: save what is shown, and rename, share, choose or remove."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fundportal import queue, saved
from fundportal.errors import Refused
from fundportal.forms import PlainForm
from fundportal.models import SavedView, User
from fundportal.queue import Wanted
from fundportal.views.door import person


class ViewForm(PlainForm):
    """What a view is called, who has it, and whether the queue opens with it."""

    name = forms.CharField(label=gettext_lazy("Namn"), max_length=60)
    shared = forms.BooleanField(
        label=gettext_lazy("Dela med stadsledningskontoret"),
        required=False,
        help_text=gettext_lazy("Alla som arbetar centralt ser vyn. Var och en ser bara de ärenden hon själv får se."),
    )
    first = forms.BooleanField(label=gettext_lazy("Öppna min arbetskö med den här vyn"), required=False)

    def __init__(self, *args: Any, user: User, view: SavedView | None = None, **kwargs: Any) -> None:
        """What is another's cannot be renamed, only opened first."""
        super().__init__(*args, **kwargs)
        if not saved.may_share(user):
            del self.fields["shared"]
        if view and view.owner_id != user.pk:
            for name in ("name", "shared"):
                self.fields.pop(name, None)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The person's own views, and those shared with her."""
    user = person(request)
    rows = [
        {
            "view": view,
            "mine": view.owner_id == user.pk,
            "url": reverse("cases") + (asked.address() if (asked := saved.asked(view)).named else "?vy="),
            "told": told(asked),
        }
        for view in saved.seen(user)
    ]
    return render(request, "cases/views.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Save the filter in the address under a name."""
    user, wanted = person(request), Wanted.read(request.GET)
    form = ViewForm(request.POST or None, user=user)
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        given = {"shared": False} | form.cleaned_data
        try:
            view = saved.save(user, timezone.now(), given.pop("name").strip(), wanted, **given)
        except Refused as refused:
            errors = [(reason, "") for reason in refused.reasons]
        else:
            messages.success(request, _("Vyn ”%(name)s” är sparad.") % {"name": view.name})
            return redirect(reverse("cases") + (wanted.address() if wanted.named else "?vy="))
    context = {
        "form": form,
        "errors": errors or form.summary(),
        "told": told(wanted),
        "back": reverse("cases") + wanted.address(),
    }
    return render(request, "cases/save_view.html", context, status=422 if context["errors"] else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, share, open first, or remove."""
    user = person(request)
    view = saved.seen(user).filter(pk=pk).first()
    if view is None:
        raise Http404
    initial = {"name": view.name, "shared": view.shared, "first": view.is_first}
    form = ViewForm(request.POST or None, initial=initial, user=user, view=view)
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and ("remove" in request.POST or form.is_valid()):
        try:
            messages.success(request, _done(request, view, user, form))
        except Refused as refused:
            errors = [(reason, "") for reason in refused.reasons]
        else:
            return redirect("saved_views")
    context = {"form": form, "view": view, "mine": view.owner_id == user.pk, "errors": errors or form.summary()}
    context["told"] = told(saved.asked(view))
    return render(request, "cases/save_view.html", context, status=422 if context["errors"] else 200)


def _done(request: HttpRequest, view: SavedView, user: User, form: ViewForm) -> str:
    if "remove" in request.POST:
        name = view.name
        saved.remove(view, user, timezone.now())
        return _("Vyn ”%(name)s” är borttagen.") % {"name": name}
    given: dict[str, Any] = {"name": view.name, "shared": view.shared} | form.cleaned_data
    saved.change(view, user, timezone.now(), **given)
    return _("Vyn ”%(name)s” är ändrad.") % {"name": view.name}


def told(wanted: Wanted) -> list[tuple[str, str]]:
    """What a filter asks for, in words where there are some."""
    names = {
        "q": _("Sökning"),
        "steg": _("Skede eller status"),
        "namnd": _("Nämnd, nummer"),
        "omgang": _("Omgång, nummer"),
        "handlaggare": _("Handläggare"),
        "frist": _("Frist"),
        "belopp_fran": _("Sökt från, kr"),
        "belopp_till": _("Sökt till, kr"),
        "frist_fran": _("Frist från"),
        "frist_till": _("Frist till"),
    }
    found = [(_("Urval"), str(queue.VIEWS[wanted.view][0]))]
    found += [(label, wanted.named[name]) for name, label in names.items() if name in wanted.named]
    found.append((_("Ordning"), str(queue.ORDERS[wanted.sort].label)))
    if wanted.columns:
        found.append((_("Kolumner"), ", ".join(str(queue.CHOICES[name].label) for name in wanted.columns)))
    return found
