"""The way in for bodies outside the city: one remiss, its papers and their answer, and no other trace of the case.

A link is looked at by scanners before it is opened by people: so a GET shows a button, and only a POST uses it up. What
opens after that is bound to the browser's session, and asked of the database at every step: is the link barred, has the
time run out, is the remiss withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fundportal import documents, viruses
from fundportal.errors import Refused
from fundportal.models import Event
from fundportal.views.accounts import Tries, caller
from fundportal.views.fieldwise import Desk, by_script, clash_links, marks_in
from fundportal.views.papers import shown_paper, stored_file, stored_pdf
from reviews import actions
from reviews.forms.remiss_answers import OutsideAnswer, OutsideMoreTime
from reviews.models import RemissBody, RemissDraft, RemissLink
from reviews.needs import letters
from reviews.views.answering import Hand, keep_draft, typed_so_far

IN = "remiss_link"
"""Where the session says which link has let the browser in."""
PER_ADDRESS, PER_LINK = 60, 3
"""Tries of links from one address, and new links to one body, in a quarter of an hour."""

View = Callable[..., HttpResponseBase]


def alone(view: View) -> View:
    """A page for strangers: kept in no cache and no index, and it tells no other site where one came from."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "same-origin"  # ”no-referrer” makes browsers hide the origin, which CSRF asks for
        response["Cache-Control"] = "no-store"
        return response

    return cast("View", login_not_required(shown))


def closed(request: HttpRequest, *, why: str = "", status: int = 410) -> HttpResponse:
    """What whoever has no open link is told: the same for a link that never was and one that is barred."""
    return _show(request, "closed", {"why": why}, status)


