"""Fields that several of the phase's forms share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.areas import Area
from fundportal.formatting import sort_key
from fundportal.forms import KronorField, RowsField, TextField, YearField, choose
from fundportal.models import Namnd
from repayment.models import PlanRow


class PickField(forms.ChoiceField):
    """One of the things it was given; cleaned to the thing. Asks the database for nothing, so rows of it are cheap."""

    def __init__(self, **kwargs: Any) -> None:
        """The things come with `offer`."""
        self.things: dict[str, models.Model] = {}
        super().__init__(**kwargs)

    def offer(self, things: Iterable[tuple[models.Model, StrOrPromise]], empty: StrOrPromise) -> None:
        """Let these be chosen, each with its words; `empty` stands for none."""
        words = {str(thing.pk): (thing, label) for thing, label in things}
        self.things = {pk: thing for pk, (thing, _label) in words.items()}
        self.choices = choose([(pk, label) for pk, (_thing, label) in words.items()], empty)

    def prepare_value(self, value: Any) -> Any:
        """A thing by its number."""
        return value.pk if isinstance(value, models.Model) else value

    def clean(self, value: Any) -> Any:
        """The thing, or None."""
        pk = super().clean(value)
        return self.things[pk] if pk else None


class NamndField(PickField):
    """A board."""

    def __init__(self, **kwargs: Any) -> None:
        """Called by its name unless the field says otherwise."""
        kwargs.setdefault("label", gettext_lazy("Nämnd"))
        super().__init__(**kwargs)

    def offer_namnder(self, namnder: Iterable[Namnd]) -> None:
        """Let these boards be chosen, in Swedish order."""
        ordered = sorted(namnder, key=lambda namnd: sort_key(namnd.name))
        self.offer([(namnd, namnd.name) for namnd in ordered], _("Välj nämnd"))


class PlanRowsField(RowsField):
    """Rows of a plan: never called optional, though a fund without repayment has none."""

    depends = True


def plan_rows(label: StrOrPromise, **kwargs: Any) -> RowsField:
    """Rows of a plan: year, board, area and amount."""
    columns = {
        "year": YearField(label=gettext_lazy("Bokslut")),
        "namnd": NamndField(),
        "area": forms.ChoiceField(
            label=gettext_lazy("Verksamhetsområde"), choices=choose(Area.choices, gettext_lazy("Välj område"))
        ),
        "amount": KronorField(label=gettext_lazy("Belopp")),
    }
    return PlanRowsField(columns, label=label, totals=("amount",), **kwargs)


def typed_rows(rows: Iterable[PlanRow]) -> list[dict[str, Any]]:
    """Stored rows as they are typed in a form."""
    return [{"year": row.year, "namnd": row.namnd_id, "area": row.area, "amount": row.amount} for row in rows]


class DependsField(forms.Field):
    """A field that is needed when another says so: its help text says when, so it is not called optional."""

    depends = True


class DependsText(TextField, DependsField):
    """Text that is needed when another field says so."""


class DependsChoice(forms.ChoiceField, DependsField):
    """A choice that is needed when another field says so."""


class DependsLine(forms.CharField, DependsField):
    """A short text that is needed when another field says so."""


class YesNoField(forms.TypedChoiceField):
    """Yes or no, chosen on purpose; cleaned to bool."""

    def __init__(self, *, yes: StrOrPromise, no: StrOrPromise, **kwargs: Any) -> None:
        """`yes` and `no` are the two answers in words."""
        super().__init__(
            choices=[("yes", yes), ("no", no)], coerce=lambda value: value == "yes", widget=forms.RadioSelect, **kwargs
        )
