"""The acts by which boards run a project together: inviting, answering, writing one's own part, leaving."""

from __future__ import annotations

from typing import cast

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Endorsement, PartnerDone, SheetName
from applications.needs import sheet_of
from applications.sheets.lapse import partner_states, written
from applications.sheets.parts import partners
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import Case, Event, Namnd, Party, User
from fundportal.process import Role


def _case(event: Event) -> Case:
    return cast(Case, event.case)


@action
def invite_partner(event: Event, *, namnd: Namnd) -> None:
    """Invite a board to run the project together. Its people read the draft, and write once it has said yes."""
    case = _case(event)
    if not namnd.exists_on(timezone.localdate(event.at)):
        raise Refused(_("%(namnd)s finns inte längre. Välj den nämnd som har tagit över.") % {"namnd": namnd})
    if case.parties.filter(namnd=namnd, part__in=(Party.Part.OWNER, Party.Part.PARTNER)).exists():
        raise Refused(_("%(namnd)s är redan med i ärendet.") % {"namnd": namnd})
    Party.objects.create(case=case, namnd=namnd, part=Party.Part.PARTNER, since=event.at)


@action
def withdraw_invitation(event: Event, *, namnd: Namnd, reason: str = "") -> None:
    """Take back an invitation that has not been answered: the board sees the draft no more."""
    waiting = _case(event).parties.filter(part=Party.Part.PARTNER, accepted_at=None, namnd=namnd)
    if not waiting.exists():
        raise Refused(_("%(namnd)s har ingen inbjudan som väntar på svar.") % {"namnd": namnd})
    waiting.delete()


@action
def accept_partnership(event: Event, *, namnd: Namnd, accepts: bool = True, comment: str = "") -> None:
    """Answer an invitation for one's board. A board that says no takes no part, and sees the draft no more."""
    waiting = _case(event).parties.filter(part=Party.Part.PARTNER, accepted_at=None, namnd=namnd)
    if namnd.pk not in cast(User, event.by).grants.namnder(Role.MANAGER):
        raise Refused(_("Inbjudan besvaras av en chef på %(namnd)s.") % {"namnd": namnd})
    if not waiting.exists():
        raise Refused(_("%(namnd)s har ingen inbjudan som väntar på svar.") % {"namnd": namnd})
    if accepts:
        waiting.update(accepted_at=event.at)
    else:
        waiting.delete()


@action
def leave_partnership(event: Event, *, namnd: Namnd, reason: str) -> None:
    """Leave a partnership that one's board has said yes to. What it wrote is kept, but is no part of the draft."""
    mine = _case(event).parties.filter(part=Party.Part.PARTNER, accepted_at__isnull=False, namnd=namnd)
    if namnd.pk not in cast(User, event.by).grants.namnder(Role.MANAGER) or not mine.exists():
        raise Refused(_("Partnerskapet lämnas av en chef på en nämnd som är partner."))
    mine.delete()


@action
def complete_part(event: Event, *, namnd: Namnd) -> None:
    """Say that one's own part is ready (klar från oss) as it stands; the board's manager is asked to endorse it."""
    case = _case(event)
    if namnd.pk not in cast(User, event.by).grants.namnder(Role.APPLICANT):
        raise Refused(_("Delen märks klar av en sökande på %(namnd)s.") % {"namnd": namnd})
    filled = sheet_of(case).filled(case)
    state = next((it for it in partner_states(filled, partners(case)) if it.namnd.pk == namnd.pk), None)
    if state is None or not state.accepted:
        raise Refused(_("%(namnd)s är inte partner i ärendet.") % {"namnd": namnd})
    if not state.whole:
        gaps = [gap.text for gap in filled.gaps() if gap.part == state.slug]
        raise Refused(*gaps or [_("Fyll i er del först.")])
    if state.done:
        raise Refused(_("Delen är redan märkt som klar."))
    PartnerDone.objects.create(
        case=case, event=event, sheet=filled.sheet.name, namnd=namnd, digest=filled.digest_of(state.slug)
    )


@action
def endorse_part(event: Event, *, namnd: Namnd, comment: str = "", digest: str = "") -> None:
    """Endorse exactly what one's board's own part says now. A changed letter lets the endorsement lapse."""
    case, by = _case(event), cast(User, event.by)
    if namnd.pk not in by.grants.namnder(Role.MANAGER):
        raise Refused(_("Delen tillstyrks av en chef på %(namnd)s.") % {"namnd": namnd})
    filled = sheet_of(case).filled(case)
    state = next((it for it in partner_states(filled, partners(case)) if it.namnd.pk == namnd.pk), None)
    if state is None or state.done is None:
        raise Refused(state.lack if state else _("%(namnd)s är inte partner i ärendet.") % {"namnd": namnd})
    now = filled.digest_of(state.slug)
    if digest and digest != now:
        raise Refused(_("Innehållet ändrades medan du läste. Läs det igen och tillstyrk om det fortfarande stämmer."))
    if filled.drafts[state.slug].written_by.filter(pk=by.pk).exists():
        raise Refused(_("Du har själv skrivit i delen. En annan chef behöver tillstyrka den (fyra ögon)."))
    Endorsement.objects.create(
        case=case,
        event=event,
        sheet=SheetName(filled.sheet.name),
        namnd=namnd,
        digest=now,
        sections=written(filled, namnd.pk),
        by=by,
        at=event.at,
        comment=comment,
    )
