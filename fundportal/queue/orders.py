"""Ways to sort a list of cases, each by a value that a keyset page can begin from and that an index of the case has.

So officer, nämnd and round are no orders: they stand in other tables, and a page would cost all the cases. They are
filtered by instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fundportal.formatting import SwedishOrder
from fundportal.models.sorting import BY_DUE, BY_REQUESTED, BY_STEP, BY_SUBMITTED

MOST = Decimal(10) ** 14
"""No amount that lists are sorted by is larger."""


@dataclass(frozen=True)
class Order:
    """A way to sort: the expression (an index has the same where it can), and how its value stands in an address."""

    by: Combinable
    label: StrOrPromise
    falling: bool = False
    kind: type[date | datetime | Decimal | int | str] = str
    then: str = "id"
    """The case's id where the index has it: what makes the order whole, so that a page can begin after a row."""

    def read(self, text: str) -> Any:
        """The value as the database compares it. Raises ValueError or InvalidOperation for what is none."""
        if issubclass(self.kind, date):
            return self.kind.fromisoformat(text)
        if self.kind is int:
            return int(text[:6])
        if self.kind is not Decimal:
            return text
        if abs(value := Decimal(text)) > MOST:
            raise ValueError(text)
        return value


def both(name: str, by: Combinable, rising: StrOrPromise, falling: StrOrPromise, kind: Any = str) -> dict[str, Order]:
    """An order and its opposite."""
    return {name: Order(by, rising, kind=kind), f"-{name}": Order(by, falling, falling=True, kind=kind)}


ORDERS: dict[str, Order] = {
    **both("frist", BY_DUE, _("Sorterade efter frist, tidigast först"), _("Sorterade efter frist, senast först"), date),
    **both(
        "skapat",
        F("created_at"),
        _("Sorterade efter ålder, äldst först"),
        _("Sorterade efter ålder, nyast först"),
        datetime,
    ),
    **both(
        "belopp",
        BY_REQUESTED,
        _("Sorterade efter sökt belopp, lägst först"),
        _("Sorterade efter sökt belopp, högst först"),
        Decimal,
    ),
    **both(
        "rubrik", SwedishOrder("title"), _("Sorterade efter rubrik, A till Ö"), _("Sorterade efter rubrik, Ö till A")
    ),
    **both(
        "steg",
        BY_STEP,
        _("Sorterade efter steg, från idé till avslut"),
        _("Sorterade efter steg, från avslut till idé"),
        int,
    ),
    **both(
        "inkom",
        BY_SUBMITTED,
        _("Sorterade efter när de kom in, först inkomna först"),
        _("Sorterade efter när de kom in, senast inkomna först"),
        datetime,
    ),
    **both(
        "steget",
        F("entered_at"),
        _("Sorterade efter tid i steget, längst först"),
        _("Sorterade efter tid i steget, kortast först"),
        datetime,
    ),
}
DEFAULT_ORDER = "frist"
