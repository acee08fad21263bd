"""Shapes of input for money that is asked for, approved, paid and planned."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Requisition
from applications.models.investment import Line, per_board, plan
from applications.sheets.money import boards
from fundportal.formatting import kronor
from fundportal.forms import ActionForm, DayField, FilesField, KronorField, RowsField, TextField, choose
from fundportal.models import Use
from fundportal.process import Role


class RequisitionForm(ActionForm):
    """What a nämnd asks for."""

    template = "actions/requisition.html"
    intro = gettext_lazy(
        "Begär medel av det som är beviljat er nämnd för ett år och en användning. "
        "En person på stadsledningskontoret godkänner och en annan betalar ut."
    )

    line = forms.ChoiceField(
        label=gettext_lazy("Vad pengarna tas ur"),
        choices=(),
        help_text=gettext_lazy("År, användning och nämnd där det finns pengar kvar att rekvirera."),
    )
    amount = KronorField(label=gettext_lazy("Belopp"), minimum=1)
    purpose = TextField(label=gettext_lazy("Vad pengarna ska användas till"), least=10, most=2000, rows=4)
    attachments = FilesField(
        label=gettext_lazy("Underlag"),
        required=False,
        help_text=gettext_lazy("Till exempel fakturor, avtal eller en lönelista utan personuppgifter."),
    )

    def prepare(self) -> None:
        """What is left for the boards she writes for."""
        self.lines = per_board(self.case, timezone.localdate(self.at))
        self.mine = {
            it.pk: it for it in boards(self.case) if Role.APPLICANT in self.user.grants.on_namnd.get(it.pk, set())
        }
        offered = [(key(line), said(line)) for line in self.lines if line.free > 0 and line.namnd in self.mine]
        field = cast(forms.ChoiceField, self.fields["line"])
        field.choices = choose(offered)
        if len(offered) == 1:
            field.initial = offered[0][0]

    def given(self) -> dict[str, Any]:
        """Year, use and nämnd apart."""
        given = dict(self.cleaned_data)
        year, use, namnd = given.pop("line").split("-")
        return given | {"year": int(year), "use": use, "namnd": self.mine[int(namnd)]}

    def context(self) -> dict[str, Any]:
        """Where the money stands."""
        return {"lines": self.lines, "total": Line.of(self.lines)}


def key(line: Line) -> str:
    """A year, use and nämnd as one choice."""
    return f"{line.year}-{line.use}-{line.namnd}"


def said(line: Line) -> str:
    """A year, use and nämnd with what is left to ask for."""
    return _("%(year)s, %(use)s, %(namnd)s: %(free)s kvar") % {
        "year": line.year,
        "use": line.use_label.lower(),
        "namnd": line.board,
        "free": kronor(line.free),
    }


class RequisitionChoice(forms.ModelChoiceField):
    """Requisitions, each in a line."""

    def label_from_instance(self, obj: Requisition) -> str:
        """Number, amount, nämnd, use and year."""
        return _("Nr %(number)s: %(amount)s till %(namnd)s, %(use)s %(year)s") % {
            "number": obj.number,
            "amount": kronor(obj.bound),
            "namnd": obj.namnd.name,
            "use": str(obj.get_use_display()).lower(),
            "year": obj.year,
        }


def offered_requisition(label: Any) -> RequisitionChoice:
    """A choice among requisitions, set by `offer`."""
    return RequisitionChoice(
        label=label, queryset=Requisition.objects.none(), widget=forms.RadioSelect, empty_label=None
    )


def offer(form: ActionForm, status: str) -> QuerySet[Requisition]:
    """Let the form choose among the case's requisitions of a status; the only one is chosen."""
    found = Requisition.objects.filter(case=form.case, status=status)
    found = found.select_related("namnd", "by", "event", "approved", "file_row__file").prefetch_related(
        "event__uploads"
    )
    cast(RequisitionChoice, form.fields["requisition"]).queryset = found
    if len(found) == 1:
        form.fields["requisition"].initial = found[0]
    return found


