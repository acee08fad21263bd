"""The pages of a meeting: agenda, call, minutes and their adjustment."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fundportal import documents, formatting, printing
from fundportal.fields import whole_number
from fundportal.models import Case, Document, Fund, User
from fundportal.process import Role, Step
from fundportal.views.papers import download
from reviews.actions import meetings, minutes
from reviews.forms.meetings import CancelMeeting, ChangeMeeting, MinuteMeeting, PlanMeeting
from reviews.models import AgendaItem, Meeting, council_members
from reviews.views.pages import done, formed, let_in

KEEPS = {Role.OFFICER}
FORM = "reviews/council/form.html"


def _meeting(pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("fund", "secretary", "adjuster"), pk=pk)


def _up(meeting: Meeting) -> tuple[str, str]:
    return meeting.get_absolute_url(), _("Sammanträde %(day)s") % {"day": formatting.day(meeting.held_on)}


def plan(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    user = let_in(request, KEEPS, _("Sammanträden planeras av en handläggare."))
    fund = Fund.objects.order_by("status", "pk").first()
    if fund is None:
        raise Http404

    def do(told: dict[str, Any]) -> str:
        meetings.plan(user, timezone.now(), fund=fund, **told)
        return _("Sammanträdet är planerat.")

    back = reverse("council")
    return formed(
        request, PlanMeeting, do, FORM, back, title=_("Planera sammanträde"), submit=_("Planera"), up=(back, _("Rådet"))
    )


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting: when and where, agenda, attendance, what came of each item, minutes."""
    user = let_in(request, meetings.READS)
    it = _meeting(pk)
    visible = set(Case.objects.visible_to(user).filter(agenda_items__meeting=it).values_list("pk", flat=True))
    held = timezone.localdate() >= it.held_on
    adjusted = meetings.is_adjusted(it)
    versions = list(it.minutes.select_related("document", "approves"))
    keeps = Role.OFFICER in user.grants.everywhere
    context = {
        "meeting": it,
        "items": minutes.items(it),
        "visible": visible,
        "attendance": minutes.attendance(it),
        "members": council_members(),
        "versions": versions,
        "held": held,
        "adjusted": adjusted,
        "keeps": keeps and not adjusted and not it.cancelled_at,
        "may_adjust": bool(versions) and not adjusted and it.adjuster == user and not it.cancelled_at,
        "closed": meetings.barred_from(it, user),
        "waiting": _waiting(it, user) if keeps and not adjusted else [],
    }
    return render(request, "reviews/council/meeting.html", context)


def _waiting(it: Meeting, user: User) -> list[Case]:
    """Cases that stand with the council and on no agenda that lies ahead."""
    planned = AgendaItem.objects.filter(meeting__held_on__gte=timezone.localdate(), meeting__cancelled_at=None)
    here = AgendaItem.objects.filter(meeting=it)
    taken = [*planned.values_list("case", flat=True), *here.values_list("case", flat=True)]
    rows = Case.objects.visible_to(user).filter(step=Step.COUNCIL, fund=it.fund)
    return list(rows.exclude(pk__in=[pk for pk in taken if pk]).order_by("number"))


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, place or adjuster."""
    user, it = let_in(request, KEEPS), _meeting(pk)
    begin = {"begins": f"{it.begins:%H.%M}", "place": it.place, "adjuster": str(it.adjuster_id or "")}

    def do(told: dict[str, Any]) -> str:
        meetings.change(user, timezone.now(), meeting=it, **told)
        return _("Sammanträdet är ändrat.")

    def make(*args: Any, initial: dict[str, Any] | None = None) -> ChangeMeeting:
        return ChangeMeeting(*args, initial=initial or begin)

    return formed(
        request, make, do, FORM, it.get_absolute_url(), title=_("Ändra sammanträdet"), submit=_("Spara"), up=_up(it)
    )


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting is not held."""
    user, it = let_in(request, KEEPS), _meeting(pk)

    def do(told: dict[str, Any]) -> str:
        meetings.cancel(user, timezone.now(), meeting=it, reason=told["reason"])
        return _("Sammanträdet är inställt.")

    return formed(
        request, CancelMeeting, do, FORM, it.get_absolute_url(),
        title=_("Ställ in sammanträdet"), submit=_("Ställ in"), up=_up(it),
    )  # fmt: skip


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a case or a matter on the agenda."""
    user, it = let_in(request, KEEPS), _meeting(pk)
    chosen = whole_number(request.POST.get("case", ""))
    case = Case.objects.visible_to(user).filter(pk=chosen).first() if chosen else None
    title = request.POST.get("title", "")
    words, to = _("Punkten står på dagordningen."), it.get_absolute_url()
    return done(request, lambda: meetings.add(user, timezone.now(), meeting=it, case=case, title=title), words, to)


@require_POST
def arrange(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Move an item, or take it off."""
    user = let_in(request, KEEPS)
    row = get_object_or_404(AgendaItem.objects.select_related("meeting", "case"), pk=item, meeting=pk)
    how = request.POST.get("how", "")
    if how not in ("up", "down", "remove"):
        raise Http404
    words, to = _("Dagordningen är ändrad."), row.meeting.get_absolute_url()
    return done(request, lambda: meetings.arrange(user, timezone.now(), item=row, how=how), words, to)


