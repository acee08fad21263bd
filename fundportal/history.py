"""What an event says, in plain Swedish: one line for the timeline, and its particulars for the history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import formatting, funds, house
from fundportal.models import Event, Namnd, Use, User
from fundportal.particulars import HIDDEN, LABELS, MONEY, NAMNDER, PEOPLE, QUOTED, choices
from fundportal.process import ACTIONS, Role, Step

KINDS: dict[str, tuple[str, str]] = {
    # act: (look, icon)
    "create_idea": ("", "LightBulb"),
    "submit_idea": ("in", "InboxDown"),
    "submit_application": ("in", "InboxDown"),
    "submit_evaluation": ("in", "InboxDown"),
    "endorse_idea": ("ok", "Handshake"),
    "endorse_part": ("ok", "Handshake"),
    "complete_part": ("in", "Checkmark"),
    "leave_partnership": ("out", "ArrowUndo"),
    "withdraw_invitation": ("out", "ArrowUndo"),
    "ask_endorsement": ("out", "Paperplane"),
    "extend_last_day": ("out", "Calendar"),
    "check_formally": ("ok", "ClipboardCheckmark"),
    "endorse_application": ("ok", "Handshake"),
    "accept_partnership": ("ok", "Handshake"),
    "invite_partner": ("out", "PersonGroup"),
    "request_completion": ("out", "EnvelopeClosed"),
    "return_to_applicant": ("out", "ArrowUndo"),
    "send_remiss": ("out", "Paperplane"),
    "ask_more_time": ("in", "Calendar"),
    "extend_remiss": ("out", "Calendar"),
    "refuse_more_time": ("out", "Calendar"),
    "renew_remiss_link": ("out", "EnvelopeClosed"),
    "revoke_remiss_link": ("", "CircleSlash"),
    "withdraw_remiss": ("out", "ArrowUndo"),
    "answer_remiss": ("in", "ChatElipsis"),
    "assess": ("", "ClipboardCheckmark"),
    "send_to_council": ("out", "Paperplane"),
    "propose_decision": ("out", "FileText"),
    "return_proposal": ("out", "ArrowUndo"),
    "appoint_steering_group": ("", "PersonGroup"),
    "close_investment": ("ok", "Checkmark"),
    "propose_plan": ("out", "FileText"),
    "complete_repayment": ("ok", "Checkmark"),
    "request_adjustment": ("out", "Paperplane"),
    "check_calculation": ("ok", "CheckmarkCircle"),
    "conclude_council": ("decision", "PersonGroup"),
    "approve_idea": ("decision", "Gavel"),
    "reject_idea": ("decision", "Gavel"),
    "sign_decision": ("decision", "Gavel"),
    "record_board_decision": ("decision", "Gavel"),
    "report_to_board": ("out", "Gavel"),
    "decide_change": ("decision", "Gavel"),
    "decide_plan": ("decision", "Gavel"),
    "exempt": ("decision", "Gavel"),
    "adjust_plan": ("decision", "Gavel"),
    "hand_over": ("decision", "Buildings3"),
    "discontinue": ("decision", "CircleSlash"),
    "reopen": ("decision", "ArrowsCirclepath"),
    "requisition": ("in", "Receipt"),
    "pay": ("ok", "BankNote"),
    "report": ("in", "FileText"),
    "accept_report": ("ok", "CheckmarkCircle"),
    "request_change": ("in", "PencilLine"),
    "reconcile_year": ("ok", "Table"),
    "settle": ("ok", "CheckmarkCircle"),
    "record_adjustment": ("decision", "Gavel"),
    "withdraw": ("", "ArrowUndo"),
    "archive": ("ok", "Folder"),
    "declare_jav": ("", "ShieldCheckmark"),
    "write_note": ("", "PencilLine"),
    "write_message": ("out", "ChatElipsis"),
    "strike_note": ("", "PencilLine"),
    "grant_access": ("ok", "PersonGroup"),
    "deny_access": ("", "PersonGroup"),
    "end_access": ("", "PersonGroup"),
    "withdraw_jav": ("", "ShieldCheckmark"),
    "judge_tie": ("", "ShieldCheckmark"),
    "fulfil_condition": ("ok", "CheckmarkCircle"),
    "assign": ("", "Person"),
    "remind": ("out", "Bell"),
    "register": ("ok", "Folder"),
    "reserve": ("ok", "Piggybank"),
    "dissolve": ("out", "Piggybank"),
    "set_rules": ("decision", "Gavel"),
    "set_status": ("decision", "Gavel"),
    "grant_centrally": ("ok", "Wallet"),
    "change_central_grant": ("ok", "PencilLine"),
    "pay_central_grant": ("ok", "BankNote"),
    "release_central_grant": ("", "ArrowUndo"),
    "hand_back_central_grant": ("in", "ArrowUndo"),
    "correct_entry": ("", "ArrowsCirclepath"),
    "correct_payment": ("", "ArrowsCirclepath"),
    "reconcile_fund": ("ok", "Table"),
    "lock_year": ("ok", "ShieldCheckmark"),
}

DONE: dict[str, StrOrPromise] = {
    # what was done, where the button's words do not tell it well
    "create_idea": gettext_lazy("Idéskissen skapades"),
    "invite_partner": gettext_lazy("Samarbetspartner bjöds in"),
    "accept_partnership": gettext_lazy("Inbjudan till partnerskap besvarades"),
    "endorse_idea": gettext_lazy("Idéskissen tillstyrktes"),
    "withdraw_invitation": gettext_lazy("Inbjudan till partnerskap återtogs"),
    "complete_part": gettext_lazy("En partner märkte sin del som klar"),
    "endorse_part": gettext_lazy("En partners del tillstyrktes"),
    "leave_partnership": gettext_lazy("En partner lämnade partnerskapet"),
    "ask_endorsement": gettext_lazy("Tillstyrkan begärdes"),
    "extend_last_day": gettext_lazy("Anstånd medgavs"),
    "check_formally": gettext_lazy("Formell kontroll gjordes"),
    "grant_respite": gettext_lazy("Anstånd medgavs i en omgång"),
    "submit_idea": gettext_lazy("Idéskissen kom in"),
    "request_completion": gettext_lazy("Komplettering begärdes"),
    "register": gettext_lazy("Ärendet diariefördes"),
    "assign": gettext_lazy("Handläggare utsågs"),
    "remind": gettext_lazy("Påminnelse skickades"),
    "send_to_council": gettext_lazy("Idén sändes till rådet"),
    "declare_jav": gettext_lazy("Jäv anmäldes"),
    "withdraw_jav": gettext_lazy("Ett jäv hävdes"),
    "judge_tie": gettext_lazy("En koppling bedömdes"),
    "fulfil_condition": gettext_lazy("Ett villkor uppfylldes"),
    "write_note": gettext_lazy("En intern anteckning skrevs"),
    "write_message": gettext_lazy("Ett meddelande skrevs"),
    "strike_note": gettext_lazy("En anteckning ströks"),
    "grant_access": gettext_lazy("Insyn gavs"),
    "deny_access": gettext_lazy("En begäran om insyn avslogs"),
    "end_access": gettext_lazy("Insyn avslutades"),
    "assess": gettext_lazy("En ledamot bedömde idén"),
    "conclude_council": gettext_lazy("Rådet tog ställning"),
    "return_to_applicant": gettext_lazy("Idén återremitterades till sökanden"),
    "approve_idea": gettext_lazy("Idén bifölls"),
    "reject_idea": gettext_lazy("Idén avslogs"),
    "endorse_application": gettext_lazy("Ansökan tillstyrktes"),
    "submit_application": gettext_lazy("Ansökan kom in"),
    "send_remiss": gettext_lazy("Ansökan sändes på remiss"),
    "answer_remiss": gettext_lazy("Ett remissvar kom in"),
    "ask_more_time": gettext_lazy("Anstånd med remissvar begärdes"),
    "extend_remiss": gettext_lazy("Remisstiden förlängdes"),
    "refuse_more_time": gettext_lazy("Begäran om anstånd avslogs"),
    "renew_remiss_link": gettext_lazy("En ny länk sändes till en remissinstans"),
    "revoke_remiss_link": gettext_lazy("Länken till en remissinstans spärrades"),
    "withdraw_remiss": gettext_lazy("En remiss återkallades"),
    "check_calculation": gettext_lazy("Kalkylen granskades"),
    "propose_decision": gettext_lazy("Beslut föreslogs"),
    "return_proposal": gettext_lazy("Förslaget återlämnades till handläggaren"),
    "sign_decision": gettext_lazy("Beslutet signerades"),
    "record_board_decision": gettext_lazy("Kommunstyrelsen beslutade"),
    "report_to_board": gettext_lazy("Beslutet anmäldes till kommunstyrelsen"),
    "appoint_steering_group": gettext_lazy("Styrgruppen utsågs"),
    "requisition": gettext_lazy("Medel rekvirerades"),
    "pay": gettext_lazy("Medel betalades ut"),
    "report": gettext_lazy("En lägesrapport lämnades"),
    "accept_report": gettext_lazy("Lägesrapporten behandlades"),
    "request_change": gettext_lazy("En ändring begärdes"),
    "decide_change": gettext_lazy("Begäran om ändring avgjordes"),
    "close_investment": gettext_lazy("Investeringsfasen avslutades"),
    "submit_evaluation": gettext_lazy("Utvärderingen kom in"),
    "propose_plan": gettext_lazy("En återföringsplan föreslogs"),
    "decide_plan": gettext_lazy("Återföringsplanen beslutades"),
    "exempt": gettext_lazy("Projektet undantogs från återföring"),
    "reconcile_year": gettext_lazy("Ett bokslut stämdes av"),
    "adjust_plan": gettext_lazy("Återföringsplanen ändrades"),
    "hand_over": gettext_lazy("Återföringen fördes över till en ny nämnd"),
    "complete_repayment": gettext_lazy("Återföringen avslutades"),
    "settle": gettext_lazy("Satsningen slutavstämdes"),
    "request_adjustment": gettext_lazy("Budgetjustering begärdes"),
    "record_adjustment": gettext_lazy("Beslutet om budgetjustering registrerades"),
    "withdraw": gettext_lazy("Ärendet återtogs"),
    "discontinue": gettext_lazy("Projektet avbröts"),
    "reopen": gettext_lazy("Ärendet återupptogs"),
    "archive": gettext_lazy("Akten arkiverades"),
    "reserve": gettext_lazy("Medel reserverades i fonden"),
    "dissolve": gettext_lazy("En reserv upplöstes"),
    "set_rules": gettext_lazy("Fondens regler ändrades"),
    "set_status": gettext_lazy("Fondens läge ändrades"),
    "grant_centrally": gettext_lazy("Medel beviljades centralt"),
    "change_central_grant": gettext_lazy("Ett centralt beviljande ändrades"),
    "pay_central_grant": gettext_lazy("Medel betalades ut ur ett centralt beviljande"),
    "release_central_grant": gettext_lazy("Resten av ett centralt beviljande frigjordes"),
    "hand_back_central_grant": gettext_lazy("Medel ur ett centralt beviljande lämnades tillbaka"),
    "correct_entry": gettext_lazy("En post i huvudboken rättades"),
    "correct_payment": gettext_lazy("En utbetalning rättades"),
    "reconcile_fund": gettext_lazy("Fonden stämdes av mot redovisningen"),
    "lock_year": gettext_lazy("Böckerna för ett år låstes"),
}


@dataclass(frozen=True)
class Names:
    """People and boards that events name by their ids."""

    people: Mapping[int, str] = field(default_factory=dict)
    namnder: Mapping[int, str] = field(default_factory=dict)


def names(events: Iterable[Event]) -> Names:
    """The names that these events need: two questions at most, however many events."""
    people: set[int] = set()
    namnder: set[int] = set()
    for event in events:
        _collect(event.data, people, namnder)
    return Names(
        {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=people)} if people else {},
        dict(Namnd.objects.filter(pk__in=namnder).values_list("pk", "name")) if namnder else {},
    )


def _collect(value: Any, people: set[int], namnder: set[int], name: str = "") -> None:
    match value:
        case dict():
            for key, item in value.items():
                _collect(item, people, namnder, key)
        case list():
            for item in value:
                _collect(item, people, namnder, name)
        case int() if not isinstance(value, bool):
            if name in PEOPLE:
                people.add(value)
            elif name in NAMNDER:
                namnder.add(value)


@dataclass(frozen=True)
class Line:
    """An event as it is read: what was done, when and by whom, and the most important of what was said."""

    id: str
    no: int
    title: str
    at: datetime
    who: str
    kind: str
    icon: str
    note: str = ""
    quote: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    moved: str = ""
    hash: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)


def title(event: Event) -> str:
    """What was done, in the past tense. An act that is no longer in the table keeps its name."""
    if event.action in DONE:
        return str(DONE[event.action])
    if event.action in ACTIONS:
        return str(ACTIONS[event.action].label)
    return str(
        funds.LABELS.get(event.action) or house.LABELS.get(event.action) or event.action.replace("_", " ").capitalize()
    )


def line(event: Event, known: Names | None = None, *, full: bool = False) -> Line:
    """The event as it is read; `full` gives every particular. Holds for every act, known or not."""
    known = known or Names()
    kind, icon = KINDS.get(event.action, ("", "Circle"))
    return Line(
        id=f"h{event.no}",
        no=event.no,
        title=title(event),
        at=event.at,
        who=who(event),
        kind=kind,
        icon=icon,
        note=_note(event.data, known),
        quote="" if full else _quote(event.data),
        facts=particulars(event.data, known) if full else [],
        moved=_moved(event),
        hash=event.hash,
    )


def who(event: Event) -> str:
    """The person by the name she had, and in which role."""
    role = str(Role(event.role).label).lower() if event.role in Role.values else ""
    return f"{event.by_name}, {role}" if role else event.by_name


def _moved(event: Event) -> str:
    if not event.to_step or event.from_step == event.to_step or event.to_step not in Step.values:
        return ""
    if event.from_step not in Step.values:
        return str(Step(event.to_step).label)
    return f"{Step(event.from_step).label} → {Step(event.to_step).label}"


NOTED = (
    "outcome",
    "verdict",
    "standpoint",
    "decision",
    "amount",
    "paragraph",
    "last_day",
    "meeting_on",
    "year",
    "officer",
    "namnd",
)


BARE = ("outcome", "verdict", "standpoint", "amount")
"""Particulars that need no word before them."""


def _note(data: Mapping[str, Any], known: Names) -> str:
    """The most important particulars in one line."""
    told = []
    for name in NOTED:
        if data.get(name) in (None, "", [], {}) or isinstance(data[name], dict | list):
            continue
        value = say(name, data[name], known)
        if len(value) < 80:
            bare = name in BARE or (name == "paragraph" and "§" in value)
            told.append(value if bare else f"{label(name).lower()} {value}")
    return ", ".join(told[:3])


def _quote(data: Mapping[str, Any]) -> str:
    text = next((str(data[name]) for name in QUOTED if isinstance(data.get(name), str) and data[name].strip()), "")
    return text if len(text) <= 400 else text[:400].rsplit(" ", 1)[0] + " …"


def label(name: str) -> str:
    """What a particular is called."""
    return str(LABELS.get(name) or name.replace("_", " ").capitalize())


def particulars(data: Mapping[str, Any], known: Names) -> list[tuple[str, str]]:
    """Every particular of an act as (label, value) in Swedish."""
    found: list[tuple[str, str]] = []
    for name, value in data.items():
        if name in HIDDEN or value in (None, "", [], {}):
            continue
        if isinstance(value, dict):
            found += [(f"{label(name)}: {what.lower()}", said) for what, said in particulars(value, known)]
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            found += [
                (_("%(label)s, rad %(row)d") % {"label": label(name), "row": number}, _row(item, known))
                for number, item in enumerate(value, 1)
                if isinstance(item, dict)
            ]
        else:
            found.append((label(name), say(name, value, known)))
    return found


def _row(row: Mapping[str, Any], known: Names) -> str:
    return "; ".join(f"{what}: {said}" for what, said in particulars(row, known))


ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def say(name: str, value: Any, known: Names) -> str:
    """One value in words: an amount, a day, a name, yes or no, a choice by its label."""
    if isinstance(value, bool):
        return _("Ja") if value else _("Nej")
    if isinstance(value, list):
        return formatting.in_words([say(name, item, known) for item in value])
    if isinstance(value, int) and name in PEOPLE:
        return known.people.get(value, _("person %(id)d") % {"id": value})
    if isinstance(value, int) and name in NAMNDER:
        return known.namnder.get(value, _("nämnd %(id)d") % {"id": value})
    if name in MONEY:
        return _money(value)
    if (coded := choices().get(name, {}).get(str(value))) is not None:
        return str(coded)
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return formatting.day(date.fromisoformat(value))
    return _plain(name, str(value))


def _money(value: Any) -> str:
    try:
        return formatting.kronor(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _plain(name: str, value: str) -> str:
    if name == "use" and value in Use.values:
        return str(Use(value).label)
    if name in ("role", "part") and value in Role.values:
        return str(Role(value).label)
    if "step" in name and value in Step.values:
        return str(Step(value).label)
    return value
