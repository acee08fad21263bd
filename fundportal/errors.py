"""The one exception that carries reasons for the user."""

from __future__ import annotations


class About(str):
    """A reason that knows which answer it is about, when an act is refused for several at once."""

    __slots__ = ("field",)
    field: str

    def __new__(cls, reason: str, field: str) -> About:
        """The sentence and the name of the answer."""
        told = super().__new__(cls, reason)
        told.field = field
        return told


class Refused(Exception):  # noqa: N818 -- it tells what happened; it is not a fault
    """An act was refused; `reasons` are Swedish sentences that say what to do, `field` which answer they are about."""

    def __init__(self, *reasons: str, field: str = "") -> None:
        """Keep the reasons, in the order they should be read."""
        super().__init__(" ".join(reasons))
        self.reasons, self.field = list(reasons), field

    def by_field(self) -> list[tuple[str, str]]:
        """Each reason with the name of the answer it is about, or none."""
        return [(reason, reason.field if isinstance(reason, About) else self.field) for reason in self.reasons]
