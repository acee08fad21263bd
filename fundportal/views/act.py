"""The page of any act: the same few lines for all of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import documents, flow, history, kept
from fundportal.errors import Refused
from fundportal.fields import whole_number
from fundportal.forms import ActionForm, rows_asked
from fundportal.models import Case, Event, User
from fundportal.views.door import open_case, person
from fundportal.views.sheets import to_mend

MINE: dict[str, StrOrPromise] = {
    "accept_partnership": gettext_lazy("Svaret på inbjudan är lämnat"),
    "ask_endorsement": gettext_lazy("Chefen har fått en fråga om tillstyrkan"),
    "complete_part": gettext_lazy("Er del är märkt som klar, och er chef har fått en fråga om tillstyrkan"),
    "answer_remiss": gettext_lazy("Remissvaret är lämnat"),
    "ask_more_time": gettext_lazy("Din begäran om anstånd är skickad"),
    "assess": gettext_lazy("Din bedömning är lämnad"),
    "declare_jav": gettext_lazy("Ditt jäv är anmält, och ärendet är stängt för dig"),
    "report": gettext_lazy("Lägesrapporten är lämnad"),
    "requisition": gettext_lazy("Rekvisitionen är lämnad"),
    "submit_application": gettext_lazy("Ansökan är inlämnad"),
    "submit_idea": gettext_lazy("Idéskissen är inlämnad"),
    "submit_evaluation": gettext_lazy("Utvärderingen är inlämnad"),
}
"""What the one who did it is told, where the history speaks to others."""


class Page:
    """The page of one act: `act(actions.grant, forms.Grant)` is a row in `urls.py`."""

    def __init__(self, performer: flow.Performer[Any], form: type[ActionForm] = ActionForm) -> None:
        """The act and the form that gives it what it needs."""
        self.performer, self.form = performer, form

    def __call__(self, request: HttpRequest, number: str) -> HttpResponseBase:
        """Show the form, or do the act."""
        case, user, at = open_case(request, number), person(request), timezone.now()
        if reason := flow.barred(self.performer.row, case, user):
            raise PermissionDenied(reason)
        told: QueryDict | None = request.POST if request.method == "POST" else None
        if told is None and (again := kept.take(request)) is not None:
            form = self.form(initial=self.form(again, case=case, user=user, at=at).typed(), case=case, user=user, at=at)
            return self.show(request, case, form)
        if told is None:
            return self.show(request, case, self.fresh(request, case, user, at))
        form = self.form(told, request.FILES, case=case, user=user, at=at)
        if asked := rows_asked(told):
            changed = self.form(initial=form.changed(asked), case=case, user=user, at=at)
            return self.show(request, case, changed, key=told.get("_key", ""), seen=told.get("_seen", ""))
        if not form.is_valid():
            return self.show(request, case, form, form.summary(), key=told.get("_key", ""))
        try:
            event = self.perform(case, user, told, form)
        except Refused as refused:
            case.refresh_from_db()
            form.refuse(refused)
            return self.show(request, case, form, form.summary())
        messages.success(request, f"{MINE.get(event.action) or history.title(event)}.")
        return redirect(self.after(case, user))

    def fresh(self, request: HttpRequest, case: Case, user: User, at: datetime) -> ActionForm:
        """The form as it is drawn first."""
        return self.form(case=case, user=user, at=at)

    def perform(self, case: Case, user: User, told: QueryDict, form: ActionForm) -> Event:
        """Register the files, then do the act: both or neither."""
        given, at = form.given(), timezone.now()
        with transaction.atomic():
            for name, value in given.items():
                if isinstance(value, list) and value and isinstance(value[0], UploadedFile):
                    given[name] = [documents.store(case, user, at, self.performer.name, file) for file in value]
            event = self.performer.perform(case, user, at, given, _key(told), _seen(told))
            documents.fix(event, given)
        return event

    def after(self, case: Case, user: User) -> str:
        """Where to go: the case, or the start page if the act closed the case to the person."""
        visible = Case.objects.visible_to(user).filter(pk=case.pk).exists()
        return case.get_absolute_url() if visible else "start"

    def show(
        self,
        request: HttpRequest,
        case: Case,
        form: ActionForm,
        errors: list[tuple[str, str]] | None = None,
        *,
        key: str = "",
        seen: str = "",
    ) -> HttpResponse:
        """Draw the page; with errors the answer is 422 and everything typed is kept."""
        newest = case.events.order_by("-no").values_list("no", flat=True).first()
        missing = flow.missing(self.performer.row, case, timezone.now())
        context = {
            "case": case,
            "row": self.performer.row,
            "form": form,
            "errors": errors or [],
            "missing": missing,
            "to_mend": to_mend(self.performer.name, case, person(request)) if missing else None,
            "key": key or uuid4(),
            "seen": seen or newest,
            **form.context(),
        }
        return render(request, form.template, context, status=422 if errors else 200)


def act(performer: flow.Performer[Any], form: type[ActionForm] = ActionForm) -> Page:
    """The page of an act, for `urls.py`."""
    return Page(performer, form)


def _key(told: QueryDict) -> UUID | None:
    try:
        return UUID(told.get("_key", ""))
    except ValueError:
        return None


def _seen(told: QueryDict) -> int | None:
    return whole_number(told.get("_seen", ""), 9)
