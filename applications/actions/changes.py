"""Changes of the grant: the whole new budget beside the old, asked for by the project and decided by the director."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from applications import sums
from applications.actions import following, money, planning
from applications.models import BudgetRow, Change, ChangeRow
from applications.models.decision import delegation_for
from applications.models.investment import Key, granted, per_board
from applications.sheets import APPLICATION
from applications.sheets.budget import in_plain_words, limits_of, other_money
from applications.sheets.outcome import by_year
from fundportal import documents, ledger
from fundportal.errors import Refused
from fundportal.flow import action
from fundportal.formatting import kronor
from fundportal.models import Account, Case, EntryKind, Event, Use, User

ZERO = Decimal(0)


@action
def request_change(event: Event, *, rows: list[dict[str, Any]], reason: str) -> None:
    """The project asks for another grant: the whole new budget, beside the old."""
    case = cast(Case, event.case)
    if Change.objects.filter(case=case, status=Change.Status.AWAITING).exists():
        raise Refused(_("En begäran om ändring väntar redan på beslut."))
    before = granted(case)
    after = {(row.year, row.use, row.namnd.pk): row.amount for row in money.read(case, rows)}
    if any(amount < 0 for amount in after.values()):
        raise Refused(_("Ett belopp kan inte vara negativt."))
    keys = [*before, *(key for key in after if key not in before)]
    if all(before.get(key, ZERO) == after.get(key, ZERO) for key in keys):
        raise Refused(_("Den nya budgeten är lika med den gamla. Ändra minst ett belopp."))
    change = Change.objects.create(case=case, event=event, reason=reason)
    ChangeRow.objects.bulk_create(
        ChangeRow(
            change=change,
            year=key[0],
            use=key[1],
            namnd_id=key[2],
            before=before.get(key, ZERO),
            after=after.get(key, ZERO),
        )
        for key in sorted(keys, key=lambda key: (key[0], [*Use.values, ""].index(key[1]), key[2]))
        if before.get(key) or after.get(key)
    )
    if faults := [*_too_low(case, change), *_beyond_the_rules(case, change)]:
        raise Refused(*faults)
    following.close_draft(case, event)


def _too_low(case: Case, change: Change) -> list[str]:
    """Where the new budget is less than what is paid or asked for already."""
    new = {(row.year, row.use, row.namnd_id): row.after for row in change.rows.all()}
    return [
        _("För %(use)s %(year)s, %(namnd)s, är %(taken)s redan utbetalt eller rekvirerat. Beloppet kan inte bli lägre.")
        % {
            "use": line.use_label.lower(),
            "year": line.year,
            "namnd": line.board,
            "taken": kronor(line.paid + line.awaiting),
        }
        for line in per_board(case)
        if new.get((line.year, line.use, line.namnd), ZERO) < line.paid + line.awaiting
    ]


def _beyond_the_rules(case: Case, change: Change) -> list[str]:
    """Limits of the fund's rules that the new budget passes, and passes by more than the old one did."""
    limits, others = limits_of(case), _others_pay(case)
    rows = list(change.rows.all())
    before = sums.beyond(_by_year({_key(row): row.before for row in rows}), others, limits)
    had = {(passed.what, passed.year): passed.asked for passed in before}
    after = sums.beyond(_by_year({_key(row): row.after for row in rows}), others, limits)
    return [in_plain_words(passed) for passed in after if passed.asked > had.get((passed.what, passed.year), ZERO)]


def _key(row: ChangeRow) -> Key:
    return row.year, row.use, row.namnd_id


