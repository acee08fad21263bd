"""The acts of a remiss that are the officer's: it is sent, given more time, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import calendar, documents, formatting
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import Case, Document, Event, Letter, Namnd, Party
from reviews.models import (
    DAYS,
    Remiss,
    RemissBody,
    RemissQuestion,
    respondents_of,
)
from reviews.needs import letters
from reviews.needs.remiss import day_faults


@action
def send_remiss(
    event: Event,
    *,
    last_day: date,
    letter: str,
    papers: Iterable[Document],
    namnder: Sequence[dict[str, Any]] = (),
    outside: Sequence[dict[str, Any]] = (),
    questions: Sequence[dict[str, Any]] = (),
    reason: str = "",
) -> None:
    """Ask boards and outside bodies what they think. The boards may from now on read the case.

    An outside body with an address is mailed a link to the remiss alone.
    """
    case, today = cast(Case, event.case), timezone.localdate(event.at)
    sent = list(papers)
    faults = _bodies_faults(case, today, namnder, outside)
    if not sent or any(paper.case_id != case.pk for paper in sent):
        faults.append(_("Välj minst en av ärendets handlingar att remittera."))
    late = _time_faults(today, last_day, reason)
    if faults or late:
        raise Refused(*faults, *late, field="" if faults else "last_day")
    remiss = Remiss.objects.create(case=case, event=event, letter=letter, reason=reason)
    remiss.documents.set(sent)
    RemissQuestion.objects.bulk_create(
        RemissQuestion(remiss=remiss, no=no, text=row["text"].strip()) for no, row in enumerate(questions, 1)
    )
    for row in namnder:
        RemissBody.objects.create(
            remiss=remiss, namnd=row["namnd"], meeting_on=row.get("meeting_on"), last_day=last_day
        )
        Party.objects.get_or_create(
            case=case, namnd=row["namnd"], part=Party.Part.REMISS, defaults={"since": event.at, "accepted_at": event.at}
        )
    for row in outside:
        RemissBody.objects.create(
            remiss=remiss, name=row["name"].strip(), email=row.get("email", ""), last_day=last_day
        )
    letters.write(event, list(remiss.bodies.select_related("remiss__case__fund", "remiss__event")), "asked", links=True)
    _freeze_letter(event, remiss, sent, last_day)


def _bodies_faults(
    case: Case, today: date, namnder: Sequence[dict[str, Any]], outside: Sequence[dict[str, Any]]
) -> list[str]:
    """Someone is asked, nobody twice, no board that has ended, and nobody about her own project."""
    boards: list[Namnd] = [row["namnd"] for row in namnder]
    names = [row["name"].strip().casefold() for row in outside]
    faults = [] if boards or names else [_("Ange minst en nämnd eller organisation att fråga.")]
    asked = RemissBody.objects.asked(case).unanswered()
    waiting = {body.namnd_id for body in asked if body.namnd_id}
    partners = set(case.parties.filter(part=Party.Part.PARTNER).values_list("namnd_id", flat=True))
    for number, board in enumerate(boards):
        if board.pk == case.owner_id:
            faults.append(_("%(board)s äger projektet och kan inte vara remissinstans.") % {"board": board})
        if board.pk in partners:
            faults.append(
                _("%(board)s driver projektet som partner och kan inte vara remissinstans.") % {"board": board}
            )
        if not board.exists_on(today):
            faults.append(_("%(board)s finns inte längre. Välj den nämnd som har tagit över.") % {"board": board})
        if board in boards[:number] or board.pk in waiting:
            faults.append(_("%(board)s är redan tillfrågad och har inte svarat än.") % {"board": board})
    known = {body.name.casefold() for body in asked}
    faults += [
        _("%(name)s är redan tillfrågad och har inte svarat än.") % {"name": row["name"]}
        for number, row in enumerate(outside)
        if names[number] in names[:number] or names[number] in known
    ]
    return faults


def _time_faults(today: date, last_day: date, reason: str) -> list[str]:
    """A working day, three weeks off unless there is a reason."""
    faults = day_faults(today, last_day)
    if not faults and last_day < today + timedelta(days=DAYS) and not reason.strip():
        faults.append(
            _("Svarstiden är kortare än %(days)d dagar. Skriv skälet, eller välj %(first)s eller senare.")
            % {"days": DAYS, "first": formatting.day(calendar.add_days(today, DAYS))}
        )
    return faults


def _freeze_letter(event: Event, remiss: Remiss, papers: list[Document], last_day: date) -> None:
    """The letter as it was sent, with whom it was sent to."""
    case = remiss.case
    rows = [
        [
            str(body),
            formatting.day(body.meeting_on) if body.meeting_on else formatting.NOTHING,
            _("Ja") if body.hurries else formatting.NOTHING,
        ]
        for body in remiss.bodies.select_related("namnd")
    ]
    facts = [[_("Svar senast"), formatting.weekday(last_day)]]
    if remiss.reason:
        facts.append([_("Skäl till kort svarstid"), remiss.reason])
    asked = [[str(question.no), question.text] for question in remiss.questions.all()]
    content = {
        "sections": [
            {"title": _("Följebrev"), "text": remiss.letter},
            *([{"title": _("Frågor att besvara"), "rows": asked}] if asked else []),
            {"title": _("Svarstid"), "rows": facts},
            {
                "title": _("Remissinstanser"),
                "table": {
                    "columns": [_("Instans"), _("Sammanträde"), _("Omedelbar justering behövs")],
                    "rows": rows,
                },
            },
            {
                "title": _("Remitterade handlingar"),
                "table": {
                    "columns": [_("Handling"), _("Version"), _("Kontrollsumma")],
                    "rows": [[paper.title, str(paper.version), paper.content_sha256[:16]] for paper in papers],
                },
            },
        ]
    }
    documents.freeze(event, "remiss", _("Remiss: %s") % case.title, content)


@action
def extend_remiss(
    event: Event,
    *,
    last_day: date,
    reason: str,
    namnder: Iterable[Namnd] = (),
    organisations: Sequence[str] = (),
) -> None:
    """Some or all of those who have not answered get more time."""
    case, today = cast(Case, event.case), timezone.localdate(event.at)
    boards = list(namnder)
    waiting = RemissBody.objects.asked(case).unanswered()
    chosen = list(waiting.filter(Q(namnd__in=boards) | Q(namnd=None, name__in=organisations)))
    faults = day_faults(today, last_day)
    if not chosen or len(chosen) < len(boards) + len(organisations):
        faults.append(_("Välj remissinstanser som inte har svarat än."))
    faults += [
        _("%(body)s har redan tid till %(day)s. Välj en senare dag.")
        % {"body": body, "day": formatting.day(body.last_day)}
        for body in chosen
        if last_day <= body.last_day
    ]
    if not reason.strip():
        faults.append(_("Skriv skälet till att svarstiden förlängs."))
    if faults:
        raise Refused(*faults, field="last_day")
    for body in chosen:
        body.last_day, body.more_time = last_day, reason.strip()
        body.wants_until, body.wants_because, body.reminded_on = None, "", None
    RemissBody.objects.bulk_update(chosen, ["last_day", "more_time", "wants_until", "wants_because", "reminded_on"])
    letters.write(event, chosen, "more", reason=reason.strip())


@action
def refuse_more_time(event: Event, *, reason: str, namnd: Namnd | None = None, organisation: str = "") -> None:
    """A body that has asked for anstånd is told no, and why; its last day stands."""
    waiting = RemissBody.objects.asked(cast(Case, event.case)).unanswered().exclude(wants_until=None)
    body = waiting.filter(namnd=namnd, name=organisation).first()
    if body is None:
        raise Refused(_("%(body)s har inte begärt anstånd.") % {"body": namnd or organisation})
    if not reason.strip():
        raise Refused(_("Skriv skälet till att anstånd inte ges."))
    body.wants_until, body.wants_because = None, ""
    body.save(update_fields=["wants_until", "wants_because"])
    letters.write(event, [body], "refused", reason=reason.strip())


@action
def withdraw_remiss(event: Event, *, remiss: Remiss, reason: str) -> None:
    """Take a remiss back. Boards that have not answered can no longer read the case; answers stand."""
    case = cast(Case, event.case)
    found = Remiss.objects.filter(pk=remiss.pk, case=case, withdrawal=None).first()
    if found is None:
        raise Refused(_("Remissen är redan återkallad eller hör till ett annat ärende."))
    if not reason.strip():
        raise Refused(_("Skriv skälet till att remissen återkallas."))
    found.withdrawal = event
    found.save(update_fields=["withdrawal"])
    unheard = list(found.bodies.filter(answer=None).select_related("remiss__case__fund", "remiss__event"))
    letters.write(event, unheard, "withdrawn", reason=reason.strip())
    still = RemissBody.objects.filter(remiss__case=case, namnd__isnull=False).unanswered()
    keep = set(still.filter(remiss__withdrawal=None).values_list("namnd", flat=True))
    leaving = Party.objects.filter(case=case, part=Party.Part.REMISS).exclude(namnd__in=keep)
    _tell_those_who_leave(event, [party.namnd_id for party in leaving], reason)
    leaving.delete()


def _tell_those_who_leave(event: Event, namnd_ids: list[int], reason: str) -> None:
    """Boards that can no longer see the case would get no letter of it: theirs is written here, without a link."""
    case = cast(Case, event.case)
    body = _(
        "Stadsledningskontoret har återkallat remissen i ärende %(number)s, %(title)s.\n\n"
        "Skäl: %(reason)s\n\n"
        "Ni behöver inte svara, och ärendet visas inte längre för er."
    ) % {"number": case.number, "title": case.title, "reason": reason}
    Letter.objects.bulk_create(
        Letter(
            key=f"event/{event.pk}/{user.pk}",
            user=user,
            event=event,
            subject=_("Remissen i %s är återkallad") % case.number,
            body=body,
            created_at=event.at,
        )
        for user in respondents_of(namnd_ids).exclude(pk__in=case.javs.standing().values("user"))
    )
