"""People, substitutes and notes that the tests of access begin with."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from fundportal import access, note_acts
from fundportal.canonical import Sealed
from fundportal.models import Case, Note, Substitute, User

NOW = timezone.now()
TODAY = timezone.localdate()


def fresh(user: User) -> User:
    """The same person as another request sees her."""
    return User.objects.get(pk=user.pk)


def stands_in(person: User, substitute: User, days: tuple[int, int] = (0, 7)) -> Substitute:
    """A substitute from so many days from today to so many."""
    return Substitute.objects.create(
        person=person,
        substitute=substitute,
        starts_on=TODAY + timedelta(days=days[0]),
        ends_on=TODAY + timedelta(days=days[1]),
        reason="Semester",
        made_by=person,
        made_at=NOW,
    )


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def note_in(case: Case, user: User, text: str, kind: str = "note", mentions: tuple[int, ...] = ()) -> Note:
    words = Sealed(text)
    words.mentions = mentions
    act = note_acts.write_note if kind == "note" else note_acts.write_message
    readers = access.readers(case, Note.Kind.INTERNAL if kind == "note" else Note.Kind.MESSAGE)
    return act(case, user, NOW, words=words, readers=readers).note
