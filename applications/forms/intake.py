"""The forms of the acts on ideas and applications."""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from applications.needs import KS, formal_checks, is_late, last_day
from applications.sheets import APPLICATION, IDEA
from fundportal import criteria, formatting
from fundportal.drafts import Filled, Sheet
from fundportal.forms import ActionForm, DayField, PlainForm, RowsField, TextField
from fundportal.models import Case, Namnd, Party, Round, User
from fundportal.process import Role, Step
from fundportal.signing import SigningForm

EMPTY = gettext_lazy("Välj …")
KS_FORM = re.compile(r"(KS )?\d{4}/\d{1,5}|\d{1,3}(\.\d+)*-\d{1,5}/\d{4}")
YES_NO = (("ja", gettext_lazy("Tackar ja")), ("nej", gettext_lazy("Tackar nej")))


class CreateIdea(PlainForm):
    """What an idea begins with."""

    title = forms.CharField(
        label=gettext_lazy("Projektnamn"),
        max_length=120,
        help_text=gettext_lazy("Högst 120 tecken. Namnet går att ändra senare."),
    )
    owner = forms.ModelChoiceField(label=gettext_lazy("Projektägare"), queryset=Namnd.objects.none(), empty_label=EMPTY)
    round = forms.ModelChoiceField(
        label=gettext_lazy("Ansökningsomgång"), queryset=Round.objects.none(), empty_label=EMPTY
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Omfattning"), choices=Case.Scope.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """One's own boards and the open rounds; what there is only one of is chosen already."""
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        boards = Namnd.objects.valid_on(today).filter(pk__in=user.grants.namnder(Role.APPLICANT)).order_by("name")
        rounds = Round.objects.filter(fund__status="open", opens_on__lte=today, closes_on__gte=today)
        rounds = rounds.select_related("fund").order_by("closes_on")
        for name, options in (("owner", boards), ("round", rounds)):
            field = cast(forms.ModelChoiceField, self.fields[name])
            field.queryset = options
            if len(options) == 1:
                field.initial, field.empty_label = options[0].pk, None
        self.rounds = list(rounds)
        field = cast(Any, self.fields["round"])
        field.label_from_instance = lambda it: (
            _("%(name)s, sista dag %(day)s") % {"name": it.name, "day": formatting.day(it.closes_on)}
        )


class InvitePartner(ActionForm):
    """Which board to invite."""

    intro = gettext_lazy(
        "En partner driver satsningen tillsammans med er. Partnerns sökande ser utkastet och kan skriva i det. "
        "En chef på den inbjudna nämnden tackar ja innan ni lämnar in."
    )
    namnd = forms.ModelChoiceField(label=gettext_lazy("Nämnd"), queryset=Namnd.objects.none(), empty_label=EMPTY)

    def prepare(self) -> None:
        """Boards that are not in the case."""
        taken = [namnd for namnd, part in self.case.party_list if part != Party.Part.REMISS]
        boards = Namnd.objects.valid_on(timezone.localdate(self.at)).exclude(pk__in=taken).order_by("name")
        cast(forms.ModelChoiceField, self.fields["namnd"]).queryset = boards


class AcceptPartnership(ActionForm):
    """Yes or no."""

    template = "actions/accept_partnership.html"
    intro = gettext_lazy(
        "Tackar ni ja blir nämnden partner i satsningen. "
        "Tackar ni nej tas inbjudan bort och ni ser inte längre utkastet."
    )
    namnd = forms.ModelChoiceField(label=gettext_lazy("För nämnden"), queryset=Namnd.objects.none(), empty_label=EMPTY)
    accepts = forms.ChoiceField(label=gettext_lazy("Svar"), choices=YES_NO, widget=forms.RadioSelect)
    comment = TextField(label=gettext_lazy("Kommentar"), most=1000, rows=3, required=False)

    def prepare(self) -> None:
        """The boards that wait for this person's answer."""
        mine = self.user.grants.namnder(Role.MANAGER)
        waiting = self.case.parties.filter(part=Party.Part.PARTNER, accepted_at=None, namnd__in=mine)
        boards = Namnd.objects.filter(pk__in=waiting.values("namnd")).order_by("name")
        field = cast(forms.ModelChoiceField, self.fields["namnd"])
        field.queryset = boards
        if len(boards) == 1:
            field.initial, field.empty_label = boards[0].pk, None

    def given(self) -> dict[str, Any]:
        """Yes as a truth."""
        return super().given() | {"accepts": self.cleaned_data["accepts"] == "ja"}


class Endorse(ActionForm):
    """Endorse what is shown, and nothing else."""

    template = "applications/endorse.html"
    sheet: ClassVar[Sheet]
    digest = forms.CharField(widget=forms.HiddenInput)
    comment = TextField(label=gettext_lazy("Kommentar till sökanden"), most=2000, rows=4, required=False)

    def prepare(self) -> None:
        """What stands there now."""
        self.filled: Filled = self.sheet.filled(self.case)
        self.fields["digest"].initial = self.filled.digest

    def clean_digest(self) -> str:
        """What was shown still stands."""
        shown_digest = str(self.cleaned_data["digest"])
        if shown_digest != self.filled.digest:
            raise forms.ValidationError(
                _("Innehållet ändrades medan du läste. Läs det igen och tillstyrk om det fortfarande stämmer.")
            )
        return shown_digest

    def context(self) -> dict[str, Any]:
        """Everything that is endorsed."""
        return {"sheet": self.sheet, "filled": self.filled}


class EndorseIdea(Endorse):
    """Endorse the idea."""

    intro = gettext_lazy(
        "Din tillstyrkan gäller exakt det som står här nu. Ändras något efteråt behöver idéskissen tillstyrkas igen."
    )
    sheet = IDEA


class EndorseApplication(Endorse):
    """Endorse the application."""

    intro = gettext_lazy(
        "Din tillstyrkan gäller exakt det som står här nu. Ändras något efteråt behöver ansökan tillstyrkas igen."
    )
    sheet = APPLICATION


class Submit(ActionForm):
    """Hand in, with a reason if it is late."""

    intro = gettext_lazy(
        "När du lämnar in blir handlingen inkommen till stadsledningskontoret och därmed allmän handling. "
        "Innehållet låses. Behöver något ändras begär handläggaren en komplettering."
    )
    late_reason = TextField(
        label=gettext_lazy("Skäl till att den lämnas in efter sista dag"), least=20, most=1000, rows=3
    )

    def prepare(self) -> None:
        """Ask for the reason only when it is late."""
        if not is_late(self.case, self.at):
            del self.fields["late_reason"]

    def context(self) -> dict[str, Any]:
        """What is handed in, and by when."""
        sheet = APPLICATION if self.case.step == Step.APPLICATION else IDEA
        last = last_day(self.case)
        return {
            "facts": [
                (_("Handling"), f"{sheet.title}: {self.case.title}"),
                (_("Projektägare"), self.case.owner.name),
                (_("Sista dag"), formatting.day(last), _("Dagen har passerat") if is_late(self.case, self.at) else ""),
            ]
        }


class RequestCompletion(ActionForm):
    """What to complete, and by when."""

    intro = gettext_lazy("Utkastet öppnas för sökanden igen. Det som redan är inlämnat finns kvar i sin version.")
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Delar som ska kompletteras"), widget=forms.CheckboxSelectMultiple
    )
    questions = TextField(label=gettext_lazy("Vad som ska kompletteras"), least=20, most=4000, rows=6)
    last_day = DayField(label=gettext_lazy("Sista dag"))

    def prepare(self) -> None:
        """The parts of what was handed in."""
        sheet = APPLICATION if self.case.step == Step.PREPARATION else IDEA
        field = cast(forms.MultipleChoiceField, self.fields["parts"])
        field.choices = [(part.slug, part.title) for part in sheet.parts]


