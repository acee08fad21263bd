"""Forms of the acts of a remiss."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import calendar, formatting
from fundportal.forms import ActionForm, DayField, FilesField, RowsField, TextField, choose
from fundportal.models import Document, Namnd, Party
from fundportal.process import Role
from reviews.models import DAYS, AnswerForm, AnswerStandpoint, Remiss, RemissBody

SENT_ALONG = ("application", "idea", "idea_decision", "council_opinion")
"""The kinds of papers one may want an opinion on; the first is chosen from the beginning."""

LETTER = gettext_lazy(
    "Stadsledningskontoret ber om ert yttrande över ansökan om medel ur stadens sociala investeringsfond.\n\n"
    "Yttra er särskilt över behovet och målgruppen, hur insatsen kompletterar ordinarie verksamhet, om den beräknade "
    "utgiftsminskningen är rimlig för er verksamhet och om insatsen går att införa hos er."
)


class SendRemiss(ActionForm):
    """Whom to ask, about what, and until when."""

    intro = gettext_lazy(
        "Be nämnder och andra om yttrande. De nämnder du frågar får läsa hela ärendet och svarar i portalen."
    )

    namnder = RowsField(
        {
            "namnd": forms.TypedChoiceField(label=gettext_lazy("Nämnd"), empty_value=None),
            "meeting_on": DayField(
                label=gettext_lazy("Nämndens sammanträde, om det är känt"), required=False, help_text=""
            ),
        },
        label=gettext_lazy("Nämnder"),
        required=False,
        help_text=gettext_lazy("Nämnden får ett brev och svarar i portalen."),
    )
    outside = RowsField(
        {
            "name": forms.CharField(label=gettext_lazy("Organisation"), max_length=120),
            "email": forms.EmailField(label=gettext_lazy("E-post"), required=False),
        },
        label=gettext_lazy("Andra organisationer"),
        required=False,
        help_text=gettext_lazy("Du sänder själv remissen till dem och lägger in svaret när det kommer."),
    )
    last_day = DayField(label=gettext_lazy("Svar senast"))
    reason = TextField(
        label=gettext_lazy("Skäl till kortare svarstid"),
        required=False,
        rows=3,
        most=1000,
        help_text=gettext_lazy("Krävs om svarstiden är kortare än 21 dagar."),
    )
    papers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Handlingar som remitteras"),
        queryset=Document.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    letter = TextField(label=gettext_lazy("Följebrev"), least=50, rows=8, initial=LETTER)

    def prepare(self) -> None:
        """Boards that exist, papers that are there, and the first day that is long enough."""
        today = timezone.localdate(self.at)
        own = [namnd for namnd, part in self.case.party_list if part != Party.Part.REMISS]
        boards = Namnd.objects.valid_on(today).exclude(pk__in=own)
        ordered = sorted(boards, key=lambda board: formatting.sort_key(board.name))
        by_pk = {str(board.pk): board for board in ordered}
        column = self.fields["namnder"].columns["namnd"]  # type: ignore[attr-defined]
        column.coerce = by_pk.get
        column.choices = choose([(pk, board.name) for pk, board in by_pk.items()])
        papers = Document.objects.filter(case=self.case, kind__in=SENT_ALONG)
        newest = sorted(papers, key=lambda paper: (SENT_ALONG.index(paper.kind), -paper.version))
        field = cast(forms.ModelMultipleChoiceField, self.fields["papers"])
        field.queryset = papers
        field.choices = [
            (paper.pk, _("%(title)s (version %(no)d)") % {"title": paper.title, "no": paper.version})
            for paper in newest
        ]
        field.initial = [paper.pk for paper in newest[:1]]
        self.fields["last_day"].initial = calendar.add_days(today, DAYS)


class AnswerRemiss(ActionForm):
    """A body's answer: its board's respondent writes it, or the officer for a body outside the city."""

    template = "actions/answer_remiss.html"
    intro = gettext_lazy("Svaret blir en handling i ärendet och kan inte ändras efteråt.")

    body = forms.TypedChoiceField(label=gettext_lazy("Remissinstans"), widget=forms.RadioSelect)
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
    received_on = DayField(label=gettext_lazy("Svaret kom in"), required=False)
    attachments = FilesField(label=gettext_lazy("Bilagor"), required=False)

    def prepare(self) -> None:
        """Only the bodies this person may answer for; when the answer came in is asked of officers only."""
        bodies = {str(body.pk): body for body in RemissBody.objects.answerable_by(self.user, self.case)}
        field = cast(forms.TypedChoiceField, self.fields["body"])
        field.coerce = bodies.get
        field.choices = [(pk, str(body)) for pk, body in bodies.items()]
        self.bodies = list(bodies.values())
        if len(bodies) == 1:
            field.initial, field.widget = next(iter(bodies)), forms.HiddenInput()
            self.fields["meeting_on"].initial = self.bodies[0].meeting_on
        if all(body.namnd_id for body in self.bodies) and Role.OFFICER not in self.user.grants.everywhere:
            del self.fields["received_on"]
        else:
            self.fields["received_on"].initial = timezone.localdate(self.at)

    def given(self) -> dict[str, Any]:
        """The body by its board or its name, as the history tells it."""
        given = dict(self.cleaned_data)
        body: RemissBody = given.pop("body")
        return given | ({"namnd": body.namnd} if body.namnd else {"organisation": body.name})

    def context(self) -> dict[str, Any]:
        """The letters that are being answered."""
        return {"bodies": self.bodies}


class ExtendRemiss(ActionForm):
    """Who gets more time."""

    intro = gettext_lazy("De nämnder du väljer får ett brev med den nya dagen.")

    bodies = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Remissinstanser som får längre tid"),
        queryset=RemissBody.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = DayField(label=gettext_lazy("Nytt sista svarsdatum"))
    reason = TextField(label=gettext_lazy("Skäl"), rows=3, most=1000)

    def prepare(self) -> None:
        """Everyone who has not answered, all chosen from the beginning."""
        bodies = RemissBody.objects.asked(self.case).unanswered()
        field = cast(forms.ModelMultipleChoiceField, self.fields["bodies"])
        field.queryset = bodies
        field.choices = [
            (body.pk, _("%(body)s, svar senast %(day)s") % {"body": body, "day": formatting.day(body.last_day)})
            for body in bodies
        ]
        field.initial = [body.pk for body in bodies]

    def given(self) -> dict[str, Any]:
        """The bodies by their boards or names, as the history tells them."""
        given = dict(self.cleaned_data)
        bodies = list(given.pop("bodies"))
        return given | {
            "namnder": [body.namnd for body in bodies if body.namnd],
            "organisations": [body.name for body in bodies if not body.namnd],
        }


class WithdrawRemiss(ActionForm):
    """Which remiss, and why."""

    intro = gettext_lazy("Nämnder som inte har svarat kan inte längre läsa ärendet. Svar som har kommit in står kvar.")

    remiss = forms.ModelChoiceField(
        label=gettext_lazy("Remiss"), queryset=Remiss.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    reason = TextField(label=gettext_lazy("Skäl"), rows=3, most=1000)

    def prepare(self) -> None:
        """The remisser that someone has yet to answer."""
        bodies = RemissBody.objects.asked(self.case).unanswered()
        awaited: dict[int, list[str]] = {}
        for body in bodies:
            awaited.setdefault(body.remiss_id, []).append(str(body))
        field = cast(forms.ModelChoiceField, self.fields["remiss"])
        field.queryset = Remiss.objects.filter(pk__in=awaited).select_related("event")
        field.choices = [
            (
                remiss.pk,
                _("Remiss %(day)s, obesvarad av %(names)s")
                % {"day": formatting.day(remiss.sent_on), "names": formatting.in_words(awaited[remiss.pk])},
            )
            for remiss in field.queryset
        ]
        field.initial = field.choices[0][0] if len(field.choices) == 1 else None
