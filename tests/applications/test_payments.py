"""Files to the accounting system, vouchers from it, and the plan: each once, by the right person, to the krona."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from applications import actions, sums
from applications.actions import payments
from applications.models import PaymentFile, PaymentFileRow, PlannedPayment, Requisition, VoucherRow
from applications.models.investment import granted, per_board, plan
from applications.needs import vouchers
from fundportal import ledger, proof
from fundportal.errors import Refused
from fundportal.models import EntryKind, ExportLog, FundRules, User
from fundportal.process import Role
from tests import factories
from tests.applications.scene import REASONS, Scene, approve, ask, changed, pay, running
from tests.factories import AT

HEAD = "Referens;Verifikation;Bokföringsdag;Belopp;Annat\r\n"


@pytest.fixture
def scene() -> Scene:
    return running()


def approved(scene: Scene, *amounts: int) -> list[Requisition]:
    found = []
    for amount in amounts:
        asked = ask(scene, amount)
        approve(scene, asked)
        found.append(Requisition.objects.select_related("case").get(pk=asked.pk))
    return found


def made(scene: Scene, rows: list[Requisition]) -> PaymentFile:
    return payments.make_payment_file(scene.case.fund, scene.controller, AT, requisitions=[row.pk for row in rows])


def listed(*rows: str) -> str:
    return HEAD + "".join(f"{row}\r\n" for row in rows)


# Betalningsfilen


@pytest.mark.django_db
def test_a_file_has_each_requisition_once_for_ever(scene: Scene) -> None:
    rows = approved(scene, 1_500_000, 250_000)

    first = made(scene, rows)

    assert (first.number, first.rows, first.total) == (1, 2, Decimal(1_750_000))
    told = first.content.splitlines()[1].split(";")
    assert told[2] == rows[0].reference
    assert told[7:11] == ["2027", "Införa", "1500000,00", "SEK"]
    with pytest.raises(Refused, match="med i en fil"):
        made(scene, rows)
    for change in (lambda: PaymentFile.objects.update(content="x"), lambda: PaymentFileRow.objects.update(amount=1)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_whoever_approved_sends_no_file(scene: Scene) -> None:
    rows = approved(scene, 1_000)

    with pytest.raises(Refused, match="fyra ögon"):
        payments.make_payment_file(scene.case.fund, scene.approver, AT, requisitions=[rows[0].pk])


@pytest.mark.django_db
def test_a_file_is_fetched_again_as_it_was_and_each_time_is_logged(scene: Scene, client: Client) -> None:
    client.force_login(scene.controller)
    rows = approved(scene, 1_000)
    client.post(f"{reverse('payments')}?fond={scene.case.fund_id}", {"rekvisition": [rows[0].pk]})
    file = PaymentFile.objects.get()

    answers = {client.get(reverse("payment_file", kwargs={"pk": file.pk})).content for _time in range(2)}

    assert answers == {file.content.encode()}
    assert ExportLog.objects.filter(user=scene.controller, sha256=file.sha256).count() == 2


# Inläsningen


@pytest.mark.django_db
def test_every_row_of_a_list_says_what_it_comes_to(scene: Scene) -> None:
    one, two, three, paid = approved(scene, 1_500_000, 250_000, 40_000, 90_000)
    pay(scene, paid)
    waiting = Requisition.objects.select_related("case").get(pk=ask(scene, 5_000).pk)
    text = listed(
        f"{one.reference};V 1;2026-03-01;1 500 000,00",
        f"{one.reference};V 1;2026-03-01;1500000",
        f"{two.reference};V 2;2026-03-01;250 001",
        f"{paid.reference};V 1001;2026-03-01;90000.00",
        f"{waiting.reference};V 3;2026-03-01;5000",
        "SIF-1999-001-R1;V 4;2026-03-01;1",
        f"{three.reference};V 5;2026-02-30;40000",
        f"{three.reference};V 5;2026-03-01;mycket",
        f"{three.reference};;2026-03-01;40000",
        "=cmd|x;V 4;2026-03-01;1",
    )

    told = vouchers.judge(scene.controller, scene.case.fund, vouchers.read(text))

    assert [str(row.result) for row in told] == [
        *("matched", "repeated", "differs", "already", "differs", "unknown"),
        *("unreadable", "unreadable", "unreadable", "unknown"),
    ]
    assert not VoucherRow.objects.exists()


@pytest.mark.django_db
def test_a_list_is_booked_by_the_same_act_as_by_hand(scene: Scene) -> None:
    one, two = approved(scene, 1_500_000, 250_000)
    text = listed(f"{one.reference};V 77;2026-03-01;1500000,00", f"{two.reference};V 78;2026-03-01;1")
    fund = scene.case.fund

    first = payments.import_vouchers(fund, scene.controller, AT, name="mars.csv", text=text)
    payments.run_import(first.pk)
    payments.run_import(first.pk)
    again = payments.import_vouchers(fund, scene.controller, AT, name="mars.csv", text=text)
    payments.run_import(again.pk)

    assert list(first.rows.values_list("result", flat=True)) == ["booked", "differs"]
    assert list(again.rows.values_list("result", flat=True)) == ["already", "differs"]
    assert [entry.text for entry in scene.case.entries.filter(kind=EntryKind.PAID)] == ["V 77"]
    assert first.rows.get(result="booked").done == Requisition.objects.get(pk=one.pk).handled
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        VoucherRow.objects.filter(result="booked").update(result="refused")


@pytest.mark.django_db
def test_each_row_is_judged_again_when_it_is_booked(scene: Scene) -> None:
    (one,) = approved(scene, 1_500_000)
    text = listed(f"{one.reference};V 77;2026-03-01;1500000")
    waits = payments.import_vouchers(scene.case.fund, scene.controller, AT, name="x", text=text)
    pay(scene, one)

    payments.run_import(waits.pk)

    assert (waits.rows.get().result, waits.rows.get().done) == ("already", None)


@pytest.mark.django_db
def test_nothing_is_stored_until_a_list_is_confirmed_and_then_once(scene: Scene, client: Client) -> None:
    client.force_login(scene.controller)
    (one,) = approved(scene, 1_500_000)
    raw = listed(f"{one.reference};V 77;2026-03-01;1500000,00").encode("cp1252")
    page = f"{reverse('read_vouchers')}?fond={scene.case.fund_id}"

    seen = client.post(page, {"file": SimpleUploadedFile("mars.csv", raw)})
    assert seen.context["matched"] == 1
    assert not VoucherRow.objects.exists()
    sent = {"content": seen.context["text"], "named": "mars.csv", "_key": seen.context["key"], "_confirm": "1"}
    for _time in range(2):
        assert client.post(page, sent).status_code == 302

    assert Requisition.objects.get().status == "paid"
    assert VoucherRow.objects.count() == 1


@pytest.mark.parametrize("text", ["", "Referens;Belopp\r\na;1", HEAD])
def test_a_file_that_is_no_list_is_told_why(text: str) -> None:
    with pytest.raises(Refused, match="Filen"):
        vouchers.read(text)


@pytest.mark.django_db
def test_ten_thousand_rows_are_judged_with_few_questions(
    scene: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    text = listed(*(f"SIF-2027-{row % 900:03d}-R{row};V {row};2026-03-01;1" for row in range(10_000)))

    with django_assert_max_num_queries(8):
        assert len(vouchers.judge(scene.controller, scene.case.fund, vouchers.read(text))) == 10_000


# Planen


@given(
    amount=st.integers(1, 10**9),
    steps=st.lists(st.integers(1, 10**9), max_size=6),
    since=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_a_plan_always_adds_up_to_the_grant(amount: int, steps: list[int], since: date) -> None:
    due = sums.moved_to([], Decimal(amount), 2027, since)
    for step in steps:
        due = sums.moved_to(due, Decimal(step), 2027, since)
        assert sum(part for _day, part in due) == step
    assert all(part > 0 and day.year == 2027 for day, part in due)
    assert len({day for day, _part in due}) == len(due)


@pytest.mark.django_db
def test_the_plan_follows_a_changed_grant_and_keeps_its_versions(scene: Scene) -> None:
    rows = changed(scene, introduce_2028=2_500_000)
    actions.request_change(scene.case, scene.applicant, AT, rows=rows, reason=REASONS)
    actions.decide_change(scene.case, scene.director, AT, approves=True, reasons=REASONS)

    planned: dict[object, Decimal] = {}
    for row in plan(scene.case):
        planned[row.key] = planned.get(row.key, Decimal(0)) + row.amount
    assert planned == granted(scene.case)
    wanted: list[dict[str, Any]] = [
        {"on": row.on, "use": row.use, "namnd": row.namnd, "amount": row.amount} for row in plan(scene.case)
    ]
    wanted[0]["amount"] -= 1
    with pytest.raises(Refused, match="är planerat men"):
        actions.plan_payments(scene.case, scene.officer, AT, rows=wanted)
    wanted[0]["amount"] += 1
    wanted[0]["on"] = date(wanted[0]["on"].year, 12, 1)
    actions.plan_payments(scene.case, scene.officer, AT, rows=wanted)
    assert PlannedPayment.objects.filter(case=scene.case).values("event").distinct().count() == 2


@pytest.mark.django_db
def test_a_change_stays_within_the_rules_of_the_round() -> None:
    scene = running()
    FundRules.objects.create(
        fund=scene.case.fund, valid_from=date(2000, 1, 1), max_yearly=Decimal(4_000_000), max_years=2
    )
    more = changed(scene, introduce_2027=4_000_001)
    with pytest.raises(Refused, match=r"Högst 4.000.tkr per år"):
        actions.request_change(scene.case, scene.applicant, AT, rows=more, reason=REASONS)
    longer = [*changed(scene), scene.row(2029, "introduce", 1)]
    with pytest.raises(Refused, match="för högst 2 år"):
        actions.request_change(scene.case, scene.applicant, AT, rows=longer, reason=REASONS)
    actions.request_change(scene.case, scene.applicant, AT, rows=changed(scene, evaluate_2028=0), reason=REASONS)


# Vad som helst, i vilken ordning som helst

ACTS = st.lists(
    st.tuples(st.sampled_from(["ask", "approve", "pay", "refuse", "correct", "change"]), st.integers(1, 5_000_000)),
    min_size=4,
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=10)
@given(acts=ACTS, back=st.integers(0, 9_000_000))
def test_no_order_of_acts_pays_more_than_a_board_is_granted(acts: list[tuple[str, int]], back: int) -> None:
    with transaction.atomic():
        scene = running()
        for name, amount in acts:
            with suppress(Refused):
                _do(scene, name, amount)
            _adds_up(scene)
        with suppress(Refused):
            given = {"handed_back": Decimal(back), "voucher": "V 1"}
            actions.discontinue(scene.case, scene.director, AT, reason=REASONS, **given)
        _adds_up(scene)
        transaction.set_rollback(True)


def _do(scene: Scene, name: str, amount: int) -> None:
    asked = Requisition.objects.filter(case=scene.case)
    match name:
        case "ask":
            ask(scene, amount, *[(2027, "introduce"), (2028, "introduce"), (2028, "evaluate")][amount % 3])
        case "approve" if it := asked.filter(status="awaiting").first():
            approve(scene, it, max(1, min(amount, int(it.amount))), "Delvis.")
        case "pay" if it := asked.filter(status="approved").first():
            pay(scene, it, max(1, min(amount, int(it.approved_amount))))
        case "refuse" if it := asked.first():
            given = {"requisition": it, "approves": False, "reason": "Underlag saknas."}
            actions.approve_requisition(scene.case, scene.approver, AT, **given)
        case "correct" if it := asked.filter(status="paid").first():
            actions.correct_payment(scene.case, scene.approver, AT, requisition=it, reason="Fel belopp bokfördes.")
        case "change":
            rows = changed(scene, introduce_2027=amount)
            actions.request_change(scene.case, scene.applicant, AT, rows=rows, reason=REASONS)
            actions.decide_change(scene.case, scene.director, AT, approves=True, reasons=REASONS)


def _adds_up(scene: Scene) -> None:
    for line in per_board(scene.case):
        assert line.free >= 0, line
        assert 0 <= line.paid <= line.granted - line.released, line
    assert ledger.position(scene.case.fund, scene.case).earmarked >= 0


@pytest.mark.django_db
def test_the_cross_proof_reads_what_was_approved(scene: Scene) -> None:
    asked = ask(scene, 4_000_000)
    approve(scene, asked, 3_000_000, "Delvis.")
    pay(scene, Requisition.objects.get())

    paid = [amount for (_event, kind), amount in proof.decided(scene.case.fund).acts.items() if kind == "paid"]

    assert paid == [Decimal(3_000_000)]


@pytest.mark.usefixtures("fresh_db")
def test_of_two_who_pay_at_once_one_does() -> None:
    scene = running()
    (asked,) = approved(scene, 4_000_000)
    other = factories.user(Role.CONTROLLER)

    def book(person: User) -> str:
        try:
            actions.pay(scene.case, person, AT, requisition=asked, voucher="V 1", booked_on=AT.date())
        except Refused as refused:
            return " ".join(refused.reasons)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(book, [scene.controller, other]))

    assert told[0] == ""
    assert told[1]
    assert scene.case.entries.filter(kind=EntryKind.PAID).count() == 1
