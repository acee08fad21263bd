"""SLK's acts on what has been handed in: registering, the formal check, completion, more time, on to the council."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Completion, CompletionQuestion, FormalCheck, FormalPoint, Respite
from applications.needs import KS, SHEETS, formal_checks, newest_check, submitted_sheet
from fundportal import calendar, formatting
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import Case, Dnr, Event, User
from fundportal.process import Step

MET = FormalPoint.Outcome.MET
NOT_MET = FormalPoint.Outcome.NOT_MET


def _case(event: Event) -> Case:
    return cast(Case, event.case)


@action
def register(event: Event, *, rows: list[dict[str, Any]]) -> None:
    """Register the case in the diaries: one number an authority, and kommunstyrelsen's always.

    A number for an authority that has one already replaces it, with a reason: the wrong one stands beside it for ever.
    """
    case = _case(event)
    known = {dnr.authority: dnr for dnr in case.dnrs.all()}
    if KS not in {*known, *(row["authority"] for row in rows)}:
        raise Refused(_("Ange kommunstyrelsens diarienummer. Andra myndigheters nummer är frivilliga."))
    seen: set[str] = set()
    for row in rows:
        authority, earlier = row["authority"], known.get(row["authority"])
        if authority in seen:
            raise Refused(_("Ange bara ett nummer för %(authority)s.") % row)
        seen.add(authority)
        _refuse_number(case, row, earlier, event)
        Dnr.everything.create(
            case=case,
            authority=authority,
            dnr=row["dnr"],
            registered_on=row["registered_on"],
            replaces=earlier,
            reason=(row.get("reason") or "").strip() if earlier else "",
        )


def _refuse_number(case: Case, row: dict[str, Any], earlier: Dnr | None, event: Event) -> None:
    if row["registered_on"] > timezone.localdate(event.at):
        raise Refused(_("%(dnr)s kan inte vara registrerat i framtiden.") % row)
    if Dnr.everything.filter(case=case, authority=row["authority"], dnr=row["dnr"]).exists():
        raise Refused(_("%(dnr)s är redan registrerat för %(authority)s.") % row)
    if earlier and not (row.get("reason") or "").strip():
        raise Refused(
            _("%(authority)s har redan nummer %(dnr)s. Skriv skälet om det nya ska ersätta det.")
            % {"authority": earlier.authority, "dnr": earlier.dnr}
        )


@action
def check_formally(event: Event, *, rows: list[dict[str, Any]]) -> None:
    """Check what was handed in point by point: met, not met with a comment, or not applicable."""
    texts = dict(formal_checks())
    given = {row["code"]: row for row in rows}
    if left := [text for code, text in texts.items() if not given.get(code, {}).get("outcome")]:
        raise Refused(_("Bedöm varje punkt: %(left)s.") % {"left": formatting.in_words(left)})
    for code, row in given.items():
        if row["outcome"] == NOT_MET and not (row.get("comment") or "").strip():
            raise Refused(_("Skriv vad som brister: %(text)s.") % {"text": texts.get(code, code)})
    _keep_check(event, [(code, given[code]["outcome"], given[code].get("comment") or "") for code in texts])


def _keep_check(event: Event, points: list[tuple[str, str, str]]) -> None:
    case, texts = _case(event), dict(formal_checks())
    check = FormalCheck.objects.create(case=case, event=event, sheet=submitted_sheet(case))
    FormalPoint.objects.bulk_create(
        FormalPoint(check_made=check, code=code, text=texts[code], outcome=outcome, comment=comment.strip())
        for code, outcome, comment in points
    )


def _back_to_the_writer(case: Case, given: dict[str, Any]) -> Step:
    return Step.APPLICATION if case.step == Step.PREPARATION else Step.IDEA


@action(leads_to=_back_to_the_writer)
def request_completion(event: Event, *, rows: list[dict[str, Any]], last_day: date, message: str = "") -> None:
    """Ask the applicant questions, each at a part, to be answered by a day. Those parts open again, and no others."""
    case = _case(event)
    sheet = submitted_sheet(case, event.from_step)
    known = {part.slug: str(part.title) for part in SHEETS[sheet].parts_of(case)}
    if not rows or not {row["part"] for row in rows} <= set(known):
        raise Refused(_("Ange vilka delar som ska kompletteras."))
    refuse_day(last_day, event)
    event.due_on = last_day
    slugs = [slug for slug in known if slug in {row["part"] for row in rows}]
    completion = Completion.objects.create(
        case=case,
        event=event,
        sheet=sheet,
        parts=[known[slug] for slug in slugs],
        slugs=slugs,
        questions=message,
        last_day=last_day,
    )
    CompletionQuestion.objects.bulk_create(
        CompletionQuestion(
            completion=completion, part=row["part"], part_title=known[row["part"]], question=row["question"]
        )
        for row in rows
    )


def refuse_day(last_day: date, event: Event) -> None:
    """A last day is a working day ahead."""
    if last_day <= timezone.localdate(event.at):
        raise Refused(_("Sista dag ska ligga efter i dag."), field="last_day")
    if not calendar.is_working_day(last_day):
        later = calendar.working_day_on_or_after(last_day)
        raise Refused(
            _("Den %(day)s är ingen arbetsdag. Välj till exempel %(later)s.")
            % {"day": formatting.day(last_day), "later": formatting.day(later)},
            field="last_day",
        )


@action
def extend_last_day(event: Event, *, last_day: date, reason: str) -> None:
    """Give the applicant respite (anstånd): a later last day for what is being written now, with the reason."""
    case = _case(event)
    earlier = cast(date, case.due_on)
    refuse_day(last_day, event)
    if last_day <= earlier:
        raise Refused(_("Den nya sista dagen ska ligga efter %(day)s.") % {"day": formatting.day(earlier)})
    Respite.objects.create(
        case=case,
        event=event,
        earlier=earlier,
        last_day=last_day,
        reason=reason.strip(),
        by=cast(User, event.by),
        at=event.at,
    )
    Completion.objects.filter(case=case, sheet=case.step, met_at=None).update(last_day=last_day)
    case.due_on = last_day
    case.save(update_fields=["due_on"])


@action
def send_to_council(
    event: Event, *, meeting_on: date, checks: list[str], note: str = "", meeting_id: int | None = None
) -> None:
    """Send the idea to the council's meeting on a day, when it is admissible in form. `meeting_id`: a planned one.

    `checks` are the points confirmed now; what an earlier formal check of the same version has met is met.
    """
    case = _case(event)
    newest = newest_check(case)
    met = {point.code for point in newest.points.all() if point.outcome != NOT_MET} if newest else set()
    left = [text for code, text in formal_checks() if code not in checks and code not in met]
    if left:
        raise Refused(_("Kontrollera och bekräfta först: %(left)s.") % {"left": formatting.in_words(left)})
    if meeting_on < timezone.localdate(event.at):
        raise Refused(_("Rådets sammanträde kan inte ligga före i dag."))
    if newest is None or not newest.is_met:
        _keep_check(event, [(code, MET, "") for code, _text in formal_checks()])
    event.due_on = meeting_on
