"""Shapes of input for the acts that lead to a decision."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from applications.models import CalculationCheck, Proposal, Route
from applications.sheets.money import money_rows, set_boards, twice, typed_row
from applications.sheets.opinion import OPINION
from fundportal.forms import ActionForm, DayField, TextField
from fundportal.models import Use
from fundportal.process import Outcome
from fundportal.signing import SigningForm


class CheckCalculation(ActionForm):
    """The controller's examination."""

    intro = gettext_lazy(
        "Du är det andra paret ögon på kalkylen. Läs ansökans kalkyl och budget under Handlingar och skriv vad du fann."
    )

    outcome = forms.ChoiceField(
        label=gettext_lazy("Utfall"), choices=CalculationCheck.Outcome.choices, widget=forms.RadioSelect
    )
    text = TextField(
        label=gettext_lazy("Bedömning"),
        help_text=gettext_lazy(
            "Till exempel om styckkostnader har källa, om nettoeffekten är rimlig och om besparingen syns i bokslut."
        ),
        least=20,
        most=4000,
    )


class ProposeDecision(ActionForm):
    """The officer reads the whole proposal once more before it goes to the director."""

    template = "actions/propose_decision.html"
    intro = gettext_lazy(
        "Tjänsteutlåtandet fryses som handling och ärendet går till stadsdirektören. Kontrollera uppgifterna nedan."
    )

    digest = forms.CharField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        """Bind the act to what is shown."""
        self.filled = OPINION.filled(self.case)
        self.fields["digest"].initial = self.filled.digest

    def context(self) -> dict[str, Any]:
        """What is proposed, as it will be frozen."""
        proposed = self.filled.cleaned("beslut")
        names = {pk: name for pk, name in self.case.parties.values_list("namnd_id", "namnd__name")}
        rows = [
            row | {"namnd": names.get(row["namnd"], ""), "get_use_display": Use(row["use"]).label}
            for row in proposed.get("rows", [])
        ]
        return {
            "proposed": proposed,
            "rows": rows,
            "amount": sum((row["amount"] for row in rows), Decimal(0)),
            "clauses": self.filled.cleaned("forslag").get("clauses", []),
            "outcome_label": Outcome(proposed["outcome"]).label if proposed else "",
            "route_label": Route(proposed["route"]).label if proposed else "",
        }


class ReturnProposal(ActionForm):
    """Why the director sends it back."""

    intro = gettext_lazy("Ärendet går tillbaka till handläggaren. Förslaget ligger kvar som handling.")

    reason = TextField(
        label=gettext_lazy("Skäl"),
        help_text=gettext_lazy("Vad behöver ändras eller utredas mer innan du kan besluta?"),
        least=20,
        most=2000,
    )


class SignDecision(SigningForm):
    """The director signs exactly what is shown."""

    template = "actions/sign_decision.html"

    intro = gettext_lazy("Läs tjänsteutlåtandet innan du skriver under. Det du ser här är det du skriver under.")

    def signed(self) -> dict[str, Any]:
        """The newest proposal."""
        proposal = self.proposal
        return proposal.signed() if proposal else {}

    @cached_property
    def proposal(self) -> Proposal | None:
        """The newest proposal of the case."""
        return Proposal.objects.filter(case=self.case).select_related("document", "case").first()

    def context(self) -> dict[str, Any]:
        """The paper to read."""
        return super().context() | {"paper": self.proposal.document if self.proposal else None}


class RecordBoardDecision(ActionForm):
    """What stands in kommunstyrelsen's minutes."""

    template = "actions/record_board_decision.html"
    intro = gettext_lazy("Registrera beslutet ur protokollet. Sista dag att överklaga räknas från anslagsdagen.")

    outcome = forms.ChoiceField(label=gettext_lazy("Utfall"), choices=Outcome.choices, widget=forms.RadioSelect)
    meeting_on = DayField(label=gettext_lazy("Sammanträdesdag"))
    paragraph = forms.CharField(
        label=gettext_lazy("Paragraf i protokollet"), help_text=gettext_lazy("Till exempel § 12."), max_length=20
    )
    rows = money_rows(
        gettext_lazy("Beviljade belopp"),
        help_text=gettext_lazy("De föreslagna beloppen står ifyllda. Ändra dem om kommunstyrelsen beslutade annat."),
        required=False,
    )
    adjusted_on = DayField(label=gettext_lazy("Protokollet justerat"), required=False)
    immediate = forms.BooleanField(label=gettext_lazy("Paragrafen justerades omedelbart"), required=False)
    posted_on = DayField(
        label=gettext_lazy("Justeringen anslagen"),
        help_text=gettext_lazy("Dagen på anslagstavlan. Behövs vid bifall, delvis bifall och avslag."),
        required=False,
    )
    reasons = TextField(
        label=gettext_lazy("Kommunstyrelsens skäl"),
        help_text=gettext_lazy(
            "Behövs när beslutet är ett annat än det föreslagna, vid återremiss och vid bordläggning."
        ),
        required=False,
    )
    reservation = TextField(
        label=gettext_lazy("Reservationer och särskilda uttalanden"), required=False, most=8000, rows=4
    )
    next_meeting_on = DayField(
        label=gettext_lazy("Bordlagt till sammanträdet"),
        help_text=gettext_lazy("Bara vid bordläggning: dagen då ärendet tas upp igen."),
        required=False,
    )

    def prepare(self) -> None:
        """Begin with the proposed amounts and the meeting they were meant for."""
        set_boards(self.fields["rows"], self.case)
        if self.is_bound:
            return
        proposal = Proposal.objects.filter(case=self.case).first()
        if proposal is None:
            return
        self.fields["rows"].initial = [
            typed_row(row.year, row.use, row.namnd_id, row.amount) for row in proposal.rows.all()
        ]
        self.fields["meeting_on"].initial = self.case.due_on or proposal.board_on

    def clean(self) -> dict[str, Any]:
        """Each year, use and nämnd once."""
        cleaned = super().clean() or {}
        if text := twice(cleaned.get("rows") or []):
            self.add_error("rows", text)
        return cleaned

    def context(self) -> dict[str, Any]:
        """What was proposed."""
        return {"proposal": Proposal.objects.filter(case=self.case).select_related("document").first()}


class ReportToBoard(ActionForm):
    """What stands in the minutes of the meeting where the decision was reported."""

    intro = gettext_lazy(
        "Beslut på delegation anmäls till kommunstyrelsen. "
        "Sista dag att överklaga räknas från anslaget av det protokollet."
    )

    meeting_on = DayField(label=gettext_lazy("Sammanträdesdag"))
    paragraph = forms.CharField(
        label=gettext_lazy("Paragraf i protokollet"), help_text=gettext_lazy("Till exempel § 12."), max_length=20
    )
    adjusted_on = DayField(label=gettext_lazy("Protokollet justerat"))
    immediate = forms.BooleanField(label=gettext_lazy("Paragrafen justerades omedelbart"), required=False)
    posted_on = DayField(label=gettext_lazy("Justeringen anslagen"))
