"""Forms of the council's acts."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import criteria
from fundportal.forms import ActionForm, DayField, RowsField, TextField
from fundportal.models import User
from reviews.models import (
    EXTREMES,
    Assessment,
    Scoring,
    Verdict,
    council_members,
    idea_of,
    tallies,
)

SCORES = (
    ("0", gettext_lazy("0 – uppfylls inte")),
    ("1", gettext_lazy("1 – uppfylls delvis")),
    ("2", gettext_lazy("2 – uppfylls")),
    ("3", gettext_lazy("3 – uppfylls mycket väl")),
)


class Assess(ActionForm):
    """Twelve criteria, each with a score and, for the lowest and the highest, a reason."""

    template = "actions/assess.html"
    intro = gettext_lazy(
        "Bedöm idén mot de tolv kriterierna. Motivera 0 och 3 poäng. De andra ledamöternas poäng visas först när din "
        "egen bedömning är lämnad, och den kan inte ändras efteråt."
    )

    def prepare(self) -> None:
        """A score and a reason for each criterion, then the comment."""
        for criterion in criteria.CRITERIA:
            self.fields[criterion.code] = forms.TypedChoiceField(
                label=criterion.label,
                help_text=_("%s Grindkriterium.") % criterion.guidance if criterion.gate else criterion.guidance,
                choices=SCORES,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("%(criterion)s: välj en poäng.") % {"criterion": criterion.label}},
            )
            self.fields[self.reason(criterion.code)] = TextField(
                label=_("Motivering till %(code)s, krävs för 0 och 3 poäng") % {"code": criterion.code},
                required=False,
                rows=2,
                most=1000,
            )
            vars(self.fields[self.reason(criterion.code)])["depends"] = True
        self.fields["comment"] = TextField(
            label=_("Samlad kommentar"),
            rows=5,
            help_text=_("Din helhetsbedömning av idén. Läses av de andra ledamöterna när de har lämnat sin bedömning."),
            error_messages={"required": _("Skriv en samlad kommentar.")},
        )

    @staticmethod
    def reason(code: str) -> str:
        """The name of a criterion's field for the reason."""
        return f"{code}_reason"

    def clean(self) -> dict[str, Any]:
        """0 and 3 have reasons."""
        given = super().clean() or {}
        for criterion in criteria.CRITERIA:
            if given.get(criterion.code) in EXTREMES and not given.get(self.reason(criterion.code)):
                self.add_error(
                    self.reason(criterion.code),
                    _("%(criterion)s: motivera varför du ger %(score)d poäng.")
                    % {"criterion": criterion.label, "score": given[criterion.code]},
                )
        return given

    def given(self) -> dict[str, Any]:
        """The whole as one sealed scoring."""
        codes = [criterion.code for criterion in criteria.CRITERIA]
        reasons = {code: self.cleaned_data[self.reason(code)] for code in codes}
        return {
            "scoring": Scoring(
                scores={code: self.cleaned_data[code] for code in codes},
                reasons={code: reason for code, reason in reasons.items() if reason},
                comment=self.cleaned_data["comment"],
            )
        }

    def context(self) -> dict[str, Any]:
        """The idea, and the fields by criterion."""
        return {
            "idea": idea_of(self.case),
            "criteria": [
                {"score": self[criterion.code], "reason": self[self.reason(criterion.code)]}
                for criterion in criteria.CRITERIA
            ],
            "comment": self["comment"],
        }


class ConcludeCouncil(ActionForm):
    """What the council said at its meeting."""

    template = "actions/conclude_council.html"
    intro = gettext_lazy(
        "Registrera vad rådet kom fram till vid sitt sammanträde. Rådet ger råd; stadsdirektören beslutar om idén."
    )

    meeting_on = DayField(label=gettext_lazy("Sammanträdesdag"))
    present = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Närvarande ledamöter"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Ledamöter som har anmält jäv deltar inte och kan inte väljas."),
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("Rådets ställningstagande"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    reasons = TextField(label=gettext_lazy("Motivering"), least=200, rows=8)
    failed = forms.MultipleChoiceField(
        label=gettext_lazy("Kriterier som inte uppfylls"),
        choices=criteria.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Krävs när rådet avstyrker."),
    )
    gate_reasons = TextField(
        label=gettext_lazy("Motivering till avvikelse från grindkriterier"),
        required=False,
        rows=4,
        help_text=gettext_lazy("Krävs när rådet tillstyrker fast ett grindkriterium (K4, K9 eller K10) inte uppfylls."),
    )
    conditions = RowsField(
        {
            "text": forms.CharField(
                label=gettext_lazy("Villkor"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
            ),
            "due_on": DayField(label=gettext_lazy("Sista dag"), help_text=""),
        },
        label=gettext_lazy("Villkor"),
        required=False,
        help_text=gettext_lazy("Krävs när rådet tillstyrker med villkor."),
    )

    def prepare(self) -> None:
        """The members who may take part; those who have assessed are chosen from the beginning."""
        members = council_members()
        barred = set(self.case.javs.values_list("user_id", flat=True))
        assessed = set(Assessment.objects.counting(self.case).values_list("by", flat=True))
        free = [user for user in members if user.pk not in barred]
        field = cast(forms.ModelMultipleChoiceField, self.fields["present"])
        field.queryset = User.objects.filter(pk__in=[user.pk for user in free])
        field.choices = [(user.pk, user.get_full_name()) for user in free]
        field.initial = [user.pk for user in free if user.pk in assessed]
        self.fields["meeting_on"].initial = self.case.due_on

    def context(self) -> dict[str, Any]:
        """What the members' assessments say."""
        return {
            "tallies": tallies(Assessment.objects.counting(self.case)),
            "javs": list(self.case.javs.select_related("user")),
            "assessments": list(Assessment.objects.counting(self.case).select_related("by")),
        }


class ReturnToApplicant(ActionForm):
    """The council's questions, and when it wants the idea back."""

    intro = gettext_lazy("Idén går tillbaka till sökanden. När den lämnas in igen bedömer rådet den på nytt.")

    questions = RowsField(
        {
            "question": forms.CharField(
                label=gettext_lazy("Fråga"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
            )
        },
        least=1,
        label=gettext_lazy("Rådets frågor till sökanden"),
        help_text=gettext_lazy("En fråga per rad. Sökanden svarar genom att ändra idéskissen och lämna in den igen."),
    )
    last_day = DayField(label=gettext_lazy("Idéskissen ska vara inlämnad igen senast"))

    def given(self) -> dict[str, Any]:
        """The questions as a list of texts."""
        rows = self.cleaned_data["questions"]
        return {"questions": [row["question"] for row in rows], "last_day": self.cleaned_data["last_day"]}
