"""The fields above a list of cases. They only draw: `Wanted.read` understands what comes back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import formatting, queue
from fundportal.models import Namnd, Round, User
from fundportal.models.people import PREFIX
from fundportal.process import STEPS, Role, Stage
from fundportal.queue import Wanted

FIRST = ("q", "steg", "namnd", "handlaggare", "frist")
"""Fields that always show; the rest are folded away until they are used."""


class Filter(forms.Form):
    """The filter, filled in with what was asked for."""

    q = forms.CharField(label=gettext_lazy("Sök ord, nummer eller prefix"), required=False)
    steg = forms.ChoiceField(label=gettext_lazy("Skede eller status"), required=False)
    namnd = forms.ChoiceField(label=gettext_lazy("Nämnd"), required=False)
    handlaggare = forms.ChoiceField(label=gettext_lazy("Handläggare"), required=False)
    frist = forms.ChoiceField(label=gettext_lazy("Frist"), required=False)
    omgang = forms.ChoiceField(label=gettext_lazy("Omgång"), required=False)
    belopp_fran = forms.CharField(label=gettext_lazy("Sökt från, kr"), required=False)
    belopp_till = forms.CharField(label=gettext_lazy("Sökt till, kr"), required=False)
    frist_fran = forms.CharField(label=gettext_lazy("Frist från"), required=False)
    frist_till = forms.CharField(label=gettext_lazy("Frist till"), required=False)
    vy = forms.CharField(widget=forms.HiddenInput, required=False)
    sort = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, wanted: Wanted, user: User) -> None:
        """Filled in with what was asked for."""
        super().__init__(initial=wanted.named, auto_id="filter_%s")
        found = choices(user)
        for name in ("q", "belopp_fran", "belopp_till", "frist_fran", "frist_till"):
            self.fields[name].widget.attrs.update({"class": "ds-input", "maxlength": "200" if name == "q" else "20"})
        self.fields["q"].widget.attrs |= {"type": "search", "aria-describedby": "filter_help", "autocomplete": "off"}
        for name in ("belopp_fran", "belopp_till"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        for name in ("frist_fran", "frist_till"):
            self.fields[name].widget.attrs["type"] = "date"
        self._offer("steg", _("Alla"), step_choices())
        self._offer("namnd", _("Alla"), found["namnd"])
        self._offer("omgang", _("Alla"), found["omgang"])
        self._offer("frist", _("Alla"), list(queue.DUES.items()))
        if user.grants.everywhere & queue.CENTRAL:
            own = (
                [("ingen", _("Ingen")), ("mig", _("Jag"))]
                if Role.OFFICER in user.grants.everywhere
                else [("ingen", _("Ingen"))]
            )
            self._offer("handlaggare", _("Alla"), [*own, *found["handlaggare"]])
        else:
            del self.fields["handlaggare"]
        for name in ("vy", "sort"):
            if not wanted.named.get(name):
                del self.fields[name]

    @property
    def first(self) -> list[Any]:
        """The fields that always show."""
        return [field for field in self.visible_fields() if field.name in FIRST]

    @property
    def more(self) -> list[Any]:
        """The fields that are folded away."""
        return [field for field in self.visible_fields() if field.name not in FIRST]

    @property
    def more_in_use(self) -> bool:
        """Whether one of those is asked for."""
        return any(self.initial.get(field.name) for field in self.more)

    def _offer(self, name: str, every: str, options: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", every), *options]
        field.widget.attrs["class"] = "ds-input"


def step_choices() -> list[tuple[str, Any]]:
    """Stages by number, each with its steps under it; the ends last."""
    groups: list[tuple[str, Any]] = []
    for stage in Stage:
        steps = [(step.value, str(step.label)) for step, stand in STEPS.items() if stand.stage == stage]
        whole = [(str(stage.value), _("Hela skedet"))] if len(steps) > 1 else []
        groups.append((f"{stage.value}. {stage.label}", [*whole, *steps]))
    ends = [(step.value, str(step.label)) for step, stand in STEPS.items() if stand.owner is None]
    return [*groups, (_("Avslutade"), ends)]


def choices(user: User) -> dict[str, list[tuple[Any, str]]]:
    """Boards, rounds and officers to choose from, in one question, each in Swedish order."""
    officers = Permission.objects.filter(codename=PREFIX + Role.OFFICER).values("group__user")
    name = Concat("first_name", Value(" "), "last_name", output_field=CharField())
    rows = _named("namnd", Namnd.objects.all(), F("short")).union(
        _named("omgang", Round.objects.all(), F("name")),
        _named("handlaggare", User.objects.filter(Q(pk__in=officers), is_active=True), name),
        all=True,
    )
    found: dict[str, list[tuple[Any, str]]] = {"namnd": [], "omgang": [], "handlaggare": []}
    for kind, pk, label in rows:
        found[kind].append((pk, label))
    for options in found.values():
        options.sort(key=lambda option: formatting.sort_key(option[1]))
    return found


def _named(kind: str, rows: Any, label: Any) -> Any:
    return rows.order_by().annotate(of=Value(kind), label=label).values_list("of", "pk", "label")
