"""The typed rows of an application as files: its budget, indicators and effects, as they were handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from applications.models import BudgetRow, EffectRow, Indicator
from applications.sheets.outcome import ACTORS
from applications.sheets.plan import PERIODICITY
from fundportal import exports, funds, small_numbers
from fundportal.areas import Area
from fundportal.canonical import NOT_APPLICABLE
from fundportal.exports import Column
from fundportal.models import Case, Use
from fundportal.views.door import open_case, person
from fundportal.views.exports import send

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One kind of rows: what it is called, where the rows are kept, and their columns."""

    label: StrOrPromise
    model: type[Model]
    columns: tuple[Column, ...]
    people: tuple[str, ...] = ()
    """Columns that count people: small numbers there are for those who may see them."""

    def rows(self, case: Case, no: int) -> QuerySet[Any, Row]:
        """The rows of one submission, in the order they were typed."""
        fields = dict.fromkeys([*(column.field for column in self.columns), *_flags(self.model)])
        kept: QuerySet[Any] = self.model._default_manager.filter(case=case, submission=no)
        return kept.order_by("pk").values(*fields)


def _flags(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.fields if field.name.endswith("_na")]


def _in(choices: Any) -> Callable[[Any], Any]:
    words = {code: str(label) for code, label in choices}
    return lambda value: words.get(value, value)


def _yearly(value: Any) -> Any:
    return value if isinstance(value, str) else ", ".join(map(str, value))


TABLES = {
    "budget": Table(
        gettext_lazy("Budget"),
        BudgetRow,
        (
            Column("År", "year", "year"),
            Column("Användning", "use", "use", words=_in(Use.choices)),
            Column("Kostnadsslag", "cost_type", "cost_type", words=_in(BudgetRow.CostType.choices)),
            Column("Nämnd", "namnd", "namnd__name"),
            Column("Sökt, kr", "requested", "requested"),
            Column("Medfinansiering, kr", "cofinancing", "cofinancing"),
        ),
    ),
    "indikatorer": Table(
        gettext_lazy("Indikatorer"),
        Indicator,
        (
            Column("Nr", "no", "no"),
            Column("Mål", "goal", "goal"),
            Column("Indikator", "name", "name"),
            Column("Enhet", "unit", "unit"),
            Column("Utgångsvärde", "baseline", "baseline"),
            Column("Utgångsår", "baseline_year", "baseline_year"),
            Column("Målvärde", "target", "target"),
            Column("Målår", "target_year", "target_year"),
            Column("Mäts", "periodicity", "periodicity", words=_in(PERIODICITY)),
            Column("Ansvarig", "responsible", "responsible"),
        ),
    ),
    "effekter": Table(
        gettext_lazy("Effekter"),
        EffectRow,
        (
            Column("Effekt", "effect", "effect"),
            Column("Rad i effektkedjan", "chain", "chain"),
            Column("Hos vem", "actor", "actor", words=_in(ACTORS)),
            Column("Nämnd", "namnd", "namnd__name"),
            Column("Verksamhetsområde", "area", "area", words=_in(Area.choices)),
            Column("Effekt från år", "first_year", "first_year"),
            Column("Varaktighet, år", "years", "years"),
            Column("Antal som nås per år", "reached", "reached"),
            Column("Antal som nås, år för år", "yearly", "yearly", words=_yearly),
            Column("Merkostnad vid drift per år, kr", "running_cost", "running_cost"),
            Column("Utgiftsminskning per år, låg, kr", "low", "low"),
            Column("Utgiftsminskning per år, bas, kr", "base", "base"),
            Column("Utgiftsminskning per år, hög, kr", "high", "high"),
        ),
        ("reached", "yearly"),
    ),
}
"""What may be taken out, by its name in the address."""


@require_safe
def rows(request: HttpRequest, number: str, no: int, what: str, kind: str) -> FileResponse:
    """The rows of one submission as CSV or JSON, as they were handed in; entered in the log before they leave."""
    table = TABLES.get(what)
    if table is None or kind not in exports.KINDS:
        raise Http404
    case, user = open_case(request, number), person(request)
    found = list(table.rows(case, no))
    if not found:
        raise Http404
    limit = 0 if small_numbers.may_see(user, case) else funds.rules_of(case).small_number
    told = [_told(row, table, limit) for row in found]
    name = _("%(rows)s i ansökan %(number)s, inlämning %(no)d, %(kind)s")
    said = name % {"rows": table.label, "number": case.number, "no": no, "kind": kind.upper()}
    made = exports.take_out_rows(user, timezone.now(), said, told, table.columns, kind, case=case)
    return send(made, f"{case.number}-{what}-{no}", kind)


def _told(row: Row, table: Table, limit: int) -> Row:
    """A row as it was stored: "Inte aktuellt" is an answer of its own, and small counts are kept from this reader.

    As on the page of the calculation, one small year keeps back every count of the row.
    """
    flags = {name.removesuffix("_na"): NOT_APPLICABLE for name in row if name.endswith("_na") and row[name]}
    people = [count for name in table.people for count in (row[name] if isinstance(row[name], list) else [row[name]])]
    if any(small_numbers.is_small(count, limit) for count in people):
        flags |= {name: str(small_numbers.HIDDEN) for name in table.people if row[name]}
    return row | flags
