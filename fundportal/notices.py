"""Tells people what happened in their cases: one letter each, after the act is committed, however often it is asked.

Who is told is a column of the process table. Nobody is told of a case she may not see, nor of what she did herself.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Protocol, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal.models import Case, Event, Jav, Letter, Party, User, holdings
from fundportal.models.letter import LINK
from fundportal.process import ACTIONS, Role, Step

log = logging.getLogger(__name__)

WHY = {
    Role.APPLICANT: gettext_lazy("du är sökande i en nämnd som deltar i ärendet"),
    Role.MANAGER: gettext_lazy("du är chef i en nämnd som deltar i ärendet"),
    Role.RESPONDENT: gettext_lazy("din nämnd har fått ärendet på remiss"),
    Role.OFFICER: gettext_lazy("du handlägger ärenden på stadsledningskontoret"),
    Role.COUNCIL: gettext_lazy("du är ledamot i rådet"),
    Role.DIRECTOR: gettext_lazy("du beslutar i ärendet som stadsdirektör"),
    Role.CONTROLLER: gettext_lazy("du är controller för fonden"),
    Role.STEERING: gettext_lazy("du sitter i projektets styrgrupp"),
    Role.READER: gettext_lazy("du har fått insyn i ärendet"),
    Role.AUDITOR: gettext_lazy("du är revisor"),
}
MANDATORY = {
    *("request_completion", "extend_last_day", "return_to_applicant", "approve_idea", "reject_idea", "sign_decision"),
    *("record_board_decision", "decide_change", "discontinue", "reopen", "send_remiss", "extend_remiss"),
    *("remind", "withdraw_remiss", "refuse_more_time", "decide_plan", "exempt", "adjust_plan", "hand_over"),
    *("exempt_part", "revoke_plan"),
    *("record_adjustment", "conclude_council"),
}
"""Acts whose letters are always mailed, since a decision, a duty or a last day comes with them."""

ALSO_TOLD: dict[str, str] = {
    "withdraw_jav": "fundportal.notices.the_person",
    "judge_tie": "fundportal.notices.the_person",
    "assign": "fundportal.notices.former_officer",
    "ask_endorsement": "fundportal.notices.owners_managers",
    "complete_part": "fundportal.notices.boards_managers",
    "withdraw_invitation": "fundportal.notices.boards_managers",
    "remind": "fundportal.notices.whose_turn",
    "write_note": "fundportal.note_acts.mentioned",
    "write_message": "fundportal.note_acts.mentioned",
    "grant_access": "fundportal.note_acts.asker",
    "deny_access": "fundportal.note_acts.asker",
    "end_access": "fundportal.note_acts.asker",
    "record_adjustment": "repayment.closing.concerned_managers",
    "report": "applications.needs.told_of_deviation",
}
"""Acts that are also told to people who no longer stand in the case: a dotted function (event) -> people.

These are told even if the case has been closed to them, and then without a link.
"""
FILLS: dict[str, str] = {}
"""What writes a letter's way in when it is mailed: the first word of `Letter.fill` -> a dotted function (key)."""
NO_LONGER_NEWS = timedelta(days=14)
"""What is older than this when it is told (a standstill, a history that was read in) is kept as read and not mailed."""
MOST_ATTEMPTS = 20
BATCH = 200


TAKING_PART = (Party.Part.OWNER, Party.Part.PARTNER, Party.Part.REPAYS)


def holders(role: Role, case: Case, *, parts: Iterable[str] = TAKING_PART) -> list[User]:
    """The active people who hold a role in a case and have not declared jäv; for an officer, the one assigned if any.

    Those who stand in for one of them are told as well. `parts` narrows which boards' people are meant, for roles that
    are held on boards.
    """
    return holders_of([case], parts=tuple(parts))(role, case)


class Holders(Protocol):
    """Who holds a role in a case; with `on_boards`, only those who hold it on one of these that take part in it."""

    def __call__(self, role: Role, case: Case, on_boards: Collection[int] | None = None) -> list[User]:
        """The people, in the order of their ids."""


