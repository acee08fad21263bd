"""What templates may ask of decision and investment: {% load investment %}. Each tag asks a constant few questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Change, Investment, Proposal, Report, Requisition, SteeringMember
from applications.models.investment import Line, standing
from applications.sheets.opinion import OPINION
from fundportal import formatting
from fundportal.models import Case, User

register = template.Library()


@dataclass(frozen=True)
class OpinionDraft:
    """The tjänsteutlåtande as far as it is written."""

    writes: bool
    parts: list[dict[str, Any]]

    @property
    def done(self) -> int:
        """How many parts are whole."""
        return sum(part["state"] == "done" for part in self.parts)


@register.simple_tag
def opinion_draft(case: Case, user: User) -> OpinionDraft | None:
    """The tjänsteutlåtande's parts: {% opinion_draft case user as draft %}. Nothing for those who may not read it."""
    if not OPINION.may_read(case, user):
        return None
    filled, writes = OPINION.filled(case), OPINION.may_write(case, user)
    gaps = {gap.part for gap in filled.gaps()}
    parts = []
    for part in OPINION.parts:
        draft = filled.drafts.get(part.slug)
        url = reverse("opinion_part", kwargs={"number": case.number, "slug": part.slug}) if writes else ""
        who = _("Sparad %s") % formatting.day_short(draft.saved_at) if draft else ""
        state = "todo" if draft is None else "doing" if part.slug in gaps else "done"
        parts.append({"label": part.title, "url": url, "who": who, "state": state})
    return OpinionDraft(writes, parts)


@register.simple_tag
def proposal(case: Case) -> Proposal | None:
    """The newest proposal with its rows and paper: {% proposal case as proposed %}."""
    found = Proposal.objects.filter(case=case).select_related("document", "event")
    return found.prefetch_related("rows__namnd").first()


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
    reports = Report.objects.filter(case=case).select_related("accepted").prefetch_related("event__documents")
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
