"""The case, who takes part in it, and its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from fundportal import calendar
from fundportal.formatting import SwedishOrder
from fundportal.models.fund import Fund, Round
from fundportal.models.holdings import PREFIX, Holding
from fundportal.models.people import Namnd, User
from fundportal.models.rules import READS_ALL_SUBMITTED, RULES, Rule, any_of, shared
from fundportal.models.sorting import BY_DUE, BY_REQUESTED, BY_STEP, BY_SUBMITTED
from fundportal.process import ENDS, EVERYWHERE, ON_CASE, STEPS, Role, Stage, Step


def visible(user: User, at: str = "") -> Q:
    """What `CaseQuerySet.visible_to` says, of cases or of a table that has a row for each and names it `at`: `case__`.

    So that the table's own index is followed, and the case is looked up only for the rows that are shown.
    """
    sees = Q(pk__in=[])
    for via in (None, *user.grants.vias):
        through = any_of(rule.condition(user.grants.through(via), at) for rule in RULES)
        sees |= through & _without_jav(via, at) if via else through
    return _without_jav(user, at) & sees


def _without_jav(user: User | int, at: str = "") -> Q:
    return ~Q((f"{at}pk__in", Jav.objects.standing().filter(user=user).values("case")))


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, by who may see them."""

    def visible_to(self, user: User) -> CaseQuerySet:
        """The one entrance to cases: what `user` may see.

        What one of RULES opens, through her own roles or those of someone she stands in for. Whoever has declared jäv
        sees nothing of that case, nor does a substitute through her. Superusers see none.
        """
        return self.filter(visible(user))

    def seen_in_parts(self, user: User) -> list[CaseQuerySet]:
        """The same cases in parts that have none in common, for counting: each is looked up by an index of its own.

        First those that her boards own, then those that others share with them, then those of her own projects.
        """
        grants = user.grants
        if grants.everywhere & READS_ALL_SUBMITTED or grants.vias:
            return [self.visible_to(user)]
        sources, earlier, parts = list[Q](), Q(), list[CaseQuerySet]()
        if own := grants.namnder(Role.APPLICANT, Role.MANAGER):
            sources.append(Q(owner__in=own))
        sources += shared(grants)
        if grants.on_case:
            sources.append(Q(pk__in=list(grants.on_case)))
        for source in sources:
            parts.append(self.filter(_without_jav(user), source & ~earlier if earlier else source))
            earlier |= source
        return parts


