"""What templates may ask of decision and investment: {% load investment %}. Each tag asks a constant few questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import template
from django.utils import timezone

from applications.actions.reporting import plain_number
from applications.models import Change, Investment, PlannedPayment, Proposal, Report, Requisition, SteeringMember
from applications.models.investment import OPEN, Line, per_board, plan
from applications.sheets.opinion import OPINION
from fundportal.drafts import Progress
from fundportal.formatting import NOTHING
from fundportal.models import Case, User

register = template.Library()


@register.simple_tag
def opinion_draft(case: Case, user: User) -> Progress | None:
    """The tjänsteutlåtande's parts: {% opinion_draft case user as draft %}. Nothing for those who may not read it."""
    return OPINION.progress(case, user)


@register.simple_tag
def proposal(case: Case) -> Proposal | None:
    """The newest proposal with its rows and paper: {% proposal case as proposed %}."""
    found = Proposal.objects.filter(case=case).select_related("document", "event")
    return found.prefetch_related("rows__namnd").first()


@register.filter
def measure(value: Decimal | str | None) -> str:
    """A measured value with decimals only when there are any; a dash when there is none."""
    return plain_number(value) if isinstance(value, Decimal) else NOTHING


@dataclass(frozen=True)
class Project:
    """A running project on one screen."""

    lines: list[Line]
    awaiting: list[Requisition]
    reports: list[Report]
    steering: list[SteeringMember]
    change: Change | None
    ended: Investment | None
    handled: list[Requisition]
    plan: list[PlannedPayment]
    versions: list[Change]
    today: date

    @property
    def total(self) -> Line:
        """The money in all."""
        return Line.of(self.lines)

    @property
    def next_due(self) -> PlannedPayment | None:
        """The next payment that the plan has."""
        return next((due for due in self.plan if due.on >= self.today), None)


@register.simple_tag
def project(case: Case) -> Project:
    """Money, requisitions, reports, steering group: {% project case as it %}. A constant number of questions."""
    today = timezone.localdate()
    asked = Requisition.objects.filter(case=case).select_related("namnd", "by", "event", "approved", "file_row__file")
    requisitions = list(asked.prefetch_related("event__uploads"))
    reports = (
        Report.objects.filter(case=case).standing().select_related("accepted").prefetch_related("event__documents")
    )
    steering = SteeringMember.objects.filter(case=case, until__isnull=True).select_related("user", "namnd")
    changes = list(Change.objects.filter(case=case).select_related("event", "decided").prefetch_related("rows__namnd"))
    return Project(
        lines=per_board(case, today),
        awaiting=[it for it in requisitions if it.status in OPEN],
        reports=list(reports),
        steering=list(steering),
        change=next((it for it in changes if it.status == Change.Status.AWAITING), None),
        ended=Investment.objects.filter(case=case, ended_on__isnull=False).first(),
        handled=[it for it in requisitions if it.status not in OPEN],
        plan=plan(case),
        versions=[it for it in changes if it.decided is not None],
        today=today,
    )
