"""Forms of the council's acts."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import criteria, formatting
from fundportal.forms import ActionForm, DayField, FilesField, RowsField, TextField, choose
from fundportal.models import User
from reviews.models import (
    EXTREMES,
    Assessment,
    AssessmentDraft,
    Before,
    Condition,
    Manner,
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

    @property
    def criteria(self) -> tuple[criteria.Criterion, ...]:
        """The criteria as they read in the case's round."""
        return criteria.of(self.case.round)

    def prepare(self) -> None:
        """A score and a reason for each criterion, then the comment; what she has saved stands there already."""
        for criterion in self.criteria:
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
        self.draft = AssessmentDraft.objects.filter(case=self.case, by=self.user).first()
        self.earlier = self._earlier()
        self.repeats = False
        if not self.is_bound and not self.initial:
            self.repeats = self.draft is None and self.earlier is not None
            self.initial = dict(self.draft.typed) if self.draft else self._repeated()

    def _earlier(self) -> Assessment | None:
        """What she gave for an earlier version, or before a jäv that has been withdrawn."""
        rows = Assessment.objects.filter(case=self.case, by=self.user).exclude(document=idea_of(self.case))
        return rows.select_related("document").prefetch_related("scores").order_by("-id").first()

    def _repeated(self) -> dict[str, Any]:
        """Her own earlier answers, to begin from when she assesses anew."""
        if self.earlier is None:
            return {}
        typed: dict[str, Any] = {"comment": self.earlier.comment}
        for row in self.earlier.scores.all():
            typed |= {row.criterion: str(row.score), self.reason(row.criterion): row.reason}
        return typed

    @staticmethod
    def reason(code: str) -> str:
        """The name of a criterion's field for the reason."""
        return f"{code}_reason"

    def clean(self) -> dict[str, Any]:
        """0 and 3 have reasons."""
        given = super().clean() or {}
        for criterion in self.criteria:
            if given.get(criterion.code) in EXTREMES and not given.get(self.reason(criterion.code)):
                self.add_error(
                    self.reason(criterion.code),
                    _("%(criterion)s: motivera varför du ger %(score)d poäng.")
                    % {"criterion": criterion.label, "score": given[criterion.code]},
                )
        return given

    def given(self) -> dict[str, Any]:
        """The whole as one sealed scoring."""
        codes = [criterion.code for criterion in self.criteria]
        reasons = {code: self.cleaned_data[self.reason(code)] for code in codes}
        return {
            "scoring": Scoring(
                scores={code: self.cleaned_data[code] for code in codes},
                reasons={code: reason for code, reason in reasons.items() if reason},
                comment=self.cleaned_data["comment"],
                salt=salted_hmac("reviews.assessment", f"{self.user.pk}/{self.data.get('_key', '')}").hexdigest()[:32],
            )
        }

    def faults(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What is wrong, gathered: (what to do, the criteria to do it for, each with its place on the page)."""
        scores, reasons, others = list[tuple[str, str]](), list[tuple[str, str]](), list[tuple[str, str]]()
        for criterion in self.criteria:
            if criterion.code in self.errors:
                scores.append((criterion.code, f"id_{criterion.code}_0"))
            if self.reason(criterion.code) in self.errors:
                reasons.append((criterion.code, f"id_{self.reason(criterion.code)}"))
        if "comment" in self.errors:
            others.append((str(self.errors["comment"][0]), "id_comment"))
        told = [(_("Välj poäng för"), scores), (_("Skriv eller rätta motiveringen till"), reasons), ("", others)]
        return [(what, places) for what, places in told if places]

    def context(self) -> dict[str, Any]:
        """The idea, the fields by criterion, and whether she has judged an earlier version."""
        return {
            "idea": idea_of(self.case),
            "draft": self.draft,
            "earlier": self.earlier,
            "repeats": self.repeats,
            "faults": self.faults() if self.is_bound else [],
            "criteria": [
                {"is": criterion, "score": self[criterion.code], "reason": self[self.reason(criterion.code)]}
                for criterion in self.criteria
            ],
            "comment": self["comment"],
        }


class ConcludeCouncil(ActionForm):
    """What the council said at its meeting."""

    template = "actions/conclude_council.html"
    intro = gettext_lazy(
        "Registrera vad rådet kom fram till vid sitt sammanträde. Rådet ger råd; stadsdirektören beslutar om idén."
    )

    manner = forms.ChoiceField(
        label=gettext_lazy("Hur rådet tog ställning"),
        choices=Manner.choices,
        initial=Manner.MEETING,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Per capsulam: ledamöterna är eniga i skrift, utan sammanträde. Alla har bedömt idén."),
    )
    meeting_on = DayField(label=gettext_lazy("Sammanträdesdag, eller dagen för enighet per capsulam"))
    present = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Närvarande ledamöter"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Ledamöter med jäv deltar inte och kan inte väljas."),
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("Rådets ställningstagande"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    reasons = TextField(label=gettext_lazy("Motivering"), least=200, rows=8)
    failed = forms.MultipleChoiceField(
        label=gettext_lazy("Kriterier som inte uppfylls"),
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
            "before": forms.ChoiceField(label=gettext_lazy("Ska vara uppfyllt innan"), choices=Before.choices),
        },
        label=gettext_lazy("Villkor"),
        required=False,
        help_text=gettext_lazy(
            "Krävs när rådet tillstyrker med villkor. Villkoret stoppar det du väljer tills det är uppfyllt."
        ),
    )
    reservations = RowsField(
        {
            "member": forms.ChoiceField(label=gettext_lazy("Ledamot")),
            "text": forms.CharField(
                label=gettext_lazy("Reservation"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
            ),
        },
        label=gettext_lazy("Reservationer"),
        required=False,
        help_text=gettext_lazy("Den som inte står bakom ställningstagandet, med egna ord."),
    )

    questions = RowsField(
        {
            "question": forms.CharField(
                label=gettext_lazy("Fråga"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
            )
        },
        label=gettext_lazy("Rådets frågor till sökanden"),
        required=False,
        help_text=gettext_lazy("Krävs när rådet återremitterar. Sökanden svarar på dem i idéskissen."),
    )
    last_day = DayField(
        label=gettext_lazy("Idéskissen ska vara inlämnad igen senast"),
        required=False,
        help_text=gettext_lazy("Krävs när rådet återremitterar."),
    )

    def prepare(self) -> None:
        """The members who may take part; those who have assessed are chosen from the beginning."""
        members = council_members()
        barred = set(self.case.javs.standing().values_list("user_id", flat=True))
        assessed = set(Assessment.objects.counting(self.case).values_list("by", flat=True))
        free = [user for user in members if user.pk not in barred]
        field = cast(forms.ModelMultipleChoiceField, self.fields["present"])
        field.queryset = User.objects.filter(pk__in=[user.pk for user in free])
        field.choices = [(user.pk, user.get_full_name()) for user in free]
        field.initial = [user.pk for user in free if user.pk in assessed]
        self.fields["meeting_on"].initial = self.case.due_on
        among = criteria.of(self.case.round)
        cast(forms.MultipleChoiceField, self.fields["failed"]).choices = criteria.choices(among)
        gates = formatting.in_words([criterion.code for criterion in among if criterion.gate])
        self.fields["gate_reasons"].help_text = _(
            "Krävs när rådet tillstyrker fast ett grindkriterium (%(gates)s) inte uppfylls."
        ) % {"gates": gates}
        rows = cast(RowsField, self.fields["reservations"])
        member = cast(forms.ChoiceField, rows.columns["member"])
        member.choices = choose([(str(user.pk), user.get_full_name()) for user in free])

    def given(self) -> dict[str, Any]:
        """Who reserved herself, as people."""
        people = {str(user.pk): user for user in council_members()}
        rows = self.cleaned_data["reservations"]
        return {
            **self.cleaned_data,
            "reservations": [{**row, "member": people[row["member"]]} for row in rows],
            "questions": [row["question"] for row in self.cleaned_data["questions"]],
        }

    def context(self) -> dict[str, Any]:
        """What the members' assessments say."""
        return {
            "tallies": tallies(Assessment.objects.counting(self.case), criteria.of(self.case.round)),
            "javs": list(self.case.javs.standing().select_related("user")),
            "assessments": list(Assessment.objects.counting(self.case).select_related("by")),
        }


class FulfilCondition(ActionForm):
    """Which condition, by whom it was met and what shows it."""

    intro = gettext_lazy("Rådets villkor stoppar det de gäller tills du har registrerat att de är uppfyllda.")

    condition = forms.ModelChoiceField(
        label=gettext_lazy("Villkor"), queryset=Condition.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    met_on = DayField(label=gettext_lazy("Uppfyllt den"))
    met_by = forms.CharField(label=gettext_lazy("Uppfyllt av"), max_length=120)
    proof = TextField(
        label=gettext_lazy("Vad som visar det"),
        least=10,
        most=2000,
        rows=4,
        help_text=gettext_lazy("Till exempel ett beslut, ett avtal eller en namngiven handling."),
    )
    attachments = FilesField(label=gettext_lazy("Handlingar som visar det"), required=False)

    def prepare(self) -> None:
        """The conditions that wait."""
        waiting = Condition.objects.of(self.case).unmet()
        field = cast(forms.ModelChoiceField, self.fields["condition"])
        field.queryset = waiting
        field.label_from_instance = _whole  # type: ignore[assignment]
        self.fields["met_on"].initial = timezone.localdate(self.at)


def _whole(condition: Condition) -> str:
    return _("%(text)s Senast %(day)s, innan %(act)s.") % {
        "text": condition.text,
        "day": formatting.day(condition.due_on),
        "act": Before(condition.before).label,
    }


class ReturnToApplicant(ActionForm):
    """The council's questions, and when it wants the idea back."""

    intro = gettext_lazy(
        "Innan rådet har tagit ställning: idén går tillbaka till sökanden, och rådet bedömer den på nytt när den "
        "lämnas in igen. Har rådet självt återremitterat idén registrerar du det som rådets ställningstagande."
    )

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
