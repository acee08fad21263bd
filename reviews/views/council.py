"""The council's own pages: its members, its meetings, and the criteria of each round."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import criteria
from fundportal.models import Round, User
from fundportal.process import Role
from reviews.actions import criteria_edit, meetings
from reviews.forms.meetings import EditCriteria, EndSeat, SeatMember
from reviews.models import Assessment, CouncilMember, Meeting, Minutes, council_members
from reviews.views.pages import formed, let_in

ONLY_KEEPERS = "Rådets ledamöter förs in av en handläggare eller administratör."


@require_safe
def council(request: HttpRequest) -> HttpResponse:
    """The meetings, the newest first, and who sits on the council."""
    user = let_in(request, meetings.READS | meetings.KEEPS)
    today = timezone.localdate()
    adjusted = Minutes.objects.filter(meeting=OuterRef("pk")).exclude(approves=None)
    rows = list(Meeting.objects.annotate(is_adjusted=Exists(adjusted)).prefetch_related("items"))
    seats = list(CouncilMember.objects.on(today).select_related("user", "namnd"))
    noted = {row.user_id for row in seats}
    context = {
        "coming": [row for row in reversed(rows) if row.held_on >= today],
        "past": [row for row in rows if row.held_on < today],
        "seats": sorted(seats, key=lambda row: (row.seat != "chair", row.seat == "substitute", row.user.last_name)),
        "unnoted": [person for person in council_members() if person.pk not in noted],
        "may_plan": Role.OFFICER in user.grants.everywhere,
        "may_keep": bool(user.grants.everywhere & meetings.KEEPS),
        "rounds": Round.objects.select_related("fund").order_by("-opens_on"),
        "reads_meetings": bool(user.grants.everywhere & meetings.READS),
    }
    return render(request, "reviews/council/council.html", context)


def seat(request: HttpRequest) -> HttpResponse:
    """Note that someone sits on the council."""
    user = let_in(request, meetings.KEEPS, _(ONLY_KEEPERS))
    now = timezone.now()

    def do(told: dict[str, object]) -> str:
        meetings.seat(user, now, **told)  # type: ignore[arg-type]
        return _("Uppdraget är infört.")

    return formed(
        request,
        lambda *args, **kwargs: SeatMember(*args, today=timezone.localdate(now), **kwargs),
        do,
        "reviews/council/form.html",
        reverse("council"),
        title=_("För in uppdrag i rådet"),
        submit=_("För in"),
        up=(reverse("council"), _("Rådet")),
    )


def unseat(request: HttpRequest, pk: int) -> HttpResponse:
    """Note when a seat ends."""
    user = let_in(request, meetings.KEEPS, _(ONLY_KEEPERS))
    member = get_object_or_404(CouncilMember.objects.select_related("user"), pk=pk)

    def do(told: dict[str, object]) -> str:
        meetings.unseat(user, timezone.now(), member=member, until=told["until"])  # type: ignore[arg-type]
        return _("Uppdragets sista dag är införd.")

    return formed(
        request,
        EndSeat,
        do,
        "reviews/council/form.html",
        reverse("council"),
        title=_("Avsluta uppdrag: %(who)s") % {"who": member},
        submit=_("Avsluta uppdraget"),
        up=(reverse("council"), _("Rådet")),
    )


def edit_criteria(request: HttpRequest, pk: int) -> HttpResponse:
    """A round's criteria: read them, and set their words until someone has assessed by them."""
    user = let_in(request, meetings.READS | meetings.KEEPS)
    round_ = get_object_or_404(Round.objects.select_related("fund"), pk=pk)
    closed = Assessment.objects.filter(case__round=round_).exists()
    may = bool(user.grants.everywhere & meetings.KEEPS)
    if request.method == "POST" and (closed or not may):
        raise PermissionDenied(_why_not(user, closed=closed))
    among = criteria.of(round_)
    if closed or not may:
        context = {"round": round_, "criteria": among, "why": _why_not(user, closed=closed)}
        return render(request, "reviews/council/criteria.html", context)

    def do(told: list[criteria.Criterion]) -> str:
        criteria_edit.reword(user, timezone.now(), round_=round_, told=told)
        return _("Kriterierna för %(round)s är sparade.") % {"round": round_.name}

    return formed(
        request,
        lambda *args, **kwargs: EditCriteria(*args, among=among, **kwargs),
        do,
        "reviews/council/form.html",
        reverse("council"),
        title=_("Kriterier för %(round)s") % {"round": round_.name},
        lead=_("Kriterierna går att ändra tills den första ledamoten har bedömt en idé i omgången."),
        submit=_("Spara kriterierna"),
        up=(reverse("council"), _("Rådet")),
    )


def _why_not(user: User, *, closed: bool) -> str:
    if closed:
        return _("Någon har redan bedömt en idé i omgången, så kriterierna går inte längre att ändra.")
    return _("Kriterierna ändras av en handläggare eller administratör.")
