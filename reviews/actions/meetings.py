"""The council's meetings: planned, called, minuted and adjusted (justerade), all recorded in the house's chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, cast

from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import documents, flow, formatting, notices, tasks
from fundportal.errors import Refused
from fundportal.models import Case, Event, Fund, Jav, Letter, Namnd, User
from fundportal.process import Role, Step
from reviews.actions import minutes
from reviews.models import (
    AgendaItem,
    Attendance,
    CouncilMember,
    ItemAbsence,
    Meeting,
    Minutes,
    Presence,
    Seat,
    council_members,
)

READS = {Role.COUNCIL, Role.OFFICER, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR}
CLOCKS = ("left_at", "back_at")
"""When someone left for an item and came back."""
KEEPS = {Role.OFFICER, Role.ADMINISTRATOR}
"""Who keeps the list of members."""


def _record(name: str, user: User, at: datetime, data: dict[str, Any], role: Role | None = Role.OFFICER) -> Event:
    return flow.record_house(name, user, at, data, role=role)


@transaction.atomic
def seat(
    user: User,
    at: datetime,
    *,
    person: User,
    seat: str,
    since: date,
    namnd: Namnd | None = None,
    organisation: str = "",
) -> CouncilMember:
    """Note that a person sits on the council from a day. A seat that she holds ends the day before."""
    if seat not in Seat.values or Role.COUNCIL not in person.grants.everywhere:
        raise Refused(_("%(who)s har inte rollen ledamot i rådet. Ge rollen först.") % {"who": person})
    for held in CouncilMember.objects.select_for_update().filter(user=person, until=None):
        if held.since >= since:
            raise Refused(_("%(who)s har redan ett uppdrag från den dagen eller senare.") % {"who": person})
        held.until = date.fromordinal(since.toordinal() - 1)
        held.save(update_fields=["until"])
    data = {"person": person, "seat": seat, "since": since, "namnd": namnd, "organisation": organisation}
    _record("seat_member", user, at, data, _keeper(user))
    return CouncilMember.objects.create(user=person, seat=seat, since=since, namnd=namnd, organisation=organisation)


@transaction.atomic
def unseat(user: User, at: datetime, *, member: CouncilMember, until: date) -> None:
    """Note the last day of a seat."""
    if until < member.since:
        raise Refused(_("Uppdraget kan inte sluta före sin första dag."))
    _record("unseat_member", user, at, {"person": member.user, "last_day": until}, _keeper(user))
    CouncilMember.objects.filter(pk=member.pk).update(until=until)


def _keeper(user: User) -> Role:
    return Role.OFFICER if Role.OFFICER in user.grants.everywhere else Role.ADMINISTRATOR


@transaction.atomic
def plan(
    user: User, at: datetime, *, fund: Fund, held_on: date, begins: time, place: str, adjuster: User | None = None
) -> Meeting:
    """Plan a meeting. Cases that have been sent to the council for that day stand on its agenda from the beginning."""
    if Meeting.objects.filter(fund=fund, held_on=held_on, cancelled_at=None).exists():
        raise Refused(_("Rådet har redan ett sammanträde den dagen."))
    _record("plan_meeting", user, at, {"held_on": held_on, "begins": f"{begins:%H:%M}", "place": place})
    meeting = Meeting.objects.create(
        fund=fund, held_on=held_on, begins=begins, place=place, secretary=user, adjuster=adjuster
    )
    for case in Case.objects.filter(fund=fund, step=Step.COUNCIL, due_on=held_on).order_by("number"):
        _put(meeting, case=case)
    return meeting


@transaction.atomic
def change(user: User, at: datetime, *, meeting: Meeting, begins: time, place: str, adjuster: User | None) -> None:
    """Another time or place, or another to adjust the minutes."""
    _refuse_if_closed(meeting)
    data = {"meeting": str(meeting), "begins": f"{begins:%H:%M}", "place": place, "adjuster": adjuster}
    _record("change_meeting", user, at, data)
    meeting.begins, meeting.place, meeting.adjuster = begins, place, adjuster
    meeting.save(update_fields=["begins", "place", "adjuster"])


@transaction.atomic
def cancel(user: User, at: datetime, *, meeting: Meeting, reason: str) -> None:
    """The meeting is not held; those who were called are told."""
    _refuse_if_closed(meeting)
    event = _record("cancel_meeting", user, at, {"meeting": str(meeting), "reason": reason})
    meeting.cancelled_at = at
    meeting.save(update_fields=["cancelled_at"])
    if meeting.called_at:
        _tell(meeting, event, reason=reason)


def put_on_agenda(event: Event) -> None:
    """A case that is sent to a planned meeting, or for its day, stands on its agenda. Follows `send_to_council`."""
    case = cast(Case, event.case)
    day, chosen = event.data.get("meeting_on"), event.data.get("meeting_id")
    planned = Meeting.objects.filter(fund=case.fund, held_on=day, cancelled_at=None)
    meeting = planned.filter(pk=chosen).first() if chosen else planned.first()
    if chosen and (meeting is None or meeting.minutes.exists()):
        raise Refused(_("Sammanträdet har ställts in, flyttats eller hållits. Välj ett annat."))
    if meeting and not meeting.minutes.exists() and not meeting.items.filter(case=case).exists():
        _put(meeting, case=case)


def _put(meeting: Meeting, **what: Any) -> AgendaItem:
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    return AgendaItem.objects.create(meeting=meeting, position=last + 1, **what)


@transaction.atomic
def add(user: User, at: datetime, *, meeting: Meeting, case: Case | None = None, title: str = "") -> AgendaItem:
    """Put a case that stands with the council, or a matter of its own, on the agenda."""
    _refuse_if_closed(meeting)
    if case and (case.step != Step.COUNCIL or meeting.items.filter(case=case).exists()):
        raise Refused(_("Ärendet ligger inte hos rådet, eller står redan på dagordningen."))
    if not case and not title.strip():
        raise Refused(_("Skriv vad punkten gäller."))
    data = {"meeting": str(meeting), "case": case.number} if case else {"meeting": str(meeting), "title": title}
    _record("add_item", user, at, data)
    return _put(meeting, case=case, title="" if case else title.strip()[:200])


@transaction.atomic
def arrange(user: User, at: datetime, *, item: AgendaItem, how: str) -> None:
    """Move an item up or down, or take it off the agenda."""
    meeting = item.meeting
    _refuse_if_closed(meeting)
    rows = list(meeting.items.select_for_update())
    at_now = next(place for place, row in enumerate(rows) if row.pk == item.pk)
    rows.pop(at_now)
    _record("arrange_item", user, at, {"meeting": str(meeting), "title": str(item), "how": how})
    if how == "remove":
        item.absences.all().delete()
        item.delete()
    else:
        rows.insert(max(0, at_now + (1 if how == "down" else -1)), item)
    for position, row in enumerate(rows, 1):
        AgendaItem.objects.filter(pk=row.pk).update(position=position)


@transaction.atomic
def call(user: User, at: datetime, *, meeting: Meeting) -> None:
    """Send the call (kallelse) with the agenda's address to everyone who sits on the council."""
    _refuse_if_closed(meeting)
    if not meeting.items.exists():
        raise Refused(_("Dagordningen är tom. Lägg till minst en punkt innan du kallar."))
    event = _record("call_meeting", user, at, {"meeting": str(meeting), "place": meeting.place})
    meeting.called_at = at
    meeting.save(update_fields=["called_at"])
    _tell(meeting, event)


