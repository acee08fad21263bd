"""What must be in place before an act of repayment, in words."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import notices
from fundportal.formatting import day, in_words, kronor
from fundportal.hooks import Touch
from fundportal.models import Case, Namnd, User
from fundportal.process import ACTIONS, Role, Step
from fundportal.reminders import BEFORE, Due
from repayment.models import Adjustment, Exemption, Forecast, Plan, PlanRow, Tertial, remembered
from repayment.models.plan import ENDING, exists_at_bokslut


def plan_is_proposed(case: Case, at: datetime) -> str | None:
    """The director decides on a proposal by the controller."""
    if Plan.objects.filter(case=case).exists():
        return None
    return _("Det finns inget förslag till återföringsplan. Controllern behöver föreslå en plan först.")


def something_remains(case: Case, at: datetime) -> str | None:
    """There is something left to repay."""
    if remembered(case).remaining > 0:
        return None
    return _("Inget återstår att återföra. Avsluta återföringen i stället.")


def something_is_reconciled(case: Case, at: datetime) -> str | None:
    """There is a bokslut to put right, and nothing that was decided on its figures has ended the repayment."""
    now = remembered(case)
    if now.exempted_rest is not None:
        return _("Återföringen är avslutad genom beslut. En skillnad förklaras i slutavstämningen.")
    return None if now.realised_lines else _("Inget bokslut är avstämt ännu.")


def nothing_remains(case: Case, at: datetime) -> str | None:
    """All is repaid or exempted."""
    remaining = remembered(case).remaining
    if remaining == 0:
        return None
    return _(
        "%(amount)s återstår att återföra. Stäm av återstående bokslut, ändra planen eller undanta det som återstår."
    ) % {"amount": kronor(remaining)}


def a_namnd_has_ended(case: Case, at: datetime) -> str | None:
    """Some open row belongs to a board that does not exist at its bokslut."""
    if remembered(case).orphans:
        return None
    return _("Alla nämnder med öppna rader i planen finns kvar vid sina bokslut. Det finns inget att överföra.")


def a_bokslut_is_coming(case: Case, at: datetime) -> str | None:
    """Some open row is of this year: what it will give can be told in T1 and T2."""
    year = timezone.localdate(at).year
    if any(row.year == year for row in remembered(case).open_rows):
        return None
    return _("Planen har ingen öppen rad för bokslutet %(year)d. Prognos lämnas under det år som bokslutet gäller.") % {
        "year": year
    }


def plan_is_revoked(case: Case, at: datetime) -> str | None:
    """The plan is revoked, and some saving is still to be told."""
    now = remembered(case)
    years = [row.year for row in now.reportable]
    if years and min(years) < timezone.localdate(at).year:
        return None
    if years:
        return _("Besparingen för %d redovisas när året är slut.") % min(years)
    if now.revocation:
        return _("Besparingen är redovisad för alla rader i den upphävda planen.")
    return _("Planen gäller. Besparingen redovisas när bokslutet stäms av.")


def plan_is_not_revoked(case: Case, at: datetime) -> str | None:
    """What remained has not already fallen away with the plan."""
    if remembered(case).revocation is None:
        return None
    return _("Planen är redan upphävd, och inget återstår. Avsluta återföringen i stället.")


def a_plan_is_in_force(case: Case, at: datetime) -> str | None:
    """There are open rows that an exemption or a revocation can be of."""
    now = remembered(case)
    if now.remaining > 0:
        return None
    if now.revocation:
        return _("Planen är redan upphävd.")
    return _("Inget återstår att återföra. Avsluta återföringen i stället.")


def adjustment_is_requested(case: Case, at: datetime) -> str | None:
    """A budget adjustment has been asked for."""
    if Adjustment.objects.filter(case=case).exists():
        return None
    return _("Ingen budgetjustering är begärd. Handläggaren behöver begära den först.")


def namnd_is_there(row: PlanRow) -> str | None:
    """The row's board exists at its bokslut; if not, its rows must be handed over by decision."""
    if row.namnd_exists:
        return None
    words = {"namnd": row.namnd.name, "year": row.year}
    if row.namnd.active_to is None or row.namnd.active_to.year > row.year:
        return _("%(namnd)s finns inte vid bokslutet %(year)d.") % words
    words["day"] = day(row.namnd.active_to)
    return (
        _(
            "%(namnd)s upphör den %(day)s och finns inte vid bokslutet %(year)d. "
            "Stadsdirektören behöver överföra raden till en ny nämnd."
        )
        % words
    )


