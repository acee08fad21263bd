"""Following a running project: its baseline, what a deviation asks for, and what its steering group does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.reporting import Report
from fundportal.models import Case, Event, Namnd, Use, User


class Baseline(models.Model):
    """Where every indicator stood before the start, fixed by an act. A later one has its reason; the earlier stand."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="baselines")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    reason = models.TextField(_("skäl"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "version"], name="baseline_version_once"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="baseline_change_has_reason"),
        ]
        ordering: ClassVar = ["-version"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.version}"


class BaselineRow(models.Model):
    """One indicator's value before the start, or why it cannot be measured."""

    baseline = models.ForeignKey(Baseline, models.PROTECT, related_name="rows")
    name = models.CharField(_("indikator"), max_length=160)
    unit = models.CharField(_("enhet"), max_length=40, blank=True)
    value = models.DecimalField(_("utgångsvärde"), max_digits=14, decimal_places=2, null=True)
    year = models.PositiveSmallIntegerField(_("utgångsår"), null=True)
    missing = models.CharField(_("varför det inte kan mätas"), max_length=500, blank=True)
    target = models.DecimalField(_("målvärde"), max_digits=14, decimal_places=2, null=True)
    target_year = models.PositiveSmallIntegerField(_("målår"), null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing="") | (Q(value__isnull=True) & ~Q(missing="")),
                name="baseline_value_or_reason",
            ),
            models.UniqueConstraint(fields=["baseline", "name"], name="baseline_indicator_once"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class ChangeDraft(models.Model):
    """A request for a change that a report's deviation has opened: the project finishes it and hands it in."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="change_drafts")
    report = models.OneToOneField(Report, models.PROTECT, related_name="change_draft")
    reason = models.TextField(_("skäl"))
    due_on = models.DateField(_("senast"))
    closed = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    """The request that it became, or the later report that made it needless."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(closed__isnull=True), name="change_draft_one_open"),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.due_on}"


class ChangeDraftRow(models.Model):
    """A row of the budget as the report's forecast would have it."""

    draft = models.ForeignKey(ChangeDraft, models.PROTECT, related_name="rows")
    year = models.PositiveSmallIntegerField(_("år"))
    use = models.CharField(_("användning"), max_length=10, choices=Use)
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    before = models.DecimalField(_("nu, kr"), max_digits=14, decimal_places=2)
    after = models.DecimalField(_("nytt, kr"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "year", "use", "namnd"], name="change_draft_row_once"),
            models.CheckConstraint(condition=Q(after__gte=0), name="change_draft_not_negative"),
        ]
        ordering: ClassVar = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.year} {self.get_use_display()}: {self.before} → {self.after}"

    @property
    def difference(self) -> Decimal:
        """After less before."""
        return self.after - self.before


class SteeringMeeting(models.Model):
    """A meeting of the steering group: planned, then held and minuted, or called off."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steering_meetings")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    held_on = models.DateField(_("dag"))
    place = models.CharField(_("plats"), max_length=200, blank=True)
    agenda = models.TextField(_("dagordning"), blank=True)
    told = models.OneToOneField(Event, models.PROTECT, null=True, related_name="minuted_meeting")
    """The act that told what became of it."""
    held = models.BooleanField(_("hölls"), null=True)
    present = models.ManyToManyField(User, verbose_name=_("närvarande"), related_name="+")
    also_present = models.CharField(_("andra närvarande"), max_length=400, blank=True)
    decisions = models.TextField(_("beslut"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(told__isnull=True, held__isnull=True) | Q(told__isnull=False, held__isnull=False),
                name="steering_meeting_is_told_whole",
            ),
        ]
        ordering: ClassVar = ["held_on", "id"]

    def __str__(self) -> str:
        return f"{self.held_on}"


class SteeringTask(models.Model):
    """What the steering group has asked somebody to do by a day, or what a red light asks for."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steering_tasks")
    event = models.ForeignKey(Event, models.PROTECT, related_name="steering_tasks")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="tasks")
    what = models.TextField(_("vad som ska göras"))
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="steering_tasks")
    owner_name = models.CharField(_("ansvarig"), max_length=160)
    last_day = models.DateField(_("senast"))
    done = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(_("vad som blev gjort"), blank=True)

    class Meta:
        ordering: ClassVar = ["last_day", "id"]

    def __str__(self) -> str:
        return self.what

    def is_late(self, today: date) -> bool:
        """Whether its last day has passed and it is not done."""
        return self.done_id is None and self.last_day < today
