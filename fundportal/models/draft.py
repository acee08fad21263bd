"""Drafts: what people are writing, part by part, valid or not."""

from typing import ClassVar

from django.db import models

from fundportal.models.case import Case
from fundportal.models.people import User


class Draft(models.Model):
    """One part of a sheet as typed. Nothing here is checked: that is for the review before submission."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="drafts")
    sheet = models.CharField(max_length=30)
    part = models.CharField(max_length=30)
    answers = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)
    """Who last changed each field, and when: {"need": {"by": 7, "who": "Maria Lind", "at": "2027-03-01T14:32:00Z"}}."""
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="drafts")
    written_by = models.ManyToManyField(User, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "sheet", "part"], name="draft_part_once")]

    def __str__(self) -> str:
        return f"{self.sheet}/{self.part}"

    @property
    def who(self) -> str:
        """Who saved last."""
        return str(self.saved_by.get_full_name())


class DraftVersion(models.Model):
    """How a part stood before something was changed in it, so that what was written over can be had back."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    answers = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "version"], name="draft_version_once")]
        ordering: ClassVar = ["-version"]

    def __str__(self) -> str:
        return f"{self.draft} {self.version}"
