"""What must be in place while a project is followed, in words; which reports are due; and what is reminded of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import (
    Baseline,
    BaselineRow,
    ChangeDraft,
    Indicator,
    Investment,
    Report,
    ReportIndicator,
    SteeringMeeting,
    SteeringMember,
    SteeringTask,
)
from fundportal import notices
from fundportal.models import Case, Event, User
from fundportal.process import Role, Step
from fundportal.reminders import BEFORE, Due

DAYS_TO_ASK = timedelta(days=14)
"""How long a project has to hand in the request for a change that a deviation opens."""
DAYS_TO_REPORT = timedelta(days=20)
"""How long after the period's end a report is due: the boards treat their tertial reports in the weeks after it."""
ENDS = {Report.Period.T1: (4, 30), Report.Period.T2: (8, 31), Report.Period.VB: (12, 31)}
"""The last day of each period: tertialrapport 1 and 2, and verksamhetsberättelse."""


@dataclass(frozen=True)
class DuePeriod:
    """A report that a project owes: its year and period, when the period ends, and the report's last day."""

    year: int
    period: str
    ends: date
    due: date

    @property
    def key(self) -> tuple[int, str]:
        """Year and period."""
        return self.year, self.period

    def __str__(self) -> str:
        return f"{self.period} {self.year}"


def periods_of(case: Case, begun: date, until: date) -> list[DuePeriod]:
    """The periods that a project reports: from its first year's, and not after its last year's."""
    first = max(begun, date(case.first_year, 1, 1)) if case.first_year else begun
    return periods(first, min(until, date(case.last_year, 12, 31)) if case.last_year else until)


def periods(begun_on: date, until: date) -> list[DuePeriod]:
    """Every period that ends after the investment phase began and at most on a day, the oldest first."""
    found = []
    for year in range(begun_on.year, until.year + 1):
        for period, (month, last) in ENDS.items():
            ends = date(year, month, last)
            if begun_on <= ends <= until:
                found.append(DuePeriod(year, str(period), ends, ends + DAYS_TO_REPORT))
    return found


def begun_on(case: Case) -> date:
    """When the investment phase began: with the grant."""
    known = Investment.objects.filter(case=case).values_list("begun_on", flat=True).first()
    return known or timezone.localdate(case.entered_at)


def owed(case: Case, today: date) -> list[DuePeriod]:
    """The reports whose period has ended and that have not been handed in, or were sent back, the oldest first."""
    if case.step != Step.IMPLEMENTATION:
        return []
    given = set(Report.objects.filter(case=case).standing().filter(returned=None).values_list("year", "period"))
    return [it for it in periods_of(case, begun_on(case), today) if it.key not in given]


def indicators_of(case: Case) -> list[Indicator]:
    """The indicators of the application as it was last handed in."""
    found = list(Indicator.objects.filter(case=case).order_by("-submission", "no"))
    return [it for it in found if it.submission == found[0].submission]


def baseline_of(case: Case) -> Baseline | None:
    """The baseline that holds now: its newest version."""
    return Baseline.objects.filter(case=case).prefetch_related("rows").order_by("-version").first()


def baseline_is_locked(case: Case, at: datetime) -> str | None:
    """Where the indicators stood is fixed before money is asked for or anything reported."""
    if Baseline.objects.filter(case=case).exists() or not Indicator.objects.filter(case=case).exists():
        return None
    return _("Utgångsläget är inte låst. Lås varje indikators utgångsvärde innan projektet startar.")


def baseline_has_been_locked(case: Case, user: User) -> str | None:
    """A baseline is locked once; after that it is changed."""
    if Baseline.objects.filter(case=case).exists():
        return _("Utgångsläget är redan låst. Ändra det med ett skäl.")
    return None


def no_baseline_is_locked(case: Case, user: User) -> str | None:
    """There is no baseline to change."""
    return None if Baseline.objects.filter(case=case).exists() else _("Utgångsläget är inte låst.")


@dataclass(frozen=True)
class Progress:
    """One indicator: where it stood, where it stands by the latest report, and where it is to come."""

    row: BaselineRow
    latest: ReportIndicator | None = None

    @property
    def share(self) -> int | None:
        """How much of the way from the baseline to the target has been gone, in per cent, 0 to 100."""
        now = self.latest.value if self.latest else None
        if now is None or self.row.value is None or self.row.target is None or self.row.target == self.row.value:
            return None
        gone = (now - self.row.value) / (self.row.target - self.row.value)
        return max(0, min(100, int(gone * 100)))


def progress(case: Case, baseline: Baseline | None) -> list[Progress]:
    """Every locked indicator beside the latest report."""
    if baseline is None:
        return []
    report = Report.objects.filter(case=case, returned=None).standing().prefetch_related("indicators").first()
    told = {it.name.casefold(): it for it in report.indicators.all()} if report else {}
    return [Progress(row, told.get(row.name.casefold())) for row in baseline.rows.all()]


