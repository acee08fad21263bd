"""The payment plan: written with the grant, moved with a changed grant, and otherwise as the controller sets it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from applications import sums
from applications.models import PlannedPayment
from applications.models.investment import Key, granted, plan
from applications.sheets.money import boards
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import kronor
from fundportal.models import Case, Event, Namnd, Use

ZERO = Decimal(0)
Plan = Mapping[Key, list[sums.Due]]


def write(event: Event, wanted: Plan) -> None:
    """Write the whole plan anew because of an event; the earlier one stays as it was."""
    PlannedPayment.objects.bulk_create(
        PlannedPayment(
            case=cast(Case, event.case), event=event, year=year, use=use, namnd_id=namnd, on=day, amount=amount
        )
        for (year, use, namnd), dues in wanted.items()
        for day, amount in dues
    )


def follow_grant(event: Event) -> None:
    """Make the plan agree with what is granted now: the first one is four payments a year, later ones are moved."""
    case, today = cast(Case, event.case), timezone.localdate(event.at)
    now = _by_key(plan(case))
    write(
        event,
        {
            key: sums.moved_to(now.get(key, []), amount, key[0], today)
            for key, amount in granted(case).items()
            if amount > 0 and key[0]
        },
    )


def _by_key(rows: Iterable[PlannedPayment]) -> dict[Key, list[sums.Due]]:
    found: dict[Key, list[sums.Due]] = {}
    for row in rows:
        found.setdefault(row.key, []).append((row.on, row.amount))
    return found


@action
def plan_payments(event: Event, *, rows: list[dict[str, Any]], reason: str = "") -> None:
    """Other days or parts for the payments. Each year, use and nämnd still adds up to what it is granted.

    `rows`: `{"on": date, "use": str, "namnd": Namnd, "amount": Decimal}`; the year is the day's.
    """
    case = cast(Case, event.case)
    had = granted(case)
    wanted = _read(case, rows)
    if faults := [*_unlike(case, wanted, had)]:
        raise Refused(*faults)
    if wanted == _by_key(plan(case)):
        raise Refused(_("Planen är lik den som gäller. Ändra minst en dag eller ett belopp."))
    write(event, wanted)


def _read(case: Case, rows: list[dict[str, Any]]) -> dict[Key, list[sums.Due]]:
    known = {namnd.pk for namnd in boards(case)}
    found: dict[Key, dict[date, Decimal]] = {}
    for row in rows:
        namnd = row["namnd"].pk if isinstance(row["namnd"], Namnd) else int(row["namnd"])
        if namnd not in known:
            raise Refused(_("Pengar kan bara gå till projektägaren eller en partner som har tackat ja."))
        if row["amount"] <= 0:
            raise Refused(_("Ett planerat belopp ska vara större än noll. Ta bort raden om inget ska betalas."))
        dues = found.setdefault((row["on"].year, Use(row["use"]).value, namnd), {})
        if row["on"] in dues:
            raise Refused(_("Samma dag, användning och nämnd står på flera rader. Slå ihop dem till en rad."))
        dues[row["on"]] = row["amount"]
    return {key: sorted(dues.items()) for key, dues in found.items()}


def _unlike(case: Case, wanted: Plan, had: Mapping[Key, Decimal]) -> Iterable[str]:
    names = dict(Namnd.objects.filter(pk__in={key[2] for key in (*wanted, *had)}).values_list("pk", "name"))
    for key in dict.fromkeys([*had, *wanted]):
        planned = sum((amount for _day, amount in wanted.get(key, [])), ZERO)
        if planned != had.get(key, ZERO):
            yield _("%(use)s %(year)s, %(namnd)s: %(planned)s är planerat men %(granted)s är beviljat.") % {
                "use": Use(key[1]).label if key[1] else "–",
                "year": key[0],
                "namnd": names[key[2]],
                "planned": kronor(planned),
                "granted": kronor(had.get(key, ZERO)),
            }
