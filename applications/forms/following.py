"""Shapes of input for following a project: baseline, reports sent back, meetings and tasks of the steering group."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.reporting import OutcomeField, ReportChoice
from applications.models import Report, SteeringMeeting, SteeringMember, SteeringTask
from applications.needs.following import baseline_of, indicators_of
from fundportal import notices
from fundportal.formatting import day, sort_key
from fundportal.forms import ActionForm, DayField, FilesField, RowsField, TextField, YearField, choose
from fundportal.models import User
from fundportal.process import Role


class LockBaseline(ActionForm):
    """Every indicator's value before the start, beginning with the application's."""

    intro = gettext_lazy(
        "Utgångsläget låses innan pengar rekvireras och rapporter lämnas, så att effekten kan mätas mot det. Kan ett "
        "värde inte mätas: lämna det tomt och skriv varför."
    )

    rows = RowsField(
        {
            "name": forms.CharField(label=gettext_lazy("Indikator"), max_length=160),
            "unit": forms.CharField(label=gettext_lazy("Enhet"), max_length=40, required=False),
            "value": OutcomeField(label=gettext_lazy("Utgångsvärde"), required=False),
            "year": YearField(label=gettext_lazy("Utgångsår"), required=False),
            "missing": forms.CharField(
                label=gettext_lazy("Kan inte mätas, därför att"), max_length=500, required=False
            ),
            "target": OutcomeField(label=gettext_lazy("Målvärde"), required=False),
            "target_year": YearField(label=gettext_lazy("Målår"), required=False),
        },
        label=gettext_lazy("Indikatorer"),
        least=1,
    )

    def prepare(self) -> None:
        """Begin with the baseline as it is, or with the application's indicators."""
        if self.is_bound:
            return
        now = baseline_of(self.case)
        if now is not None:
            rows = [
                {"name": it.name, "unit": it.unit, "missing": it.missing} | _figures(it, it.value, it.year)
                for it in now.rows.all()
            ]
        else:
            rows = [
                {"name": it.name, "unit": it.unit} | _figures(it, it.baseline, it.baseline_year)
                for it in indicators_of(self.case)
            ]
        self.fields["rows"].initial = rows

    def clean_rows(self) -> list[dict[str, Any]]:
        """A value or a reason, one of them."""
        rows: list[dict[str, Any]] = self.cleaned_data["rows"]
        faults = [
            ValidationError(_("Ange utgångsvärde för ”%s”, eller varför det inte kan mätas.") % row["name"])
            for row in rows
            if (row["value"] is None) == (not row["missing"].strip())
        ]
        if faults:
            raise ValidationError(faults)
        return rows


def _figures(row: Any, value: Any, year: int | None) -> dict[str, Any]:
    return {
        "value": value,
        "year": year or "",
        "target": row.target,
        "target_year": row.target_year or "",
    }


class ChangeBaseline(LockBaseline):
    """Another baseline, with its reason; the earlier stands in the history."""

    intro = gettext_lazy(
        "Utgångsläget är låst. Ändringen blir en ny version som syns för alla i ärendet, med skälet bredvid."
    )
    reason = TextField(label=gettext_lazy("Varför utgångsläget ändras"), least=20, most=2000, rows=4)


