"""People and boards, and which roles people hold where."""

from __future__ import annotations

import copy
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from fundportal.models import holdings
from fundportal.models.holdings import PREFIX as PREFIX
from fundportal.models.holdings import Grants as Grants
from fundportal.process import ON_NAMND, Role

if TYPE_CHECKING:
    from fundportal.models.case import Case


class NamndQuerySet(models.QuerySet["Namnd"]):
    """Boards, by when they exist."""

    def valid_on(self, day: date) -> NamndQuerySet:
        """Boards that exist on `day`."""
        return self.filter(Q(active_from__lte=day), Q(active_to__isnull=True) | Q(active_to__gte=day))


class Namnd(models.Model):
    """A district or specialist board (nämnd), an authority of its own. It may end and be succeeded by another."""

    class Kind(models.TextChoices):
        """What sort of board it is; a single district board's budget cannot be adjusted by the city's allocation."""

        DISTRICT = "sdn", _("Stadsdelsnämnd")
        SPECIALIST = "fack", _("Facknämnd")
        BOARD = "ks", _("Kommunstyrelsen")
        OTHER = "ovrig", _("Annan")

    name = models.CharField(_("namn"), max_length=120)
    short = models.CharField(_("kortnamn"), max_length=60)
    code = models.CharField(_("förkortning"), max_length=20)
    kind = models.CharField(_("slag"), max_length=10, choices=Kind)
    email = models.EmailField(_("registratorns e-post"), blank=True)
    active_from = models.DateField(_("finns från"))
    active_to = models.DateField(_("finns till och med"), null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    objects = NamndQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [(PREFIX + role, role.label) for role in ON_NAMND]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="namnd_code_once"),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_to__gte=F("active_from")), name="namnd_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="namnd_not_own_successor"),
        ]

    def __str__(self) -> str:
        return self.name

    def exists_on(self, day: date) -> bool:
        """Whether the board exists on `day`."""
        return self.active_from <= day and (self.active_to is None or day <= self.active_to)


class NamndUserGrant(UserObjectPermissionBase):
    """A person's role on a board (guardian's direct-foreign-key table)."""

    content_object = models.ForeignKey(Namnd, models.CASCADE)


class NamndGroupGrant(GroupObjectPermissionBase):
    """A group's role on a board (guardian's direct-foreign-key table)."""

    content_object = models.ForeignKey(Namnd, models.CASCADE)


class RoleTerm(models.Model):
    """For which days a role is held, and who gave it: beside the grant it concerns. A role without one has no last day.

    What has ended is kept, with `ended_at`; the right itself follows the dates, no job takes it away.
    """

    user = models.ForeignKey("User", models.PROTECT, related_name="terms")
    role = models.CharField(_("roll"), max_length=20, choices=Role)
    namnd = models.ForeignKey(Namnd, models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("fundportal.Case", models.PROTECT, null=True, related_name="+")
    since = models.DateField(_("från"))
    until = models.DateField(_("till och med"), null=True, blank=True)
    given_by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+", verbose_name=_("given av"))
    ended_at = models.DateTimeField(_("avslutad"), null=True)
    ended_by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="role_term_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(namnd__isnull=True) | Q(case__isnull=True), name="role_term_in_one_place"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "namnd", "case"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="role_term_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role}"


class Substitute(models.Model):
    """Someone who stands in for another for a time, with the other's roles; acts are recorded as for the other.

    Not the administrator's role, not what the other holds by delegation or as a substitute herself.
    """

    person = models.ForeignKey("User", models.PROTECT, related_name="substitutes", verbose_name=_("ersätts"))
    substitute = models.ForeignKey("User", models.PROTECT, related_name="stand_ins", verbose_name=_("ersättare"))
    starts_on = models.DateField(_("från och med"))
    ends_on = models.DateField(_("till och med"))
    reason = models.CharField(_("skäl"), max_length=300)
    made_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("inlagt"))
    ended_at = models.DateTimeField(_("avslutat i förtid"), null=True)
    ended_by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="substitute_ends_after_start"),
            models.CheckConstraint(condition=~Q(person=F("substitute")), name="substitute_is_another"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["substitute"], condition=Q(ended_at__isnull=True), name="substitute_by_holder"),
        ]
        ordering: ClassVar = ["-starts_on", "-id"]

    def __str__(self) -> str:
        return f"{self.substitute} för {self.person}"


class UserManager(BaseUserManager["User"]):
    """Makes people."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Make a person who logs in with `email`."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Make a person who keeps the machine running; decides nothing and sees no case."""
        return self.create_user(email, password, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by e-mail, in any case of letters."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in. Never deleted, only made inactive: history names people."""

    class Scheme(models.TextChoices):
        """How the pages look."""

        AUTO = "auto", _("Följer datorn")
        LIGHT = "light", _("Ljust")
        DARK = "dark", _("Mörkt")

    email = models.EmailField(_("e-postadress"), unique=True)
    first_name = models.CharField(_("förnamn"), max_length=80)
    last_name = models.CharField(_("efternamn"), max_length=80)
    title = models.CharField(_("befattning"), max_length=120, blank=True)
    is_active = models.BooleanField(_("aktiv"), default=True)
    scheme = models.CharField(_("utseende"), max_length=5, choices=Scheme, default=Scheme.AUTO)
    letters = models.BooleanField(_("brev om händelser i ärenden"), default=True)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["first_name", "last_name"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    def get_short_name(self) -> str:
        """First name."""
        return self.first_name

    @cached_property
    def grants(self) -> Grants:
        """All roles this person holds, in one question to the database. Superusers and the inactive hold none."""
        return Grants() if self.is_superuser or not self.is_active else Grants.of(holdings.of_user(self.pk))

    def roles(self) -> set[Role]:
        """Every role held anywhere: what the menu and the start page go by."""
        return self.grants.all()

    def roles_in(self, case: Case) -> set[Role]:
        """The roles this person holds in one case, her own and as a substitute, by the one list of rules."""
        return {held.role for held in case.counting(self.grants.holdings)}

    @cached_property
    def capacities(self) -> list[User]:
        """Herself with what she holds in her own right, then each person she stands in for with what that gives her."""
        if not self.grants.vias:
            return [self]
        others = User.objects.in_bulk(self.grants.vias)
        return [self._with(None), *(others[pk]._with(pk, self.grants) for pk in self.grants.vias)]

    def _with(self, via: int | None, grants: Grants | None = None) -> User:
        """The same person with only what is held through one person."""
        narrow = copy.copy(self)
        narrow.__dict__["grants"] = (grants or self.grants).through(via)
        narrow.__dict__["capacities"] = [narrow]
        return narrow

    def acts_as(self, role: Role, case: Case) -> bool:
        """Whether this person holds `role` in `case`."""
        return role in self.roles_in(case)


class Delegation(models.Model):
    """A dated right to decide on behalf of kommunstyrelsen (KL 6:37, 7:5), or to stand in for the director.

    `limit` is whole kronor per decision; none means that the delegation has no amount.
    """

    holder = models.ForeignKey(User, models.PROTECT, related_name="delegations")
    point = models.CharField(_("punkt i delegationsordningen"), max_length=60)
    limit = models.DecimalField(_("högsta belopp"), max_digits=14, decimal_places=2, null=True, blank=True)
    valid_from = models.DateField(_("gäller från"))
    valid_to = models.DateField(_("gäller till och med"), null=True, blank=True)
    substitute = models.BooleanField(_("ersätter stadsdirektören"), default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="delegation_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder}, {self.point}"
