"""Forms of those who are asked: the answer, by an account, by a link or entered by an officer; and more time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import formatting
from fundportal.forms import ActionForm, DayField, FilesField, PlainForm, TextField
from fundportal.process import Role
from reviews.forms.remiss import OneBody
from reviews.models import AnswerForm, AnswerStandpoint, RemissBody, RemissDraft, RemissQuestion


class AnswerFields(PlainForm):
    """What every answer holds."""

    form = forms.ChoiceField(label=gettext_lazy("Svarsform"), choices=AnswerForm.choices, widget=forms.RadioSelect)
    standpoint = forms.ChoiceField(
        label=gettext_lazy("Ståndpunkt"), choices=AnswerStandpoint.choices, widget=forms.RadioSelect
    )
    comments = TextField(
        label=gettext_lazy("Synpunkter"),
        required=False,
        rows=10,
        most=10000,
        help_text=gettext_lazy("Krävs om ni inte avstår från att yttra er. Skriv så att texten kan citeras."),
    )
    meeting_on = DayField(
        label=gettext_lazy("Nämndens sammanträde"),
        required=False,
        help_text=gettext_lazy("Krävs vid nämndbeslut. Till exempel 2027-02-01."),
    )
    paragraph = forms.CharField(
        label=gettext_lazy("Paragraf"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Krävs vid nämndbeslut. Till exempel § 21."),
    )
    immediate = forms.BooleanField(label=gettext_lazy("Paragrafen justerades omedelbart"), required=False)
    reservation = TextField(label=gettext_lazy("Reservation eller särskilt uttalande"), required=False, rows=4)
    reservation_files = FilesField(label=gettext_lazy("Reservation eller särskilt uttalande som fil"), required=False)
    attachments = FilesField(label=gettext_lazy("Bilagor"), required=False)

    def ask(self, questions: Iterable[RemissQuestion], *, dated: bool = False) -> None:
        """A field for each question, before the general comments. `dated`: tell the remisser apart."""
        self.questions = list(questions)
        order = list(self.fields)
        for question in self.questions:
            sent = _(" (remissen %s)") % formatting.day(question.remiss.sent_on) if dated else ""
            label = _("Fråga %(no)d. %(text)s") % {"no": question.no, "text": question.text}
            name = f"q{question.pk}"
            self.fields[name] = TextField(label=label + sent, required=False, rows=4, most=5000)
            order.insert(order.index("comments"), name)
        if self.questions:
            self.fields["comments"].label = _("Övriga synpunkter")
            self.fields["comments"].help_text = _("Krävs om ni varken svarar på någon fråga eller avstår.")
        self.order_fields(order)

    def answers(self, remiss_id: int) -> list[dict[str, Any]]:
        """What was said to each question of a remiss, by its number."""
        return [
            {"no": question.no, "text": self.cleaned_data[f"q{question.pk}"]}
            for question in self.questions
            if question.remiss_id == remiss_id and self.cleaned_data[f"q{question.pk}"]
        ]

    def plain_given(self, remiss_id: int) -> dict[str, Any]:
        """What the act is given, but for whom."""
        asked = {f"q{question.pk}" for question in self.questions}
        given = {name: value for name, value in self.cleaned_data.items() if name not in asked}
        return given | {"answers": self.answers(remiss_id)}


def questions_of(bodies: Iterable[RemissBody]) -> list[RemissQuestion]:
    """The questions of the remisser that the bodies belong to."""
    remisser = {body.remiss_id for body in bodies}
    asked = RemissQuestion.objects.filter(remiss__in=remisser).select_related("remiss__event")
    return list(asked.order_by("remiss_id", "no"))


class AnswerRemiss(ActionForm, AnswerFields):
    """A body's answer: its board's respondent writes it, or the officer for a body outside the city."""

    template = "actions/answer_remiss.html"
    intro = gettext_lazy("Svaret blir en handling i ärendet och kan inte ändras efteråt.")

    body = forms.TypedChoiceField(label=gettext_lazy("Remissinstans"), widget=forms.RadioSelect)
    received_on = DayField(label=gettext_lazy("Svaret kom in"), required=False)
    field_order = ("body", "form", "standpoint")

    def prepare(self) -> None:
        """Only the bodies this person may answer for; when the answer came in is asked of officers only."""
        self.units: list[dict[str, Any]] = []
        self.writer: int | None = None
        bodies = {str(body.pk): body for body in RemissBody.objects.answerable_by(self.user, self.case)}
        self.bodies = list(bodies.values())
        named = str(self.data.get("body", "") if self.is_bound else self.initial.get("body", ""))
        self.chosen = self.bodies[0] if len(self.bodies) == 1 else bodies.get(named)
        field = cast(forms.TypedChoiceField, self.fields["body"])
        field.coerce = bodies.get
        field.choices = [(pk, str(body)) for pk, body in bodies.items()]
        asked = [self.chosen] if self.chosen else self.bodies
        self.ask(questions_of(asked), dated=len({body.remiss_id for body in asked}) > 1)
        if self.chosen:
            field.initial, field.widget = str(self.chosen.pk), forms.HiddenInput()
            self.fields["meeting_on"].initial = self.chosen.meeting_on
        if all(body.namnd_id for body in self.bodies) and Role.OFFICER not in self.user.grants.everywhere:
            del self.fields["received_on"]
        else:
            self.fields["received_on"].initial = timezone.localdate(self.at)
        self.drafts = {draft.body_id: draft for draft in RemissDraft.objects.in_portal().filter(body__in=self.bodies)}
        self.draft = self.drafts.get(self.chosen.pk) if self.chosen else None
        if self.draft and not self.is_bound and set(self.initial) <= {"body"}:
            self.initial = self.draft.answers
        if self.chosen and not self.is_bound:
            self.initial = {**self.initial, "body": str(self.chosen.pk)}

    def given(self) -> dict[str, Any]:
        """The body by its board or its name, as the history tells it."""
        body: RemissBody = self.cleaned_data["body"]
        given = self.plain_given(body.remiss_id)
        del given["body"]
        return given | ({"namnd": body.namnd} if body.namnd else {"organisation": body.name})

    def context(self) -> dict[str, Any]:
        """The letters that are being answered, and what was saved."""
        return {
            "bodies": [self.chosen] if self.chosen else self.bodies,
            "chosen": self.chosen,
            "draft": self.draft,
            "drafted": list(self.drafts),
            "units": self.units,
            "writer": self.writer,
        }


class OutsideAnswer(AnswerFields):
    """An answer by someone who came by a link: she says who she is."""

    FORMS = (
        (AnswerForm.BOARD, gettext_lazy("Beslut av styrelse eller motsvarande")),
        (AnswerForm.DELEGATED, gettext_lazy("Yttrande på delegation")),
        (AnswerForm.OFFICE, gettext_lazy("Yttrande från organisationen")),
        (AnswerForm.ABSTAINS, AnswerForm.ABSTAINS.label),
    )

    person = forms.CharField(
        label=gettext_lazy("Ditt namn"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    title = forms.CharField(
        label=gettext_lazy("Din befattning eller ditt uppdrag"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    field_order = ("person", "title", "form", "standpoint")

    def __init__(self, *args: Any, body: RemissBody, **kwargs: Any) -> None:
        """`body` is whom she answers for."""
        self.body = body
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["form"]).choices = list(self.FORMS)
        self.fields["meeting_on"].label = _("Sammanträde")
        self.fields["meeting_on"].initial = body.meeting_on
        self.fields["meeting_on"].help_text = _("Krävs vid beslut av styrelse. Till exempel 2027-02-01.")
        self.fields["paragraph"].help_text = _("Krävs vid beslut av styrelse. Till exempel § 21.")
        del self.fields["immediate"]
        self.ask(questions_of([body]))

    def signature(self) -> str:
        """Who she is, as the history tells it."""
        return f"{self.cleaned_data['person']}, {self.cleaned_data['title']}, {self.body}"

    def given(self) -> dict[str, Any]:
        """What the act is given."""
        given = self.plain_given(self.body.remiss_id)
        return {name: value for name, value in given.items() if name not in ("person", "title")} | {
            "organisation": self.body.name
        }


class MoreTime(PlainForm):
    """Until when, and why."""

    until = DayField(label=gettext_lazy("Anstånd till"))
    reason = TextField(label=gettext_lazy("Skäl"), rows=3, most=1000)


class AskMoreTime(OneBody):
    """A board that asks for anstånd."""

    intro = gettext_lazy("Handläggaren får din begäran. Sista svarsdag står kvar tills ni har fått svar.")

    until = DayField(label=gettext_lazy("Anstånd till"))
    reason = TextField(label=gettext_lazy("Skäl"), rows=3, most=1000)

    def bodies(self) -> list[RemissBody]:
        """Her own boards that have not answered."""
        return [body for body in RemissBody.objects.answerable_by(self.user, self.case) if body.namnd_id]

    def told(self, body: RemissBody) -> str:
        """With its last day."""
        return _("%(body)s, svar senast %(day)s") % {"body": body, "day": formatting.day(body.last_day)}

    def given(self) -> dict[str, Any]:
        """By its board."""
        given = dict(self.cleaned_data)
        return {"namnd": given.pop("body").namnd} | given


class OutsideMoreTime(MoreTime):
    """An outside body that asks for anstånd: she says who she is."""

    person = forms.CharField(
        label=gettext_lazy("Ditt namn"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ("until", "reason", "person")
