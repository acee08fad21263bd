"""Forms of the acts that release from repayment while a plan goes on."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.formatting import kronor
from fundportal.forms import KronorField, TextField
from fundportal.signing import SigningForm
from repayment.forms.fields import PickField
from repayment.forms.plan import OfRepayment, cells
from repayment.models import ExemptionReason


class ExemptPart(OfRepayment, SigningForm):
    """Of which row, how much, and why."""

    template = "actions/exempt_part.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Undanta en del av det som återstår. Planen fortsätter i en ny version; den gamla står kvar som den var."
    )
    row = PickField(label=gettext_lazy("Rad i planen"), required=False)
    amount = KronorField(label=gettext_lazy("Belopp som undantas"))
    reason = forms.ChoiceField(label=gettext_lazy("Skäl"), choices=ExemptionReason.choices, widget=forms.RadioSelect)
    text = TextField(
        label=gettext_lazy("Motivering"),
        least=100,
        rows=6,
        help_text=gettext_lazy("Minst 100 tecken. Motiveringen står i beslutet."),
    )

    def prepare(self) -> None:
        """The open rows; what no row holds stands for itself."""
        now = self.standing
        self.fields["row"].required = now.unplanned <= 0
        loose = _("Det som saknar rad i planen: %s") % kronor(now.unplanned) if now.unplanned > 0 else _("Välj rad")
        self.fields["row"].offer([(row, row_in_words(row)) for row in now.open_rows], loose)  # type: ignore[attr-defined]

    def signed(self) -> dict[str, Any]:
        """Where the plan stands before the decision."""
        now = self.standing
        return {
            _("Återstår att återföra"): kronor(now.remaining),
            _("Gäller nu"): [cells(row) for row in now.open_rows],
        }


class RevokePlan(OfRepayment, SigningForm):
    """Who holds the budget now, and why nothing more is repaid."""

    template = "actions/revoke_plan.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Upphäv planen när budgetansvaret har flyttat från dem som sparar. Inget mer återförs, "
        "men besparingen redovisas ändå år för år."
    )
    responsible = forms.CharField(
        label=gettext_lazy("Vem har budgetansvaret nu?"),
        max_length=200,
        help_text=gettext_lazy("Nämnd eller verksamhet, och beslutet som flyttade ansvaret."),
    )
    text = TextField(
        label=gettext_lazy("Motivering"),
        least=100,
        rows=6,
        help_text=gettext_lazy("Minst 100 tecken. Varför kan de som sparar inte längre återföra?"),
    )

    def signed(self) -> dict[str, Any]:
        """The amounts and the rows that fall away."""
        now = self.standing
        return {
            _("Att återföra"): kronor(now.to_repay),
            _("Återfört"): kronor(now.repaid),
            _("Upphävs"): kronor(now.remaining),
            _("Rader som faller bort"): [cells(row) for row in now.open_rows],
        }


def row_in_words(row: Any) -> str:
    """A row to choose."""
    return _("%(year)d, %(namnd)s, %(area)s (planerat %(amount)s)") % {
        "year": row.year,
        "namnd": row.namnd.name,
        "area": row.get_area_display(),
        "amount": kronor(row.amount),
    }
