"""One act on many cases: asked for at once, done case by case, each with its own rights, event and result.

What was asked for is stored first. A few cases are done at once; more are done by Celery, and a sweep finishes what a
lost worker left. Each case is done once: its row is locked while it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from fundportal import exports, officers, queue
from fundportal.errors import Refused
from fundportal.models import Bulk, BulkItem, Case, Event, User
from fundportal.process import Role
from fundportal.queue import Wanted

log = logging.getLogger(__name__)

AT_ONCE = 25
"""So many cases are done while the person waits; more are left to Celery."""
MOST = 500
"""So many cases at once, and no more: a slip should not reach the whole city."""
BY_RULES = 0
"""Instead of an officer: each case to whom the rules propose."""


def refuse(user: User, kind: str) -> str | None:
    """Why a person may not do this to many cases, or nothing. Each case asks again when its turn comes."""
    if kind == Bulk.Kind.EXPORT:
        return exports.refuse_lists(user)
    if Role.OFFICER in user.grants.everywhere:
        return None
    return _("Många ärenden på en gång tilldelas och påminns av handläggare. Den rollen har inte du.")


def kinds(user: User) -> list[tuple[str, Any]]:
    """What the person may do to many cases."""
    return [(kind.value, kind.label) for kind in Bulk.Kind if refuse(user, kind) is None]


def chosen(user: User, wanted: Wanted | None, numbers: Sequence[int]) -> QuerySet[Case]:
    """The visible cases that are meant: the whole selection if `wanted` is given, else those ticked."""
    if wanted is not None:
        return queue.sort(queue.cases(user, wanted), wanted)
    return Case.objects.visible_to(user).filter(pk__in=list(numbers)).order_by("number")


def begin(
    user: User, at: datetime, kind: str, cases: Sequence[int], given: dict[str, Any], asked: dict[str, str], key: UUID
) -> Bulk:
    """Store what is asked for, once however often the form is sent. Raises `Refused`."""
    if reason := refuse(user, kind):
        raise Refused(reason)
    if not cases:
        raise Refused(_("Inga ärenden är valda."))
    if len(cases) > MOST:
        raise Refused(_("Högst %(most)d ärenden kan tas på en gång. Begränsa urvalet.") % {"most": MOST})
    with transaction.atomic():
        if done := Bulk.objects.filter(key=key, by=user).first():
            return done
        made = Bulk.objects.create(by=user, at=at, kind=kind, given=given, asked=asked, total=len(cases), key=key)
        BulkItem.objects.bulk_create([BulkItem(bulk=made, case_id=pk) for pk in cases])
    return made


def run(pk: int) -> None:
    """Do what is not done yet; harmless however often and however many do it."""
    bulk = Bulk.objects.select_related("by").get(pk=pk)
    for item in list(bulk.items.filter(state=BulkItem.State.WAITING).values_list("pk", flat=True)):
        _one(bulk, item)
    if not bulk.items.filter(state=BulkItem.State.WAITING).exists():
        Bulk.objects.filter(pk=pk, finished_at=None).update(finished_at=timezone.now())


def unfinished() -> list[int]:
    """Ids of those that a lost worker may have left."""
    return list(Bulk.objects.filter(finished_at=None).values_list("pk", flat=True)[:50])


def _one(bulk: Bulk, pk: int) -> None:
    with transaction.atomic():
        free = BulkItem.objects.select_for_update(of=("self",), skip_locked=True).select_related("case")
        item = free.filter(pk=pk, state=BulkItem.State.WAITING).first()
        if item is None:
            return
        try:
            with transaction.atomic():
                item.event = _do(bulk, item.case)
            item.state = BulkItem.State.DONE
        except Refused as refused:
            item.state, item.reason, item.event = BulkItem.State.REFUSED, " ".join(refused.reasons), None
        except Exception:
            log.exception("Massåtgärd %s kunde inte göras i ärende %s; de andra görs ändå", bulk.pk, item.case_id)
            item.state, item.event = BulkItem.State.REFUSED, None
            item.reason = _("Ett tekniskt fel stoppade det. Försök igen i ärendet.")
        item.save(update_fields=["state", "reason", "event"])


def _do(bulk: Bulk, case: Case) -> Event | None:
    """The act on one case, with rights, step and state as they are now. Raises `Refused`."""
    user = User.objects.get(pk=bulk.by_id)  # the roles of this moment, not of when it was asked for
    seen = Case.objects.visible_to(user).select_related("owner", "round").filter(pk=case.pk).first()
    if seen is None:
        raise Refused(_("Du får inte längre se ärendet."))
    if reason := refuse(user, bulk.kind):
        raise Refused(reason)
    return DOES[bulk.kind](bulk, seen, user)


def _assign(bulk: Bulk, case: Case, user: User) -> Event:
    given = bulk.given
    if given["officer"] == BY_RULES:
        officer = officers.propose(case).officer
        if officer is None:
            raise Refused(_("Ingen regel föreslår en handläggare."))
    else:
        officer = User.objects.get(pk=given["officer"])
    if case.officer_id == officer.pk:
        raise Refused(_("%(who)s handlägger redan ärendet.") % {"who": officer})
    if (left := given.get("from")) and case.officer_id != left:
        raise Refused(_("Ärendet har redan gått till någon annan."))
    told = {"officer": officer, "reason": given.get("reason", ""), "bulk": bulk.pk}
    return _act("assign")(case, user, timezone.now(), told)


def _remind(bulk: Bulk, case: Case, user: User) -> Event:
    told = {"message": bulk.given.get("message", ""), "bulk": bulk.pk}
    return _act("remind")(case, user, timezone.now(), told)


def _export(bulk: Bulk, case: Case, user: User) -> None:
    """Nothing is done to the case, so its own history says nothing: reading is no act.

    What was taken out stands in two places that an auditor reads and nobody changes: here, a row for each case with its
    result, and in the log of exports, each time the file is fetched, with the numbers of the cases that were in it. The
    case's own page of access tells both its own exports and these (`exports.log_of`).
    """


def _act(name: str) -> Callable[..., Event]:
    performer = import_string(f"fundportal.actions.{name}")
    done: Callable[..., Event] = performer.perform
    return done


DOES: dict[str, Callable[[Bulk, Case, User], Event | None]] = {
    Bulk.Kind.ASSIGN: _assign,
    Bulk.Kind.REMIND: _remind,
    Bulk.Kind.EXPORT: _export,
}


def of(user: User) -> QuerySet[Bulk]:
    """Those that the person asked for; an auditor sees everyone's."""
    rows = Bulk.objects.select_related("by")
    return rows if Role.AUDITOR in user.grants.everywhere else rows.filter(by=user)


def tally(bulk: Bulk) -> dict[str, int]:
    """How many cases are waiting, done and refused."""
    found = dict(bulk.items.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: found.get(state.value, 0) for state in BulkItem.State}
