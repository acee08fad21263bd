"""What leaves is what one may see and asked for, exactly, harmless in a spreadsheet, and logged before it leaves."""

import csv
import hashlib
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from fundportal import exports
from fundportal.models import Case, ExportLog, User
from fundportal.process import Role, Step
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Client) -> User:
    user = factories.user(Role.AUDITOR)
    client.force_login(user)
    return user


def take(client: Client, address: str, **asked: str) -> tuple[int, bytes]:
    """The status and the file, which is closed after."""
    response: Any = client.get(address, asked)  # a file's own parts are not in the client's types
    if not response.streaming:
        return response.status_code, response.content
    body = b"".join(response.streaming_content)
    for close in response._resource_closers:  # not response.close(): that would end the test's connection too
        close()
    return response.status_code, body


def rows(client: Client, address: str, **asked: str) -> list[dict[str, str]]:
    text = take(client, address, **asked)[1].decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def test_the_export_is_the_filter_and_not_the_page(client: Client, auditor: User) -> None:
    for number in range(45):
        factories.case(Step.PREPARATION, title=f"Skola {number:02d}")
    factories.case(Step.PREPARATION, title="Annat")
    factories.case(Step.IDEA, title="Skola utkast")

    found = rows(client, "/export/arenden.csv", q="skola", sort="rubrik")

    assert [row["Rubrik"] for row in found] == [f"Skola {number:02d}" for number in range(45)]


def test_an_export_is_logged_with_the_hash_of_what_left(client: Client, auditor: User) -> None:
    factories.case(Step.PREPARATION)

    _status, body = take(client, "/export/arenden.json", vy="samtliga", q="")
    logged = ExportLog.objects.get()

    assert logged.sha256 == hashlib.sha256(body).hexdigest()
    assert (logged.user, logged.rows, logged.filters) == (auditor, 1, {"vy": "samtliga"})
    assert len(json.loads(body)) == 1


@pytest.mark.parametrize("statement", ["update fundportal_exportlog set rows = 0", "delete from fundportal_exportlog"])
def test_the_log_of_exports_is_never_changed(client: Client, auditor: User, statement: str) -> None:
    take(client, "/export/arenden.csv")

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_is_never_a_formula(start: str) -> None:
    assert exports.safe(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_cells_are_written_as_a_swedish_spreadsheet_reads_them() -> None:
    assert [
        exports.safe(value) for value in (None, True, 3, Decimal("8400000.00"), Decimal("-12.50"), date(2027, 3, 1))
    ] == [
        "",
        "ja",
        "3",
        "8400000",
        "-12,50",
        "2027-03-01",
    ]


def test_amounts_are_text_in_json_and_never_floats(client: Client, auditor: User) -> None:
    factories.case(Step.PREPARATION, requested=Decimal("8400000.10"))

    (row,) = json.loads(take(client, "/export/arenden.json")[1])

    assert row["requested"] == "8400000.10"


def test_a_whole_case_can_be_checked_by_its_export_alone(client: Client, auditor: User) -> None:
    case = factories.case(Step.PREPARATION)
    factories.grant(case, 5_000)

    content = json.loads(take(client, f"/arenden/{case.number}/export.json")[1])

    before = ""
    for event in content["events"]:
        assert hashlib.sha256(event["body"].encode()).hexdigest() == event["sha256"]
        assert event["body"].split("\n")[:2] == [str(event["no"]), before]
        before = event["sha256"]
    assert content["chain"]["faults"] == []
    assert [entry["amount"] for entry in content["entries"]] == ["5000"]


def test_the_events_of_a_case_as_csv(client: Client, auditor: User) -> None:
    case = factories.case(Step.PREPARATION)

    found = rows(client, f"/arenden/{case.number}/export.csv")

    assert [row["Nummer"] for row in found] == ["1", "2"]
    assert found[1]["Till steg"] == "Under beredning"


def test_a_code_is_told_in_words_to_people_and_kept_for_machines() -> None:
    role = next(column for column in exports.EVENT_COLUMNS if column.key == "role")

    assert (role.told({"role": "officer"}), role.of({"role": "officer"})) == ("Handläggare", "officer")
    assert role.told({"role": ""}) == ""


@pytest.mark.parametrize(
    ("role", "lists", "whole"),
    [
        (Role.AUDITOR, 200, 200),
        (Role.OFFICER, 200, 403),
        (Role.CONTROLLER, 200, 403),
        (Role.DIRECTOR, 403, 403),
        (Role.COUNCIL, 403, 403),
        (Role.ADMINISTRATOR, 403, 404),
    ],
)
def test_who_may_take_out_what(client: Client, role: Role, lists: int, whole: int) -> None:
    case = factories.case(Step.PREPARATION)
    client.force_login(factories.user(role))

    case_file = reverse("export_case", kwargs={"number": case.number, "kind": "json"})

    assert take(client, reverse("export_cases", kwargs={"kind": "csv"}))[0] == lists
    assert take(client, reverse("exports"))[0] == lists
    assert take(client, case_file)[0] == whole
    assert take(client, reverse("export_events", kwargs={"kind": "csv"}))[0] == (403 if whole == 404 else whole)


def test_a_draft_is_not_in_any_export(client: Client, auditor: User) -> None:
    draft: Case = factories.case(Step.IDEA)

    assert rows(client, "/export/arenden.csv", vy="samtliga") == []
    assert rows(client, "/export/handelser.csv", vy="samtliga") == []
    assert client.get(f"/arenden/{draft.number}/export.json").status_code == 404


def test_an_unknown_kind_of_file_is_not_found(client: Client, auditor: User) -> None:
    assert client.get("/export/arenden.exe").status_code == 404


def test_an_auditor_sees_the_whole_log_and_an_officer_her_own(client: Client, auditor: User) -> None:
    officer = factories.user(Role.OFFICER)
    for user in (auditor, officer):
        client.force_login(user)
        take(client, "/export/arenden.csv")

    assert exports.log_for(auditor).count() == 2
    assert [log.user for log in exports.log_for(officer)] == [officer]
