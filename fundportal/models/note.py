"""Notes on a case and messages with the applicant's side, and requests by strangers to see a case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fundportal.models.case import Case, Event
from fundportal.models.people import User


class Note(models.Model):
    """What someone wrote, apart from the history so that only its readers read it. Append-only.

    The event holds the text's sha256 and who could read it when it was written.
    """

    class Kind(models.TextChoices):
        """Who reads it: the city's own people, or the applicant's side as well."""

        INTERNAL = "internal", _("Intern anteckning")
        MESSAGE = "message", _("Meddelande")

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    event = models.OneToOneField(Event, models.PROTECT, related_name="note")
    kind = models.CharField(_("slag"), max_length=10, choices=Kind)
    text = models.TextField(_("text"))
    mentions = models.JSONField(_("nämnda"), default=list)
    """Ids of the people who are mentioned."""

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="note_has_text")]
        indexes: ClassVar = [models.Index(fields=["case", "kind", "-id"], name="note_by_case")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.case}"


class NoteStrike(models.Model):
    """That a note is struck through, and why. The note is kept. Append-only."""

    note = models.OneToOneField(Note, models.PROTECT, related_name="strike")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    reason = models.CharField(_("skäl"), max_length=500)

    def __str__(self) -> str:
        return self.reason


class AccessRequest(models.Model):
    """That someone asks to see a case she named by its number, whether there is such a case or not."""

    number = models.CharField(_("ärendenummer"), max_length=40)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="access_requests")
    user = models.ForeignKey(User, models.PROTECT, related_name="access_requests")
    reason = models.TextField(_("skäl"))
    at = models.DateTimeField(_("när"))
    decision = models.OneToOneField(Event, models.PROTECT, null=True, related_name="access_request")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case"], condition=Q(decision__isnull=True), name="access_request_open"),
            models.Index(fields=["user", "at"], name="access_request_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.number}"
