"""Pages that are no acts: the remiss as its bodies read it and as the officer follows it, and what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fundportal import exports, flow
from fundportal.models import Case, Document, User
from fundportal.process import Role, Step
from fundportal.views.door import open_case, person
from fundportal.views.exports import send
from fundportal.views.papers import shown_paper, stored_file, stored_pdf
from fundportal.views.sheets import SHEETS
from reviews import actions
from reviews.models import Remiss, RemissBody, remisser_of
from reviews.needs.compiled import Compilation, compiled

READS_ALL = {Role.OFFICER, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR}
"""Who reads what all the answers come to."""


def my_bodies(user: User) -> Any:
    """Everyone that this person answers for, in remisser that stand, in cases where she has no jäv."""
    boards = user.grants.namnder(Role.RESPONDENT)
    mine = RemissBody.objects.filter(namnd__in=boards, remiss__withdrawal=None)
    return mine.exclude(remiss__case__in=user.javs.standing().values("case"))


def door(request: HttpRequest, number: str) -> tuple[Case, bool]:
    """The case, and whether it is open to the person; to a board that has been asked the remiss alone stays open."""
    try:
        return open_case(request, number), True
    except Http404:
        asked = my_bodies(person(request)).filter(remiss__case__number=number)
        body = asked.select_related("remiss__case__fund", "remiss__case__owner", "remiss__case__officer").first()
        if body is None:
            raise
        return body.remiss.case, False


@require_safe
def remiss(request: HttpRequest, number: str) -> HttpResponse:
    """Every remiss of the case: the letter, the papers, who is asked and what they say.

    A respondent who reads it has opened it, which is noted once for her board. When nothing more is asked of her board
    she reads the remiss, its papers and its own answer, and no more of the case.
    """
    (case, whole), user = door(request, number), person(request)
    boards = user.grants.namnder(Role.RESPONDENT)
    asked = RemissBody.objects.asked(case).unanswered()
    asked.filter(namnd__in=boards, opened_at=None).order_by().update(opened_at=timezone.now())
    context = {
        "case": case,
        "whole": whole,
        "remisser": [(each, _shown_bodies(each, boards, whole=whole)) for each in _readable(case, boards, whole=whole)],
        "may_answer": whole and flow.barred(actions.answer_remiss.row, case, user) is None,
        "may_ask": whole and case.step == Step.PREPARATION and asked.filter(namnd__in=boards).exists(),
        "reads_all": bool(user.grants.everywhere & READS_ALL),
        "officer": Role.OFFICER in user.grants.everywhere,
    }
    return render(request, "reviews/remiss.html", context)


def _readable(case: Case, boards: list[int], *, whole: bool) -> list[Remiss]:
    """The remisser that are shown: all of them, or those that were sent to these boards and stand."""
    found = remisser_of(case)
    if whole:
        return found
    return [each for each in found if not each.withdrawal_id and any(b.namnd_id in boards for b in each.bodies.all())]


def _shown_bodies(remiss: Remiss, boards: list[int], *, whole: bool) -> list[RemissBody]:
    return [body for body in remiss.bodies.all() if whole or body.namnd_id in boards]


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Every remiss that the person's boards have had: those that wait first, then those that are answered or over."""
    user = person(request)
    if Role.RESPONDENT not in user.roles():
        raise PermissionDenied(_("Remisser besvaras av dem som är remissvarare för en nämnd. Den rollen har inte du."))
    rows = my_bodies(user).select_related("namnd", "answer", "remiss__event", "remiss__case__owner")
    bodies = list(rows.order_by("-last_day", "-pk")[:200])
    waiting = [body for body in bodies if body.given is None and body.remiss.case.step == Step.PREPARATION]
    context = {
        "waiting": sorted(waiting, key=lambda body: body.last_day),
        "past": [body for body in bodies if body not in waiting],
    }
    return render(request, "reviews/mine.html", context)


def _paper(request: HttpRequest, number: str, pk: int) -> tuple[Document, bool]:
    """A paper of a remiss: one that was sent, or one's own answer."""
    (case, whole), user = door(request, number), person(request)
    boards = user.grants.namnder(Role.RESPONDENT)
    found = Document.objects.filter(case=case, pk=pk).select_related("case")
    if not whole:
        mine = my_bodies(user).filter(remiss__case=case)
        sent = Remiss.objects.filter(bodies__in=mine)
        answered = RemissBody.objects.filter(remiss__in=sent, namnd__in=boards)
        found = (
            found.filter(pk__in=sent.values("documents"))
            | found.filter(event__in=sent.values("event"))
            | found.filter(event__in=answered.values("answer__event"))
        )
    paper = found.first()
    if paper is None:
        raise Http404
    return paper, whole


