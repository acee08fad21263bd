"""Pages that are no acts: the remiss as its bodies read it and as the officer follows it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fundportal.process import Role
from fundportal.views.door import open_case, person
from reviews.models import RemissBody, remisser_of


@require_safe
def remiss(request: HttpRequest, number: str) -> HttpResponse:
    """Every remiss of the case: the letter, the papers, who is asked and what they say.

    A respondent who reads it has opened it, which is noted once for her board.
    """
    case, user = open_case(request, number), person(request)
    boards = user.grants.namnder(Role.RESPONDENT)
    asked = RemissBody.objects.asked(case).unanswered()
    asked.filter(namnd__in=boards, opened_at=None).order_by().update(opened_at=timezone.now())
    context = {
        "case": case,
        "remisser": remisser_of(case),
        "mine": set(boards),
        "may_answer": RemissBody.objects.answerable_by(user, case).exists(),
    }
    return render(request, "reviews/remiss.html", context)
