"""The forms of SLK's acts on what was handed in."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import FormalPoint
from applications.needs import KS, SHEETS, formal_checks, newest_check, submitted_sheet
from fundportal import formatting, hooks
from fundportal.forms import ActionForm, DayField, RowsField, TextField, choose
from fundportal.models import Dnr, Namnd, Party

KS_FORM = re.compile(r"(KS )?\d{4}/\d{1,5}|\d{1,3}(\.\d+)*-\d{1,5}/\d{4}")
AUDIT_FORM = re.compile(r"RVK \d{4}/\d{1,5}|\d{1,3}(\.\d+)*-\d{1,5}/\d{4}")
BOARD_FORM = re.compile(
    r"\d{4}-\d{1,5}-\d+(\.\d+)*\.?|\d{1,5}-\d{4}-\d+(\.\d+)*\.?|\d+(\.\d+)*\.?-\d{1,5}-\d{2,4}|\d+(\.\d+)*-\d{1,5}/\d{4}"
)
AUDITORS = gettext_lazy("Stadsrevisionen")


def is_odd(authority: str, dnr: str) -> bool:
    """Whether a number has another form than the authority's numbers use to have. Never more than a warning."""
    form = KS_FORM if authority == KS else AUDIT_FORM if authority == str(AUDITORS) else BOARD_FORM
    return not form.fullmatch(dnr.strip())


class Register(ActionForm):
    """The diaries' numbers."""

    intro = gettext_lazy(
        "Varje myndighet har ett eget diarienummer. Kommunstyrelsens krävs, de andra kan läggas till när de är kända. "
        "Ett fel rättas med ett nytt nummer för samma myndighet och ett skäl; det gamla finns kvar i historiken."
    )
    rows = RowsField(
        {
            "authority": forms.ChoiceField(label=gettext_lazy("Myndighet")),
            "dnr": forms.CharField(label=gettext_lazy("Diarienummer"), max_length=60),
            "registered_on": DayField(label=gettext_lazy("Registrerat den"), help_text=""),
            "reason": forms.CharField(label=gettext_lazy("Skäl, vid rättelse"), max_length=300, required=False),
        },
        least=1,
        label=gettext_lazy("Diarienummer"),
        help_text=gettext_lazy(
            "Skriv numret exakt som i diariet, till exempel KS 2027/118. Dagar skrivs som 2027-02-01."
        ),
    )

    def prepare(self) -> None:
        """Kommunstyrelsen first, then those who take part, then the rest."""
        taking_part = {namnd for namnd, part in self.case.party_list if part != Party.Part.REMISS}
        boards = sorted(
            Namnd.objects.valid_on(timezone.localdate(self.at)),
            key=lambda namnd: (namnd.pk not in taking_part, formatting.sort_key(namnd.name)),
        )
        names = dict.fromkeys([KS, *(namnd.name for namnd in boards), str(AUDITORS)])
        field: Any = self.fields["rows"]
        field.columns["authority"].choices = [("", _("Välj …")), *((name, name) for name in names)]
        if not self.case.dnrs.exists():
            field.initial = [{"authority": KS, "registered_on": timezone.localdate(self.at).isoformat()}]

    def given(self) -> dict[str, Any]:
        """The rows; a reason is kept only where one was given."""
        rows = [
            {name: value for name, value in row.items() if name != "reason" or value}
            for row in self.cleaned_data["rows"]
        ]
        return {"rows": rows}

    def context(self) -> dict[str, Any]:
        """What is registered already, what was replaced, and what looks odd."""
        facts = [
            (dnr.authority, dnr.dnr, self._said(dnr))
            for dnr in Dnr.everything.filter(case=self.case).select_related("replacement").order_by("pk")
        ]
        return {"facts": facts, "facts_title": _("Registrerat")}

    def _said(self, dnr: Dnr) -> str:
        day = formatting.day(dnr.registered_on)
        replacement = getattr(dnr, "replacement", None)
        if replacement is not None:
            return _("%(day)s. Ersatt av %(dnr)s: %(reason)s") % {
                "day": day,
                "dnr": replacement.dnr,
                "reason": replacement.reason,
            }
        return (
            _("%(day)s. Ovanlig form, kontrollera mot diariet") % {"day": day}
            if is_odd(dnr.authority, dnr.dnr)
            else day
        )


class CheckFormally(ActionForm):
    """Each point: met, not met and why, or not applicable."""

    template = "applications/check_formally.html"
    intro = gettext_lazy(
        "Kontrollen sparas punkt för punkt med ditt namn och klockslag. Brister något: skriv vad, så kan "
        "du sedan begära komplettering."
    )

    def prepare(self) -> None:
        """Two fields a point, begun with the newest check of the same version."""
        newest = newest_check(self.case)
        known = {point.code: point for point in newest.points.all()} if newest else {}
        for code, text in formal_checks():
            point = known.get(code)
            self.fields[f"outcome_{code}"] = forms.ChoiceField(
                label=text[:1].upper() + text[1:],
                choices=FormalPoint.Outcome.choices,
                widget=forms.RadioSelect,
                initial=point.outcome if point else None,
                error_messages={"required": _("Bedöm: %(text)s.") % {"text": text}},
            )
            self.fields[f"comment_{code}"] = forms.CharField(
                label=_("Kommentar"), required=False, max_length=1000, initial=point.comment if point else ""
            )

    def clean(self) -> dict[str, Any]:
        """What is not met says why."""
        good = super().clean()
        for code, _text in formal_checks():
            if good.get(f"outcome_{code}") == FormalPoint.Outcome.NOT_MET and not good.get(f"comment_{code}"):
                self.add_error(f"comment_{code}", _("Skriv vad som brister."))
        return good

    def given(self) -> dict[str, Any]:
        """The points as rows."""
        return {
            "rows": [
                {
                    "code": code,
                    "text": text,
                    "outcome": self.cleaned_data[f"outcome_{code}"],
                    "comment": self.cleaned_data[f"comment_{code}"],
                }
                for code, text in formal_checks()
            ]
        }

    def context(self) -> dict[str, Any]:
        """The fields two by two."""
        pairs = [(self[f"outcome_{code}"], self[f"comment_{code}"]) for code, _text in formal_checks()]
        return {"pairs": pairs}