def _tell(meeting: Meeting, event: Event, reason: str = "") -> None:
    """A letter to each member. It names no cases: what each may read stands on the page."""
    seats = {row.user_id: row for row in CouncilMember.objects.on(meeting.held_on)}
    letters = []
    for person in council_members():
        context = {
            "user": person,
            "meeting": meeting,
            "seat": seats.get(person.pk),
            "reason": reason,
            "url": notices.absolute(meeting.get_absolute_url()),
            "jav_url": notices.absolute(reverse("interests")),
        }
        subject, _sep, body = render_to_string("mail/meeting.txt", context).strip().partition("\n")
        letters.append(
            Letter(
                key=f"event/{event.pk}/{person.pk}",
                user=person,
                event=event,
                subject=subject.strip(),
                body=notices.tidy(body),
                created_at=event.at,
            )
        )
    Letter.objects.bulk_create(letters, ignore_conflicts=True)


@transaction.atomic
def minute(
    user: User,
    at: datetime,
    *,
    meeting: Meeting,
    attendance: Sequence[Mapping[str, Any]],
    absences: Sequence[Mapping[str, Any]] = (),
    notes: Mapping[int, str] | None = None,
) -> None:
    """Who was there, who stood aside for which item and who served instead, and what is to be noted of each item.

    A member with jäv in a case stands aside for it whether anyone has written so or not.
    """
    _refuse_if_closed(meeting)
    _refuse_before(meeting, at)
    if faults := _minute_faults(meeting, attendance, absences):
        raise Refused(*faults)
    data = {
        "meeting": str(meeting),
        "attendance": [{"person": row["member"], "presence": row["presence"]} for row in attendance],
        "absences": [
            {"person": row["member"], "title": str(row["item"]), "why": row["why"]}
            | {name: f"{row[name]:%H.%M}" for name in CLOCKS if row.get(name)}
            for row in absences
        ],
    }
    _record("minute_meeting", user, at, data)
    meeting.attendance.all().delete()
    ItemAbsence.objects.filter(item__meeting=meeting).delete()
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, user=row["member"], presence=row["presence"], replaces=row.get("replaces"))
        for row in attendance
    )
    ItemAbsence.objects.bulk_create(
        ItemAbsence(
            **{"item": row["item"], "user": row["member"], "why": row["why"], "replaced_by": row.get("replaced_by")},
            **{name: row.get(name) for name in CLOCKS},
        )
        for row in absences
    )
    for pk, note in (notes or {}).items():
        meeting.items.filter(pk=pk).update(note=note)


