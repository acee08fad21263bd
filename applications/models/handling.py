"""What the handling of a draft leaves: partners' parts, formal checks, questions in a completion, and respite."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.intake import Completion, SheetName
from fundportal.models import Case, Event, Namnd, Round, User


class PartnerDone(models.Model):
    """A partner's word that its own part is ready (klar från oss), as it stood then: a changed letter undoes it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="partners_done")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    sheet = models.CharField(_("avser"), max_length=12, choices=SheetName)
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.namnd}, {self.get_sheet_display()}"


class CompletionQuestion(models.Model):
    """One question in a completion: at which part it stands, and what the applicant answered when it came in again."""

    completion = models.ForeignKey(Completion, models.PROTECT, related_name="asked")
    part = models.CharField(max_length=30)
    part_title = models.CharField(_("del"), max_length=200)
    question = models.TextField(_("fråga"))
    answer = models.TextField(_("svar"), blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.part_title}: {self.question[:60]}"

    @property
    def field(self) -> str:
        """The name of the field in the draft where the answer is written."""
        return f"svar_{self.pk}"


class FormalCheck(models.Model):
    """A formal check (formell kontroll) of what was handed in, by one officer: kept point by point, never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="formal_checks")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    sheet = models.CharField(_("avser"), max_length=12, choices=SheetName)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_sheet_display()}, {self.event.at:%Y-%m-%d}"

    @property
    def is_met(self) -> bool:
        """Whether every point is met, or concerns something else."""
        return all(point.outcome != FormalPoint.Outcome.NOT_MET for point in self.points.all())


class FormalPoint(models.Model):
    """One point of a formal check."""

    class Outcome(models.TextChoices):
        """What the officer found."""

        MET = "met", _("Uppfyllt")
        NOT_MET = "not_met", _("Inte uppfyllt")
        NOT_APPLICABLE = "na", _("Inte aktuellt")

    check_made = models.ForeignKey(FormalCheck, models.PROTECT, related_name="points")
    code = models.CharField(max_length=20)
    text = models.CharField(_("kontroll"), max_length=200)
    outcome = models.CharField(_("bedömning"), max_length=8, choices=Outcome)
    comment = models.TextField(_("kommentar"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["check_made", "code"], name="formal_point_once"),
            models.CheckConstraint(
                condition=~Q(outcome="not_met") | ~Q(comment=""), name="formal_point_not_met_says_why"
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.text}: {self.get_outcome_display()}"


class Respite(models.Model):
    """A later last day by decision (anstånd): for what a case is writing now, or for a board's ideas in a round.

    Ideas that are not handed in are no business of SLK's: therefore a board is given respite, not its draft.
    """

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="respites")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="respites")
    namnd = models.ForeignKey(Namnd, models.PROTECT, null=True, related_name="+", verbose_name=_("nämnd"))
    earlier = models.DateField(_("tidigare sista dag"))
    last_day = models.DateField(_("ny sista dag"))
    reason = models.TextField(_("skäl"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, round__isnull=True, namnd__isnull=True)
                | Q(case__isnull=True, round__isnull=False, namnd__isnull=False),
                name="respite_of_case_or_of_board_in_round",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="respite_has_reason"),
            models.CheckConstraint(condition=Q(last_day__gt=models.F("earlier")), name="respite_is_later"),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.last_day}"
