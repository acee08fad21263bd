"""What follows a running project: its baseline, reports sent back, deviations, and the steering group's meetings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import (
    Baseline,
    BaselineRow,
    Change,
    ChangeDraft,
    ChangeDraftRow,
    Report,
    ReportIndicator,
    ReportSpend,
    SteeringMeeting,
    SteeringTask,
)
from applications.models.investment import granted
from applications.needs.following import DAYS_TO_ASK, baseline_of, indicators_of
from fundportal import documents
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import NOTHING, day, in_words, kronor, number
from fundportal.models import Case, Event, Upload, Use, User

ZERO = Decimal(0)


@action
def lock_baseline(event: Event, *, rows: list[dict[str, Any]]) -> None:
    """Fix where every indicator stands before the start.

    `rows`: `{"name": str, "unit": str, "value": Decimal | None, "year": int | None, "missing": str, "target": Decimal |
    None, "target_year": int | None}`. Raises `Refused` when an indicator of the application is left out, or has neither
    a value nor a reason why it cannot be measured.
    """
    _lock(event, rows, version=1, reason="")


@action
def change_baseline(event: Event, *, rows: list[dict[str, Any]], reason: str) -> None:
    """Another baseline than the locked, with its reason: a new version. The earlier stands, and both are shown."""
    before = baseline_of(cast(Case, event.case))
    if not reason.strip():
        raise Refused(_("Skriv varför utgångsläget ändras."))
    _lock(event, rows, version=before.version + 1 if before else 1, reason=reason.strip())


def _lock(event: Event, rows: list[dict[str, Any]], *, version: int, reason: str) -> None:
    case = cast(Case, event.case)
    if faults := _faults(case, rows):
        raise Refused(*faults)
    baseline = Baseline.objects.create(case=case, event=event, version=version, reason=reason)
    kept = BaselineRow.objects.bulk_create(BaselineRow(baseline=baseline, **row) for row in rows)
    documents.freeze(event, "baseline", _("Utgångsläge: %s") % case.title, _baseline_content(baseline, kept))


def _faults(case: Case, rows: list[dict[str, Any]]) -> list[str]:
    names = [_same(row["name"]) for row in rows]
    faults = [
        _("”%s” står på flera rader. Ta bort den ena.") % row["name"]
        for at, row in enumerate(rows)
        if names[at] in names[:at]
    ]
    faults += [
        _("Ange utgångsvärde för ”%s”, eller varför det inte kan mätas.") % row["name"]
        for row in rows
        if (row["value"] is None) == (not row["missing"].strip())
    ]
    faults += [
        _("Indikatorn ”%s” i ansökan saknas.") % indicator.name
        for indicator in indicators_of(case)
        if _same(indicator.name) not in names
    ]
    return faults


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


def _value(value: Decimal | None) -> str:
    return NOTHING if value is None else number(value, 0 if value == value.to_integral_value() else 2)


def _baseline_content(baseline: Baseline, rows: Sequence[BaselineRow]) -> dict[str, Any]:
    table = [
        [
            f"{row.name} ({row.unit})" if row.unit else row.name,
            _("Kan inte mätas: %s") % row.missing if row.value is None else _value(row.value),
            str(row.year or NOTHING),
            _value(row.target),
            str(row.target_year or NOTHING),
        ]
        for row in rows
    ]
    columns = [_("Indikator"), _("Utgångsvärde"), _("År"), _("Mål"), _("Målår")]
    sections: list[dict[str, Any]] = [
        {"title": _("Utgångsläge före start"), "table": {"columns": columns, "rows": table}}
    ]
    if baseline.reason:
        sections.append({"title": _("Varför utgångsläget ändrades"), "text": baseline.reason})
    answers = [
        {"name": row.name, "unit": row.unit, "value": row.value, "missing": row.missing, "target": row.target}
        for row in rows
    ]
    return {"sections": sections, "indicators": answers, "version": baseline.version}


def measured(case: Case, indicators: Iterable[Mapping[str, Any]]) -> list[ReportIndicator]:
    """The outcomes of a report beside the locked baseline and the target. Every locked indicator is told of."""
    baseline = baseline_of(case)
    locked = {_same(row.name): row for row in baseline.rows.all()} if baseline else {}
    found = []
    for told in indicators:
        row = locked.pop(_same(told["name"]), None)
        found.append(
            ReportIndicator(
                name=told["name"],
                unit=row.unit if row else "",
                baseline=row.value if row else None,
                target=row.target if row else None,
                value=told.get("value"),
                comment=told.get("comment", ""),
            )
        )
    if locked:
        left_out = in_words([f"”{row.name}”" for row in locked.values()])
        raise Refused(_("Redovisa även %s, som finns i utgångsläget.") % left_out)
    return found


def open_change(told: Report, rows: Sequence[ReportSpend]) -> None:
    """Begin the request for a change that a deviation asks for, with the forecast as the year's new budget.

    An earlier draft is closed by the new report, whether this one deviates or not.
    """
    case, event = told.case, told.event
    close_draft(case, event)
    if not told.deviates or Change.objects.filter(case=case, status=Change.Status.AWAITING).exists():
        return
    after = {(told.year, row.use, row.namnd_id): row.forecast for row in rows}
    before = granted(case)
    draft = ChangeDraft.objects.create(
        case=case, report=told, reason=_reason(told, rows), due_on=timezone.localdate(event.at) + DAYS_TO_ASK
    )
    ChangeDraftRow.objects.bulk_create(
        ChangeDraftRow(
            draft=draft,
            year=key[0],
            use=key[1],
            namnd_id=key[2],
            before=max(before.get(key, ZERO), ZERO),
            after=after.get(key, max(before.get(key, ZERO), ZERO)),
        )
        for key in [*before, *(key for key in after if key not in before)]
        if before.get(key) or after.get(key)
    )


def _reason(told: Report, rows: Sequence[ReportSpend]) -> str:
    off = [
        _("%(use)s: beviljat %(granted)s, prognos %(forecast)s")
        % {"use": str(Use(row.use).label), "granted": kronor(row.granted), "forecast": kronor(row.forecast)}
        for row in rows
        if row.granted != row.forecast
    ]
    return _("Lägesrapporten %(report)s visar en avvikelse på mer än 10 procent. %(rows)s.") % {
        "report": f"{told.period} {told.year}",
        "rows": "; ".join(off),
    }


def close_draft(case: Case, event: Event) -> None:
    """The draft has become a request, or is needless."""
    ChangeDraft.objects.filter(case=case, closed=None).update(closed=event)


def ask_for_measure(told: Report) -> None:
    """The measure of a red light is a task like those of the meetings, with its owner and day."""
    if told.measure and told.measure_on:
        SteeringTask.objects.create(
            case=told.case,
            event=told.event,
            report=told,
            what=told.measure,
            owner_name=told.measure_owner,
            last_day=told.measure_on,
        )


@action
def return_report(event: Event, *, report: Report, reason: str) -> None:
    """The chair sends a report back with what must be mended; the project hands in a new version."""
    waiting = Report.objects.awaiting().filter(case=event.case, pk=report.pk).first()
    if waiting is None:
        raise Refused(_("Lägesrapporten är redan behandlad eller ersatt av en ny version. Läs om sidan."))
    if not reason.strip():
        raise Refused(_("Skriv vad som behöver rättas."))
    waiting.returned, waiting.returned_because = event, reason.strip()
    waiting.save(update_fields=["returned", "returned_because"])


@action
def plan_steering_meeting(event: Event, *, held_on: date, place: str = "", agenda: str = "") -> None:
    """The steering group will meet on a day; its members are told."""
    if held_on < timezone.localdate(event.at):
        raise Refused(_("Mötet kan inte planeras bakåt i tiden. Välj en dag från och med i dag."))
    case = cast(Case, event.case)
    if SteeringMeeting.objects.filter(case=case, held_on=held_on, told=None).exists():
        raise Refused(_("Det finns redan ett planerat möte den %s.") % day(held_on))
    SteeringMeeting.objects.create(case=case, event=event, held_on=held_on, place=place, agenda=agenda)


@action
def minute_steering_meeting(
    event: Event,
    *,
    meeting: SteeringMeeting,
    held: bool = True,
    present: Sequence[User] = (),
    also_present: str = "",
    decisions: str = "",
    tasks: Sequence[Mapping[str, Any]] = (),
    minutes: list[Upload] | None = None,
) -> None:
    """What became of a meeting: who was there, what was decided, and who does what by when; or that it was called off.

    `tasks`: `{"what": str, "owner": User, "last_day": date}`.
    """
    case = cast(Case, event.case)
    it = SteeringMeeting.objects.filter(case=case, pk=meeting.pk, told=None).first()
    if it is None:
        raise Refused(_("Mötet är redan dokumenterat. Läs om sidan."))
    if held:
        _refuse_meeting(event, it, present, decisions)
    it.told, it.held = event, held
    it.also_present, it.decisions = also_present, decisions.strip()
    it.save()
    it.present.set(present if held else [])
    for row in tasks:
        SteeringTask.objects.create(
            case=case,
            event=event,
            what=row["what"],
            owner=row["owner"],
            owner_name=row["owner"].get_full_name(),
            last_day=row["last_day"],
        )


def _refuse_meeting(event: Event, meeting: SteeringMeeting, present: Sequence[User], decisions: str) -> None:
    faults = []
    if meeting.held_on > timezone.localdate(event.at):
        faults.append(_("Mötet är planerat till den %s och kan inte dokumenteras innan dess.") % day(meeting.held_on))
    if not present:
        faults.append(_("Ange vilka som var närvarande."))
    if not decisions.strip():
        faults.append(_("Skriv vad mötet beslutade, eller att inga beslut fattades."))
    if faults:
        raise Refused(*faults)


@action
def finish_steering_task(event: Event, *, task: SteeringTask, outcome: str) -> None:
    """A task is done, and what came of it."""
    it = SteeringTask.objects.filter(case=event.case, pk=task.pk, done=None).first()
    if it is None:
        raise Refused(_("Åtgärden är redan markerad som klar. Läs om sidan."))
    if not outcome.strip():
        raise Refused(_("Skriv vad som blev gjort."))
    it.done, it.outcome = event, outcome.strip()
    it.save(update_fields=["done", "outcome"])
