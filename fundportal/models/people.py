"""People and boards, and which roles people hold where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from fundportal.process import EVERYWHERE, ON_NAMND, Role

if TYPE_CHECKING:
    from fundportal.models.case import Case

PREFIX = "act_as_"


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


@dataclass
class Grants:
    """Every role a person holds: everywhere, on boards and on cases."""

    everywhere: set[Role] = field(default_factory=set)
    on_namnd: dict[int, set[Role]] = field(default_factory=dict)
    on_case: dict[int, set[Role]] = field(default_factory=dict)

    def namnder(self, *roles: Role) -> list[int]:
        """Ids of the boards where at least one of `roles` is held."""
        return [pk for pk, held in self.on_namnd.items() if held & set(roles)]

    def all(self) -> set[Role]:
        """Every role held anywhere."""
        return self.everywhere.union(*self.on_namnd.values(), *self.on_case.values())


GRANTS = """
select 'e' as place, null::bigint as pk, p.codename from fundportal_user_groups ug
  join auth_group_permissions gp on gp.group_id = ug.group_id join auth_permission p on p.id = gp.permission_id
  where ug.user_id = %(user)s and p.codename like 'act\\_as\\_%%'
union all select 'e', null, 'act_as_director' from fundportal_delegation
  where holder_id = %(user)s and substitute and valid_from <= %(day)s and (valid_to is null or valid_to >= %(day)s)
union all select 'n', g.content_object_id, p.codename from fundportal_namndusergrant g
  join auth_permission p on p.id = g.permission_id where g.user_id = %(user)s
union all select 'n', g.content_object_id, p.codename from fundportal_namndgroupgrant g
  join fundportal_user_groups ug on ug.group_id = g.group_id join auth_permission p on p.id = g.permission_id
  where ug.user_id = %(user)s
union all select 'c', g.content_object_id, p.codename from fundportal_caseusergrant g
  join auth_permission p on p.id = g.permission_id where g.user_id = %(user)s
union all select 'c', g.content_object_id, p.codename from fundportal_casegroupgrant g
  join fundportal_user_groups ug on ug.group_id = g.group_id join auth_permission p on p.id = g.permission_id
  where ug.user_id = %(user)s
"""


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
        grants = Grants()
        if self.is_superuser or not self.is_active:
            return grants
        with connection.cursor() as cursor:
            cursor.execute(GRANTS, {"user": self.pk, "day": timezone.localdate()})
            for place, pk, codename in cursor.fetchall():
                role = Role(codename.removeprefix(PREFIX))
                if place == "e" and role in EVERYWHERE:
                    grants.everywhere.add(role)
                elif place == "n":
                    grants.on_namnd.setdefault(pk, set()).add(role)
                elif place == "c":
                    grants.on_case.setdefault(pk, set()).add(role)
        return grants

    def roles(self) -> set[Role]:
        """Every role held anywhere: what the menu and the start page go by."""
        return self.grants.all()

    def roles_in(self, case: Case) -> set[Role]:
        """The roles this person holds in one case. Owner and partners give applicant and manager, remiss respondent."""
        grants = self.grants
        held = set(grants.everywhere) | grants.on_case.get(case.pk, set())
        for namnd_id, part in case.party_list:
            there = grants.on_namnd.get(namnd_id, set())
            held |= there & ({Role.RESPONDENT} if part == "remiss" else {Role.APPLICANT, Role.MANAGER})
        return held

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
