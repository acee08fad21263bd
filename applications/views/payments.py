"""The page of payments: what is approved, the files that were made, and vouchers that were booked."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions import payments
from applications.forms.vouchers import VoucherList
from applications.models import PaymentFile, Requisition, VoucherImport, VoucherRow
from applications.needs import vouchers
from fundportal.errors import Refused
from fundportal.models import Case, ExportLog, Fund, User
from fundportal.process import Role
from fundportal.views.door import person
from fundportal.views.fund import chosen

SEES = {Role.CONTROLLER, Role.AUDITOR}
SHOWN = 200


def _reader(request: HttpRequest) -> User:
    """A person who may see the fund's payments."""
    user = person(request)
    if not user.grants.everywhere & SEES:
        raise PermissionDenied(_("Betalningsfiler ses av controllrar och revisorer."))
    return user


def _payer(request: HttpRequest) -> User:
    user = _reader(request)
    if Role.CONTROLLER not in user.grants.everywhere:
        raise PermissionDenied(_("Utbetalningar görs av en controller."))
    return user


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """What is to be paid, and every file that was made or read; a new file of what is ticked."""
    user, fund, errors = _reader(request), chosen(request), []
    asked: list[int] | None = None
    if request.method == "POST":
        _payer(request)
        asked = [int(pk) for pk in request.POST.getlist("rekvisition") if pk.isdecimal() and len(pk) < 12]
        try:
            made = payments.make_payment_file(fund, user, timezone.now(), requisitions=asked, key=_key(request))
        except Refused as refused:
            errors = [(reason, "") for reason in refused.reasons]
        else:
            messages.success(
                request, _("Betalningsfil %(number)d är skapad. Hämta den nedan.") % {"number": made.number}
            )
            return redirect(f"{request.path}?fond={fund.pk}")
    rows = list(payments.payable(user, fund)[:SHOWN])
    asking = Requisition.objects.filter(
        case__in=Case.objects.visible_to(user).filter(fund=fund), status=Requisition.Status.AWAITING
    )
    booked = Count("lines", filter=Q(lines__requisition__status=Requisition.Status.PAID))
    context = {
        "fund": fund,
        "funds": list(Fund.objects.order_by("pk")),
        "rows": [
            (
                row,
                row.approved is not None and user.pk in (row.approved.by_id, row.approved.on_behalf_of_id),
                asked is None or row.pk in asked,
            )
            for row in rows
        ],
        "asking": list(asking.select_related("case", "namnd").order_by("case__number", "number")[:SHOWN]),
        "files": list(fund.payment_files.select_related("event").annotate(booked=booked).order_by("-number")[:50]),
        "imports": list(
            fund.voucher_imports.select_related("event").annotate(count=Count("rows")).order_by("-pk")[:50]
        ),
        "pays": Role.CONTROLLER in user.grants.everywhere,
        "errors": errors,
        "columns": payments.COLUMNS,
        "key": request.POST.get("_key") or uuid4(),
    }
    return render(request, "applications/payments.html", context, status=422 if errors else 200)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A payment file, byte for byte as it was made; every time it leaves is logged."""
    user = _reader(request)
    found = PaymentFile.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    ExportLog.objects.create(
        user=user,
        at=timezone.now(),
        what=_("Betalningsfil %(number)d") % {"number": found.number},
        filters={},
        rows=found.rows,
        sha256=found.sha256,
    )
    answer = HttpResponse(found.content.encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest) -> HttpResponse:
    """A list of booked vouchers: looked at row by row first, and booked when it is confirmed."""
    user, fund = _payer(request), chosen(request)
    form = VoucherList(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"fund": fund, "form": form, "headings": [*vouchers.HEADINGS], "errors": []}
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                text, name = form.cleaned_data["text"], form.cleaned_data["name"]
                if "_confirm" in request.POST:
                    return _confirmed(request, user, fund, name, text)
                context |= _previewed(vouchers.judge(user, fund, vouchers.read(text))) | {"text": text, "name": name}
            else:
                context["errors"], status = form.summary(), 422
        except Refused as refused:
            context["errors"], status = [(reason, "") for reason in refused.reasons], 422
    context["key"] = request.POST.get("_key") or uuid4()
    return render(request, "applications/vouchers_read.html", context, status=status)


def _confirmed(request: HttpRequest, user: User, fund: Fund, name: str, text: str) -> HttpResponse:
    made = payments.import_vouchers(fund, user, timezone.now(), name=name, text=text, key=_key(request))
    payments.run_import(made.pk, most=payments.AT_ONCE)
    return redirect("voucher_import", pk=made.pk)


def _previewed(rows: list[vouchers.Judged]) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.result] = counts.get(row.result, 0) + 1
    return {
        "rows": [(row, VoucherRow.Result(row.result).label, COLORS[row.result]) for row in rows[:SHOWN]],
        "left": max(0, len(rows) - SHOWN),
        "counts": [(VoucherRow.Result(result).label, count) for result, count in counts.items()],
        "matched": counts.get(VoucherRow.Result.MATCHED, 0),
        "total": sum(row.kronor for row in rows if row.result == VoucherRow.Result.MATCHED),
    }


COLORS = {
    "waiting": "neutral",
    "matched": "success",
    "booked": "success",
    "already": "info",
    "differs": "warning",
    "unknown": "warning",
    "unreadable": "danger",
    "repeated": "warning",
    "refused": "danger",
}


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """How each row of a list went."""
    _reader(request)
    made = VoucherImport.objects.filter(pk=pk).select_related("fund", "event").first()
    if made is None:
        raise Http404
    rows = made.rows.select_related("requisition__case")[:SHOWN]
    counts = made.rows.order_by().values_list("result").annotate(count=Count("pk"))
    context = {
        "made": made,
        "rows": [(row, row.get_result_display(), COLORS[row.result]) for row in rows],
        "left": max(0, made.rows.count() - SHOWN),
        "counts": [(VoucherRow.Result(result).label, count) for result, count in counts],
    }
    return render(request, "applications/voucher_import.html", context)
