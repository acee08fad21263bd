"""Input for the correction of a payment."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy

from applications.forms.requisitions import RequisitionChoice
from applications.models import Requisition
from fundportal.forms import ActionForm, TextField


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
