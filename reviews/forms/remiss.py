"""Forms of the acts of a remiss that are the officer's."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import calendar, formatting
from fundportal.forms import ActionForm, DayField, RowsField, TextField, choose
from fundportal.models import Document, Namnd, Party
from reviews.models import DAYS, Remiss, RemissBody, RemissLink

SENT_ALONG = ("application", "idea", "idea_decision", "council_opinion")
"""The kinds of papers one may want an opinion on; the first is chosen from the beginning."""

LETTER = gettext_lazy(
    "Stadsledningskontoret ber om ert yttrande över ansökan om medel ur stadens sociala investeringsfond.\n\n"
    "Yttra er särskilt över behovet och målgruppen, hur insatsen kompletterar ordinarie verksamhet, om den beräknade "
    "utgiftsminskningen är rimlig för er verksamhet och om insatsen går att införa hos er."
)


QUESTIONS = (
    gettext_lazy("Delar ni bilden av behovet och målgruppen?"),
    gettext_lazy("Hur kompletterar insatsen er ordinarie verksamhet?"),
    gettext_lazy("Är den beräknade utgiftsminskningen rimlig hos er?"),
)
"""What bodies are asked to begin with; the officer changes it as the case needs."""


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
        help_text=gettext_lazy(
            "Med e-postadress får de en länk som bara öppnar remissen, och svarar där. Utan adress sänder du själv "
            "remissen och lägger in svaret när det kommer."
        ),
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
    questions = RowsField(
        {"text": TextField(label=gettext_lazy("Fråga"), most=500, rows=2)},
        label=gettext_lazy("Frågor att besvara var för sig"),
        required=False,
        help_text=gettext_lazy("Svaren ställs bredvid varandra i sammanställningen. Utan frågor svarar alla fritt."),
    )

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
        self.fields["questions"].initial = [{"text": str(question)} for question in QUESTIONS]
        self.fields["last_day"].initial = calendar.add_days(today, DAYS)


class ExtendRemiss(ActionForm):
    """Who gets more time."""

    template = "actions/extend_remiss.html"
    intro = gettext_lazy("De du väljer får ett brev med den nya dagen. De som har begärt anstånd är valda.")

    bodies = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Remissinstanser som får längre tid"),
        queryset=RemissBody.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = DayField(label=gettext_lazy("Nytt sista svarsdatum"))
    reason = TextField(label=gettext_lazy("Skäl"), rows=3, most=1000)

    def prepare(self) -> None:
        """Everyone who has not answered; chosen are those who have asked for it, or all if nobody has."""
        bodies = RemissBody.objects.asked(self.case).unanswered()
        field = cast(forms.ModelMultipleChoiceField, self.fields["bodies"])
        field.queryset = bodies
        field.choices = [
            (body.pk, _("%(body)s, svar senast %(day)s") % {"body": body, "day": formatting.day(body.last_day)})
            for body in bodies
        ]
        asking = [body for body in bodies if body.wants_until]
        field.initial = [body.pk for body in asking or bodies]
        self.asking = asking
        if asking:
            self.fields["last_day"].initial = max(body.wants_until for body in asking if body.wants_until)

    def context(self) -> dict[str, Any]:
        """What has been asked for, and why."""
        return {"asking": self.asking}

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


class OneBody(ActionForm):
    """A form about one of the bodies, told by its board or its name."""

    body = forms.TypedChoiceField(label=gettext_lazy("Remissinstans"), widget=forms.RadioSelect)

    def bodies(self) -> list[RemissBody]:
        """Those to choose from; each form says which."""
        return []

    def prepare(self) -> None:
        """The only one is chosen."""
        found = {str(body.pk): body for body in self.bodies()}
        field = cast(forms.TypedChoiceField, self.fields["body"])
        field.coerce = found.get
        field.choices = [(pk, self.told(body)) for pk, body in found.items()]
        if len(found) == 1:
            field.initial = next(iter(found))

    def told(self, body: RemissBody) -> str:
        """What a body is called among the others."""
        return str(body)


class RefuseMoreTime(OneBody):
    """Who is told no, and why."""

    intro = gettext_lazy("Instansen får ett brev med skälet. Dess sista svarsdag står kvar.")

    reason = TextField(label=gettext_lazy("Skäl"), rows=3, most=1000)

    def bodies(self) -> list[RemissBody]:
        """Those that have asked."""
        return list(RemissBody.objects.asked(self.case).unanswered().exclude(wants_until=None))

    def told(self, body: RemissBody) -> str:
        """With the day that was asked for."""
        return _("%(body)s, begär anstånd till %(day)s") % {"body": body, "day": formatting.day(body.wants_until)}

    def given(self) -> dict[str, Any]:
        """By its board or its name, as the history tells it."""
        body: RemissBody = self.cleaned_data["body"]
        who = {"namnd": body.namnd} if body.namnd else {"organisation": body.name}
        return {"reason": self.cleaned_data["reason"]} | who


class RenewRemissLink(OneBody):
    """To whom, and where."""

    intro = gettext_lazy("Instansen får ett brev med en ny länk. Alla tidigare länkar till den slutar gälla.")

    email = forms.EmailField(
        label=gettext_lazy("Ny e-postadress"),
        required=False,
        help_text=gettext_lazy("Lämna tomt om länken ska till samma adress som tidigare."),
    )

    def bodies(self) -> list[RemissBody]:
        """Outside bodies that have not answered."""
        return list(RemissBody.objects.asked(self.case).unanswered().filter(namnd=None))

    def told(self, body: RemissBody) -> str:
        """With its address."""
        return f"{body}, {body.email}" if body.email else _("%s, ingen adress") % body

    def given(self) -> dict[str, Any]:
        """By its name."""
        return {"organisation": self.cleaned_data["body"].name, "email": self.cleaned_data["email"]}


class RevokeRemissLink(OneBody):
    """Whose, and why."""

    intro = gettext_lazy("Länken slutar gälla genast, även för den som läser just nu. Du kan sända en ny senare.")

    reason = TextField(label=gettext_lazy("Skäl"), rows=3, most=1000)

    def bodies(self) -> list[RemissBody]:
        """Outside bodies with a link that stands."""
        standing = RemissLink.objects.standing().values("body")
        return list(RemissBody.objects.asked(self.case).filter(pk__in=standing))

    def given(self) -> dict[str, Any]:
        """By its name."""
        return {"organisation": self.cleaned_data["body"].name, "reason": self.cleaned_data["reason"]}
