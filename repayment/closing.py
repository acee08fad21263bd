"""From kommunstyrelsen's decision to a closed case: who must receive it, and what the closing checklist asks for."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import closing
from fundportal.formatting import kronor
from fundportal.hooks import Point
from fundportal.models import Case, Event, User, holdings
from fundportal.process import Role, Step
from fundportal.reminders import BEFORE, Due
from repayment.models import (
    AdjustmentDecision,
    AdjustmentDecisionRow,
    Lesson,
    Settlement,
    remembered,
)

DAYS_TO_RECEIVE = 30
"""Days that a board has to receive kommunstyrelsen's decision about its budget."""


def adjustment_has_been_decided(case: Case, user: User) -> str | None:
    """A decision is recorded once: what changes it is a new matter for kommunstyrelsen."""
    if decided(case) is None:
        return None
    return _("Kommunstyrelsens beslut är redan registrerat.")


def adjustment_is_decided(case: Case, at: datetime) -> str | None:
    """There is a decision to receive."""
    if decided(case) is not None:
        return None
    return _("Kommunstyrelsens beslut är inte registrerat än. Nämnden kvitterar när det är det.")


def decided(case: Case) -> AdjustmentDecision | None:
    """Kommunstyrelsen's decision about the budget in the case."""
    return AdjustmentDecision.objects.filter(adjustment__case=case).last()


def rows_of(case: Case) -> list[AdjustmentDecisionRow]:
    """The boards whose budgets are lowered, as decided, each with its receipt if it has given one."""
    rows = AdjustmentDecisionRow.objects.filter(decision__adjustment__case=case, amount__gt=0)
    return list(rows.select_related("namnd", "receipt__event").order_by("id"))


def awaited(case: Case) -> list[AdjustmentDecisionRow]:
    """The boards that have not received the decision."""
    return [row for row in rows_of(case) if row.received is None]


def is_not_of_an_awaited_board(case: Case, user: User) -> str | None:
    """A decision is received by a manager of a board whose budget it lowers, once."""
    mine = set(user.grants.namnder(Role.MANAGER))
    if decided(case) is None or any(row.namnd_id in mine for row in awaited(case)):
        return None
    return _("Kvittensen lämnas av en chef på en nämnd vars budget sänks, och bara en gång för varje nämnd.")


def concerned_managers(event: Event) -> list[User]:
    """The managers of the boards whose budgets a recorded decision lowers."""
    if event.case is None:
        return []
    boards = {row.namnd_id for row in rows_of(event.case)}
    found = {held.user for held in holdings.of_case(event.case.pk, boards) if held.role == Role.MANAGER}
    return list(User.objects.filter(pk__in=found, is_active=True, is_superuser=False).order_by("pk"))


def receipts(today: date) -> Iterator[Due]:
    """Receipts that are due soon or late, each to the managers of its board."""
    near = today + timedelta(days=BEFORE - DAYS_TO_RECEIVE)
    rows = AdjustmentDecisionRow.objects.filter(
        decision__adjustment__case__step=Step.BUDGET_ADJUSTMENT, amount__gt=0, receipt=None
    )
    rows = rows.filter(decision__event__at__date__lte=near)
    for row in rows.select_related("namnd", "decision__event", "decision__adjustment__case__owner"):
        case, since = row.decision.adjustment.case, timezone.localdate(row.decision.event.at)
        held = {it.user for it in holdings.of_case(case.pk, {row.namnd_id}) if it.role == Role.MANAGER}
        yield Due(
            case=case,
            what=_("Kvittera budgetjusteringen för %(namnd)s") % {"namnd": row.namnd.name},
            day=since + timedelta(days=DAYS_TO_RECEIVE),
            users=list(User.objects.filter(pk__in=held - case.jav_people, is_active=True, is_superuser=False)),
            key=f"{case.number}/kvittens/{row.pk}",
            since=since,
            role=Role.MANAGER,
        )


def closing_points(case: Case) -> list[Point]:
    """What this phase knows of the closing checklist: the money, the card, the decision, the receipts."""
    if case.step == Step.DISCONTINUED:
        return [_card(case)]
    settlement = Settlement.objects.filter(case=case).first()
    now, here = remembered(case), case.get_absolute_url()
    left = _("%(amount)s återstår att återföra, undanta eller förklara i slutavstämningen.")
    points = [
        Point(
            _("Allt är återfört, undantaget eller förklarat"),
            settlement is not None or now.remaining == 0,
            "" if settlement or not now.remaining else left % {"amount": kronor(now.remaining)},
            here,
        ),
        Point(
            _("Slutavstämningen är gjord"),
            settlement is not None,
            "" if settlement else _("Controllern behöver slutavstämma."),
            here,
        ),
        _card(case),
    ]
    return [*points, *_adjustment_points(case)] if settlement is None or settlement.adjusts else points


def _card(case: Case) -> Point:
    there = Lesson.objects.filter(case=case).exists()
    lacks = _("Lärdomskortet är inte skrivet. Controllern skriver det i slutavstämningen.")
    if case.step == Step.DISCONTINUED:
        lacks = _("Lärdomskortet är inte skrivet. Handläggaren, controllern eller sökanden skriver det.")
    return Point(_("Lärdomskortet är skrivet"), there, "" if there else lacks, case.get_absolute_url())


def _adjustment_points(case: Case) -> list[Point]:
    decision, rows, here = decided(case), rows_of(case), case.get_absolute_url()
    got = sum(1 for row in rows if row.received)
    return [
        Point(
            _("Kommunstyrelsen har beslutat om budgetjusteringen"),
            decision is not None,
            "" if decision else _("Kommunstyrelsens beslut om budgetjusteringen är inte registrerat."),
            here,
        ),
        Point(
            _("Nämnderna har kvitterat: %(got)d\u00a0av\u00a0%(all)d") % {"got": got, "all": len(rows)}
            if rows
            else _("Nämnderna har kvitterat"),
            decision is not None and got == len(rows),
            _("Den som avslutar innan alla har kvitterat skriver varför.") if decision and got < len(rows) else "",
            here,
            blocks=False,
        ),
    ]


def closing_is_ready(case: Case, at: datetime) -> str | None:
    """Everything the checklist waits for is done."""
    left = closing.missing(case)
    return " ".join(left) if left else None


def lesson_is_unwritten(case: Case, at: datetime) -> str | None:
    """A card is written once."""
    return _("Lärdomskortet är redan skrivet.") if Lesson.objects.filter(case=case).exists() else None


def lesson_is_written(case: Case, at: datetime) -> str | None:
    """A project that was broken off is not filed away before others can learn from it; rejected ideas have no card."""
    if case.step != Step.DISCONTINUED or Lesson.objects.filter(case=case).exists():
        return None
    return _card(case).lacks
