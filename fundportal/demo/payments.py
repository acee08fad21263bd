"""Money on its way in the demo: one requisition through the file and back as a voucher, one approved, one that waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from applications import actions as phase1
from applications.actions import payments
from applications.models import Requisition
from applications.models.investment import Line, per_board
from fundportal import flow
from fundportal.demo.cast import Cast
from fundportal.models import Case, Fund
from fundportal.process import ACTIONS, Step

ASKED = Decimal(50_000)


def spread(cast: Cast, now: datetime) -> None:
    """In the first projects that have money left and nothing that stops a requisition."""
    fund, at = Fund.objects.order_by("pk")[0], now - timedelta(hours=2)
    payer, approver = cast.one("controller"), cast.one("controller", nth=1)
    ready = [case for case in Case.objects.filter(step=Step.IMPLEMENTATION).order_by("pk") if _line(cast, case, at)][:2]
    for case in ready:
        asked = _ask(cast, case, at, "Lönekostnader för samordnare (påhittat).")
        phase1.approve_requisition(case, approver, at, requisition=asked)
    sent = payments.make_payment_file(
        fund, payer, at, requisitions=list(payments.payable(payer, fund).values_list("pk", flat=True)[:1])
    )
    row = sent.lines.select_related("requisition__case").get()
    day = timezone.localdate(at).isoformat()
    text = "Referens;Verifikation;Bokföringsdag;Belopp\r\n" + "".join(
        f"{reference};{voucher};{day};{amount}\r\n"
        for reference, voucher, amount in (
            (row.requisition.reference, "V 31207", f"{row.amount:.2f}".replace(".", ",")),
            ("SIF-2016-999-R1", "V 31208", "12000,00"),
            (row.requisition.reference, "V 31209", "okänt"),
        )
    )
    read = payments.import_vouchers(fund, payer, at, name="bokfort.csv", text=text)
    payments.run_import(read.pk)
    for case in ready[1:]:
        _ask(cast, case, at, "Utbildning av personal i det nya arbetssättet (påhittat).")


def _line(cast: Cast, case: Case, at: datetime) -> Line | None:
    """Where something is left for the board that owns the project, if it may ask."""
    if not cast.has(case.owner.code) or flow.missing(ACTIONS["requisition"], case, at):
        return None
    return next((it for it in per_board(case) if it.namnd == case.owner_id and it.free >= 2 * ASKED), None)


def _ask(cast: Cast, case: Case, at: datetime, purpose: str) -> Requisition:
    line = _line(cast, case, at)
    if line is None:
        raise LookupError(f"{case.number} har inget kvar att rekvirera")
    event = phase1.requisition(
        case,
        cast.one("applicant", case.owner.code),
        at,
        year=line.year,
        use=line.use,
        namnd=case.owner,
        amount=ASKED,
        purpose=purpose,
    )
    return Requisition.objects.get(event=event)
