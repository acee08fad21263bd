"""Status reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications.actions import following
from applications.models import Light, Report, ReportIndicator, ReportSpend
from applications.models.investment import granted
from fundportal import documents, funds, small_numbers
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import day, kronor, number
from fundportal.models import Case, Event, Use

ZERO = Decimal(0)
DEVIATES = Decimal("0.10")


@action
def report(
    event: Event,
    *,
    year: int,
    period: str,
    indicators: list[dict[str, Any]],
    women: int,
    men: int,
    children: int,
    spend: list[dict[str, Any]],
    time: str,
    economy: str,
    effect: str,
    measure: str = "",
    measure_owner: str = "",
    measure_on: date | None = None,
    comment: str = "",
    reason: str = "",
) -> None:
    """The project tells how it goes: indicators, people reached, money and lights. Red needs a measure.

    `indicators`: `{"name": str, "value": Decimal | None, "comment": str}`; `spend`: `{"use": str, "namnd": Namnd,
    "spent": Decimal, "forecast": Decimal}` of the year, the owner's where no nämnd is named. A period that is reported
    already gets a new version, with its `reason`; the earlier one stands as it was. A forecast more than 10 per cent
    off opens a draft of a request for a change.
    """
    case = cast(Case, event.case)
    version = _version(case, year, period, reason)
    red = Light.RED in (time, economy, effect)
    if red and not (measure.strip() and measure_owner.strip() and measure_on):
        raise Refused(_("Rött läge kräver en åtgärd, vem som ansvarar och när den ska vara klar."))
    rows = _spend(case, year, spend)
    if missing := [
        row["name"] for row in indicators if row.get("value") is None and not str(row.get("comment", "")).strip()
    ]:
        raise Refused(*(_("Skriv varför ”%s” saknar utfall.") % name for name in missing))
    measured = following.measured(case, indicators)
    told = _create(
        case=case,
        event=event,
        year=year,
        period=period,
        women=women,
        men=men,
        children=children,
        time=time,
        economy=economy,
        effect=effect,
        measure=measure,
        measure_owner=measure_owner,
        measure_on=measure_on,
        version=version,
        reason=reason.strip() if version > 1 else "",
        deviates=any(deviates(*it) for it in by_use(rows).values()) or deviates(*_sums(rows)),
        comment=comment,
    )
    for row in rows:
        row.report = told
    ReportSpend.objects.bulk_create(rows)
    for outcome in measured:
        outcome.report = told
    ReportIndicator.objects.bulk_create(measured)
    following.open_change(told, rows)
    following.ask_for_measure(told)
    title = _("Lägesrapport %(period)s %(year)s") % {"period": period, "year": year}
    documents.freeze(event, "report", title, report_content(told, rows, measured))


def _version(case: Case, year: int, period: str, reason: str) -> int:
    """The number of this version of the period's report. What is reported already is corrected with a reason only."""
    newest = Report.objects.filter(case=case, year=year, period=period).first()
    if newest is None:
        return 1
    if not reason.strip():
        raise Refused(
            _("Lägesrapporten för %(period)s %(year)s är redan lämnad. Skriv varför den rättas, eller välj en annan.")
            % {"period": period, "year": year}
        )
    return newest.version + 1


def _create(**given: Any) -> Report:
    try:
        with transaction.atomic():
            return Report.objects.create(**given)
    except IntegrityError as fault:
        if "report_once_a_period" not in str(fault):
            raise
        raise Refused(
            _("Lägesrapporten för %(period)s %(year)s är redan lämnad. Välj en annan period.")
            % {"period": given["period"], "year": given["year"]}
        ) from fault


def _spend(case: Case, year: int, spend: Iterable[Mapping[str, Any]]) -> list[ReportSpend]:
    """What was spent per budget row beside what is granted for the year; every row that has money is told of."""
    lines = {(use, board): it for (of, use, board), it in granted(case).items() if of == year and it}
    rows = [
        ReportSpend(
            use=row["use"],
            namnd=row.get("namnd") or case.owner,
            granted=lines.get((row["use"], (row.get("namnd") or case.owner).pk), ZERO),
            spent=row["spent"],
            forecast=row["forecast"],
        )
        for row in spend
    ]
    told = [(row.use, row.namnd_id) for row in rows]
    if len(set(told)) < len(told):
        raise Refused(_("Samma användning och nämnd står på flera rader. Slå ihop dem till en rad."))
    if left_out := list(dict.fromkeys(str(Use(key[0]).label).lower() for key in lines if key[0] and key not in told)):
        raise Refused(
            _("Redovisa även %(uses)s, som har beviljade medel %(year)s.") % {"uses": ", ".join(left_out), "year": year}
        )
    return rows