def holders_of(cases: Sequence[Case], *, parts: Iterable[str]) -> Holders:
    """As `holders`, for many cases in as many questions as for one: gives what answers (role, case)."""
    keys, wanted = [case.pk for case in cases], {*parts, Party.Part.REMISS}
    boards: dict[int, dict[str, set[int]]] = {pk: {part: set() for part in wanted} for pk in keys}
    for pk, namnd, part in Party.objects.filter(case__in=keys, part__in=wanted).values_list("case", "namnd", "part"):
        boards[pk][part].add(namnd)
    shut: dict[int, set[int]] = {pk: set() for pk in keys}
    for pk, user in Jav.objects.standing().filter(case__in=keys).values_list("case", "user"):
        shut[pk].add(user)
    held = (
        holdings.of_everyone() if len(keys) > 1 else holdings.of_case(keys[0], set().union(*boards[keys[0]].values()))
    )
    asked = {it.user for it in held} | {case.officer_id for case in cases if case.officer_id}
    people = User.objects.filter(is_active=True, is_superuser=False).in_bulk(asked)

    def answer(role: Role, case: Case, on_boards: Collection[int] | None = None) -> list[User]:
        meant = {Party.Part.REMISS} if role == Role.RESPONDENT else set(parts)
        on: dict[str, set[int | None]] = {"n": set(), "c": {case.pk}, "e": {None}}
        on["n"].update(*(boards[case.pk][part] for part in meant))
        if on_boards is not None:
            on = {"n": on["n"] & set(on_boards), "c": set(), "e": set()}
        found = {(it.user, it.via) for it in held if it.role == role and it.pk in on[it.place]}
        found = {(user, via) for user, via in found if via not in shut[case.pk]}
        if role == Role.OFFICER and case.officer_id:
            found = {(user, via) for user, via in found if case.officer_id in (user, via)} | {(case.officer_id, None)}
        return [people[pk] for pk in sorted({user for user, _via in found} - shut[case.pk]) if pk in people]

    return answer


def former_officer(event: Event) -> list[User]:
    """The officer from whom another took the case over."""
    before = Event.objects.filter(case=event.case, action="assign", no__lt=event.no).order_by("-no").first()
    return list(User.objects.filter(pk=before.data.get("officer"), is_active=True)) if before else []


def owners_managers(event: Event) -> list[User]:
    """The owner's managers: they endorse what leaves the owner."""
    return holders(Role.MANAGER, cast(Case, event.case), parts=(Party.Part.OWNER,))


def boards_managers(event: Event) -> list[User]:
    """The managers of the board that the act names."""
    case = cast(Case, event.case)
    found = {held.user for held in holdings.of_case(case.pk, {event.data.get("namnd")}) if held.role == Role.MANAGER}
    return list(User.objects.filter(pk__in=found, is_active=True, is_superuser=False).order_by("pk"))


def whose_turn(event: Event) -> list[User]:
    """Those whose turn it is where the case stands, but for the one who reminds them."""
    case = cast(Case, event.case)
    if case.owner_role is None:
        return []
    return [user for user in holders(case.owner_role, case, parts=[Party.Part.OWNER]) if user.pk != event.by_id]


def the_person(event: Event) -> list[User]:
    """The person whom the act is about."""
    return list(User.objects.filter(pk=event.data.get("person"), is_active=True))


def sees(user: User, case: Case) -> bool:
    """Whether the person may see the case now."""
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def untold() -> list[int]:
    """Ids of the events that nobody has been told of yet, the oldest first."""
    return list(Event.objects.filter(told_at=None).order_by("id").values_list("pk", flat=True)[:BATCH])


def tell(event_id: int, now: datetime | None = None) -> None:
    """Write the letters of one event, once. A second call, or another worker at the same time, does nothing."""
    now = now or timezone.now()
    with transaction.atomic():
        event = (
            Event.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("case__owner", "case__officer")
            .filter(pk=event_id, told_at=None)
            .first()
        )
        if event is None:
            return
        if event.case is not None and event.action in ACTIONS:
            Letter.objects.bulk_create(letters_of(event, now), ignore_conflicts=True)
        event.told_at = now
        event.save(update_fields=["told_at"])


def letters_of(event: Event, now: datetime) -> list[Letter]:
    """One letter to each person who is told of the event."""
    case, row = cast(Case, event.case), ACTIONS[event.action]
    told: dict[int, tuple[User, Role | None]] = {}
    for role in row.tells:
        for user in holders(role, case):
            if user.pk not in told and sees(user, case):
                told[user.pk] = user, role
    if event.action in ALSO_TOLD:
        also = cast("Callable[[Event], Iterable[User]]", import_string(ALSO_TOLD[event.action]))
        declared = set(Jav.objects.standing().filter(case=case).values_list("user", flat=True))
        for user in also(event):
            if user.is_active and user.pk not in declared:
                told.setdefault(user.pk, (user, None))
    told.pop(event.by_id or 0, None)
    return [letter_of(event, user, role, now) for user, role in told.values()]


