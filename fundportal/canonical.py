"""One text for one content: how acts' particulars and papers' contents are written down before they are hashed."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.db import models

NOT_APPLICABLE = "inte aktuellt"
"""What is answered when a question does not apply: another thing than 0, and than nothing answered."""


class NoRows(list[dict[str, Any]]):
    """No rows because the question does not apply: empty in every sum, told apart wherever it is read or kept."""


class Sealed(str):
    """Words that are kept apart from the history: the event holds their sha256, so that they can be checked by it."""

    mentions: tuple[int, ...] = ()
    """Ids of the people who are mentioned in them; not for the history either."""

    @property
    def sha256(self) -> str:
        """The hash of the words, as UTF-8."""
        return hashlib.sha256(self.encode()).hexdigest()


def plain(value: Any) -> Any:
    """What an act was given, as it is kept in the event: text, numbers, lists; never a float."""
    match value:
        case Sealed():
            return value.sha256
        case datetime() | date():
            return value.isoformat()
        case models.Model():
            return value.pk
        case NoRows():
            return NOT_APPLICABLE
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | models.QuerySet():
            return [plain(item) for item in value]
        case None | bool() | int() | str():
            return value
        case _:
            return str(value)


def canonical(content: object) -> str:
    """The same text each time: sorted keys, no spaces, letters as they are. What is hashed is kept as this text."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
