"""Pages of acts on many cases: what is chosen and what is to be done, how it goes, and how it went for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fundportal import bulk, exports, handing_over, officers, tasks
from fundportal.errors import Refused
from fundportal.fields import whole_number
from fundportal.forms import PlainForm, TextField
from fundportal.models import Bulk, BulkItem, Case, User
from fundportal.process import Role
from fundportal.queue import Wanted
from fundportal.views.door import person
from fundportal.views.exports import send

SHOWN = 50
"""So many of the chosen cases are listed before the act; their number is always told."""
LISTED = 50


def officer_choices(*, rules: bool) -> list[tuple[Any, Any]]:
    """Officers to choose from, the rules first if they are offered."""
    first = [(bulk.BY_RULES, _("Den som reglerna föreslår"))] if rules else []
    return [("", _("Välj …")), *first, *((user.pk, str(user)) for user in officers.officers())]


class AssignMany(PlainForm):
    """Who takes the cases over."""

    officer = forms.TypedChoiceField(label=gettext_lazy("Handläggare"), coerce=int)
    reason = TextField(label=gettext_lazy("Skäl"), most=1000, rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offers the officers."""
        super().__init__(*args, **kwargs)
        field = self.fields["officer"]
        if isinstance(field, forms.ChoiceField):
            field.choices = officer_choices(rules=True)


class RemindMany(PlainForm):
    """What is said to those whose turn it is."""

    message = TextField(
        label=gettext_lazy("Meddelande"),
        most=1000,
        rows=3,
        required=False,
        help_text=gettext_lazy("Står i breven. Lämna tomt om påminnelsen räcker."),
    )