def _minute_faults(
    meeting: Meeting, attendance: Sequence[Mapping[str, Any]], absences: Sequence[Mapping[str, Any]]
) -> list[str]:
    there = {row["member"].pk for row in attendance if row["presence"] != Presence.ABSENT}
    faults = [] if there else [_("Ange vilka som var närvarande.")]
    if len({row["member"].pk for row in attendance}) < len(attendance):
        faults.append(_("En ledamot står två gånger i närvaron."))
    barred = set(Jav.objects.standing().filter(case__agenda_items__meeting=meeting).values_list("case", "user"))
    for row in absences:
        left, back = (row.get(name) for name in CLOCKS)
        if left and back and back < left:
            faults.append(_("%(who)s kan inte ha kommit åter innan hon eller han lämnade.") % {"who": row["member"]})
        other = row.get("replaced_by")
        if other and (row["item"].case_id, other.pk) in barred:
            faults.append(_("%(who)s har jäv i ärendet och kan inte ersätta någon där.") % {"who": other})
        if other and other.pk not in there:
            faults.append(_("%(who)s var inte närvarande och kan inte ersätta någon.") % {"who": other})
    return faults


@transaction.atomic
def put_forward(user: User, at: datetime, *, meeting: Meeting) -> Minutes:
    """Freeze the minutes as they stand, to be adjusted. Put forward anew they are another version."""
    _refuse_if_closed(meeting)
    _refuse_before(meeting, at)
    if not meeting.attendance.exists():
        raise Refused(_("Fyll i närvaron innan protokollet läggs fram."))
    if meeting.adjuster is None:
        raise Refused(_("Utse en justerare innan protokollet läggs fram."))
    _refuse_if_jav(meeting, user)
    _refuse_if_jav(meeting, meeting.adjuster)
    event = _record("put_minutes_forward", user, at, {"meeting": str(meeting)})
    return _freeze(meeting, event, "", None)


