"""What must be in place before the phase's acts, in words. The process table names these."""

from applications.needs.intake import (
    KS,
    application_is_complete,
    application_is_endorsed,
    idea_is_complete,
    idea_is_endorsed,
    is_assigned,
    is_not_owners_manager,
    is_not_partner,
    is_registered,
    is_submitted,
    partners_have_accepted,
    partnership_awaits,
    round_is_open,
    wrote_the_application,
    wrote_the_idea,
)

__all__ = [
    "KS",
    "application_is_complete",
    "application_is_endorsed",
    "idea_is_complete",
    "idea_is_endorsed",
    "is_assigned",
    "is_not_owners_manager",
    "is_not_partner",
    "is_registered",
    "is_submitted",
    "partners_have_accepted",
    "partnership_awaits",
    "round_is_open",
    "wrote_the_application",
    "wrote_the_idea",
]
