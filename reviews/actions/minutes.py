"""What a meeting's minutes say, item by item: drawn from what was recorded, never written twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import formatting
from fundportal.models import Event, Jav, User
from reviews.models import (
    AgendaItem,
    Attendance,
    Before,
    ItemAbsence,
    Meeting,
    Presence,
    Standpoint,
    Verdict,
    council_members,
)

AFTERWARDS = timedelta(days=30)
"""How long after the meeting its outcome may be registered and still be this meeting's."""


@dataclass
class Item:
    """One paragraph of the minutes."""

    no: int
    item: AgendaItem
    standpoint: Standpoint | None = None
    returned: Event | None = None
    jav: list[User] = field(default_factory=list)
    absences: list[ItemAbsence] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What it is about."""
        return str(self.item)

    @property
    def outcome(self) -> str:
        """What the council came to; empty when it has not been registered."""
        if self.standpoint:
            return str(Verdict(self.standpoint.verdict).label)
        return _("Återremitterar idén till sökanden") if self.returned else ""

    @property
    def reasons(self) -> str:
        """Why, or what the applicant is asked."""
        if self.standpoint:
            return self.standpoint.reasons
        return "\n".join(self.returned.data.get("questions", [])) if self.returned else ""

    @property
    def stood_aside(self) -> list[str]:
        """Who did not take part, why, and who served in her stead."""
        told = [_absence(row) for row in self.absences]
        known = {row.user_id for row in self.absences}
        return told + [_("%(who)s: jäv") % {"who": user.get_full_name()} for user in self.jav if user.pk not in known]


def _clocks(row: ItemAbsence) -> str:
    """When she left and came back, as far as it is noted."""
    if row.left_at and row.back_at:
        return _(", kl. %(left)s–%(back)s") % {"left": f"{row.left_at:%H.%M}", "back": f"{row.back_at:%H.%M}"}
    if row.left_at:
        return _(", lämnade kl. %s") % f"{row.left_at:%H.%M}"
    return _(", kom kl. %s") % f"{row.back_at:%H.%M}" if row.back_at else ""


def _absence(row: ItemAbsence) -> str:
    what = {"who": row.user.get_full_name(), "why": str(row.get_why_display()).lower() + _clocks(row)}
    if row.replaced_by:
        what["other"] = row.replaced_by.get_full_name()
        return _("%(who)s: %(why)s, ersätts av %(other)s") % what
    return _("%(who)s: %(why)s") % what


def items(meeting: Meeting) -> list[Item]:
    """The paragraphs, in order, with what was registered of each: a constant number of questions."""
    rows = list(meeting.items.select_related("case__round", "case__owner"))
    cases = [row.case_id for row in rows if row.case_id]
    said = (
        Standpoint.objects.filter(case__in=cases, meeting_on=meeting.held_on)
        .select_related("case__round", "document", "event")
        .prefetch_related("present", "conditions", "reservations__by")
        .order_by("id")
    )
    standpoints = {row.case_id: row for row in said}
    begins = timezone.make_aware(datetime.combine(meeting.held_on, time(0)))
    sent_back = Event.objects.filter(
        case__in=cases, action="return_to_applicant", at__gte=begins, at__lt=begins + AFTERWARDS
    ).order_by("-no")
    returned = {event.case_id: event for event in sent_back}
    javs: dict[int, list[User]] = {}
    for jav in Jav.objects.standing().filter(case__in=cases, user__in=council_members()).select_related("user"):
        javs.setdefault(jav.case_id, []).append(jav.user)
    absences: dict[int, list[ItemAbsence]] = {}
    for row in ItemAbsence.objects.filter(item__meeting=meeting).select_related("user", "replaced_by"):
        absences.setdefault(row.item_id, []).append(row)
    return [
        Item(
            no,
            row,
            standpoints.get(row.case_id or 0),
            None if row.case_id in standpoints else returned.get(row.case_id or 0),
            javs.get(row.case_id or 0, []),
            absences.get(row.pk, []),
        )
        for no, row in enumerate(rows, 1)
    ]


def attendance(meeting: Meeting) -> list[Attendance]:
    """Who was there, by name."""
    rows = list(meeting.attendance.select_related("user", "replaces"))
    return sorted(rows, key=lambda row: (row.presence == Presence.ABSENT, formatting.sort_key(row.user.last_name)))


def head(meeting: Meeting, adjusted: str) -> dict[str, Any]:
    """What stands first on the paper."""
    when = f"{formatting.weekday(meeting.held_on)}, kl. {meeting.begins:%H.%M}"
    return {"meeting": when, "place": meeting.place, "adjusted": adjusted, "lead": ""}


def whole(meeting: Meeting, adjusted: str) -> dict[str, Any]:
    """The minutes of the whole meeting."""
    there = [
        [
            row.user.get_full_name(),
            str(row.get_presence_display()),
            row.replaces.get_full_name() if row.replaces else "",
        ]
        for row in attendance(meeting)
    ]
    table = {"columns": [_("Ledamot"), _("Närvaro"), _("I stället för")], "rows": there}
    sections: list[dict[str, Any]] = [
        {"title": _("Närvaro"), "table": table},
        {
            "title": _("Sekreterare och justerare"),
            "rows": [
                [_("Sekreterare"), meeting.secretary.get_full_name()],
                [_("Justerare"), meeting.adjuster.get_full_name() if meeting.adjuster else ""],
            ],
        },
    ]
    for item in items(meeting):
        sections += paragraph(item)
    return {**head(meeting, adjusted), "sections": sections}


def extract(meeting: Meeting, item: Item, adjusted: str) -> dict[str, Any]:
    """The minutes of one item alone, for the case's own file."""
    return {**head(meeting, adjusted), "sections": paragraph(item)}


