"""The demo's council: who sits on it, what they have declared, a meeting that was held and one that is to come."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from fundportal import impartial
from fundportal.demo.cast import Cast
from fundportal.models import Case, Event
from fundportal.process import Step
from reviews.actions import meetings
from reviews.models import Presence, Seat, Standpoint

ROOM = "Stadshuset, sammanträdesrum Kastanjen (påhittat)"


def sit(cast: Cast, now: datetime) -> None:
    """Seats and declarations; then the meetings."""
    officer = cast.one("officer")
    begun = now - timedelta(days=400)
    seats = (Seat.CHAIR, Seat.MEMBER, Seat.MEMBER, Seat.SUBSTITUTE)
    for nth, (person, seat) in enumerate(zip(cast.council, seats, strict=True)):
        board = {1: cast.boards["UTN"], 2: cast.boards["SOC"]}.get(nth)
        meetings.seat(officer, begun, person=person, seat=seat, since=date(2020, 1, 1), namnd=board)
    told = [{"namnd": cast.boards["UTN"], "organisation": "", "text": "anställd som enhetschef (påhittat)"}]
    impartial.declare_interests(cast.council[1], begun, interests=told)
    january = min(timezone.make_aware(datetime.combine(date(now.year, 1, 12), time(9))), now)
    impartial.declare_interests(cast.council[1], january, interests=told)
    for person in (cast.council[0], cast.council[2], officer, cast.one("director"), cast.one("controller")):
        impartial.declare_interests(person, january, interests=[])
    _held(cast, now)
    _coming(cast, now)


def _held(cast: Cast, now: datetime) -> None:
    """The latest meeting whose case waits for the director, minuted and adjusted."""
    said = (
        Standpoint.objects.filter(case__step=Step.IDEA_DECISION, meeting_on__lt=timezone.localdate(now))
        .select_related("case__fund", "event")
        .order_by("-meeting_on")
        .first()
    )
    if said is None:
        return
    officer, chair = cast.one("officer"), cast.council[0]
    called, after = said.event.at - timedelta(days=14), said.event.at + timedelta(hours=2)
    meeting = meetings.plan(
        officer, called, fund=said.case.fund, held_on=said.meeting_on, begins=time(13), place=ROOM, adjuster=chair
    )
    meetings.add(officer, called, meeting=meeting, title="Föregående protokoll")
    sent = Event.objects.filter(action="send_to_council", data__meeting_on=said.meeting_on.isoformat())
    for event in sent.select_related("case__fund"):
        meetings.put_on_agenda(event)
    meetings.call(officer, called, meeting=meeting)
    rows = [
        {"member": person, "presence": Presence.SERVING if nth == 3 else Presence.PRESENT, "replaces": None}
        for nth, person in enumerate(cast.council)
    ]
    first = meeting.items.order_by("position").first()
    notes = {first.pk: "Protokollet lades till handlingarna."} if first else {}
    meetings.minute(officer, after, meeting=meeting, attendance=rows, notes=notes)
    version = meetings.put_forward(officer, after, meeting=meeting).document.version
    meetings.adjust(chair, min(now, after + timedelta(days=1)), meeting=meeting, version=version)


def _coming(cast: Cast, now: datetime) -> None:
    """The next meeting, called, with every case that stands with the council."""
    officer, chair = cast.one("officer"), cast.council[0]
    cases = list(Case.objects.filter(step=Step.COUNCIL).select_related("fund").order_by("due_on"))
    if not cases:
        return
    held_on = max(timezone.localdate(now) + timedelta(days=1), *[case.due_on for case in cases if case.due_on])
    at = now - timedelta(hours=3)
    meeting = meetings.plan(
        officer, at, fund=cases[0].fund, held_on=held_on, begins=time(13), place=ROOM, adjuster=chair
    )
    meetings.add(officer, at, meeting=meeting, title="Föregående protokoll")
    for case in cases:
        if not meeting.items.filter(case=case).exists():
            meetings.add(officer, at, meeting=meeting, case=case)
    meetings.call(officer, at, meeting=meeting)
