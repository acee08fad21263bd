"""Forms of the acts at each bokslut."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.formatting import kronor
from fundportal.forms import KronorField, choose
from repayment.forms.fields import DependsChoice, DependsLine, DependsText, PickField
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
    voucher = DependsLine(
        label=gettext_lazy("Verifikationsnummer"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Krävs om något återförs."),
    )
    cause = DependsChoice(
        label=gettext_lazy("Orsak till avvikelse"),
        choices=choose(Cause.choices, gettext_lazy("Ingen avvikelse")),
        required=False,
        help_text=gettext_lazy("Krävs om det återförda beloppet skiljer sig från det planerade."),
    )
    reason = DependsText(
        label=gettext_lazy("Förklaring till avvikelsen"),
        rows=4,
        required=False,
        help_text=gettext_lazy("Krävs vid avvikelse."),
    )
    deviation_decision = DependsText(
        label=gettext_lazy("Beslut om att återföra mer än överskottet"),
        rows=2,
        required=False,
        help_text=gettext_lazy("Krävs om beloppet är större än nämndens överskott. Ange nämnd, datum och paragraf."),
    )
    forecast_t1 = KronorField(label=gettext_lazy("Prognos i tertialrapport 1"), required=False)
    forecast_t2 = KronorField(label=gettext_lazy("Prognos i tertialrapport 2"), required=False)

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
