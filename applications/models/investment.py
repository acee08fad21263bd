"""The project while it runs: its steering group, the money asked for and where the money stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
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

        AWAITING = "awaiting", _("Väntar på godkännande")
        APPROVED = "approved", _("Godkänd, väntar på utbetalning")
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
    approved = models.ForeignKey(Event, models.PROTECT, null=True, related_name="approved_requisitions")
    approved_amount = models.DecimalField(_("godkänt, kr"), max_digits=14, decimal_places=2, default=ZERO)
    paid = models.DecimalField(_("utbetalt, kr"), max_digits=14, decimal_places=2, default=ZERO)
    voucher = models.CharField(_("verifikationsnummer"), max_length=40, blank=True)
    booked_on = models.DateField(_("bokförd"), null=True)
    handled = models.ForeignKey(Event, models.PROTECT, null=True, related_name="handled_requisitions")
    reason = models.TextField(_("skäl"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="requisition_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="requisition_positive"),
            models.CheckConstraint(
                condition=Q(approved_amount__lte=F("amount"), paid__lte=F("approved_amount")),
                name="requisition_paid_at_most_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, approved_amount=0)
                | Q(approved__isnull=False, approved_amount__gt=0),
                name="requisition_approved_with_amount",
            ),
            models.CheckConstraint(
                condition=Q(status="awaiting", paid=0, handled__isnull=True, approved__isnull=True)
                | Q(status="approved", paid=0, handled__isnull=True, approved__isnull=False)
                | (Q(status="paid", paid__gt=0, handled__isnull=False, booked_on__isnull=False) & ~Q(voucher=""))
                | (Q(status="refused", paid=0, handled__isnull=False) & ~Q(reason="")),
                name="requisition_state_is_whole",
            ),
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount}"

    @property
    def reference(self) -> str:
        """What names it outside: in the payment file and in the accounting system."""
        return f"{self.case.number}-R{self.number}"

    @property
    def bound(self) -> Decimal:
        """What it keeps others from asking for, while nothing is paid."""
        return self.approved_amount if self.status == self.Status.APPROVED else self.amount


OPEN = (Requisition.Status.AWAITING, Requisition.Status.APPROVED)
"""Where a requisition stands before it is paid or refused."""


@dataclass
class Line:
    """Where the money of a year and a use stands, in kronor; of one nämnd when `namnd` is its id."""

    year: int = 0
    use: str = ""
    granted: Decimal = ZERO
    paid: Decimal = ZERO
    released: Decimal = ZERO
    awaiting: Decimal = ZERO
    namnd: int = 0
    board: str = ""
    planned: Decimal = ZERO

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Line:
        """The sum of lines."""
        total = cls()
        for line in lines:
            total.add(line)
        return total

    def book(self, entry: Entry) -> None:
        """Count an entry of the ledger in."""
        match entry.kind:
            case EntryKind.GRANTED:
                self.granted += entry.signed
            case EntryKind.REDUCED:
                self.granted -= entry.signed
            case EntryKind.PAID:
                self.paid += entry.signed
            case EntryKind.RELEASED:
                self.released += entry.signed

    def add(self, line: Line) -> None:
        """Count another line in."""
        self.granted += line.granted
        self.paid += line.paid
        self.released += line.released
        self.awaiting += line.awaiting
        self.planned += line.planned

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


def per_board(case: Case, on: date | None = None) -> list[Line]:
    """Where the money stands, per year, use and nämnd: a question each to ledger, requisitions and plan.

    `planned` is what the payment plan says should be paid by the day `on`.
    """
    lines: dict[Key, Line] = {}

    def line(year: int, use: str, namnd: Namnd) -> Line:
        return lines.setdefault((year, use, namnd.pk), Line(year, use, namnd=namnd.pk, board=namnd.name))

    for entry in Entry.objects.filter(case=case, kind__in=OF_A_LINE).select_related("namnd"):
        line(entry.year or 0, entry.use, entry.namnd or case.owner).book(entry)
    for asked in Requisition.objects.filter(case=case, status__in=OPEN).select_related("namnd"):
        line(asked.year, asked.use, asked.namnd).awaiting += asked.bound
    if on is not None:
        for due in plan(case):
            if due.on <= on:
                line(due.year, due.use, due.namnd).planned += due.amount
    return sorted(lines.values(), key=lambda it: (it.year, USES.index(it.use), it.board))


USES = [*Use.values, ""]


def standing(case: Case) -> list[Line]:
    """Where the money stands, per year and use, all boards together."""
    lines: dict[tuple[int, str], Line] = {}
    for each in per_board(case):
        lines.setdefault((each.year, each.use), Line(each.year, each.use)).add(each)
    return sorted(lines.values(), key=lambda it: (it.year, USES.index(it.use)))


class PlannedPayment(models.Model):
    """When money of a year, a use and a nämnd is to be paid. Each event writes the whole plan: the newest one holds."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="planned_payments")
    event = models.ForeignKey(Event, models.PROTECT, related_name="planned_payments")
    year = models.PositiveSmallIntegerField(_("budgetår"))
    use = models.CharField(_("användning"), max_length=10, choices=Use)
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    on = models.DateField(_("planerad dag"))
    amount = models.DecimalField(_("belopp, kr"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "year", "use", "namnd", "on"], name="planned_payment_once_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="planned_payment_positive"),
            models.CheckConstraint(condition=Q(on__year=F("year")), name="planned_payment_in_its_year"),
        ]
        ordering: ClassVar = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.on}: {self.amount}"

    @property
    def key(self) -> Key:
        """Its year, use and nämnd."""
        return self.year, self.use, self.namnd_id


def plan(case: Case) -> list[PlannedPayment]:
    """The payment plan that holds, by day."""
    rows = PlannedPayment.objects.filter(case=case)
    newest = rows.order_by("-event__no").values("event")[:1]
    return list(rows.filter(event=newest).select_related("namnd"))
