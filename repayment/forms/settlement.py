"""The form of the final reconciliation."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import closing
from fundportal.areas import Area
from fundportal.forms import RowsField, TextField, TkrField, choose
from repayment.forms.fields import DependsChoice, DependsText, YesNoField
from repayment.forms.lesson import LessonCard
from repayment.forms.plan import OfRepayment
from repayment.models import Target


class Settle(LessonCard, OfRepayment):
    """Difference, lasting cost level, whether the budget is adjusted, and the lesson card."""

    template = "actions/settle.html"
    field_order = ["explanation", "areas", "adjusts", "adjusts_reason", "target", "special_decision"]
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Slutavstäm återföringen, fastställ den varaktiga kostnadsnivån och skriv ned det andra kan lära av."
    )
    explanation = DependsText(
        label=gettext_lazy("Förklaring till differensen"),
        rows=3,
        required=False,
        help_text=gettext_lazy("Krävs om återfört och undantaget inte är lika med det som skulle återföras."),
    )
    areas = RowsField(
        {
            "area": forms.ChoiceField(
                label=gettext_lazy("Verksamhetsområde"), choices=choose(Area.choices, gettext_lazy("Välj område"))
            ),
            "cost_level": TkrField(label=gettext_lazy("Varaktig kostnad per år")),
            "budget": TkrField(label=gettext_lazy("Ordinarie budget per år")),
        },
        label=gettext_lazy("Varaktig kostnadsnivå per verksamhetsområde"),
        required=False,
        help_text=gettext_lazy("Den nya nivån är den faktiska kostnaden. Lämna tomt om budgeten inte ska justeras."),
    )
    adjusts = YesNoField(
        label=gettext_lazy("Ska budgeten justeras?"),
        yes=gettext_lazy("Ja, budgeten ska sänkas till den faktiska kostnaden"),
        no=gettext_lazy("Nej, ärendet avslutas utan budgetjustering"),
    )
    adjusts_reason = TextField(label=gettext_lazy("Motivering"), rows=3)
    target = DependsChoice(
        label=gettext_lazy("Målnivå"),
        choices=choose(Target.choices, gettext_lazy("Ingen budgetjustering")),
        required=False,
        help_text=gettext_lazy(
            "Krävs om budgeten ska justeras. Stadens resursfördelning medger inte att en enskild "
            "stadsdelsnämnds budget justeras utan ett särskilt beslut."
        ),
    )
    special_decision = DependsText(
        label=gettext_lazy("Särskilt beslut"),
        rows=2,
        required=False,
        help_text=gettext_lazy(
            "Krävs om målnivån är en enskild stadsdelsnämnd. Ange vem som beslutat, datum och paragraf."
        ),
    )

    def context(self) -> dict[str, Any]:
        """The closing checklist beside the figures."""
        return super().context() | {"points": closing.checklist(self.case)}
