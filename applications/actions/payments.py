"""To and from the accounting system: a file of payments to make, and the vouchers that were booked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions.requisitions import pay
from applications.models import PaymentFile, PaymentFileRow, Requisition, VoucherImport, VoucherRow
from applications.needs import vouchers
from fundportal import exports, funds
from fundportal.errors import Refused
from fundportal.models import Case, Event, Fund, User
from fundportal.process import Role, Step

COLUMNS = (
    "Fil",
    "Rad",
    "Referens",
    "Nämndkod",
    "Nämnd",
    "Ärende",
    "Rekvisition",
    "Budgetår",
    "Användning",
    "Belopp",
    "Valuta",
    "Text",
)
"""The columns of a payment file; what each holds stands in docs/betalningsfil.md."""
AT_ONCE = 50
"""So many rows are booked while the person waits; more are left to a worker."""


def payable(user: User, fund: Fund) -> QuerySet[Requisition]:
    """Approved requisitions that stand in no file, in cases the person sees."""
    found = Requisition.objects.filter(
        case__in=Case.objects.visible_to(user).filter(fund=fund, step=Step.IMPLEMENTATION),
        status=Requisition.Status.APPROVED,
        file_row=None,
    )
    return found.select_related("case__owner", "namnd", "approved").order_by("case__number", "number")


def make_payment_file(
    fund: Fund, user: User, at: datetime, *, requisitions: Iterable[int], key: UUID | None = None
) -> PaymentFile:
    """Write approved requisitions into a numbered file, each once for ever. Whoever approved one may not send it."""
    wanted = sorted(set(requisitions))

    def body(event: Event, locked: Fund) -> None:
        rows = list(payable(user, locked).filter(pk__in=wanted).select_for_update(of=("self",)))
        if faults := [*_faults(rows, wanted, user)]:
            raise Refused(*faults)
        number = (PaymentFile.objects.filter(fund=locked).aggregate(last=Max("number"))["last"] or 0) + 1
        content = "".join(_lines(number, rows))
        made = PaymentFile.objects.create(
            fund=locked,
            event=event,
            number=number,
            rows=len(rows),
            total=sum((row.approved_amount for row in rows), Decimal(0)),
            content=content,
            sha256=hashlib.sha256(content.encode()).hexdigest(),
        )
        PaymentFileRow.objects.bulk_create(
            PaymentFileRow(file=made, requisition=row, amount=row.approved_amount) for row in rows
        )

    event = funds.act("make_payment_file", fund, user, at, {"rows": wanted}, body, key=key)
    return PaymentFile.objects.get(event=event)


def _faults(rows: list[Requisition], wanted: list[int], user: User) -> Iterable[str]:
    if not wanted:
        yield _("Välj minst en godkänd rekvisition.")
    if len(rows) < len(wanted):
        yield _("Någon av rekvisitionerna är redan betald, avslagen eller med i en fil. Läs om sidan.")
    mine = [row.reference for row in rows if user.pk in (row.approved.by_id, row.approved.on_behalf_of_id)]  # type: ignore[union-attr]
    if mine:
        yield _("Du har själv godkänt %(which)s. En annan controller skapar filen med dem (fyra ögon).") % {
            "which": ", ".join(mine)
        }


def _lines(number: int, rows: list[Requisition]) -> Iterable[str]:
    columns = [exports.Column(name, name, name) for name in COLUMNS]
    told = (dict(zip(COLUMNS, _cells(number, no, row), strict=True)) for no, row in enumerate(rows, 1))
    return exports.as_csv(told, columns)


def _cells(number: int, no: int, row: Requisition) -> list[Any]:
    return [
        number,
        no,
        row.reference,
        row.namnd.code,
        row.namnd.name,
        row.case.number,
        row.number,
        row.year,
        str(row.get_use_display()),
        f"{row.approved_amount:.2f}".replace(".", ","),
        "SEK",
        f"{row.case.title}, rekvisition {row.number}"[:120],
    ]


def import_vouchers(
    fund: Fund, user: User, at: datetime, *, name: str, text: str, key: UUID | None = None
) -> VoucherImport:
    """Keep a list of booked vouchers and what it is to come to; `run_import` books what matches, row by row."""
    digest = hashlib.sha256(text.encode()).hexdigest()

    def body(event: Event, locked: Fund) -> None:
        rows = vouchers.judge(user, locked, vouchers.read(text))
        made = VoucherImport.objects.create(fund=locked, event=event, name=name[:200], sha256=digest)
        VoucherRow.objects.bulk_create(
            (
                VoucherRow(
                    of=made,
                    line=row.line,
                    reference=row.reference[:60],
                    voucher=row.voucher[:60],
                    booked_on=row.booked_on[:60],
                    amount=row.amount[:60],
                    requisition=row.requisition,
                    result=VoucherRow.Result.WAITING if row.result == VoucherRow.Result.MATCHED else row.result,
                    reason=row.reason,
                )
                for row in rows
            ),
            batch_size=1000,
        )

    event = funds.act("import_vouchers", fund, user, at, {"name": name, "digest": digest}, body, key=key)
    return VoucherImport.objects.get(event=event)


def run_import(pk: int, most: int | None = None) -> None:
    """Book the rows that wait, each judged anew; harmless however often and however many do it."""
    made = VoucherImport.objects.select_related("fund", "event").get(pk=pk)
    waiting = made.rows.filter(result=VoucherRow.Result.WAITING).values_list("pk", flat=True)
    for row in list(waiting[:most] if most else waiting):
        _book(made, row)
    if not made.rows.filter(result=VoucherRow.Result.WAITING).exists():
        VoucherImport.objects.filter(pk=pk, finished_at=None).update(finished_at=timezone.now())


def unfinished() -> list[int]:
    """Ids of the imports that have rows left to book."""
    return list(VoucherImport.objects.filter(finished_at=None).values_list("pk", flat=True)[:20])


def _book(made: VoucherImport, pk: int) -> None:
    with transaction.atomic():
        free = VoucherRow.objects.select_for_update(of=("self",), skip_locked=True)
        row = free.filter(pk=pk, result=VoucherRow.Result.WAITING).first()
        if row is None:
            return
        confirmed = cast(User, made.event.by)
        user = User.objects.get(pk=confirmed.pk)  # the roles of this moment, not of when it was confirmed
        typed = vouchers.Typed(row.line, row.reference, row.voucher, row.booked_on, row.amount)
        told = vouchers.judge(user, made.fund, [typed])[0]
        row.requisition, row.result, row.reason = told.requisition, told.result, told.reason
        if told.result == VoucherRow.Result.MATCHED:
            try:
                with transaction.atomic():
                    row.done = _pay(user, told)
                row.result = VoucherRow.Result.BOOKED
            except Refused as refused:
                row.result, row.reason, row.done = VoucherRow.Result.REFUSED, " ".join(refused.reasons), None
        row.save(update_fields=["requisition", "result", "reason", "done"])


def _pay(user: User, told: vouchers.Judged) -> Event:
    asked = told.requisition
    if asked is None or Role.CONTROLLER not in user.grants.everywhere:
        raise Refused(_("Utbetalningar bokförs av en controller."))
    return pay(
        asked.case,
        user,
        timezone.now(),
        requisition=asked,
        amount=told.kronor,
        voucher=told.voucher,
        booked_on=told.day,
    )