FORMS: Mapping[str, type[PlainForm]] = {
    Bulk.Kind.ASSIGN: AssignMany,
    Bulk.Kind.REMIND: RemindMany,
    Bulk.Kind.EXPORT: PlainForm,
}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What has been done to many cases: one's own; for an auditor everyone's."""
    return render(request, "many/overview.html", {"rows": list(bulk.of(person(request))[:LISTED])})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """What is chosen, with its count; and the act, when it is confirmed."""
    user, told = person(request), request.GET
    kind = told.get("atgard", "")
    if kind not in FORMS:
        raise Http404
    if reason := bulk.refuse(user, kind):
        raise PermissionDenied(reason)
    whole = told.get("urval") == "alla"
    wanted = Wanted.read(told) if whole else None
    cases = bulk.chosen(user, wanted, [pk for pk in map(whole_number, told.getlist("arende")) if pk][: bulk.MOST])
    ids = list(cases.values_list("pk", flat=True)[: bulk.MOST + 1])
    form = FORMS[kind](request.POST or None)
    errors = _confirm_errors(ids, request.POST) if request.method == "POST" else _too_many(ids)
    if request.method == "POST" and not errors and (form.is_valid() or kind == Bulk.Kind.EXPORT):
        made = bulk.begin(
            user,
            timezone.now(),
            kind,
            ids,
            form.cleaned_data if form.is_bound and form.is_valid() else {},
            (wanted.named if wanted else {}) | {"urval": "alla" if whole else "valda"},
            _key(request.POST),
        )
        go(made)
        return redirect("many_one", pk=made.pk)
    context = {
        "kind": kind,
        "label": Bulk.Kind(kind).label,
        "form": form,
        "errors": errors or form.summary(),
        "count": len(ids),
        "whole": whole,
        "rows": list(cases.filter(pk__in=ids).values("number", "title", "owner__short", "step")[:SHOWN]),
        "left": max(0, len(ids) - SHOWN),
        "key": request.POST.get("_key") or uuid4(),
    }
    return render(request, "many/new.html", context, status=422 if request.method == "POST" else 200)


def go(made: Bulk) -> None:
    """Do it now if it is little, else leave it to Celery."""
    if made.total <= bulk.AT_ONCE:
        bulk.run(made.pk)
    else:
        transaction.on_commit(lambda: tasks.hurry(made.pk))


def _too_many(ids: list[int]) -> list[tuple[str, str]]:
    if not ids:
        return [(_("Inga ärenden är valda. Gå tillbaka och markera dem."), "")]
    if len(ids) > bulk.MOST:
        return [(_("Högst %(most)d ärenden kan tas på en gång. Begränsa urvalet.") % {"most": bulk.MOST}, "")]
    return []


def _confirm_errors(ids: list[int], told: QueryDict) -> list[tuple[str, str]]:
    """What was confirmed must be what is done: the number that stood on the page."""
    if told.get("_count") != str(len(ids)):
        return [(_("Urvalet har ändrats sedan du öppnade sidan. Kontrollera det och bekräfta igen."), "")]
    return _too_many(ids)


def _key(told: QueryDict) -> UUID:
    try:
        return UUID(told.get("_key", ""))
    except ValueError:
        return uuid4()


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """How it goes, and how it went for each case."""
    user = person(request)
    made = _mine(user, pk)
    items = list(made.items.select_related("case", "event"))
    visible = set(
        Case.objects.visible_to(user).filter(pk__in=[it.case_id for it in items]).values_list("pk", flat=True)
    )
    tally = bulk.tally(made)
    context = {
        "bulk": made,
        "tally": tally,
        "gone": made.total - tally["waiting"],
        "rows": [_row(item, seen=item.case_id in visible) for item in items],
        "facts": _facts(made),
        "files": list(exports.KINDS) if made.kind == Bulk.Kind.EXPORT and made.finished_at and tally["done"] else [],
    }
    return render(request, "many/one.html", context)


COLORS = {"waiting": "neutral", "done": "success", "refused": "danger"}


def _row(item: BulkItem, *, seen: bool) -> dict[str, Any]:
    return {
        "title": item.case.title if seen else _("Ett ärende som du inte ser längre"),
        "number": item.case.number if seen else "",
        "url": item.case.get_absolute_url() if seen else "",
        "state": item.get_state_display(),
        "color": COLORS[item.state],
        "reason": item.reason,
        "no": item.event.no if item.event else None,
    }


def _facts(made: Bulk) -> list[tuple[str, str]]:
    given = made.given
    found = [(_("Begärd av"), str(made.by))]
    if "from" in given:
        found.append((_("Från"), str(User.objects.get(pk=given["from"]))))
    if "officer" in given:
        to = given["officer"]
        found.append((_("Till"), str(User.objects.get(pk=to)) if to else _("Den som reglerna föreslår")))
    found += [
        (label, given[name]) for name, label in (("reason", _("Skäl")), ("message", _("Meddelande"))) if given.get(name)
    ]
    return found


@require_safe
def file(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """The cases of a bulk export that are still visible, as a file; logged before it leaves."""
    user = person(request)
    made = _mine(user, pk)
    if kind not in exports.KINDS or made.kind != Bulk.Kind.EXPORT or made.finished_at is None:
        raise Http404
    if reason := exports.refuse_lists(user):
        raise PermissionDenied(reason)
    done = made.items.filter(state=BulkItem.State.DONE).values("case")
    rows = Case.objects.visible_to(user).filter(pk__in=done).order_by("number")
    what = _("Valda ärenden, massåtgärd %(pk)d, %(kind)s") % {"pk": made.pk, "kind": kind.upper()}
    asked = made.asked | {"arenden": " ".join(rows.values_list("number", flat=True))}
    out = exports.take_out(user, timezone.now(), what, asked, rows, exports.CASE_COLUMNS, kind, bulk=made)
    return send(out, "arenden", kind)


def _mine(user: User, pk: int) -> Bulk:
    made = bulk.of(user).filter(pk=pk).first()
    if made is None:
        raise Http404
    return made


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """All of a person's open cases to another: shown with their count first."""
    user = person(request)
    blind = Role.OFFICER not in user.grants.everywhere and Role.ADMINISTRATOR in user.grants.everywhere
    if not blind and (reason := bulk.refuse(user, Bulk.Kind.ASSIGN)):
        raise PermissionDenied(reason)
    people = list(officers.with_open_cases())
    leaver = next((it for it in people if str(it.pk) == request.GET.get("fran", "")), None)
    if leaver is None:
        return render(request, "many/hand_over.html", {"people": people, "blind": blind})
    if blind:
        return _hand_over_unseen(request, user, leaver)
    cases = Case.objects.visible_to(user).filter(pk__in=officers.open_cases(leaver).values("pk")).order_by("number")
    ids = list(cases.values_list("pk", flat=True)[: bulk.MOST])
    form = HandOver(request.POST or None, leaver=leaver)
    errors = _confirm_errors(ids, request.POST) if request.method == "POST" else []
    if request.method == "POST" and not errors and form.is_valid():
        given = form.cleaned_data | {"from": leaver.pk}
        made = bulk.begin(
            user, timezone.now(), Bulk.Kind.ASSIGN, ids, given, {"handlaggare": str(leaver.pk)}, _key(request.POST)
        )
        go(made)
        return redirect("many_one", pk=made.pk)
    context = {
        "leaver": leaver,
        "form": form,
        "errors": errors or form.summary(),
        "count": len(ids),
        "hidden": officers.open_cases(leaver).count() - len(ids),
        "rows": list(cases.values("number", "title", "owner__short", "step")[:SHOWN]),
        "left": max(0, len(ids) - SHOWN),
        "key": request.POST.get("_key") or uuid4(),
    }
    return render(request, "many/hand_over.html", context, status=422 if context["errors"] else 200)


