"""What must be in place before a decision about an application, in words."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Proposal, Route
from applications.models.decision import delegated, delegation_for
from applications.sheets.opinion import OPINION
from fundportal import ledger
from fundportal.formatting import in_words, kronor
from fundportal.models import Account, Case


def opinion_is_complete(case: Case, at: datetime) -> str | None:
    """Every heading of the tjänsteutlåtande is written, the gender analysis included."""
    filled = OPINION.filled(case)
    parts = list(dict.fromkeys(str(gap.part_title) for gap in filled.gaps()))
    if not parts:
        return None
    return _("Skriv klart tjänsteutlåtandet. Uppgifter saknas under %(parts)s.") % {
        "parts": in_words([f"”{part}”" for part in parts])
    }


def calculation_is_checked(case: Case, at: datetime) -> str | None:
    """A controller has looked at the calculation of the application that now lies here (two pairs of eyes)."""
    newest = case.events.filter(action__in=("submit_application", "check_calculation")).order_by("-no").first()
    if newest is not None and newest.action == "check_calculation":
        return None
    return _("En controller ska granska kalkylen i ansökan först (två par ögon).")


def request_is_covered(case: Case, at: datetime) -> str | None:
    """What is proposed, or else what is asked for, can be taken from what the fund has available."""
    amount = proposed_amount(OPINION.filled(case).cleaned("beslut"))
    wanted = amount if amount is not None else case.requested
    available = ledger.balance(case.fund, Account.FUND)
    if wanted is None or wanted <= available:
        return None
    return _("Fonden har %(available)s disponibelt, men %(wanted)s behövs. Sänk beloppen i tjänsteutlåtandet.") % {
        "available": kronor(available),
        "wanted": kronor(wanted),
    }


def proposed_amount(proposed: dict[str, Any]) -> Decimal | None:
    """The sum of the rows of a filled-in proposal; nothing while it is not whole."""
    return sum((row["amount"] for row in proposed["rows"]), Decimal(0)) if proposed else None


def delegation_is_valid(case: Case, at: datetime) -> str | None:
    """When the director is to decide on delegation, a delegation holds today and reaches to the amount."""
    proposal = Proposal.objects.filter(case=case).first()
    if proposal is None:
        return _("Det finns inget förslag att besluta om. Återlämna ärendet till handläggaren.")
    if proposal.route != Route.DELEGATION or delegation_for(timezone.localdate(at), proposal.amount):
        return None
    return _(
        "Ingen delegation gäller i dag för %(amount)s. Återlämna förslaget så att det kan gå till kommunstyrelsen."
    ) % {"amount": kronor(proposal.amount)}


def delegated_decision_is_reported(case: Case, at: datetime) -> str | None:
    """A decision on delegation has been reported to kommunstyrelsen (KL 6:40, 7:8)."""
    decision = delegated(case)
    if decision is None or decision.paragraph:
        return None
    return _("Beslutet på delegation är inte anmält till kommunstyrelsen. Anmäl det först.")


def delegated_decision_is_unreported(case: Case, at: datetime) -> str | None:
    """A decision on delegation waits to be reported to kommunstyrelsen, once."""
    decision = delegated(case)
    if decision is None:
        return _("Ärendet har inget beslut på delegation att anmäla.")
    return _("Beslutet är redan anmält till kommunstyrelsen.") if decision.paragraph else None
