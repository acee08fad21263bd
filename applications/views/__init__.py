"""The pages of the phase that are not acts."""

from applications.views.intake import HandIn, create_idea, receipt

__all__ = ["HandIn", "create_idea", "receipt"]
