"""How a city without the demo gets its first people and its fund."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from fundportal.chain import verify
from fundportal.models import Event, Fund, Namnd, User
from fundportal.process import Role

pytestmark = pytest.mark.django_db


def call(*words: str) -> None:
    call_command(*words, stdout=StringIO())


def test_a_person_gets_a_central_role() -> None:
    call("person", "anna@example.org", "Anna", "Svensson", "--role", "officer")

    person = User.objects.get(email="anna@example.org")
    assert person.roles() == {Role.OFFICER}
    assert not person.has_usable_password()


def test_a_person_gets_a_role_on_a_board_and_then_one_more() -> None:
    call("person", "bo@example.org", "Bo", "Ek", "--role", "applicant", "--namnd", "SKH")
    call("person", "bo@example.org", "--role", "respondent", "--namnd", "SOD")

    held = User.objects.get(email="bo@example.org").grants.on_namnd
    assert held == {
        Namnd.objects.get(code="SKH").pk: {Role.APPLICANT},
        Namnd.objects.get(code="SOD").pk: {Role.RESPONDENT},
    }


def test_a_board_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(CommandError, match=r"ALN, .*SKH"):
        call("person", "bo@example.org", "Bo", "Ek", "--role", "applicant", "--namnd", "XYZ")


def test_a_fund_gets_its_rounds() -> None:
    for name in ("Omgång 1", "Omgång 2"):
        call("fund", "Fonden", "--round", name, "--opens", "2027-01-15", "--closes", "2027-04-15")

    assert [round_.name for round_ in Fund.objects.get(name="Fonden").rounds.order_by("pk")] == ["Omgång 1", "Omgång 2"]


def test_the_city_has_its_boards_and_who_succeeded_them() -> None:
    districts = Namnd.objects.filter(kind="sdn")
    counts = [districts.valid_on(day).count() for day in (date(2016, 1, 1), date(2021, 1, 1), date(2026, 1, 1))]

    assert counts == [14, 13, 11]
    assert Namnd.objects.get(code="RIK").successor == Namnd.objects.get(code="JAR")
    assert Namnd.objects.get(code="JAR").name == "Järva stadsdelsnämnd"
    assert Namnd.objects.get(code="SKH").name == "Skärholmens stadsdelsnämnd"


def test_what_the_command_did_stands_in_the_houses_history() -> None:
    call("person", "anna@example.org", "Anna", "Svensson", "--role", "officer")

    told = Event.objects.filter(case=None, fund=None).order_by("no").values_list("action", "by", "by_name")
    assert list(told) == [
        ("add_person", None, "system: manage.py person"),
        ("give_role", None, "system: manage.py person"),
    ]
    assert verify(None) == []
