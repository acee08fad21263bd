"""Every project that runs, on one page: how it goes, its money, its forecast and its reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case as Chosen
from django.db.models import DecimalField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from applications.models import Investment, Light, Report
from applications.needs.following import DuePeriod, periods, periods_of
from fundportal import formatting
from fundportal.models import Case, Entry, EntryKind, User
from fundportal.process import Step
from fundportal.views.door import person

Rows = QuerySet[Any]
"""Cases with what is asked of their reports and money added: the types know only the model's own fields."""
SIZE = 25
ZERO = Decimal(0)
MONEY: DecimalField = DecimalField(max_digits=20, decimal_places=6)
PHASES = {
    "pagar": (Step.IMPLEMENTATION, Step.EVALUATION),
    "genomfors": (Step.IMPLEMENTATION,),
    "utvarderas": (Step.EVALUATION,),
}
PHASE_LABELS = (
    ("pagar", gettext_lazy("Alla som pågår")),
    ("genomfors", gettext_lazy("Genomförs")),
    ("utvarderas", gettext_lazy("Utvärderas")),
)
LIGHT_LABELS = (
    ("", gettext_lazy("Alla lägen")),
    ("rott", gettext_lazy("Något är rött")),
    ("gult", gettext_lazy("Något är gult eller rött")),
    ("avviker", gettext_lazy("Prognosen avviker mer än 10 procent")),
    ("sen", gettext_lazy("Rapport saknas")),
)
SORTS = {
    "lage": ("-worst", "id"),
    "-lage": ("worst", "id"),
    "projekt": ("title", "id"),
    "-projekt": ("-title", "id"),
    "beviljat": ("granted", "id"),
    "-beviljat": ("-granted", "id"),
    "betalt": ("paid_share", "id"),
    "-betalt": ("-paid_share", "id"),
}
"""What the list is sorted by; the id last makes every order whole, so that a page can begin after a row."""


@dataclass(frozen=True)
class Row:
    """One project in the list."""

    case: Case
    report: Report | None
    granted: Decimal
    paid: Decimal
    forecast: Decimal | None
    planned: Decimal | None
    late: list[DuePeriod]

    @property
    def share(self) -> str:
        """How much of the grant is paid."""
        return formatting.share(self.paid, self.granted)


def _sum(*kinds: EntryKind, minus: tuple[EntryKind, ...] = ()) -> Coalesce:
    """The sum of some kinds of entries of a case, less those of others, in kronor."""
    signed = Chosen(*(When(kind=kind, then=-F("signed")) for kind in minus), default=F("signed"))
    found = Entry.objects.filter(case=OuterRef("pk"), kind__in=(*kinds, *minus)).order_by().values("case")
    return Coalesce(Subquery(found.annotate(sum=Sum(signed)).values("sum")), Value(ZERO), output_field=MONEY)


def _share() -> Coalesce:
    """How much of the grant is paid, in per cent; nothing granted is nothing paid."""
    return Coalesce(F("paid") * 100 / NullIf(F("granted"), Value(ZERO)), Value(ZERO), output_field=MONEY)


def _severity(name: str) -> Chosen:
    return Chosen(When(**{name: Light.RED}, then=2), When(**{name: Light.YELLOW}, then=1), default=0)


def projects(user: User, phase: str) -> Rows:
    """The projects that a person may see, each with its newest report, its lights and its money."""
    report = Report.objects.filter(case=OuterRef("pk"), returned=None).order_by("-year", "-period", "-version")
    worst = report.annotate(worst=Greatest(*(_severity(name) for name in ("time", "economy", "effect"))))
    rows = Case.objects.visible_to(user).filter(step__in=PHASES.get(phase, PHASES["pagar"]))
    return rows.annotate(
        newest=Subquery(report.values("pk")[:1]),
        worst=Coalesce(Subquery(worst.values("worst")[:1]), Value(-1), output_field=IntegerField()),
        deviates=Subquery(report.values("deviates")[:1]),
        granted=_sum(EntryKind.GRANTED, minus=(EntryKind.REDUCED,)),
        paid=_sum(EntryKind.PAID),
    ).annotate(paid_share=_share())


def _lit(rows: Rows, light: str, today: date) -> Rows:
    match light:
        case "rott":
            return rows.filter(worst=2)
        case "gult":
            return rows.filter(worst__gte=1)
        case "avviker":
            return rows.filter(deviates=True)
        case "sen":
            return rows.filter(step=Step.IMPLEMENTATION).filter(_late(today))
    return rows


