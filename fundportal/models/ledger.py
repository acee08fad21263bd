"""The fund's ledger: small double entry, append-only, balances kept by the database."""

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fundportal.models.case import Case, Event
from fundportal.models.fund import Fund
from fundportal.models.people import Namnd


class Account(models.TextChoices):
    """Where money can stand. `fund` is what is available (D), `granted` what is earmarked for a project (K)."""

    EQUITY = "equity", _("Eget kapital")
    FUND = "fund", _("Disponibelt i fonden")
    GRANTED = "granted", _("Intecknat för projekt")
    PAID = "paid", _("Utbetalt till nämnd")
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


class Use(models.TextChoices):
    """What granted money may be used for (guidelines: develop, introduce, follow up, evaluate)."""

    DEVELOP = "develop", _("Utveckla")
    INTRODUCE = "introduce", _("Införa")
    FOLLOW_UP = "follow_up", _("Följa upp")
    EVALUATE = "evaluate", _("Utvärdera")


class Entry(models.Model):
    """An amount in kronor moved from one account to another because of an event. Never changed, never removed.

    One row has one source, one target and one positive amount, so it cannot be out of balance.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="entries")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="entries")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="entries")
    kind = models.CharField(_("slag"), max_length=12, choices=EntryKind)
    source = models.CharField(_("från"), max_length=10, choices=Account)
    target = models.CharField(_("till"), max_length=10, choices=Account)
    amount = models.DecimalField(_("belopp, kr"), max_digits=14, decimal_places=2)
    at = models.DateTimeField(_("bokfört"))
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
                    *(Q(kind=kind, source=way.source, target=way.target) for kind, way in MOVEMENTS.items()),
                    _connector=Q.OR,
                ),
                name="entry_kind_knows_its_accounts",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=(EntryKind.RESERVED, EntryKind.DISSOLVED)) | Q(case__isnull=False),
                name="entry_of_a_case",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["fund", "kind", "id"], name="entry_by_kind"),
            models.Index(fields=["case", "kind"], name="entry_by_case"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class Balance(models.Model):
    """What stands on an account, for the whole fund (no case) and for each case. Written by the database only."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="balances")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="balances")
    account = models.CharField(max_length=10, choices=Account)
    amount = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "case", "account"], nulls_distinct=False, name="balance_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0)
                | ~Q(account__in=NEVER_NEGATIVE)
                | Q(case__isnull=False, account=Account.FUND),
                name="balance_not_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.amount}"
