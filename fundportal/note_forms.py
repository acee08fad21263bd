"""The forms of notes, messages and access."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import access, formatting
from fundportal.canonical import Sealed
from fundportal.forms import ActionForm, DayField, TextField
from fundportal.models import AccessRequest, Case, Note, User
from fundportal.models.people import PREFIX
from fundportal.process import Role

MOST = 4000
LONGEST = 366
"""Days that access may last without being asked for again."""


class Written(ActionForm):
    """What is written, and who is mentioned. The readers are named before it is sent."""

    template = "actions/write_note.html"
    kind: ClassVar[str] = Note.Kind.INTERNAL
    text = TextField(label=gettext_lazy("Text"), most=MOST, rows=6)
    mentions = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Nämn"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("De som nämns får ett brev. Du kan också skriva @ och namnet i texten."),
    )

    def prepare(self) -> None:
        """Those who may read it may be mentioned."""
        self.readers = access.readers(self.case, self.kind)
        field = cast(Any, self.fields["mentions"])
        field.queryset = User.objects.filter(pk__in=[it.pk for it in self.readers if it.pk != self.user.pk]).order_by(
            "last_name", "first_name", "pk"
        )

    def given(self) -> dict[str, Any]:
        """The words apart from the history, and who can read them."""
        words = Sealed(self.cleaned_data["text"])
        ticked = {person.pk for person in self.cleaned_data["mentions"]}
        written = {it.pk for it in self.readers if f"@{it.get_full_name()}".lower() in words.lower()}
        words.mentions = tuple(sorted((ticked | written) - {self.user.pk}))
        return {"words": words, "readers": self.readers}

    def context(self) -> dict[str, Any]:
        """Who will be able to read it."""
        name = "write_note" if self.kind == Note.Kind.INTERNAL else "write_message"
        post_to = reverse(name, kwargs={"number": self.case.number})
        return {"readers": self.readers, "kind": self.kind, "post_to": post_to}


class WriteNote(Written):
    """A note is internal unless one chooses otherwise, and that is asked once more."""

    audience = forms.ChoiceField(
        label=gettext_lazy("Vem ska kunna läsa?"),
        choices=(
            ("internal", gettext_lazy("Bara stadens egna: handläggare, stadsdirektör, controller och revisor")),
            ("message", gettext_lazy("Även sökandens sida (du får bekräfta i nästa steg)")),
        ),
        widget=forms.RadioSelect,
        initial="internal",
    )
    field_order = ("audience", "text", "mentions")


class WriteMessage(Written):
    """What the applicant's side reads."""

    kind = Note.Kind.MESSAGE


class StrikeNote(ActionForm):
    """Which of one's own, and why."""

    intro = gettext_lazy(
        "Texten stryks men finns kvar för dem som fick läsa den. Skriv en ny anteckning för att rätta."
    )
    row = forms.ModelChoiceField(
        label=gettext_lazy("Anteckning"), queryset=Note.objects.none(), empty_label=gettext_lazy("Välj …")
    )
    reason = TextField(label=gettext_lazy("Skäl"), least=5, most=400, rows=3)

    def prepare(self) -> None:
        """Those the person wrote."""
        field = cast(Any, self.fields["row"])
        mine = {user.pk for user in self.user.capacities}
        field.queryset = (
            (
                self.case.notes.filter(strike=None, event__by__in=mine)
                | self.case.notes.filter(strike=None, event__on_behalf_of__in=mine)
            )
            .select_related("event")
            .order_by("-id")
        )
        field.label_from_instance = lambda it: f"{formatting.moment(it.event.at)}: {it.text[:60]}"

    def given(self) -> dict[str, Any]:
        """The reason is read by those who read the note, and is kept apart from the history as it is."""
        return {"row": self.cleaned_data["row"], "words": Sealed(self.cleaned_data["reason"])}


class _Answer(ActionForm):
    """An answer to someone who asks to see the case."""

    request = forms.ModelChoiceField(
        label=gettext_lazy("Begäran"), queryset=AccessRequest.objects.none(), empty_label=gettext_lazy("Välj …")
    )

    def prepare(self) -> None:
        """Those who wait for an answer."""
        field = cast(Any, self.fields["request"])
        field.queryset = asked(self.case)
        field.label_from_instance = lambda it: f"{it.user}, {formatting.day(it.at)}"
        waiting = list(field.queryset)
        self.waiting = waiting
        if len(waiting) == 1:
            field.initial = waiting[0].pk

    def given(self) -> dict[str, Any]:
        """The request, and who asked."""
        told = dict(self.cleaned_data)
        return {**told, "person": told["request"].user}

    def context(self) -> dict[str, Any]:
        """Who asks, and why."""
        facts = [
            (f"{it.user}, {it.user.title}".rstrip(", "), it.reason, formatting.moment(it.at)) for it in self.waiting
        ]
        return {"facts": facts, "facts_title": _("Begäran om insyn")}


def asked(case: Case) -> Any:
    """The requests that wait for an answer."""
    return AccessRequest.objects.filter(case=case, decision=None).select_related("user").order_by("at", "pk")


class GrantAccess(_Answer):
    """Until when."""

    intro = gettext_lazy("Personen får läsa ärendet till och med den sista dagen, men inte göra något i det.")
    last_day = DayField(label=gettext_lazy("Sista dag"))

    def prepare(self) -> None:
        """Thirty days, unless another day is chosen."""
        super().prepare()
        self.fields["last_day"].initial = timezone.localdate(self.at) + timedelta(days=30)

    def clean_last_day(self) -> Any:
        """From today, and for a year at most."""
        day, today = self.cleaned_data["last_day"], timezone.localdate(self.at)
        if not today <= day <= today + timedelta(days=LONGEST):
            raise forms.ValidationError(_("Välj en dag från i dag och högst ett år framåt."))
        return day


class DenyAccess(_Answer):
    """Why not."""

    intro = gettext_lazy("Den som frågade får ett brev med skälet. Brevet säger inget mer om ärendet.")
    reason = TextField(label=gettext_lazy("Skäl"), least=10, most=1000, rows=4)


class EndAccess(ActionForm):
    """For whom, and why."""

    intro = gettext_lazy("Ärendet stängs för personen i dag. Att personen har haft insyn står kvar i historiken.")
    person = forms.ModelChoiceField(
        label=gettext_lazy("Vem"), queryset=User.objects.none(), empty_label=gettext_lazy("Välj …")
    )
    reason = TextField(label=gettext_lazy("Skäl"), least=5, most=1000, rows=3)

    def prepare(self) -> None:
        """Those who have been let in."""
        field = cast(Any, self.fields["person"])
        field.queryset = User.objects.filter(
            caseusergrant__content_object=self.case, caseusergrant__permission__codename=PREFIX + Role.READER
        ).order_by("last_name", "first_name")
