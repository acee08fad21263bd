"""The idea self-check and the questions that can be read before anything is begun."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from applications.sheets import APPLICATION, IDEA, self_check
from fundportal.criteria import BY_CODE, GATES
from fundportal.models import Case, Draft
from fundportal.process import Role
from tests import factories
from tests.applications.city import AT, City, city

pytestmark = pytest.mark.django_db

GOOD = {
    "forebygger": "ja",
    "kompletterar": "ja",
    "ny": "ja",
    "budget": "ja",
    "hinder": ["ettar", "flera"],
    "kunskap": "beprovad",
    "matbar": "ja",
    "besparing": "ja",
    "omfattning": "several",
}


@pytest.fixture
def here(client: Client) -> City:
    made = city(opens_on=AT.date().replace(year=2020), closes_on=AT.date().replace(year=2090))
    client.force_login(made.writer)
    return made


def ask(client: Client, **changes: object) -> str:
    answer = client.get(reverse("self_check"), GOOD | {"svar": "1"} | changes)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_questions_ask_for_criteria_that_exist_and_for_every_gate() -> None:
    asked = {question.code for question in self_check.QUESTIONS}

    assert asked <= BY_CODE.keys()
    assert {gate.code for gate in GATES} <= asked


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "ok"),
        ({"matbar": "vet_inte"}, "unsure"),
        ({"ny": "nej"}, "unsure"),
        ({"omfattning": "single"}, "unsure"),
        ({"kompletterar": "nej"}, "stop"),
        ({"matbar": "nej"}, "stop"),
        ({"besparing": "nej"}, "stop"),
        ({"forebygger": "nej"}, "stop"),
    ],
)
def test_answers_are_judged_as_the_council_would(changes: dict, level: str) -> None:
    assert self_check.judge(GOOD | changes).level == level


def test_a_no_says_why_in_the_councils_words_and_what_to_do_instead(here: City, client: Client) -> None:
    page = ask(client, kompletterar="nej")

    assert "Idén passar troligen inte fonden som den ser ut nu" in page
    assert "K4 Kompletterar ordinarie verksamhet" in page
    assert "Fonden ersätter den aldrig" in page
    assert "Sök för det nya" in page
    assert "Skapa idéskiss ändå" in page


def test_a_round_with_words_of_its_own_is_answered_in_them(here: City, client: Client) -> None:
    here.round.criteria.create(code="K4", text="Tillför något", guidance="Det nya ska synas.", gate=False)

    page = ask(client, kompletterar="nej")

    assert "K4 Tillför något" in page
    assert "Idén kan passa, men något behöver redas ut" in page


def test_what_is_not_answered_is_asked_for(here: City, client: Client) -> None:
    answer = client.get(reverse("self_check"), {"svar": "1", "forebygger": "ja"})

    assert answer.status_code == 422
    assert "Svara på frågan" in answer.content.decode()


def test_answers_follow_into_the_idea_and_nothing_is_stored_before(here: City, client: Client) -> None:
    page = ask(client, besparing="nej")
    assert Draft.objects.count() == 0
    token = parse_qs(urlsplit(re.findall(r'href="([^"]*svar=[^"]*)"', page)[0]).query)["svar"][0]
    start = client.get(reverse("create_idea"), {"svar": token}).content.decode()
    assert 'name="_svar"' in start

    sent = {
        "title": "Nattvandrande mentorer",
        "owner": here.owner.pk,
        "round": here.round.pk,
        "scope": "several",
        "_svar": token,
        "_key": "3f0b8e5e-8d8a-4f0e-9d3b-0d6f6e1f7a11",
    }
    for _time in range(2):
        client.post(reverse("create_idea"), sent)
    filled = IDEA.filled(Case.objects.get(title="Nattvandrande mentorer"))

    assert filled.typed("grund")["scope"] == "several"
    assert filled.typed("insats") == {"knowledge": "beprovad"}
    assert filled.typed("sammanhang") == {"obstacles": ["ettar", "flera"]}
    assert filled.typed("kostnad") == {"no_saving": True}


def test_answers_that_someone_else_has_written_are_not_taken() -> None:
    assert self_check.unsign("eyJrdW5za2FwIjoibnkifQ:1abc:falsk") == {}


@pytest.mark.parametrize(("name", "sheet"), [("ideskiss", IDEA), ("ansokan", APPLICATION)])
def test_every_question_of_every_part_stands_on_the_page(client: Client, name: str, sheet) -> None:
    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))

    page = client.get(reverse("questions", kwargs={"sheet": name})).content.decode()

    for part in sheet.parts:
        assert str(part.title) in page
        for field in part.base_fields.values():
            assert str(field.label) in page
            assert str(field.help_text).split("&")[0] in page


def test_there_are_no_questions_of_what_is_not_a_form(client: Client) -> None:
    client.force_login(factories.user())

    assert client.get(reverse("questions", kwargs={"sheet": "annat"})).status_code == 404