def letter_of(event: Event, user: User, role: Role | None, now: datetime) -> Letter:
    """The letter to one person of one event: what happened, what comes next, why she gets it, where to read more."""
    case, mandatory = cast(Case, event.case), event.action in MANDATORY
    context = {
        "event": event,
        "label": ACTIONS[event.action].label,
        "moves": event.to_step != event.from_step,
        "step": Step(event.to_step).label if event.to_step else "",
        "due_on": case.due_on if event.to_step == case.step else None,
        "data": event.data,
    }
    names = [f"mail/{event.action}.txt", "mail/event.txt"]
    subject, body = compose(names, user, case, role, mandatory=mandatory, **context)
    is_news = now - event.at < NO_LONGER_NEWS
    return Letter(
        key=f"event/{event.pk}/{user.pk}",
        user=user,
        case=case,
        event=event,
        subject=subject,
        body=body,
        by_mail=is_news and (mandatory or user.letters),
        created_at=event.at,
        read_at=None if is_news else now,
    )


def compose(
    names: list[str], user: User, case: Case, role: Role | None, *, mandatory: bool, **context: object
) -> tuple[str, str]:
    """Subject and body from the first template that exists: its first line is the subject."""
    visible = role is not None or sees(user, case)
    text = render_to_string(
        names,
        {
            "user": user,
            "case": case,
            "url": absolute(case.get_absolute_url()) if visible else "",
            "why": WHY.get(role, "") if role else _("du har haft med ärendet att göra"),
            "mandatory": mandatory,
            "settings_url": absolute(_settings_path()),
            **context,
        },
    )
    subject, _sep, body = text.strip().partition("\n")
    return " ".join(subject.split())[:200], tidy(body)


def tidy(body: str) -> str:
    """No more than one empty line in a row, and none first or last."""
    kept: list[str] = []
    for line in body.strip().splitlines():
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept) + "\n"


def absolute(path: str) -> str:
    """A whole address, for letters."""
    return f"{settings.SITE_URL}{path}"


def _settings_path() -> str:
    try:
        return reverse("settings")
    except NoReverseMatch:
        return "/"


def message_id(letter: Letter) -> str:
    """The same for the same letter always: a mail that was sent twice by a killed worker is shown once."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{host}>"


def unsent() -> list[int]:
    """Ids of the letters that are to be mailed now."""
    ready = Q(not_before=None) | Q(not_before__lte=timezone.now())
    waiting = Letter.objects.filter(ready, sent_at=None, by_mail=True, attempts__lt=MOST_ATTEMPTS)
    return list(waiting.order_by("id").values_list("pk", flat=True)[:BATCH])


def send() -> int:
    """Mail what has not been mailed; each letter is held by one worker while it does. How many went."""
    if not (waiting := unsent()):
        return 0
    sent = 0
    with get_connection() as connection:
        for pk in waiting:
            with transaction.atomic():
                free = Letter.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
                letter = free.filter(pk=pk, sent_at=None).first()
                if letter is None:
                    continue
                try:
                    mail(letter, connection)
                except (SMTPException, OSError, ValueError) as error:  # ValueError: an address that no mail can have
                    _try_later(letter, error)
                    if isinstance(error, OSError) and not isinstance(error, SMTPException):
                        break  # the server does not answer: the rest waits for the next sweep
                    continue
                letter.sent_at = timezone.now()
                letter.save(update_fields=["sent_at"])
                sent += 1
    return sent


def _try_later(letter: Letter, error: Exception) -> None:
    wait = min(2**letter.attempts, 24 * 60)
    log.warning("Brev %s till %s gick inte iväg, försöks igen om %d min: %s", letter.pk, letter.user_id, wait, error)
    letter.attempts = F("attempts") + 1
    letter.not_before = timezone.now() + timedelta(minutes=wait)
    letter.save(update_fields=["attempts", "not_before"])


def filled(letter: Letter) -> str:
    """The letter as it is mailed, its way in written where there is one."""
    name, _sep, key = letter.fill.partition(" ")
    if name not in FILLS:
        return letter.body
    way = cast("Callable[[str], str]", import_string(FILLS[name]))(key)
    return letter.body.replace(LINK, way, 1)


def mail(letter: Letter, connection: BaseEmailBackend) -> None:
    """Hand one letter to the mail server."""
    EmailMessage(
        subject=letter.subject,
        body=filled(letter),
        to=[letter.user.email if letter.user else letter.address],
        connection=connection,
        headers={
            "Message-ID": message_id(letter),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    ).send()