class Register(ActionForm):
    """The diaries' numbers."""

    intro = gettext_lazy(
        "Varje myndighet har sitt eget diarienummer. Kommunstyrelsens krävs, de andra kan läggas till när de är kända."
    )
    rows = RowsField(
        {
            "authority": forms.ChoiceField(label=gettext_lazy("Myndighet")),
            "dnr": forms.CharField(label=gettext_lazy("Diarienummer"), max_length=60),
            "registered_on": DayField(label=gettext_lazy("Registrerat den"), help_text=""),
        },
        least=1,
        label=gettext_lazy("Diarienummer"),
        help_text=gettext_lazy(
            "Skriv numret exakt som i diariet, till exempel KS 2027/118. Dagar skrivs som 2027-02-01."
        ),
    )
    odd_is_right = forms.BooleanField(
        label=gettext_lazy("Nummer med ovanlig form är kontrollerade mot diariet"), required=False
    )

    def prepare(self) -> None:
        """Kommunstyrelsen first, then those who take part, then the rest."""
        taking_part = {namnd for namnd, part in self.case.party_list if part != Party.Part.REMISS}
        boards = sorted(
            Namnd.objects.valid_on(timezone.localdate(self.at)),
            key=lambda namnd: (namnd.pk not in taking_part, formatting.sort_key(namnd.name)),
        )
        names = dict.fromkeys([KS, *(namnd.name for namnd in boards), _("Stadsrevisionen")])
        field: Any = self.fields["rows"]
        field.columns["authority"].choices = [("", _("Välj …")), *((name, name) for name in names)]
        if not self.case.dnrs.exists():
            field.initial = [{"authority": KS, "registered_on": timezone.localdate(self.at).isoformat()}]

    def clean(self) -> dict[str, Any]:
        """A form of number that kommunstyrelsen has not used is asked about, never refused."""
        good = super().clean() or self.cleaned_data
        odd = [
            row["dnr"] for row in good.get("rows", []) if row["authority"] == KS and not KS_FORM.fullmatch(row["dnr"])
        ]
        if odd and not good.get("odd_is_right"):
            self.add_error(
                "odd_is_right",
                _(
                    "%(dnr)s har inte den form som kommunstyrelsens nummer brukar ha. "
                    "Kontrollera det och kryssa i rutan om det stämmer."
                )
                % {"dnr": formatting.in_words(odd)},
            )
        return good

    def given(self) -> dict[str, Any]:
        """The rows."""
        return {"rows": self.cleaned_data["rows"]}

    def context(self) -> dict[str, Any]:
        """What is registered already."""
        return {"facts": [(dnr.authority, dnr.dnr, formatting.day(dnr.registered_on)) for dnr in self.case.dnrs.all()]}


