"""The fund and its application rounds."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Fund(models.Model):
    """Earmarked equity (eget kapital) for social investments, with the rules that the city has set for it."""

    class Status(models.TextChoices):
        """Whether new cases may begin; closing a fund never stops running cases."""

        OPEN = "open", _("Öppen")
        CLOSED = "closed", _("Stängd för nya ärenden")

    class RepaymentModel(models.TextChoices):
        """How much of the grant the savings should pay back. Other cities have dropped repayment: a setting."""

        FULL = "full", _("Hela beloppet")
        SHARE = "share", _("En andel")
        NONE = "none", _("Ingen återföring")

    name = models.CharField(_("namn"), max_length=120)
    status = models.CharField(_("läge"), max_length=10, choices=Status, default=Status.OPEN)
    repayment_model = models.CharField(max_length=10, choices=RepaymentModel, default=RepaymentModel.FULL)
    repayment_share = models.DecimalField(_("andel, procent"), max_digits=5, decimal_places=2, default=100)
    discount_rate = models.DecimalField(_("diskonteringsränta, procent"), max_digits=5, decimal_places=2, default=3)
    small_number = models.PositiveSmallIntegerField(_("tröskel för små tal"), default=5)
    council_quorum = models.PositiveSmallIntegerField(_("ledamöter för beslutförhet"), default=3)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(repayment_share__range=(0, 100)), name="fund_share_is_percent"),
        ]

    def __str__(self) -> str:
        return self.name


class Round(models.Model):
    """An application round (ansökningsomgång) of a fund, open for ideas between two days."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="rounds")
    name = models.CharField(_("namn"), max_length=120)
    opens_on = models.DateField(_("öppnar"))
    closes_on = models.DateField(_("sista dag"))
    max_years = models.PositiveSmallIntegerField(_("längsta investeringsfas, år"), null=True, blank=True)
    min_evaluation_share = models.DecimalField(
        _("minsta andel för uppföljning och utvärdering, procent"), max_digits=5, decimal_places=2, default=0
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="round_closes_after_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.fund}, {self.name}"

    def is_open_on(self, day: date) -> bool:
        """Whether new ideas may begin on `day`: the fund is open and the round runs."""
        return self.fund.status == Fund.Status.OPEN and self.opens_on <= day <= self.closes_on


class NumberSeries(models.Model):
    """The last case number given in a year; numbers are never used again."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