@require_safe
def paper(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """A paper of the remiss on the screen, for those to whom the case itself is closed."""
    found, whole = _paper(request, number, pk)
    if whole:
        return redirect("document", number=number, pk=pk)
    pdf_url = reverse("remiss_pdf", kwargs={"number": number, "pk": pk})
    back_url = reverse("remiss", kwargs={"number": number})
    return shown_paper(request, found, "reviews/paper.html", pdf_url=pdf_url, back_url=back_url)


@require_safe
def paper_pdf(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """The same to take home."""
    found, _whole = _paper(request, number, pk)
    return stored_pdf(found) or redirect("remiss_paper", number=number, pk=pk)


@require_safe
def file(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """A file that one's own board sent with its answer."""
    (case, whole), user = door(request, number), person(request)
    if whole:
        return redirect("upload", number=number, pk=pk)
    answered = my_bodies(user).filter(remiss__case=case).values("answer__event")
    upload = case.uploads.filter(pk=pk, event__in=answered).first()
    if upload is None:
        raise Http404
    return stored_file(upload)


def _all_answers(request: HttpRequest, number: str) -> tuple[Case, Compilation]:
    case, user = open_case(request, number), person(request)
    if not user.grants.everywhere & READS_ALL:
        raise PermissionDenied(
            _("Sammanställningen läses av handläggare, controller, stadsdirektör och revisor. Den rollen har inte du.")
        )
    return case, compiled(case)


@require_http_methods(["GET", "HEAD", "POST"])
def compilation(request: HttpRequest, number: str) -> HttpResponse:
    """What the answers come to, side by side, and the draft paragraph; POST puts it in the tjänsteutlåtande."""
    (case, found), user = _all_answers(request, number), person(request)
    sheet = SHEETS["opinion"]
    writes = sheet.may_write(case, user)
    kept = sheet.filled(case).typed("beredning")
    if request.method == "POST":
        if not writes:
            raise PermissionDenied(_("Tjänsteutlåtandet skrivs av handläggaren medan ärendet bereds."))
        taken = {"remiss": found.text, "remiss_origin": found.newest}
        sheet.save(case, "beredning", kept | taken, user, timezone.now())
        messages.success(request, _("Texten om remissvaren står nu i tjänsteutlåtandet. Läs den och gör den till din."))
        return redirect("opinion_part", number=number, slug="beredning")
    origin = kept.get("remiss_origin", "")
    context = {
        "case": case,
        "found": found,
        "writes": writes,
        "taken": bool(kept.get("remiss")),
        "old": bool(kept.get("remiss")) and origin != found.newest,
        "drafted": kept.get("remiss", "") if sheet.may_read(case, user) else "",
    }
    return render(request, "reviews/compilation.html", context)


@require_safe
def compilation_file(request: HttpRequest, number: str, kind: str) -> FileResponse:
    """The compilation as a file, a row for each body; entered in the log of exports."""
    if kind not in exports.TABLES:
        raise Http404
    case, found = _all_answers(request, number)
    columns, rows = table(found)
    what = _("Remissvar i %(number)s, %(kind)s") % {"number": case.number, "kind": kind.upper()}
    made = exports.take_out_rows(
        person(request), timezone.now(), what, rows, columns, kind, case=case, sheet=_("Remissvar")
    )
    return send(made, f"remissvar-{case.number}", kind)


def table(found: Compilation) -> tuple[list[exports.Column], list[dict[str, Any]]]:
    """The compilation as columns and rows: what is asked in each remiss stands in columns of its own."""
    titles = [(one, number, row) for one in found.remisser for number, row in enumerate(one.rows)]
    columns = [
        exports.Column(label, key, key)
        for key, label in (
            ("body", _("Remissinstans")),
            ("state", _("Status")),
            ("last_day", _("Svar senast")),
            ("received_on", _("Inkom")),
            ("form", _("Svarsform")),
            ("standpoint", _("Ståndpunkt")),
            ("meeting_on", _("Sammanträde")),
            ("paragraph", _("Paragraf")),
        )
    ] + [exports.Column(row.title, f"said_{nth}", f"said_{nth}") for nth, (_one, _no, row) in enumerate(titles)]
    rows = []
    for one in found.remisser:
        for body in one.bodies:
            answer = body.given
            row: dict[str, Any] = {
                "body": str(body),
                "state": str(body.state.label),
                "last_day": body.last_day,
                "received_on": answer.received_on if answer else None,
                "form": answer.get_form_display() if answer else "",
                "standpoint": answer.get_standpoint_display() if answer else "",
                "meeting_on": answer.meeting_on if answer else None,
                "paragraph": answer.paragraph if answer else "",
            }
            place = one.answered.index(answer) if answer else -1
            for nth, (owner, _no, asked) in enumerate(titles):
                row[f"said_{nth}"] = asked.cells[place] if owner is one and answer else ""
            rows.append(row)
    return columns, rows
