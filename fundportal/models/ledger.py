"""The fund's ledger: small double entry, append-only, sums kept by the database; locked years and proofs."""

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.db.models import Case as Choose
from django.db.models import F, Q, When
from django.utils.translation import gettext_lazy as _

from fundportal.models.case import Case, Event
from fundportal.models.fund import Fund
from fundportal.models.people import Namnd


class Account(models.TextChoices):
    """Where money can stand. `fund` is what is available (D), `granted` what is earmarked for a project (K)."""

    EQUITY = "equity", _("Eget kapital")
    FUND = "fund", _("Disponibelt i fonden")
    GRANTED = "granted", _("Intecknat")
    PAID = "paid", _("Utbetalt")
    SAVINGS = "savings", _("Nämndernas besparingar")


class EntryKind(models.TextChoices):
    """What a movement means. Money handed back is not a saving returned, and they never mix."""

    RESERVED = "reserved", _("Reservering")
    DISSOLVED = "dissolved", _("Upplösning av reserv")
    GRANTED = "granted", _("Beviljat")
    REDUCED = "reduced", _("Minskat beviljande")
    PAID = "paid", _("Utbetalt")
    RELEASED = "released", _("Återlämnat, aldrig utbetalt")
    HANDED_BACK = "handed_back", _("Återlämnat, tidigare utbetalt")
    REPAID = "repaid", _("Återfört (besparing vid bokslut)")


@dataclass(frozen=True)
class Movement:
    """From which account to which."""

    source: Account
    target: Account


MOVEMENTS: dict[EntryKind, Movement] = {
    EntryKind.RESERVED: Movement(Account.EQUITY, Account.FUND),
    EntryKind.DISSOLVED: Movement(Account.FUND, Account.EQUITY),
    EntryKind.GRANTED: Movement(Account.FUND, Account.GRANTED),
    EntryKind.REDUCED: Movement(Account.GRANTED, Account.FUND),
    EntryKind.PAID: Movement(Account.GRANTED, Account.PAID),
    EntryKind.RELEASED: Movement(Account.GRANTED, Account.FUND),
    EntryKind.HANDED_BACK: Movement(Account.PAID, Account.FUND),
    EntryKind.REPAID: Movement(Account.SAVINGS, Account.FUND),
}
NEVER_NEGATIVE = (Account.FUND, Account.GRANTED, Account.PAID)
OF_THE_FUND = (EntryKind.RESERVED, EntryKind.DISSOLVED)
"""Kinds that concern no project."""


class Use(models.TextChoices):
    """What granted money may be used for (guidelines: develop, introduce, follow up, evaluate)."""

    DEVELOP = "develop", _("Utveckla")
    INTRODUCE = "introduce", _("Införa")
    FOLLOW_UP = "follow_up", _("Följa upp")
    EVALUATE = "evaluate", _("Utvärdera")


class CentralGrant(models.Model):
    """Money granted without a project: an evaluation that the city procures, say. Its sums are in the ledger."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="central_grants")
    event = models.OneToOneField(Event, models.PROTECT, related_name="central_grant")
    number = models.PositiveSmallIntegerField(_("nummer"))
    title = models.CharField(_("vad pengarna går till"), max_length=200)
    receiver = models.CharField(_("mottagare"), max_length=200)
    use = models.CharField(_("användning"), max_length=10, choices=Use)
    decision = models.CharField(_("beslut"), max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "number"], name="central_grant_number_once"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(decision=""), name="central_grant_is_told"),
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"Centralt {self.number}: {self.title}"


class PeriodLock(models.Model):
    """The books of a year are closed, and of those before: no entry is booked there any more. Never taken back."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="locks")
    year = models.PositiveSmallIntegerField(_("år"))
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["fund", "year"], name="period_locked_once")]
        ordering: ClassVar = ["-year"]

    def __str__(self) -> str:
        return f"{self.fund} {self.year}"


