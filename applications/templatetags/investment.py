"""What templates may ask of decision and investment: {% load investment %}. Each tag asks a constant few questions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django import template

from applications.actions.reporting import plain_number
from applications.models import Change, Investment, Proposal, Report, Requisition, SteeringMember
from applications.models.investment import Line, standing
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

    @property
    def total(self) -> Line:
        """The money in all."""
        return Line.of(self.lines)


@register.simple_tag
def project(case: Case) -> Project:
    """Money, requisitions, reports, steering group: {% project case as it %}. A constant number of questions."""
    requisitions = Requisition.objects.filter(case=case, status=Requisition.Status.AWAITING)
    told = Report.objects.filter(case=case).standing().select_related("accepted")
    reports = told.prefetch_related("event__documents")
    steering = SteeringMember.objects.filter(case=case, until__isnull=True).select_related("user", "namnd")
    changes = Change.objects.filter(case=case, status=Change.Status.AWAITING).select_related("event")
    return Project(
        lines=standing(case),
        awaiting=list(requisitions.select_related("namnd", "by", "event")),
        reports=list(reports),
        steering=list(steering),
        change=changes.prefetch_related("rows").first(),
        ended=Investment.objects.filter(case=case, ended_on__isnull=False).first(),
    )
