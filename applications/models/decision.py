"""What is proposed and what was decided about an application."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal.formatting import kronor
from fundportal.models import Case, Delegation, Document, Event, Namnd, Use, User
from fundportal.process import Outcome


class Route(models.TextChoices):
    """Who decides: kommunstyrelsen after the director, or the director on delegation."""

    BOARD = "board", gettext_lazy("Kommunstyrelsen beslutar, på stadsdirektörens förslag")
    DELEGATION = (
        "delegation",
        gettext_lazy("Stadsdirektören beslutar på delegation, beslutet anmäls till kommunstyrelsen"),
    )


class Appeal(models.TextChoices):
    """Whether and how a decision may be appealed."""

    LEGALITY = "legality", gettext_lazy("Laglighetsprövning enligt 13 kap. kommunallagen")
    NONE = "none", gettext_lazy("Kan inte överklagas (rent förberedande eller verkställande)")


class CalculationCheck(models.Model):
    """A controller's examination of the effect calculation in the application that then lay there."""

    class Outcome(models.TextChoices):
        """What the controller found."""

        OK = "ok", gettext_lazy("Utan anmärkning")
        REMARKS = "remarks", gettext_lazy("Med anmärkningar")

    case = models.ForeignKey(Case, models.PROTECT, related_name="calculation_checks")
    event = models.OneToOneField(Event, models.PROTECT, related_name="calculation_check")
    outcome = models.CharField(gettext_lazy("utfall"), max_length=10, choices=Outcome)
    text = models.TextField(gettext_lazy("bedömning"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=["ok", "remarks"]), name="calculation_check_known"),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.get_outcome_display()}"


def delegation_for(day: date, amount: Decimal, holder: User | None = None) -> Delegation | None:
    """A delegation that holds on `day` and reaches to `amount` kronor; of one person, or of anyone."""
    valid = Delegation.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        Q(limit__isnull=True) | Q(limit__gte=amount),
        valid_from__lte=day,
    )
    if holder is not None:
        valid = valid.filter(holder=holder)
    return valid.order_by("substitute", "id").first()


class Proposal(models.Model):
    """A proposed decision, frozen with its tjänsteutlåtande. A returned one stays; the next has a higher version."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals")
    event = models.OneToOneField(Event, models.PROTECT, related_name="proposal")
    document = models.OneToOneField(Document, models.PROTECT, related_name="proposal")
    version = models.PositiveSmallIntegerField(gettext_lazy("version"))
    route = models.CharField(gettext_lazy("beslutsväg"), max_length=12, choices=Route)
    outcome = models.CharField(gettext_lazy("föreslaget utfall"), max_length=10, choices=Outcome)
    amount = models.DecimalField(gettext_lazy("föreslaget belopp, kr"), max_digits=14, decimal_places=2)
    clauses = models.JSONField(gettext_lazy("att-satser"))
    reasons = models.TextField(gettext_lazy("motivering"))
    jav_note = models.TextField(gettext_lazy("jävsnotering"))
    appeal = models.CharField(gettext_lazy("överklagande"), max_length=10, choices=Appeal)
    board_on = models.DateField(gettext_lazy("kommunstyrelsens sammanträde"), null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "version"], name="proposal_version_once"),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="proposal_route_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.GRANTED, Outcome.PARTLY, Outcome.REJECTED]),
                name="proposal_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.REJECTED, amount=0) | (~Q(outcome=Outcome.REJECTED) & Q(amount__gt=0)),
                name="proposal_rejects_or_grants",
            ),
        ]
        ordering: ClassVar = ["-version"]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.get_outcome_display()}"

    @property
    def grants(self) -> bool:
        """Whether money is proposed."""
        return self.outcome != Outcome.REJECTED

    def signed(self) -> dict[str, Any]:
        """Exactly what the director signs, in the words she reads."""
        return {
            _("Ärende"): f"{self.case.number} {self.case.title}",
            _("Tjänsteutlåtande"): _("version %(no)d, innehållets kontrollsumma %(hash)s")
            % {"no": self.version, "hash": self.document.content_sha256},
            _("Beslutsväg"): str(self.get_route_display()),
            _("Utfall"): str(self.get_outcome_display()),
            _("Belopp"): kronor(self.amount),
            _("Förslag till beslut"): [str(clause) for clause in self.clauses],
            _("Överklagande"): str(self.get_appeal_display()),
            _("Belopp rad för rad"): [
                {
                    _("År"): str(row.year),
                    _("Användning"): str(row.get_use_display()),
                    _("Nämnd"): row.namnd.name,
                    _("Belopp"): kronor(row.amount),
                }
                for row in self.rows.select_related("namnd")
            ],
        }


class ProposalRow(models.Model):
    """What a proposal would grant to a nämnd for a year and a use."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="rows")
    year = models.PositiveSmallIntegerField(gettext_lazy("år"))
    use = models.CharField(gettext_lazy("användning"), max_length=10, choices=Use)
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=gettext_lazy("nämnd"))
    amount = models.DecimalField(gettext_lazy("belopp, kr"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "year", "use", "namnd"], name="proposal_row_once"),
            models.CheckConstraint(condition=Q(use__in=Use.values), name="proposal_row_use_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="proposal_row_positive"),
        ]
        ordering: ClassVar = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.year} {self.get_use_display()}: {self.amount}"


