"""The work queue and search: the same questions by `fundportal.queue`, drawn as pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fundportal import bulk, charts, exports, formatting, queue, saved
from fundportal.fields import whole_number
from fundportal.models import Account, Balance, Fund, SavedView, User
from fundportal.process import OPEN, Role
from fundportal.queue import Wanted, found, typed
from fundportal.views.door import person
from fundportal.views.filters import Filter


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """The work queue: how things stand, tabs, filters and a page of cases. Opens with the person's own first view."""
    user, today = person(request), timezone.localdate()
    views = list(saved.seen(user))
    if not request.GET and (first := next((view for view in views if view.is_first), None)):
        return redirect(reverse("cases") + saved.asked(first).address())
    wanted = _own_columns(Wanted.read(request.GET), user)
    central = bool(user.grants.everywhere & queue.CENTRAL)
    tabs = _tabs(user)
    asked = {"": (queue.VIEWS[""][1], queue.CAP)}
    asked |= {name: (queue.of_view(name, user, today), queue.SMALL_CAP) for name in {*tabs, "mina"} - {""}}
    asked |= {f"stat-{name}": (q, queue.SMALL_CAP) for name, q in _stats(today).items()}
    numbers = queue.counts(user, asked, wanted)
    page, form = queue.page(user, wanted), Filter(wanted, user)
    if Role.OFFICER in user.grants.everywhere:
        for row in page.rows:
            row["assign"] = reverse("assign", kwargs={"number": row["number"]}) if row["step"] in OPEN else ""
    columns = queue.shown(user, wanted.columns)
    context = {
        "wanted": wanted,
        "page": page,
        "total": numbers["filter"],
        "result": result(numbers["filter"], len(page.rows)),
        "order": queue.ORDERS[wanted.sort].label,
        "sort": wanted.sort,
        "filter": form,
        "faults": queue.faults(user, wanted),
        "prefixes": typed.HELP,
        "columns": columns,
        "column_choices": [(column, column in columns) for column in queue.CHOICES.values()],
        "filtered": wanted.filtered,
        "clear": wanted_without(wanted),
        "views": [
            {
                "label": queue.VIEWS[name][0],
                "url": Wanted(view=name).address() if name else reverse("cases") + "?vy=",
                "current": wanted.view == name,
                "count": queue.said(numbers[name], asked[name][1]),
            }
            for name in tabs
        ],
        "saved": [_saved(view, user, wanted) for view in views],
        "save": reverse("save_view") + wanted.address(),
        "stats": _stat_links(numbers, today),
        "open": queue.said(numbers[""], queue.CAP),
        "mine": queue.said(numbers["mina"]),
        "stands_for": _stands_for(user),
        "central": central,
        "fund": fund_bar() if central else None,
        "export": _export(user, wanted),
        "many": _many(user, wanted, numbers["filter"], len(page.rows)),
        "live": bool(request.headers.get("HX-Request")),
    }
    response = render(request, "cases/queue.html", context)
    response["HX-Push-Url"] = reverse("cases") + (wanted.address() if wanted.named else "?vy=")
    return response


def _own_columns(wanted: Wanted, user: User) -> Wanted:
    """Without columns in the address where they are those that the person's role shows anyway."""
    usual = tuple(column.name for column in queue.shown(user, ()))
    return replace(wanted, columns=()) if set(wanted.columns) == set(usual) else wanted


def _saved(view: SavedView, user: User, wanted: Wanted) -> dict[str, Any]:
    mine, asked = view.owner_id == user.pk, saved.asked(view)
    return {
        "label": view.name if mine else _("%(name)s, delad av %(who)s") % {"name": view.name, "who": view.owner},
        "url": reverse("cases") + (asked.address() if asked.named else "?vy="),
        "current": asked.named == wanted.named,
    }


def _many(user: User, wanted: Wanted, total: int, shown: int) -> dict[str, Any] | None:
    """What can be done to many cases from here; nothing where there are none or the person may do nothing."""
    kinds = bulk.kinds(user)
    if not kinds or not shown:
        return None
    return {
        "kinds": kinds,
        "whole": total if total <= bulk.MOST else 0,
        "most": bulk.MOST,
        "hidden": [(name, value) for name, value in wanted.named.items() if name != "kol"],
    }


def wanted_without(wanted: Wanted) -> str:
    """The address of the same tab and columns without filters, if there are any."""
    if not wanted.filtered:
        return ""
    return reverse("cases") + (Wanted(view=wanted.view, columns=wanted.columns).address() if wanted.view else "?vy=")


def _tabs(user: User) -> list[str]:
    """The tabs that make sense for the person's roles."""
    held = user.grants.everywhere
    shown = ["", "mina"]
    if held & {Role.OFFICER, Role.CONTROLLER, Role.DIRECTOR}:
        shown.append("otilldelade")
    if Role.OFFICER in held or not held:
        shown.append("vantar")
    return [*shown, "vecka", "forsenade", "beslut", "uppfoljning", "avslutade"]


def _stands_for(user: User) -> str:
    """Whose cases are counted among the person's own, in words."""
    others = typed.stood_in_for(user)
    return formatting.in_words([str(it) for it in User.objects.filter(pk__in=others)]) if others else ""


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


def _export(user: User, wanted: Wanted) -> dict[str, str] | None:
    if exports.refuse_lists(user):
        return None
    return {kind: reverse("export_cases", kwargs={"kind": kind}) + wanted.address() for kind in exports.KINDS}


def fund_bar() -> dict[str, Any] | None:
    """The money of the first fund that has not ended as one bar, from the balances that the database keeps."""
    rows = (
        Balance.objects.filter(case=None, grant=None)
        .exclude(fund__status=Fund.Status.ENDED)
        .order_by("fund_id")
        .values_list("fund_id", "fund__name", "account", "amount")
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
    """Search among all cases the person may see, ended ones included; the best hits first."""
    user = person(request)
    wanted = Wanted.read(request.GET, view="samtliga", sort="-skapat")
    page = found.search(user, wanted, whole_number(request.GET.get("sida", ""), 4) or 1) if wanted.q else None
    total = found.count(user, wanted) if wanted.q else 0
    context = {
        "wanted": wanted,
        "page": page,
        "total": total,
        "result": hits(total),
        "ranked": total > found.RANKED,
        "most": found.RANKED,
        "faults": queue.faults(user, wanted),
        "prefixes": typed.HELP,
        "previous": _page(wanted, page.previous) if page and page.previous else "",
        "next": _page(wanted, page.next) if page and page.next else "",
        "queue": reverse("cases") + Wanted(q=wanted.q, view="samtliga").address(),
    }
    return render(request, "cases/search.html", context)


def _page(wanted: Wanted, number: int) -> str:
    return "?" + urlencode({"q": wanted.q, "sida": number})


def hits(total: int) -> str:
    """The heading of what was found."""
    if total > found.RANKED:
        return _("Fler än %(cap)s ärenden") % {"cap": formatting.number(found.RANKED)}
    return ngettext("%(total)d ärende", "%(total)d ärenden", total) % {"total": total}
