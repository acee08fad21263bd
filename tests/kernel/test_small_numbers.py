"""Small numbers of people are not shown, and cannot be worked out from what is."""

from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from fundportal import documents, flow, small_numbers
from fundportal.formatting import number
from fundportal.models import Event
from fundportal.process import Role, Step
from fundportal.views import papers
from tests import factories

LIMIT = 5
NAMES = ("Kvinnor", "Män", "Barn")


@pytest.mark.parametrize(("count", "said"), [(0, "0"), (1, "1–4"), (4, "1–4"), (5, "5"), (None, "")])
def test_a_count_below_the_threshold_is_a_span(count: int | None, said: str):
    assert small_numbers.said(count, LIMIT) == said


def test_the_sum_is_told_when_nothing_is_hidden():
    rows = small_numbers.table([("Kvinnor", 12), ("Män", 0)], LIMIT, sum_label="Summa")

    assert rows == [["Kvinnor", "12"], ["Män", "0"], ["Summa", "12"]]


def test_a_hidden_count_takes_another_with_it_when_the_sum_is_told():
    rows = small_numbers.table([("Kvinnor", 3), ("Män", 18), ("Barn", 40)], LIMIT, sum_label="Summa")

    assert rows == [["Kvinnor", "visas inte"], ["Män", "visas inte"], ["Barn", "40"], ["Summa", "61"]]


def test_the_sum_is_left_out_when_it_would_tell_the_only_count():
    rows = small_numbers.table([("Kvinnor", 3), ("Män", 0)], LIMIT, sum_label="Summa")

    assert rows == [["Kvinnor", "1–4"], ["Män", "0"]]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=3))
def test_a_hidden_count_can_always_be_several_things(counts: list[int]):
    rows = dict(small_numbers.table(list(zip(NAMES, counts, strict=False)), LIMIT, sum_label="Summa"))
    total = rows.pop("Summa", None)
    known = {name: counts[at] for at, name in enumerate(rows) if rows[name] == number(counts[at])}
    hidden = [name for name in rows if name not in known]
    assert all(not 0 < count < LIMIT for count in known.values())
    if total is not None:
        ways = [
            way for way in product(range(1, 10), repeat=len(hidden)) if sum(way) + sum(known.values()) == int(total)
        ]
        assert not hidden or all(len({way[at] for way in ways}) > 1 for at in range(len(hidden)))


PAPER = {
    "small": {"rows": {"Målgruppens storlek": "1–4"}, "parts": ["Kalkyl"]},
    "sections": [
        {"title": "Målgrupp", "level": 2, "rows": [["Målgruppens storlek", "3 personer"], ["Kön", "Alla"]]},
        {"title": "Kalkyl", "level": 2, "rows": [["Ränta", "3 %"]]},
        {"title": "Så räknas det", "level": 3, "text": "3 personer × 650 tkr"},
        {"title": "Risker", "level": 2, "text": "Få."},
    ],
}


def test_readers_get_a_paper_without_its_small_numbers_and_what_rests_on_them() -> None:
    read = small_numbers.readers_copy(PAPER)

    assert [section["title"] for section in read["sections"]] == ["Målgrupp", "Kalkyl", "Risker"]
    assert read["sections"][0]["rows"] == [["Målgruppens storlek", "1–4"], ["Kön", "Alla"]]
    assert "3 personer" not in str(read["sections"])
    assert small_numbers.readers_copy({"sections": PAPER["sections"]}) == {"sections": PAPER["sections"]}


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "whole"), [(Role.OFFICER, True), (Role.AUDITOR, True), (Role.COUNCIL, False)])
def test_a_paper_with_small_numbers_is_whole_to_those_who_may_see_them(client: Client, role: Role, whole: bool) -> None:
    case = factories.case(Step.COUNCIL)
    with transaction.atomic():
        event = Event(case=case, action="submit_idea", by_name="Fabriken", at=factories.AT, from_step=case.step)
        flow.record(event, data={}, to_step=case.step, tell=False)
        paper = documents.freeze(event, "idea", "Idéskiss", PAPER)
    client.force_login(factories.user(role))

    page = client.get(reverse("document", kwargs={"number": case.number, "pk": paper.pk})).content.decode()
    assert ("3 personer" in page) == whole
    assert ("1–4" in page) == (not whole)
    assert not papers.stored_pdf(paper)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Insatsen når 3 barn i stadsdelen.", {3: "3 barn"}),
        ("Av dem är tre yngre elever, två av flickorna.", {3: "tre yngre elever", 2: "två av flickorna"}),
        ("4 förskolebarn", {4: "4 förskolebarn"}),
        ("tre procent av eleverna, 3 år gamla barn, 1,5 elever per vuxen", {}),
        ("en elev, ett barn, fyra skolor, tre möten med föräldrar, åren 2027–3 barn, § 4 Barnen", {}),
    ],
)
def test_counts_of_people_are_found_in_a_text_and_other_numbers_are_not(text: str, found: dict[int, str]) -> None:
    assert small_numbers.in_text(text) == found