def _by_year(amounts: Mapping[Key, Decimal]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for (year, _use, _namnd), amount in amounts.items():
        found[year] = found.get(year, ZERO) + amount
    return found


def _others_pay(case: Case) -> Decimal:
    """What boards and other financiers pay, by the application that was handed in last."""
    rows = BudgetRow.objects.filter(case=case).order_by("-submission")
    newest = rows.filter(submission=rows.values("submission")[:1]).values("year", "cofinancing")
    filled = APPLICATION.filled(case)
    financing = filled.cleaned("budget").get("financing") if filled.typed("budget") else None
    return other_money(by_year(newest, "cofinancing"), financing)


@action
def decide_change(event: Event, *, approves: bool, reasons: str, signed_sha256: str = "") -> None:
    """The director decides on the change; the ledger gets the differences per year, use and nämnd."""
    case = cast(Case, event.case)
    change = Change.objects.filter(case=case, status=Change.Status.AWAITING).first()
    if change is None:
        raise Refused(_("Ingen begäran om ändring väntar på beslut."))
    if not reasons.strip():
        raise Refused(_("Skriv en motivering."))
    rows = list(change.rows.select_related("namnd"))
    if approves:
        _refuse_change(event, case, change)
        _post(event, rows)
        planning.follow_grant(event)
    change.status = Change.Status.APPROVED if approves else Change.Status.REFUSED
    change.decided, change.decision_reasons = event, reasons
    change.save()
    documents.freeze(event, "change_decision", _("Beslut om ändring: %s") % case.title, change_content(change, rows))


def _refuse_change(event: Event, case: Case, change: Change) -> None:
    """A raise needs money in the fund, and a delegation that reaches to it; nothing paid may be taken back."""
    faults = [*_too_low(case, change), *_beyond_the_rules(case, change), *_no_longer_so(case, change)]
    raised = change.sums[2]
    available = ledger.balance(case.fund, Account.FUND)
    if raised > available:
        faults.append(
            _("Ändringen ökar beviljat belopp med %(raised)s, men fonden har %(available)s disponibelt. Avslå begäran.")
            % {"raised": kronor(raised), "available": kronor(available)}
        )
    if raised > 0 and delegation_for(timezone.localdate(event.at), raised, cast(User, event.by)) is None:
        faults.append(
            _("Du har ingen delegation som i dag når till ökningen, %s. Mer pengar beslutas då av kommunstyrelsen.")
            % kronor(raised)
        )
    if faults:
        raise Refused(*faults)


def _no_longer_so(case: Case, change: Change) -> list[str]:
    """The old budget that was shown is the one that holds."""
    now = granted(case)
    if all(now.get(_key(row), ZERO) == row.before for row in change.rows.all()):
        return []
    return [_("Det beviljade har ändrats sedan begäran gjordes. Avslå begäran och be projektet göra en ny.")]


def _post(event: Event, rows: Sequence[ChangeRow]) -> None:
    """Reduce first, so that what is moved from one year or use to another is there to be granted again."""
    for row in sorted(rows, key=lambda row: row.difference):
        if not row.difference:
            continue
        kind = EntryKind.GRANTED if row.difference > 0 else EntryKind.REDUCED
        ledger.post(event, kind, abs(row.difference), year=row.year, use=row.use, namnd=row.namnd)


def change_content(change: Change, rows: Sequence[ChangeRow]) -> dict[str, Any]:
    """The decision on a change as a paper."""
    before, after, difference = change.sums
    lines = [
        [
            str(row.year),
            str(row.get_use_display()),
            row.namnd.name,
            kronor(row.before),
            kronor(row.after),
            kronor(row.difference),
        ]
        for row in rows
    ]
    columns = [_("År"), _("Användning"), _("Nämnd"), _("Nu"), _("Nytt"), _("Skillnad")]
    return {
        "amount": str(difference),
        "sections": [
            {"title": _("Beslutet"), "rows": [[_("Utfall"), str(change.get_status_display())]]},
            {"title": _("Motivering"), "text": change.decision_reasons},
            {"title": _("Skäl i begäran"), "text": change.reason},
            {
                "title": _("Budget före och efter"),
                "table": {
                    "columns": columns,
                    "rows": lines,
                    "foot": [_("Summa"), "", "", kronor(before), kronor(after), kronor(difference)],
                },
            },
        ],
    }
