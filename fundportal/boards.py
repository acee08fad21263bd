"""The city's boards: one is added, its particulars change, one ends and another takes over. An administrator does it.

Nothing is taken from anyone: a board that has ended still owns its cases, and roles on it stay. Rows of repayment plans
after its last day wait for the director's decision to hand them over.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import flow, hooks, house
from fundportal.errors import Refused
from fundportal.formatting import day
from fundportal.models import Case, Event, Namnd, OfficerRule, Party, User, holdings
from fundportal.process import OPEN, Role

DONE = {
    "add_namnd": gettext_lazy("En nämnd lades upp"),
    "change_namnd": gettext_lazy("Uppgifter om en nämnd ändrades"),
    "end_namnd": gettext_lazy("En nämnds sista dag bestämdes"),
    "keep_namnd": gettext_lazy("En nämnds sista dag togs bort"),
}
house.LABELS |= DONE


@transaction.atomic
def add(
    by: User, at: datetime, *, name: str, short: str, code: str, kind: str, email: str, active_from: date, decision: str
) -> Namnd:
    """A new board, by the decision that made it; its abbreviation and kind are never changed. Raises `Refused`."""
    told = {"name": name, "short": short, "code": code, "kind": kind, "email": email, "active_from": active_from}
    decision = _decided(decision)
    if any(code.casefold() == other.code.casefold() for other in _locked().values()):
        raise Refused(_("Förkortningen %(code)s används redan av en annan nämnd.") % {"code": code}, field="code")
    namnd = Namnd.objects.create(**told)
    _record("add_namnd", by, at, {"namnd": namnd, **told, "decision": decision})
    return namnd


@transaction.atomic
def change(by: User, at: datetime, namnd: Namnd, *, name: str, short: str, email: str, active_from: date) -> None:
    """Its name, address or first day, put right or made new; papers that are printed keep the name it had."""
    boards = _locked()
    told: dict[str, Any] = {"name": name, "short": short, "email": email, "active_from": active_from}
    was = {field: getattr(boards[namnd.pk], field) for field in told}
    changed = {field: value for field, value in told.items() if was[field] != value}
    if not changed:
        return
    last_day = boards[namnd.pk].active_to
    if last_day and active_from > last_day:
        raise Refused(_("Första dagen kan inte vara efter den sista, %s.") % day(last_day), field="active_from")
    for other in _before(namnd, boards):
        if other.active_to and active_from > (needed := other.active_to + timedelta(days=1)):
            raise Refused(_lacks(other, needed), field="active_from")
    for field, value in changed.items():
        setattr(namnd, field, value)
    namnd.save(update_fields=list(changed))
    _record("change_namnd", by, at, {"namnd": namnd, **changed, "was": {field: was[field] for field in changed}})


@transaction.atomic
def end(by: User, at: datetime, namnd: Namnd, *, last_day: date | None, successor: Namnd | None, decision: str) -> None:
    """Decide the board's last day and who takes over; `last_day` None lets it go on. Raises `Refused`.

    May be said anew when the day was wrong, and of a day that has passed: the history keeps every saying.
    """
    boards, decision = _locked(), _decided(decision)
    was = boards[namnd.pk]
    if last_day is None:
        _refuse_keeping(was, successor)
    else:
        _refuse_ending(was, last_day, boards)
        if successor is not None:
            _refuse_successor(was, last_day, boards[successor.pk], boards)
    namnd.active_to, namnd.successor = last_day, successor
    namnd.save(update_fields=["active_to", "successor"])
    before = {"last_day": was.active_to, "successor": was.successor_id} if was.active_to else None
    told = {"namnd": namnd, "last_day": last_day, "successor": successor, "decision": decision, "was": before}
    _record("end_namnd" if last_day else "keep_namnd", by, at, told)


def _locked() -> dict[int, Namnd]:
    """Every board, held until the act is done: whoever takes over depends on the others' dates."""
    return {it.pk: it for it in Namnd.objects.select_for_update(no_key=True).order_by("pk")}


