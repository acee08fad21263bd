"""Forms about impartiality."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import formatting, ties
from fundportal.forms import ActionForm, PlainForm, RowsField, TextField, choose
from fundportal.models import Namnd, User


class WithdrawJav(ActionForm):
    """Whose jäv, and why it no longer stands."""

    intro = gettext_lazy(
        "Den som har anmält jäv kan inte själv ta tillbaka det. Du bedömer om jävet inte finns längre, eller aldrig "
        "har funnits. Personen kan då läsa ärendet och delta igen, men det hon eller han hade lämnat före jävet gäller "
        "inte."
    )
    person = forms.ModelChoiceField(
        label=gettext_lazy("Vems jäv"), queryset=User.objects.none(), empty_label=gettext_lazy("Välj …")
    )
    reason = TextField(
        label=gettext_lazy("Varför jävet inte finns längre"),
        least=20,
        most=1000,
        rows=4,
        help_text=gettext_lazy("Texten sparas i ärendets historik."),
    )

    def prepare(self) -> None:
        """Those with jäv, but not the one who asks."""
        standing = self.case.javs.standing().exclude(user=self.user).values("user")
        field = cast(forms.ModelChoiceField, self.fields["person"])
        field.queryset = User.objects.filter(pk__in=standing).order_by("last_name", "first_name")

    def context(self) -> dict[str, Any]:
        """What was said when the jäv was declared."""
        rows = self.case.javs.standing().select_related("user", "event")
        return {
            "facts_title": _("Jäv som gäller"),
            "facts": [
                (jav.user.get_full_name(), jav.event.data.get("reason", ""), formatting.day(jav.event.at))
                for jav in rows
            ],
        }


class JudgeTie(ActionForm):
    """Whose tie, whether it is jäv, and why."""

    intro = gettext_lazy(
        "En koppling är inte i sig jäv. Bedöm om personens eget intresse eller uppdrag gör att opartiskheten kan "
        "ifrågasättas (kommunallagen 6 kap. 28–32 §§ och 7 kap. 4 §). Är det jäv stängs ärendet för personen direkt."
    )
    person = forms.ModelChoiceField(
        label=gettext_lazy("Person"), queryset=User.objects.none(), empty_label=gettext_lazy("Välj …")
    )
    is_jav = forms.TypedChoiceField(
        label=gettext_lazy("Bedömning"),
        choices=(("nej", gettext_lazy("Inte jäv")), ("ja", gettext_lazy("Jäv, ärendet stängs för personen"))),
        coerce=lambda value: value == "ja",
        widget=forms.RadioSelect,
    )
    reason = TextField(label=gettext_lazy("Skäl"), least=20, most=1000, rows=4)

    def prepare(self) -> None:
        """Those with ties that wait to be judged, but not the one who judges."""
        waiting = [user.pk for user, _texts in ties.unjudged(self.case) if user != self.user]
        field = cast(forms.ModelChoiceField, self.fields["person"])
        field.queryset = User.objects.filter(pk__in=waiting).order_by("last_name", "first_name")
        field.initial = waiting[0] if len(waiting) == 1 else None

    def context(self) -> dict[str, Any]:
        """The ties in words."""
        return {
            "facts_title": _("Kopplingar"),
            "facts": [(user.get_full_name(), formatting.in_words(texts)) for user, texts in ties.unjudged(self.case)],
        }


class DeclareInterests(PlainForm):
    """A year's interests, or none."""

    none = forms.BooleanField(label=gettext_lazy("Jag har inget att anmäla"), required=False)
    interests = RowsField(
        {
            "namnd": forms.ChoiceField(label=gettext_lazy("Nämnd i staden"), required=False),
            "organisation": forms.CharField(label=gettext_lazy("Annan organisation"), max_length=120, required=False),
            "text": forms.CharField(label=gettext_lazy("På vilket sätt"), max_length=200),
        },
        label=gettext_lazy("Uppdrag, anställningar och andra intressen"),
        required=False,
        help_text=gettext_lazy(
            "Anställning, uppdrag, ägande eller nära anhörig. Välj en nämnd eller skriv en annan organisation."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The city's boards of today as choices."""
        super().__init__(*args, **kwargs)
        boards = Namnd.objects.valid_on(timezone.localdate()).order_by("name")
        column = cast(forms.ChoiceField, cast(RowsField, self.fields["interests"]).columns["namnd"])
        column.choices = choose([(str(board.pk), board.name) for board in boards], _("Ingen nämnd"))

    def clean(self) -> dict[str, Any]:
        """Either something or nothing, and each row names whom it is about."""
        good = super().clean()
        rows = good.get("interests") or []
        if "interests" in self.errors:
            return good
        if not rows and not good.get("none"):
            self.add_error("none", _("Lägg till dina bindningar, eller kryssa för att du inte har något att anmäla."))
        if rows and good.get("none"):
            self.add_error("none", _("Du har skrivit bindningar. Ta bort dem eller krysset."))
        for number, row in enumerate(rows, 1):
            if not row["namnd"] and not row["organisation"]:
                self.add_error("interests", _("Rad %(row)d: välj nämnd eller skriv organisation.") % {"row": number})
        return good

    def given(self) -> list[dict[str, Any]]:
        """The interests, with boards as such."""
        boards = Namnd.objects.in_bulk([int(row["namnd"]) for row in self.cleaned_data["interests"] if row["namnd"]])
        return [
            {**row, "namnd": boards[int(row["namnd"])] if row["namnd"] else None}
            for row in self.cleaned_data["interests"]
        ]
