"""The project while it runs: its steering group, the money asked for and where the money stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fundportal.models import Case, Entry, EntryKind, Event, Namnd, Use, User

ZERO = Decimal(0)
OF_A_LINE = (EntryKind.GRANTED, EntryKind.REDUCED, EntryKind.PAID, EntryKind.RELEASED)
Key = tuple[int, str, int]
"""Year, use and the nämnd's id."""


class Investment(models.Model):
    """The investment phase of a case: begins with the grant, ends when it is closed or discontinued."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="investment")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    begun_on = models.DateField(_("inleddes"))
    ended_on = models.DateField(_("avslutades"), null=True)
    handed_back = models.DecimalField(_("återlämnat av utbetalt, kr"), max_digits=14, decimal_places=2, default=ZERO)
    released = models.DecimalField(_("frigjort, aldrig utbetalt, kr"), max_digits=14, decimal_places=2, default=ZERO)
    voucher = models.CharField(_("verifikationsnummer"), max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(handed_back__gte=0, released__gte=0), name="investment_not_negative"),
            models.CheckConstraint(
                condition=Q(handed_back=0) | ~Q(voucher=""), name="investment_handed_back_has_voucher"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("begun_on")), name="investment_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} {self.begun_on}"

    @cached_property
    def lines(self) -> list[Line]:
        """Money per year and use."""
        return standing(self.case)

    @property
    def total(self) -> Line:
        """Money in all."""
        return Line.of(self.lines)


class SteeringMember(models.Model):
    """A member of a project's steering group, from one day to another. Reports to the director."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steering")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="steers")
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    chair = models.BooleanField(_("ordförande"), default=False)
    since = models.DateField(_("från och med"))
    until = models.DateField(_("till och med"), null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(until__isnull=True), name="steering_member_once"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(until__isnull=True, chair=True), name="steering_one_chair"
            ),
        ]
        ordering: ClassVar = ["-chair", "id"]

    def __str__(self) -> str:
        return f"{self.user}, {self.namnd}"


class Requisition(models.Model):
    """Money that a nämnd asks for, of what it was granted for a year and a use."""

    class Status(models.TextChoices):
        """What has become of it."""

        AWAITING = "awaiting", _("Väntar på utbetalning")
        PAID = "paid", _("Utbetald")
        REFUSED = "refused", _("Avslagen")

    case = models.ForeignKey(Case, models.PROTECT, related_name="requisitions")
    event = models.OneToOneField(Event, models.PROTECT, related_name="requisition")
    number = models.PositiveSmallIntegerField(_("nummer"))
    year = models.PositiveSmallIntegerField(_("budgetår"))
    use = models.CharField(_("användning"), max_length=10, choices=Use)
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    amount = models.DecimalField(_("belopp, kr"), max_digits=14, decimal_places=2)
    purpose = models.TextField(_("ändamål"))
    by = models.ForeignKey(User, models.PROTECT, related_name="requisitions")
    status = models.CharField(_("läge"), max_length=10, choices=Status, default=Status.AWAITING)
    paid = models.DecimalField(_("utbetalt, kr"), max_digits=14, decimal_places=2, default=ZERO)
    voucher = models.CharField(_("verifikationsnummer"), max_length=40, blank=True)
    booked_on = models.DateField(_("bokförd"), null=True)
    handled = models.ForeignKey(Event, models.PROTECT, null=True, related_name="handled_requisitions")
    reason = models.TextField(_("skäl"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="requisition_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="requisition_positive"),
            models.CheckConstraint(condition=Q(paid__lte=F("amount")), name="requisition_paid_at_most_asked"),
            models.CheckConstraint(
                condition=(Q(status="awaiting", paid=0, handled__isnull=True))
                | (Q(status="paid", paid__gt=0, handled__isnull=False, booked_on__isnull=False) & ~Q(voucher=""))
                | (Q(status="refused", paid=0, handled__isnull=False) & ~Q(reason="")),
                name="requisition_state_is_whole",
            ),
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount}"


@dataclass
class Line:
    """Where the money of a year and a use stands, in kronor."""

    year: int = 0
    use: str = ""
    granted: Decimal = ZERO
    paid: Decimal = ZERO
    released: Decimal = ZERO
    awaiting: Decimal = ZERO

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Line:
        """The sum of lines."""
        total = cls()
        for line in lines:
            total.granted += line.granted
            total.paid += line.paid
            total.released += line.released
            total.awaiting += line.awaiting
        return total

    @property
    def use_label(self) -> str:
        """The use in Swedish."""
        return str(Use(self.use).label) if self.use else ""

    @property
    def left(self) -> Decimal:
        """Granted and neither paid nor released."""
        return self.granted - self.paid - self.released

    @property
    def free(self) -> Decimal:
        """What may still be asked for."""
        return self.left - self.awaiting


def granted(case: Case) -> dict[Key, Decimal]:
    """What is granted now, changes included, by year, use and nämnd."""
    return _net(case, EntryKind.GRANTED, EntryKind.REDUCED)


def unpaid(case: Case) -> dict[Key, Decimal]:
    """What is granted and neither paid nor released; below zero where a nämnd has drawn on another's row."""
    return _net(case, EntryKind.GRANTED, EntryKind.REDUCED, EntryKind.PAID, EntryKind.RELEASED)


def _net(case: Case, plus: EntryKind, *minus: EntryKind) -> dict[Key, Decimal]:
    """The sums of one kind less those of others."""
    sums: dict[Key, Decimal] = defaultdict(lambda: ZERO)
    found = Entry.objects.filter(case=case, kind__in=(plus, *minus))
    for entry in found.order_by("year", "id"):
        key = (entry.year or 0, entry.use, entry.namnd_id or case.owner_id)
        sums[key] += entry.signed if entry.kind == plus else -entry.signed
    return dict(sums)


def standing(case: Case) -> list[Line]:
    """Where the money stands, per year and use: one question to the ledger and one to the requisitions."""
    lines: dict[tuple[int, str], Line] = {}

    def line(year: int, use: str) -> Line:
        return lines.setdefault((year, use), Line(year, use))

    for entry in Entry.objects.filter(case=case, kind__in=OF_A_LINE):
        it = line(entry.year or 0, entry.use)
        match entry.kind:
            case EntryKind.GRANTED:
                it.granted += entry.signed
            case EntryKind.REDUCED:
                it.granted -= entry.signed
            case EntryKind.PAID:
                it.paid += entry.signed
            case EntryKind.RELEASED:
                it.released += entry.signed
    for requisition in Requisition.objects.filter(case=case, status=Requisition.Status.AWAITING):
        line(requisition.year, requisition.use).awaiting += requisition.amount
    order = [*Use.values, ""]
    return sorted(lines.values(), key=lambda it: (it.year, order.index(it.use)))
