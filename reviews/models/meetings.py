"""The council as a body: who sits on it, when it meets, what it takes up, and its minutes."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fundportal.models import Case, Document, Event, Fund, Namnd, User


class Seat(models.TextChoices):
    """In what capacity someone sits on the council."""

    CHAIR = "chair", _("Ordförande")
    MEMBER = "member", _("Ledamot")
    SUBSTITUTE = "substitute", _("Ersättare")


class MemberQuerySet(models.QuerySet["CouncilMember"]):
    """Seats on the council, by when they are held."""

    def on(self, day: date) -> MemberQuerySet:
        """Those held on a day."""
        return self.filter(Q(since__lte=day), Q(until=None) | Q(until__gte=day))


class CouncilMember(models.Model):
    """A seat on the council, from a day and perhaps until one, and the organisation that the person comes from."""

    user = models.ForeignKey(User, models.PROTECT, related_name="council_seats")
    seat = models.CharField(_("uppdrag"), max_length=10, choices=Seat, default=Seat.MEMBER)
    namnd = models.ForeignKey(Namnd, models.PROTECT, null=True, related_name="+")
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    since = models.DateField(_("från"))
    until = models.DateField(_("till och med"), null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="seat_ends_after_start"),
            models.UniqueConstraint(fields=["user"], condition=Q(until=None), name="seat_one_open_for_each"),
        ]
        ordering: ClassVar = ["since", "id"]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_seat_display()}"

    @property
    def comes_from(self) -> str:
        """The board or organisation she comes from; empty if it is not known."""
        return self.namnd.name if self.namnd else self.organisation


class Meeting(models.Model):
    """A meeting of the council. What is done to it is recorded in the house's chain; its minutes are papers."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="meetings")
    held_on = models.DateField(_("dag"))
    begins = models.TimeField(_("tid"))
    place = models.CharField(_("plats"), max_length=120)
    secretary = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("sekreterare"))
    adjuster = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("justerare"))
    called_at = models.DateTimeField(_("kallelse sänd"), null=True)
    cancelled_at = models.DateTimeField(_("inställt"), null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fund", "held_on"], condition=Q(cancelled_at=None), name="meeting_one_a_day"
            ),
        ]
        ordering: ClassVar = ["-held_on", "-id"]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The meeting's page."""
        return reverse("meeting", kwargs={"pk": self.pk})

    @property
    def files(self) -> str:
        """Where its papers belong."""
        return f"moten/{self.pk}"


class AgendaItem(models.Model):
    """Something on the agenda: a case that was sent to the council, or a matter of the council's own."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(_("ordning"))
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="agenda_items")
    title = models.CharField(_("rubrik"), max_length=200, blank=True)
    note = models.TextField(_("att anteckna"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "case"], name="item_once_for_a_case"),
            models.CheckConstraint(condition=Q(case=None) ^ Q(title=""), name="item_is_a_case_or_has_a_title"),
        ]
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.case.title if self.case else self.title


class Presence(models.TextChoices):
    """Whether a member took part."""

    PRESENT = "present", _("Närvarande")
    SERVING = "serving", _("Tjänstgörande ersättare")
    ABSENT = "absent", _("Frånvarande")


class Attendance(models.Model):
    """A member at a meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    presence = models.CharField(_("närvaro"), max_length=10, choices=Presence)
    replaces = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("i stället för"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "user"], name="attendance_once")]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_presence_display()}"


class ItemAbsence(models.Model):
    """A member who was at the meeting but not there for one item: she had jäv, came later or had left."""

    class Why(models.TextChoices):
        """Why she was not there."""

        JAV = "jav", _("Jäv")
        OTHER = "other", _("Kom senare eller hade lämnat mötet")

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="absences")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    why = models.CharField(_("orsak"), max_length=5, choices=Why)
    replaced_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("ersätts av"))
    left_at = models.TimeField(_("lämnade kl."), null=True)
    back_at = models.TimeField(_("åter kl."), null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "user"], name="absence_once_for_an_item"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(back_at=None) | Q(back_at__gte=F("left_at")),
                name="absence_ends_after_start",
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_why_display()}"


class Minutes(models.Model):
    """One version of a meeting's minutes, as it was put forward to be adjusted (justeras), and who adjusted it."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    approves = models.OneToOneField("self", models.PROTECT, null=True, related_name="adjusted")
    """The version that was put forward, when this is the adjusted one."""

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return str(self.document)