T1_DAY, T2_DAY = (4, 30), (8, 31)
"""Month and day of the two forecasts: the city's tertial reports (tertialrapport 1 and 2)."""


def forecasts(today: date) -> Iterator[Due]:
    """Forecasts of this year's boksluts that are due within a week or late, to the boards' own people.

    When T2 has come near, T1 is asked for no more. Where a board has nobody, the controller is reminded.
    """
    period, last = _period(today)
    if period is None:
        return
    rows = _awaited_rows(today, period).select_related(
        *(f"plan__case__{name}" for name in ("owner", "officer", "fund"))
    )
    boards: dict[Case, set[int]] = {}
    for row in rows.order_by("plan__case", "pk"):
        boards.setdefault(row.plan.case, set()).add(row.namnd_id)
    if not boards:
        return
    holders = notices.holders_of(list(boards), parts=notices.TAKING_PART)
    for case, theirs in boards.items():
        people = holders(Role.APPLICANT, case, theirs)
        role = Role.APPLICANT if people else Role.CONTROLLER
        yield Due(
            case=case,
            what=_("Prognos för bokslutet %(year)d (%(period)s)") % {"year": today.year, "period": period},
            day=last,
            users=people or holders(Role.CONTROLLER, case),
            key=f"{case.number}/prognos/{today.year}/{period}",
            role=role,
        )


def _period(today: date) -> tuple[str | None, date]:
    """Which forecast is due, or late, and its day; none before a week is left to T1."""
    first, second = date(today.year, *T1_DAY), date(today.year, *T2_DAY)
    if today >= second - timedelta(days=BEFORE):
        return Tertial.T2, second
    return (Tertial.T1 if today >= first - timedelta(days=BEFORE) else None), first


def _awaited_rows(today: date, period: str) -> QuerySet[PlanRow]:
    """This year's open rows whose forecast of the period is not told, in every case that is repaid."""
    told = Forecast.objects.filter(
        case=OuterRef("plan__case"), year=today.year, namnd=OuterRef("namnd"), area=OuterRef("area"), period=period
    )
    return _open_rows().filter(~Exists(told), year=today.year)


def _open_rows() -> QuerySet[PlanRow]:
    """The open rows of the plan that holds, in every case that is repaid."""
    decided = Plan.objects.filter(status=Plan.Status.DECIDED)
    later = decided.filter(case=OuterRef("plan__case"), version__gt=OuterRef("plan__version"))
    ended = Exemption.objects.filter(case=OuterRef("plan__case"), extent__in=ENDING)
    return PlanRow.objects.filter(
        *(~Exists(later), ~Exists(ended)),
        plan__in=decided,
        plan__case__step=Step.REPAYMENT,
        reconciliations=None,
    )


def rows_of_board(namnd: Namnd) -> Iterator[Touch]:
    """A board's open rows, and how many of them its last day has left without a board at their bokslut."""
    rows = list(_open_rows().filter(namnd=namnd).values_list("year", flat=True))
    orphans = sum(not exists_at_bokslut(namnd, year) for year in rows)
    act = ACTIONS["hand_over"].label
    if orphans:
        note = _("%(count)d gäller bokslut efter sista dagen och väntar på stadsdirektörens beslut ”%(act)s”.")
    elif namnd.active_to:
        note = _("Ingen gäller ett bokslut efter sista dagen.")
    else:
        note = _("Rader för bokslut efter sista dagen väntar sedan på stadsdirektörens beslut ”%(act)s”.")
    yield Touch(_("Öppna rader i återföringsplaner"), len(rows), note % {"count": orphans, "act": act})


def awaited(case: Case, today: date) -> list[PlanRow]:
    """This year's open rows whose forecast is due and not told."""
    period, _day = _period(today)
    if period is None:
        return []
    return list(_awaited_rows(today, period).filter(plan__case=case).select_related("namnd").order_by("pk"))


def forecast_days(case: Case, user: User) -> list[dict[str, Any]]:
    """When a person's boards are to have told their forecasts, for the case's page."""
    today = timezone.localdate()
    period, last = _period(today)
    mine = set(user.grants.namnder(Role.APPLICANT)) if Role.CONTROLLER not in user.grants.everywhere else None
    rows = awaited(case, today) if case.step == Step.REPAYMENT else []
    return [
        {"on": last, "what": _("%(namnd)s lämnar prognos %(period)s") % {"namnd": row.namnd.short, "period": period}}
        for row in rows
        if mine is None or row.namnd_id in mine
    ]


def orphans_in_words(rows: list[PlanRow]) -> str:
    """The boards that rows must be handed over from."""
    return in_words(sorted({row.namnd.name for row in rows}))
