"""How work is found and spread: words that are searched, saved views, rules for officers, and acts on many cases."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fundportal.models.case import Case, Event
from fundportal.models.fund import Round
from fundportal.models.people import Namnd, User


class CaseText(models.Model):
    """The words of a case, by which it is found. Written by the database only, in the transaction that changes them.

    Titles and numbers weigh most (A), then the idea (B), the application (C) and the titles of papers (D). What is not
    handed in stands apart, since only those who write it may find it.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="text")
    title = models.TextField(default="")
    numbers = models.TextField(default="")
    namnd = models.TextField(default="")
    idea = models.TextField(default="")
    application = models.TextField(default="")
    papers = models.TextField(default="")
    draft = models.TextField(default="")
    words = models.GeneratedField(
        expression=SearchVector("title", "numbers", config="swedish", weight="A")
        + SearchVector("namnd", "idea", config="swedish", weight="B")
        + SearchVector("application", config="swedish", weight="C")
        + SearchVector("papers", config="swedish", weight="D"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    draft_words = models.GeneratedField(
        expression=SearchVector("draft", config="swedish", weight="C"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="casetext_words"),
            GinIndex(fields=["draft_words"], name="casetext_draft_words"),
        ]

    def __str__(self) -> str:
        return self.title


class SavedView(models.Model):
    """A filter, an order and columns under a name: a person's own, or shared with those who work centrally."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="views")
    name = models.CharField(_("namn"), max_length=60)
    asked = models.JSONField(_("urval"), default=dict)
    shared = models.BooleanField(_("delas med stadsledningskontoret"), default=False)
    saved_at = models.DateTimeField(_("sparad"))

    is_first: bool
    """Whether the reader's queue opens with it; told by `saved.seen`."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
        ]
        indexes: ClassVar = [models.Index(fields=["id"], condition=Q(shared=True), name="saved_view_shared")]
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class FirstView(models.Model):
    """The saved view that a person's queue opens with."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="first_view")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="first_for")

    def __str__(self) -> str:
        return f"{self.user}: {self.view}"


class OfficerRule(models.Model):
    """Proposes an officer for cases of a nämnd, a round or a target group. The first rule that fits counts."""

    place = models.PositiveSmallIntegerField(_("ordning"))
    namnd = models.ForeignKey(Namnd, models.PROTECT, null=True, blank=True, verbose_name=_("nämnd"))
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, verbose_name=_("omgång"))
    target = models.CharField(_("målgrupp eller område"), max_length=80, blank=True)
    officer = models.ForeignKey(User, models.PROTECT, related_name="officer_rules", verbose_name=_("handläggare"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place"], name="officer_rule_place_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]
        ordering: ClassVar = ["place"]

    def __str__(self) -> str:
        return f"{self.place}: {self.officer}"


class Bulk(models.Model):
    """One act on many cases, asked for at once: rights, step and state are checked again for each when it is done."""

    class Kind(models.TextChoices):
        """What is done to each case."""

        ASSIGN = "assign", _("Tilldela handläggare")
        REMIND = "remind", _("Påminn")
        EXPORT = "export", _("Exportera")

    by = models.ForeignKey(User, models.PROTECT, related_name="bulks", verbose_name=_("av"))
    at = models.DateTimeField(_("när"))
    kind = models.CharField(_("åtgärd"), max_length=10, choices=Kind)
    given = models.JSONField(_("uppgifter"), default=dict)
    asked = models.JSONField(_("urval"), default=dict)
    total = models.PositiveIntegerField(_("antal"))
    key = models.UUIDField(unique=True)
    finished_at = models.DateTimeField(_("klar"), null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["by", "-id"], name="bulk_by_user"),
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="bulk_unfinished"),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.total}"


class BulkItem(models.Model):
    """One case of an act on many, and how it went."""

    class State(models.TextChoices):
        """How it went."""

        WAITING = "waiting", _("Väntar")
        DONE = "done", _("Gjort")
        REFUSED = "refused", _("Nekat")

    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    state = models.CharField(_("utfall"), max_length=8, choices=State, default=State.WAITING)
    reason = models.TextField(_("skäl"), blank=True)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["bulk", "case"], name="bulk_case_once")]
        indexes: ClassVar = [
            models.Index(fields=["bulk", "id"], condition=Q(state="waiting"), name="bulk_item_waiting"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.get_state_display()}"
