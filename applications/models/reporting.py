"""How the project goes: status reports, and changes of the grant."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from fundportal.models import Case, Event, Namnd, Use

ZERO = Decimal(0)


class Light(models.TextChoices):
    """How it goes, as a traffic light; always shown with its word."""

    GREEN = "green", _("Grönt, enligt plan")
    YELLOW = "yellow", _("Gult, avvikelse som hanteras")
    RED = "red", _("Rött, åtgärd krävs")


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, and which of them stand."""

    def standing(self) -> ReportQuerySet:
        """The newest version of each period."""
        later = Report.objects.filter(
            case=OuterRef("case"), year=OuterRef("year"), period=OuterRef("period"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(later))

    def awaiting(self) -> ReportQuerySet:
        """Those that the chair has neither accepted nor returned."""
        return self.standing().filter(accepted__isnull=True, returned__isnull=True)


class Report(models.Model):
    """A status report for a period, accepted by the steering group's chair. A correction is a version of its own."""

    class Period(models.TextChoices):
        """The city's reporting periods."""

        T1 = "T1", _("Tertial 1 (till 30 april)")
        T2 = "T2", _("Tertial 2 (till 31 augusti)")
        VB = "VB", _("Verksamhetsberättelse (till 31 december)")

    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    event = models.OneToOneField(Event, models.PROTECT, related_name="report")
    year = models.PositiveSmallIntegerField(_("år"))
    period = models.CharField(_("period"), max_length=2, choices=Period)
    women = models.PositiveIntegerField(_("kvinnor"))
    men = models.PositiveIntegerField(_("män"))
    children = models.PositiveIntegerField(_("barn"))
    time = models.CharField(_("tid"), max_length=6, choices=Light)
    economy = models.CharField(_("ekonomi"), max_length=6, choices=Light)
    effect = models.CharField(_("effekt"), max_length=6, choices=Light)
    measure = models.TextField(_("åtgärd"), blank=True)
    measure_owner = models.CharField(_("ansvarig för åtgärden"), max_length=120, blank=True)
    measure_on = models.DateField(_("åtgärden klar"), null=True)
    deviates = models.BooleanField(_("avviker mer än 10 procent"), default=False)
    comment = models.TextField(_("kommentar"), blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    reason = models.TextField(_("skäl till rättelsen"), blank=True)
    accepted = models.OneToOneField(Event, models.PROTECT, null=True, related_name="accepted_report")
    returned = models.OneToOneField(Event, models.PROTECT, null=True, related_name="returned_report")
    returned_because = models.TextField(_("varför den återlämnades"), blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "year", "period", "version"], name="report_once_a_period"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="report_correction_has_reason"),
            models.CheckConstraint(
                condition=Q(returned__isnull=True) | (Q(accepted__isnull=True) & ~Q(returned_because="")),
                name="report_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=(~Q(time="red") & ~Q(economy="red") & ~Q(effect="red"))
                | (Q(measure_on__isnull=False) & ~Q(measure="") & ~Q(measure_owner="")),
                name="report_red_has_measure",
            ),
        ]
        ordering: ClassVar = ["-year", "-period", "-version"]

    def __str__(self) -> str:
        return f"{self.period} {self.year}" + (f" ({self.version})" if self.version > 1 else "")

    @property
    def lights(self) -> list[tuple[str, str, str]]:
        """(what, light, its word) in the order of the report."""
        return [
            (str(_("Tid")), self.time, self.get_time_display()),
            (str(_("Ekonomi")), self.economy, self.get_economy_display()),
            (str(_("Effekt")), self.effect, self.get_effect_display()),
        ]


class ReportSpend(models.Model):
    """What a report says of a budget row: spent so far this year and expected for all of it, against the grant."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="spend")
    use = models.CharField(_("användning"), max_length=10, choices=Use)
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    granted = models.DecimalField(_("beviljat, kr"), max_digits=14, decimal_places=2)
    spent = models.DecimalField(_("upparbetat, kr"), max_digits=14, decimal_places=2)
    forecast = models.DecimalField(_("prognos helår, kr"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "use", "namnd"], name="report_spend_once"),
            models.CheckConstraint(
                condition=Q(granted__gte=0, spent__gte=0, forecast__gte=0), name="report_spend_not_negative"
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.get_use_display()}: {self.spent}"


class ReportIndicator(models.Model):
    """An indicator's outcome in a report; without a value there is a reason."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="indicators")
    name = models.CharField(_("indikator"), max_length=200)
    unit = models.CharField(_("enhet"), max_length=40, blank=True)
    baseline = models.DecimalField(_("utgångsvärde"), max_digits=14, decimal_places=2, null=True)
    target = models.DecimalField(_("målvärde"), max_digits=14, decimal_places=2, null=True)
    value = models.DecimalField(_("utfall"), max_digits=14, decimal_places=2, null=True)
    comment = models.TextField(_("kommentar"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(comment=""), name="report_indicator_value_or_reason"
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """A request to change the grant: the new budget beside the old, decided by the director."""

    class Status(models.TextChoices):
        """What has become of it."""

        AWAITING = "awaiting", _("Väntar på beslut")
        APPROVED = "approved", _("Bifallen")
        REFUSED = "refused", _("Avslagen")

    case = models.ForeignKey(Case, models.PROTECT, related_name="changes")
    event = models.OneToOneField(Event, models.PROTECT, related_name="change")
    reason = models.TextField(_("skäl"))
    status = models.CharField(_("läge"), max_length=10, choices=Status, default=Status.AWAITING)
    decided = models.OneToOneField(Event, models.PROTECT, null=True, related_name="decided_change")
    decision_reasons = models.TextField(_("motivering"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(status="awaiting"), name="change_one_awaits"),
            models.CheckConstraint(
                condition=Q(status="awaiting", decided__isnull=True)
                | (Q(status__in=["approved", "refused"], decided__isnull=False) & ~Q(decision_reasons="")),
                name="change_decided_with_reasons",
            ),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.get_status_display()}"

    @cached_property
    def sums(self) -> tuple[Decimal, Decimal, Decimal]:
        """Before, after and the difference."""
        before, after = (sum((getattr(row, side) for row in self.rows.all()), ZERO) for side in ("before", "after"))
        return before, after, after - before


class ChangeRow(models.Model):
    """What a year, a use and a nämnd were granted, and would be granted."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="rows")
    year = models.PositiveSmallIntegerField(_("år"))
    use = models.CharField(_("användning"), max_length=10, choices=Use)
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    before = models.DecimalField(_("nu, kr"), max_digits=14, decimal_places=2)
    after = models.DecimalField(_("nytt, kr"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "year", "use", "namnd"], name="change_row_once"),
            models.CheckConstraint(condition=Q(before__gte=0, after__gte=0), name="change_row_not_negative"),
        ]
        ordering: ClassVar = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.year} {self.get_use_display()}: {self.before} → {self.after}"

    @property
    def difference(self) -> Decimal:
        """After less before."""
        return self.after - self.before
