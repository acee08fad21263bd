"""Shapes of input for the acts of the phase."""

from applications.forms.intake import (
    AcceptPartnership,
    ApproveIdea,
    CreateIdea,
    EndorseApplication,
    EndorseIdea,
    InvitePartner,
    Register,
    RejectIdea,
    RequestCompletion,
    SendToCouncil,
    Submit,
)

__all__ = [
    "AcceptPartnership",
    "ApproveIdea",
    "CreateIdea",
    "EndorseApplication",
    "EndorseIdea",
    "InvitePartner",
    "Register",
    "RejectIdea",
    "RequestCompletion",
    "SendToCouncil",
    "Submit",
]
