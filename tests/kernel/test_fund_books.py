"""The fund's rules, status, central grants, corrections, reconciliations, locked years and proofs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from applications.needs import round_is_open
from fundportal import books, central, flow, forecast, funds, ledger, proof
from fundportal.errors import Refused
from fundportal.models import (
    Account,
    Balance,
    CentralGrant,
    Entry,
    EntryKind,
    Event,
    Fund,
    PeriodLock,
    Turnover,
    User,
)
from fundportal.process import Role, Step
from tests import factories

pytestmark = pytest.mark.django_db
THEN = datetime(2025, 5, 18, 10, 0, tzinfo=UTC)
NOW = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


def controller() -> User:
    return factories.user(Role.CONTROLLER)


def fund_with(amount: int, at: datetime = THEN, by: User | None = None) -> Fund:
    it = factories.fund(0)
    funds.reserve(it, by or controller(), at, amount=Decimal(amount), bokslut_year=2024, decision="KF § 8")
    return it


def grant(it: Fund, amount: int, at: datetime = THEN, by: User | None = None) -> CentralGrant:
    told = {"title": "Utvärdering", "receiver": "Ett lärosäte", "use": "evaluate", "year": 2025, "decision": "SD § 3"}
    return central.grant(it, by or controller(), at, amount=Decimal(amount), **told).central_grant


# Rules and status

RULES = {
    "repayment_model": Fund.RepaymentModel.SHARE,
    "repayment_share": Decimal(50),
    "capped": True,
    "discount_rate": Decimal(3),
    "price_year": None,
    "max_years": 3,
    "max_amount": None,
    "max_yearly": Decimal(500_000),
    "max_share": Decimal(50),
    "min_evaluation_share": Decimal(0),
    "small_number": 5,
    "council_quorum": 3,
}


def test_rules_hold_from_their_day_and_a_round_keeps_those_of_the_day_it_opened() -> None:
    it, day = factories.fund(0), date(2026, 7, 1)
    funds.set_rules(it, controller(), NOW, valid_from=day, decision="KF § 9", **RULES)
    before = factories.case(round=factories.round_(it, opens_on=date(2026, 6, 30)))
    after = factories.case(round=factories.round_(it, opens_on=day))

    assert [funds.rules(it, on).max_years for on in (date(2026, 6, 30), day, date(2030, 1, 1))] == [None, 3, 3]
    assert funds.rules_of(before).repayment_model == Fund.RepaymentModel.FULL
    assert funds.rules_of(after).repayment_share == 50
    assert it.events.get(action="set_rules").data["max_yearly"] == "500000"


def test_rules_are_neither_changed_afterwards_nor_taken_back() -> None:
    it = factories.fund(0)
    with pytest.raises(Refused, match="i efterhand"):
        funds.set_rules(it, controller(), NOW, valid_from=date(2026, 2, 2), decision="KF § 9", **RULES)
    funds.set_rules(it, controller(), NOW, valid_from=date(2026, 2, 3), decision="KF § 9", **RULES)

    for statement in ("update fundportal_fundrules set max_years = 9", "delete from fundportal_fundrules"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("status", ["closed", "winding"])
def test_closing_a_fund_stops_new_ideas_and_no_running_case(status: str) -> None:
    case = factories.case(Step.IMPLEMENTATION)
    funds.set_status(case.fund, factories.user(Role.ADMINISTRATOR), NOW, status=status, decision="KF § 10")
    case.refresh_from_db()
    factories.grant(case, 1000)
    factories.pay(case, 400)

    assert "Ärenden som pågår fortsätter" in (round_is_open(case, factories.AT) or "")
    assert ledger.position(case.fund, case).paid == 400


def test_a_fund_ends_when_its_cases_and_its_money_are_gone() -> None:
    it, person = fund_with(1000), controller()
    funds.set_status(it, person, NOW, status="winding", decision="KF § 11")

    with pytest.raises(Refused, match="disponibelt"):
        funds.set_status(it, person, NOW, status="ended", decision="KF § 12")
    with pytest.raises(Refused, match="avveckling"):
        funds.reserve(it, person, NOW, amount=Decimal(1), bokslut_year=2025, decision="KF § 12")
    funds.dissolve(it, person, NOW, amount=Decimal(1000), bokslut_year=2025, decision="KF § 12")
    funds.set_status(it, person, NOW, status="ended", decision="KF § 13")

    with pytest.raises(Refused, match="kan inte bli"):
        funds.set_status(it, person, NOW, status="open", decision="KF § 14")


# Central grants


def test_a_central_grant_is_granted_changed_paid_by_another_and_accounted_for() -> None:
    it, first, second = fund_with(10_000), controller(), controller()
    given = grant(it, 5_000, by=first)
    with pytest.raises(Refused, match="fyra ögon"):
        central.pay(given, first, NOW, amount=Decimal(100), year=2025, voucher="V1")

    central.change(given, first, NOW, to=Decimal(6_000), year=2025, decision="SD § 4")
    central.pay(given, second, NOW, amount=Decimal(4_000), year=2025, voucher="V1")
    central.change(given, first, NOW, to=Decimal(5_500), year=2025, decision="SD § 5")
    central.hand_back(given, second, NOW, amount=Decimal(300), voucher="V2")
    central.release(given, first, NOW, reason="Utvärderingen blev billigare")

    now = ledger.position(it, grant=given)
    assert (now.granted, now.paid, now.handed_back, now.released, now.earmarked) == (5_500, 4_000, 300, 1_500, 0)
    whole = ledger.position(it)
    assert (whole.available, whole.booked, whole.earmarked) == (6_300, 6_300, 0)
    assert proof.prove(it, NOW).holds


def test_a_central_grant_pays_no_more_than_it_has_however_much_others_have() -> None:
    it = fund_with(10_000)
    given, _other = grant(it, 1_000), grant(it, 5_000)

    with pytest.raises(Refused, match="Pengarna räcker inte"):
        central.pay(given, controller(), NOW, amount=Decimal(1_001), year=2025, voucher="V1")
    central.pay(given, controller(), NOW, amount=Decimal(900), year=2025, voucher="V1")
    with pytest.raises(Refused, match="redan utbetalt"):
        central.change(given, controller(), NOW, to=Decimal(800), year=2025, decision="SD § 4")


# Corrections


def test_a_correction_mirrors_its_entry_once_and_is_made_by_another() -> None:
    first = controller()
    it = fund_with(1_000, by=first)
    wrong = it.entries.get()
    with pytest.raises(Refused, match="fyra ögon"):
        books.correct(it, first, NOW, entry=wrong, reason="Beloppet var fel")

    books.correct(it, controller(), NOW, entry=wrong, reason="Beloppet var fel")

    mirror = Entry.objects.get(reverses=wrong)
    assert (mirror.source, mirror.target, mirror.signed) == (Account.FUND, Account.EQUITY, -1_000)
    assert ledger.position(it).reserved == ledger.balance(it, Account.FUND) == 0
    assert proof.prove(it, NOW).holds
    with pytest.raises(Refused, match="redan rättad"):
        books.correct(it, controller(), NOW, entry=wrong, reason="Beloppet var fel")
    with pytest.raises(Refused, match="själv en rättelse"):
        books.correct(it, controller(), NOW, entry=mirror, reason="Beloppet var fel")


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"amount": Decimal(999)}, "mirrors"),
        ({"year": 2020}, "mirrors"),
        ({"source": Account.EQUITY, "target": Account.FUND}, "entry_kind_knows_its_accounts|mirrors"),
        ({"kind": EntryKind.DISSOLVED}, "entry_kind_knows_its_accounts|mirrors"),
        ({"reverses": None}, "entry_kind_knows_its_accounts"),
        ({"amount": Decimal(0)}, "entry_amount_positive|mirrors"),
        ({"at": THEN}, "its event says"),
    ],
)
def test_the_database_refuses_a_correction_that_is_no_mirror(changed: dict[str, Any], refused: str) -> None:
    it = fund_with(1_000)
    wrong = it.entries.get()
    mirror = {"fund": it, "kind": wrong.kind, "source": wrong.target, "target": wrong.source, "amount": wrong.amount}
    mirror |= {"at": NOW, "year": wrong.year, "reverses": wrong}

    with pytest.raises(IntegrityError, match=refused):
        book(it, mirror | changed)


@transaction.atomic
def book(it: Fund, entry: dict[str, Any]) -> None:
    """Write an entry past the ledger, with an event of its own."""
    event = Event(fund=it, action="prov", by_name="", at=NOW)
    flow.record(event, data={}, tell=False)
    Entry.objects.create(event=event, **entry)


# Any day, year ends and locked years


def test_the_last_second_of_the_swedish_year_belongs_to_the_old_year() -> None:
    it = factories.fund(0)
    for at in (datetime(2024, 12, 31, 22, 59, 59, tzinfo=UTC), datetime(2024, 12, 31, 23, 0, 0, tzinfo=UTC)):
        funds.reserve(it, controller(), at, amount=Decimal(100), bokslut_year=2024, decision="KF § 8")

    assert list(it.entries.values_list("booked_on", flat=True).order_by("id")) == [date(2024, 12, 31), date(2025, 1, 1)]
    assert [ledger.position(it, on=date(*day)).reserved for day in ((2024, 12, 30), (2024, 12, 31), (2025, 1, 1))] == [
        0,
        100,
        200,
    ]


def test_a_leap_day_is_a_day_like_others() -> None:
    it = fund_with(100, datetime(2024, 2, 29, 12, 0, tzinfo=UTC))

    assert [ledger.position(it, on=date(*day)).booked for day in ((2024, 2, 28), (2024, 2, 29), (2024, 3, 1))] == [
        0,
        100,
        100,
    ]


def test_a_year_is_locked_by_another_after_its_reconciliation_and_takes_no_entry() -> None:
    it, first, second = fund_with(1_000), controller(), factories.user(Role.DIRECTOR)
    with pytest.raises(Refused, match="Stäm först av"):
        books.lock_year(it, second, NOW, year=2025)
    with pytest.raises(Refused, match="Förklara skillnaden"):
        books.reconcile(it, first, NOW, on=date(2025, 12, 31), accounting=Decimal(900))
    books.reconcile(it, first, NOW, on=date(2025, 12, 31), accounting=Decimal(1_000))
    with pytest.raises(Refused, match="fyra ögon"):
        books.lock_year(it, first, NOW, year=2025)

    books.lock_year(it, second, NOW, year=2025)

    late = datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC)
    with pytest.raises(Refused, match="2025 är låsta"):
        funds.reserve(it, first, late, amount=Decimal(1), bokslut_year=2025, decision="KF § 9")
    funds.reserve(it, first, NOW, amount=Decimal(1), bokslut_year=2025, decision="KF § 9")
    assert (ledger.position(it, on=date(2025, 12, 31)).booked, ledger.position(it).booked) == (1_000, 1_001)
    with pytest.raises(Refused, match="redan låsta"):
        books.lock_year(it, second, NOW, year=2025)


def test_what_was_booked_after_the_reconciliation_stops_the_lock() -> None:
    it, first, second = fund_with(1_000), controller(), controller()
    books.reconcile(it, first, NOW, on=date(2025, 12, 31), accounting=Decimal(1_000))
    funds.reserve(it, first, THEN, amount=Decimal(1), bokslut_year=2024, decision="KF § 9")

    with pytest.raises(Refused, match="Stäm av en gång till"):
        books.lock_year(it, second, NOW, year=2025)


def test_the_database_itself_keeps_the_locked_year_closed() -> None:
    it = fund_with(1_000)
    event = Event(fund=it, action="lock_year", by_name="", at=NOW)
    flow.record(event, data={}, tell=False)
    PeriodLock.objects.create(fund=it, year=2025, event=event)

    with pytest.raises(Refused, match="låsta"):
        funds.dissolve(it, controller(), THEN, amount=Decimal(1), bokslut_year=2024, decision="KF § 9")
    for statement in (
        "delete from fundportal_periodlock",
        "update fundportal_periodlock set year = 2024",
        "update fundportal_turnover set amount = 0",
        "delete from fundportal_proof",
        "update fundportal_centralgrant set title = 'x'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_year_that_is_not_over_is_not_locked() -> None:
    with pytest.raises(Refused, match="när det är slut"):
        books.lock_year(fund_with(1), controller(), NOW, year=2026)


# The cross-proof


def test_the_proof_names_what_the_ledger_has_and_no_decision_gave() -> None:
    it = fund_with(1_000)
    assert proof.prove(it, NOW).holds
    case = factories.case(Step.IMPLEMENTATION, round=factories.round_(it))
    factories.grant(case, 300)

    came = proof.prove(it, NOW)

    assert not came.holds
    assert {"what": f"{case.number}: kontot intecknat", "decided": "0.00", "booked": "300.00"} in (came.differences)
    assert any("händelse 3: Beviljat" in one["what"] for one in came.differences)
    held = proof.last_held(it)
    assert proof.newest(it) == came
    assert held is not None
    assert held.pk < came.pk


def test_the_proof_finds_a_decision_that_was_never_booked() -> None:
    it, event = fund_with(1_000), None
    event = Event(fund=it, action="reserve", by_name="", at=NOW)
    flow.record(event, data={"amount": "77"}, tell=False)

    came = proof.prove(it, NOW)

    assert (came.differences[0]["decided"], came.differences[0]["booked"]) == ("77.00", "0.00")


# The forecast


def test_committed_payments_sum_to_what_is_earmarked() -> None:
    case = factories.case(Step.IMPLEMENTATION)
    for year, amount in ((2025, 100), (2027, 300), (2028, 50)):
        factories.grant(case, amount, year=year)
    factories.pay(case, 120, year=2025)

    out = forecast.payments(case.fund, 2027)

    assert out == {2027: 280, 2028: 50}
    assert sum(out.values()) == ledger.position(case.fund).earmarked


def test_a_round_fits_as_long_as_what_is_available_covers_its_frame() -> None:
    it = fund_with(1_000_000)

    came = forecast.forecast(it, date(2026, 2, 3), Decimal(400_000))

    assert [year.opens for year in came.years] == [True, True, False, False]
    assert came.last_opening["likely"] == forecast._opening_day(2027)
    assert came.lowest["low"] == (2026, Decimal(1_000_000))
    assert forecast.forecast(it, date(2026, 2, 3), Decimal(2_000_000)).last_opening["high"] is None


def test_balances_and_months_are_written_by_the_database_for_grants_too() -> None:
    it = fund_with(1_000)
    given = grant(it, 400)

    assert Balance.objects.get(fund=it, grant=given, account=Account.GRANTED).amount == 400
    assert Turnover.objects.get(fund=it, kind=EntryKind.GRANTED).amount == 400
