"""The fund's pages: any day, the reconciliation as files and paper, what is closed to readers, constant questions."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, cast

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fundportal import proof
from fundportal.models import Document, ExportLog, Fund
from fundportal.process import Role, Step
from fundportal.views import cases
from tests import factories
from tests.kernel.test_fund_books import NOW, controller, fund_with, grant

pytestmark = pytest.mark.django_db


def test_any_reader_sees_the_fund_on_any_day_and_every_part_of_it(client: Client) -> None:
    it = fund_with(1_000)
    grant(it, 250)
    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))

    for name in ("fund", "fund_entries", "fund_books", "fund_forecast", "fund_central", "fund_rules"):
        assert client.get(f"{reverse(name)}?fond={it.pk}").status_code == 200, name
    before = client.get(f"{reverse('fund')}?fond={it.pk}&den=2025-05-17").content.decode()
    after = client.get(f"{reverse('fund')}?fond={it.pk}&den=2025-05-18").content.decode()
    assert "1\u00a0000\u00a0kr<br>S" not in before
    assert "1\u00a0000\u00a0kr<br>S" in after
    assert "750\u00a0kr" in after
    assert client.get(f"{reverse('fund')}?fond={it.pk}&den=i%20fjol").status_code == 200


def test_the_queues_bar_tells_the_running_funds_money_central_grants_counted_once() -> None:
    ended = fund_with(9_000_000)
    Fund.objects.filter(pk=ended.pk).update(status=Fund.Status.ENDED)
    grant(fund_with(10_000_000), 2_500_000)

    legend = re.sub(r"<[^>]+>", " ", cast("dict[str, Any]", cases.fund_bar())["legend"]).replace("\u00a0", " ")

    assert re.findall(r"(−?\d+,\d) mnkr", legend) == ["0,0", "2,5", "7,5"]


def test_the_reconciliation_leaves_as_a_workbook_and_a_csv_that_are_logged(client: Client) -> None:
    it = fund_with(1_000)
    client.force_login(factories.user(Role.AUDITOR))
    address = f"?fond={it.pk}&den=2025-12-31"

    book = client.get(reverse("fund_table", kwargs={"kind": "xlsx"}) + address).getvalue()
    text = client.get(reverse("fund_table", kwargs={"kind": "csv"}) + address).getvalue().decode()

    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    assert re.findall(r'<c r="[D-F]2"[^>]*><v>(.*?)</v>', sheet.decode()) == ["0", "1000.00", "1000.00"]
    assert "Bokstav;Siffra;" in text
    assert "R;Reserverat;Reserverat minus upplöst;0;1000;1000;;;" in text
    assert ExportLog.objects.count() == 2


def test_a_reconciliation_becomes_a_paper(client: Client) -> None:
    it = fund_with(1_000)
    client.force_login(controller())
    told = {"on": "2025-12-31", "accounting": "900", "explanation": "Hundra kronor bokades i januari."}

    answer = client.post(f"{reverse('fund_reconcile')}?fond={it.pk}", told)

    paper = Document.objects.get(fund=it)
    assert answer.status_code == 302
    page = client.get(reverse("fund_paper", kwargs={"pk": paper.pk})).content.decode()
    assert "Hundra kronor bokades i januari." in page
    assert "−100\u00a0kr" in page


def test_differences_are_named_only_to_controllers_and_auditors(client: Client) -> None:
    case = factories.case(Step.IMPLEMENTATION)
    factories.grant(case, 300)
    proof.prove(case.fund, NOW)
    address = f"{reverse('fund_books')}?fond={case.fund_id}"

    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))
    stranger = client.get(address).content.decode()
    client.force_login(factories.user(Role.AUDITOR))
    auditor = client.get(address).content.decode()

    assert "Korsprövningen stämmer inte" in stranger
    assert case.number not in stranger
    assert case.number in auditor


@pytest.mark.parametrize(
    "name", ["fund_set_rules", "fund_set_status", "fund_grant", "fund_reconcile", "fund_lock", "fund_dissolve"]
)
def test_what_is_decided_about_the_fund_is_closed_to_readers(client: Client, name: str) -> None:
    it = fund_with(1_000)
    client.force_login(factories.user(Role.OFFICER))

    assert client.get(f"{reverse(name)}?fond={it.pk}").status_code == 403


def test_the_fund_page_asks_as_many_questions_however_many_entries(
    client: Client, django_assert_max_num_queries: object
) -> None:
    it = fund_with(10_000)
    client.force_login(controller())
    client.get(f"{reverse('fund')}?fond={it.pk}")
    asked = []
    for _round in range(2):
        for _time in range(8):
            grant(it, 10)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{reverse('fund')}?fond={it.pk}")
        asked.append(len(queries))

    assert asked[0] == asked[1]
    assert asked[0] <= 20


def test_a_registration_says_what_it_is_about_and_its_faults_stand_at_the_field(client: Client) -> None:
    first, other = fund_with(1_000), fund_with(2_000)
    told = grant(other, 250)
    client.force_login(controller())

    paying = client.get(reverse("fund_pay_grant", kwargs={"pk": told.pk})).content.decode()
    locking = client.post(f"{reverse('fund_lock')}?fond={other.pk}", {"year": "2099"})

    assert all(words in paying for words in (told.title, told.receiver, other.name))
    assert first.name not in paying
    assert locking.status_code == 422
    assert 'href="#id_year">Ett år låses när det är slut.' in locking.content.decode()


def test_a_fund_that_has_had_no_round_is_asked_for_a_frame_and_draws_no_empty_chart(client: Client) -> None:
    it = fund_with(10_000_000)
    client.force_login(controller())

    page = client.get(f"{reverse('fund_forecast')}?fond={it.pk}").content.decode()
    framed = client.get(f"{reverse('fund_forecast')}?fond={it.pk}&ram=2 000 000").content.decode()

    assert page.count("Skriv en ram ovan") == 3
    assert "Skriv en ram ovan" not in framed
    assert "Utbetalningar och återföring per år" not in page
    assert ">7,5<" in page
