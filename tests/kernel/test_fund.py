"""The fund's figures, the entries behind them, and what kommunfullmäktige decides."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fundportal import funds, ledger
from fundportal.errors import Refused
from fundportal.models import Entry, Fund
from fundportal.process import Role, Step
from tests import factories

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 2, 13, 12, tzinfo=UTC)


def test_a_reservation_can_be_applied_for_at_once() -> None:
    fund, controller = factories.fund(0), factories.user(Role.CONTROLLER)

    event = funds.reserve(fund, controller, AT, amount=Decimal(5_000_000), bokslut_year=2026, decision="KF § 12")

    assert ledger.position(fund).available == 5_000_000
    assert Entry.objects.get(event=event).year == 2026
    assert event.data == {"amount": "5000000", "bokslut_year": 2026, "decision": "KF § 12"}


def test_never_more_is_dissolved_than_is_available() -> None:
    fund, controller = factories.fund(1_000), factories.user(Role.CONTROLLER)

    with pytest.raises(Refused, match="Pengarna räcker inte"):
        funds.dissolve(fund, controller, AT, amount=Decimal(1_001), bokslut_year=2026, decision="KF § 13")
    funds.dissolve(fund, controller, AT, amount=Decimal(400), bokslut_year=2026, decision="KF § 13")

    assert ledger.position(fund).available == 600
    assert fund.events.count() == 2


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_a_controller_registers_the_funds_money(client: Client, role: Role) -> None:
    fund, user = factories.fund(0), factories.user(role)
    client.force_login(user)

    with pytest.raises(Refused):
        funds.reserve(fund, user, AT, amount=Decimal(1), bokslut_year=2026, decision="KF § 1")

    assert client.get(reverse("fund_reserve")).status_code == 403


def test_the_form_sent_twice_reserves_once(client: Client) -> None:
    fund: Fund = factories.fund(0)
    client.force_login(factories.user(Role.CONTROLLER))
    told = {"amount": "5 000 000", "bokslut_year": "2026", "decision": "KF § 12", "_key": str(uuid4())}
    address = f"{reverse('fund_reserve')}?fond={fund.pk}"

    answers = [client.post(address, told).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert ledger.position(fund).reserved == 5_000_000


def test_a_wrong_form_keeps_what_was_typed(client: Client) -> None:
    factories.fund(0)
    client.force_login(factories.user(Role.CONTROLLER))

    answer = client.post(reverse("fund_reserve"), {"amount": "mycket", "bokslut_year": "2026", "decision": "KF § 12"})

    assert answer.status_code == 422
    assert 'value="mycket"' in answer.content.decode()
    assert not Entry.objects.exists()


def test_the_page_shows_every_figure_with_a_link_to_its_entries(client: Client) -> None:
    case = factories.case(Step.IMPLEMENTATION)
    factories.grant(case, 7_000_000)
    factories.pay(case, 3_000_000)
    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))

    page = client.get(f"{reverse('fund')}?fond={case.fund_id}").content.decode()

    for figure in ("293\u00a0000\u00a0000", "297\u00a0000\u00a0000", "4\u00a0000\u00a0000"):
        assert figure in page
    for letter in ("D", "S", "K", "R", "B", "U", "Lo", "Lu", "A"):
        assert f"?fond={case.fund_id}&amp;post={letter}" in page
    assert "Kontrollen stämmer" in page


def test_entries_name_a_case_only_to_those_who_may_see_it(client: Client) -> None:
    case = factories.case(Step.IMPLEMENTATION, title="Hemlig satsning")
    factories.grant(case, 7_000_000)
    address = f"{reverse('fund_entries')}?fond={case.fund_id}&post=B"

    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))
    stranger = client.get(address).content.decode()
    client.force_login(factories.user(Role.APPLICANT, case.owner))
    own = client.get(address).content.decode()

    assert "7\u00a0000\u00a0000" in stranger
    assert "Hemlig satsning" not in stranger
    assert case.number not in stranger
    assert "Hemlig satsning" in own


def test_a_page_without_a_fund_is_not_found(client: Client) -> None:
    client.force_login(factories.user(Role.OFFICER))

    assert client.get(reverse("fund")).status_code == 404
    assert client.get(reverse("cases")).status_code == 200
    assert client.get(reverse("start")).status_code == 200
