"""What nobody should type is answered in words: no page breaks on it, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from fundportal.fields import DayField, KronorField, NumberField, PercentField, TkrField, WholeField, whole_number
from fundportal.forms import PlainForm, RowsField, rows_asked
from fundportal.models import User
from fundportal.process import Role, Step
from fundportal.queue import ORDERS, Wanted, cases, from_place
from tests import factories

HUGE = "9" * 5000


@pytest.mark.parametrize("kind", [NumberField, WholeField, KronorField, TkrField, PercentField])
@pytest.mark.parametrize("typed", ["9" * 30, "-" + "9" * 30, "10000000000", f"{'9' * 40},5"])
def test_a_number_that_no_column_holds_is_refused_in_words(kind: type[NumberField], typed: str) -> None:
    with pytest.raises(ValidationError, match="är för stort"):
        kind(label="Belopp", minimum=None).clean(typed)


def test_the_largest_amounts_are_kronor_that_are_stored() -> None:
    assert KronorField().clean("9 999 999 999") == Decimal(9_999_999_999)
    assert TkrField().clean("9 999 999") == Decimal(9_999_999_000)


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "2200-01-01", "1899-12-31"])
def test_a_day_that_no_calendar_reaches_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValidationError, match="Sista dag ska vara en dag, till exempel"):
        DayField(label="Sista dag").clean(typed)


def test_days_of_our_time_are_days() -> None:
    assert DayField().clean("2027-02-01") == date(2027, 2, 1)


@pytest.mark.parametrize("typed", ["²", "-1", "1,5", "", " 1", "٣", HUGE, "x"])
def test_what_is_no_plain_number_counts_as_none(typed: str) -> None:
    assert whole_number(typed) is None


def test_a_row_with_an_impossible_number_is_no_row() -> None:
    form = _Rows(QueryDict(f"rows-{HUGE}-name=x&rows-0-name=y&rows-²-name=z"))

    assert form.typed() == {"rows": [{"name": "y"}]}
    assert rows_asked({"_rows": f"rows:remove:{HUGE}"}) is None
    assert rows_asked({"_rows": "rows:remove:²"}) is None
    assert rows_asked({"_rows": "rows:remove:1"}) == ("rows", "remove", 1)
    assert rows_asked({"_rows": "rows:add"}) == ("rows", "add", 0)


class _Rows(PlainForm):
    rows = RowsField({"name": KronorField(label="Namn")}, label="Rader")


@pytest.fixture
def officer(db: None) -> User:
    return factories.user(Role.OFFICER)


def test_an_address_with_nonsense_is_not_found(client: Client, officer: User) -> None:
    client.force_login(officer)

    assert client.get("/arenden/a%00b/").status_code == 404
    assert client.get(f"/arenden/{HUGE}/").status_code == 404


def test_a_page_far_off_is_a_page(client: Client, officer: User) -> None:
    client.force_login(officer)
    case = factories.case(Step.PREPARATION)

    for place in (HUGE, "²"):
        assert client.get(reverse("history", kwargs={"number": case.number}), {"fran": place}).status_code == 200
        for name in ("fund_entries", "exports", "notices"):
            factories.fund()
            assert client.get(reverse(name), {"fore": place}).status_code == 200
    assert client.get(f"/arenden/{case.number}/handlingar/{'9' * 30}/").status_code == 404
    assert client.get(f"/arenden/{case.number}/filer/{'9' * 30}/").status_code == 404


@pytest.mark.parametrize("sort", ["rubrik", "belopp", "frist", "skapat"])
@pytest.mark.parametrize("value", ["\x00", "NaN", "Infinity", "1E+999999", "x"])
def test_no_place_in_a_list_breaks_it(officer: User, sort: str, value: str) -> None:
    wanted = Wanted.read({"sort": sort, "efter": f"{value}~1"})

    assert list(from_place(cases(officer, wanted), ORDERS[sort], wanted.after)) == []


def test_an_act_sent_with_nonsense_beside_it_is_done(client: Client, officer: User) -> None:
    client.force_login(officer)
    case = factories.case(Step.PREPARATION)

    told = {"officer": str(officer.pk), "_seen": "²", "_key": "ingen nyckel"}
    answer = client.post(reverse("assign", kwargs={"number": case.number}), told)

    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.officer == officer


def test_no_act_keeps_a_personnummer(client: Client, officer: User) -> None:
    client.force_login(officer)
    case = factories.case(Step.PREPARATION)

    told = {"reason": "Min bror, 19121212-1212, leder projektet."}
    answer = client.post(reverse("declare_jav", kwargs={"number": case.number}), told)

    assert answer.status_code == 422
    assert "”Skäl” ser ut att innehålla ett personnummer. Ta bort det." in answer.content.decode()
    assert told["reason"] in answer.content.decode()
    assert not case.events.filter(action="declare_jav").exists()


class _Bought(PlainForm):
    voucher = forms.CharField(label="Verifikationsnummer")
    shown = forms.CharField(label="Kontrollsumma", widget=forms.HiddenInput)
    rows = RowsField({"note": forms.CharField(label="Anteckning")}, label="Rader")


def test_numbers_that_look_like_one_by_chance_are_let_in_and_rows_are_read() -> None:
    number = {"voucher": "1212121212", "shown": "1212121212"}

    assert _Bought(number | {"rows": [{"note": "Nr 12"}]}).is_valid()
    assert _Bought(number | {"rows": [{"note": "121212-1212"}]}).errors == {
        "rows": ["”Rader” ser ut att innehålla ett personnummer. Ta bort det."]
    }