@require_POST
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the members."""
    user, it = let_in(request, KEEPS), _meeting(pk)
    words, to = _("Kallelsen är sänd till rådets ledamöter."), it.get_absolute_url()
    return done(request, lambda: meetings.call(user, timezone.now(), meeting=it), words, to)


def minute(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the minutes: attendance, who stood aside, notes."""
    user, it = let_in(request, KEEPS), _meeting(pk)
    if closed := meetings.barred_from(it, user):
        raise PermissionDenied(
            _("Du har jäv i %(cases)s. En annan handläggare skriver protokollet.")
            % {"cases": formatting.in_words(sorted(closed))}
        )

    def do(told: dict[str, Any]) -> str:
        meetings.minute(user, timezone.now(), meeting=it, **told)
        return _("Närvaro och anteckningar är sparade.")

    return formed(
        request,
        lambda *args, **kwargs: MinuteMeeting(*args, meeting=it, **kwargs),
        do,
        FORM,
        it.get_absolute_url(),
        title=_("Skriv protokoll"),
        lead=_("Ställningstaganden, villkor och reservationer hämtas ur ärendena och skrivs inte här."),
        submit=_("Spara"),
        up=_up(it),
    )


@require_POST
def forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the minutes forward to be adjusted."""
    user, it = let_in(request, KEEPS), _meeting(pk)
    words, to = _("Protokollet är framlagt för justering."), it.get_absolute_url()
    return done(request, lambda: meetings.put_forward(user, timezone.now(), meeting=it), words, to)


@require_POST
def adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Adjust the version that was read."""
    user, it = let_in(request, {Role.COUNCIL}), _meeting(pk)
    version = whole_number(request.POST.get("version", ""), 5) or 0
    words, to = _("Protokollet är justerat."), it.get_absolute_url()
    return done(request, lambda: meetings.adjust(user, timezone.now(), meeting=it, version=version), words, to)


def _paper(request: HttpRequest, pk: int, paper: int) -> tuple[Meeting, Document]:
    """A version of the minutes, closed to those with jäv in any of its cases: theirs is the meeting's page."""
    user, it = let_in(request, meetings.READS), _meeting(pk)
    if closed := meetings.barred_from(it, user):
        raise PermissionDenied(
            _("Du har jäv i %(cases)s, och det behandlas i protokollet. De andra paragraferna läser du på mötets sida.")
            % {"cases": formatting.in_words(sorted(closed))}
        )
    return it, get_object_or_404(Document, pk=paper, place=it.files, case=None)


@require_safe
def paper(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """The minutes on the screen."""
    it, found = _paper(request, pk, paper)
    context = printing.context(found, documents.label(found.kind))
    context |= {"layout": "reviews/council/paper.html", "meeting": it}
    return render(request, found.template, context)


@require_safe
def pdf(request: HttpRequest, pk: int, paper: int) -> HttpResponseBase:
    """The minutes as PDF; until they are printed, on the screen."""
    _it, found = _paper(request, pk, paper)
    if found.printed_at is None:
        return redirect("meeting_paper", pk=pk, paper=paper)
    return download(found.file, documents.file_name(found), "application/pdf")
