"""What the evaluation found that can be repaid: which savings count, and at what level each year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from fundportal.models import Case, Namnd
from repayment.models.plan import CITY, exists_at_bokslut
from repayment.models.standing import ZERO

Place = tuple[int, str]
"""A board and an area."""


@dataclass(frozen=True)
class LeftOut:
    """A saving that no row was made of, and why."""

    saving: Any
    why: str


@dataclass(frozen=True)
class Counted:
    """The savings that count, as a level for each place and year, and those that do not."""

    places: list[Place]
    levels: dict[int, list[Decimal]]
    """Year -> kronor saved in each of the places."""
    left_out: list[LeftOut]

    def rows(self, plan: dict[int, list[Decimal]]) -> list[dict[str, Any]]:
        """A plan by years as rows, as they are typed in the form."""
        return [
            {"year": year, "namnd": namnd, "area": area, "amount": amount}
            for year, amounts in plan.items()
            for (namnd, area), amount in zip(self.places, amounts, strict=True)
            if amount
        ]


def savings_of(case: Case) -> list[Any]:
    """The evaluation's economic effect by board, area and year; none before it is handed in."""
    found = apps.get_model("reviews", "EvaluatedSaving").objects.filter(evaluation__case=case)
    return list(found.select_related("namnd__successor"))


def counted(case: Case, first: int) -> Counted:
    """What the city's own boards were established to have saved; `first` is the plan's first bokslut.

    A board that has ended by then is left out: its successor is chosen by hand.
    """
    levels: dict[int, dict[Place, Decimal]] = {}
    left_out = []
    for saving in savings_of(case):
        if why := why_not(saving, first):
            left_out.append(LeftOut(saving, why))
        else:
            levels.setdefault(saving.year, {})[saving.namnd_id, saving.area] = saving.established
    places = sorted({place for level in levels.values() for place in level})
    columns = {year: [level.get(place, ZERO) for place in places] for year, level in levels.items()}
    return Counted(places, columns, left_out)


def why_not(saving: Any, first: int) -> str:
    """Why a saving does not count in the plan, in words; nothing if it does."""
    namnd: Namnd = saving.namnd
    if namnd.kind not in CITY:
        return _("Hör inte till staden. Bara stadens egna nämnder kan återföra.")
    if saving.established <= 0:
        return _("Ingen konstaterad besparing.")
    if not exists_at_bokslut(namnd, first):
        if namnd.successor:
            return _("Nämnden finns inte vid bokslutet. Uppgiften har gått till %s.") % namnd.successor.name
        return _("Nämnden finns inte vid bokslutet.")
    return ""


def effects_of(case: Case) -> list[Any]:
    """What became of the project for people: the evaluation's indicators; none before it is handed in."""
    return list(apps.get_model("reviews", "EvaluatedEffect").objects.filter(evaluation__case=case))
