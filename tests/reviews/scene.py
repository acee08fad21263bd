"""A remiss as most are sent and answered."""

from datetime import date, timedelta
from typing import Any

from fundportal.models import Case, Document, Namnd, User
from reviews import actions
from reviews.models import Remiss, RemissAnswer, RemissBody
from tests.factories import AT

LAST_DAY = date(2027, 4, 1)
"""A working day more than three weeks after AT (1 March 2027)."""
LETTER = "Stadsledningskontoret ber om ert yttrande över ansökan. Yttra er särskilt över behovet."
DAY = timedelta(days=1)


def send(case: Case, officer: User, paper: Document, *boards: Namnd, **changes: Any) -> Remiss:
    """Send a remiss as most are sent."""
    given = {
        "namnder": [{"namnd": board, "meeting_on": None} for board in boards],
        "papers": [paper],
        "last_day": LAST_DAY,
        "letter": LETTER,
        **changes,
    }
    event = actions.send_remiss(case, officer, AT, **given)
    return Remiss.objects.get(event=event)


def answer(case: Case, user: User, body: RemissBody, at: Any = AT, **changes: Any) -> RemissAnswer:
    """Answer as an office does."""
    given = {"form": "office", "standpoint": "endorses", "comments": "Vi tillstyrker.", **changes}
    event = actions.answer_remiss(case, user, at, namnd=body.namnd, organisation=body.name, **given)
    return RemissAnswer.objects.get(event=event)