class ReturnReport(ActionForm):
    """The chair sends a report back."""

    template = "actions/accept_report.html"
    intro = gettext_lazy("Projektet får rapporten tillbaka och lämnar en ny version. Den här versionen står kvar.")

    report = ReportChoice(
        label=gettext_lazy("Lägesrapport"), queryset=Report.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    reason = TextField(label=gettext_lazy("Vad som behöver rättas"), least=10, most=2000, rows=4)

    def prepare(self) -> None:
        """The reports that wait, the oldest first."""
        waiting = Report.objects.filter(case=self.case).awaiting().order_by("year", "period")
        field = cast(ReportChoice, self.fields["report"])
        field.queryset = waiting
        field.initial = waiting.first()


class PlanSteeringMeeting(ActionForm):
    """When the steering group meets next."""

    intro = gettext_lazy("Ledamöterna får besked. Efter mötet dokumenteras närvaro, beslut och åtgärder.")

    held_on = DayField(label=gettext_lazy("Mötesdag"))
    place = forms.CharField(label=gettext_lazy("Plats"), max_length=200, required=False)
    agenda = TextField(label=gettext_lazy("Dagordning"), required=False, most=4000, rows=5)


class MeetingChoice(forms.ModelChoiceField):
    """Planned meetings, each by its day."""

    def label_from_instance(self, obj: SteeringMeeting) -> str:
        """The day and the place."""
        return f"{day(obj.held_on)}, {obj.place}" if obj.place else day(obj.held_on)


class MemberChoice(forms.ModelMultipleChoiceField):
    """Members, by name."""

    def label_from_instance(self, obj: User) -> str:
        """The name."""
        return obj.get_full_name()


class MinuteSteeringMeeting(ActionForm):
    """What became of a meeting."""

    intro = gettext_lazy("Skriv vad mötet kom fram till. Åtgärder påminns om när sista dagen närmar sig.")

    meeting = MeetingChoice(
        label=gettext_lazy("Möte"),
        queryset=SteeringMeeting.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    held = forms.TypedChoiceField(
        label=gettext_lazy("Blev mötet av?"),
        choices=(("yes", gettext_lazy("Ja")), ("no", gettext_lazy("Nej, det ställdes in"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    present = MemberChoice(
        label=gettext_lazy("Närvarande ledamöter"),
        help_text=gettext_lazy("Krävs när mötet blev av."),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    also_present = forms.CharField(label=gettext_lazy("Andra närvarande"), max_length=400, required=False)
    decisions = TextField(
        label=gettext_lazy("Beslut"),
        help_text=gettext_lazy("Krävs när mötet blev av. Ett beslut per stycke. Skriv också om inga beslut fattades."),
        required=False,
        most=6000,
        rows=6,
    )
    tasks = RowsField(
        {
            "what": forms.CharField(label=gettext_lazy("Vad som ska göras"), max_length=500),
            "owner": forms.TypedChoiceField(label=gettext_lazy("Ansvarig"), coerce=int, choices=()),
            "last_day": DayField(label=gettext_lazy("Senast"), help_text=""),
        },
        label=gettext_lazy("Åtgärder"),
        required=False,
    )
    minutes = FilesField(label=gettext_lazy("Protokoll"), required=False)

    def prepare(self) -> None:
        """The meetings that are planned, the members, and those who may be given something to do."""
        planned = SteeringMeeting.objects.filter(case=self.case, told=None)
        choice = cast(MeetingChoice, self.fields["meeting"])
        choice.queryset, choice.initial = planned, planned.first()
        sitting = SteeringMember.objects.filter(case=self.case).filter(
            Q(until=None) | Q(until__gte=timezone.localdate(self.at))
        )
        members = User.objects.filter(pk__in=sitting.values("user")).order_by("last_name", "first_name")
        cast(MemberChoice, self.fields["present"]).queryset = members
        self.people = {
            user.pk: user
            for user in (
                *members,
                *notices.holders(Role.APPLICANT, self.case),
                *notices.holders(Role.OFFICER, self.case),
            )
        }
        column = cast(RowsField, self.fields["tasks"]).columns["owner"]
        named = sorted(self.people.values(), key=lambda user: (sort_key(user.last_name), sort_key(user.first_name)))
        cast(forms.ChoiceField, column).choices = choose([(user.pk, user.get_full_name()) for user in named])

    def clean(self) -> dict[str, Any]:
        """A meeting that was held had somebody there and came to something."""
        cleaned = super().clean() or {}
        if cleaned.get("held"):
            if not cleaned.get("present"):
                self.add_error("present", _("Ange vilka som var närvarande."))
            if not cleaned.get("decisions"):
                self.add_error("decisions", _("Skriv vad mötet beslutade, eller att inga beslut fattades."))
        return cleaned

    def given(self) -> dict[str, Any]:
        """People themselves."""
        given = dict(self.cleaned_data)
        rows = [row | {"owner": self.people[row["owner"]]} for row in given["tasks"]]
        return given | {"present": list(given["present"]), "tasks": rows}


class TaskChoice(forms.ModelChoiceField):
    """Tasks, each in a line."""

    def label_from_instance(self, obj: SteeringTask) -> str:
        """What, who and when."""
        return _("%(what)s (%(who)s, senast %(day)s)") % {
            "what": obj.what,
            "who": obj.owner_name,
            "day": day(obj.last_day),
        }


class FinishSteeringTask(ActionForm):
    """A task is done."""

    task = TaskChoice(
        label=gettext_lazy("Åtgärd"),
        queryset=SteeringTask.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    outcome = TextField(label=gettext_lazy("Vad som blev gjort"), least=5, most=2000, rows=4)

    def prepare(self) -> None:
        """The open tasks, the nearest day first."""
        waiting = SteeringTask.objects.filter(case=self.case, done=None)
        choice = cast(TaskChoice, self.fields["task"])
        choice.queryset = waiting
        if len(waiting) == 1:
            choice.initial = waiting[0]
