"""Notes and messages of a case: the page where they are read, and the pages where they are written."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundportal import access, note_acts, note_forms
from fundportal.models import Case, Note, User
from fundportal.process import ACTIONS, Role
from fundportal.rights import barred
from fundportal.views import parts
from fundportal.views.act import Page, act
from fundportal.views.door import open_case, person


@require_safe
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """What has been written that the person may read, the newest first, and who else reads it."""
    case, user = open_case(request, number), person(request)
    kinds = [kind for kind in Note.Kind if access.may_read(case, user, kind)]
    if not kinds:
        raise PermissionDenied(_("Anteckningar läses av stadens egna, och meddelanden av dem och sökandens sida."))
    shown = [_row(case, note, user) for note in access.notes_for(case, user)]
    people = {pk for row in shown for pk in row["note"].mentions}
    names = {it.pk: it.get_full_name() for it in User.objects.filter(pk__in=people)} if people else {}
    for row in shown:
        row["mentions"] = [names[pk] for pk in row["note"].mentions if pk in names]
    context = parts.frame(case, user) | {
        "part": "case_notes",
        "notes": shown,
        "readers": [{"kind": kind, "people": access.readers(case, kind)} for kind in kinds],
        "writes": [ACTIONS[name] for name in ("write_note", "write_message") if not barred(ACTIONS[name], case, user)],
    }
    return render(request, "access/notes.html", context)


def _row(case: Case, note: Note, user: User) -> dict[str, Any]:
    event = note.event
    role = str(Role(event.role).label).lower() if event.role in Role.values else ""
    hers = user.pk in (event.by_id, event.on_behalf_of_id)
    here = reverse("strike_note", kwargs={"number": case.number})
    struck = getattr(note, "strike", None)
    return {
        "note": note,
        "who": f"{event.by_name}, {role}" if role else event.by_name,
        "internal": note.kind == Note.Kind.INTERNAL,
        "struck": struck,
        "strike_url": f"{here}?{urlencode({'row': note.pk})}" if hers and struck is None else "",
    }


class Write(Page):
    """The page of a note; one that is to be read by the applicant's side is confirmed on the page of messages."""

    def __call__(self, request: HttpRequest, number: str) -> HttpResponseBase:
        """Show, confirm or write."""
        if self is not MESSAGE and request.POST.get("audience") == Note.Kind.MESSAGE:
            return self.confirm(request, open_case(request, number))
        return super().__call__(request, number)

    def confirm(self, request: HttpRequest, case: Case) -> HttpResponse:
        """The same words on the page of messages, where the readers are named, to be sent or not."""
        user = person(request)
        if reason := barred(ACTIONS["write_message"], case, user):
            raise PermissionDenied(reason)
        typed = {"text": request.POST.get("text", ""), "mentions": request.POST.getlist("mentions")}
        message = MESSAGE.form(initial=typed, case=case, user=user, at=timezone.now())
        return MESSAGE.show(request, case, message)

    def after(self, case: Case, user: User) -> str:
        """Back to what has been written."""
        return reverse("case_notes", kwargs={"number": case.number})


class Strike(Page):
    """The page where one strikes; the note is chosen by the link that led here."""

    def show(self, request: HttpRequest, case: Case, form: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same, with the note chosen."""
        if request.method == "GET" and (chosen := request.GET.get("row")):
            form.initial.setdefault("row", chosen)
        return super().show(request, case, form, *args, **kwargs)

    def after(self, case: Case, user: User) -> str:
        """Back to what has been written."""
        return reverse("case_notes", kwargs={"number": case.number})


MESSAGE = Write(note_acts.write_message, note_forms.WriteMessage)

urlpatterns = [
    path("anteckningar/", of_case, name="case_notes"),
    path("anteckningar/intern/", Write(note_acts.write_note, note_forms.WriteNote), name="write_note"),
    path("anteckningar/meddelande/", MESSAGE, name="write_message"),
    path("anteckningar/stryk/", Strike(note_acts.strike_note, note_forms.StrikeNote), name="strike_note"),
    path("insyn/ge/", act(note_acts.grant_access, note_forms.GrantAccess), name="grant_access"),
    path("insyn/avsla/", act(note_acts.deny_access, note_forms.DenyAccess), name="deny_access"),
    path("insyn/avsluta/", act(note_acts.end_access, note_forms.EndAccess), name="end_access"),
]
