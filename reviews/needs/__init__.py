"""What must be in place before the phase's acts, in words."""

from reviews.needs.council import council_is_quorate, has_assessed
from reviews.needs.deadlines import remiss_answers
from reviews.needs.evaluation import evaluation_is_complete
from reviews.needs.remiss import is_not_asked, remiss_is_closed, remiss_is_open

__all__ = [
    "council_is_quorate",
    "evaluation_is_complete",
    "has_assessed",
    "is_not_asked",
    "remiss_answers",
    "remiss_is_closed",
    "remiss_is_open",
]
