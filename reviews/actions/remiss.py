"""The acts of a remiss: it is sent, answered, given more time, withdrawn."""

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
from fundportal.models import Case, Document, Event, Letter, Namnd, Party, Upload, User
from reviews.models import (
    DAYS,
    AnswerForm,
    AnswerStandpoint,
    Remiss,
    RemissAnswer,
    RemissBody,
    respondents_of,
)


@action
def send_remiss(
    event: Event,
    *,
    last_day: date,
    letter: str,
    papers: Iterable[Document],
    namnder: Sequence[dict[str, Any]] = (),
    outside: Sequence[dict[str, Any]] = (),
    reason: str = "",
) -> None:
    """Ask boards and outside bodies what they think. The boards may from now on read the case."""
    case, today = cast(Case, event.case), timezone.localdate(event.at)
    sent = list(papers)
    faults = [*_bodies_faults(case, today, namnder, outside), *_time_faults(today, last_day, reason)]
    if not sent or any(paper.case_id != case.pk for paper in sent):
        faults.append(_("Välj minst en av ärendets handlingar att remittera."))
    if faults:
        raise Refused(*faults)
    remiss = Remiss.objects.create(case=case, event=event, letter=letter, reason=reason)
    remiss.documents.set(sent)
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
    faults = _day_faults(today, last_day)
    if not faults and last_day < today + timedelta(days=DAYS) and not reason.strip():
        faults.append(
            _("Svarstiden är kortare än %(days)d dagar. Skriv skälet, eller välj %(first)s eller senare.")
            % {"days": DAYS, "first": formatting.day(calendar.add_days(today, DAYS))}
        )
    return faults


def _day_faults(today: date, day: date) -> list[str]:
    """Any last day is ahead, and a working day."""
    if day <= today:
        return [_("Sista svarsdag måste ligga efter i dag.")]
    if not calendar.is_working_day(day):
        return [
            _("%(day)s är inte en arbetsdag. Välj till exempel %(next)s.")
            % {
                "day": formatting.weekday(day).capitalize(),
                "next": formatting.weekday(calendar.working_day_on_or_after(day)),
            }
        ]
    return []


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
    content = {
        "sections": [
            {"title": _("Följebrev"), "text": remiss.letter},
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
def answer_remiss(
    event: Event,
    *,
    form: str,
    standpoint: str,
    namnd: Namnd | None = None,
    organisation: str = "",
    comments: str = "",
    meeting_on: date | None = None,
    paragraph: str = "",
    immediate: bool = False,
    reservation: str = "",
    received_on: date | None = None,
    attachments: Sequence[Upload] = (),
) -> None:
    """A body answers, in time or late; an officer enters what an outside body has sent."""
    case, by, today = cast(Case, event.case), cast(User, event.by), timezone.localdate(event.at)
    asked = RemissBody.objects.answerable_by(by, case).filter(namnd=namnd, name=organisation).first()
    if asked is None:
        who = namnd or organisation
        raise Refused(_("%(body)s har redan svarat, eller så kan du inte svara åt den.") % {"body": who})
    received = received_on if received_on and asked.namnd_id is None else today
    faults = [
        *_content_faults(form, standpoint, comments),
        *_board_faults(asked, today, form, meeting_on, paragraph),
        *_received_faults(asked, today, received),
    ]
    if faults:
        raise Refused(*faults)
    answer = RemissAnswer.objects.create(
        body=asked,
        event=event,
        form=form,
        standpoint=standpoint,
        comments=comments,
        meeting_on=meeting_on,
        paragraph=paragraph.strip(),
        immediate=immediate,
        reservation=reservation,
        received_on=received,
        late=received > asked.last_day,
    )
    _freeze_answer(event, answer, attachments)


def _content_faults(form: str, standpoint: str, comments: str) -> list[str]:
    """Who abstains takes no standpoint; all others say something."""
    if form not in AnswerForm.values or standpoint not in AnswerStandpoint.values:
        return [_("Välj svarsform och ståndpunkt.")]
    if form == AnswerForm.ABSTAINS:
        if standpoint != AnswerStandpoint.NONE:
            return [_("Den som avstår från att yttra sig tar inte ställning. Ändra svarsform eller ståndpunkt.")]
        return []
    return [] if comments.strip() else [_("Skriv synpunkterna, eller välj att avstå från att yttra er.")]


def _board_faults(body: RemissBody, today: date, form: str, meeting_on: date | None, paragraph: str) -> list[str]:
    """A board's decision has its meeting and its paragraph, and came after the question."""
    if form != AnswerForm.BOARD:
        return []
    if meeting_on is None or not paragraph.strip():
        return [_("Ange sammanträdesdag och paragraf för nämndens beslut.")]
    if meeting_on > today:
        return [_("Sammanträdet har inte hållits än. Svara när nämnden har beslutat.")]
    if meeting_on < body.remiss.sent_on:
        return [
            _("Sammanträdet ligger före remissen, som sändes %(day)s.") % {"day": formatting.day(body.remiss.sent_on)}
        ]
    return []


def _received_faults(body: RemissBody, today: date, received_on: date) -> list[str]:
    """An answer from outside came in some day from the question until today."""
    if body.remiss.sent_on <= received_on <= today:
        return []
    return [
        _("Dagen då svaret kom in ska ligga mellan %(sent)s, då remissen sändes, och i dag.")
        % {"sent": formatting.day(body.remiss.sent_on)}
    ]


def _freeze_answer(event: Event, answer: RemissAnswer, attachments: Sequence[Upload]) -> None:
    """The answer as it came."""
    body = answer.body
    rows = [
        [_("Remissinstans"), str(body)],
        [_("Svarsform"), str(AnswerForm(answer.form).label)],
        [_("Ståndpunkt"), str(AnswerStandpoint(answer.standpoint).label)],
        [_("Inkom"), formatting.day(answer.received_on)],
        [_("Svar senast"), formatting.day(body.last_day)],
    ]
    if answer.late:
        rows.append([_("Anmärkning"), _("Svaret kom in efter sista dagen.")])
    if answer.form == AnswerForm.BOARD:
        said = _("%(day)s, %(paragraph)s") % {"day": formatting.day(answer.meeting_on), "paragraph": answer.paragraph}
        rows.append([_("Nämndens beslut"), said])
        rows.append([_("Omedelbart justerad"), _("Ja") if answer.immediate else _("Nej")])
    sections: list[dict[str, Any]] = [{"title": _("Svar"), "rows": rows}]
    if answer.comments:
        sections.append({"title": _("Synpunkter"), "text": answer.comments})
    if answer.reservation:
        sections.append({"title": _("Reservation eller särskilt uttalande"), "text": answer.reservation})
    if attachments:
        table = {
            "columns": [_("Fil"), _("Kontrollsumma")],
            "rows": [[file.name, file.sha256[:16]] for file in attachments],
        }
        sections.append({"title": _("Bilagor"), "table": table})
    documents.freeze(event, "remiss_answer", _("Remissvar från %s") % body, {"sections": sections})


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
    faults = _day_faults(today, last_day)
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
        raise Refused(*faults)
    RemissBody.objects.filter(pk__in=[body.pk for body in chosen]).update(last_day=last_day)


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
    still = RemissBody.objects.filter(remiss__case=case, namnd__isnull=False)
    keep = set(still.exclude(answer=None).values_list("namnd", flat=True))
    keep |= set(still.filter(remiss__withdrawal=None).values_list("namnd", flat=True))
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
        for user in respondents_of(namnd_ids).exclude(javs__case=case)
    )
