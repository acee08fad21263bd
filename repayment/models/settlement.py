"""The final reconciliation: what came back, and the lasting cost level."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fundportal.areas import Area
from fundportal.models import Case, Event


class Target(models.TextChoices):
    """Which budget is to be adjusted. The city's allocation cannot adjust one single district board's."""

    CITY = "city", _("Stadsövergripande verksamhetsområde")
    SPECIALIST = "specialist", _("Facknämnd")
    SINGLE = "single", _("Enskild stadsdelsnämnd")


class Settlement(models.Model):
    """How the repayment ended. The lesson card is written with it."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="settlement")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    planned = models.DecimalField(_("att återföra, kr"), max_digits=14, decimal_places=2)
    repaid = models.DecimalField(_("återfört, kr"), max_digits=14, decimal_places=2)
    exempted = models.DecimalField(_("undantaget, kr"), max_digits=14, decimal_places=2)
    difference = models.GeneratedField(
        expression=F("planned") - F("repaid") - F("exempted"),
        output_field=models.DecimalField(_("differens, kr"), max_digits=14, decimal_places=2),
        db_persist=True,
    )
    explanation = models.TextField(_("förklaring till differensen"), blank=True)
    adjusts = models.BooleanField(_("budgeten behöver justeras"))
    adjusts_reason = models.TextField(_("motivering"))
    target = models.CharField(_("målnivå"), max_length=12, choices=Target, blank=True)
    special_decision = models.TextField(_("särskilt beslut"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(planned=F("repaid") + F("exempted")) | ~Q(explanation=""),
                name="settlement_difference_explained",
            ),
            models.CheckConstraint(
                condition=Q(adjusts=True) & ~Q(target="") | Q(adjusts=False, target=""),
                name="settlement_adjusts_a_target",
            ),
            models.CheckConstraint(
                condition=~Q(target=Target.SINGLE) | ~Q(special_decision=""), name="single_board_by_special_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.repaid}"

    @property
    def lowered(self) -> Decimal:
        """How much less the areas cost a year than their budgets, in kronor; below zero when they cost more."""
        return -sum((area.change for area in self.areas.all()), Decimal(0))


class SettlementArea(models.Model):
    """The lasting cost level of an area of activity, per year. The new level is what it actually costs."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="areas")
    area = models.CharField(_("verksamhetsområde"), max_length=12, choices=Area)
    cost_level = models.DecimalField(_("varaktig kostnadsnivå, kr per år"), max_digits=14, decimal_places=2)
    budget = models.DecimalField(_("ordinarie budget, kr per år"), max_digits=14, decimal_places=2)
    new_level = models.DecimalField(_("ny nivå, kr per år"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["settlement", "area"], name="settlement_area_once"),
            models.CheckConstraint(condition=Q(new_level=F("cost_level")), name="new_level_is_actual_cost"),
            models.CheckConstraint(condition=Q(cost_level__gte=0, budget__gte=0), name="settlement_area_not_negative"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return str(self.get_area_display())

    @property
    def change(self) -> Decimal:
        """What the budget changes by: below zero when it is lowered."""
        return self.new_level - self.budget
