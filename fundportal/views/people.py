"""The administrator's pages: people and their roles, who stands in for whom, and the report of who holds what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from fundportal import access_report, exports, house, kept, roles
from fundportal.errors import Refused
from fundportal.fields import whole_number
from fundportal.models import Namnd, RoleTerm, Substitute, User
from fundportal.models import holdings as held_by
from fundportal.people_forms import PersonForm, ReportForm, RoleForm, Search, SubstituteForm
from fundportal.process import EVERYWHERE, ON_NAMND, Role
from fundportal.views.door import holder, person
from fundportal.views.exports import send

PAGE = 50

house.PLACES += [
    house.Place(
        "people",
        gettext_lazy("Personer och roller"),
        gettext_lazy("Lägg upp personer, ge och ta bort roller, stäng konton, utse ersättare."),
        frozenset({Role.ADMINISTRATOR}),
        "PersonGroup",
    ),
    house.Place(
        "access_report",
        gettext_lazy("Behörighetsrapport"),
        gettext_lazy("Vem som har vilken roll var, sedan när, till när och given av vem. Även det som har upphört."),
        frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
        "Table",
    ),
]


def _administrator(request: HttpRequest) -> User:
    why = _("Personer och roller sköts av en administratör. Den rollen har inte du.")
    return holder(request, {Role.ADMINISTRATOR}, why)


@require_safe
def everyone(request: HttpRequest) -> HttpResponse:
    """All people with their roles, a page at a time."""
    _administrator(request)
    form = Search(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    now = held_by.of_everyone()
    rows = User.objects.filter(is_superuser=False).order_by("last_name", "first_name", "pk")
    for word in str(wanted.get("q", "")).split():
        rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word))
    if wanted.get("roll") or wanted.get("namnd"):
        board = wanted["namnd"].pk if wanted.get("namnd") else None
        rows = rows.filter(
            pk__in={
                held.user
                for held in now
                if (not wanted.get("roll") or held.role == wanted["roll"])
                and (board is None or (held.place == "n" and held.pk == board))
            }
        )
    page = max(whole_number(request.GET.get("sida", ""), 5) or 1, 1)
    shown = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    more, shown = len(shown) > PAGE, shown[:PAGE]
    boards = dict(Namnd.objects.values_list("pk", "short"))
    told: dict[int, list[str]] = {}
    for held in now:
        where = (
            f", {boards.get(held.pk or 0, '')}"
            if held.place == "n"
            else _(", i ett ärende")
            if held.place == "c"
            else ""
        )
        through = _(" (ersättare)") if held.via else ""
        told.setdefault(held.user, []).append(f"{held.role.label}{where}{through}")
    context = {
        "form": form,
        "people": [(each, sorted(set(told.get(each.pk, [])))) for each in shown],
        "count": rows.count(),
        "previous": _page(request, page - 1) if page > 1 else "",
        "next": _page(request, page + 1) if more else "",
        "clear": reverse("people") if request.GET else "",
    }
    return render(request, "access/people.html", context)


def _page(request: HttpRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["sida"] = str(number)
    return f"?{asked.urlencode()}"


def add(request: HttpRequest) -> HttpResponseBase:
    """Add a person."""
    by = _administrator(request)
    form = PersonForm(request.POST or kept.take(request))
    if request.method != "POST":
        form = PersonForm(initial=form.typed() if form.is_bound else None)
        return render(request, "access/person_new.html", {"form": form})
    if not form.is_valid():
        return render(request, "access/person_new.html", {"form": form, "errors": form.summary()}, status=422)
    made = roles.add_person(by, timezone.now(), **form.cleaned_data)
    messages.success(request, _("%(who)s är upplagd. Ge rollerna här nedan.") % {"who": made})
    return redirect("person", pk=made.pk)


def _one(pk: int) -> User:
    return get_object_or_404(User.objects.filter(is_superuser=False), pk=pk)


def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A person: her particulars, her roles, who stands in for her; each may be changed."""
    by, who = _administrator(request), _one(pk)
    if request.method != "POST":
        return _show(request, who)
    form = PersonForm(request.POST, but=who.pk)
    if not form.is_valid():
        return _show(request, who, particulars=form)
    roles.change_person(who, by, timezone.now(), **form.cleaned_data)
    messages.success(request, _("Uppgifterna är sparade."))
    return redirect("person", pk=pk)