def _show(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shown = {"contact": settings.CONTACT_EMAIL, **context}
    return render(request, f"reviews/outside/{name}.html", shown, status=status)


def _too_many(request: HttpRequest) -> HttpResponse | None:
    if Tries("remiss", caller(request), PER_ADDRESS).until() is None:
        return None
    return closed(request, why=_("För många försök. Vänta en kvart och försök igen."), status=429)


@alone
@require_http_methods(["GET", "HEAD", "POST"])
def way_in(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link in the letter. Looking at it changes nothing; the button opens the remiss, once."""
    if stop := _too_many(request):
        return stop
    link, at = RemissLink.objects.of(token), timezone.now()
    if link is None or not link.lets_in(timezone.localdate(at)):
        return closed(request)
    if request.session.get(IN) == link.pk and link.used_at:
        return redirect("remiss_outside_answer")
    if request.method != "POST":
        return _show(request, "used" if link.used_at else "way_in", {"link": link, "token": token})
    with transaction.atomic():
        if not RemissLink.objects.standing().filter(pk=link.pk, used_at=None).update(used_at=at):
            return _show(request, "used", {"link": link, "token": token})
        RemissBody.objects.filter(pk=link.body_id, opened_at=None).update(opened_at=at)
    request.session.cycle_key()
    request.session[IN] = link.pk
    return redirect("remiss_outside_answer")


@alone
@require_POST
def again(request: HttpRequest, token: str) -> HttpResponse:
    """A new link, mailed to the address that has had one before: whoever holds an old one learns nothing by it."""
    if stop := _too_many(request):
        return stop
    link, at = RemissLink.objects.of(token), timezone.now()
    if link is None or not link.lets_in(timezone.localdate(at)):
        return closed(request)
    if Tries("remiss-again", str(link.body_id), PER_LINK).until() is None:
        fresh = RemissLink.issue(link.body, at)
        letters.outside(link.body, "again", f"remiss/lank/{fresh.pk}", at, link=fresh).save()
    return _show(request, "sent", {})


def _link(request: HttpRequest) -> RemissLink | None:
    """The link that has let this browser in, if it still does."""
    links = RemissLink.objects.select_related("body__remiss__case__fund", "body__remiss__event__by")
    link = links.filter(pk=request.session.get(IN, 0)).first()
    return link if link and link.lets_in(timezone.localdate()) else None


def inside(view: View) -> View:
    """A page for a browser that a link has let in."""

    @alone
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        link = _link(request)
        if link is None and by_script(request):
            told = _(
                "länken gäller inte längre i den här webbläsaren. Texten finns kvar här. Öppna länken i brevet igen i "
                "samma webbläsare: där kan ni få en ny, och då kommer texten tillbaka."
            )
            return JsonResponse({"saved": False, "message": told}, status=410)
        return closed(request) if link is None else view(request, link.body, *args, **kwargs)

    return shown


def _frame(body: RemissBody) -> dict[str, Any]:
    remiss = body.remiss
    return {
        "body": body,
        "remiss": remiss,
        "title": remiss.case.title,
        "fund": remiss.case.fund,
        "officer": remiss.case.officer or remiss.event.by,
        "papers": remiss.documents.all(),
        "questions": remiss.questions.all(),
    }


class OutsideDesk(Desk):
    """Whoever a link lets in, at the answer of its body and nothing else."""

    def __init__(self, request: HttpRequest, body: RemissBody) -> None:
        """She is who she says she is; the page tells which body it was drawn for."""
        self.body = body
        super().__init__(request, "", body.pk)

    def form(self, *, data: Any = None, initial: Any = None) -> OutsideAnswer:
        """The answer of this body."""
        return OutsideAnswer(data, initial=initial, body=self.body)

    @property
    def stored(self) -> dict[str, Any]:
        """What has been typed of the answer."""
        return typed_so_far(self.body)

    def keep(self, typed: dict[str, Any], seen: Mapping[str, str], chosen: Mapping[str, str]) -> RemissDraft:
        """Keep it for the body, by the name that is typed in it."""
        self.name = str((self.stored | typed).get("person") or self.body)
        return keep_draft(self.body, typed, seen, chosen, Hand(self.name))

    def after(self, typed: dict[str, Any]) -> HttpResponseBase:
        """The same page, with what is kept."""
        return redirect(self.request.path + "?sparat")

    def stranger(self) -> str:
        """Another remiss has been opened in the same browser since."""
        return _(
            "En annan remiss är öppnad i samma webbläsare, så det här sparas inte. Kopiera texten, öppna länken till "
            "den här remissen igen och klistra in den."
        )

    def show(
        self,
        typed: dict[str, Any],
        *,
        clashes: Mapping[str, dict[str, Any]] | None = None,
        seen: Mapping[str, str] | None = None,
        reasons: list[str] | None = None,
    ) -> HttpResponse:
        """Draw the page with what was typed, and both versions where two have written."""
        told = clash_links(clashes) if clashes else [(reason, "") for reason in reasons or []]
        form = self.form(initial=typed)
        return _form(self.request, self.body, form, self.units(form, typed, clashes or {}, seen or {}), told)

    def checked(self, form: OutsideAnswer, errors: list[tuple[str, str]]) -> HttpResponse:
        """Draw the page with what is wrong, at its fields."""
        return _form(
            self.request, self.body, form, self.units(form, form.typed(), {}, marks_in(self.request.POST)), errors
        )


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, body: RemissBody) -> HttpResponseBase:
    """Read the letter and the papers, write with every field saved, answer; afterwards the receipt."""
    if body.given and by_script(request):
        told = _("Svaret är redan lämnat. Ladda om sidan för att läsa det.")
        return JsonResponse({"saved": False, "message": told}, status=409)
    if body.given:
        paper = body.given.event.documents.filter(kind="remiss_answer").first()
        files = body.given.event.uploads.all()
        return _show(request, "receipt", _frame(body) | {"answer": body.given, "paper": paper, "files": files})
    desk = OutsideDesk(request, body)
    if request.method != "POST":
        return desk.show(desk.stored)
    if "_save" in request.POST or by_script(request):
        return desk.save()
    form = OutsideAnswer(request.POST, request.FILES, body=body)
    if desk.is_stranger():
        return desk.checked(form, [(desk.stranger(), "")])
    if not form.is_valid():
        return desk.checked(form, form.summary())
    try:
        _give(request, body, form)
    except Refused as refused:
        return desk.checked(form, [(reason, "") for reason in refused.reasons])
    return redirect("remiss_outside_answer")


def _give(request: HttpRequest, body: RemissBody, form: OutsideAnswer) -> Event:
    """Keep the files and do the act: both or neither. Sent twice it is done once."""
    given, at, case = form.given(), timezone.now(), body.remiss.case
    with transaction.atomic():
        for name, value in given.items():
            if isinstance(value, list) and value and isinstance(value[0], UploadedFile):
                given[name] = [documents.store(case, None, at, "answer_remiss", file) for file in value]
        event = actions.answer_remiss.from_outside(case, form.signature(), at, given, _key(request))
        documents.fix(event, given)
    return event


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return None


def _form(
    request: HttpRequest,
    body: RemissBody,
    form: OutsideAnswer,
    units: list[dict[str, Any]],
    errors: list[tuple[str, str]],
) -> HttpResponse:
    draft = RemissDraft.objects.by_link().filter(body=body).first()
    context = {"form": form, "units": units, "errors": errors, "draft": draft}
    context |= {"key": request.POST.get("_key") or uuid4()}
    context |= {"saved": "sparat" in request.GET, "asked": "begart" in request.GET}
    return _show(request, "answer", _frame(body) | context, 422 if errors else 200)


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def more_time(request: HttpRequest, body: RemissBody) -> HttpResponseBase:
    """Ask for anstånd."""
    if body.given:
        return redirect("remiss_outside_answer")
    form = OutsideMoreTime(request.POST) if request.method == "POST" else OutsideMoreTime()
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        given = {"organisation": body.name, "until": form.cleaned_data["until"], "reason": form.cleaned_data["reason"]}
        who = f"{form.cleaned_data['person']}, {body}"
        try:
            actions.ask_more_time.from_outside(body.remiss.case, who, timezone.now(), given)
        except Refused as refused:
            errors = [(reason, "") for reason in refused.reasons]
        else:
            return redirect(reverse("remiss_outside_answer") + "?begart")
    errors = errors or (form.summary() if form.is_bound else [])
    return _show(request, "more_time", _frame(body) | {"form": form, "errors": errors}, 422 if errors else 200)


@inside
@require_safe
def paper(request: HttpRequest, body: RemissBody, pk: int) -> HttpResponseBase:
    """One of the papers that were sent, or one's own answer, on the screen; `?pdf` takes it home."""
    own = body.given.event_id if body.given else None
    document = body.remiss.documents.select_related("case").filter(pk=pk).first()
    if document is None and own:
        document = body.remiss.case.documents.select_related("case").filter(pk=pk, event=own).first()
    if document is None:
        return closed(request, status=404)
    if "pdf" in request.GET and (made := stored_pdf(document)):
        return made
    return shown_paper(request, document, "reviews/outside/paper.html", contact=settings.CONTACT_EMAIL, body=body)


@inside
@require_safe
def file(request: HttpRequest, body: RemissBody, pk: int) -> HttpResponseBase:
    """A file that was sent with one's own answer."""
    found = body.given.event.uploads.filter(pk=pk).first() if body.given else None
    if found is None:
        return closed(request, status=404)
    if viruses.found_in(found):
        return closed(request, why=_("Ett virus har hittats i ”%s”. Filen är spärrad.") % found.name, status=403)
    return stored_file(found)


@alone
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the remiss in this browser."""
    request.session.pop(IN, None)
    return _show(request, "left", {})


urlpatterns: list[URLPattern] = [
    path("", answer, name="remiss_outside_answer"),
    path("anstand/", more_time, name="remiss_outside_more_time"),
    path("stang/", leave, name="remiss_outside_leave"),
    path("handling/<int:pk>/", paper, name="remiss_outside_paper"),
    path("fil/<int:pk>/", file, name="remiss_outside_file"),
    path("<str:token>/", way_in, name="remiss_outside"),
    path("<str:token>/ny/", again, name="remiss_outside_again"),
]
"""Mounted at a short address of its own, outside every case."""
