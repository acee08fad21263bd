"""The one exception that carries reasons for the user."""


class Refused(Exception):  # noqa: N818 -- it tells what happened; it is not a fault
    """An act was refused; `reasons` are Swedish sentences that say what to do, `field` which answer they are about."""

    def __init__(self, *reasons: str, field: str = "") -> None:
        """Keep the reasons, in the order they should be read."""
        super().__init__(" ".join(reasons))
        self.reasons, self.field = list(reasons), field
