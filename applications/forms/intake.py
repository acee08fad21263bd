"""The forms of the acts on ideas and applications."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from applications.needs import is_late, last_day
from applications.sheets import APPLICATION, IDEA
from applications.sheets.lapse import changes, endorsements, partner_states
from applications.sheets.parts import partners
from fundportal import criteria, formatting
from fundportal.drafts import Filled, Sheet
from fundportal.forms import ActionForm, PlainForm, TextField
from fundportal.models import Case, Namnd, Round, User
from fundportal.process import Role, Step
from fundportal.signing import SigningForm

EMPTY = gettext_lazy("Välj …")


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

    copied_from = forms.ModelChoiceField(
        label=gettext_lazy("Börja med svaren från ett tidigare ärende"),
        queryset=Case.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nej, börja tomt"),
        help_text=gettext_lazy(
            "Behov, insats, sammanhang, samverkan och var utgifterna väntas minska följer med. Dagar, belopp, "
            "kontaktperson, chef, partner, bilagor och tillstyrkan följer inte med."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """One's own boards and the open rounds; what there is only one of is chosen already."""
        super().__init__(*args, **kwargs)
        earlier = Case.objects.visible_to(user).filter(owner__in=user.grants.namnder(Role.APPLICANT))
        self.fields["copied_from"].queryset = earlier.order_by("-created_at")  # type: ignore[attr-defined]
        if not earlier.exists():
            del self.fields["copied_from"]
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
        """Everything that is endorsed, and what has changed since it was endorsed last."""
        earlier = endorsements(self.filled).get(self.case.owner_id)
        return {
            "sheet": self.sheet,
            "forms": [form for form in self.filled.forms if form.board is None],
            "digest": self.filled.digest,
            "earlier": earlier,
            "changes": changes(self.filled, earlier) if earlier else [],
            "partners": partner_states(self.filled, partners(self.case)),
        }


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

    template = "applications/submit.html"
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
            "server_time": timezone.now(),
            "last_day": last,
            "late": is_late(self.case, self.at),
            "sheet": sheet,
            "partners": partner_states(sheet.filled(self.case), partners(self.case)),
            "facts": [
                (_("Handling"), f"{sheet.title}: {self.case.title}"),
                (_("Projektägare"), self.case.owner.name),
                (_("Sista dag"), formatting.day(last), _("Dagen har passerat") if is_late(self.case, self.at) else ""),
            ],
        }


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

    def prepare(self) -> None:
        """The criteria as they read in the case's round."""
        super().prepare()
        among = criteria.of(self.case.round)
        cast(forms.MultipleChoiceField, self.fields["criteria"]).choices = criteria.choices(among)
