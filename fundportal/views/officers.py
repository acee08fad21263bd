"""Pages of the rules that propose an officer: the list in order, and one rule. The administrator edits them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fundportal import officers
from fundportal.forms import PlainForm
from fundportal.models import Namnd, OfficerRule, Round, User
from fundportal.process import Role
from fundportal.views.door import person


class RuleForm(PlainForm):
    """When a rule fits, and whom it proposes. What is left empty fits every case."""

    namnd = forms.ModelChoiceField(
        label=gettext_lazy("Projektägare"),
        queryset=Namnd.objects.none(),
        required=False,
        empty_label=gettext_lazy("Alla nämnder"),
    )
    round = forms.ModelChoiceField(
        label=gettext_lazy("Omgång"),
        queryset=Round.objects.none(),
        required=False,
        empty_label=gettext_lazy("Alla omgångar"),
    )
    target = forms.CharField(
        label=gettext_lazy("Målgrupp eller område"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Ett ord, eller början av ett, som ska finnas i det som lämnats in: äldre, förskol."),
    )
    officer = forms.ModelChoiceField(
        label=gettext_lazy("Föreslagen handläggare"), queryset=User.objects.none(), empty_label=gettext_lazy("Välj …")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offers the boards that exist, the rounds and the officers."""
        super().__init__(*args, **kwargs)
        offered = {
            "namnd": Namnd.objects.valid_on(timezone.localdate()).order_by("short"),
            "round": Round.objects.order_by("-opens_on"),
            "officer": officers.officers(),
        }
        for name, rows in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows


def _may_read(user: User) -> bool:
    """Whether the person may read the rules. Raises 403 if not; the answer is whether she may change them too."""
    if not user.grants.everywhere & {Role.ADMINISTRATOR, Role.OFFICER}:
        raise PermissionDenied(_("Reglerna läses av handläggare och ändras av administratören."))
    return Role.ADMINISTRATOR in user.grants.everywhere


def _may_change(user: User) -> None:
    if not _may_read(user):
        raise PermissionDenied(_("Reglerna ändras av administratören."))


@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """The rules in order; a POST moves or removes one."""
    user = person(request)
    changes = _may_read(user)
    if request.method == "POST":
        _may_change(user)
        _do(request, user)
        return redirect("officer_rules")
    rules = list(OfficerRule.objects.select_related("namnd", "round", "officer"))
    able = set(officers.officers().values_list("pk", flat=True))
    rows = [{"rule": rule, "able": rule.officer_id in able, "name": officers.named(rule)} for rule in rules]
    return render(request, "officers/rules.html", {"rows": rows, "changes": changes})


def _do(request: HttpRequest, user: User) -> None:
    what, _sep, pk = request.POST.get("do", "").partition("-")
    rule = OfficerRule.objects.filter(pk=pk).first() if pk.isdigit() else None
    if rule is None:
        raise Http404
    if what == "remove":
        officers.remove(rule, user, timezone.now())
        messages.success(request, _("Regeln är borttagen."))
    else:
        officers.move(rule, user, timezone.now(), up=what == "up")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new rule, or another condition or officer for one."""
    user = person(request)
    _may_change(user)
    rule = OfficerRule.objects.select_related("namnd", "round", "officer").filter(pk=pk).first() if pk else None
    if pk and rule is None:
        raise Http404
    initial = (
        {"namnd": rule.namnd, "round": rule.round, "target": rule.target, "officer": rule.officer} if rule else None
    )
    form = RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if rule:
            officers.change(rule, user, timezone.now(), form.cleaned_data)
        else:
            officers.add(user, timezone.now(), form.cleaned_data)
        messages.success(request, _("Regeln är sparad."))
        return redirect("officer_rules")
    context = {"form": form, "rule": rule, "errors": form.summary()}
    return render(request, "officers/rule.html", context, status=422 if form.errors else 200)