class SendToCouncil(ActionForm):
    """The meeting, and that the idea is admissible."""

    intro = gettext_lazy(
        "Bekräfta att idéskissen är formellt riktig och välj rådets sammanträde. Rådets ledamöter får besked."
    )
    checks = forms.MultipleChoiceField(label=gettext_lazy("Formell kontroll"), widget=forms.CheckboxSelectMultiple)
    meeting_on = DayField(label=gettext_lazy("Rådets sammanträde"))
    note = TextField(label=gettext_lazy("Upplysning till rådet"), most=2000, rows=4, required=False)

    def prepare(self) -> None:
        """What is checked."""
        cast(forms.MultipleChoiceField, self.fields["checks"]).choices = [
            (code, text[:1].upper() + text[1:]) for code, text in formal_checks()
        ]


class DecideIdea(SigningForm):
    """What the director signs: the idea as handed in, and the council's opinion."""

    reasons = TextField(
        label=gettext_lazy("Motivering"), least=100, most=4000, rows=8, help_text=gettext_lazy("Minst 100 tecken.")
    )
    outcome: ClassVar[StrOrPromise] = ""

    def signed(self) -> dict[str, Any]:
        """The papers the decision rests on, by their hashes."""
        papers = {}
        for kind in ("idea", "council_opinion"):
            if paper := self.case.documents.filter(kind=kind).order_by("-version").first():
                papers[paper.title] = _("Version %(version)d, kontrollsumma %(sum)s") % {
                    "version": paper.version,
                    "sum": paper.content_sha256,
                }
        return {
            _("Ärende"): f"{self.case.number} {self.case.title}",
            _("Projektägare"): self.case.owner.name,
            _("Beslut"): str(self.outcome),
            **papers,
        }


class ApproveIdea(DecideIdea):
    """Approve."""

    intro = gettext_lazy("Bifalls idén öppnas ansökan för sökanden, med idéskissens svar som utgångspunkt.")
    outcome = gettext_lazy("Idén bifalls. Ansökan får lämnas in.")
    conditions = TextField(label=gettext_lazy("Villkor inför ansökan"), most=2000, rows=4, required=False)


class RejectIdea(DecideIdea):
    """Reject."""

    intro = gettext_lazy("Ett avslag motiveras och anger vilka kriterier som idén inte uppfyller. Ärendet avslutas.")
    outcome = gettext_lazy("Idén avslås.")
    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("Kriterier som inte uppfylls"), choices=criteria.choices, widget=forms.CheckboxSelectMultiple
    )
