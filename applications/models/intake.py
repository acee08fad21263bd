"""What the phase keeps of ideas and applications: endorsements, submissions, completions, decisions, facts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fundportal.areas import Area
from fundportal.models import Case, Event, Namnd, Use, User


class SheetName(models.TextChoices):
    """The two things that are handed in."""

    IDEA = "idea", _("Idéskiss")
    APPLICATION = "application", _("Ansökan")


class Endorsement(models.Model):
    """A manager's endorsement (tillstyrkan) of exactly what was written then: it lapses when a letter is changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="endorsements")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    sheet = models.CharField(_("avser"), max_length=12, choices=SheetName)
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    """For which board: the owner for the whole, a partner for its own part."""
    digest = models.CharField(max_length=64)
    sections = models.JSONField(default=list)
    """What stood there, as sections of a paper: what has changed since is told from this."""
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    comment = models.TextField(_("kommentar"), blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "sheet", "-id"], name="endorsement_newest")]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_sheet_display()}, {self.by}"


class Submission(models.Model):
    """Something handed in: when, the how manieth time, and whether after the last day and why."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="submissions")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    sheet = models.CharField(_("avser"), max_length=12, choices=SheetName)
    no = models.PositiveSmallIntegerField(_("nummer i ordningen"))
    at = models.DateTimeField(_("inkom"))
    last_day = models.DateField(_("sista dag"), null=True)
    late = models.BooleanField(_("inkommen efter sista dag"))
    late_reason = models.TextField(_("skäl till att den kom sent"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sheet", "no"], name="submission_number_once"),
            models.CheckConstraint(condition=Q(late=False) | ~Q(late_reason=""), name="submission_late_has_reason"),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_sheet_display()} {self.no}"


class Completion(models.Model):
    """A completion (komplettering) that SLK asked for: which parts, what is asked, by when, and when it came."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="completions")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    sheet = models.CharField(_("avser"), max_length=12, choices=SheetName)
    parts = models.JSONField(_("delar"), default=list)
    slugs = models.JSONField(default=list)
    """The same parts by their names in the URL."""
    questions = models.TextField(_("vad som ska kompletteras"))
    last_day = models.DateField(_("sista dag"))
    met_at = models.DateTimeField(_("kompletterad"), null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_sheet_display()}, {self.last_day}"

    @property
    def is_overdue(self) -> bool:
        """Whether the last day has passed and nothing has come."""
        return self.met_at is None and timezone.localdate() > self.last_day


class IdeaDecision(models.Model):
    """The director's decision on an idea, with the criteria that were not met when it was rejected."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="idea_decisions")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    approved = models.BooleanField(_("bifall"))
    reasons = models.TextField(_("motivering"))
    conditions = models.TextField(_("villkor"), blank=True)
    criteria = models.JSONField(_("kriterier som inte uppfylls"), default=list)
    criteria_text = models.TextField(blank=True)
    signed_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(approved=True) | ~Q(criteria=[]), name="rejection_names_criteria"),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return str(_("Idén bifallen") if self.approved else _("Idén avslagen"))


class ProjectFacts(models.Model):
    """The few facts that others need at a glance, from what was handed in last. One row a case."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="facts")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    sheet = models.CharField(_("avser"), max_length=12, choices=SheetName)
    target_group = models.TextField(_("målgrupp"))
    reached = models.PositiveIntegerField(_("antal"))
    intervention = models.TextField(_("insats"))
    contact = models.CharField(_("kontaktperson"), max_length=200)
    partners = models.TextField(_("partner"), blank=True)
    estimated_cost = models.DecimalField(_("preliminär kostnad, kr"), max_digits=14, decimal_places=2, null=True)
    saving_expected = models.BooleanField(_("kommunal besparing väntas"), default=True)
    saving_per_year = models.DecimalField(_("utgiftsminskning per år, kr"), max_digits=14, decimal_places=2, null=True)
    payback_year = models.PositiveSmallIntegerField(_("återbetalt år"), null=True)

    def __str__(self) -> str:
        return f"{self.case_id}"


