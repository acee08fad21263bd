"""Input for the correction of a payment, and of what was handed back."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.requisitions import RequisitionChoice
from applications.models import Investment, Requisition
from fundportal.formatting import kronor
from fundportal.forms import ActionForm, KronorField, TextField


class CorrectPayment(ActionForm):
    """Which payment was wrong, and what was wrong with it."""

    intro = gettext_lazy(
        "Utbetalningen tas tillbaka med en spegelpost som bokförs i dag och pekar på den felaktiga posten. "
        "Rekvisitionen väntar sedan på att betalas ut igen, rätt. Den som bokförde utbetalningen kan inte rätta den."
    )

    requisition = RequisitionChoice(
        label=gettext_lazy("Utbetald rekvisition"),
        queryset=Requisition.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = TextField(label=gettext_lazy("Vad som var fel"), least=10, most=1000, rows=3)

    def prepare(self) -> None:
        """What is paid."""
        paid = Requisition.objects.filter(case=self.case, status=Requisition.Status.PAID).select_related("namnd")
        cast(RequisitionChoice, self.fields["requisition"]).queryset = paid


class CorrectHandBack(ActionForm):
    """The right amount, its voucher, and what was wrong."""

    intro = gettext_lazy(
        "Det belopp som bokfördes som återlämnat när investeringsfasen avslutades tas tillbaka med en spegelpost, och "
        "det rätta bokförs. Båda bokförs i dag. Återlämnade medel är inte en besparing. Det som ska återföras räknas "
        "på det rätta beloppet."
    )

    handed_back = KronorField(label=gettext_lazy("Rätt återlämnat belopp"), help_text=gettext_lazy("Kan vara 0 kr."))
    voucher = forms.CharField(
        label=gettext_lazy("Verifikationsnummer"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Krävs om något återlämnas."),
    )
    reason = TextField(label=gettext_lazy("Vad som var fel"), least=10, most=1000, rows=3)

    def prepare(self) -> None:
        """What is booked, to be changed."""
        if found := self.booked:
            self.fields["handed_back"].initial, self.fields["voucher"].initial = found.handed_back, found.voucher

    @cached_property
    def booked(self) -> Investment | None:
        """What the end of the phase booked."""
        return Investment.objects.filter(case=self.case).first()

    def context(self) -> dict[str, Any]:
        """What is booked now."""
        told = (
            []
            if self.booked is None
            else [
                (_("Återlämnat av utbetalt"), kronor(self.booked.handed_back)),
                (_("Verifikation"), self.booked.voucher or "–"),
            ]
        )
        return super().context() | {"facts": told, "facts_title": _("Bokfört nu")}