class Decision(models.Model):
    """A decision about the application, by the director or by kommunstyrelsen. A later one stands beside it."""

    class Kind(models.TextChoices):
        """Whose decision it is."""

        DIRECTOR = "director", gettext_lazy("Stadsdirektörens beslut")
        BOARD = "board", gettext_lazy("Kommunstyrelsens beslut")

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    event = models.OneToOneField(Event, models.PROTECT, related_name="decision")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="decisions", null=True)
    kind = models.CharField(gettext_lazy("beslutets slag"), max_length=10, choices=Kind)
    route = models.CharField(gettext_lazy("beslutsväg"), max_length=12, choices=Route)
    outcome = models.CharField(gettext_lazy("utfall"), max_length=10, choices=Outcome)
    amount = models.DecimalField(
        gettext_lazy("beviljat belopp, kr"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    reasons = models.TextField(gettext_lazy("motivering"))
    legal_ground = models.CharField(gettext_lazy("rättslig grund"), max_length=200)
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="decisions")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="decisions")
    decided_on = models.DateField(gettext_lazy("beslutsdag"))
    signed_sha256 = models.CharField(max_length=64, blank=True)
    paragraph = models.CharField(gettext_lazy("paragraf i protokollet"), max_length=20, blank=True)
    adjusted_on = models.DateField(gettext_lazy("justerat"), null=True)
    immediate = models.BooleanField(gettext_lazy("omedelbar justering"), default=False)
    posted_on = models.DateField(gettext_lazy("anslaget"), null=True)
    appeal_until = models.DateField(gettext_lazy("sista dag att överklaga"), null=True)
    reservation = models.TextField(gettext_lazy("reservationer och särskilda uttalanden"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="decision_outcome_known"),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="decision_route_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="decision_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(kind="director") & ~Q(signed_sha256="") | Q(kind="board") & ~Q(paragraph=""),
                name="decision_is_signed_or_in_minutes",
            ),
            models.CheckConstraint(
                condition=Q(adjusted_on__isnull=True) | Q(adjusted_on__gte=F("decided_on")),
                name="decision_adjusted_after_meeting",
            ),
            models.CheckConstraint(
                condition=Q(posted_on__isnull=True) | Q(posted_on__gte=F("adjusted_on")),
                name="decision_posted_after_adjusted",
            ),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.get_outcome_display()}"


def delegated(case: Case) -> Decision | None:
    """The newest decision in the case, if the director took it on delegation."""
    newest = Decision.objects.filter(case=case).first()
    return newest if newest is not None and newest.route == Route.DELEGATION else None
