"""Walls that no linter sees."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from fundportal.process import ACTIONS, Step
from tests import checks
from tests.kernel.test_notices import OF_NO_ACT

ROOT = Path(__file__).parent.parent
PHASES = ("applications", "reviews", "repayment")
OURS = ("fundportal", *PHASES)
PROSE = {"sign", "action"}


def sources(*folders: str) -> Iterator[tuple[str, str]]:
    """(path, text) of our Python files; migrations and tests are not of this."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text()


def found(pattern: str, *folders: str, but: tuple[str, ...] = ()) -> list[str]:
    """Where a pattern stands, in files other than `but`."""
    return [
        f"{path}: {line.strip()}"
        for path, text in sources(*folders)
        if not path.startswith(but)
        for line in text.splitlines()
        if re.search(pattern, line)
    ]


def test_only_flow_moves_a_case() -> None:
    others = ("fundportal/charts.py", "fundportal/bench/")  # a chart's axis has a step; measurements seed by SQL
    movers = ("fundportal/flow.py", "fundportal/models/case.py", *others)

    assert found(r"\.enter\(|\.step\s*=[^=]", *OURS, but=movers) == []


def test_only_flow_writes_events() -> None:
    writers = found(
        r"\bEvent\(\w+=.*\.save|Event\.objects\.(create|bulk_create)|\brecord\(", *OURS, but=("fundportal/flow.py",)
    )

    assert writers == []


def test_only_the_ledger_writes_entries() -> None:
    assert found(r"Entry\.objects\.(create|bulk_create)|\bEntry\(", *OURS, but=("fundportal/ledger.py",)) == [
        "fundportal/models/ledger.py: class Entry(models.Model):"
    ]


def test_views_fetch_cases_through_what_the_person_may_see() -> None:
    views = {path for path, _text in sources(*OURS) if "/views" in path or "/queue/" in path}

    assert [
        line
        for line in found(r"Case\.objects\.(?!visible_to|seen_in_parts|select_related)", *OURS)
        if line.split(":")[0] in views and "visible_to" not in line and "pk=case.pk" not in line
    ] == []


def test_no_phase_reads_another_through_the_case() -> None:
    names = {
        phase: {
            relation.get_accessor_name()
            for model in apps.get_app_config("fundportal").get_models()
            for relation in model._meta.related_objects
            if relation.related_model._meta.app_label == phase and relation.get_accessor_name()
        }
        for phase in PHASES
    }

    for phase in PHASES:
        others = {name for other in PHASES if other != phase for name in names[other]} - names[phase]
        assert found(rf"\bcase\.({'|'.join(map(str, others)) or '-'})\b", phase) == []


@pytest.mark.parametrize("step", Step)
def test_every_step_has_its_part_of_the_case_page(step: Step) -> None:
    assert (ROOT / "templates/steps" / f"{step}.html").is_file()


@pytest.mark.parametrize(("folder", "besides"), [("mail", OF_NO_ACT), ("actions", {"action", "sign"})])
def test_templates_of_acts_bear_their_names(folder: str, besides: set[str]) -> None:
    names = {path.stem for path in (ROOT / "templates" / folder).iterdir() if not path.name.startswith("_")}

    assert names - besides <= set(ACTIONS)


def test_templates_have_no_inline_script_or_style() -> None:
    assert checks.forbidden_in_templates() == []


def test_nothing_is_left_half_done() -> None:
    assert found(r"raise NotImplementedError|\bTODO\b|\bFIXME\b|pragma: no cover", *OURS) == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert checks.too_long() == []
