"""The forms of the kernel's own acts."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import closing, formatting, officers, ties
from fundportal.forms import ActionForm, DayField, TextField
from fundportal.models import User
from fundportal.process import Step
from fundportal.signing import SigningForm


class Assign(ActionForm):
    """Who takes the case over."""

    intro = gettext_lazy(
        "Handläggaren ansvarar för ärendet tills någon annan utses. Både den förra och den nya får besked."
    )
    officer = forms.ModelChoiceField(
        label=gettext_lazy("Handläggare"), queryset=User.objects.none(), empty_label=gettext_lazy("Välj …")
    )
    template = "actions/assign.html"
    reason = TextField(label=gettext_lazy("Skäl"), most=1000, rows=3, required=False)

    def prepare(self) -> None:
        """Officers who have not declared jäv in the case."""
        field = cast(Any, self.fields["officer"])
        field.queryset = officers.officers().exclude(pk__in=self.case.javs.standing().values("user"))
        field.label_from_instance = lambda it: f"{it.get_full_name()}, {it.title}" if it.title else it.get_full_name()
        self.proposed = officers.propose(self.case)
        proposed = self.proposed.officer or self.user
        field.initial = proposed.pk if self.case.officer_id is None else None

    def context(self) -> dict[str, Any]:
        """Who has it now."""
        officer = self.case.officer
        facts = [(_("Handläggare nu"), officer.get_full_name() if officer else _("Ingen"))]
        people = list(cast(Any, self.fields["officer"]).queryset)
        tied = ties.of(self.case, people)
        facts += [
            (_("Koppling: %(who)s") % {"who": person}, formatting.in_words(tied[person.pk]))
            for person in people
            if person.pk in tied
        ]
        return {"facts": facts, "proposed": self.proposed}


class Remind(ActionForm):
    """What is said to those whose turn it is."""

    intro = gettext_lazy(
        "Den eller de vars tur det är får ett brev om vad som väntar. Ett ärende påminns om högst en gång per dag."
    )
    message = TextField(
        label=gettext_lazy("Meddelande"),
        most=1000,
        rows=3,
        required=False,
        help_text=gettext_lazy("Står i brevet. Lämna tomt om påminnelsen räcker."),
    )

    def context(self) -> dict[str, Any]:
        """Whose turn it is, and by when."""
        role = self.case.owner_role
        facts = [(_("Ärendet ligger hos"), str(role.label) if role else _("Ingen"))]
        return {"facts": [*facts, (_("Frist"), formatting.day(self.case.due_on) if self.case.due_on else _("Ingen"))]}


class DeclareJav(ActionForm):
    """Why one stands aside."""

    intro = gettext_lazy(
        "Den som är jävig får inte delta i handläggningen (kommunallagen 6 kap. 28–32 §§ och 7 kap. 4 §). "
        "När du anmäler jäv stängs ärendet för dig: du kan varken läsa det eller göra något i det."
    )
    reason = TextField(
        label=gettext_lazy("Skäl"),
        least=10,
        most=1000,
        rows=4,
        help_text=gettext_lazy("Beskriv kort vad jävet består i. Texten sparas i ärendet."),
    )


class Withdraw(ActionForm):
    """Why the applicant takes the case back."""

    intro = gettext_lazy(
        "Ärendet avslutas utan beslut. Det som är inlämnat finns kvar. Stadsdirektören kan återuppta ärendet."
    )
    reason = TextField(label=gettext_lazy("Skäl"), least=10, most=2000, rows=4)


class Reopen(SigningForm):
    """Why the case is taken up again; signed by the director."""

    intro = gettext_lazy("Ärendet fortsätter där det stod. Det tidigare beslutet står kvar bredvid det nya.")
    reason = TextField(label=gettext_lazy("Skäl"), least=20, most=2000, rows=5)

    def signed(self) -> dict[str, Any]:
        """Which case, and how it had ended."""
        return {
            _("Ärende"): f"{self.case.number} {self.case.title}",
            _("Projektägare"): self.case.owner.name,
            _("Ärendet är nu"): str(Step(self.case.step).label),
            _("Avslutsorsak"): self.case.closed_because or _("Inte angiven"),
            _("Beslut"): _("Ärendet återupptas."),
        }


class Archive(ActionForm):
    """That the file is weeded, and when it is delivered."""

    intro = gettext_lazy(
        "Gå igenom akten innan den arkiveras. Tillför något av det som står under Rensas sakuppgifter ska det först "
        "tas om hand, till exempel i en anteckning. Portalen rensar det när du bekräftar och skriver vad i en handling."
    )
    template = "actions/archive.html"
    weeded = forms.BooleanField(label=gettext_lazy("Jag har gått igenom akten. Rensa det som står under Rensas."))
    drafts = forms.IntegerField(widget=forms.HiddenInput)
    loose_files = forms.IntegerField(widget=forms.HiddenInput)
    delivered_on = DayField(label=gettext_lazy("Levererat till e-arkivet den"), required=False)

    def prepare(self) -> None:
        """How much is weeded, as the officer sees it."""
        self.found = closing.weeding(self.case)
        self.fields["drafts"].initial = self.found.drafts
        self.fields["loose_files"].initial = len(self.found.files)

    def context(self) -> dict[str, Any]:
        """What is kept, and what goes."""
        papers = [(paper.title, _("Version %d") % paper.version) for paper in self.case.documents.all()]
        files = [(upload.name, _("Bilaga")) for upload in self.case.uploads.filter(event__isnull=False)]
        return {"facts": [*papers, *files], "facts_title": _("Bevaras"), "found": self.found}
