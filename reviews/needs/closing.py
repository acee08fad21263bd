"""What this phase knows of the closing checklist: the evaluation."""

from django.utils.translation import gettext as _

from fundportal.hooks import Point
from fundportal.models import Case
from fundportal.process import Step


def points(case: Case) -> list[Point]:
    """The evaluation is handed in; a project that was broken off has none."""
    if case.step == Step.DISCONTINUED:
        return []
    there = case.events.filter(action="submit_evaluation").exists()
    lacks = "" if there else _("Utvärderingen är inte inlämnad.")
    return [Point(_("Utvärderingen är inlämnad"), there, lacks, case.get_absolute_url())]
