"""What has been taken out of the system, by whom."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fundportal.models.case import Case
from fundportal.models.people import User
from fundportal.models.work import Bulk


class ExportLog(models.Model):
    """One export: who, when, by which filter, the hash of what left. Written before it leaves; never changed."""

    user = models.ForeignKey(User, models.PROTECT, related_name="exports", verbose_name=_("av"))
    at = models.DateTimeField(_("när"))
    what = models.CharField(_("vad"), max_length=200)
    filters = models.JSONField(_("urval"), default=dict)
    rows = models.PositiveIntegerField(_("rader"))
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name=_("ärende"))
    """The one case that the file is about, when it is about one."""
    bulk = models.ForeignKey(Bulk, models.PROTECT, null=True, related_name="+", verbose_name=_("massåtgärd"))
    """The act on many cases whose chosen cases the file holds."""
    sha256 = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="export_by_user"),
            models.Index(fields=["case", "-id"], condition=Q(case__isnull=False), name="export_by_case"),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.what
