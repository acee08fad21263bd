"""The investment phase: its steering group, and its end with the money accounted for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import money
from applications.models import SteeringMember
from applications.sheets.money import boards
from fundportal import documents, ledger, roles
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import day, in_words, kronor
from fundportal.models import Case, Event, Jav, Namnd, User
from fundportal.process import Role

ZERO = Decimal(0)
LEAST = 100


@action
def appoint_steering_group(event: Event, *, members: list[dict[str, Any]], last_day: date | None = None) -> None:
    """A chair and one from each nämnd concerned. Who is left out of a new group sits no longer, and her rights end.

    Who sits on as before keeps her first day; `last_day`, today unless said otherwise, is that of whoever leaves.
    `members`: `{"user": User, "namnd": Namnd, "chair": bool, "since": date}`.
    """
    case, today = cast(Case, event.case), timezone.localdate(event.at)
    faults = _faults(case, members)
    if last_day and last_day > today:
        faults.append(_("Sista dagen ligger framåt i tiden. Behörigheten upphör nu: ändra gruppen den dagen."))
    if faults:
        raise Refused(*faults)
    asked = {(row["user"].pk, row["namnd"].pk, bool(row["chair"])) for row in members}
    stay = set()
    for member in SteeringMember.objects.filter(case=case, until__isnull=True).select_related("user"):
        seat = (member.user_id, member.namnd_id, member.chair)
        if seat in asked:
            stay.add(seat)
            continue
        roles.take(member.user, Role.STEERING, case)
        member.until = max(last_day or today, member.since)
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
