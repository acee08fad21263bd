"""Shapes of input for the acts of the phase."""

from applications.forms.checking import CheckFormally, ExtendLastDay, Register, RequestCompletion, SendToCouncil
from applications.forms.intake import (
    ApproveIdea,
    CreateIdea,
    EndorseApplication,
    EndorseIdea,
    RejectIdea,
    Submit,
)
from applications.forms.partners import (
    AcceptPartnership,
    AskEndorsement,
    CompletePart,
    EndorsePart,
    InvitePartner,
    LeavePartnership,
    WithdrawInvitation,
)
from applications.forms.respite import GrantRespite

__all__ = [
    "AcceptPartnership",
    "ApproveIdea",
    "AskEndorsement",
    "CheckFormally",
    "CompletePart",
    "CreateIdea",
    "EndorseApplication",
    "EndorseIdea",
    "EndorsePart",
    "ExtendLastDay",
    "GrantRespite",
    "InvitePartner",
    "LeavePartnership",
    "Register",
    "RejectIdea",
    "RequestCompletion",
    "SendToCouncil",
    "Submit",
    "WithdrawInvitation",
]
