"""The kernel's acts that may be done at any time: notes and messages, and who is let in to see the case."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.utils.translation import gettext as _

from fundportal import roles
from fundportal.canonical import Sealed
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import AccessRequest, Case, Event, Note, NoteStrike, User
from fundportal.process import Role


def _write(event: Event, kind: str, words: Sealed, readers: list[User]) -> None:
    if not set(words.mentions) <= {reader.pk for reader in readers}:
        raise Refused(_("Du kan bara nämna någon som får läsa det du skriver."))
    case = cast(Case, event.case)
    Note.objects.create(case=case, event=event, kind=kind, text=str(words), mentions=sorted(words.mentions))


@action
def write_note(event: Event, *, words: Sealed, readers: list[User]) -> None:
    """Write a note for the city's own. The history holds its hash and who could read it, never the words."""
    _write(event, Note.Kind.INTERNAL, words, readers)


@action
def write_message(event: Event, *, words: Sealed, readers: list[User]) -> None:
    """Write to the applicant's side, or answer them."""
    _write(event, Note.Kind.MESSAGE, words, readers)


@action
def strike_note(event: Event, *, row: Note, words: Sealed) -> None:
    """Strike one's own note through; it is kept, with the reason."""
    hers = row.event.by_id == event.by_id or row.event.on_behalf_of_id in (event.by_id, event.on_behalf_of_id)
    if row.case_id != event.case_id or not (hers or row.event.by_id == event.on_behalf_of_id):
        raise Refused(_("Du kan bara stryka det du själv har skrivit."))
    if NoteStrike.objects.filter(note=row).exists():
        raise Refused(_("Anteckningen är redan struken."))
    NoteStrike.objects.create(note=row, event=event, reason=str(words))


def _answer(event: Event, request: AccessRequest) -> None:
    locked = AccessRequest.objects.select_for_update().get(pk=request.pk)
    if locked.case_id != event.case_id or locked.decision_id is not None:
        raise Refused(_("Begäran är redan besvarad."))
    locked.decision = event
    locked.save(update_fields=["decision"])


@action
def grant_access(event: Event, *, request: AccessRequest, person: User, last_day: date) -> None:
    """Let someone who asked for it read the case, until a last day."""
    case = cast(Case, event.case)
    if person.pk in case.jav_people:
        raise Refused(_("%(who)s har anmält jäv i ärendet och kan inte få insyn.") % {"who": person})
    _answer(event, request)
    roles.give(person, Role.READER, case, until=last_day, by=event.by, at=event.at)


@action
def deny_access(event: Event, *, request: AccessRequest, person: User, reason: str) -> None:
    """Say no to someone who asked to read the case, and why."""
    _answer(event, request)


@action
def end_access(event: Event, *, person: User, reason: str) -> None:
    """Close the case again to someone who was let in, before her last day."""
    roles.take(person, Role.READER, cast(Case, event.case), by=event.by, at=event.at)


def mentioned(event: Event) -> list[User]:
    """Those who are mentioned in what was written."""
    note = Note.objects.filter(event=event).first()
    return list(User.objects.filter(pk__in=note.mentions, is_active=True)) if note else []


def asker(event: Event) -> list[User]:
    """The one who asked to see the case."""
    return list(User.objects.filter(pk=event.data.get("person"), is_active=True))