class Entry(models.Model):
    """An amount in kronor moved from one account to another because of an event. Never changed, never removed.

    One row has one source, one target and one positive amount, so it cannot be out of balance. A correction is an
    entry of the same kind and amount with the accounts exchanged, which names what it `reverses`; `signed` is the
    amount as sums count it, below zero for a correction.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="entries")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="entries")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="entries")
    grant = models.ForeignKey(CentralGrant, models.PROTECT, null=True, related_name="entries")
    kind = models.CharField(_("slag"), max_length=12, choices=EntryKind)
    source = models.CharField(_("från"), max_length=10, choices=Account)
    target = models.CharField(_("till"), max_length=10, choices=Account)
    amount = models.DecimalField(_("belopp, kr"), max_digits=14, decimal_places=2)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    signed = models.GeneratedField(
        expression=Choose(When(reverses__isnull=True, then=F("amount")), default=-F("amount")),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
    )
    at = models.DateTimeField(_("när"))
    booked_on = models.DateField(_("bokfört"), editable=False)
    year = models.PositiveSmallIntegerField(_("år"), null=True)
    use = models.CharField(_("användning"), max_length=10, choices=Use, blank=True)
    namnd = models.ForeignKey(Namnd, models.PROTECT, null=True, related_name="entries")
    text = models.CharField(_("text"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_amount_positive"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="entry_moves"),
            models.CheckConstraint(
                condition=Q(
                    *(
                        Q(kind=kind, source=way.source, target=way.target, reverses__isnull=True)
                        | Q(kind=kind, source=way.target, target=way.source, reverses__isnull=False)
                        for kind, way in MOVEMENTS.items()
                    ),
                    _connector=Q.OR,
                ),
                name="entry_kind_knows_its_accounts",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OF_THE_FUND, case__isnull=True, grant__isnull=True)
                | Q(~Q(kind__in=OF_THE_FUND), case__isnull=False, grant__isnull=True)
                | Q(
                    ~Q(kind__in=(*OF_THE_FUND, EntryKind.REPAID)),
                    case__isnull=True,
                    grant__isnull=False,
                ),
                name="entry_of_a_case",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["fund", "kind", "booked_on", "id"], name="entry_by_kind", include=["signed", "year"]),
            models.Index(fields=["fund", "booked_on", "id"], name="entry_by_day"),
            models.Index(fields=["case", "kind"], name="entry_by_case"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class Balance(models.Model):
    """What stands on an account, for the whole fund (neither case nor grant), for each case and each central grant.

    Written by the database only.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="balances")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="balances")
    grant = models.ForeignKey(CentralGrant, models.PROTECT, null=True, related_name="balances")
    account = models.CharField(max_length=10, choices=Account)
    amount = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fund", "case", "grant", "account"], nulls_distinct=False, name="balance_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0)
                | ~Q(account__in=NEVER_NEGATIVE)
                | (Q(account=Account.FUND) & (Q(case__isnull=False) | Q(grant__isnull=False))),
                name="balance_not_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.amount}"


class Turnover(models.Model):
    """The sum of a month's entries of a kind, by the year they concern (0: none). Written by the database only.

    So a page that tells how the fund stands reads a few rows for each month, however many entries there are.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="turnovers")
    month = models.DateField(_("månad"))
    kind = models.CharField(_("slag"), max_length=12, choices=EntryKind)
    year = models.PositiveSmallIntegerField(_("år"))
    amount = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "month", "kind", "year"], name="turnover_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind}: {self.amount}"


class Proof(models.Model):
    """What came out when every account was recomputed from the decisions alone and held against the ledger."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="proofs")
    at = models.DateTimeField(_("när"))
    holds = models.BooleanField(_("stämmer"))
    decisions = models.PositiveIntegerField(_("beslutade belopp"))
    entries = models.PositiveIntegerField(_("poster"))
    accounts = models.PositiveIntegerField(_("konton"))
    differences = models.JSONField(_("skillnader"), default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(holds=True, differences=[]) | (Q(holds=False) & ~Q(differences=[])), name="proof_is_whole"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["fund", "-id"], name="proof_by_fund")]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.fund} {self.at:%Y-%m-%d}"
