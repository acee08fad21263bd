"""What passes to and from the city's accounting system: files of payments to make, and vouchers that were booked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.investment import Requisition
from fundportal.models import Event, Fund


class PaymentFile(models.Model):
    """A file of approved requisitions, made once and never changed: it can be fetched again, byte for byte."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="payment_files")
    event = models.OneToOneField(Event, models.PROTECT, related_name="payment_file")
    number = models.PositiveIntegerField(_("nummer"))
    rows = models.PositiveIntegerField(_("rader"))
    total = models.DecimalField(_("summa, kr"), max_digits=16, decimal_places=2)
    content = models.TextField(_("innehåll"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "number"], name="payment_file_number_once"),
            models.CheckConstraint(condition=Q(rows__gt=0, total__gt=0), name="payment_file_not_empty"),
        ]
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"{self.fund} {self.number}"

    @property
    def name(self) -> str:
        """What the file is called when it is fetched."""
        return f"betalningsfil-{self.fund_id}-{self.number:04d}.csv"


class PaymentFileRow(models.Model):
    """A requisition in a payment file. One requisition is in one file at most, whatever happens to it later."""

    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="lines")
    requisition = models.OneToOneField(Requisition, models.PROTECT, related_name="file_row")
    amount = models.DecimalField(_("belopp, kr"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_file_row_positive"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.file}: {self.requisition}"


class VoucherImport(models.Model):
    """A list of booked vouchers from the accounting system, confirmed by a person. Its rows tell how each went."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="voucher_imports")
    event = models.OneToOneField(Event, models.PROTECT, related_name="voucher_import")
    name = models.CharField(_("fil"), max_length=200)
    sha256 = models.CharField(max_length=64)
    finished_at = models.DateTimeField(_("klar"), null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="voucher_import_unfinished"),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.fund} {self.name}"


class VoucherRow(models.Model):
    """A row of such a list: what it said, and what became of it."""

    class Result(models.TextChoices):
        """How it went, or would go."""

        WAITING = "waiting", _("Väntar")
        MATCHED = "matched", _("Bokförs")
        BOOKED = "booked", _("Bokförd")
        ALREADY = "already", _("Redan bokförd")
        DIFFERS = "differs", _("Skiljer sig")
        UNKNOWN = "unknown", _("Okänd referens")
        UNREADABLE = "unreadable", _("Går inte att läsa")
        REPEATED = "repeated", _("Dubblett i filen")
        REFUSED = "refused", _("Nekad")

    of = models.ForeignKey(VoucherImport, models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(_("rad i filen"))
    reference = models.CharField(_("referens"), max_length=60)
    voucher = models.CharField(_("verifikation"), max_length=60)
    booked_on = models.CharField(_("bokföringsdag"), max_length=60)
    amount = models.CharField(_("belopp"), max_length=60)
    requisition = models.ForeignKey(Requisition, models.PROTECT, null=True, related_name="voucher_rows")
    result = models.CharField(_("utfall"), max_length=10, choices=Result)
    reason = models.TextField(_("skäl"), blank=True)
    done = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "line"], name="voucher_row_once"),
            models.CheckConstraint(
                condition=~Q(result="booked") | Q(requisition__isnull=False, done__isnull=False),
                name="voucher_row_booked_by_an_act",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["of", "line"], condition=Q(result="waiting"), name="voucher_row_waiting"),
        ]
        ordering: ClassVar = ["line"]

    def __str__(self) -> str:
        return f"{self.line}: {self.reference}"
