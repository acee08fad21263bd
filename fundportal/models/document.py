"""Papers: what the system issues, and what people attach."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fundportal.models.case import Case, Event
from fundportal.models.fund import Fund
from fundportal.models.people import User


class Document(models.Model):
    """A paper made by an act: its content is frozen with the act, printed to PDF after, never overwritten.

    `content` is the exact text (canonical JSON) that `content_sha256` is the hash of; `sha256` is the PDF's.
    """

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="documents")
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="documents")
    place = models.CharField(_("hör till"), max_length=60, blank=True)
    """What of the fund's it belongs to and is read by (moten/3); empty when it is the fund's own."""
    event = models.ForeignKey(Event, models.PROTECT, related_name="documents")
    kind = models.CharField(_("handlingstyp"), max_length=30)
    title = models.CharField(_("rubrik"), max_length=200)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    template = models.CharField(max_length=100)
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("upprättad"))
    file = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True)
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "kind", "version"], name="document_version_once"),
            models.UniqueConstraint(fields=["fund", "place", "kind", "version"], name="document_of_fund_version_once"),
            models.CheckConstraint(
                condition=Q(case__isnull=False, fund__isnull=True) | Q(case__isnull=True, fund__isnull=False),
                name="document_of_case_or_fund",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(printed_at__isnull=True), name="document_unprinted"),
        ]
        ordering: ClassVar = ["created_at", "id"]

    def __str__(self) -> str:
        return self.title


class Upload(models.Model):
    """A file someone attached. Loose while it belongs to a draft; fixed for ever once an act refers to it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="uploads")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="uploads")
    place = models.CharField(_("hör till"), max_length=60)
    name = models.CharField(_("filnamn"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=120)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="uploads")
    """Nobody where it came from someone without an account: then the act it belongs to tells who."""
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "place"], name="upload_by_place")]
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.name


class VirusCheck(models.Model):
    """What the virus scanner said of a file. A row of its own, since a file that an act refers to never changes."""

    class Outcome(models.TextChoices):
        """Nothing is called clean that a scanner has not called clean."""

        CLEAN = "clean", _("Inget virus hittat")
        INFECTED = "infected", _("Virus hittat")
        UNCHECKED = "unchecked", _("Inte kontrollerad")

    upload = models.OneToOneField(Upload, models.CASCADE, related_name="virus_check")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    found = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at"], condition=Q(outcome="unchecked"), name="virus_check_again"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.outcome}"
