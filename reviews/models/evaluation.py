"""What an evaluation found, as facts that repayment and lists can count on."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fundportal.areas import Area
from fundportal.levels import Level
from fundportal.models import Case, Document, Event, Namnd


class EvaluatorKind(models.TextChoices):
    """Who evaluated."""

    OWN = "own", _("Egen förvaltning")
    RESEARCH = "research", _("Forsknings- och utvecklingsenhet")
    PROCURED = "procured", _("Upphandlad")


class Comparison(models.TextChoices):
    """With what the outcome was compared."""

    RANDOMISED = "randomised", _("Randomiserad kontrollgrupp")
    MATCHED = "matched", _("Matchad kontrollgrupp")
    WAITING_LIST = "waiting_list", _("Väntelista")
    BEFORE_AFTER = "before_after", _("Före och efter")
    HISTORICAL = "historical", _("Historisk jämförelse")
    NONE = "none", _("Ingen jämförelse")


class Strength(models.TextChoices):
    """How well the effect is shown."""

    STRONG = "strong", _("Stark")
    MODERATE = "moderate", _("Måttlig")
    WEAK = "weak", _("Svag")
    UNKNOWN = "unknown", _("Går inte att bedöma")


class Recommendation(models.TextChoices):
    """What the evaluation recommends."""

    IMPLEMENT = "implement", _("Implementera")
    SCALE_UP = "scale_up", _("Skala upp")
    ADJUST = "adjust", _("Justera")
    END = "end", _("Avsluta")


class RepaymentProposal(models.TextChoices):
    """How much of the grant the applicant proposes to repay."""

    FULL = "full", _("Full återföring")
    PARTLY = "partly", _("Delvis återföring")
    EXEMPT = "exempt", _("Undantag från återföring")


class Cause(models.TextChoices):
    """Why the outcome is not what the application's calculation said."""

    PRICE = "price", _("Pris")
    VOLUME = "volume", _("Volym")
    DELAY = "delay", _("Försening")
    NO_EFFECT = "no_effect", _("Utebliven effekt")
    STRONGER = "stronger", _("Större effekt än väntat")
    ORGANISATION = "organisation", _("Organisation")
    CALCULATION = "calculation", _("Kalkylen byggde på annat")


class Evaluation(models.Model):
    """The evaluation of a case, once."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="evaluation")
    event = models.OneToOneField(Event, models.PROTECT, related_name="evaluation")
    document = models.OneToOneField(Document, models.PROTECT, related_name="evaluation")
    evaluator = models.CharField(_("utvärderare"), max_length=200)
    evaluator_kind = models.CharField(_("slag av utvärderare"), max_length=10, choices=EvaluatorKind)
    delivered_on = models.DateField(_("levererad"))
    method = models.TextField(_("metod"))
    level = models.CharField(_("nivå"), max_length=10, choices=Level, default=Level.BASIC)
    comparison = models.CharField(_("jämförelse"), max_length=12, choices=Comparison)
    answers = models.TextField(_("svar på utvärderingsfrågorna"), blank=True)
    qualitative = models.TextField(_("kvalitativa effekter"), blank=True)
    deviation = models.TextField(_("avvikelse från planen"), blank=True)
    strength = models.CharField(_("bevisstyrka"), max_length=10, choices=Strength)
    recommendation = models.CharField(_("rekommendation"), max_length=10, choices=Recommendation)
    repayment = models.CharField(_("förslag till återföring"), max_length=10, choices=RepaymentProposal)
    repayment_reasons = models.TextField(_("skäl till förslaget"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(repayment=RepaymentProposal.FULL) | ~Q(repayment_reasons=""),
                name="evaluation_less_than_full_has_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_recommendation_display()}: {self.case}"


class EvaluatedEffect(models.Model):
    """What became of one indicator: an outcome, or the reason why there is none."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="effects")
    indicator = models.CharField(_("indikator"), max_length=200)
    unit = models.CharField(_("enhet"), max_length=40, blank=True)
    baseline = models.DecimalField(_("utgångsvärde"), max_digits=14, decimal_places=2, null=True)
    target = models.DecimalField(_("målvärde"), max_digits=14, decimal_places=2, null=True)
    outcome = models.DecimalField(_("utfall"), max_digits=14, decimal_places=2, null=True)
    missing = models.TextField(_("skäl till att utfall saknas"), blank=True)
    comparison = models.DecimalField(_("jämförelsevärde"), max_digits=14, decimal_places=2, null=True)
    effect = models.DecimalField(_("effekt"), max_digits=14, decimal_places=2, null=True)
    uncertainty = models.CharField(_("osäkerhet"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__isnull=False) | ~Q(missing=""), name="effect_has_outcome_or_reason"
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.indicator


class EvaluatedSaving(models.Model):
    """What a board's costs in one area and year were planned to fall by, and what was found, in kronor."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="savings")
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="evaluated_savings")
    area = models.CharField(_("verksamhetsområde"), max_length=12, choices=Area)
    year = models.PositiveSmallIntegerField(_("år"))
    planned = models.DecimalField(_("planerad, kr"), max_digits=14, decimal_places=2)
    established = models.DecimalField(_("konstaterad, kr"), max_digits=14, decimal_places=2)
    cause = models.CharField(_("orsak till skillnaden"), max_length=12, choices=Cause, blank=True)
    why = models.TextField(_("förklaring"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(planned=F("established")) | (~Q(cause="") & ~Q(why="")),
                name="saving_difference_has_cause",
            ),
            models.UniqueConstraint(fields=["evaluation", "namnd", "area", "year"], name="saving_once"),
        ]
        ordering: ClassVar = ["year", "namnd_id", "area"]

    def __str__(self) -> str:
        return f"{self.namnd}, {self.get_area_display()}, {self.year}"

    @property
    def difference(self) -> Decimal:
        """Established less planned, in kronor."""
        return self.established - self.planned
