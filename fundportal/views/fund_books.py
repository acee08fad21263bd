"""The fund's books and what belongs to them: reconciliations, locked years, proofs, rules, central grants, forecast."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fundportal import books, central, charts, charts_lines, documents, exports, forecast, funds, printing
from fundportal import proof as cross
from fundportal.formatting import kronor, percent
from fundportal.forms import KronorField
from fundportal.models import Case, Document, Event, Fund, FundRules, Proof, User
from fundportal.process import Role
from fundportal.views.door import person
from fundportal.views.exports import send_as
from fundportal.views.fund import asked_day, chosen, entries_of

PROVES = {Role.CONTROLLER, Role.AUDITOR, Role.DIRECTOR}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The reconciliation on a day, earlier ones as papers, and which years are locked."""
    fund, user = chosen(request), person(request)
    today = timezone.localdate()
    on = asked_day(request) or today
    roles = user.grants.everywhere
    rows = [(row, entries_of(fund, row.letter, on)) for row in books.table(fund, on)]
    context = {
        "fund": fund,
        "on": on,
        "rows": rows,
        "start": date(on.year, 1, 1),
        "period": books.period(on) if on in books.usual_days(on) else _("Ställning"),
        "usual": books.usual_days(today),
        "reconciliations": [
            (event, date.fromisoformat(event.data["day"]), _paper_of(event)) for event in books.reconciliations(fund)
        ],
        "locked": fund.locks.select_related("event"),
        "lockable": books.lockable(fund, today),
        "controller": Role.CONTROLLER in roles,
        "locker": bool(roles & set(books.LOCKERS)),
        "proof": cross.newest(fund),
        "held": cross.last_held(fund),
        "proofs": list(Proof.objects.filter(fund=fund)[:10]),
        "proves": bool(roles & PROVES),
        "sees_differences": bool(roles & {Role.CONTROLLER, Role.AUDITOR}),
    }
    return render(request, "fund/books.html", context)


def _paper_of(event: Event) -> Document | None:
    return next(iter(event.documents.all()), None)


HEAD = (
    "Bokstav",
    "Siffra",
    "Vad den är",
    "Vid årets början, kr",
    "Förändring, kr",
    "Per dagen, kr",
    "Redovisningen, kr",
    "Skillnad, kr",
    "Förklaring",
)


