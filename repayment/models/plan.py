"""The plan for repayment (time and amount), what was exempted from it, and each bokslut's outcome."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Floor
from django.utils.translation import gettext_lazy as _

from fundportal.areas import Area
from fundportal.formatting import day as said_day
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


class Extent(models.TextChoices):
    """How much a decision exempts, and with what."""

    WITH_PLAN = "with_plan", _("Med planen")
    PART = "part_of_plan", _("En del av planen")
    REST = "rest", _("Allt som återstår")
    REVOKED = "revoked", _("Planen upphävd")


ENDING = (Extent.REST, Extent.REVOKED)
"""The exemptions after which nothing remains to be repaid."""


class Cause(models.TextChoices):
    """Why a year's outcome differs from the plan."""

    PRICE = "price", _("Pris")
    VOLUME = "volume", _("Volym")
    DELAY = "delay", _("Försening")
    NO_EFFECT = "no_effect", _("Utebliven effekt")
    ORGANISATION = "organisation", _("Organisation")


class Spread(models.TextChoices):
    """How the next version of a plan is proposed when a bokslut gave more or less than planned."""

    PROPORTIONAL = "proportional", _("Fördela det som återstår på kommande rader, i proportion till dem")
    LAST = "last", _("Lägg skillnaden på den sista raden")
    EXTRA = "extra", _("Lägg skillnaden på ett nytt sista bokslut")
    OWN = "own", _("Enligt raderna här under")


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
    def named(self) -> str:
        """The version in words."""
        if self.decision is None:
            return _("Version %d (förslag)") % self.version
        return _("Version %(n)d (%(day)s)") % {"n": self.version, "day": said_day(self.decision.at)}

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
            models.CheckConstraint(condition=Q(amount=Floor("amount")), name="plan_row_in_whole_kronor"),
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
    """A decision that an amount need not be returned: with the plan, a part later, all that remains, a plan revoked.

    What is exempted while a plan goes on is in the version that begins with the decision, `plan`.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="exemptions")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    plan = models.OneToOneField(Plan, models.PROTECT, null=True, related_name="exemption")
    extent = models.CharField(_("omfattning"), max_length=12, choices=Extent)
    reason = models.CharField(_("skäl"), max_length=12, choices=ExemptionReason)
    text = models.TextField(_("motivering"))
    amount = models.DecimalField(_("undantaget belopp, kr"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="exemption_not_negative"),
            models.CheckConstraint(condition=Q(amount=Floor("amount")), name="exemption_in_whole_kronor"),
            models.CheckConstraint(
                condition=Q(extent__in=ENDING, plan=None) | (~Q(extent__in=ENDING) & Q(plan__isnull=False)),
                name="exemption_with_its_plan",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(extent__in=ENDING), name="exemption_of_the_rest_once"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.amount}"


class Reconciliation(models.Model):
    """What a bokslut gave for one row of the plan. The money itself is in the ledger, by the same event.

    One that was wrong stays as it was and is followed by one that `corrects` it; the last of a row holds.
    """

    row = models.ForeignKey(PlanRow, models.PROTECT, related_name="reconciliations")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    realised = models.DecimalField(_("konstaterad utgiftsminskning, kr"), max_digits=14, decimal_places=2)
    surplus = models.DecimalField(_("nämndens överskott vid bokslut, kr"), max_digits=14, decimal_places=2)
    repaid = models.DecimalField(_("återfört, kr"), max_digits=14, decimal_places=2)
    voucher = models.CharField(_("verifikationsnummer"), max_length=40, blank=True)
    cause = models.CharField(_("orsak till avvikelse"), max_length=12, choices=Cause, blank=True)
    reason = models.TextField(_("förklaring till avvikelse"), blank=True)
    deviation_decision = models.TextField(_("beslut om att återföra mer än överskottet"), blank=True)
    text = models.TextField(_("kommentar"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row"], condition=Q(corrects=None), name="reconciliation_once"),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(text=""), name="correction_says_what_was_wrong"),
            models.CheckConstraint(condition=Q(repaid__gte=0), name="reconciliation_not_negative"),
            models.CheckConstraint(condition=Q(repaid=Floor("repaid")), name="repaid_in_whole_kronor"),
            models.CheckConstraint(condition=Q(repaid=0) | ~Q(voucher=""), name="repaid_money_has_a_voucher"),
            models.CheckConstraint(
                condition=Q(repaid__lte=F("surplus")) | Q(repaid=0) | ~Q(deviation_decision=""),
                name="repaid_within_surplus_or_decided",
            ),
            models.CheckConstraint(
                condition=Q(cause="", reason="") | (~Q(cause="") & ~Q(reason="")), name="deviation_has_cause_and_reason"
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.row}: {self.repaid}"


class Tertial(models.TextChoices):
    """The two forecasts of a bokslut year, by the city's calendar (T1 on 30 April, T2 on 31 August)."""

    T1 = "T1", _("Tertial 1 (till 30 april)")
    T2 = "T2", _("Tertial 2 (till 31 augusti)")


class Forecast(models.Model):
    """What a board expects to return at a bokslut, told during the year. The newest of a period is the one that counts.

    It is of a year, a board and an area, not of a row: a new version of the plan does not undo it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="repayment_forecasts")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("bokslutsår"))
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    area = models.CharField(_("verksamhetsområde"), max_length=12, choices=Area)
    period = models.CharField(_("period"), max_length=2, choices=Tertial)
    amount = models.DecimalField(_("prognos, kr"), max_digits=14, decimal_places=2)
    comment = models.TextField(_("kommentar"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="forecast_not_negative"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.period} {self.year}, {self.namnd.short}: {self.amount}"
