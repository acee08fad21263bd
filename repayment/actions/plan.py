"""Acts on the plan: propose, decide, change, hand over, exempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import calendar, documents, funds
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import kronor
from fundportal.models import Case, Event, Fund, Namnd, Party
from repayment.actions import papers
from repayment.models import Basis, Exemption, Extent, Plan, PlanRow, Standing, standing
from repayment.models.plan import CITY, exists_at_bokslut
from repayment.needs import orphans_in_words

ZERO = Decimal(0)
LEAST_REASON = 100


class Row(TypedDict):
    """A row of a plan as it is given."""

    year: int
    namnd: Namnd
    area: str
    amount: Decimal


@action
def propose_plan(
    event: Event,
    *,
    rows: list[Row],
    grounds: str,
    basis: str = Basis.NOMINAL,
    lower_reason: str = "",
    lower_text: str = "",
) -> None:
    """Propose which boards are to repay how much, at which boksluts."""
    case = cast(Case, event.case)
    now = standing(case)
    planned = total(rows)
    owed = owed_by(now, planned)
    lower = owed - planned
    refuse(faults(rows, first_year(event)) + _lower_faults(now, planned, lower_reason, lower_text), "rows")
    plan = Plan.objects.create(
        case=case,
        event=event,
        version=1,
        status=Plan.Status.PROPOSED,
        basis=basis,
        to_repay=owed,
        exempted_before=lower,
        lower_reason=lower_reason if lower else "",
        lower_text=lower_text if lower else "",
        grounds=grounds,
    )
    write(plan, rows)


@action
def decide_plan(event: Event, *, signed_sha256: str = "") -> None:
    """Decide the plan, as to time and amount: it becomes version 1. What it leaves out is exempted by the same act."""
    case = cast(Case, event.case)
    now = standing(case)
    plan = cast(Plan, now.proposal)
    if plan.to_repay != owed_by(now, plan.planned):
        raise Refused(
            _(
                "Förslaget bygger på %(then)s att återföra, men nu är det %(now)s. "
                "Controllern behöver lägga ett nytt förslag."
            )
            % {"then": kronor(plan.to_repay), "now": kronor(now.to_repay)}
        )
    rows = given(list(plan.rows.all()))
    refuse(faults(rows, first_year(event)))
    plan.status, plan.decision = Plan.Status.DECIDED, event
    plan.save(update_fields=["status", "decision"])
    if plan.exempted_before:
        Exemption.objects.create(
            case=case,
            event=event,
            plan=plan,
            extent=Extent.WITH_PLAN,
            reason=plan.lower_reason,
            text=plan.lower_text,
            amount=plan.exempted_before,
        )
    take_part(event, rows)
    documents.freeze(event, "plan", _("Återföringsplan, version 1"), papers.plan(standing(case), plan))
    event.due_on = due_after(rows)


@action
def adjust_plan(event: Event, *, rows: list[Row], reason: str, signed_sha256: str = "") -> None:
    """Plan what remains anew, as a new version; the old one stands as it was."""
    case = cast(Case, event.case)
    now = standing(case)
    wrong = rest_faults(event, now, rows)
    kept = {_key(row) for row in rows}
    if any((row.year, row.namnd_id, row.area, row.amount) not in kept for row in now.orphans):
        wrong.append(
            _("Rader för %(namnd)s flyttas med ”Överför till ny nämnd”. Låt dem stå oförändrade här.")
            % {"namnd": orphans_in_words(now.orphans)}
        )
    refuse(wrong, "rows")
    plan = new_version(event, now, rows, reason)
    documents.freeze(event, "plan", _("Återföringsplan, version %d") % plan.version, papers.plan(standing(case), plan))


@action
def hand_over(event: Event, *, from_namnd: Namnd, to_namnd: Namnd, reason: str, signed_sha256: str = "") -> None:
    """Move the open rows of a board that ends to the one that takes over, in a new version: never silently."""
    case = cast(Case, event.case)
    now = standing(case)
    moving = {row.pk for row in now.orphans if row.namnd_id == from_namnd.pk}
    wrong = []
    if not moving:
        wrong.append(_("%(namnd)s har inga öppna rader att överföra.") % {"namnd": from_namnd.name})
    if now.unplanned:
        wrong.append(
            _("%(amount)s från avstämda bokslut har ingen rad i planen. Ändra planen först, och överför sedan.")
            % {"amount": kronor(now.unplanned)}
        )
    rows = merged(
        [
            Row(year=row.year, namnd=to_namnd if row.pk in moving else row.namnd, area=row.area, amount=row.amount)
            for row in now.open_rows
        ]
    )
    wrong += namnd_faults([row for row in rows if row["namnd"] == to_namnd])
    refuse(wrong)
    plan = new_version(event, now, rows, reason)
    title = _("Återföringsplan, version %d") % plan.version
    documents.freeze(event, "plan", title, papers.plan(standing(case), plan, moved=(from_namnd, to_namnd)))


@action
def exempt(event: Event, *, reason: str, text: str, signed_sha256: str = "") -> None:
    """Exempt all that remains from repayment."""
    case = cast(Case, event.case)
    now = standing(case)
    if len(text) < LEAST_REASON:
        raise Refused(_("Motivera undantaget med minst %d tecken.") % LEAST_REASON)
    exemption = Exemption.objects.create(
        case=case, event=event, extent=Extent.REST, reason=reason, text=text, amount=now.remaining
    )
    documents.freeze(event, "exemption", _("Undantag från återföring"), papers.exemption(now, exemption))


def first_year(event: Event) -> int:
    """The first bokslut that a plan decided then may hold: that of the year after (domain 5.9)."""
    return timezone.localdate(event.at).year + 1


def rest_faults(event: Event, now: Standing, rows: Sequence[Row]) -> list[str]:
    """What is wrong with rows of what remains, in words. A bokslut that was open may stay, and the running year's."""
    first = min([timezone.localdate(event.at).year, *(row.year for row in now.open_rows)])
    wrong = faults([row for row in rows if not _is_orphan(now, row)], first)
    return wrong + _remaining_faults(now, total(rows)) + _taken_faults(now, rows)


