"""Papers: what the system issues, and what people attach."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fundportal.models.case import Case, Event
from fundportal.models.people import User


class Document(models.Model):
    """A paper made by an act: its content is frozen with the act, printed to PDF after, never overwritten.

    `content` is the exact text (canonical JSON) that `content_sha256` is the hash of; `sha256` is the PDF's.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
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
    by = models.ForeignKey(User, models.PROTECT, related_name="uploads")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "place"], name="upload_by_place")]
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.name
