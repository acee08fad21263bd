"""Every project that runs, on one page: how it goes, its money, its forecast and its reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Case as Chosen
from django.db.models import F, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from applications.models import RUNS, Health, Investment, Report
from applications.models.health import HealthQuerySet
from applications.needs.following import DuePeriod, periods, periods_of
from fundportal import formatting, queue
from fundportal.formatting import SwedishOrder
from fundportal.hooks import Glance
from fundportal.models import Case, User
from fundportal.process import Step
from fundportal.queue import Order
from fundportal.views.door import person

SIZE = 25
MOST = 100
"""So many projects are counted."""
RED = 2
ZERO = Decimal(0)
PHASES = {
    "pagar": RUNS,
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
    name: Order(by, "", falling=falling, kind=kind, then=then)
    for name, by, falling, kind, then in (
        ("lage", F("worst"), True, int, "case"),
        ("-lage", F("worst"), False, int, "case"),
        ("projekt", SwedishOrder("case__title"), False, str, "case__id"),
        ("-projekt", SwedishOrder("case__title"), True, str, "case__id"),
        ("beviljat", F("granted"), False, Decimal, "case"),
        ("-beviljat", F("granted"), True, Decimal, "case"),
        ("betalt", F("share"), False, Decimal, "case"),
        ("-betalt", F("share"), True, Decimal, "case"),
    )
}
"""What the list is sorted by; an index has each."""
LIT = {
    "rott": Q(worst=RED),
    "gult": Q(worst__gte=1),
    "avviker": Q(deviates=True),
}


@dataclass(frozen=True)
class Row:
    """One project in the list."""

    case: Case
    health: Health
    forecast: Decimal | None
    planned: Decimal | None
    late: list[DuePeriod]

    @property
    def share(self) -> str:
        """How much of the grant is paid."""
        return formatting.share(self.health.paid, self.health.granted)


def projects(user: User, phase: str = "", light: str = "", today: date | None = None) -> HealthQuerySet:
    """The projects that run and that a person may see, of a phase and with a light, unsorted."""
    asked = Q(step__in=PHASES.get(phase, RUNS)) & lit(light, today or timezone.localdate())
    return Health.objects.visible_to(user).filter(asked)


def lit(light: str, today: date) -> Q:
    """Projects with such a light, one of LIGHT_LABELS."""
    return _late(today) if light == "sen" else LIT.get(light, Q())


def _late(today: date) -> Q:
    """Projects without a report for the newest period whose report is due by now."""
    due = [it for it in periods(date(today.year - 2, 1, 1), today) if it.due < today]
    if not due:
        return Q(pk__in=[])
    last = due[-1]
    begun = Q(case__first_year=None) | Q(case__first_year__lte=last.year)
    lasts = Q(case__last_year=None) | Q(case__last_year__gte=last.year)
    here = Q(step=Step.IMPLEMENTATION, reported__lt=f"{last.year}-{last.period}")
    return here & begun & lasts & Q(case__investment__begun_on__lte=last.ends)


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    """The lights of every project, sorted and filtered, a page at a time: a constant number of questions."""
    user, today = person(request), timezone.localdate()
    asked = request.GET
    phase = asked.get("fas", "") if asked.get("fas", "") in PHASES else "pagar"
    light = asked.get("lage", "") if asked.get("lage", "") in dict(LIGHT_LABELS) else ""
    sort = asked.get("sort", "") if asked.get("sort", "") in SORTS else "lage"
    after = asked.get("efter", "").replace("\x00", "")
    rows = queue.from_place(projects(user, phase, light, today), SORTS[sort], after)
    found = rows.select_related("case__owner", "report").prefetch_related("report__spend")
    page = list(found.annotate(place=SORTS[sort].by)[: SIZE + 1])
    more, page = len(page) > SIZE, page[:SIZE]
    kept = {"fas": phase, "lage": light, "sort": sort}
    following = {**kept, "efter": queue.place_of(page[-1].place, page[-1].pk)} if more else {}
    context = {
        "rows": _rows(page, today),
        "summary": _summary(user, today),
        "phases": PHASE_LABELS,
        "lights": LIGHT_LABELS,
        "phase": phase,
        "light": light,
        "sort": sort,
        "filtered": bool(light) or phase != "pagar",
        "next": f"?{urlencode(following)}" if following else "",
        "first": f"?{urlencode(kept)}" if after else "",
        "today": today,
    }
    return render(request, "applications/portfolio.html", context)


def _summary(user: User, today: date) -> dict[str, str]:
    """How many run, how many are red, how many deviate and how many lack a report.

    Of more than MOST, which no fund has, that many are counted and said to be at least so many.
    """
    late = Chosen(When(_late(today), then=True), default=False)
    asked = projects(user).annotate(late=late).values_list("worst", "deviates", "late")
    rows: list[tuple[int, bool, bool]] = list(asked[: MOST + 1])
    counts = {
        "all": len(rows[:MOST]),
        "red": sum(worst == RED for worst, _off, _missing in rows),
        "off": sum(off for _worst, off, _missing in rows),
        "late": sum(missing for _worst, _off, missing in rows),
    }
    return {name: f"{count}+" if len(rows) > MOST else str(count) for name, count in counts.items()}


def at_a_glance(user: User) -> list[Glance]:
    """How many projects run, and what in them should be seen to, for the start page; nothing when none runs."""
    found = _summary(user, timezone.localdate())
    if found["all"] == "0":
        return []
    told = {"red": _("%s med något rött"), "late": _("%s utan rapport i tid")}
    notes = [text % found[name] for name, text in told.items() if found[name] != "0"]
    tone = "danger" if found["red"] != "0" else "warning" if notes else ""
    return [
        Glance(found["all"], _("Projekt pågår"), formatting.in_words(notes).capitalize(), reverse("portfolio"), tone)
    ]


def _rows(page: Sequence[Health], today: date) -> list[Row]:
    ids = [health.pk for health in page]
    begun = dict(Investment.objects.filter(case__in=ids).values_list("case", "begun_on"))
    given: dict[int, set[tuple[int, str]]] = {}
    for pk, year, period in Report.objects.filter(case__in=ids, returned=None).values_list("case", "year", "period"):
        given.setdefault(pk, set()).add((year, period))
    found = []
    for health in page:
        case, report = health.case, health.report
        since = begun.get(case.pk)
        owed = periods_of(case, since, today) if since and case.step == Step.IMPLEMENTATION else []
        spend = list(report.spend.all()) if report else []
        found.append(
            Row(
                case,
                health,
                sum((it.forecast for it in spend), ZERO) if report else None,
                sum((it.granted for it in spend), ZERO) if report else None,
                [it for it in owed if it.due < today and it.key not in given.get(case.pk, set())],
            )
        )
    return found