def yes_or_no(label: Any, yes: Any) -> forms.TypedChoiceField:
    """Do it, or refuse it."""
    return forms.TypedChoiceField(
        label=label,
        choices=(("yes", yes), ("no", gettext_lazy("Avslå"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class ApproveRequisition(ActionForm):
    """Approve what a nämnd has asked for, whole or in part, or refuse it."""

    template = "actions/approve_requisition.html"
    intro = gettext_lazy(
        "Kontrollera rekvisitionen mot beslutet och underlaget. När den är godkänd bokför en controller utbetalningen: "
        "någon annan än du."
    )

    requisition = offered_requisition(gettext_lazy("Rekvisition"))
    approves = yes_or_no(gettext_lazy("Beslut"), gettext_lazy("Godkänn"))
    amount = KronorField(
        label=gettext_lazy("Belopp som godkänns"),
        help_text=gettext_lazy("Lämna tomt för att godkänna hela det rekvirerade beloppet."),
        required=False,
        minimum=1,
    )
    reason = TextField(
        label=gettext_lazy("Skäl"),
        help_text=gettext_lazy("Krävs vid avslag, och när inte hela beloppet godkänns."),
        required=False,
        most=1000,
        rows=3,
    )

    def prepare(self) -> None:
        """What waits, each in a line of its own."""
        self.offered = offer(self, Requisition.Status.AWAITING)

    def clean(self) -> dict[str, Any]:
        """A refusal and a smaller amount have a reason: told at the field."""
        cleaned = _with_reason(self, super().clean() or {}, "approves")
        asked, amount = cleaned.get("requisition"), cleaned.get("amount")
        less = asked is not None and amount is not None and amount < asked.amount
        if cleaned.get("approves") and less and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Skriv varför inte hela beloppet godkänns."))
        return cleaned

    def context(self) -> dict[str, Any]:
        """The requisitions in full, and where the money stands."""
        lines = per_board(self.case, timezone.localdate(self.at))
        return {"requisitions": self.offered, "lines": lines, "total": Line.of(lines)}


def _with_reason(form: ActionForm, cleaned: dict[str, Any], choice: str) -> dict[str, Any]:
    said = (cleaned.get("reason") or "").strip()
    if cleaned.get(choice) is False and not said and "reason" not in form.errors:
        form.add_error("reason", _("Skriv varför rekvisitionen avslås."))
    return cleaned


class Pay(ActionForm):
    """Book the payment of an approved requisition, whole or in part, or refuse it."""

    template = "actions/pay.html"
    intro = gettext_lazy(
        "Bokför en godkänd rekvisition när pengarna är utbetalda, helt eller delvis, eller avslå den med skäl. "
        "Den som godkände kan inte bokföra."
    )

    requisition = offered_requisition(gettext_lazy("Godkänd rekvisition"))
    pays = yes_or_no(gettext_lazy("Beslut"), gettext_lazy("Betala ut"))
    amount = KronorField(
        label=gettext_lazy("Belopp att betala ut"),
        help_text=gettext_lazy("Lämna tomt för att betala hela det godkända beloppet. Resten kan rekvireras på nytt."),
        required=False,
        minimum=1,
    )
    voucher = forms.CharField(
        label=gettext_lazy("Verifikationsnummer"),
        help_text=gettext_lazy("Krävs vid utbetalning."),
        max_length=40,
        required=False,
    )
    booked_on = DayField(
        label=gettext_lazy("Bokföringsdag"),
        help_text=gettext_lazy("Krävs vid utbetalning. Till exempel 2026-10-31."),
        required=False,
    )
    reason = TextField(
        label=gettext_lazy("Skäl"),
        help_text=gettext_lazy("Krävs vid avslag. Vid delbetalning: varför inte hela beloppet."),
        required=False,
        most=1000,
        rows=3,
    )

    def prepare(self) -> None:
        """What is approved, each in a line of its own."""
        self.offered = offer(self, Requisition.Status.APPROVED)
        self.fields["booked_on"].initial = timezone.localdate(self.at)

    def clean(self) -> dict[str, Any]:
        """A payment has a voucher and a refusal a reason: told at the field."""
        cleaned = _with_reason(self, super().clean() or {}, "pays")
        if cleaned.get("pays"):
            asked = {"voucher": _("Fyll i verifikationsnumret."), "booked_on": _("Fyll i bokföringsdagen.")}
            for name, text in asked.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, text)
        return cleaned

    def context(self) -> dict[str, Any]:
        """The requisitions in full."""
        return {"requisitions": self.offered}


class PlanPayments(ActionForm):
    """When the granted money is to be paid."""

    template = "actions/plan_payments.html"
    intro = gettext_lazy(
        "Planen säger när pengarna beräknas betalas ut. Varje år, användning och nämnd ska stämma med det beviljade "
        "på kronan. Beloppen ändras genom en begäran om ändring, inte här."
    )

    rows = RowsField(
        {
            "on": DayField(label=gettext_lazy("Dag"), help_text=""),
            "use": forms.ChoiceField(label=gettext_lazy("Användning"), choices=choose(Use.choices)),
            "namnd": forms.TypedChoiceField(label=gettext_lazy("Nämnd"), coerce=int, choices=()),
            "amount": KronorField(label=gettext_lazy("Belopp"), minimum=1),
        },
        label=gettext_lazy("Betalningar"),
        least=1,
        totals=("amount",),
    )
    reason = TextField(label=gettext_lazy("Varför planen ändras"), required=False, most=1000, rows=2)

    def prepare(self) -> None:
        """Begin with the plan that holds."""
        rows = cast(RowsField, self.fields["rows"])
        cast(forms.TypedChoiceField, rows.columns["namnd"]).choices = choose(
            [(it.pk, it.short) for it in boards(self.case)]
        )
        if not self.is_bound:
            rows.initial = [
                {"on": it.on, "use": it.use, "namnd": it.namnd_id, "amount": it.amount} for it in plan(self.case)
            ]

    def context(self) -> dict[str, Any]:
        """What is granted, which the plan has to agree with."""
        lines = per_board(self.case, timezone.localdate(self.at))
        return {"lines": lines, "total": Line.of(lines)}
