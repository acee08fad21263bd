"""The forms of the pages of boards: a new one, its particulars, its last day and who takes over."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fundportal.fields import DayField, TextField
from fundportal.forms import PlainForm, choose
from fundportal.models import Namnd

NOBODY = "ingen"
"""The answer that no board takes over."""


def _decision() -> TextField:
    return TextField(
        label=_("Beslut"),
        help_text=_("Vem, datum och paragraf, till exempel KF 2026-05-18 § 13."),
        most=200,
        rows=2,
    )


class Particulars(PlainForm):
    """What a board is called, and since when it exists."""

    name = forms.CharField(
        label=_("Namn"), max_length=120, help_text=_("Som det skrivs i beslut, till exempel Farsta stadsdelsnämnd.")
    )
    short = forms.CharField(
        label=_("Kortnamn"), max_length=60, help_text=_("I tabeller och listor, till exempel Farsta.")
    )
    email = forms.EmailField(
        label=_("Registratorns e-post"),
        max_length=254,
        required=False,
        help_text=_("Visas i listan över nämnder. Portalen skickar inget dit."),
    )
    active_from = DayField(
        label=_("Första dag"), help_text=_("Den första dagen nämnden finns, till exempel 2027-01-01.")
    )


class NewBoard(Particulars):
    """A board that was not there before."""

    field_order = ("name", "short", "kind", "code", "email", "active_from", "decision")
    kind = forms.ChoiceField(
        label=_("Slag"),
        help_text=_("Stadsdelsnämnd, facknämnd och kommunstyrelsen kan återföra till fonden. Kan inte ändras sedan."),
    )
    code = forms.RegexField(
        r"^[A-ZÅÄÖ0-9]{2,6}$",
        label=_("Förkortning"),
        help_text=_("Två till sex stora bokstäver eller siffror, till exempel FAR. Kan inte ändras sedan."),
        error_messages={"invalid": _("Förkortningen ska vara två till sex stora bokstäver eller siffror, som FAR.")},
    )
    decision = _decision()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The kinds, none of them chosen beforehand."""
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["kind"]).choices = choose(Namnd.Kind.choices)


class Ending(PlainForm):
    """The last day, who takes over, and the decision."""

    last_day = DayField(
        label=_("Sista dag"), help_text=_("Den sista dagen nämnden finns, till exempel 2027-06-30. Får ha passerat.")
    )
    successor = forms.ChoiceField(
        label=_("Efterträdare"),
        help_text=_("Den nämnd som tar över uppgiften dagen efter. Lägg upp den först om den inte finns i listan."),
    )
    decision = _decision()

    def __init__(self, *args: Any, of: Namnd, **kwargs: Any) -> None:
        """Every other board that has not ended, and the one that is said to take over."""
        super().__init__(*args, prefix="slut", **kwargs)
        there = Q(active_to=None) | Q(active_to__gte=timezone.localdate()) | Q(pk=of.successor_id)
        self.heirs = {str(it.pk): it for it in Namnd.objects.filter(there).exclude(pk=of.pk).order_by("name")}
        nobody: tuple[str, StrOrPromise] = (NOBODY, _("Ingen tar över"))
        cast(Any, self.fields["successor"]).choices = choose(
            [nobody, *((key, it.name) for key, it in self.heirs.items())]
        )

    def clean_successor(self) -> Namnd | None:
        """The board, or none when nobody takes over: that is said, never left out."""
        return self.heirs.get(self.cleaned_data["successor"])


class Keeping(PlainForm):
    """Why the last day that was said does not hold."""

    decision = TextField(
        label=_("Beslut eller skäl"),
        help_text=_("Till exempel: Dagen skrevs fel, eller KF 2026-05-18 § 13 upphävdes."),
        most=200,
        rows=2,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Beside the other form, whose decision is another."""
        super().__init__(*args, prefix="kvar", **kwargs)