def paragraph(item: Item) -> list[dict[str, Any]]:
    """One item as sections of a paper."""
    sections: list[dict[str, Any]] = [{"title": f"§ {item.no} {item.title}", "rows": _facts(item)}]
    if item.reasons:
        title = _("Motivering") if item.standpoint else _("Rådets frågor")
        sections.append({"title": title, "level": 3, "text": item.reasons})
    if item.standpoint and (asked := item.standpoint.event.data.get("questions")):
        sections.append({"title": _("Rådets frågor"), "level": 3, "text": "\n".join(asked)})
    if item.standpoint:
        sections += _with_conditions(item.standpoint)
    if item.item.note:
        sections.append({"title": _("Anteckning"), "level": 3, "text": item.item.note})
    return sections


def _facts(item: Item) -> list[list[str]]:
    rows: list[list[str]] = []
    if item.item.case:
        rows.append([_("Ärende"), item.item.case.number])
    if item.standpoint:
        names = [user.get_full_name() for user in item.standpoint.present.all()]
        rows.append([_("Deltagande ledamöter"), formatting.in_words(names)])
    if item.item.case:
        rows.append([_("Deltog inte"), formatting.in_words(item.stood_aside) or _("Ingen var jävig eller frånvarande")])
    if item.outcome:
        rows.append([_("Ställningstagande"), item.outcome])
    return rows


def _with_conditions(said: Standpoint) -> list[dict[str, Any]]:
    """What was asked for, and who did not agree."""
    sections: list[dict[str, Any]] = []
    if conditions := said.conditions.all():
        told = [[row.text, formatting.day(row.due_on), str(Before(row.before).label)] for row in conditions]
        table = {"columns": [_("Villkor"), _("Sista dag"), _("Ska vara uppfyllt innan")], "rows": told}
        sections.append({"title": _("Villkor"), "level": 3, "table": table})
    if reservations := said.reservations.all():
        told = [[row.by.get_full_name(), row.text] for row in reservations]
        table = {"columns": [_("Ledamot"), _("Reservation")], "rows": told}
        sections.append({"title": _("Reservationer"), "level": 3, "table": table})
    return sections


def signed_by(user: User, at: datetime) -> str:
    """That the minutes are adjusted, by whom and when."""
    return _("Justerat %(at)s av %(who)s") % {"at": formatting.moment(at), "who": user.get_full_name()}
