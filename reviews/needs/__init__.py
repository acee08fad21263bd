"""What must be in place before the phase's acts, in words."""

from reviews.needs.ahead import planned_meetings, unjudged_ties
from reviews.needs.compiled import paragraph
from reviews.needs.conditions import conditions
from reviews.needs.council import (
    chairs,
    conditions_before_application,
    conditions_before_decision,
    conditions_before_start,
    council_is_quorate,
    has_assessed,
    is_not_chair,
    no_condition_awaits,
)
from reviews.needs.deadlines import own_last_days, remiss_answers
from reviews.needs.evaluation import evaluation_is_complete
from reviews.needs.remiss import (
    is_not_asked,
    more_time_is_asked,
    outside_is_awaited,
    remiss_is_closed,
    remiss_is_open,
    remiss_is_told,
    remiss_link_is_open,
)

__all__ = [
    "chairs",
    "conditions",
    "conditions_before_application",
    "conditions_before_decision",
    "conditions_before_start",
    "council_is_quorate",
    "evaluation_is_complete",
    "has_assessed",
    "is_not_asked",
    "is_not_chair",
    "more_time_is_asked",
    "no_condition_awaits",
    "outside_is_awaited",
    "own_last_days",
    "paragraph",
    "planned_meetings",
    "remiss_answers",
    "remiss_is_closed",
    "remiss_is_open",
    "remiss_is_told",
    "remiss_link_is_open",
    "unjudged_ties",
]