def take_part(event: Event, rows: Sequence[Row]) -> None:
    """Let the boards that are to repay take part in the case: they tell forecasts and read what is decided."""
    case = cast(Case, event.case)
    there = set(case.parties.exclude(part=Party.Part.REMISS).values_list("namnd", flat=True))
    for pk in dict.fromkeys(row["namnd"].pk for row in rows):
        if pk not in there:
            Party.objects.create(case=case, namnd_id=pk, part=Party.Part.REPAYS, since=event.at, accepted_at=event.at)


def total(rows: Sequence[Row]) -> Decimal:
    """The sum of rows."""
    return sum((row["amount"] for row in rows), ZERO)


def given(rows: Sequence[PlanRow]) -> list[Row]:
    """Stored rows as they would be given."""
    return [Row(year=row.year, namnd=row.namnd, area=row.area, amount=row.amount) for row in rows]


def merged(rows: Sequence[Row]) -> list[Row]:
    """Rows of the same year, board and area as one."""
    sums: dict[tuple[int, int, str], Row] = {}
    for row in rows:
        key = (row["year"], row["namnd"].pk, row["area"])
        sums[key] = Row(**{**row, "amount": row["amount"] + sums[key]["amount"]}) if key in sums else row
    return list(sums.values())


def refuse(wrong: Sequence[str], field: str = "") -> None:
    """Stop if anything is wrong; `field` is the answer it is about."""
    if wrong:
        raise Refused(*dict.fromkeys(wrong), field=field)


def faults(rows: Sequence[Row], first: int) -> list[str]:
    """What is wrong with rows, in words, whatever their sum; `first` is the first bokslut they may hold."""
    wrong = namnd_faults(rows)
    years = sorted({row["year"] for row in rows})
    if years and years[0] < first:
        wrong.append(
            _("Bokslutsår %(year)d är för tidigt. Planen kan börja med bokslutet %(first)d.")
            % {"year": years[0], "first": first}
        )
    gaps = sorted(set(range(years[0], years[-1])) - set(years)) if years else []
    if gaps:
        wrong.append(_("Bokslutsåren ska följa på varandra. Lägg till %(year)d, om så med 0 kr.") % {"year": gaps[0]})
    keys = [_key(row)[:3] for row in rows]
    if len(set(keys)) < len(keys):
        wrong.append(_("Två rader har samma år, nämnd och verksamhetsområde. Slå ihop dem."))
    if any(row["amount"] < 0 for row in rows):
        wrong.append(_("Ett belopp i planen kan inte vara mindre än 0 kr."))
    if any(row["amount"] % 1 for row in rows):
        wrong.append(_("Beloppen i planen anges i hela kronor."))
    return wrong


