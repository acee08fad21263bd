"""The pages of the phase that are not acts."""

from applications.views.calculation import calculation
from applications.views.intake import HandIn, create_idea, receipt

__all__ = ["HandIn", "calculation", "create_idea", "receipt"]
