"""What people declare of their own interests, and how a tie between a person and a case was judged."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fundportal.models.case import Case, Event
from fundportal.models.people import Namnd, User


class Declaration(models.Model):
    """A person's yearly declaration of interests (bindningar). The newest of a year is the one that counts."""

    user = models.ForeignKey(User, models.PROTECT, related_name="declarations")
    year = models.PositiveSmallIntegerField(_("år"))
    at = models.DateTimeField(_("när"))
    event = models.OneToOneField(Event, models.PROTECT, related_name="declaration")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-year", "-id"], name="declaration_by_user")]
        ordering: ClassVar = ["-year", "-id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.year}"


class Interest(models.Model):
    """One thing declared: a board or another organisation, and what the person has to do with it."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="interests")
    namnd = models.ForeignKey(Namnd, models.PROTECT, null=True, related_name="+")
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    text = models.CharField(_("på vilket sätt"), max_length=200)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.namnd or self.organisation}: {self.text}"


class TieJudgement(models.Model):
    """How the chair or an officer judged a person's tie to a case: a tie alone is not jäv, but it is to be judged."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="tie_judgements")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    ties = models.TextField(_("kopplingar"))
    is_jav = models.BooleanField(_("jäv"))
    reason = models.TextField(_("bedömning"))
    event = models.OneToOneField(Event, models.PROTECT, related_name="tie_judgement")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.case}"
