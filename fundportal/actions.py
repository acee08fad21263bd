"""The kernel's own acts: those that belong to no phase."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import closing, documents, notices
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import Case, Event, Jav, User
from fundportal.process import BEFORE_BOARD, ENDS, Role, Step


@action
def assign(event: Event, *, officer: User, reason: str = "", bulk: int | None = None) -> None:
    """Another officer takes the case over, or its first one is named. Both are told. `bulk`: an act on many cases."""
    case = cast(Case, event.case)
    if Role.OFFICER not in officer.grants.everywhere:
        raise Refused(_("%(who)s är inte handläggare på stadsledningskontoret. Välj någon annan.") % {"who": officer})
    if Jav.objects.standing().filter(case=case, user=officer).exists():
        raise Refused(_("%(who)s har anmält jäv i ärendet. Välj någon annan.") % {"who": officer})
    case.officer = officer
    case.save(update_fields=["officer"])


@action
def remind(event: Event, *, message: str = "", bulk: int | None = None) -> None:
    """Remind those whose turn it is, by letter. `bulk`: an act on many cases."""
    if not notices.whose_turn(event):
        raise Refused(_("Det finns ingen att påminna: rollen vars tur det är har ingen innehavare i ärendet."))


@action
def declare_jav(event: Event, *, reason: str) -> None:
    """Declare jäv (KL 6:28–32, 7:4): from now on the person may neither read nor act in the case."""
    case = cast(Case, event.case)
    Jav.objects.create(case=case, user=cast(User, event.by), event=event)
    if case.officer_id == event.by_id:
        case.officer = None
        case.save(update_fields=["officer"])


@action
def withdraw(event: Event, *, reason: str) -> None:
    """The applicant takes the case back before it has gone to kommunstyrelsen."""
    case = cast(Case, event.case)
    case.closed_because = _("Återtaget av sökanden: %(reason)s") % {"reason": reason[:150]}
    case.save(update_fields=["closed_because"])


def step_it_left(case: Case, given: dict[str, Any]) -> Step:
    """Where the case stood before it came to its end."""
    last = case.events.filter(to_step=case.step).exclude(from_step=case.step).order_by("-no").first()
    left = Step(last.from_step) if last else Step.IDEA
    return left if left in (*BEFORE_BOARD, Step.BOARD) else Step.PREPARATION


@action(leads_to=step_it_left)
def reopen(event: Event, *, reason: str, signed_sha256: str = "") -> None:
    """Take a rejected or withdrawn case up again; the old decision stands beside the new."""
    case = cast(Case, event.case)
    case.closed_because, case.archived_at = "", None
    if case.officer and not case.officer.is_active:
        case.officer = None
    case.save(update_fields=["closed_because", "archived_at", "officer"])


@action
def archive(
    event: Event, *, weeded: bool, drafts: int = 0, loose_files: int = 0, delivered_on: date | None = None
) -> None:
    """Close the file: drafts never handed in and loose files are weeded, and a paper tells what went and what is kept.

    `drafts` and `loose_files` are how many the officer was shown; if there are others now she looks again.
    """
    case = cast(Case, event.case)
    if case.step not in ENDS or not weeded:
        raise Refused(_("Bekräfta att akten är rensad innan ärendet arkiveras."))
    if delivered_on and delivered_on > timezone.localdate(event.at):
        raise Refused(_("Akten kan inte ha levererats till e-arkivet i framtiden. Skriv dagen då det skedde."))
    found = closing.weeding(case)
    if (drafts, loose_files) != (found.drafts, len(found.files)):
        raise Refused(_("Det som ska rensas har ändrats sedan du såg listan. Läs den igen."))
    documents.freeze(event, "weeding", _("Rensning av akten"), closing.weeding_list(case, found))
    closing.weed(case, found)
    case.archived_at = event.at
    case.save(update_fields=["archived_at"])