class Case(models.Model):
    """One case, from an idea to an adjusted budget."""

    class Scope(models.TextChoices):
        """How much of the city the project concerns; one district alone cannot have its budget adjusted."""

        CITY = "city", _("Stadsövergripande")
        SEVERAL = "several", _("Flera stadsdelsnämnder")
        SINGLE = "single", _("En stadsdelsnämnd")
        SPECIALIST = "specialist", _("Facknämnd")

    number = models.CharField(_("ärendenummer"), max_length=20, unique=True)
    title = models.CharField(_("ärendemening"), max_length=200)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="cases")
    round = models.ForeignKey(Round, models.PROTECT, related_name="cases")
    owner = models.ForeignKey(Namnd, models.PROTECT, related_name="owned_cases", verbose_name=_("projektägare"))
    scope = models.CharField(_("omfattning"), max_length=12, choices=Scope, blank=True)
    officer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="assigned_cases", verbose_name=_("handläggare")
    )
    step = models.CharField(_("steg"), max_length=20, choices=Step)
    entered_at = models.DateTimeField(_("kom till steget"))
    due_on = models.DateField(_("frist"), null=True, blank=True)
    created_at = models.DateTimeField(_("skapat"))
    submitted_at = models.DateTimeField(_("inlämnat"), null=True, blank=True)
    requested = models.DecimalField(_("sökt belopp, kr"), max_digits=14, decimal_places=2, null=True, blank=True)
    first_year = models.PositiveSmallIntegerField(_("första året"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("sista året"), null=True, blank=True)
    closed_at = models.DateTimeField(_("avslutat"), null=True, blank=True)
    closed_because = models.CharField(_("avslutsorsak"), max_length=200, blank=True)
    archived_at = models.DateTimeField(_("arkiverat"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [(PREFIX + role, role.label) for role in dict.fromkeys((*ON_CASE, *EVERYWHERE))]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(step__in=Step.values), name="case_step_known"),
            models.CheckConstraint(condition=~Q(title=""), name="case_has_title"),
            models.CheckConstraint(
                condition=Q(requested__isnull=True) | Q(requested__gte=0), name="case_requested_not_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(BY_DUE, "id", name="case_by_due"),
            models.Index(fields=["created_at", "id"], name="case_by_created"),
            models.Index(BY_REQUESTED, "id", name="case_by_requested"),
            models.Index(SwedishOrder("title"), "id", name="case_by_title"),
            models.Index(BY_STEP, "id", name="case_by_step_order"),
            models.Index(BY_SUBMITTED, "id", name="case_by_submitted"),
            models.Index(fields=["entered_at", "id"], name="case_by_entered"),
            # The three that counts read, and no more than these: what else is asked of a counted case is in the index.
            models.Index(fields=["step", "due_on"], include=["id", "submitted_at"], name="case_by_step"),
            models.Index(fields=["officer", "step"], include=["id", "submitted_at"], name="case_by_officer"),
            models.Index(fields=["owner", "step", "due_on"], include=["id"], name="case_by_owner"),
            # What the fund's page sums: asked for in applications that are being prepared.
            models.Index(
                fields=["fund"],
                include=["requested"],
                condition=Q(step__in=[Step.PREPARATION, Step.DECISION, Step.BOARD]),
                name="case_asked_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("case", kwargs={"number": self.number})

    @cached_property
    def party_list(self) -> list[tuple[int, str]]:
        """(nämnd's id, part) of everyone who takes part: one question, remembered while the object lives."""
        return list(self.parties.values_list("namnd_id", "part"))

    @property
    def party_set(self) -> set[tuple[int, str]]:
        """The same, to look up in."""
        return set(self.party_list)

    @cached_property
    def jav_people(self) -> set[int]:
        """Ids of those who have declared jäv: asked where someone stands in for another, or access is explained."""
        return set(Jav.objects.standing().filter(case=self).values_list("user_id", flat=True))

    def counting(self, holdings: Iterable[Holding]) -> list[Holding]:
        """Those of someone's roles that count in this case; none through a person who has declared jäv in it."""
        return [
            held
            for held in holdings
            if (held.place == "e" or any(rule.counts(held, self) for rule in RULES))
            and (held.via is None or held.via not in self.jav_people)
        ]

    def opened_by(self, holdings: Iterable[Holding]) -> list[tuple[Holding, Rule]]:
        """Which roles open the case, each by its rule: why someone sees it, her own jäv apart."""
        return [(held, rule) for held in self.counting(holdings) for rule in RULES if rule.opens(held, self)]

    @property
    def stage(self) -> Stage | None:
        """The stage the case stands in; none when it has ended."""
        return STEPS[Step(self.step)].stage

    @property
    def owner_role(self) -> Role | None:
        """Whose turn it is."""
        return STEPS[Step(self.step)].owner

    @property
    def has_ended(self) -> bool:
        """Whether the case stands on an end."""
        return self.step in ENDS

    def enter(self, step: Step, at: datetime, due: date | None = None) -> None:
        """Stand on `step` from `at`; its time runs, or ends on `due`. Only `flow` calls this, with an event."""
        self.step, self.entered_at = step, at
        self.due_on = due or due_on(step, timezone.localdate(at))
        self.closed_at = at if step in ENDS else None
        self.save(update_fields=["step", "entered_at", "due_on", "closed_at"])

    def last_event(self, *names: str) -> Event | None:
        """The newest event of the given kinds that still counts: the case has not been reopened since."""
        return self.events.filter(action__in=names).order_by("-no").first()


def due_on(step: Step, day: date) -> date | None:
    """The last day of a step that is entered on `day`; none where a meeting or a phase decides."""
    stand = STEPS[step]
    if stand.days is None:
        return None
    if stand.working_days:
        return calendar.add_working_days(day, stand.days)
    return calendar.add_days(day, stand.days)


class CaseUserGrant(UserObjectPermissionBase):
    """A person's role on one case (guardian's direct-foreign-key table)."""

    content_object = models.ForeignKey(Case, models.CASCADE)


class CaseGroupGrant(GroupObjectPermissionBase):
    """A group's role on one case (guardian's direct-foreign-key table)."""

    content_object = models.ForeignKey(Case, models.CASCADE)


class Party(models.Model):
    """A nämnd that takes part in a case: owns it, is a partner, or answers a remiss."""

    class Part(models.TextChoices):
        """What the nämnd has to do with the case."""

        OWNER = "owner", _("Projektägare")
        PARTNER = "partner", _("Partner")
        REMISS = "remiss", _("Remissinstans")
        REPAYS = "repays", _("Återför till fonden")
        ADJUSTED = "adjusted", _("Berörs av budgetjusteringen")

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    namnd = models.ForeignKey(Namnd, models.PROTECT, related_name="parties")
    part = models.CharField(_("del"), max_length=10, choices=Part)
    since = models.DateTimeField(_("sedan"))
    accepted_at = models.DateTimeField(_("tackade ja"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "namnd", "part"], name="party_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(part="owner"), name="party_one_owner"),
        ]
        indexes: ClassVar = [models.Index(fields=["namnd", "part", "case"], name="party_by_namnd")]

    def __str__(self) -> str:
        return f"{self.namnd}, {self.get_part_display()}"


class CurrentDnrs(models.Manager["Dnr"]):
    """Numbers that stand: one that was wrong has been replaced by another."""

    def get_queryset(self) -> models.QuerySet[Dnr]:
        """Without those that were replaced."""
        return super().get_queryset().filter(replacement=None)


class Dnr(models.Model):
    """A diarienummer: each authority has its own, in its own form, so it is text and never taken apart.

    A wrong number is never changed: a new row replaces it, with a reason.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="dnrs")
    authority = models.CharField(_("myndighet"), max_length=120)
    dnr = models.CharField(_("diarienummer"), max_length=60)
    registered_on = models.DateField(_("registrerat"))
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replacement")
    reason = models.TextField(_("skäl till rättelsen"), blank=True)

    objects: ClassVar[CurrentDnrs] = CurrentDnrs()
    everything: ClassVar[models.Manager[Dnr]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "authority", "dnr"], name="dnr_once"),
            models.CheckConstraint(condition=Q(replaces=None) | ~Q(reason=""), name="dnr_replaced_with_reason"),
        ]
        base_manager_name = "everything"
        ordering: ClassVar = ["registered_on", "id"]

    def __str__(self) -> str:
        return self.dnr


class JavQuerySet(models.QuerySet["Jav"]):
    """Declarations of jäv. Whoever asks whom a case is closed to asks `standing`."""

    def standing(self) -> JavQuerySet:
        """Those that have not been withdrawn."""
        return self.filter(withdrawal=None)


class Jav(models.Model):
    """A jäv (KL 6:28–32, 7:4): the person may neither read nor act in the case, until another withdraws it.

    The row stays for ever; a withdrawal is the event that ended it. What the person had said before stays void.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="javs")
    user = models.ForeignKey(User, models.PROTECT, related_name="javs")
    event = models.ForeignKey("Event", models.PROTECT, related_name="+")
    withdrawal = models.OneToOneField("Event", models.PROTECT, null=True, related_name="+")

    objects = JavQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "user"], condition=Q(withdrawal=None), name="jav_once_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.case}"


class Event(models.Model):
    """What was done, by whom and when. Append-only, and chained: `body` is the exact text that was hashed.

    An event belongs to a case, to a fund, or (neither) to the house: roles, rules, meetings. The database numbers the
    event within its chain, writes the number and the hash before it first in `body`, and refuses any change but
    `told_at`.
    """

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="events")
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="events")
    no = models.PositiveIntegerField(_("nummer"), editable=False, default=0)
    action = models.CharField(_("åtgärd"), max_length=40)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="events", verbose_name=_("av"))
    by_name = models.CharField(_("namn vid tillfället"), max_length=340)
    on_behalf_of = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="events_by_others", verbose_name=_("för")
    )
    """Whom the person stood in for; `by_name` then says both: ”Anna Ek för Bo Berg”."""
    role = models.CharField(_("roll"), max_length=20, choices=Role, blank=True)
    at = models.DateTimeField(_("när"))
    from_step = models.CharField(max_length=20, blank=True)
    to_step = models.CharField(max_length=20, blank=True)
    data = models.JSONField(_("uppgifter"), default=dict)
    key = models.UUIDField(_("inlämningens nyckel"), null=True, unique=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    body = models.TextField()
    hash = models.CharField(max_length=64, editable=False)
    told_at = models.DateTimeField(null=True)

    due_on: date | None = None
    """Set by an act that knows the last day of the step it leads to (a meeting); not stored here but on the case."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "no"], name="event_case_number_once"),
            models.UniqueConstraint(fields=["fund", "no"], name="event_fund_number_once"),
            models.UniqueConstraint(
                fields=["no"], condition=Q(case__isnull=True, fund__isnull=True), name="event_house_number_once"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(fund__isnull=True), name="event_not_of_both_case_and_fund"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(told_at__isnull=True), name="event_untold"),
            models.Index(fields=["case", "action", "by"], name="event_by_act"),
        ]
        ordering: ClassVar = ["no"]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d}"


class ChainHead(models.Model):
    """The last number, hash and step of the chain of a case, a fund or the house. Written by the database only."""

    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="head")
    fund = models.OneToOneField(Fund, models.PROTECT, null=True, related_name="head")
    no = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
    step = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "fund"], nulls_distinct=False, name="chain_head_once"),
        ]

    def __str__(self) -> str:
        return f"{self.no}: {self.hash[:12]}"
