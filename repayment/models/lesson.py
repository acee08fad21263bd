"""The lesson card: what a project tried and what came of it, for everyone in the city to search and read."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fundportal.areas import Area
from fundportal.models import Case, Event


class Result(models.TextChoices):
    """What came of it. No result is better than another to learn from."""

    REACHED = "reached", _("Nådde den planerade effekten")
    PARTLY = "partly", _("Nådde effekten delvis")
    NONE = "none", _("Ingen effekt kunde visas")
    WORSE = "worse", _("Blev sämre än förut")
    BROKEN = "broken", _("Avbröts innan effekten kunde mätas")


class Lesson(models.Model):
    """A case's card, written once, when it is settled or after it was broken off. Everyone who logs in may read it."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="lesson")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    title = models.CharField(_("projekt"), max_length=200)
    owner = models.CharField(_("projektägare"), max_length=200)
    ended_on = models.DateField(_("avslutat"))
    amount = models.DecimalField(_("kostnad för fonden, kr"), max_digits=14, decimal_places=2)
    area = models.CharField(_("verksamhetsområde"), max_length=12, choices=Area)
    method = models.CharField(_("metod"), max_length=200)
    result = models.CharField(_("resultat"), max_length=8, choices=Result)
    tried = models.TextField(_("vad som prövades"))
    for_whom = models.TextField(_("för vem"))
    cost = models.TextField(_("vad det kostade"))
    effect = models.TextField(_("vilken effekt det fick"))
    again = models.BooleanField(_("vi skulle göra om det"))
    again_why = models.TextField(_("varför"))
    words = models.GeneratedField(
        expression=SearchVector("title", "method", config="swedish", weight="A")
        + SearchVector("for_whom", "tried", config="swedish", weight="B")
        + SearchVector("effect", "again_why", "cost", "owner", config="swedish", weight="C"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~(Q(method="") | Q(tried="") | Q(for_whom="") | Q(effect="") | Q(again_why="")),
                name="lesson_says_something",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["words"], name="lesson_words")]
        ordering: ClassVar = ["-ended_on", "-id"]

    def __str__(self) -> str:
        return self.title
