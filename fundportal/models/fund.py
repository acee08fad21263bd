"""The fund, the rules that the city has set for it from one day to another, and its application rounds."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Fund(models.Model):
    """Earmarked equity (eget kapital) for social investments. Its rules are dated and stand in `FundRules`."""

    class Status(models.TextChoices):
        """Whether new cases may begin. A fund that is closed or wound down never stops the cases that run."""

        OPEN = "open", _("Öppen")
        CLOSED = "closed", _("Stängd för nya ärenden")
        WINDING = "winding", _("Under avveckling")
        ENDED = "ended", _("Avslutad")

    class RepaymentModel(models.TextChoices):
        """How much of the grant the savings should pay back. Other cities have dropped repayment: a setting."""

        FULL = "full", _("Hela beloppet")
        SHARE = "share", _("En andel")
        NONE = "none", _("Ingen återföring")

    name = models.CharField(_("namn"), max_length=120, unique=True)
    status = models.CharField(_("läge"), max_length=10, choices=Status, default=Status.OPEN)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=("open", "closed", "winding", "ended")), name="fund_status"),
        ]

    def __str__(self) -> str:
        return self.name


class FundRules(models.Model):
    """The fund's rules from a day on, until later ones take over. Never changed: new rules are a new row.

    Read through `funds.rules(fund, day)` and `funds.rules_of(case)` only. The guidelines' own figures were not to be
    had, so every one of them is a setting, and none is required.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="rules")
    valid_from = models.DateField(_("gäller från"))
    event = models.OneToOneField("Event", models.PROTECT, null=True, related_name="+")
    decision = models.CharField(_("beslut"), max_length=200, blank=True)
    repayment_model = models.CharField(
        _("återföring"), max_length=10, choices=Fund.RepaymentModel, default=Fund.RepaymentModel.FULL
    )
    repayment_share = models.DecimalField(_("andel som återförs, procent"), max_digits=5, decimal_places=2, default=100)
    capped = models.BooleanField(_("högst det beviljade nettobeloppet återförs"), default=True)
    discount_rate = models.DecimalField(_("diskonteringsränta, procent"), max_digits=5, decimal_places=2, default=3)
    price_year = models.PositiveSmallIntegerField(_("prisnivå, år"), null=True, blank=True)
    accepts_late = models.BooleanField(_("tar emot handlingar efter sista dag, med skäl"), default=True)
    max_years = models.PositiveSmallIntegerField(_("längsta investeringsfas, år"), null=True, blank=True)
    max_amount = models.DecimalField(
        _("högsta belopp för ett projekt, kr"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    max_yearly = models.DecimalField(
        _("högsta belopp för ett projekt och år, kr"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    max_share = models.DecimalField(
        _("högsta andel av projektets kostnad, procent"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    min_evaluation_share = models.DecimalField(
        _("minsta andel för uppföljning och utvärdering, procent"), max_digits=5, decimal_places=2, default=0
    )
    small_number = models.PositiveSmallIntegerField(_("tröskel för små tal"), default=5)
    council_quorum = models.PositiveSmallIntegerField(_("ledamöter för beslutförhet i rådet"), default=3)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(repayment_share__range=(0, 100), min_evaluation_share__range=(0, 100))
                & (Q(max_share__isnull=True) | Q(max_share__range=(0, 100))),
                name="fund_rules_shares_are_percent",
            ),
            models.CheckConstraint(
                condition=(Q(max_amount__isnull=True) | Q(max_amount__gt=0))
                & (Q(max_yearly__isnull=True) | Q(max_yearly__gt=0))
                & (Q(max_years__isnull=True) | Q(max_years__gt=0)),
                name="fund_rules_limits_are_positive",
            ),
            models.CheckConstraint(condition=Q(council_quorum__gt=0), name="fund_rules_quorum_is_positive"),
        ]
        indexes: ClassVar = [models.Index(fields=["fund", "-valid_from", "-id"], name="fund_rules_by_day")]
        ordering: ClassVar = ["-valid_from", "-id"]

    def __str__(self) -> str:
        return f"{self.fund}, {self.valid_from.isoformat()}"


class Round(models.Model):
    """An application round (ansökningsomgång) of a fund, open for ideas between two days.

    The fund's rules on the day it opens hold for all that is applied for in it, however they change later.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="rounds")
    name = models.CharField(_("namn"), max_length=120)
    opens_on = models.DateField(_("öppnar"))
    closes_on = models.DateField(_("sista dag"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="round_closes_after_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.fund}, {self.name}"

    def is_open_on(self, day: date) -> bool:
        """Whether new ideas may begin on `day`: the fund is open and the round runs."""
        return self.fund.status == Fund.Status.OPEN and self.opens_on <= day <= self.closes_on


class RoundCriterion(models.Model):
    """A criterion as it is worded in one round, where it differs from the fund's usual words."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria")
    code = models.CharField(_("kod"), max_length=3)
    text = models.CharField(_("kriterium"), max_length=80)
    guidance = models.TextField(_("vägledning"))
    gate = models.BooleanField(_("grindkriterium"), default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "code"], name="criterion_once_in_a_round"),
            models.CheckConstraint(condition=Q(code__regex=r"^K([1-9]|1[0-2])$"), name="criterion_is_one_of_twelve"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class NumberSeries(models.Model):
    """The last case number given in a year; numbers are never used again."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
