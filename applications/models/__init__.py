"""The phase's own facts, hung on the case."""

from applications.models.intake import (
    BudgetRow,
    Completion,
    EffectRow,
    Endorsement,
    IdeaDecision,
    Indicator,
    ProjectFacts,
    SheetName,
    Submission,
)

__all__ = [
    "BudgetRow",
    "Completion",
    "EffectRow",
    "Endorsement",
    "IdeaDecision",
    "Indicator",
    "ProjectFacts",
    "SheetName",
    "Submission",
]