def _show(
    request: HttpRequest,
    who: User,
    *,
    particulars: PersonForm | None = None,
    role: RoleForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    told = {name: getattr(who, name) for name in ("first_name", "last_name", "title", "email")}
    boards = dict(Namnd.objects.values_list("pk", "name"))
    givers = dict(
        RoleTerm.objects.filter(user=who, ended_at=None, given_by__isnull=False).values_list(
            "given_by", "given_by__last_name"
        )
    )
    held = [it for it in held_by.of_user(who.pk)]
    vias = {it.pk: it.get_full_name() for it in User.objects.filter(pk__in={h.via for h in held if h.via})}
    rows = [
        {
            "role": it.role,
            "where": boards.get(it.pk or 0, "")
            if it.place == "n"
            else _("Hela staden")
            if it.place == "e"
            else _("Ett ärende"),
            "namnd": it.pk if it.place == "n" else "",
            "since": it.since,
            "until": it.until,
            "through": vias.get(it.via or 0, ""),
            "given": givers.get(it.given_by or 0, ""),
            "takes": it.via is None and it.how == "role" and it.place != "c",
        }
        for it in sorted(held, key=lambda it: (it.via or 0, it.role))
    ]
    faulty = particulars or role
    context = {
        "who": who,
        "form": particulars or PersonForm(initial=told),
        "role_form": role or RoleForm(),
        "rows": rows,
        "substitutes": _substitutes(who),
        "errors": faulty.summary() if faulty else [],
        "reasons": reasons or [],
    }
    return render(request, "access/person.html", context, status=422 if faulty or reasons else 200)


def _substitutes(who: User) -> list[dict[str, Any]]:
    """Who stands in for a person, and for whom she does, the newest first."""
    today = timezone.localdate()
    rows = Substitute.objects.filter(Q(person=who) | Q(substitute=who)).select_related("person", "substitute")
    return [
        {
            "it": it,
            "mine": it.person_id == who.pk,
            "state": _("Avslutat")
            if it.ended_at or it.ends_on < today
            else _("Kommande")
            if it.starts_on > today
            else _("Gäller nu"),
            "open": it.ended_at is None and it.ends_on >= today and it.person_id == who.pk,
        }
        for it in rows[:PAGE]
    ]


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a role."""
    by, who, form = _administrator(request), _one(pk), RoleForm(request.POST)
    if not form.is_valid():
        return _show(request, who, role=form)
    told = form.cleaned_data
    return _do(
        request,
        who,
        _("Rollen är given."),
        lambda: roles.give(who, Role(told["role"]), told["namnd"], until=told["last_day"], by=by),
    )


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a role away."""
    by, who, role = _administrator(request), _one(pk), request.POST.get("role", "")
    board = whole_number(request.POST.get("namnd", ""))
    where = get_object_or_404(Namnd, pk=board) if board else None
    if role not in (EVERYWHERE if where is None else ON_NAMND):
        return redirect("person", pk=pk)
    return _do(request, who, _("Rollen är borttagen."), lambda: roles.take(who, Role(role), where, by=by))


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Close an account, or open it again."""
    by, who, at = _administrator(request), _one(pk), timezone.now()
    if who.is_active:
        return _do(request, who, _("Kontot är stängt."), lambda: roles.close_person(who, by, at))
    return _do(request, who, _("Kontot är öppet igen."), lambda: roles.open_person(who, by, at))


def _do(request: HttpRequest, who: User, said: str, act: Callable[[], Any]) -> HttpResponseBase:
    try:
        act()
    except Refused as refused:
        who.refresh_from_db()
        return _show(request, who, reasons=refused.reasons)
    messages.success(request, said)
    return redirect("person", pk=who.pk)


def substitutes(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """Who stands in for the person herself, or, for an administrator, for someone else; and a new one."""
    by = person(request)
    who = by if pk is None or pk == by.pk else _one(pk) if _administrator(request) else by
    context: dict[str, Any] = {"who": who, "own": who.pk == by.pk, "rows": _substitutes(who)}
    context["holds"] = sorted(str(role.label) for role in roles.held_herself(who))
    if request.method != "POST":
        again = kept.take(request)
        typed = SubstituteForm(again, of=who).typed() if again is not None else None
        return render(request, "access/substitutes.html", context | {"form": SubstituteForm(initial=typed, of=who)})
    form = SubstituteForm(request.POST, of=who)
    reasons: list[str] = []
    if form.is_valid():
        try:
            roles.add_substitute(who, by, timezone.now(), **form.cleaned_data)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("Ersättaren är utsedd."))
            return redirect(request.path)
    errors = [(reason, "") for reason in reasons] or form.summary()
    return render(request, "access/substitutes.html", context | {"form": form, "errors": errors}, status=422)


@require_POST
def end_substitute(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End it today: by the person herself, by her substitute's administrator."""
    by, standing = person(request), get_object_or_404(Substitute.objects.select_related("person", "substitute"), pk=pk)
    if standing.person_id != by.pk:
        _administrator(request)
    roles.end_substitute(standing, by, timezone.now())
    messages.success(request, _("Ersättarskapet är avslutat."))
    return redirect("substitutes") if standing.person_id == by.pk else redirect("person", pk=standing.person_id)


def _reader(request: HttpRequest) -> User:
    why = _("Behörighetsrapporten läses av administratörer och revisorer.")
    return holder(request, {Role.ADMINISTRATOR, Role.AUDITOR}, why)


def _wanted(form: ReportForm) -> access_report.Wanted:
    form.is_valid()
    told = form.cleaned_data
    state = told.get("lage") or "nu"
    board = told["namnd"].pk if told.get("namnd") else None
    return access_report.Wanted(told.get("q", ""), told.get("roll", ""), board, "" if state == "alla" else state)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Who holds which role where, a page at a time."""
    user, form = _reader(request), ReportForm(request.GET)
    rows = access_report.rows(user, _wanted(form))
    page = max(whole_number(request.GET.get("sida", ""), 5) or 1, 1)
    context = {
        "form": form,
        "rows": [(row, access_report.role_label(row)) for row in rows[(page - 1) * PAGE : page * PAGE]],
        "count": len(rows),
        "csv": f"{reverse('access_report_csv')}?{request.GET.urlencode()}",
        "previous": _page(request, page - 1) if page > 1 else "",
        "next": _page(request, page + 1) if page * PAGE < len(rows) else "",
        "clear": reverse("access_report") if request.GET else "",
        "manages": Role.ADMINISTRATOR in user.grants.everywhere,
    }
    return render(request, "access/report.html", context)


COLUMNS = (
    exports.Column("Namn", "name", "name"),
    exports.Column("E-post", "email", "email"),
    exports.Column("Roll", "role", "label"),
    exports.Column("Var", "where", "where"),
    exports.Column("Från", "since", "since"),
    exports.Column("Till och med", "until", "until"),
    exports.Column("Ersätter", "through", "through"),
    exports.Column("Given av", "given_by", "given_by"),
    exports.Column("Läge", "state", "state"),
)


@require_safe
def report_csv(request: HttpRequest) -> HttpResponseBase:
    """The same as a file, all of it."""
    user, form = _reader(request), ReportForm(request.GET)
    rows = [{**vars(row), "label": access_report.role_label(row)} for row in access_report.rows(user, _wanted(form))]
    filters = {name: str(value) for name, value in request.GET.items() if value and name != "sida"}
    made = exports.take_out_rows(user, timezone.now(), _("Behörighetsrapport"), rows, COLUMNS, "csv", filters=filters)
    return send(made, "behorigheter", "csv")


urlpatterns = [
    path("administration/personer/", everyone, name="people"),
    path("administration/personer/ny/", add, name="person_new"),
    path("administration/personer/<int:pk>/", one, name="person"),
    path("administration/personer/<int:pk>/ge/", give, name="person_give"),
    path("administration/personer/<int:pk>/ta/", take, name="person_take"),
    path("administration/personer/<int:pk>/konto/", close, name="person_close"),
    path("administration/personer/<int:pk>/ersattare/", substitutes, name="person_substitutes"),
    path("administration/behorigheter/", report, name="access_report"),
    path("administration/behorigheter.csv", report_csv, name="access_report_csv"),
    path("ersattare/", substitutes, name="substitutes"),
    path("ersattare/<int:pk>/avsluta/", end_substitute, name="substitute_end"),
]