def namnd_faults(rows: Sequence[Row]) -> list[str]:
    """Boards that cannot stand in the plan, in words."""
    wrong = []
    for row in rows:
        words = {"namnd": row["namnd"].name, "year": row["year"]}
        if row["namnd"].kind not in CITY:
            wrong.append(_("%(namnd)s hör inte till staden. Bara stadens egna besparingar kan återföras.") % words)
        elif not exists_at_bokslut(row["namnd"], row["year"]):
            wrong.append(_("%(namnd)s finns inte vid bokslutet %(year)d. Välj den nämnd som har ansvaret då.") % words)
    return wrong


def owed_by(now: Standing, planned: Decimal) -> Decimal:
    """What a plan is to repay: what the fund's rule gives, or all of the plan when it is more and no cap is set."""
    rules = funds.rules_of(now.case)
    if rules.capped or rules.repayment_model == Fund.RepaymentModel.NONE:
        return now.to_repay
    return max(now.to_repay, planned)


def _lower_faults(now: Standing, planned: Decimal, reason: str, text: str) -> list[str]:
    words = {"planned": kronor(planned), "owed": kronor(now.to_repay), "lower": kronor(now.to_repay - planned)}
    if planned > owed_by(now, planned):
        return [_("Raderna summerar till %(planned)s, men %(owed)s ska återföras. Sänk beloppen.") % words]
    if planned < now.to_repay and not (reason and text):
        return [
            _(
                "Raderna summerar till %(planned)s av %(owed)s. Lägg till %(lower)s, "
                "eller ange skäl och motivering till det lägre beloppet."
            )
            % words
        ]
    return []


def _remaining_faults(now: Standing, planned: Decimal) -> list[str]:
    if planned == now.remaining:
        return []
    words = {
        "planned": kronor(planned),
        "remaining": kronor(now.remaining),
        "off": kronor(abs(planned - now.remaining)),
    }
    if planned > now.remaining:
        return [_("Raderna summerar till %(planned)s, men %(remaining)s återstår. Minska med %(off)s.") % words]
    return [_("Raderna summerar till %(planned)s, men %(remaining)s återstår. Lägg till %(off)s.") % words]


def _taken_faults(now: Standing, rows: Sequence[Row]) -> list[str]:
    done = {(line.row.year, line.row.namnd_id, line.row.area) for line in now.lines if line.row and line.outcome}
    return [
        _("Bokslut %(year)d för %(namnd)s är redan avstämt. Lägg beloppet på ett senare år.")
        % {"year": row["year"], "namnd": row["namnd"].name}
        for row in rows
        if _key(row)[:3] in done
    ]


def _key(row: Row) -> tuple[int, int, str, Decimal]:
    return row["year"], row["namnd"].pk, row["area"], row["amount"]


def _is_orphan(now: Standing, row: Row) -> bool:
    return any((old.year, old.namnd_id, old.area, old.amount) == _key(row) for old in now.orphans)


def write(plan: Plan, rows: Sequence[Row]) -> None:
    """Store a plan's rows in the order of years."""
    for row in sorted(rows, key=lambda row: row["year"]):
        PlanRow.objects.create(plan=plan, **row)


def new_version(event: Event, now: Standing, rows: Sequence[Row], reason: str, *, exempted: Decimal = ZERO) -> Plan:
    """The next decided version of the plan, holding what remains; `exempted` is what the same decision exempts."""
    case = cast(Case, event.case)
    told = _next_version(event, now, reason) | {"exempted_before": now.exempted + exempted}
    plan = Plan.objects.create(**told, decision=event, status=Plan.Status.DECIDED)
    write(plan, rows)
    take_part(event, rows)
    case.due_on = due_after(rows)
    case.save(update_fields=["due_on"])
    return plan


def propose_version(event: Event, now: Standing, rows: Sequence[Row], reason: str) -> Plan:
    """The next version as it is proposed to the director; the one that holds stands until she has decided."""
    refuse(rest_faults(event, now, rows))
    plan = Plan.objects.create(**_next_version(event, now, reason), status=Plan.Status.PROPOSED)
    write(plan, rows)
    return plan


def _next_version(event: Event, now: Standing, reason: str) -> dict[str, Any]:
    old = cast(Plan, now.current)
    return {
        "case": cast(Case, event.case),
        "event": event,
        "version": old.version + 1,
        "basis": old.basis,
        "to_repay": old.to_repay,
        "repaid_before": now.repaid,
        "exempted_before": now.exempted,
        "grounds": reason,
    }


def due_after(rows: Sequence[Row]) -> date | None:
    """When the first of these boksluts should be reconciled: by the end of March the year after."""
    if not rows:
        return None
    return calendar.working_day_on_or_after(date(min(row["year"] for row in rows) + 1, 3, 31))
