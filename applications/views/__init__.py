"""The pages of the phase that are not acts."""

from applications.views.calculation import calculation
from applications.views.intake import HandIn, create_idea, receipt
from applications.views.portfolio import portfolio
from applications.views.project import project
from applications.views.questions import questions
from applications.views.respite import Registering, respites
from applications.views.rows import rows
from applications.views.self_check import self_check
from applications.views.versions import difference, endorsed, preview

__all__ = [
    "HandIn",
    "Registering",
    "calculation",
    "create_idea",
    "difference",
    "endorsed",
    "portfolio",
    "preview",
    "project",
    "questions",
    "receipt",
    "respites",
    "rows",
    "self_check",
]
