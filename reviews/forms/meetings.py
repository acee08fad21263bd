"""Forms of the council's meetings, its members and its criteria."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import criteria
from fundportal.forms import DayField, PlainForm, RowsField, TextField, choose
from fundportal.models import Jav, Namnd, User
from reviews.models import CouncilMember, ItemAbsence, Meeting, Presence, Seat, council_members

NOBODY = gettext_lazy("Ingen")


class ClockField(forms.CharField):
    """A time of day as people write it: 13.30, 13:30 or 9."""

    widget = forms.TextInput(attrs={"class": "fp-input--day"})

    def clean(self, value: Any) -> time | None:
        """The time; says how to write it when it cannot be read."""
        text = super().clean(value)
        if not text:
            return None
        for pattern in ("%H.%M", "%H:%M", "%H"):
            try:
                return datetime.strptime(text, pattern).time()  # noqa: DTZ007 -- a time of day has no zone
            except ValueError:
                continue
        raise forms.ValidationError(_("Skriv tiden som 13.30."))


def _clock(at: time | None) -> str:
    return f"{at:%H.%M}" if at else ""


def _people(chosen: list[User]) -> list[tuple[Any, Any]]:
    return [(str(user.pk), user.get_full_name()) for user in chosen]


class ChangeMeeting(PlainForm):
    """When, where, and who adjusts the minutes."""

    begins = ClockField(label=gettext_lazy("Klockan"), max_length=5, help_text=gettext_lazy("Till exempel 13.30."))
    place = forms.CharField(label=gettext_lazy("Plats"), max_length=120)
    adjuster = forms.ChoiceField(
        label=gettext_lazy("Justerare"),
        required=False,
        help_text=gettext_lazy("Krävs när protokollet läggs fram. Den som har jäv i ett ärende kan inte justera."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The members as choices, the chair first to be chosen."""
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["adjuster"]).choices = choose(_people(council_members()), _("Utses senare"))

    def given(self) -> dict[str, Any]:
        """With the adjuster as a person."""
        pk = self.cleaned_data["adjuster"]
        return {**self.cleaned_data, "adjuster": User.objects.get(pk=pk) if pk else None}


class PlanMeeting(ChangeMeeting):
    """A new meeting."""

    held_on = DayField(label=gettext_lazy("Dag"))
    field_order = ("held_on", "begins", "place", "adjuster")


class CancelMeeting(PlainForm):
    """Why it is not held."""

    reason = TextField(label=gettext_lazy("Skäl"), least=5, most=500, rows=3)


class MinuteMeeting(PlainForm):
    """Attendance, who stood aside for which item, and what is to be noted of each."""

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        """A field for each member and item; those with jäv stand aside from the beginning."""
        self.meeting = meeting
        self.members = _on(meeting)
        self.items = list(meeting.items.select_related("case"))
        super().__init__(*args, **kwargs)
        known = {row.user_id: row for row in meeting.attendance.all()}
        others = choose(_people(self.members), NOBODY)
        seats = CouncilMember.objects.on(meeting.held_on).exclude(seat=Seat.SUBSTITUTE)
        ordinary = set(seats.values_list("user", flat=True))  # they serve in nobody's stead
        for user in self.members:
            row = known.get(user.pk)
            self.fields[f"p{user.pk}"] = forms.ChoiceField(
                label=_("Närvaro: %(who)s") % {"who": user.get_full_name()},
                choices=Presence.choices,
                initial=row.presence if row else Presence.PRESENT,
            )
            if user.pk in ordinary:
                continue
            self.fields[f"r{user.pk}"] = forms.ChoiceField(
                label=_("%(who)s tjänstgör i stället för") % {"who": user.get_full_name()},
                choices=others,
                required=False,
                initial=str(row.replaces_id or "") if row else "",
            )
        self.fields["absences"] = self._absences()
        for number, item in enumerate(self.items, 1):
            self.fields[f"n{item.pk}"] = TextField(
                label=_("§ %(no)d %(title)s: att anteckna") % {"no": number, "title": item},
                required=False,
                rows=2,
                most=4000,
                initial=item.note,
            )

    def _absences(self) -> RowsField:
        titles = [(str(item.pk), f"§ {number} {item}") for number, item in enumerate(self.items, 1)]
        field = RowsField(
            {
                "item": forms.ChoiceField(label=_("Punkt"), choices=choose(titles)),
                "member": forms.ChoiceField(label=_("Ledamot"), choices=choose(_people(self.members))),
                "why": forms.ChoiceField(label=_("Orsak"), choices=ItemAbsence.Why.choices),
                "replaced_by": forms.ChoiceField(
                    label=_("Ersätts av"), choices=choose(_people(self.members), NOBODY), required=False
                ),
                "left_at": ClockField(label=_("Lämnade kl."), max_length=5, required=False),
                "back_at": ClockField(label=_("Åter kl."), max_length=5, required=False),
            },
            label=_("Deltog inte i en punkt"),
            required=False,
            help_text=_("Den som har jäv, kom senare eller hade lämnat mötet, och vilken ersättare som tjänstgjorde."),
        )
        field.initial = [
            {"item": str(item), "member": str(member), "why": why, "replaced_by": str(other or "")}
            | {"left_at": _clock(left), "back_at": _clock(back)}
            for item, member, why, other, left, back in self._known()
        ]
        return field

    def _known(self) -> list[tuple[int, int, str, int | None, time | None, time | None]]:
        """Who stands aside: as written, and those with jäv whom nobody has written."""
        rows = ItemAbsence.objects.filter(item__meeting=self.meeting)
        found = [(row.item_id, row.user_id, row.why, row.replaced_by_id, row.left_at, row.back_at) for row in rows]
        by_case = {item.case_id: item.pk for item in self.items if item.case_id}
        seen = {row[:2] for row in found}
        for case, member in (
            Jav.objects.standing().filter(case__in=by_case, user__in=self.members).values_list("case", "user")
        ):
            if (by_case[case], member) not in seen:
                found.append((by_case[case], member, ItemAbsence.Why.JAV, None, None, None))
        return found

    def given(self) -> dict[str, Any]:
        """As the meeting is minuted: people and items instead of numbers."""
        people = {str(user.pk): user for user in self.members}
        items = {str(item.pk): item for item in self.items}
        told = self.cleaned_data

        def serves(user: User) -> bool:
            return bool(told[f"p{user.pk}"] == Presence.SERVING)

        return {
            "attendance": [
                {
                    "member": user,
                    "presence": told[f"p{user.pk}"],
                    "replaces": people.get(told.get(f"r{user.pk}", "")) if serves(user) else None,
                }
                for user in self.members
            ],
            "absences": [
                {
                    **{"item": items[row["item"]], "member": people[row["member"]], "why": row["why"]},
                    "replaced_by": people.get(row["replaced_by"]),
                    "left_at": row["left_at"],
                    "back_at": row["back_at"],
                }
                for row in told["absences"]
            ],
            "notes": {item.pk: told[f"n{item.pk}"] for item in self.items},
        }


