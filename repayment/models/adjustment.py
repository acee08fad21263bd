"""The adjusted budget: keys to distribute by, what was asked for, and what kommunstyrelsen decided."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fundportal.models import Case, Event, Namnd, User


class DistributionKey(models.Model):
    """A named and dated key by which an amount is spread over boards: 100 per cent in all, and never changed."""

    name = models.CharField(_("namn"), max_length=120)
    dated = models.DateField(_("gäller från"))
    source = models.CharField(_("källa"), max_length=200)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("tillagd"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "dated"], name="key_once"),
            models.CheckConstraint(condition=~Q(source=""), name="key_has_a_source"),
        ]
        ordering: ClassVar = ["-dated", "name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.dated.isoformat()}"


class KeyWeight(models.Model):
    """A board's part of a key, in per cent."""

    key = models.ForeignKey(DistributionKey, models.PROTECT, related_name="weights")
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+")
    weight = models.DecimalField(_("andel, procent"), max_digits=5, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "namnd"], name="key_weight_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="key_weight_is_percent"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.namnd.short} {self.weight}"


class Occasion(models.TextChoices):
    """In which of the year's follow-ups an adjustment is asked for."""

    T1 = "t1", _("Tertialrapport 1")
    T2 = "t2", _("Tertialrapport 2")
    VB = "vb", _("Verksamhetsberättelse")
    BUDGET = "budget", _("Budget")


class Opinion(models.TextChoices):
    """What stadsledningskontoret says of the request."""

    FOR = "for", _("Tillstyrker")
    PARTLY = "partly", _("Tillstyrker delvis")
    AGAINST = "against", _("Avstyrker")


class Finance(models.TextChoices):
    """Where the money of a budget adjustment comes from, or goes: the sources that kommunstyrelsen names."""

    OWN = "own", _("Nämndens egen ram")
    REALLOCATION = "reallocation", _("Omdisponering")
    RESERVE1 = "reserve1", _("Central medelsreserv 1")
    RESERVE2 = "reserve2", _("Central medelsreserv 2")
    RESERVE3 = "reserve3", _("Central medelsreserv 3")
    RESERVE4 = "reserve4", _("Central medelsreserv 4")
    DONATION = "donation", _("Donationsfonder")
    OTHER = "other", _("Annan källa")


class BoardRow(models.Model):
    """A board's part: kronor a year (whole thousands), from which year, for good or once, and from which source."""

    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+")
    amount = models.DecimalField(_("sänkning per år, kr"), max_digits=14, decimal_places=2)
    first_year = models.PositiveSmallIntegerField(_("från budgetår"))
    permanent = models.BooleanField(_("varaktig"))
    finance = models.CharField(_("finansieringskälla"), max_length=12, choices=Finance)

    class Meta:
        abstract = True
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.namnd.short} {self.amount}"

    @property
    def lasts(self) -> str:
        """Permanent or one-off, in a word."""
        return str(_("Varaktig")) if self.permanent else str(_("Engångsvis"))


class Adjustment(models.Model):
    """A request to lower the budget: by an amount a year, from a year, spread by a key or on one board."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="adjustments")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(_("version"))
    amount = models.DecimalField(_("sänkning per år, kr"), max_digits=14, decimal_places=2)
    first_year = models.PositiveSmallIntegerField(_("från budgetår"))
    permanent = models.BooleanField(_("varaktig"))
    key = models.ForeignKey(DistributionKey, models.PROTECT, null=True, related_name="adjustments")
    occasion = models.CharField(_("begärs i"), max_length=6, choices=Occasion)
    finance = models.CharField(_("finansieringskälla"), max_length=12, choices=Finance)
    finance_text = models.CharField(_("närmare om källan"), max_length=200, blank=True)
    amount_reason = models.TextField(_("varför beloppet inte är slutavstämningens"), blank=True)
    opinion = models.CharField(_("stadsledningskontorets ställningstagande"), max_length=8, choices=Opinion)
    opinion_text = models.TextField(_("motivering"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "version"], name="adjustment_version_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="adjustment_positive"),
            models.CheckConstraint(
                condition=~Q(finance=Finance.OTHER) | ~Q(finance_text=""), name="adjustment_other_source_is_named"
            ),
        ]
        ordering: ClassVar = ["version"]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.amount}"

    @property
    def lowered(self) -> Decimal:
        """The change of the budget: below zero."""
        return -self.amount


class AdjustmentRow(BoardRow):
    """A board's part of the request."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="rows")
    weight = models.DecimalField(_("andel, procent"), max_digits=5, decimal_places=2)

    class Meta(BoardRow.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["adjustment", "namnd"], name="adjustment_row_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="adjustment_row_not_negative"),
        ]


class AdjustmentDecision(models.Model):
    """What kommunstyrelsen decided about a request."""

    adjustment = models.OneToOneField(Adjustment, models.PROTECT, related_name="decision")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    meeting_on = models.DateField(_("sammanträdesdag"))
    paragraph = models.CharField(_("paragraf"), max_length=40)
    finance_text = models.CharField(_("närmare om källan"), max_length=200, blank=True)
    note = models.TextField(_("vad som skiljer från begäran"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(paragraph=""), name="adjustment_decision_has_paragraph"),
        ]

    def __str__(self) -> str:
        return f"KS {self.meeting_on.isoformat()} {self.paragraph}"

    @property
    def amount(self) -> Decimal:
        """What was decided in all."""
        return sum((row.amount for row in self.rows.all()), Decimal(0))

    @property
    def to_receive(self) -> int:
        """How many boards are to receive the decision."""
        return sum(1 for row in self.rows.all() if row.amount)

    @property
    def received(self) -> int:
        """How many of them have."""
        return sum(1 for row in self.rows.all() if row.amount and row.received)


class AdjustmentDecisionRow(BoardRow):
    """What a board's budget is lowered by each year, as decided."""

    decision = models.ForeignKey(AdjustmentDecision, models.PROTECT, related_name="rows")

    class Meta(BoardRow.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "namnd"], name="adjustment_decision_row_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="adjustment_decision_row_not_negative"),
        ]

    @property
    def received(self) -> "AdjustmentReceipt | None":
        """The board's receipt, when it has given one."""
        return getattr(self, "receipt", None)


class AdjustmentReceipt(models.Model):
    """A board's word that it has taken the decision in, and changed its budget."""

    row = models.OneToOneField(AdjustmentDecisionRow, models.PROTECT, related_name="receipt")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    comment = models.TextField(_("kommentar"), blank=True)

    def __str__(self) -> str:
        return str(self.row)
