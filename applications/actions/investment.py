"""The investment phase: its steering group, the money asked for and paid, and its end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import money
from applications.models import Requisition, SteeringMember
from applications.models.investment import standing
from applications.sheets.money import boards
from fundportal import documents, ledger, roles
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import day, in_words, kronor
from fundportal.models import Case, EntryKind, Event, Jav, Namnd, Upload, Use, User
from fundportal.process import Role

ZERO = Decimal(0)
LEAST = 100


@action
def appoint_steering_group(event: Event, *, members: list[dict[str, Any]]) -> None:
    """A chair and one from each nämnd concerned. Who is left out of a new group sits no longer, and her rights end.

    Who sits on as before keeps her first day.
    `members`: `{"user": User, "namnd": Namnd, "chair": bool, "since": date}`.
    """
    case = cast(Case, event.case)
    if faults := _faults(case, members):
        raise Refused(*faults)
    today = timezone.localdate(event.at)
    asked = {(row["user"].pk, row["namnd"].pk, bool(row["chair"])) for row in members}
    stay = set()
    for member in SteeringMember.objects.filter(case=case, until__isnull=True).select_related("user"):
        seat = (member.user_id, member.namnd_id, member.chair)
        if seat in asked:
            stay.add(seat)
            continue
        roles.take(member.user, Role.STEERING, case)
        member.until = max(today, member.since)
        member.save(update_fields=["until"])
    for row in members:
        if (row["user"].pk, row["namnd"].pk, bool(row["chair"])) in stay:
            continue
        SteeringMember.objects.create(
            case=case, event=event, user=row["user"], namnd=row["namnd"], chair=row["chair"], since=row["since"]
        )
        roles.give(row["user"], Role.STEERING, case)


def _faults(case: Case, members: list[dict[str, Any]]) -> list[str]:
    people = [cast(User, row["user"]) for row in members]
    faults = []
    if sum(bool(row["chair"]) for row in members) != 1:
        faults.append(_("Utse en ordförande, och bara en."))
    if len({person.pk for person in people}) < len(people):
        faults.append(_("Samma person står på flera rader. Ta bort den ena."))
    sits = {row["namnd"].pk for row in members}
    if absent := [namnd.name for namnd in boards(case) if namnd.pk not in sits]:
        faults.append(_("Varje berörd nämnd ska ha minst en ledamot. Det saknas från %s.") % in_words(absent))
    declared = set(Jav.objects.standing().filter(case=case, user__in=people).values_list("user", flat=True))
    for person in people:
        if not person.is_active or person.is_superuser:
            faults.append(_("%s är inte en aktiv användare i portalen och kan inte utses.") % person.get_full_name())
        if person.pk in declared:
            faults.append(_("%s har anmält jäv i ärendet. Välj någon annan.") % person.get_full_name())
    return faults


@action
def requisition(
    event: Event,
    *,
    year: int,
    use: str,
    namnd: Namnd,
    amount: Decimal,
    purpose: str,
    attachments: list[Upload] | None = None,
) -> None:
    """A nämnd asks for money, of what is granted for the year and the use and not asked for before."""
    case, asker = cast(Case, event.case), cast(User, event.by)
    if namnd.pk not in {board.pk for board in boards(case)}:
        raise Refused(_("Pengar kan bara gå till projektägaren eller en partner som har tackat ja."))
    if Role.APPLICANT not in asker.grants.on_namnd.get(namnd.pk, set()):
        raise Refused(_("Du kan bara rekvirera för en nämnd där du är sökande."))
    if amount <= 0:
        raise Refused(_("Beloppet ska vara större än noll."))
    free = next((line.free for line in standing(case) if (line.year, line.use) == (year, use)), ZERO)
    if amount > free:
        raise Refused(
            _("För %(use)s %(year)s är %(free)s kvar, inte %(amount)s. Sänk beloppet eller begär en ändring.")
            % {"use": str(Use(use).label).lower(), "year": year, "free": kronor(free), "amount": kronor(amount)}
        )
    last = Requisition.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    Requisition.objects.create(
        case=case,
        event=event,
        number=last + 1,
        year=year,
        use=use,
        namnd=namnd,
        amount=amount,
        purpose=purpose,
        by=asker,
    )


@action
def pay(
    event: Event,
    *,
    requisition: Requisition,
    pays: bool = True,
    amount: Decimal | None = None,
    voucher: str = "",
    booked_on: date | None = None,
    reason: str = "",
) -> None:
    """The controller pays what was asked for or less, or refuses with a reason. The rest may be asked for again."""
    case = cast(Case, event.case)
    asked = Requisition.objects.filter(case=case, pk=requisition.pk, status=Requisition.Status.AWAITING).first()
    if asked is None:
        raise Refused(_("Rekvisitionen är redan hanterad. Läs om sidan."))
    asked.handled = event
    if pays:
        _pay(event, asked, asked.amount if amount is None else amount, voucher.strip(), booked_on)
    else:
        if not reason.strip():
            raise Refused(_("Skriv varför rekvisitionen avslås."))
        asked.status = Requisition.Status.REFUSED
    asked.reason = reason.strip()
    asked.save()


def _pay(event: Event, asked: Requisition, amount: Decimal, voucher: str, booked_on: date | None) -> None:
    if not 0 < amount <= asked.amount:
        raise Refused(_("Betala ut minst 1 kr och högst det rekvirerade, %(asked)s.") % {"asked": kronor(asked.amount)})
    if not voucher or booked_on is None:
        raise Refused(_("Fyll i verifikationsnummer och bokföringsdag."))
    if booked_on > timezone.localdate(event.at):
        raise Refused(_("Bokföringsdagen kan inte ligga framåt i tiden."))
    asked.status, asked.paid, asked.voucher, asked.booked_on = Requisition.Status.PAID, amount, voucher, booked_on
    ledger.post(event, EntryKind.PAID, amount, year=asked.year, use=asked.use, namnd=asked.namnd, text=voucher)


@action
def close_investment(
    event: Event, *, handed_back: Decimal = ZERO, voucher: str = "", namnd: Namnd | None = None, note: str = ""
) -> None:
    """The phase ends: what was granted and never paid is released, what was paid and not used is handed back.

    Money handed back is not a saving returned; the evaluation is due 90 days from now.
    """
    money.settle_accounts(event, handed_back=handed_back, voucher=voucher.strip(), namnd=namnd)


@action
def discontinue(
    event: Event,
    *,
    reason: str,
    handed_back: Decimal = ZERO,
    voucher: str = "",
    namnd: Namnd | None = None,
    signed_sha256: str = "",
) -> None:
    """The director breaks the project off, with reasons; its money is accounted for and nothing is left waiting."""
    case = cast(Case, event.case)
    if len(reason.strip()) < LEAST:
        raise Refused(_("Skriv skälet med minst %d tecken.") % LEAST)
    money.drop_what_waits(event, _("Projektet avbröts den %s.") % day(timezone.localdate(event.at)))
    investment = money.settle_accounts(event, handed_back=handed_back, voucher=voucher.strip(), namnd=namnd)
    case.closed_because = _("Avbrutet genom beslut av stadsdirektören")
    case.save(update_fields=["closed_because"])
    position = ledger.position(case.fund, case)
    documents.freeze(
        event,
        "decision",
        _("Beslut att avbryta: %s") % case.title,
        {
            "sections": [
                {"title": _("Beslutet"), "text": _("Stadsdirektören beslutar att projektet avbryts.")},
                {"title": _("Motivering"), "text": reason},
                {
                    "title": _("Projektets pengar"),
                    "rows": [
                        [_("Beviljat"), kronor(position.granted)],
                        [_("Utbetalt"), kronor(position.paid)],
                        [_("Frigjort, aldrig utbetalt"), kronor(position.released)],
                        [_("Återlämnat av utbetalt"), kronor(investment.handed_back)],
                        [_("Nettokostnad för fonden"), kronor(position.net_granted)],
                    ],
                },
            ]
        },
    )
