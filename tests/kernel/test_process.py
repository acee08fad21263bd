"""The table is whole, and what is printed from it is fresh."""

import inspect
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.module_loading import import_string

from fundportal import checks, history, particulars, printed
from fundportal.process import ACTIONS, BEGINS, ENDS, EVERYWHERE, ON_CASE, ON_NAMND, OPEN, STEPS, Action, Role, Step

ROWS = [pytest.param(row, id=name) for name, row in ACTIONS.items()]
OUT_OF_AN_END = {"reopen", "archive", "report_to_board", "write_lesson"}
OUT_OF_AN_END |= {"write_note", "write_message", "strike_note", "grant_access", "deny_access", "end_access"}


def reached_from(start: Step) -> set[Step]:
    found, new = {start}, [start]
    while new:
        here = new.pop()
        ways = {to for row in ACTIONS.values() if here in row.at for to in row.to}
        new += ways - found
        found |= ways
    return found


def test_every_step_is_reached_from_the_idea() -> None:
    assert reached_from(ACTIONS[BEGINS].to[0]) == set(Step)


@pytest.mark.parametrize("step", OPEN)
def test_every_open_step_leads_to_an_end(step: Step) -> None:
    assert reached_from(step) & set(ENDS)


def test_no_act_leaves_an_end_but_reopening() -> None:
    assert {row.name for row in ACTIONS.values() if set(row.at) & set(ENDS)} == OUT_OF_AN_END
    assert {row.name for row in ACTIONS.values() if set(row.at) & set(ENDS) and row.to} == {"reopen"}


@pytest.mark.parametrize("step", OPEN)
def test_the_owner_of_a_step_has_something_to_do_there(step: Step) -> None:
    owner = STEPS[step].owner

    assert any(
        owner in row.by for row in ACTIONS.values() if step in row.at and row.name not in ("assign", "declare_jav")
    )


def test_every_step_has_a_stage_or_is_an_end() -> None:
    assert {step for step, stand in STEPS.items() if stand.stage is None} == set(ENDS)
    assert list(STEPS) == list(Step)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_whole(row: Action) -> None:
    assert str(row.label)
    assert row.by
    assert set(row.not_by) <= set(ACTIONS)
    assert Role.AUDITOR not in set(row.by) - {Role.AUDITOR} or row.name == "declare_jav"
    assert Role.ADMINISTRATOR not in row.by


def test_every_role_is_held_somewhere() -> None:
    assert set(ON_NAMND) | set(ON_CASE) | set(EVERYWHERE) == set(Role)


def test_every_row_has_a_body_a_page_and_its_needs() -> None:
    assert checks.the_table_holds() == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (Action("assign", "x", (), (), (Role.OFFICER,), needs=("fundportal.needs.is_nowhere",)), "fundportal.E001"),
        (Action("does_nothing", "x", (), (), (Role.OFFICER,)), "fundportal.E002"),
    ],
)
def test_a_row_that_leads_nowhere_is_told_at_the_start(
    monkeypatch: pytest.MonkeyPatch, row: Action, fault: str
) -> None:
    monkeypatch.setitem(ACTIONS, row.name, row)

    assert fault in [message.id for message in checks.the_table_holds()]


@pytest.mark.parametrize("row", ROWS)
def test_every_act_is_told_in_the_past_tense(row: Action) -> None:
    assert row.name in history.DONE


@pytest.mark.parametrize("row", ROWS)
def test_every_particular_of_an_act_has_a_swedish_name(row: Action) -> None:
    act = import_string(f"{checks.bodies(row.name)[0]}.{row.name}")
    given = list(inspect.signature(getattr(act, "body", act)).parameters)[1:]

    assert [name for name in given if name not in particulars.LABELS | dict.fromkeys(particulars.HIDDEN)] == []


@pytest.mark.parametrize("name", ["process.md", "rights.md"])
def test_printed_documents_are_fresh(name: str) -> None:
    here = Path(__file__).resolve().parents[2] / "fundportal" / "docs" / name

    assert here.read_text(encoding="utf-8") == printed.documents()[name], "Kör: manage.py docs"


def test_the_command_tells_whether_documents_are_fresh() -> None:
    call_command("docs", "--check")


def test_rights_tell_who_may_do_what() -> None:
    table = printed.rights().split("## ")
    idea = next(part for part in table if part.startswith("Beslut om idén"))

    assert "| Bifall idén |   |   |   |   |   | ● |   |   |   |   |" in idea
