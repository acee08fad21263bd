"""The form by which a board is given respite for its ideas in a round."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import formatting
from fundportal.forms import CHOOSE, DayField, PlainForm, TextField
from fundportal.models import Fund, Namnd, Round


class GrantRespite(PlainForm):
    """Which board, in which round, until when and why."""

    round = forms.ModelChoiceField(
        label=gettext_lazy("Ansökningsomgång"), queryset=Round.objects.none(), empty_label=CHOOSE
    )
    namnd = forms.ModelChoiceField(label=gettext_lazy("Nämnd"), queryset=Namnd.objects.none(), empty_label=CHOOSE)
    last_day = DayField(label=gettext_lazy("Ny sista dag"))
    reason = TextField(label=gettext_lazy("Skäl"), least=10, most=1000, rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Rounds of open funds, and boards that exist."""
        super().__init__(*args, **kwargs)
        rounds = Round.objects.filter(fund__status=Fund.Status.OPEN).select_related("fund").order_by("-closes_on")
        boards = Namnd.objects.valid_on(timezone.localdate()).order_by("name")
        for name, options in (("round", rounds), ("namnd", boards)):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = options
        field = cast(Any, self.fields["round"])
        field.label_from_instance = lambda it: (
            _("%(name)s, sista dag %(day)s") % {"name": it.name, "day": formatting.day(it.closes_on)}
        )
