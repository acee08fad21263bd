"""Impartiality: yearly declarations, ties that are judged, and jäv that another person withdraws."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import ties
from fundportal.declarations import DECLARES
from fundportal.errors import Refused
from fundportal.flow import action, record_house
from fundportal.models import Case, Declaration, Event, Interest, Jav, TieJudgement, User

LEAST = 20


@action
def withdraw_jav(event: Event, *, person: User, reason: str) -> None:
    """Another than the person finds that there is no jäv, or no longer: she may read and act in the case again.

    Whoever has jäv may not take part in the question of her own jäv (KL 6:30 and 7:4). What she had said stays void.
    """
    case = cast(Case, event.case)
    standing = Jav.objects.standing().filter(case=case, user=person).first()
    if standing is None:
        raise Refused(_("%(who)s har inget jäv i ärendet.") % {"who": person})
    if len(reason.strip()) < LEAST:
        raise Refused(_("Motivera med minst %(least)d tecken varför jävet inte finns längre.") % {"least": LEAST})
    standing.withdrawal = event
    standing.save(update_fields=["withdrawal"])


@action
def judge_tie(event: Event, *, person: User, is_jav: bool, reason: str) -> None:
    """The chair or an officer judges a person's tie to the case. If it is jäv, the case is closed to her at once."""
    case, by = cast(Case, event.case), cast(User, event.by)
    if person == by:
        raise Refused(_("Din egen koppling bedöms av någon annan."))
    found = dict((user.pk, texts) for user, texts in ties.unjudged(case))
    if person.pk not in found:
        raise Refused(_("%(who)s har ingen koppling som väntar på bedömning.") % {"who": person})
    if len(reason.strip()) < LEAST:
        raise Refused(_("Motivera bedömningen med minst %(least)d tecken.") % {"least": LEAST})
    TieJudgement.objects.create(
        case=case, user=person, ties="\n".join(found[person.pk]), is_jav=is_jav, reason=reason, event=event
    )
    if is_jav:
        close_to(case, person, event)


def close_to(case: Case, person: User, event: Event) -> None:
    """Close the case to a person with jäv; if she was its officer, it has none."""
    Jav.objects.create(case=case, user=person, event=event)
    if case.officer_id == person.pk:
        case.officer = None
        case.save(update_fields=["officer"])


@transaction.atomic
def declare_interests(
    user: User, at: datetime, *, interests: Sequence[dict[str, Any]], key: UUID | None = None
) -> Declaration:
    """A person's declaration for the year; none is an answer too. A later one the same year takes its place."""
    if not user.grants.everywhere & set(DECLARES):
        raise Refused(_("Bindningar anmäls av rådets ledamöter och av dem som handlägger och beslutar."))
    if any(not row.get("namnd") and not row.get("organisation", "").strip() for row in interests):
        raise Refused(_("Välj nämnd eller skriv organisation på varje rad."))
    year = timezone.localdate(at).year
    told = [
        {"namnd": row.get("namnd"), "organisation": row.get("organisation", ""), "text": row["text"]}
        for row in interests
    ]
    event = record_house("declare_interests", user, at, {"year": year, "interests": told}, role=None, key=key)
    if known := Declaration.objects.filter(event=event).first():
        return known
    declaration = Declaration.objects.create(user=user, year=year, at=at, event=event)
    Interest.objects.bulk_create(Interest(declaration=declaration, **row) for row in told)
    return declaration