def deviates(granted: Decimal, forecast: Decimal) -> bool:
    """Whether the year's forecast is more than 10 per cent from what is granted."""
    return abs(forecast - granted) > granted * DEVIATES


def by_use(rows: Sequence[ReportSpend]) -> dict[str, tuple[Decimal, Decimal]]:
    """What is granted and what is expected to be spent, by use, in kronor."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for row in rows:
        sums = found.get(row.use, (ZERO, ZERO))
        found[row.use] = (sums[0] + row.granted, sums[1] + row.forecast)
    return found


def _sums(rows: Sequence[ReportSpend]) -> tuple[Decimal, Decimal]:
    return sum((row.granted for row in rows), ZERO), sum((row.forecast for row in rows), ZERO)


def reached(told: Report) -> list[list[str]]:
    """People reached by group and in all, as everyone may see them."""
    groups = [(_("Kvinnor"), told.women), (_("Män"), told.men), (_("Barn"), told.children)]
    return small_numbers.table(groups, funds.rules_of(told.case).small_number, sum_label=_("Summa"))


def report_content(told: Report, rows: Sequence[ReportSpend], indicators: Sequence[ReportIndicator]) -> dict[str, Any]:
    """The report as a paper."""
    outcomes = [
        [
            f"{row.name} ({row.unit})" if row.unit else row.name,
            "–" if row.baseline is None else plain_number(row.baseline),
            "–" if row.target is None else plain_number(row.target),
            _("Saknas") if row.value is None else plain_number(row.value),
            row.comment or "–",
        ]
        for row in indicators
    ]
    money_rows = [
        [str(Use(row.use).label), row.namnd.short, kronor(row.granted), kronor(row.spent), kronor(row.forecast)]
        for row in rows
    ]
    planned, forecast = _sums(rows)
    spent = sum((row.spent for row in rows), ZERO)
    lights = [[what, word] for what, _light, word in told.lights]
    if told.measure:
        lights += [
            [_("Åtgärd"), told.measure],
            [_("Ansvarig"), told.measure_owner],
            [_("Klart"), day(told.measure_on)],
        ]
    sections: list[dict[str, Any]] = [
        {"title": _("Läget"), "rows": [[_("Period"), f"{told.get_period_display()}, {told.year}"], *lights]},
        {
            "title": _("Indikatorer"),
            "table": {
                "columns": [_("Indikator"), _("Utgångsvärde"), _("Mål"), _("Utfall"), _("Kommentar")],
                "rows": outcomes,
            },
        },
        {"title": _("Antal nådda"), "rows": reached(told)},
        {
            "title": _("Ekonomi"),
            "table": {
                "columns": [_("Användning"), _("Nämnd"), _("Beviljat"), _("Upparbetat"), _("Prognos helår")],
                "rows": money_rows,
                "foot": [_("Summa"), "", kronor(planned), kronor(spent), kronor(forecast)],
            },
        },
    ]
    if told.deviates:
        text = _("Prognosen avviker mer än 10 procent från det beviljade. En begäran om ändring ska lämnas.")
        sections.append({"title": _("Avvikelse"), "text": text})
    if told.version > 1:
        sections.insert(1, {"title": _("Rättelse, version %d") % told.version, "text": told.reason})
    if told.comment:
        sections.append({"title": _("Kommentar"), "text": told.comment})
    return {"sections": sections}


def plain_number(value: Decimal) -> str:
    """A number with decimals only when there are any."""
    return number(value, 0 if value == value.to_integral_value() else 2)


@action
def accept_report(event: Event, *, report: Report, comment: str = "") -> None:
    """The steering group's chair accepts a report; the director is told."""
    waiting = Report.objects.awaiting().filter(case=event.case, pk=report.pk).first()
    if waiting is None:
        raise Refused(_("Lägesrapporten är redan behandlad eller ersatt av en ny version. Läs om sidan."))
    waiting.accepted = event
    waiting.save(update_fields=["accepted"])
