"""The acts of those who are asked: they answer, ask for more time; and an officer keeps the outside bodies' way in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import documents, formatting
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.models import Case, Document, Event, Namnd, Party, Upload
from reviews.models import (
    AnswerForm,
    AnswerStandpoint,
    RemissAnswer,
    RemissBody,
    RemissComment,
    RemissDraft,
    RemissLink,
)
from reviews.needs import letters
from reviews.needs.remiss import day_faults


@action
def answer_remiss(
    event: Event,
    *,
    form: str,
    standpoint: str,
    namnd: Namnd | None = None,
    organisation: str = "",
    comments: str = "",
    answers: Sequence[dict[str, Any]] = (),
    meeting_on: date | None = None,
    paragraph: str = "",
    immediate: bool = False,
    reservation: str = "",
    reservation_files: Sequence[Upload] = (),
    received_on: date | None = None,
    attachments: Sequence[Upload] = (),
) -> None:
    """A body answers, in time or late; an officer enters what an outside body has sent by other ways.

    `answers` are rows of `no` (a question's number) and `text`. Once it has answered, a board reads the remiss and its
    own answer, and the case no more.
    """
    today = timezone.localdate(event.at)
    asked = _asked(event, namnd, organisation)
    if asked is None:
        who = namnd or organisation
        raise Refused(_("%(body)s har redan svarat, eller så kan du inte svara åt den.") % {"body": who})
    entered = event.by is not None and asked.namnd_id is None
    received = received_on if received_on and entered else today
    faults = [
        *_content_faults(form, standpoint, comments, answers),
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
    answer.reservation_files.set(reservation_files)
    by_no = {question.no: question for question in asked.remiss.questions.all()}
    RemissComment.objects.bulk_create(
        RemissComment(answer=answer, question=by_no[row["no"]], text=row["text"].strip())
        for row in answers
        if row["no"] in by_no and row["text"].strip()
    )
    RemissDraft.objects.filter(body=asked).delete()
    _let_go(asked)
    paper = _freeze_answer(event, answer, attachments)
    letters.write(event, [asked], "receipt", by=event.by_name, sha256=paper.content_sha256)


def _asked(event: Event, namnd: Namnd | None, organisation: str) -> RemissBody | None:
    """The body that is answered for, if it is this person's to answer for: a link is its outside body's alone."""
    case = cast(Case, event.case)
    if event.by is None:
        asked = RemissBody.objects.asked(case).unanswered().filter(namnd=None)
    else:
        asked = RemissBody.objects.answerable_by(event.by, case)
    return asked.filter(namnd=namnd, name=organisation).first()


def _let_go(body: RemissBody) -> None:
    """A board that nothing more is asked of no longer takes part in the case."""
    case = body.remiss.case
    still = RemissBody.objects.asked(case).unanswered().filter(namnd=body.namnd_id)
    if body.namnd_id is not None and not still.exists():
        Party.objects.filter(case=case, namnd=body.namnd_id, part=Party.Part.REMISS).delete()


def _content_faults(form: str, standpoint: str, comments: str, answers: Sequence[dict[str, Any]]) -> list[str]:
    """Who abstains takes no standpoint; all others say something."""
    if form not in AnswerForm.values or standpoint not in AnswerStandpoint.values:
        return [_("Välj svarsform och ståndpunkt.")]
    if form == AnswerForm.ABSTAINS:
        if standpoint != AnswerStandpoint.NONE:
            return [_("Den som avstår från att yttra sig tar inte ställning. Ändra svarsform eller ståndpunkt.")]
        return []
    if comments.strip() or any(row["text"].strip() for row in answers):
        return []
    return [_("Skriv synpunkterna, eller välj att avstå från att yttra er.")]


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


def _freeze_answer(event: Event, answer: RemissAnswer, attachments: Sequence[Upload]) -> Document:
    """The answer as it came."""
    body = answer.body
    rows = [
        [_("Remissinstans"), str(body)],
        *([[_("Lämnat av"), _("%s, genom länken till remissen") % event.by_name]] if event.by is None else []),
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
    sections += [
        {"title": _("Fråga %(no)d. %(text)s") % {"no": said.question.no, "text": said.question.text}, "text": said.text}
        for said in answer.by_question.select_related("question")
    ]
    if answer.comments:
        sections.append({"title": _("Synpunkter"), "text": answer.comments})
    if answer.reservation:
        sections.append({"title": _("Reservation eller särskilt uttalande"), "text": answer.reservation})
    for title, files in (
        (_("Reservation eller särskilt uttalande, filer"), answer.reservation_files.all()),
        (_("Bilagor"), attachments),
    ):
        if files:
            table = {
                "columns": [_("Fil"), _("Kontrollsumma")],
                "rows": [[file.name, file.sha256[:16]] for file in files],
            }
            sections.append({"title": title, "table": table})
    return documents.freeze(event, "remiss_answer", _("Remissvar från %s") % body, {"sections": sections})


@action
def ask_more_time(
    event: Event, *, until: date, reason: str, namnd: Namnd | None = None, organisation: str = ""
) -> None:
    """A body asks for anstånd. Its last day stands until the officer has answered."""
    body = _asked(event, namnd, organisation)
    if body is None:
        who = namnd or organisation
        raise Refused(_("%(body)s har redan svarat, eller så kan du inte svara åt den.") % {"body": who})
    faults = day_faults(timezone.localdate(event.at), until)
    if until <= body.last_day:
        faults.append(_("Ni har redan tid till %(day)s. Välj en senare dag.") % {"day": formatting.day(body.last_day)})
    if not reason.strip():
        faults.append(_("Skriv varför ni behöver längre tid."))
    if faults:
        raise Refused(*faults, field="until")
    body.wants_until, body.wants_because = until, reason.strip()
    body.save(update_fields=["wants_until", "wants_because"])


def _outside(event: Event, organisation: str) -> RemissBody:
    """The outside body by its name, among those that are waited for."""
    waiting = RemissBody.objects.asked(cast(Case, event.case)).unanswered().filter(namnd=None)
    body = waiting.select_related("remiss__case__fund", "remiss__event").filter(name=organisation).first()
    if body is None:
        raise Refused(_("%(body)s väntas inte på i ärendet.") % {"body": organisation})
    return body


@action
def renew_remiss_link(event: Event, *, organisation: str, email: str = "") -> None:
    """Mail an outside body a new way in, to a new address if one is given. All earlier ones are barred."""
    body = _outside(event, organisation)
    if email and email != body.email:
        body.email = email
        body.save(update_fields=["email"])
    if not body.email:
        raise Refused(_("Ange e-postadressen som länken ska sändas till."), field="email")
    RemissLink.objects.standing().filter(body=body).update(barred_at=event.at)
    letters.write(event, [body], "again", links=True)


@action
def revoke_remiss_link(event: Event, *, organisation: str, reason: str) -> None:
    """Bar every way in of an outside body at once, also for whoever is reading now. What she has answered stands."""
    open_ = RemissLink.objects.standing().filter(
        body__remiss__case=event.case, body__name=organisation, body__remiss__withdrawal=None
    )
    if not reason.strip():
        raise Refused(_("Skriv skälet till att länken spärras."))
    if not open_.update(barred_at=event.at):
        raise Refused(_("%(body)s har ingen öppen länk.") % {"body": organisation})
