"""How each project goes, as one row that lists are sorted and counted by."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from applications.models.reporting import Report
from fundportal.models import Case, User
from fundportal.models.case import visible
from fundportal.process import Step

ZERO = Decimal(0)
RUNS = (Step.IMPLEMENTATION, Step.EVALUATION)
"""The steps on which a project runs. The trigger that keeps the rows names the same."""


class HealthQuerySet(models.QuerySet["Health"]):
    """Projects, by who may see them."""

    def visible_to(self, user: User) -> HealthQuerySet:
        """Those whose cases `user` may see."""
        return self.filter(visible(user, "case__"))


class Health(models.Model):
    """A project's newest report, its worst light and its money, as its rows say together. Written by the database only.

    So a page of every project reads one row for each, however many entries and reports there are.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="health")
    step = models.CharField(_("steg, medan projektet pågår"), max_length=20, choices=Step, blank=True)
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    reported = models.CharField(_("senast rapporterad period"), max_length=7, blank=True, default="")
    """The newest report's year and period, 2026-T1, so that later periods sort after; empty before the first."""
    worst = models.SmallIntegerField(_("sämsta läge"), default=-1)
    """2 red, 1 yellow, 0 green, -1 no report."""
    deviates = models.BooleanField(_("avviker mer än 10 procent"), default=False)
    granted = models.DecimalField(_("beviljat, kr"), max_digits=16, decimal_places=2, default=ZERO)
    paid = models.DecimalField(_("utbetalt, kr"), max_digits=16, decimal_places=2, default=ZERO)
    share = models.GeneratedField(
        expression=Coalesce(F("paid") * 100 / NullIf(F("granted"), Value(ZERO)), Value(ZERO)),
        output_field=models.DecimalField(max_digits=20, decimal_places=6),
        db_persist=True,
    )
    """How much of the grant is paid, in per cent; nothing granted is nothing paid."""

    objects = HealthQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(name, "case", name=f"health_by_{name}", condition=Q(step__in=RUNS))
            for name in ("worst", "granted", "share")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.worst}"
