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
from applications.needs.following import DuePeriod, periods, periods_of
from fundportal import formatting, queue
from fundportal.formatting import SwedishOrder
from fundportal.hooks import Glance
from fundportal.models import Case, User
from fundportal.models.case import CaseQuerySet
from fundportal.process import Step
from fundportal.queue import Order
from fundportal.views.door import person

SIZE = 25
MOST = 500
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
        ("lage", F("health__worst"), True, int, "health__case"),
        ("-lage", F("health__worst"), False, int, "health__case"),
        ("projekt", SwedishOrder("title"), False, str, "id"),
        ("-projekt", SwedishOrder("title"), True, str, "id"),
        ("beviljat", F("health__granted"), False, Decimal, "health__case"),
        ("-beviljat", F("health__granted"), True, Decimal, "health__case"),
        ("betalt", F("health__share"), False, Decimal, "health__case"),
        ("-betalt", F("health__share"), True, Decimal, "health__case"),
    )
}
"""What the list is sorted by; an index has each."""
LIT = {
    "rott": Q(health__worst=RED),
    "gult": Q(health__worst__gte=1),
    "avviker": Q(health__deviates=True),
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


def of_phase(phase: str = "") -> Q:
    """Projects that run, in one of PHASES or in any; said of both tables, so that the index of either can be read."""
    steps = PHASES.get(phase, RUNS)
    return Q(step__in=steps, health__step__in=steps)


def projects(user: User, phase: str = "", light: str = "", today: date | None = None) -> CaseQuerySet:
    """The projects that a person may see, of a phase and with a light, unsorted."""
    return Case.objects.visible_to(user).filter(of_phase(phase) & lit(light, today or timezone.localdate()))


def lit(light: str, today: date) -> Q:
    """Projects with such a light, one of LIGHT_LABELS."""
    return _late(today) if light == "sen" else LIT.get(light, Q())


def _late(today: date) -> Q:
    """Projects without a report for the newest period whose report is due by now."""
    due = [it for it in periods(date(today.year - 2, 1, 1), today) if it.due < today]
    if not due:
        return Q(pk__in=[])
    last = due[-1]
    years = Q(first_year=None) | Q(first_year__lte=last.year), Q(last_year=None) | Q(last_year__gte=last.year)
    here = Q(health__step=Step.IMPLEMENTATION, health__reported__lt=f"{last.year}-{last.period}")
    return Q(*years) & here & Q(investment__begun_on__lte=last.ends)


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
    found = rows.select_related("owner").annotate(place=SORTS[sort].by)
    page = list(found[: SIZE + 1])
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

    Of more than MOST, which no fund has, that many are counted and said to be at least so many; what is seen in a part
    is asked for only when the parts before it had fewer.
    """
    late = Chosen(When(_late(today), then=True), default=False)
    told = ("health__worst", "health__deviates", "late")
    rows: list[tuple[int, bool, bool]] = []
    for part in Case.objects.seen_in_parts(user):
        if more := MOST + 1 - len(rows):
            rows += part.filter(of_phase()).annotate(late=late).values_list(*told)[:more]
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


def _rows(page: Sequence[Case], today: date) -> list[Row]:
    ids = [case.pk for case in page]
    kept = Health.objects.select_related("report").prefetch_related("report__spend").in_bulk(ids)
    begun = dict(Investment.objects.filter(case__in=ids).values_list("case", "begun_on"))
    given: dict[int, set[tuple[int, str]]] = {}
    for pk, year, period in Report.objects.filter(case__in=ids, returned=None).values_list("case", "year", "period"):
        given.setdefault(pk, set()).add((year, period))
    found = []
    for case in page:
        report = kept[case.pk].report
        since = begun.get(case.pk)
        owed = periods_of(case, since, today) if since and case.step == Step.IMPLEMENTATION else []
        spend = list(report.spend.all()) if report else []
        found.append(
            Row(
                case,
                kept[case.pk],
                sum((it.forecast for it in spend), ZERO) if report else None,
                sum((it.granted for it in spend), ZERO) if report else None,
                [it for it in owed if it.due < today and it.key not in given.get(case.pk, set())],
            )
        )
    return found
