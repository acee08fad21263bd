"""The plan for repayment (time and amount), what was exempted from it, and each bokslut's outcome."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fundportal.areas import Area
from fundportal.models import Case, Event, Namnd
from fundportal.models.people import NamndQuerySet

CITY = (Namnd.Kind.DISTRICT, Namnd.Kind.SPECIALIST, Namnd.Kind.BOARD)


def city_namnder() -> NamndQuerySet:
    """The city's own boards: only their savings can be returned to the fund."""
    return Namnd.objects.filter(kind__in=CITY)


class Basis(models.TextChoices):
    """What the plan is judged by. Rows are always nominal kronor."""

    NOMINAL = "nominal", _("Nominellt: en krona räknas lika vilket år den än återförs")
    PRESENT = "present", _("Nuvärde: beloppen jämförs omräknade till basåret")


class ExemptionReason(models.TextChoices):
    """Why money need not be returned."""

    NO_EFFECT = "no_effect", _("Ingen ekonomisk effekt")
    OTHER_ACTOR = "other_actor", _("Effekten uppstår hos en annan aktör")
    REORGANISED = "reorganised", _("Organisationsändring")
    OTHER = "other", _("Annat skäl")


class Cause(models.TextChoices):
    """Why a year's outcome differs from the plan."""

    PRICE = "price", _("Pris")
    VOLUME = "volume", _("Volym")
    DELAY = "delay", _("Försening")
    NO_EFFECT = "no_effect", _("Utebliven effekt")
    ORGANISATION = "organisation", _("Organisation")


class Plan(models.Model):
    """A version of a case's plan. Once decided it is never changed, only followed by the next version.

    In every version: to repay = repaid before + exempted before + the sum of its rows. The database holds it.
    """

    class Status(models.TextChoices):
        """Whether the director has decided it."""

        PROPOSED = "proposed", _("Föreslagen")
        DECIDED = "decided", _("Beslutad")

    case = models.ForeignKey(Case, models.PROTECT, related_name="plans")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    version = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=10, choices=Status)
    basis = models.CharField(_("bas"), max_length=10, choices=Basis, default=Basis.NOMINAL)
    to_repay = models.DecimalField(_("att återföra, kr"), max_digits=14, decimal_places=2)
    repaid_before = models.DecimalField(_("återfört före versionen, kr"), max_digits=14, decimal_places=2, default=0)
    exempted_before = models.DecimalField(
        _("undantaget till och med beslutet, kr"), max_digits=14, decimal_places=2, default=0
    )
    lower_reason = models.CharField(_("skäl till lägre belopp"), max_length=12, choices=ExemptionReason, blank=True)
    lower_text = models.TextField(_("motivering till lägre belopp"), blank=True)
    grounds = models.TextField(_("underlag och motivering"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "version"], condition=Q(status="decided"), name="plan_version_once"
            ),
            models.UniqueConstraint(fields=["event"], name="plan_one_an_act"),
            models.CheckConstraint(
                condition=Q(to_repay__gte=0, repaid_before__gte=0, exempted_before__gte=0), name="plan_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decision=None) | Q(status="decided", decision__isnull=False),
                name="plan_decided_by_an_act",
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.case.number}, plan {self.version}"

    @property
    def planned(self) -> Decimal:
        """The sum of its rows."""
        return sum((row.amount for row in self.rows.all()), Decimal(0))


class PlanRow(models.Model):
    """What one board is to return at one year's bokslut, out of one area of activity."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rows")
    year = models.PositiveSmallIntegerField(_("bokslutsår"))
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    area = models.CharField(_("verksamhetsområde"), max_length=12, choices=Area)
    amount = models.DecimalField(_("planerat belopp, kr"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "year", "namnd", "area"], name="plan_row_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="plan_row_not_negative"),
        ]
        ordering: ClassVar = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.year}, {self.namnd.short}, {self.get_area_display()}"

    @property
    def namnd_exists(self) -> bool:
        """Whether the board exists at the year's bokslut."""
        return exists_at_bokslut(self.namnd, self.year)


def exists_at_bokslut(namnd: Namnd, year: int) -> bool:
    """Whether a board exists on the last of December, when the year is closed."""
    return namnd.exists_on(date(year, 12, 31))


class Exemption(models.Model):
    """A decision that an amount need not be returned: part of it with the plan, or all that remains."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="exemptions")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    plan = models.OneToOneField(Plan, models.PROTECT, null=True, related_name="exemption")
    reason = models.CharField(_("skäl"), max_length=12, choices=ExemptionReason)
    text = models.TextField(_("motivering"))
    amount = models.DecimalField(_("undantaget belopp, kr"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="exemption_not_negative"),
            models.UniqueConstraint(fields=["case"], condition=Q(plan=None), name="exemption_of_the_rest_once"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.amount}"


class Reconciliation(models.Model):
    """What a bokslut gave for one row of the plan. The money itself is in the ledger, by the same event."""

    row = models.OneToOneField(PlanRow, models.PROTECT, related_name="reconciliation")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    realised = models.DecimalField(_("konstaterad utgiftsminskning, kr"), max_digits=14, decimal_places=2)
    surplus = models.DecimalField(_("nämndens överskott vid bokslut, kr"), max_digits=14, decimal_places=2)
    repaid = models.DecimalField(_("återfört, kr"), max_digits=14, decimal_places=2)
    voucher = models.CharField(_("verifikationsnummer"), max_length=40, blank=True)
    cause = models.CharField(_("orsak till avvikelse"), max_length=12, choices=Cause, blank=True)
    reason = models.TextField(_("förklaring till avvikelse"), blank=True)
    deviation_decision = models.TextField(_("beslut om att återföra mer än överskottet"), blank=True)
    forecast_t1 = models.DecimalField(_("prognos T1, kr"), max_digits=14, decimal_places=2, null=True)
    forecast_t2 = models.DecimalField(_("prognos T2, kr"), max_digits=14, decimal_places=2, null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(repaid__gte=0), name="reconciliation_not_negative"),
            models.CheckConstraint(condition=Q(repaid=0) | ~Q(voucher=""), name="repaid_money_has_a_voucher"),
            models.CheckConstraint(
                condition=Q(repaid__lte=models.F("surplus")) | Q(repaid=0) | ~Q(deviation_decision=""),
                name="repaid_within_surplus_or_decided",
            ),
            models.CheckConstraint(
                condition=Q(cause="", reason="") | (~Q(cause="") & ~Q(reason="")), name="deviation_has_cause_and_reason"
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.row}: {self.repaid}"
