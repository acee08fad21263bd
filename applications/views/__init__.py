"""The pages of the phase that are not acts."""

from applications.views.calculation import calculation
from applications.views.intake import HandIn, create_idea, receipt
from applications.views.questions import questions
from applications.views.self_check import self_check

__all__ = ["HandIn", "calculation", "create_idea", "questions", "receipt", "self_check"]
