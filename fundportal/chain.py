"""Checks a history: that every event is what it was when it was written, in its order, with none missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fundportal.models import Case, ChainHead, Event, Fund


@dataclass(frozen=True)
class Fault:
    """Something in a history that does not hold, and at which event."""

    no: int
    text: str


def verify(of: Case | Fund | None) -> list[Fault]:
    """Everything wrong with the history of a case, a fund or (None) the house; empty when the chain holds."""
    mine = {"case": of} if isinstance(of, Case) else {"case": None, "fund": of}
    events = list(Event.objects.filter(**mine).order_by("no").select_related("case"))
    head = ChainHead.objects.filter(**mine).first()
    return [*_faults(events), *_faults_at_the_end(of, events, head)]


def _faults(events: Iterable[Event]) -> list[Fault]:
    found: list[Fault] = []
    expected, before = 1, ""
    for event in events:
        if event.no != expected:
            found.append(Fault(event.no, _("Händelse %(no)d saknas.") % {"no": expected}))
        found += [Fault(event.no, text) for text in _wrong_with(event, before)]
        expected, before = event.no + 1, event.hash
    return found


def _wrong_with(event: Event, before: str) -> list[str]:
    found = []
    if hashlib.sha256(event.body.encode()).hexdigest() != event.hash:
        found.append(_("Kontrollsumman stämmer inte med innehållet."))
    no, _newline, rest = event.body.partition("\n")
    previous, _newline, text = rest.partition("\n")
    if no != str(event.no):
        found.append(_("Numret stämmer inte med innehållet."))
    if previous != before:
        found.append(_("Kedjan är bruten: händelsen före är en annan än när den här skrevs."))
    try:
        said = json.loads(text)
    except ValueError:
        return [*found, _("Innehållet går inte att läsa.")]
    return found + [
        _("Uppgiften ”%(name)s” stämmer inte med innehållet.") % {"name": name}
        for name, value in _columns(event).items()
        if _alike(said.get(name)) != _alike(value)
    ]


def _columns(event: Event) -> dict[str, Any]:
    """The row's columns as the text of an event names them."""
    return {
        "case": event.case.number if event.case else None,
        "fund": event.fund_id,
        "action": event.action,
        "by": event.by_id,
        "by_name": event.by_name,
        "for": event.on_behalf_of_id,
        "role": event.role,
        "at": event.at,
        "from": event.from_step,
        "to": event.to_step,
        "data": event.data,
    }


def _alike(value: Any) -> Any:
    """A moment is the same moment in every time zone; the rest is compared as it is."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, str) and "T" in value:
        try:
            return datetime.fromisoformat(value).timestamp()
        except ValueError:
            return value
    return value


def _faults_at_the_end(of: Case | Fund | None, events: list[Event], head: ChainHead | None) -> list[Fault]:
    """The last event is the one the head remembers, so none was cut off; and the case stands where it says."""
    last = events[-1] if events else None
    if last is None or head is None:
        return [] if last is None and head is None else [Fault(0, _("Kedjans slut saknas."))]
    found = []
    if (head.no, head.hash) != (last.no, last.hash):
        found.append(Fault(last.no, _("Händelser saknas i slutet av historiken.")))
    if isinstance(of, Case) and last.to_step != of.step:
        found.append(Fault(last.no, _("Ärendet står på ett annat steg än historiken säger.")))
    return found
