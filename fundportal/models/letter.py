"""Letters: what people are told, once each."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fundportal.models.case import Case, Event
from fundportal.models.people import User

LINK = "{länk}"
"""Where a letter's way in is written when it is mailed."""


class Letter(models.Model):
    """One message to one person, because of an event or a deadline. `key` makes it once, however often jobs run.

    It goes to someone with an account, or to the `address` of someone without. What may stand in no table (a way in)
    is written where `LINK` stands when the letter is mailed, by what `fill` names.

    A mail that the server would not take is tried again, not before `not_before`.
    """

    key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="inbox")
    address = models.EmailField(blank=True)
    fill = models.CharField(max_length=60, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="letters")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="letters")
    subject = models.CharField(_("ärende"), max_length=200)
    body = models.TextField()
    by_mail = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, address="") | (Q(user__isnull=True) & ~Q(address="")),
                name="letter_has_one_reader",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(sent_at__isnull=True, by_mail=True), name="letter_unsent"),
            models.Index(fields=["user", "-id"], name="letter_by_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="letter_unread"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def said(self) -> str:
        """What the letter tells: the paragraph after the greeting."""
        return [*self.body.split("\n\n"), ""][1]


class Mail(models.Model):
    """A mail kept in the demo's mailbox, when no mail server is set."""

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.subject