def _on(meeting: Meeting) -> list[User]:
    """Who sits on the council the day of the meeting; those without a noted seat too."""
    noted = set(CouncilMember.objects.values_list("user", flat=True))
    seated = set(CouncilMember.objects.on(meeting.held_on).values_list("user", flat=True))
    return [user for user in council_members() if user.pk in seated or user.pk not in noted]


class SeatMember(PlainForm):
    """Who sits on the council, as what, from when and whence."""

    person = forms.ChoiceField(label=gettext_lazy("Person"))
    seat = forms.ChoiceField(label=gettext_lazy("Uppdrag"), choices=Seat.choices, initial=Seat.MEMBER)
    since = DayField(label=gettext_lazy("Från och med"))
    namnd = forms.ChoiceField(
        label=gettext_lazy("Kommer från nämnd"),
        required=False,
        help_text=gettext_lazy("Portalen varnar när nämnden äger eller deltar i ett ärende."),
    )
    organisation = forms.CharField(label=gettext_lazy("Annan organisation"), max_length=120, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Those with the role, and the boards of today."""
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["person"]).choices = choose(_people(council_members()))
        boards = [(str(board.pk), board.name) for board in Namnd.objects.valid_on(today).order_by("name")]
        cast(forms.ChoiceField, self.fields["namnd"]).choices = choose(boards, _("Ingen nämnd"))

    def given(self) -> dict[str, Any]:
        """With person and board as such."""
        told = dict(self.cleaned_data)
        told["person"] = User.objects.get(pk=told["person"])
        told["namnd"] = Namnd.objects.get(pk=told["namnd"]) if told["namnd"] else None
        return told


class EndSeat(PlainForm):
    """The last day of a seat."""

    until = DayField(label=gettext_lazy("Till och med"))


class EditCriteria(PlainForm):
    """The words and gates of a round's twelve criteria."""

    def __init__(self, *args: Any, among: tuple[criteria.Criterion, ...], **kwargs: Any) -> None:
        """Three fields for each."""
        self.among = among
        super().__init__(*args, **kwargs)
        for criterion in among:
            code = criterion.code
            self.fields[f"{code}_text"] = forms.CharField(
                label=_("%(code)s Kriterium") % {"code": code}, max_length=80, initial=criterion.text
            )
            self.fields[f"{code}_guidance"] = TextField(
                label=_("%(code)s Vägledning") % {"code": code}, rows=2, most=600, initial=criterion.guidance
            )
            self.fields[f"{code}_gate"] = forms.BooleanField(
                label=_("%(code)s är ett grindkriterium") % {"code": code}, required=False, initial=criterion.gate
            )

    def given(self) -> list[criteria.Criterion]:
        """The criteria as they are to read."""
        told = self.cleaned_data
        codes = [criterion.code for criterion in self.among]
        return [
            criteria.Criterion(code, told[f"{code}_text"], told[f"{code}_guidance"], told[f"{code}_gate"])
            for code in codes
        ]
