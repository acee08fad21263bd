"""Forms of the acts at each bokslut."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.formatting import kronor
from fundportal.forms import KronorField, TextField, choose
from repayment.forms.fields import PickField
from repayment.forms.plan import OfRepayment
from repayment.models import Cause, PlanRow


class ReconcileYear(OfRepayment):
    """A bokslut: what was saved, the surplus, what is repaid, and why if it is not as planned."""

    template = "actions/reconcile_year.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Stäm av en nämnds bokslut mot planen. Det som återförs bokförs i fonden med verifikationsnumret."
    )
    row = PickField(label=gettext_lazy("Bokslut och nämnd"))
    realised = KronorField(
        label=gettext_lazy("Konstaterad utgiftsminskning"),
        help_text=gettext_lazy("Den faktiska besparingen enligt uppföljningen. Den kan vara 0 kr."),
    )
    surplus = KronorField(
        label=gettext_lazy("Nämndens överskott vid bokslut"),
        minimum=None,
        help_text=gettext_lazy("Skriv ett minustecken före beloppet om nämnden har ett underskott."),
    )
    repaid = KronorField(label=gettext_lazy("Belopp som återförs till fonden"))
    voucher = forms.CharField(
        label=gettext_lazy("Verifikationsnummer (krävs om något återförs)"), max_length=40, required=False
    )
    cause = forms.ChoiceField(
        label=gettext_lazy("Orsak till avvikelse (krävs om beloppet skiljer sig från planen)"),
        choices=choose(Cause.choices, gettext_lazy("Ingen avvikelse")),
        required=False,
    )
    reason = TextField(label=gettext_lazy("Förklaring till avvikelsen (krävs vid avvikelse)"), rows=4, required=False)
    deviation_decision = TextField(
        label=gettext_lazy("Beslut om att återföra mer än överskottet (frivilligt)"),
        rows=2,
        required=False,
        help_text=gettext_lazy("Nämnd, datum och paragraf. Behövs bara om beloppet är större än nämndens överskott."),
    )
    forecast_t1 = KronorField(label=gettext_lazy("Prognos i tertialrapport 1 (frivilligt)"), required=False)
    forecast_t2 = KronorField(label=gettext_lazy("Prognos i tertialrapport 2 (frivilligt)"), required=False)

    def prepare(self) -> None:
        """The open rows; the first is chosen beforehand if it is the only one of its year."""
        rows = self.standing.open_rows
        self.fields["row"].offer([(row, _in_words(row)) for row in rows], _("Välj bokslut"))  # type: ignore[attr-defined]
        if rows and [row.year for row in rows].count(rows[0].year) == 1:
            self.fields["row"].initial = rows[0].pk


class CompleteRepayment(OfRepayment):
    """Nothing to fill in: what stands in the table is what is ended."""

    template = "actions/complete_repayment.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy("Inget återstår att återföra. Ärendet går vidare till slutavstämning.")


def _in_words(row: PlanRow) -> str:
    return _("%(year)d, %(namnd)s, %(area)s (planerat %(amount)s)") % {
        "year": row.year,
        "namnd": row.namnd.name,
        "area": row.get_area_display(),
        "amount": kronor(row.amount),
    }
