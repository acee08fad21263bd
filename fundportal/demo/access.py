"""Notes, messages, someone who stands in for another, and one who asks to see a case: what access looks like in use."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from fundportal import access, note_acts, roles
from fundportal.canonical import Sealed
from fundportal.demo.cast import Cast
from fundportal.models import AccessRequest, Case, Note, User
from fundportal.process import Role, Step


def visit(cast: Cast, now: datetime) -> None:
    """Let the people write to each other in two cases, ask to see them, and stand in for each other."""
    officer, controller, reader = cast.one(Role.OFFICER), cast.one(Role.CONTROLLER), cast.one(Role.READER)
    prepared = list(Case.objects.filter(step=Step.PREPARATION).select_related("owner").order_by("created_at"))
    for case in prepared[:2]:
        applicant = cast.one(Role.APPLICANT, case.owner.code)
        at = now - timedelta(hours=6)
        _write(
            case,
            officer,
            at,
            Note.Kind.INTERNAL,
            "Kalkylen räknar med full effekt redan år ett. Stämmer det?",
            controller,
        )
        _write(case, controller, at + timedelta(hours=1), Note.Kind.INTERNAL, "Nej, jag tar upp det i granskningen.")
        _write(
            case, officer, at + timedelta(hours=2), Note.Kind.MESSAGE, "Hej! När börjar rekryteringen av samordnaren?"
        )
        _write(case, applicant, at + timedelta(hours=4), Note.Kind.MESSAGE, "Den börjar så snart beslutet är fattat.")
    if not prepared:
        return
    first, last = prepared[0], prepared[-1]
    asked = _ask(first, reader, now - timedelta(days=2), "Jag utreder samverkan kring barn som far illa.")
    day = timezone.localdate(now) + timedelta(days=60)
    note_acts.grant_access(first, officer, now - timedelta(hours=1), request=asked, person=reader, last_day=day)
    _ask(last, reader, now - timedelta(hours=5), "Samma utredning rör även det här projektet.")
    away, stands_in = cast.one(Role.MANAGER, "NIN"), cast.one(Role.MANAGER, "IDN")
    today = timezone.localdate(now)
    roles.add_substitute(
        *(away, away, now - timedelta(days=1)),
        substitute=stands_in,
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=20),
        reason="Semester",
    )


def _write(case: Case, by: User, at: datetime, kind: str, text: str, *mentions: User) -> None:
    words = Sealed(text)
    words.mentions = tuple(person.pk for person in mentions)
    act = note_acts.write_note if kind == Note.Kind.INTERNAL else note_acts.write_message
    act(case, by, at, words=words, readers=access.readers(case, kind))


def _ask(case: Case, by: User, at: datetime, reason: str) -> AccessRequest:
    return AccessRequest.objects.create(number=case.number, case=case, user=by, reason=reason, at=at)
