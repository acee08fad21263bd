"""The work queue and search: the same questions by `fundportal.queue`, drawn as pages."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from fundportal import charts, exports, formatting, queue
from fundportal.models import Account, Balance, Namnd, Round, User
from fundportal.models.people import PREFIX
from fundportal.process import OPEN, STEPS, Role, Stage
from fundportal.queue import Wanted
from fundportal.views.door import person

SEARCH_PAGE = 20


class Filter(forms.Form):
    """The row of fields above the list. It only draws: `Wanted.read` understands what comes back."""

    q = forms.CharField(label=gettext_lazy("Sök på rubrik, nummer eller nämnd"), required=False)
    steg = forms.ChoiceField(label=gettext_lazy("Skede eller status"), required=False)
    namnd = forms.ChoiceField(label=gettext_lazy("Nämnd"), required=False)
    handlaggare = forms.ChoiceField(label=gettext_lazy("Handläggare"), required=False)
    omgang = forms.ChoiceField(label=gettext_lazy("Omgång"), required=False)
    frist = forms.ChoiceField(label=gettext_lazy("Frist"), required=False)
    vy = forms.CharField(widget=forms.HiddenInput, required=False)
    sort = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, wanted: Wanted, user: User) -> None:
        """Filled in with what was asked for."""
        super().__init__(initial=_initial(wanted), auto_id="filter_%s")
        found = choices(user)
        self.fields["q"].widget.attrs.update({"class": "ds-input", "type": "search", "maxlength": "200"})
        self._offer("steg", _("Alla"), step_choices())
        self._offer("namnd", _("Alla"), found["namnd"])
        self._offer("omgang", _("Alla"), found["omgang"])
        self._offer("frist", _("Alla"), list(queue.DUES.items()))
        if user.grants.everywhere & queue.CENTRAL:
            self._offer("handlaggare", _("Alla"), [("ingen", _("Ingen")), *found["handlaggare"]])
        else:
            del self.fields["handlaggare"]
        for name, value in (("vy", wanted.view), ("sort", wanted.named.get("sort", ""))):
            if not value:
                del self.fields[name]

    def _offer(self, name: str, every: str, options: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", every), *options]
        field.widget.attrs["class"] = "ds-input"


def _initial(wanted: Wanted) -> dict[str, Any]:
    return {
        "q": wanted.q,
        "steg": wanted.step,
        "namnd": wanted.namnd or "",
        "omgang": wanted.round or "",
        "handlaggare": wanted.officer,
        "frist": wanted.due,
        "vy": wanted.view,
        "sort": wanted.sort,
    }


def step_choices() -> list[tuple[str, Any]]:
    """Stages by number, each with its steps under it; the ends last."""
    groups: list[tuple[str, Any]] = []
    for stage in Stage:
        steps = [(step.value, str(step.label)) for step, stand in STEPS.items() if stand.stage == stage]
        whole = [(str(stage.value), _("Hela skedet"))] if len(steps) > 1 else []
        groups.append((f"{stage.value}. {stage.label}", [*whole, *steps]))
    ends = [(step.value, str(step.label)) for step, stand in STEPS.items() if stand.owner is None]
    return [*groups, (_("Avslutade"), ends)]


def choices(user: User) -> dict[str, list[tuple[Any, str]]]:
    """Boards, rounds and officers to choose from, in one question, each in Swedish order."""
    officers = Permission.objects.filter(codename=PREFIX + Role.OFFICER).values("group__user")
    name = Concat("first_name", Value(" "), "last_name", output_field=CharField())
    rows = _named("namnd", Namnd.objects.all(), F("short")).union(
        _named("omgang", Round.objects.all(), F("name")),
        _named("handlaggare", User.objects.filter(Q(pk__in=officers), is_active=True), name),
        all=True,
    )
    found: dict[str, list[tuple[Any, str]]] = {"namnd": [], "omgang": [], "handlaggare": []}
    for kind, pk, label in rows:
        found[kind].append((pk, label))
    for options in found.values():
        options.sort(key=lambda option: formatting.sort_key(option[1]))
    return found


def _named(kind: str, rows: Any, label: Any) -> Any:
    return rows.order_by().annotate(of=Value(kind), label=label).values_list("of", "pk", "label")


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """The work queue: how things stand, tabs, filters and a page of cases."""
    user, today = person(request), timezone.localdate()
    wanted = Wanted.read(request.GET)
    central = bool(user.grants.everywhere & queue.CENTRAL)
    asked = {"": (queue.VIEWS[""][1], queue.CAP)}
    asked |= {name: (queue.of_view(name, user), queue.SMALL_CAP) for name in _tabs(central)[1:]}
    asked |= {f"stat-{name}": (q, queue.SMALL_CAP) for name, q in _stats(today).items()}
    found = queue.counts(user, asked, wanted)
    page = queue.page(user, wanted)
    if Role.OFFICER in user.grants.everywhere:
        for row in page.rows:
            row["assign"] = reverse("assign", kwargs={"number": row["number"]}) if row["step"] in OPEN else ""
    context = {
        "wanted": wanted,
        "page": page,
        "total": found["filter"],
        "result": result(found["filter"], len(page.rows)),
        "order": queue.ORDERS[wanted.sort].label,
        "other_order": other_order(wanted),
        "sort": wanted.sort,
        "filter": Filter(wanted, user),
        "filtered": bool(wanted.named.keys() - {"vy", "sort"}),
        "clear": wanted_without(wanted),
        "views": [
            {
                "label": queue.VIEWS[name][0],
                "url": Wanted(view=name).address() if name else reverse("cases"),
                "current": wanted.view == name,
                "count": queue.said(found[name], asked[name][1]),
            }
            for name in _tabs(central)
        ],
        "stats": _stat_links(found, today),
        "open": queue.said(found[""], queue.CAP),
        "mine": queue.said(found["mina"]),
        "central": central,
        "fund": fund_bar() if central else None,
        "export": _export(user, wanted),
    }
    return render(request, "cases/queue.html", context)


def wanted_without(wanted: Wanted) -> str:
    """The address of the same tab without filters, if there are any."""
    return (
        reverse("cases") + (f"?vy={wanted.view}" if wanted.view else "") if wanted.named.keys() - {"vy", "sort"} else ""
    )


def _tabs(central: bool) -> list[str]:
    return (
        ["", "mina", "otilldelade", "beslut", "uppfoljning", "avslutade"]
        if central
        else ["", "mina", "beslut", "uppfoljning", "avslutade"]
    )


def _stats(today: date) -> dict[str, Q]:
    return {
        "late": Q(step__in=OPEN, due_on__lt=today),
        "soon": Q(step__in=OPEN, due_on__gte=today, due_on__lte=today + timedelta(days=queue.SOON)),
        "applicant": Q(step__in=queue.WITH_APPLICANT),
        "decision": Q(step__in=queue.FOR_DECISION),
    }


def _stat_links(found: dict[str, int], today: date) -> list[dict[str, Any]]:
    late, soon = found["stat-late"], found["stat-soon"]
    return [
        {
            "url": Wanted(due="passerad").address(),
            "number": queue.said(late),
            "label": _("Passerad frist"),
            "note": _("Börja här") if late else _("Inget är försenat"),
            "tone": "danger" if late else "",
        },
        {
            "url": Wanted(due="snart").address(),
            "number": queue.said(soon),
            "label": _("Frist inom 7 dagar"),
            "note": _("Till och med %(day)s") % {"day": formatting.day_short(today + timedelta(days=queue.SOON))},
            "tone": "warning" if soon else "",
        },
        {
            "url": Wanted(view="sokande").address(),
            "number": queue.said(found["stat-applicant"]),
            "label": _("Hos sökanden"),
            "note": _("Idéskisser, ansökningar och utvärderingar som skrivs"),
            "tone": "",
        },
        {
            "url": Wanted(view="beslut").address(),
            "number": queue.said(found["stat-decision"]),
            "label": _("Redo för beslut"),
            "note": _("Hos stadsdirektören"),
            "tone": "",
        },
    ]


def result(total: int, shown: int) -> str:
    """The heading of the list: how many there are, and how many of them stand on the page."""
    if total > queue.CAP:
        return _("Visar %(shown)d av fler än %(cap)s ärenden") % {"shown": shown, "cap": formatting.number(queue.CAP)}
    if shown < total:
        return _("Visar %(shown)d av %(total)s ärenden") % {"shown": shown, "total": formatting.number(total)}
    return ngettext("%(total)d ärende", "%(total)d ärenden", total) % {"total": total}


def other_order(wanted: Wanted) -> dict[str, Any]:
    """The order that no column's heading gives: by age; and back."""
    if wanted.sort == "-skapat":
        return {"url": wanted.address(sort=queue.DEFAULT_ORDER), "label": _("Sortera efter frist")}
    return {"url": wanted.address(sort="-skapat"), "label": _("Visa de nyaste först")}