def _late(today: date) -> Q:
    """Projects without a report for the newest period whose report is due by now."""
    due = [it for it in periods(date(today.year - 2, 1, 1), today) if it.due < today]
    if not due:
        return Q(pk__in=[])
    last = due[-1]
    given = Report.objects.filter(returned=None, year=last.year, period=last.period).values("case")
    years = Q(first_year=None) | Q(first_year__lte=last.year), Q(last_year=None) | Q(last_year__gte=last.year)
    return Q(*years, investment__begun_on__lte=last.ends) & ~Q(pk__in=given)


def _after(rows: Rows, sort: str, after: str) -> Rows:
    """The rows that come after one, by its value and id; all when what is asked for is not understood."""
    value, _sep, pk = after.rpartition("~")
    order = SORTS[sort][0]
    name, turned = order.lstrip("-"), order.startswith("-")
    if not pk.isascii() or not pk.isdigit() or len(pk) > 15:
        return rows
    try:
        known: Any = value if name == "title" else Decimal(value)
    except InvalidOperation:
        return rows
    if isinstance(known, Decimal) and not known.is_finite():
        return rows
    way = "lt" if turned else "gt"
    return rows.filter(Q(**{f"{name}__{way}": known}) | Q(**{name: known}, pk__gt=int(pk)))


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    """The lights of every project, sorted and filtered, a page at a time: a constant number of questions."""
    user, today = person(request), timezone.localdate()
    asked = request.GET
    phase = asked.get("fas", "") if asked.get("fas", "") in PHASES else "pagar"
    light = asked.get("lage", "") if asked.get("lage", "") in dict(LIGHT_LABELS) else ""
    sort = asked.get("sort", "") if asked.get("sort", "") in SORTS else "lage"
    rows = _lit(projects(user, phase), light, today)
    shown = _after(rows, sort, asked["efter"].replace("\x00", "")) if asked.get("efter") else rows
    page = list(shown.select_related("owner", "fund").order_by(*SORTS[sort])[: SIZE + 1])
    more, page = len(page) > SIZE, page[:SIZE]
    kept = {"fas": phase, "lage": light, "sort": sort}
    key = SORTS[sort][0].lstrip("-")
    following = {**kept, "efter": f"{getattr(page[-1], key)}~{page[-1].pk}"} if more else {}
    context = {
        "rows": _rows(page, today),
        "summary": _summary(projects(user, "pagar"), today),
        "phases": PHASE_LABELS,
        "lights": LIGHT_LABELS,
        "phase": phase,
        "light": light,
        "sort": sort,
        "filtered": bool(light) or phase != "pagar",
        "next": f"?{urlencode(following)}" if following else "",
        "first": f"?{urlencode(kept)}" if asked.get("efter") else "",
        "today": today,
    }
    return render(request, "applications/portfolio.html", context)


def _summary(rows: Rows, today: date) -> dict[str, int]:
    """How many run, how many are red, how many deviate and how many lack a report."""
    return {
        "all": rows.count(),
        "red": rows.filter(worst=2).count(),
        "off": rows.filter(deviates=True).count(),
        "late": _lit(rows, "sen", today).count(),
    }


def _rows(page: list[Case], today: date) -> list[Row]:
    ids = [case.pk for case in page]
    newest = [pk for case in page if (pk := getattr(case, "newest", None))]
    reports = {it.case_id: it for it in Report.objects.filter(pk__in=newest).prefetch_related("spend")}
    begun = dict(Investment.objects.filter(case__in=ids).values_list("case", "begun_on"))
    given: dict[int, set[tuple[int, str]]] = {}
    for pk, year, period in Report.objects.filter(case__in=ids, returned=None).values_list("case", "year", "period"):
        given.setdefault(pk, set()).add((year, period))
    found = []
    for case in page:
        report = reports.get(case.pk)
        since = begun.get(case.pk)
        owed = periods_of(case, since, today) if since and case.step == Step.IMPLEMENTATION else []
        spend = list(report.spend.all()) if report else []
        found.append(
            Row(
                case,
                report,
                getattr(case, "granted", ZERO),
                getattr(case, "paid", ZERO),
                sum((it.forecast for it in spend), ZERO) if report else None,
                sum((it.granted for it in spend), ZERO) if report else None,
                [it for it in owed if it.due < today and it.key not in given.get(case.pk, set())],
            )
        )
    return found
