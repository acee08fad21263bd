"""The page of the assessment: as any act's, and it keeps what is typed until the member gives it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import flow, formatting
from fundportal.process import Step
from fundportal.views.act import Page
from fundportal.views.door import open_case, person
from reviews import actions, forms
from reviews.models import AssessmentDraft

SAVE = "_draft"


class AssessPage(Page):
    """Besides giving the assessment: saving it, by a button or by itself."""

    def __init__(self) -> None:
        """The act and its form."""
        super().__init__(actions.assess, forms.Assess)

    def __call__(self, request: HttpRequest, number: str) -> HttpResponseBase:
        """Save what is typed, or do as any act's page does."""
        if request.method == "POST" and SAVE in request.POST:
            return self.save(request, number)
        return super().__call__(request, number)

    def save(self, request: HttpRequest, number: str) -> HttpResponse:
        """Keep what is typed, right or wrong. It is hers alone."""
        case, user, at = open_case(request, number), person(request), timezone.now()
        if reason := flow.barred(self.performer.row, case, user):
            raise PermissionDenied(reason)
        if case.step != Step.COUNCIL:
            raise PermissionDenied(_("Rådet granskar inte längre idén."))
        typed = self.form(request.POST, case=case, user=user, at=at).typed()
        AssessmentDraft.objects.update_or_create(case=case, by=user, defaults={"typed": typed, "saved_at": at})
        if request.POST[SAVE] == "auto":
            return JsonResponse({"saved": _("Sparat %(clock)s") % {"clock": formatting.clock(at)}})
        messages.success(request, _("Utkastet är sparat. Bara du ser det tills du lämnar din bedömning."))
        return redirect("assess", number=number)


assess = AssessPage()