def _export(user: User, wanted: Wanted) -> dict[str, str] | None:
    if exports.refuse_lists(user):
        return None
    return {kind: reverse("export_cases", kwargs={"kind": kind}) + wanted.address() for kind in exports.KINDS}


def fund_bar() -> dict[str, Any] | None:
    """The first fund's money as one bar, from the balances that the database keeps."""
    rows = (
        Balance.objects.filter(case=None).order_by("fund_id").values_list("fund_id", "fund__name", "account", "amount")
    )
    found = list(rows)
    if not found:
        return None
    first, name = found[0][0], found[0][1]
    on: dict[str, Decimal] = {account: amount for fund, _name, account, amount in found if fund == first}
    zero = Decimal(0)
    address = reverse("fund")
    shown = [
        charts.Part(
            _("Utbetalt, inte återfört"),
            max(on.get(Account.PAID, zero) + on.get(Account.SAVINGS, zero), zero),
            "c1",
            address,
        ),
        charts.Part(_("Beviljat, inte utbetalt"), on.get(Account.GRANTED, zero), "c2", address),
        charts.Part(_("Kvar att söka"), on.get(Account.FUND, zero), "c4", address),
    ]
    whole = sum((Decimal(part.value) for part in shown), zero)
    return {
        "name": name,
        "title": _("Fondens medel, %(amount)s") % {"amount": formatting.mnkr(whole, 0)},
        "chart": charts.stacked(shown, _("Så fördelas fondens medel. Siffrorna står i listan nedanför.")),
        "legend": charts.legend(shown),
        "url": address,
    }


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search among all cases the person may see, ended ones included; the newest first."""
    user = person(request)
    wanted = Wanted.read(request.GET, view="samtliga", sort="-skapat")
    page = queue.page(user, wanted, SEARCH_PAGE) if wanted.q else None
    total = queue.count(user, wanted) if wanted.q else 0
    context = {
        "wanted": wanted,
        "page": page,
        "total": total,
        "result": result(total, len(page.rows)) if page else "",
    }
    return render(request, "cases/search.html", context)
