"""What is decided about a fund itself: its rules, its status and kommunfullmäktige's money, in the fund's own chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import flow, ledger
from fundportal.errors import Refused
from fundportal.formatting import day as said_day
from fundportal.formatting import kronor
from fundportal.models import Case, EntryKind, Event, Fund, FundRules, User
from fundportal.process import ENDS, Role, Step

LABELS: dict[str, StrOrPromise] = {
    "reserve": gettext_lazy("Registrera reservering"),
    "dissolve": gettext_lazy("Registrera upplösning av reserv"),
    "set_rules": gettext_lazy("Ändra fondens regler"),
    "set_status": gettext_lazy("Ändra fondens läge"),
    "grant_centrally": gettext_lazy("Registrera centralt beviljande"),
    "change_central_grant": gettext_lazy("Ändra centralt beviljande"),
    "pay_central_grant": gettext_lazy("Betala ur centralt beviljande"),
    "release_central_grant": gettext_lazy("Frigör resten av centralt beviljande"),
    "hand_back_central_grant": gettext_lazy("Registrera återlämnat ur centralt beviljande"),
    "correct_entry": gettext_lazy("Rätta en post"),
    "reconcile_fund": gettext_lazy("Stäm av fonden"),
    "lock_year": gettext_lazy("Lås böckerna för ett år"),
}
MONEY = (Role.CONTROLLER,)
RULES = (Role.CONTROLLER, Role.ADMINISTRATOR)
FORWARD: dict[str, tuple[str, ...]] = {
    Fund.Status.OPEN: (Fund.Status.CLOSED, Fund.Status.WINDING),
    Fund.Status.CLOSED: (Fund.Status.OPEN, Fund.Status.WINDING),
    Fund.Status.WINDING: (Fund.Status.OPEN, Fund.Status.CLOSED, Fund.Status.ENDED),
    Fund.Status.ENDED: (),
}
"""Where a fund may go from each status. An ended fund is not opened again: the city sets up a new one."""


SETTINGS = [
    field.name
    for field in FundRules._meta.concrete_fields
    if field.name not in ("id", "fund", "event", "valid_from", "decision")
]
"""What rules consist of. What new rules do not mention stays as it was."""


def rules(fund: Fund, day: date) -> FundRules:
    """The rules that hold on a day: the newest that had begun by then. Before any, those that ask for nothing."""
    found = FundRules.objects.filter(fund=fund, valid_from__lte=day).order_by("-valid_from", "-id").first()
    return found or FundRules(fund=fund, valid_from=date.min)


def rules_of(case: Case) -> FundRules:
    """The rules of a case: those that held when its round opened, so that nobody applies by rules that change."""
    known: FundRules | None = case.__dict__.get("_rules")
    if known is None:
        known = case.__dict__["_rules"] = rules(case.fund, case.round.opens_on)
    return known


def act(
    name: str,
    fund: Fund,
    user: User,
    at: datetime,
    given: dict[str, Any],
    body: Callable[[Event, Fund], None],
    *,
    key: UUID | None = None,
    roles: Sequence[Role] = MONEY,
) -> Event:
    """Do something in the fund's own chain: all of it or nothing, once for each `key`. The fund is locked meanwhile."""
    with transaction.atomic():
        locked = Fund.objects.select_for_update(no_key=True).get(pk=fund.pk)
        if key and (done := Event.objects.filter(key=key, fund=locked, by=user, action=name).first()):
            return done
        event = flow.record_fund(name, locked, user, at, given, key=key, roles=roles)
        body(event, locked)
    fund.refresh_from_db()
    return event


def reserve(
    fund: Fund, user: User, at: datetime, *, amount: Decimal, bokslut_year: int, decision: str, key: UUID | None = None
) -> Event:
    """Kommunfullmäktige has earmarked equity for the fund in a bokslut: it may now be applied for."""
    if fund.status in (Fund.Status.WINDING, Fund.Status.ENDED):
        raise Refused(_("Fonden är under avveckling eller avslutad. Ändra dess läge innan nya medel reserveras."))
    return _move("reserve", EntryKind.RESERVED, fund, user, at, amount, bokslut_year, decision, key)


def dissolve(
    fund: Fund, user: User, at: datetime, *, amount: Decimal, bokslut_year: int, decision: str, key: UUID | None = None
) -> Event:
    """Kommunfullmäktige has taken money back to equity; never more than is available."""
    return _move("dissolve", EntryKind.DISSOLVED, fund, user, at, amount, bokslut_year, decision, key)


