"""The history is told in words, and a change made behind our backs is found."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from fundportal import actions, chain, flow, history
from fundportal.models import Case, Event
from fundportal.process import ACTIONS, Role, Step
from fundportal.stack.throwaway import Throwaway
from tests import factories

AT = datetime(2027, 3, 2, 13, 12, tzinfo=UTC)


@transaction.atomic
def act(case: Case, name: str, **data: object) -> Event:
    event = Event(case=case, action=name, by_name="Sofia Karlsson", role="officer", at=AT, from_step=case.step)
    return flow.record(event, data=flow.plain(data), to_step=case.step, tell=False)


@pytest.mark.django_db
def test_an_untouched_history_holds() -> None:
    case = factories.case(Step.PREPARATION)
    factories.grant(case, 1_000)

    assert chain.verify(case) == []
    assert chain.verify(case.fund) == []


@pytest.mark.django_db
def test_few_people_are_not_counted_out_in_the_history() -> None:
    event = act(factories.case(Step.IMPLEMENTATION), "report", period="T1", women=2, men=31, children=1)

    facts = history.line(event, full=True).facts

    assert [value for _label, value in facts] == ["Tertial 1 (till 30 april)"]


TAMPERING = {
    "a changed particular": ("update fundportal_event set data = '{{\"x\": 1}}' where case_id = {case} and no = 2", 2),
    "another person": ("update fundportal_event set by_name = 'Någon Annan' where case_id = {case} and no = 2", 2),
    "another moment": ("update fundportal_event set at = at + interval '1 hour' where case_id = {case} and no = 2", 2),
    "a changed text": ("update fundportal_event set body = body || ' ' where case_id = {case} and no = 2", 2),
    "a removed event": ("delete from fundportal_event where case_id = {case} and no = 2", 3),
    "a removed end": ("delete from fundportal_event where case_id = {case} and no = 3", 2),
    "a text hashed anew": (
        "update fundportal_event set body = replace(body, 'Fabriken', 'X'), by_name = 'X', "
        "hash = encode(sha256(convert_to(replace(body, 'Fabriken', 'X'), 'UTF8')), 'hex') "
        "where case_id = {case} and no = 2",
        3,
    ),
}


@pytest.mark.parametrize("sql", TAMPERING.values(), ids=TAMPERING.keys())
def test_tampering_by_the_databases_owner_is_found(fresh_db: str, services: Throwaway, sql: tuple[str, int]) -> None:
    case = factories.case(Step.PREPARATION)
    act(case, "register", dnr="KS 2027/1")
    statement, no = sql
    off = "alter table fundportal_event disable trigger all;"

    services.postgres.run(off + statement.format(case=case.pk), database=fresh_db)

    assert no in [fault.no for fault in chain.verify(case)]


@pytest.mark.django_db
def test_a_line_tells_what_was_done_by_whom_and_the_reason() -> None:
    case = factories.case(Step.PREPARATION)
    event = act(case, "pay", amount=Decimal(1_200_000), reason="Första kvartalet", year=2027)

    line = history.line(event)

    assert (line.title, line.who) == ("Medel betalades ut", "Sofia Karlsson, handläggare")
    assert line.note == "1\u00a0200\u00a0000\u00a0kr, år 2027"
    assert line.quote == "Första kvartalet"


@pytest.mark.django_db
def test_particulars_name_people_boards_days_and_rows() -> None:
    case, board, officer = (
        factories.case(Step.PREPARATION),
        factories.namnd("Socialnämnden"),
        factories.user(Role.OFFICER),
    )
    event = act(
        case,
        "send_remiss",
        officer=officer,
        last_day=AT.date(),
        weeded=True,
        rows=[{"namnd": board, "amount": Decimal(5)}],
    )

    facts = dict(history.line(event, history.names([event]), full=True).facts)

    assert facts["Handläggare"] == officer.get_full_name()
    assert facts["Sista dag"] == "2\u00a0mars\u00a02027"
    assert facts["Akten är rensad"] == "Ja"
    assert facts["Rader, rad 1"] == "Nämnd: Socialnämnden; Belopp: 5\u00a0kr"


@pytest.mark.parametrize("name", [*ACTIONS, "gammal_atgard", "reserve"])
def test_every_act_can_be_told_whatever_it_was_given(name: str) -> None:
    odd: dict[str, object] = {
        "a": None,
        "b": [],
        "c": {"d": [{"e": 1.5}]},
        "officer": 99,
        "amount": "inte ett tal",
        "namnd": "x",
        "ä": "1",
    }
    event = Event(action=name, by_name="X", role="borttagen", at=AT, data=odd, no=1, from_step="?", to_step="!")

    line = history.line(event, full=True)

    assert line.title
    assert ("Handläggare", "person 99") in line.facts


@pytest.mark.django_db
def test_the_page_pages_through_all_events_both_ways(client: Client) -> None:
    case = factories.case(Step.PREPARATION)
    for number in range(40):
        act(case, "register", dnr=f"KS {number}")
    client.force_login(factories.user(Role.AUDITOR))
    address = reverse("history", kwargs={"number": case.number})

    first = client.get(address).content.decode()
    rest = client.get(address, {"fran": 13}).content.decode()
    oldest = client.get(address, {"ordning": "aldst"}).content.decode()

    assert "Kedjan stämmer: 42 händelser" in first
    assert 'id="h42"' in first
    assert 'id="h12"' not in first
    assert 'id="h12"' in rest
    assert oldest.index('id="h1"') < oldest.index('id="h2"')


@pytest.mark.django_db
def test_a_declared_jav_is_told_in_the_history(client: Client) -> None:
    case, one, other = factories.case(Step.PREPARATION), factories.user(Role.OFFICER), factories.user(Role.OFFICER)
    actions.declare_jav(case, one, AT, reason="Släkting arbetar i projektet")
    client.force_login(other)

    page = client.get(reverse("history", kwargs={"number": case.number})).content.decode()

    assert "Jäv anmäldes" in page
    assert client.get(case.get_absolute_url()).status_code == 200


def test_every_step_has_its_part_of_the_case_page() -> None:
    here = Path(__file__).resolve().parents[2] / "templates" / "steps"

    assert {path.stem for path in here.glob("*.html") if not path.name.startswith("_")} >= set(Step.values)