def _hand_over_unseen(request: HttpRequest, user: User, leaver: User) -> HttpResponse:
    """The same by an administrator, who sees how many the cases are and nothing of them."""
    count = officers.open_cases(leaver).count()
    form = HandOver(request.POST or None, leaver=leaver, rules=False)
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and request.POST.get("_count") != str(count):
        errors = [(_("Antalet har ändrats sedan du öppnade sidan. Kontrollera det och bekräfta igen."), "")]
    elif request.method == "POST" and form.is_valid():
        told = {"officer": User.objects.get(pk=form.cleaned_data["officer"]), "reason": form.cleaned_data["reason"]}
        try:
            went, stay = handing_over.hand_over(leaver, user, timezone.now(), key=_key(request.POST), **told)
        except Refused as refused:
            errors = [(reason, "") for reason in refused.reasons]
        else:
            messages.success(request, _said(went, stay, told["officer"]))
            return redirect("hand_over_cases")
    context = {"leaver": leaver, "form": form, "errors": errors or form.summary(), "count": count, "blind": True}
    context |= {"key": request.POST.get("_key") or uuid4()}
    return render(request, "many/hand_over.html", context, status=422 if context["errors"] else 200)


def _said(went: int, stay: int, officer: User) -> str:
    said = _("%(went)d ärenden är överlämnade till %(who)s.") % {"went": went, "who": officer}
    if stay:
        said += " " + _("%(stay)d ligger kvar, eftersom %(who)s har jäv i dem. Välj en annan för dem.") % {
            "stay": stay,
            "who": officer,
        }
    return said


class HandOver(PlainForm):
    """To whom, and why."""

    officer = forms.TypedChoiceField(label=gettext_lazy("Ny handläggare"), coerce=int)
    reason = TextField(label=gettext_lazy("Skäl"), least=3, most=1000, rows=3)

    def __init__(self, *args: Any, leaver: User, rules: bool = True, **kwargs: Any) -> None:
        """Offers the officers but the one who leaves; and what the rules propose, to who may see the cases."""
        super().__init__(*args, **kwargs)
        field = self.fields["officer"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [it for it in officer_choices(rules=rules) if it[0] != leaver.pk]