class RequestCompletion(ActionForm):
    """What to complete, part by part, and by when."""

    intro = gettext_lazy(
        "Delarna du frågar om öppnas för sökanden igen, och bara de. Frågan står vid delen och besvaras där med ord. "
        "Det som är inlämnat finns kvar i sin version, och du ser sedan vad som har ändrats."
    )
    rows = RowsField(
        {
            "part": forms.ChoiceField(label=gettext_lazy("Del")),
            "question": forms.CharField(
                label=gettext_lazy("Fråga"),
                max_length=2000,
                min_length=5,
                widget=forms.Textarea(attrs={"rows": 3}),
            ),
        },
        least=1,
        label=gettext_lazy("Frågor"),
        help_text=gettext_lazy("En fråga på varje rad. Flera frågor om samma del går bra."),
    )
    message = TextField(label=gettext_lazy("Meddelande till sökanden"), most=2000, rows=3, required=False)
    last_day = DayField(label=gettext_lazy("Sista dag"))

    def prepare(self) -> None:
        """The parts of what was handed in."""
        parts = SHEETS[submitted_sheet(self.case)].parts_of(self.case)
        field: Any = self.fields["rows"]
        field.columns["part"].choices = choose([(part.slug, part.title) for part in parts])
        newest = newest_check(self.case)
        wanting = (
            [point for point in newest.points.all() if point.outcome == FormalPoint.Outcome.NOT_MET] if newest else []
        )
        if wanting:
            field.initial = [{"part": "", "question": point.comment} for point in wanting]


class ExtendLastDay(ActionForm):
    """A later last day, and why."""

    intro = gettext_lazy(
        "Anståndet sparas med skäl och datum, och sökanden får besked. Den nya dagen gäller till kl. 23.59.59."
    )
    last_day = DayField(label=gettext_lazy("Ny sista dag"))
    reason = TextField(label=gettext_lazy("Skäl"), least=10, most=1000, rows=4)

    def context(self) -> dict[str, Any]:
        """The last day now."""
        return {"facts": [(_("Sista dag nu"), formatting.day(self.case.due_on) if self.case.due_on else _("Ingen"))]}


class SendToCouncil(ActionForm):
    """The meeting, and that the idea is admissible."""

    intro = gettext_lazy(
        "Bekräfta att idéskissen är formellt riktig och välj rådets sammanträde. Rådets ledamöter får besked."
    )
    checks = forms.MultipleChoiceField(label=gettext_lazy("Formell kontroll"), widget=forms.CheckboxSelectMultiple)
    meeting = forms.ChoiceField(
        label=gettext_lazy("Rådets sammanträde"), required=False, widget=forms.RadioSelect, initial=""
    )
    meeting_on = DayField(label=gettext_lazy("Annat datum"), required=False)
    note = TextField(label=gettext_lazy("Upplysning till rådet"), most=2000, rows=4, required=False)

    def prepare(self) -> None:
        """What is checked; what the formal check has met is ticked already."""
        field = cast(forms.MultipleChoiceField, self.fields["checks"])
        field.choices = [(code, text[:1].upper() + text[1:]) for code, text in formal_checks()]
        self.meetings = {str(it.pk): it for it in hooks.meetings(self.case)}
        cast(forms.ChoiceField, self.fields["meeting"]).choices = [
            *((pk, it.told) for pk, it in self.meetings.items()),
            ("", _("Annat datum")),
        ]
        if not self.meetings:
            self.fields.pop("meeting")
            self.fields["meeting_on"].label = _("Rådets sammanträde")
        self.newest = newest_check(self.case)
        if self.newest:
            not_met = FormalPoint.Outcome.NOT_MET
            field.initial = [point.code for point in self.newest.points.all() if point.outcome != not_met]

    def clean(self) -> dict[str, Any]:
        """A planned meeting, or another day."""
        given = super().clean() or {}
        chosen = self.meetings.get(given.get("meeting", ""))
        other = given.get("meeting_on")
        if chosen and other and other != chosen.day:
            self.add_error("meeting_on", _("Välj ett planerat sammanträde eller skriv ett annat datum, inte båda."))
        elif not chosen and not other and "meeting_on" not in self.errors:
            self.add_error("meeting_on", _("Välj ett planerat sammanträde eller skriv ett annat datum."))
        return given

    def given(self) -> dict[str, Any]:
        """With the day of the planned meeting, and which it is."""
        given = dict(self.cleaned_data)
        if chosen := self.meetings.get(given.pop("meeting", "")):
            given |= {"meeting_on": chosen.day, "meeting_id": chosen.pk}
        return given

    def context(self) -> dict[str, Any]:
        """Who checked, and what is not met."""
        if self.newest is None:
            return {}
        event = self.newest.event
        facts: list[tuple[Any, ...]] = [(_("Formell kontroll"), f"{event.by_name}, {formatting.moment(event.at)}")]
        facts += [
            (point.text, point.get_outcome_display(), point.comment)
            for point in self.newest.points.all()
            if point.outcome == FormalPoint.Outcome.NOT_MET
        ]
        return {"facts": facts}
