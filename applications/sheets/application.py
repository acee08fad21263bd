"""The application (ansökan): begins as a copy of the approved idea, and adds plan, budget and effect calculation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from applications.sheets.calculation import Budget, Calculation
from applications.sheets.idea import Basics, Intervention, Need, Setting
from applications.sheets.plan import Analyses, Chain, Evaluation, Organisation, Risks, Schedule
from fundportal.drafts import Sheet
from fundportal.process import Role, Step

APPLICATION = Sheet(
    name="application",
    title=gettext_lazy("Ansökan"),
    step=Step.APPLICATION,
    role=Role.APPLICANT,
    parts=(
        Basics,
        Need,
        Intervention,
        Setting,
        Chain,
        Schedule,
        Budget,
        Calculation,
        Organisation,
        Risks,
        Analyses,
        Evaluation,
    ),
    submit="submit_application",
    also_reads=(Role.MANAGER,),
)

CARRIED = tuple(part.slug for part in (Basics, Need, Intervention, Setting))
"""Parts that begin with the idea's answers as they were typed."""