def _move(
    name: str,
    kind: EntryKind,
    fund: Fund,
    user: User,
    at: datetime,
    amount: Decimal,
    bokslut_year: int,
    decision: str,
    key: UUID | None,
) -> Event:
    if amount <= 0:
        raise Refused(_("Beloppet ska vara större än noll."))
    if not decision.strip():
        raise Refused(_("Ange kommunfullmäktiges beslut: paragraf och datum."))

    def body(event: Event, locked: Fund) -> None:
        ledger.post(event, kind, amount, year=bokslut_year, text=decision.strip()[:200])

    given = {"amount": amount, "bokslut_year": bokslut_year, "decision": decision.strip()}
    return act(name, fund, user, at, given, body, key=key)


def set_rules(
    fund: Fund, user: User, at: datetime, *, valid_from: date, decision: str, key: UUID | None = None, **settings: Any
) -> Event:
    """New rules from a day on. What was applied for in rounds that opened before keeps the rules it had."""
    if not decision.strip():
        raise Refused(_("Ange beslutet som reglerna vilar på: vem, datum och paragraf."))
    if valid_from < timezone.localdate(at):
        raise Refused(
            _("Nya regler gäller från i dag eller senare. De regler som har gällt ändras inte i efterhand."),
            field="valid_from",
        )
    before = rules(fund, valid_from)
    model = settings.get("repayment_model", before.repayment_model)
    if model != Fund.RepaymentModel.SHARE:
        settings["repayment_share"] = Decimal(100 if model == Fund.RepaymentModel.FULL else 0)
    kept = {name: getattr(before, name) for name in SETTINGS}
    changed = {name: value for name, value in settings.items() if kept[name] != value}
    if not changed and before.pk:
        raise Refused(_("Inget har ändrats mot de regler som gäller från den dagen."))

    def body(event: Event, locked: Fund) -> None:
        FundRules.objects.create(
            fund=locked, event=event, valid_from=valid_from, decision=decision.strip()[:200], **(kept | changed)
        )

    given = {"valid_from": valid_from, "decision": decision.strip(), **changed}
    return act("set_rules", fund, user, at, given, body, key=key, roles=RULES)


def set_status(fund: Fund, user: User, at: datetime, *, status: str, decision: str, key: UUID | None = None) -> Event:
    """Open, close, wind down or end the fund. Cases that run are not touched; only to end it, all must be over."""
    if not decision.strip():
        raise Refused(_("Ange beslutet: vem, datum och paragraf."))

    def body(event: Event, locked: Fund) -> None:
        if status not in FORWARD[locked.status]:
            raise Refused(
                _("Fonden är %(now)s och kan inte bli %(then)s.")
                % {"now": locked.get_status_display().lower(), "then": str(Fund.Status(status).label).lower()},
                field="status",
            )
        if status == Fund.Status.ENDED and (left := what_is_left(locked)):
            raise Refused(*left, field="status")
        locked.status = status
        locked.save(update_fields=["status"])

    given = {"status": status, "decision": decision.strip()}
    return act("set_status", fund, user, at, given, body, key=key, roles=RULES)


def what_is_left(fund: Fund) -> list[str]:
    """What stands in the way of ending the fund: cases that run, money that is bound or not given back."""
    left = []
    if running := Case.objects.filter(fund=fund).exclude(step__in=ENDS).count():
        left.append(_("%(count)d ärenden pågår. De ska avslutas innan fonden gör det.") % {"count": running})
    position = ledger.position(fund)
    if position.earmarked:
        left.append(
            _("%(money)s är intecknat och ska betalas ut eller frigöras.") % {"money": kronor(position.earmarked)}
        )
    if position.available:
        left.append(
            _("%(money)s är disponibelt och ska upplösas av kommunfullmäktige.") % {"money": kronor(position.available)}
        )
    return left


def closed_because(fund: Fund) -> str | None:
    """Why no new idea may begin in the fund, in words, or nothing while it is open."""
    match fund.status:
        case Fund.Status.CLOSED:
            return _("Fonden är stängd för nya ärenden. Ärenden som pågår fortsätter.")
        case Fund.Status.WINDING:
            return _("Fonden är under avveckling och tar inte emot nya idéskisser. Ärenden som pågår fortsätter.")
        case Fund.Status.ENDED:
            return _("Fonden är avslutad.")
    return None


def since(fund: Fund) -> str:
    """Since when the fund has its status, in words; empty when it never had another."""
    event = fund.events.filter(action="set_status").order_by("-no").first()
    return said_day(timezone.localdate(event.at)) if event else ""


def applied_for(fund: Fund) -> Decimal:
    """Kronor asked for in applications that are being prepared: one figure of the fund, which names no case."""
    under_way = Case.objects.filter(fund=fund, step__in=(Step.PREPARATION, Step.DECISION, Step.BOARD))
    asked: Decimal | None = under_way.aggregate(sum=Sum("requested"))["sum"]
    return asked or Decimal(0)
