"""Rows of money by year, use and nämnd: the same table wherever a grant is proposed, decided or changed."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fundportal.forms import KronorField, RowsField, TkrField, YearField, choose
from fundportal.models import Case, Namnd, Party, Use


def money_rows(label: StrOrPromise, *, in_tkr: bool = True, may_be_zero: bool = False, **kwargs: Any) -> RowsField:
    """A table of year, use, nämnd and amount. The boards are set by `set_boards` when the case is known."""
    kind = TkrField if in_tkr else KronorField
    columns: dict[str, forms.Field] = {
        "year": YearField(label=_("År")),
        "use": forms.ChoiceField(label=_("Användning"), choices=choose(Use.choices)),
        "namnd": forms.TypedChoiceField(label=_("Nämnd"), coerce=int, choices=()),
        "amount": kind(label=_("Belopp"), minimum=0 if may_be_zero else 1),
    }
    return RowsField(columns, label=label, **kwargs)


def boards(case: Case) -> list[Namnd]:
    """The nämnder that may get the case's money: the owner first, then the partners that said yes."""
    parts = case.parties.filter(part__in=(Party.Part.OWNER, Party.Part.PARTNER), accepted_at__isnull=False)
    return [party.namnd for party in parts.select_related("namnd").order_by("part", "id")]


def set_boards(field: forms.Field, case: Case) -> None:
    """Let the rows' nämnd be one of the case's own."""
    column = cast(forms.TypedChoiceField, cast(RowsField, field).columns["namnd"])
    column.choices = choose([(namnd.pk, namnd.name) for namnd in boards(case)])


def typed_row(year: int, use: str, namnd_id: int, amount: Any) -> dict[str, Any]:
    """A stored row as the table's initial value."""
    return {"year": year, "use": use, "namnd": namnd_id, "amount": amount}


def twice(rows: list[dict[str, Any]]) -> str | None:
    """What to do about a year, use and nämnd that stand in more than one row."""
    keys = [(row["year"], row["use"], row["namnd"]) for row in rows]
    if len(set(keys)) == len(keys):
        return None
    return gettext("Samma år, användning och nämnd står på flera rader. Slå ihop dem till en rad.")
