"""What a person has been told, and the demo's mailbox."""

from __future__ import annotations

from typing import TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fundportal import mailbox as kept
from fundportal.fields import whole_number
from fundportal.models import Case, Jav, Letter, Mail, User
from fundportal.views.door import person

A_PAGE = 25
Row = TypeVar("Row", bound=Model)


def _mine(user: User) -> QuerySet[Letter]:
    """The person's letters, but for those of cases where she has declared jäv."""
    return Letter.objects.filter(user=user).exclude(case__in=Jav.objects.standing().filter(user=user).values("case"))


def _before(request: HttpRequest) -> int | None:
    """Where the page begins: letters older than this one."""
    return whole_number(request.GET.get("fore", ""))


def _page(rows: QuerySet[Row], before: int | None) -> tuple[list[Row], int | None]:
    """One page of rows, the newest first, and before which the next page begins if there is one."""
    found = list((rows.filter(pk__lt=before) if before else rows)[: A_PAGE + 1])
    shown = found[:A_PAGE]
    return shown, shown[-1].pk if len(found) > A_PAGE else None


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What the person has been told, the newest first; each question to the database is asked once."""
    user, only_unread, before = person(request), "olasta" in request.GET, _before(request)
    letters = _mine(user).order_by("-id").select_related("case")
    if only_unread:
        letters = letters.filter(read_at=None)
    shown, older = _page(letters, before)
    cases = {letter.case_id for letter in shown if letter.case_id}
    context = {
        "letters": shown,
        "visible": set(Case.objects.visible_to(user).filter(pk__in=cases).values_list("pk", flat=True))
        if cases
        else set(),
        "only_unread": only_unread,
        "has_unread": any(letter.read_at is None for letter in shown) or _mine(user).filter(read_at=None).exists(),
        "older": older,
        "is_first": before is None,
    }
    return render(request, "letters/notices.html", context)


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark one letter as read, or all of them."""
    unread = _mine(person(request)).filter(read_at=None)
    one = request.POST.get("letter", "")
    if (pk := whole_number(one)) is not None:
        unread = unread.filter(pk=pk)
    elif one != "alla":
        raise Http404
    count = unread.update(read_at=timezone.now())
    if one == "alla" and count:
        messages.success(request, _("Alla aviseringar är markerade som lästa."))
    return redirect(reverse("notices") + ("?olasta" if request.POST.get("olasta") else ""))


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The demo's mailbox: every letter that would have been mailed. Open to all: a new password comes here too."""
    if not kept.is_open():
        raise Http404
    to, before = request.GET.get("till", "").strip()[:254], _before(request)
    mails = Mail.objects.all()
    if to:
        mails = mails.filter(to__iexact=to)
    shown, older = _page(mails, before)
    people = Mail.objects.order_by("to").values_list("to", flat=True).distinct()[:100]
    context = {
        "mails": shown,
        "to": to,
        "people": people,
        "older": older,
        "is_first": not before,
    }
    return render(request, "letters/mailbox.html", context)


urlpatterns = [
    path("aviseringar/", notices, name="notices"),
    path("aviseringar/last/", mark_read, name="mark_read"),
    path("brevlada/", mailbox, name="mailbox"),
]
"""Mounted at the root."""