@require_safe
def table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The reconciliation on a day as CSV or XLSX, with room for the accounting system's figures beside."""
    fund, user = chosen(request), person(request)
    on = asked_day(request) or timezone.localdate()
    rows = [
        [row.letter, row.name, row.how, row.opening, row.change, row.closing, None, None, None]
        for row in books.table(fund, on)
    ]
    if kind not in ("csv", "xlsx"):
        raise Http404
    name = f"Avstämning {on.isoformat()} {fund.name}.{kind}"
    asked = {"fond": str(fund.pk), "den": on.isoformat()}
    made = exports.take_out_rows(user, timezone.now(), name, *exports.headed(HEAD, rows), kind, filters=asked)
    return send_as(made, name, kind)


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A reconciliation as it was frozen."""
    document = _document(pk)
    context = printing.context(document, documents.label(document.kind)) | {
        "layout": "fund/paper.html",
        "can_print": document.printed_at is not None or printing.available(),
    }
    return render(request, document.template, context)


@require_safe
def paper_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its PDF; until it is printed, the page that shows its content."""
    document = _document(pk)
    if document.printed_at is None:
        messages.info(request, _("PDF-filen skrivs ut just nu. Här är innehållet; ladda om sidan om en stund."))
        return redirect("fund_paper", pk=pk)
    where: Path = documents.path(document.file)
    if not where.is_file():
        raise Http404
    name = documents.file_name(document)
    response = FileResponse(where.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _document(pk: int) -> Document:
    document = Document.objects.filter(pk=pk, kind="fund_reconciliation").select_related("fund").first()
    if document is None:
        raise Http404
    return document


@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """Recompute every account from the decisions now."""
    fund = chosen(request)
    if not person(request).grants.everywhere & PROVES:
        raise PermissionDenied(_("Korsprövningen körs av en controller, stadsdirektören eller en revisor."))
    came = cross.prove(fund, timezone.now())
    if came.holds:
        messages.success(request, _("Korsprövningen stämmer: alla konton är desamma som besluten ger."))
    else:
        messages.error(request, _("Korsprövningen stämmer inte. Skillnaderna står nedanför."))
    return redirect(f"{reverse('fund_books')}?fond={fund.pk}#korsprovning")


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The fund's status and rules: those that hold, those to come and those before."""
    fund, today = chosen(request), timezone.localdate()
    rows = list(FundRules.objects.filter(fund=fund).select_related("event"))
    now = funds.rules(fund, today)
    context = {
        "fund": fund,
        "now": now,
        "told": told(now),
        "coming": [(row, told(row)) for row in rows if row.valid_from > today],
        "earlier": [(row, told(row)) for row in rows if row.valid_from <= today and row.pk != now.pk],
        "closed": funds.closed_because(fund),
        "since": funds.since(fund),
        "left": funds.what_is_left(fund) if fund.status == Fund.Status.WINDING else [],
        "keeper": bool(person(request).grants.everywhere & set(funds.RULES)),
    }
    return render(request, "fund/rules.html", context)


def told(row: FundRules) -> list[tuple[str, str]]:
    """Rules as (what, value) in words."""
    say = _words()
    found = []
    for field in FundRules._meta.get_fields():
        name = field.name
        if name in say:
            value = getattr(row, name)
            label = str(getattr(field, "verbose_name", name)).split(", ")[0]
            none = _("Löpande priser") if name == "price_year" else _("Ingen gräns")
            found.append((label[:1].upper() + label[1:], none if value is None else say[name](value)))
    return found


def _words() -> dict[str, Any]:
    return {
        "repayment_model": lambda value: str(Fund.RepaymentModel(value).label),
        "repayment_share": percent,
        "capped": lambda value: _("Ja") if value else _("Nej, utan tak"),
        "discount_rate": percent,
        "price_year": lambda value: _("%d års priser") % value,
        "accepts_late": lambda value: _("Ja") if value else _("Nej"),
        "max_years": lambda value: _("%d år") % value,
        "max_amount": kronor,
        "max_yearly": kronor,
        "max_share": percent,
        "min_evaluation_share": percent,
        "small_number": str,
        "council_quorum": str,
    }


@require_safe
def grants(request: HttpRequest) -> HttpResponse:
    """Central grants and where their money stands."""
    fund, user = chosen(request), person(request)
    context = {
        "fund": fund,
        "standings": central.standings(fund),
        "controller": Role.CONTROLLER in user.grants.everywhere,
        "me": user,
    }
    return render(request, "fund/central.html", context)


@require_safe
def outlook(request: HttpRequest) -> HttpResponse:
    """The forecast: payments, repayments in three scenarios, the lowest point and the last round there is room for."""
    fund, user, today = chosen(request), person(request), timezone.localdate()
    usual = forecast.usual_frame(fund)
    frame, wrong = _frame(request.GET.get("ram", ""), usual)
    it = forecast.forecast(fund, today, frame)
    labels = [str(row.year) for row in it.years]
    booked = [
        charts.Series(str(label), [row.booked[name] for row in it.years], color)
        for (name, label), color in zip(forecast.SCENARIOS.items(), ("c3", "c1", "c2"), strict=True)
    ]
    flows = [
        charts.Series(_("Beslutade utbetalningar"), [row.payments for row in it.years], "c1"),
        charts.Series(_("Väntad återföring, trolig"), [row.back["likely"] for row in it.years], "c2"),
    ]
    title = _("Bokfört saldo vid årets slut i tre utfall")
    titles = _titles(user, it.expected)
    context = {
        "fund": fund,
        "it": it,
        "frame": frame,
        "typed": request.GET.get("ram", ""),
        "wrong": wrong,
        "usual": usual,
        "today": today,
        "closed": funds.closed_because(fund),
        "scenarios": [
            (label, it.lowest[name], it.last_opening[name], name in it.open_throughout)
            for name, label in forecast.SCENARIOS.items()
        ],
        "chart": charts_lines.lines(labels, booked, title),
        "key": charts.key(booked),
        "moves": any(value for each in flows for value in each.values),
        "flows": charts.columns(labels, flows, _("Utbetalningar och återföring per år")),
        "flows_key": charts.key(flows),
        "horizon": labels[-1] if labels else "",
        "by_case": [(row, titles[row.case]) for row in it.expected if row.case in titles],
    }
    return render(request, "fund/forecast.html", context)


def _titles(user: User, rows: list[forecast.Expected]) -> dict[str, str]:
    """What the cases of the rows are called, by number: those that the person may see."""
    numbers = {row.case for row in rows}
    return dict(Case.objects.visible_to(user).filter(number__in=numbers).values_list("number", "title"))


def _frame(typed: str, usual: Decimal) -> tuple[Decimal, str]:
    """The frame of a new round as typed, or the usual one; and what is wrong with what was typed."""
    if not typed.strip():
        return usual, ""
    try:
        return KronorField(label=_("Ramen")).clean(typed), ""
    except ValidationError as fault:
        return usual, str(fault.messages[0])