def _decided(decision: str) -> str:
    if not decision.strip():
        raise Refused(_("Ange beslutet: vem, datum och paragraf."), field="decision")
    return decision.strip()


def _before(namnd: Namnd, boards: dict[int, Namnd]) -> list[Namnd]:
    """The boards that this one took over from."""
    return [it for it in boards.values() if it.successor_id == namnd.pk]


def _lacks(other: Namnd, needed: date) -> str:
    return _("Nämnden tar över efter %(other)s och behöver finnas den %(day)s.") % {
        "other": other.name,
        "day": day(needed),
    }


def _refuse_keeping(was: Namnd, successor: Namnd | None) -> None:
    if successor is not None:
        raise Refused(_("En nämnd som finns tills vidare har ingen efterträdare."), field="successor")
    if was.active_to is None:
        raise Refused(_("Nämnden finns redan tills vidare."))


def _refuse_ending(was: Namnd, last_day: date, boards: dict[int, Namnd]) -> None:
    if last_day < was.active_from:
        first = day(was.active_from)
        raise Refused(_("Sista dagen kan inte vara före nämndens första, %s.") % first, field="last_day")
    for other in _before(was, boards):
        if other.active_to and last_day < (needed := other.active_to + timedelta(days=1)):
            raise Refused(_lacks(other, needed), field="last_day")


def _refuse_successor(was: Namnd, last_day: date, heir: Namnd, boards: dict[int, Namnd]) -> None:
    if heir.pk == was.pk:
        raise Refused(_("En nämnd kan inte efterträda sig själv. Välj en annan."), field="successor")
    later, passed = heir.successor_id, {heir.pk}
    while later is not None and later not in passed:
        if later == was.pk:
            told = {"heir": heir.name, "was": was.name}
            raise Refused(
                _("%(heir)s lämnar över till %(was)s, och kan inte själv ta över efter den.") % told, field="successor"
            )
        passed.add(later)
        later = boards[later].successor_id
    needed = last_day + timedelta(days=1)
    if not heir.exists_on(needed):
        told = {"heir": heir.name, "day": day(needed)}
        raise Refused(
            _("%(heir)s finns inte den %(day)s, dagen efter den sista. Välj en nämnd som finns då.") % told,
            field="successor",
        )


def _record(name: str, by: User, at: datetime, told: dict[str, Any]) -> None:
    given = {key: value for key, value in told.items() if value not in (None, "")}
    flow.record_house(name, by, at, given, role=Role.ADMINISTRATOR)


def touched(namnd: Namnd) -> list[hooks.Touch]:
    """What hangs on a board and is touched when it ends, counted: a constant number of questions, and no case named."""
    cases = Case.objects.filter(step__in=OPEN)
    takes_part = Q(parties__namnd=namnd, parties__part=Party.Part.PARTNER)
    rules = OfficerRule.objects.filter(namnd=namnd).count()
    people = {held.user for held in holdings.of_everyone() if held.place == "n" and held.pk == namnd.pk}
    return [
        hooks.Touch(
            _("Öppna ärenden som nämnden äger"),
            cases.filter(owner=namnd).count(),
            _("Nämnden står kvar som projektägare. De som har roller i den sköter ärendena tills de är avslutade."),
        ),
        hooks.Touch(
            _("Öppna ärenden där nämnden är partner"),
            cases.filter(takes_part).distinct().count(),
            _("Nämnden står kvar som partner."),
        ),
        *hooks.board_touches(namnd),
        hooks.Touch(
            _("Personer med roll i nämnden"),
            len(people),
            _("Rollerna tas inte bort: de som har suttit i nämnden läser dess ärenden även efteråt."),
            f"{reverse('people')}?namnd={namnd.pk}",
        ),
        hooks.Touch(
            _("Regler för handläggare"), rules, _("Reglerna står kvar för nämndens ärenden."), reverse("officer_rules")
        ),
    ]


def events(namnd: Namnd) -> QuerySet[Event]:
    """What was done to a board here, the newest first."""
    done = Event.objects.filter(case=None, fund=None, action__in=DONE, data__namnd=namnd.pk)
    return done.defer("body").prefetch_related("entries").order_by("-no")
