"""The forms of the administrator's pages: whom one looks for, a person, a role, someone who stands in for another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal.fields import DayField
from fundportal.forms import PlainForm, choose
from fundportal.models import Namnd, User
from fundportal.process import EVERYWHERE, ON_NAMND, Role


class Search(PlainForm):
    """Whom one looks for."""

    q = forms.CharField(label=gettext_lazy("Namn eller e-post"), required=False, max_length=80)
    roll = forms.ChoiceField(label=gettext_lazy("Roll"), required=False)
    namnd = forms.ModelChoiceField(
        label=gettext_lazy("Nämnd"), required=False, queryset=Namnd.objects.order_by("name"), empty_label="Alla nämnder"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The roles."""
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["roll"]).choices = choose(Role.choices, _("Alla roller"))


class PersonForm(PlainForm):
    """A person as she is known here."""

    first_name = forms.CharField(label=gettext_lazy("Förnamn"), max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Efternamn"), max_length=80)
    title = forms.CharField(label=gettext_lazy("Befattning"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("E-postadress i tjänsten"), max_length=254)

    def __init__(self, *args: Any, but: int | None = None, **kwargs: Any) -> None:
        """`but` is the person whose own address it may be."""
        self.but = but
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        """One account to an address."""
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.but or 0).exists():
            raise forms.ValidationError(_("Det finns redan en person med den e-postadressen."))
        return email


class RoleForm(PlainForm):
    """A role, where, and to which day."""

    role = forms.ChoiceField(label=gettext_lazy("Roll"))
    namnd = forms.ModelChoiceField(
        label=gettext_lazy("Nämnd"),
        required=False,
        queryset=Namnd.objects.none(),
        empty_label=gettext_lazy("Gäller hela staden"),
        help_text=gettext_lazy("Krävs för sökande, chef och remissvarare. Övriga roller gäller hela staden."),
    )
    last_day = DayField(
        label=gettext_lazy("Sista dag"),
        required=False,
        help_text=gettext_lazy("Lämna tomt om rollen gäller tills vidare."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Roles that are held on a board or everywhere; those on a case are given in the case."""
        super().__init__(*args, **kwargs)
        given = [role for role in Role if role in (*ON_NAMND, *EVERYWHERE)]
        cast(Any, self.fields["role"]).choices = choose([(role.value, role.label) for role in given])
        cast(Any, self.fields["namnd"]).queryset = Namnd.objects.valid_on(timezone.localdate()).order_by("name")

    def clean(self) -> dict[str, Any]:
        """A board for the roles that are held on one, and for no others."""
        good = super().clean()
        if good.get("role") in ON_NAMND and not good.get("namnd"):
            self.add_error("namnd", _("Välj den nämnd där rollen gäller."))
        elif good.get("role") in EVERYWHERE and good.get("namnd"):
            self.add_error("namnd", _("Rollen gäller hela staden. Välj ”Gäller hela staden”."))
        return good


class SubstituteForm(PlainForm):
    """Who, when and why."""

    substitute = forms.ModelChoiceField(
        label=gettext_lazy("Ersättare"), queryset=User.objects.none(), empty_label=gettext_lazy("Välj …")
    )
    starts_on = DayField(label=gettext_lazy("Från och med"))
    ends_on = DayField(label=gettext_lazy("Till och med"))
    reason = forms.CharField(
        label=gettext_lazy("Skäl"),
        max_length=300,
        help_text=gettext_lazy("Till exempel semester eller tjänstledighet."),
    )

    def __init__(self, *args: Any, of: User, **kwargs: Any) -> None:
        """Anyone with an open account but the person herself."""
        super().__init__(*args, **kwargs)
        field = cast(Any, self.fields["substitute"])
        field.queryset = User.objects.filter(is_active=True, is_superuser=False).exclude(pk=of.pk).order_by("last_name")
        field.label_from_instance = lambda it: f"{it.get_full_name()}, {it.title}" if it.title else it.get_full_name()
        self.fields["starts_on"].initial = timezone.localdate()
        self.fields["ends_on"].initial = timezone.localdate() + timedelta(days=14)


class ReportForm(Search):
    """What the report is narrowed to."""

    lage = forms.ChoiceField(
        label=gettext_lazy("Läge"),
        required=False,
        choices=(
            ("nu", gettext_lazy("Gäller nu")),
            ("kommande", gettext_lazy("Kommande")),
            ("slut", gettext_lazy("Upphört")),
            ("alla", gettext_lazy("Alla")),
        ),
    )