class BudgetRow(models.Model):
    """One row of an application's budget, in kronor. A later submission has rows of its own; the old ones stand.

    Co-finance that is not answered is null, and null with its flag when the question does not apply; 0 is an answer.
    """

    class CostType(models.TextChoices):
        """What the money is spent on."""

        STAFF = "lon", _("Lön")
        CONSULTANT = "konsult", _("Konsult")
        PREMISES = "lokal", _("Lokal")
        IT = "it", _("IT")
        OTHER = "ovrigt", _("Övrigt")

    case = models.ForeignKey(Case, models.PROTECT, related_name="budget_rows")
    submission = models.PositiveSmallIntegerField(_("inlämning"))
    year = models.PositiveSmallIntegerField(_("år"))
    use = models.CharField(_("användning"), max_length=10, choices=Use)
    cost_type = models.CharField(_("kostnadsslag"), max_length=10, choices=CostType)
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="+", verbose_name=_("nämnd"))
    requested = models.DecimalField(_("sökt, kr"), max_digits=14, decimal_places=2)
    cofinancing = models.DecimalField(_("medfinansiering, kr"), max_digits=14, decimal_places=2, null=True)
    cofinancing_na = models.BooleanField(_("medfinansiering inte aktuell"), default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(requested__gte=0) & (Q(cofinancing__isnull=True) | Q(cofinancing__gte=0)),
                name="budget_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(cofinancing_na=False) | Q(cofinancing__isnull=True), name="budget_not_applicable_is_empty"
            ),
            models.CheckConstraint(condition=Q(use__in=Use.values), name="budget_use_known"),
            models.CheckConstraint(condition=Q(year__range=(2010, 2099)), name="budget_year_plausible"),
        ]
        indexes: ClassVar = [models.Index(fields=["case", "submission"], name="budget_by_submission")]
        ordering: ClassVar = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.year} {self.get_use_display()}"


class Indicator(models.Model):
    """What an application promises to measure; reports and the evaluation answer it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="indicators")
    submission = models.PositiveSmallIntegerField(_("inlämning"))
    no = models.PositiveSmallIntegerField(_("nummer"))
    goal = models.CharField(_("mål"), max_length=200)
    name = models.CharField(_("indikator"), max_length=160)
    unit = models.CharField(_("enhet"), max_length=40)
    baseline = models.DecimalField(_("utgångsvärde"), max_digits=14, decimal_places=2)
    baseline_year = models.PositiveSmallIntegerField(_("utgångsår"))
    target = models.DecimalField(_("målvärde"), max_digits=14, decimal_places=2)
    target_year = models.PositiveSmallIntegerField(_("målår"))
    periodicity = models.CharField(_("mäts"), max_length=10)
    responsible = models.CharField(_("ansvarig"), max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "submission", "no"], name="indicator_number_once"),
        ]
        ordering: ClassVar = ["no"]

    def __str__(self) -> str:
        return self.name


class EffectRow(models.Model):
    """One effect of an application's calculation, in kronor, with the saving that follows from it.

    `yearly` are the persons of each year where the years differ; `reached` is then the most, and the saving the mean.
    The running cost is null when not answered, and null with its flag when it does not apply.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="effect_rows")
    submission = models.PositiveSmallIntegerField(_("inlämning"))
    effect = models.CharField(_("effekt"), max_length=200)
    chain = models.PositiveSmallIntegerField(_("rad i effektkedjan"))
    actor = models.CharField(_("hos vem"), max_length=10)
    namnd = models.ForeignKey(Namnd, models.PROTECT, null=True, related_name="+", verbose_name=_("nämnd"))
    area = models.CharField(_("verksamhetsområde"), max_length=12, choices=Area, blank=True)
    first_year = models.PositiveSmallIntegerField(_("effekt från år"))
    years = models.PositiveSmallIntegerField(_("varaktighet, år"))
    reached = models.PositiveIntegerField(_("antal som nås per år"))
    yearly = models.JSONField(_("antal som nås, år för år"), default=list)
    running_cost = models.DecimalField(_("merkostnad vid drift per år, kr"), max_digits=14, decimal_places=2, null=True)
    running_cost_na = models.BooleanField(_("merkostnad inte aktuell"), default=False)
    low = models.DecimalField(_("utgiftsminskning per år, låg"), max_digits=14, decimal_places=2)
    base = models.DecimalField(_("utgiftsminskning per år, bas"), max_digits=14, decimal_places=2)
    high = models.DecimalField(_("utgiftsminskning per år, hög"), max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(actor="kommun") | Q(namnd__isnull=False), name="effect_of_the_city_names_namnd"
            ),
            models.CheckConstraint(
                condition=Q(running_cost_na=False) | Q(running_cost__isnull=True), name="effect_not_applicable_is_empty"
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.effect
