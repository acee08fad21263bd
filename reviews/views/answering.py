"""The answer to a remiss while it is written, kept field by field: a board's own people's, or whoever a link let in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import flow, keeping, merging
from fundportal.errors import Refused
from fundportal.forms import ActionForm
from fundportal.keeping import Clashed
from fundportal.models import Case, User
from fundportal.views.act import Page
from fundportal.views.door import open_case, person
from fundportal.views.fieldwise import Desk, by_script, clash_links, marks_in
from reviews import actions
from reviews.forms.remiss_answers import AnswerRemiss
from reviews.models import RemissAnswer, RemissBody, RemissDraft
from reviews.views.remiss import door

SAVE = "_save"


@dataclass(frozen=True)
class Hand:
    """Who writes: by the name that is shown, with her account if she has one."""

    name: str
    user: User | None = None


def keep_draft(
    body: RemissBody, typed: Mapping[str, Any], seen: Mapping[str, str], chosen: Mapping[str, str], hand: Hand
) -> RemissDraft:
    """Keep fields of an answer, valid or not. Raises `Clashed` for those that others have changed; the rest stay."""
    at = timezone.now()
    with transaction.atomic():
        locked = RemissBody.objects.select_for_update(of=("self",)).get(pk=body.pk)
        if RemissAnswer.objects.filter(body=locked).exists():
            raise Refused(_("Svaret är redan lämnat och ändras inte längre. Ladda om sidan för att läsa det."))
        found = drafts_of(hand.user).filter(body=locked).first()
        draft = found or RemissDraft(body=locked, saved_at=at, saved_by_name=hand.name[:200])
        change, names = merging.merge(draft.answers, typed, seen, chosen)
        clashes = keeping.clashing(draft, typed, names)
        if change or not found:
            sign = {"by": hand.user.pk if hand.user else None, "who": hand.name, "at": at.isoformat()}
            draft.answers, draft.marks = draft.answers | change, draft.marks | dict.fromkeys(change, sign)
            draft.saved_at, draft.saved_by, draft.saved_by_name = at, hand.user, hand.name[:200]
            draft.save()
    if clashes:
        raise Clashed(draft, clashes)
    return draft


def drafts_of(user: User | None) -> QuerySet[RemissDraft]:
    """The drafts that are one's own to write in: those of the portal, or for someone without an account the link's."""
    return RemissDraft.objects.in_portal() if user else RemissDraft.objects.by_link()


def typed_so_far(body: RemissBody, user: User | None = None) -> dict[str, Any]:
    """What is kept of a body's answer now."""
    draft = drafts_of(user).filter(body=body).first()
    return dict(draft.answers) if draft else {}


class BoardDesk(Desk):
    """Someone who answers for a board, or enters an outside body's answer, in the portal."""

    def __init__(self, request: HttpRequest, page: AnswerPage, case: Case, body: RemissBody) -> None:
        """`body` is whom she answers for."""
        self.page, self.case, self.body, self.user = page, case, body, person(request)
        super().__init__(request, self.user.get_full_name(), self.user.pk)

    def form(self, *, data: Any = None, initial: Any = None) -> AnswerRemiss:
        """The answer of this body."""
        whom = {"body": str(self.body.pk)}
        bound = None if data is None else {**(data.dict() if isinstance(data, QueryDict) else data), **whom}
        drawn = {**(initial or {}), **whom} if data is None else None
        return AnswerRemiss(bound, initial=drawn, case=self.case, user=self.user, at=timezone.now())

    def typed(self) -> dict[str, Any]:
        """What was sent, but for whom it is: that is no part of what is written."""
        return {name: value for name, value in super().typed().items() if name != "body"}

    @property
    def stored(self) -> dict[str, Any]:
        """What has been typed of the answer."""
        return typed_so_far(self.body, self.user)

    def keep(self, typed: dict[str, Any], seen: Mapping[str, str], chosen: Mapping[str, str]) -> RemissDraft:
        """Keep it for the body."""
        return keep_draft(self.body, typed, seen, chosen, Hand(self.name, self.user))

    def after(self, typed: dict[str, Any]) -> HttpResponseBase:
        """The same page, with what is kept."""
        messages.success(self.request, _("Utkastet är sparat. Bara de som svarar för samma instans läser det."))
        return redirect(reverse("answer_remiss", kwargs={"number": self.case.number}) + f"?instans={self.body.pk}")

    def show(
        self,
        typed: dict[str, Any],
        *,
        clashes: Mapping[str, dict[str, Any]] | None = None,
        seen: Mapping[str, str] | None = None,
        reasons: list[str] | None = None,
    ) -> HttpResponse:
        """Draw the page of the act with what was typed, and both versions where two have written."""
        form = self.form(initial=typed)
        form.units = self.units(form, typed, clashes or {}, seen or {})
        told = clash_links(clashes) if clashes else [(reason, "") for reason in reasons or []]
        return self.page.show(self.request, self.case, form, told, key=self.request.POST.get("_key", ""))


class AnswerPage(Page):
    """The page where a board answers: what is typed saves itself, valid or not, among its own people."""

    def __call__(self, request: HttpRequest, number: str) -> HttpResponseBase:
        """Save the draft, or what any act's page does; the remiss itself when nothing more is asked."""
        if not door(request, number)[1]:
            if by_script(request):
                told = _("Ni har svarat, eller så väntas inget svar längre. Kopiera texten om du behöver den.")
                return JsonResponse({"saved": False, "message": told}, status=409)
            return redirect("remiss", number=number)
        if request.method == "POST" and (SAVE in request.POST or by_script(request)):
            return self.save(request, number)
        return super().__call__(request, number)

    def fresh(self, request: HttpRequest, case: Case, user: User, at: datetime) -> ActionForm:
        """For the body that the address names, if she may answer for several."""
        return AnswerRemiss(initial={"body": request.GET.get("instans", "")}, case=case, user=user, at=at)

    def save(self, request: HttpRequest, number: str) -> HttpResponseBase:
        """Keep what is typed for the body that is chosen."""
        case, user = open_case(request, number), person(request)
        if reason := flow.barred(self.performer.row, case, user):
            raise PermissionDenied(reason)
        form = AnswerRemiss(request.POST, request.FILES, case=case, user=user, at=timezone.now())
        if form.chosen is None:
            return self.show(request, case, form, [(_("Välj vilken instans utkastet gäller."), "id_body_0")])
        return BoardDesk(request, self, case, form.chosen).save()

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
        """Each field with its mark and its warning; first of all whom the answer is for."""
        form = cast("AnswerRemiss", form)
        if form.chosen is None and not form.is_bound and form.bodies:
            return render(
                request, "reviews/choose_body.html", {"case": case, "row": self.performer.row, **form.context()}
            )
        if form.chosen and not form.units:
            desk = BoardDesk(request, self, case, form.chosen)
            form.units = desk.units(form, form.typed() if form.is_bound else form.initial, {}, marks_in(request.POST))
        form.writer = person(request).pk
        return super().show(request, case, form, errors, key=key, seen=seen)

    def after(self, case: Case, user: User) -> str:
        """The remiss with the answer: the case itself may have closed."""
        return reverse("remiss", kwargs={"number": case.number})


answer_page = AnswerPage(actions.answer_remiss, AnswerRemiss)