@transaction.atomic
def adjust(user: User, at: datetime, *, meeting: Meeting, version: int) -> Minutes:
    """The appointed adjuster approves exactly the version that was put forward; each case gets its own part of it."""
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("adjuster", "secretary", "fund")
        .get(pk=meeting.pk)
    )
    _refuse_if_closed(meeting)
    forward = meeting.minutes.select_related("document", "event").last()
    if forward is None or forward.document.version != version:
        raise Refused(_("Protokollet har lagts fram i en ny version. Läs den och justera sedan."))
    if user != meeting.adjuster or user == forward.event.by:
        raise Refused(_("Protokollet justeras av %(who)s.") % {"who": meeting.adjuster})
    _refuse_if_jav(meeting, user)
    data = {"meeting": str(meeting), "version": version, "sha256": forward.document.content_sha256}
    event = _record("adjust_minutes", user, at, data, Role.COUNCIL)
    told = minutes.signed_by(user, at)
    done = _freeze(meeting, event, told, forward)
    for item in minutes.items(meeting):
        if item.item.case:
            _extract(meeting, item, user, at, told)
    return done


def _freeze(meeting: Meeting, event: Event, adjusted: str, approves: Minutes | None) -> Minutes:
    title = _("Protokoll %(day)s") % {"day": formatting.day(meeting.held_on)}
    content = minutes.whole(meeting, adjusted)
    paper = documents.freeze_at(
        meeting.files, meeting.fund, event, "council_minutes", title, content, "pdf/minutes.html"
    )
    transaction.on_commit(lambda: tasks.nudge(event.pk))
    return Minutes.objects.create(meeting=meeting, document=paper, event=event, approves=approves)


def _extract(meeting: Meeting, item: minutes.Item, user: User, at: datetime, adjusted: str) -> None:
    """The case's part of the adjusted minutes, as a paper on the case: no reader of the case reads another's there."""
    data = {"meeting_on": meeting.held_on, "paragraph": f"§ {item.no}"}
    event = flow.record_consequence("council_minutes", cast(Case, item.item.case), user, at, data, role=Role.COUNCIL)
    title = _("Protokollsutdrag %(day)s § %(no)d") % {"day": formatting.day(meeting.held_on), "no": item.no}
    documents.freeze(event, "minutes_extract", title, minutes.extract(meeting, item, adjusted), "pdf/sheet.html")
    transaction.on_commit(lambda: tasks.nudge(event.pk))


def is_adjusted(meeting: Meeting) -> bool:
    """Whether the minutes are adjusted: then nothing of the meeting changes."""
    return meeting.minutes.exclude(approves=None).exists()


def _refuse_if_closed(meeting: Meeting) -> None:
    if meeting.cancelled_at:
        raise Refused(_("Sammanträdet är inställt."))
    if is_adjusted(meeting):
        raise Refused(_("Protokollet är justerat och sammanträdet kan inte ändras."))


def _refuse_before(meeting: Meeting, at: datetime) -> None:
    if timezone.localdate(at) < meeting.held_on:
        raise Refused(_("Sammanträdet har inte hållits än."))


def _refuse_if_jav(meeting: Meeting, user: User) -> None:
    if closed := barred_from(meeting, user):
        raise Refused(
            _("%(who)s har jäv i %(cases)s och kan inte skriva eller justera det här protokollet. Utse någon annan.")
            % {"who": user, "cases": formatting.in_words(sorted(closed))}
        )


def barred_from(meeting: Meeting, user: User) -> set[str]:
    """The numbers of the cases on the agenda in which the person has jäv."""
    standing = Jav.objects.standing().filter(user=user, case__agenda_items__meeting=meeting)
    return set(standing.values_list("case__number", flat=True))