def steering_is_appointed(case: Case, at: datetime) -> str | None:
    """There is a steering group to meet."""
    if SteeringMember.objects.filter(case=case, until=None).exists():
        return None
    return _("Ingen styrgrupp är utsedd.")


def no_meeting_is_planned(case: Case, user: User) -> str | None:
    """There is no meeting to minute."""
    if SteeringMeeting.objects.filter(case=case, told=None).exists():
        return None
    return _("Inget möte i styrgruppen är planerat.")


def no_task_is_open(case: Case, user: User) -> str | None:
    """There is no task to finish."""
    if SteeringTask.objects.filter(case=case, done=None).exists():
        return None
    return _("Ingen åtgärd är öppen.")


def told_of_deviation(event: Event) -> list[User]:
    """The applicants and the officer are told of a report whose deviation has opened a request for a change."""
    draft = ChangeDraft.objects.filter(report__event=event, closed=None).select_related("case").first()
    if draft is None:
        return []
    return [*notices.holders(Role.APPLICANT, draft.case), *notices.holders(Role.OFFICER, draft.case)]


def own_last_days(case: Case, user: User) -> list[dict[str, Any]]:
    """What is due while the project runs, for those who follow it: reports, the draft of a change, meetings, tasks."""
    if case.step != Step.IMPLEMENTATION:
        return []
    found: list[dict[str, Any]] = [
        {"on": it.due, "what": _("Lägesrapport %s") % it} for it in owed(case, timezone.localdate())
    ]
    drafts = ChangeDraft.objects.filter(case=case, closed=None)
    found += [{"on": draft.due_on, "what": _("Begäran om ändring efter avvikelse")} for draft in drafts]
    meetings = SteeringMeeting.objects.filter(case=case, told=None)
    found += [{"on": meeting.held_on, "what": _("Möte i styrgruppen")} for meeting in meetings]
    tasks = SteeringTask.objects.filter(case=case, done=None)
    found += [{"on": task.last_day, "what": _("Åtgärd, %s") % task.owner_name} for task in tasks]
    return sorted(found, key=lambda row: row["on"])


def due(today: date) -> Iterator[Due]:
    """What is reminded of in running projects: reports, requests for a change that a deviation opened, and tasks."""
    soon = today + timedelta(days=BEFORE)
    yield from _reports(today, soon)
    drafts = ChangeDraft.objects.filter(closed=None, due_on__lte=soon, case__step=Step.IMPLEMENTATION)
    for draft in drafts.select_related("case__owner", "case__officer"):
        yield Due(
            case=draft.case,
            what=_("Begäran om ändring efter avvikelse"),
            day=draft.due_on,
            users=notices.holders(Role.APPLICANT, draft.case),
            key=f"{draft.case.number}/change-draft/{draft.pk}",
            since=draft.due_on - DAYS_TO_ASK,
            role=Role.APPLICANT,
        )
    running = (Step.IMPLEMENTATION, Step.EVALUATION)
    tasks = SteeringTask.objects.filter(done=None, last_day__lte=soon, case__step__in=running)
    for task in tasks.select_related("case__owner", "case__officer", "owner", "event"):
        yield Due(
            case=task.case,
            what=_("Åtgärd från styrgruppen: %s") % task.what[:80],
            day=task.last_day,
            users=[task.owner] if task.owner and task.owner.is_active else notices.holders(Role.APPLICANT, task.case),
            key=f"{task.case.number}/steering-task/{task.pk}",
            since=timezone.localdate(task.event.at),
            role=None if task.owner else Role.APPLICANT,
        )


def _reports(today: date, soon: date) -> Iterator[Due]:
    """The oldest report that each project owes and that is due soon or late, to those who write it."""
    cases = Case.objects.filter(step=Step.IMPLEMENTATION).select_related("owner", "officer")
    begun = dict(Investment.objects.filter(case__in=cases).values_list("case", "begun_on"))
    given: dict[int, set[tuple[int, str]]] = {}
    reports = Report.objects.filter(Q(case__in=cases)).standing().filter(returned=None)
    for pk, year, period in reports.values_list("case", "year", "period"):
        given.setdefault(pk, set()).add((year, period))
    for case in cases.iterator(chunk_size=500):
        since = begun.get(case.pk, timezone.localdate(case.entered_at))
        missing = [
            it for it in periods_of(case, since, today) if it.key not in given.get(case.pk, set()) and it.due <= soon
        ]
        if not missing:
            continue
        first = missing[0]
        yield Due(
            case=case,
            what=_("Lägesrapport %s") % first,
            day=first.due,
            users=notices.holders(Role.APPLICANT, case),
            key=f"{case.number}/report/{first.year}{first.period}",
            since=first.ends,
            role=Role.APPLICANT,
        )
