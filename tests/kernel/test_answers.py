"""0, nothing and "inte aktuellt" are three answers; figures are read as people type them; rows add up as typed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from fundportal.canonical import NOT_APPLICABLE, NoRows, plain
from fundportal.fields import KronorField, NumberField, TkrField, in_sum, parse_number
from fundportal.forms import PlainForm, RowsField
from fundportal.rows import change_rows, summed
from fundportal.shown import lines

SPACES = ["", " ", "\u00a0", "\u202f", "\u2009"]


class _Form(PlainForm):
    amount = KronorField(label="Belopp", required=False, na=True)
    rows = RowsField(
        {"year": forms.CharField(label="År"), "sum": TkrField(label="Summa", required=False, na=True)},
        label="Rader",
        na=True,
        totals=("sum",),
        by="year",
    )


def _filled(query: str) -> _Form:
    form = _Form(QueryDict(query))
    assert form.is_valid(), form.errors
    return form


@pytest.mark.parametrize(
    ("query", "cleaned", "frozen", "shown"),
    [
        ("amount=0", Decimal(0), "0", "0\u00a0kr"),
        ("amount=", None, None, ""),
        ("amount=&amount-na=1", NOT_APPLICABLE, "inte aktuellt", "Inte aktuellt"),
    ],
)
def test_nought_nothing_and_not_applicable_are_three_answers(query, cleaned, frozen, shown) -> None:
    form = _filled(query)

    assert form.cleaned_data["amount"] == cleaned
    assert plain(form.cleaned_data["amount"]) == frozen
    assert lines(form)[0].text == shown
    assert in_sum(form.cleaned_data["amount"]) == 0


def test_the_three_answers_are_kept_as_typed_and_told_apart_when_read_again() -> None:
    for query in ("amount=0", "amount=", "amount=&amount-na=1"):
        first = _filled(query)
        again = _Form(first.typed())
        assert again.is_valid()
        assert again.cleaned_data["amount"] == first.cleaned_data["amount"]


def test_a_number_and_the_box_are_both_kept_and_asked_about() -> None:
    form = _Form(QueryDict("amount=500&amount-na=1"))

    assert form.typed()["amount"] == "inte aktuellt 500"
    assert form.errors["amount"] == ["Belopp: antingen ett tal eller ”Inte aktuellt”. Ta bort talet eller krysset."]
    drawn = str(_Form(initial=form.typed())["amount"])
    assert 'value="500"' in drawn
    assert "checked" in drawn


def test_the_three_answers_stand_in_tables_too() -> None:
    table = lines(_filled("rows-0-year=2027&rows-0-sum=0&rows-1-year=2028&rows-2-year=2029&rows-2-sum-na=1"))[1]

    assert table.columns == ("År", "Summa")
    assert table.rows == (("2027", "0\u00a0tkr"), ("2028", "Inte ifyllt"), ("2029", "Inte aktuellt"))


def test_a_column_of_noughts_is_shown() -> None:
    assert lines(_filled("rows-0-year=2027&rows-0-sum=0"))[1].rows == (("2027", "0\u00a0tkr"),)


def test_rows_that_do_not_apply_are_another_thing_than_no_rows() -> None:
    form, empty = _filled("rows-0-year=&rows-na=1"), _filled("rows-0-year=")

    assert isinstance(form.cleaned_data["rows"], NoRows)
    assert not isinstance(empty.cleaned_data["rows"], NoRows)
    assert form.cleaned_data["rows"] == empty.cleaned_data["rows"] == []
    assert plain(form.cleaned_data) == {"amount": None, "rows": "inte aktuellt"}
    assert lines(form)[1].text == "Inte aktuellt"
    assert "Ta bort raderna eller krysset" in str(_Form(QueryDict("rows-0-year=2027&rows-na=1")).errors["rows"])


def test_that_rows_do_not_apply_stays_when_a_row_is_added() -> None:
    typed = _filled("rows-na=1").typed()

    assert change_rows(typed, ("rows", "add", 0))["rows"] == [{}, {}, {"_na": "1"}]


@given(
    number=st.decimals(-9_999_999, 9_999_999, places=2, allow_nan=False),
    space=st.sampled_from(SPACES),
    comma=st.sampled_from(",."),
    minus=st.sampled_from("-\u2212"),
)
def test_a_number_reads_alike_with_any_space_comma_and_minus(
    number: Decimal, space: str, comma: str, minus: str
) -> None:
    typed = f"{abs(number):,.2f}".replace(".", "!").replace(",", space).replace("!", comma)

    assert parse_number(f"{minus if number < 0 else ''}{space}{typed}{space}") == number


@given(st.text().filter(lambda text: not any(letter.isdigit() for letter in text) and text.strip()))
def test_what_is_no_number_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        NumberField(label="Antal").clean(text)

    assert wrong.value.messages == ["Antal ska vara ett heltal, till exempel 220."]


@given(st.lists(st.tuples(st.sampled_from(["2027", "2028"]), st.integers(0, 10**6) | st.just("x"))))
def test_running_totals_add_what_is_typed_by_group_and_in_all(rows: list[tuple[str, int | str]]) -> None:
    found = dict(summed([{"year": year, "sum": str(value)} for year, value in rows], "sum", forms.CharField(), "year"))

    assert found[""] == sum(value for _year, value in rows if isinstance(value, int))
    assert found[""] == sum(value for group, value in found.items() if group)


def test_rows_show_their_sums_without_a_script() -> None:
    drawn = str(_Form(QueryDict("rows-0-year=2027&rows-0-sum=1 200&rows-1-year=2028&rows-1-sum=300"))["rows"])

    assert "<dt>2027</dt><dd>1\u00a0200\u00a0tkr</dd>" in drawn
    assert "<dt>Summa, summa</dt><dd>1\u00a0500\u00a0tkr</dd>" in drawn


def test_rows_that_are_stored_are_summed_in_the_unit_they_are_typed_in() -> None:
    drawn = str(_Form(initial={"rows": [{"year": "2027", "sum": Decimal(2_900_000)}]})["rows"])

    assert 'value="2 900"' in drawn
    assert "<dt>Summa, summa</dt><dd>2\u00a0900\u00a0tkr</dd>" in drawn
