"""What must be in place between boards that run a project together, in words."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from applications.needs.sheets import sheet_of
from applications.sheets.lapse import partner_states
from applications.sheets.parts import partners
from fundportal import formatting
from fundportal.models import Case, Party, User
from fundportal.process import Role


def partners_have_accepted(case: Case, at: datetime) -> str | None:
    """Every invited board has said yes, or its invitation is withdrawn."""
    waiting = [party.namnd.name for party in _awaiting(case)]
    if not waiting:
        return None
    return _("%(names)s har inte tackat ja till partnerskapet ännu.") % {"names": formatting.in_words(waiting)}


def partners_are_ready(case: Case, at: datetime) -> str | None:
    """Every partner has filled in its own part, marked it as ready, and had it endorsed by its manager."""
    taking_part = [party for party in partners(case) if party.accepted_at]
    lacks = [state.lack for state in partner_states(sheet_of(case).filled(case), taking_part) if state.lack]
    return " ".join(lacks) or None


def partnership_awaits(case: Case, at: datetime) -> str | None:
    """There is an invitation to answer."""
    return None if _awaiting(case) else _("Ingen inbjudan till partnerskap väntar på svar.")


def a_part_is_unfinished(case: Case, at: datetime) -> str | None:
    """Some partner has not said that its part is ready."""
    states = partner_states(sheet_of(case).filled(case), partners(case))
    if any(state.accepted and state.done is None for state in states):
        return None
    return _("Alla partner har märkt sina delar som klara.") if states else _("Ärendet har ingen partner.")


def a_part_awaits_endorsement(case: Case, at: datetime) -> str | None:
    """Some partner has said that its part is ready, and no manager there has endorsed it as it stands."""
    states = partner_states(sheet_of(case).filled(case), partners(case))
    if any(state.done and not state.holds for state in states):
        return None
    return _("Ingen del väntar på tillstyrkan. En sökande hos partnern märker först delen som klar.")


def no_invitation_awaits(case: Case, user: User) -> str | None:
    """There is no invitation to take back."""
    return partnership_awaits(case, case.entered_at)


def _awaiting(case: Case) -> list[Party]:
    return [party for party in partners(case) if party.accepted_at is None]


def is_not_partner(case: Case, user: User) -> str | None:
    """Only an invited board's manager answers the invitation."""
    managed = set(user.grants.namnder(Role.MANAGER))
    if managed & {namnd for namnd, part in case.party_list if part == Party.Part.PARTNER}:
        return None
    return _("Inbjudan besvaras av en chef på den nämnd som är inbjuden.")


def is_not_partners_manager(case: Case, user: User) -> str | None:
    """Only a partner's manager endorses its part, or leaves."""
    managed = set(user.grants.namnder(Role.MANAGER))
    if managed & {party.namnd_id for party in partners(case) if party.accepted_at}:
        return None
    return _("Det här görs av en chef på en nämnd som är partner.")


def is_not_partners_applicant(case: Case, user: User) -> str | None:
    """Only a partner's applicant says that its part is ready."""
    written = set(user.grants.namnder(Role.APPLICANT))
    if written & {party.namnd_id for party in partners(case) if party.accepted_at}:
        return None
    return _("Det här görs av en sökande på en nämnd som är partner.")
