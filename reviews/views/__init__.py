"""Pages that are no acts, by what they are about."""

from reviews.views.remiss import remiss

__all__ = ["remiss"]
