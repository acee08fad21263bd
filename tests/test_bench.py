"""The measurements measure what they say: on a small scale, without judging the figures."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from fundportal import chain
from fundportal.bench import act, paper, seed, way
from fundportal.bench.goals import Goal, judge, measure
from fundportal.bench.pages import COMMON, NAMES, QUEUE, RARE, SMALLEST, TYPED, cases
from fundportal.bench.run import Bench
from fundportal.models import Case, CaseText, Entry, Event, User
from fundportal.process import Step
from fundportal.stack.services import APP, OWNER
from fundportal.stack.throwaway import Throwaway
from tests.conftest import clone, connected_to

CASES = 40
PAGES = (QUEUE, TYPED, COMMON, RARE, SMALLEST)


@pytest.fixture
def seeded(fresh_db: str, services: Throwaway) -> str:
    """A small measured database; its name."""
    seed.fill(services.postgres.url(OWNER, fresh_db), CASES, timezone.localdate())
    return fresh_db


def times(*seconds: float) -> Iterator[float]:
    """A thing that takes so long each time, the last for ever."""
    yield from seconds
    while True:
        yield seconds[-1]


@pytest.mark.parametrize("step", Step)
def test_the_way_to_a_step_ends_there_and_never_leaps(step: Step) -> None:
    there = way.way(step)

    assert there.acts[-1].to_step == step
    assert there.acts[there.least - 1].to_step == step
    assert [act.to_step for act in there.acts[:-1]] == [act.from_step for act in there.acts[1:]]
    assert sum(way.SHARES.values()) == 100


def test_seeded_cases_hold_all_that_the_database_promises(seeded: str) -> None:
    found = list(Case.objects.all())

    assert len(found) == CASES
    assert [fault for case in found for fault in chain.verify(case)] == []
    assert Event.objects.filter(case=None).count() == Entry.objects.filter(case=None).count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct tgenabled from pg_trigger where tgname = any(%s)", [[t for _, t in seed.TRIGGERS]]
        )
        assert cursor.fetchall() == [("A",)]


def test_a_case_is_the_same_however_many_there_are(seeded: str, services: Throwaway, template: str) -> None:
    def first() -> list[tuple[object, ...]]:
        events = Event.objects.filter(case__lte=10).order_by("case", "no")
        return [
            *Case.objects.filter(pk__lte=10)
            .order_by("pk")
            .values_list("title", "owner", "step", "due_on", "requested"),
            *events.values_list("case", "action", "at", "hash"),
        ]

    among_many = first()
    with clone(services, template) as other:
        seed.fill(services.postgres.url(OWNER, other), 10, timezone.localdate())
        with connected_to(other):
            assert first() == among_many


@pytest.mark.parametrize("email", [seed.BOARD_USER, seed.SLK_USER])
def test_measured_pages_are_open_to_those_who_measure(seeded: str, services: Throwaway, email: str) -> None:
    client = Client()
    client.force_login(User.objects.get(email=email))
    found = cases(services.postgres.url(APP, seeded), CASES)

    assert found
    assert {path: client.get(path).status_code for path in (*PAGES, *found)} == dict.fromkeys((*PAGES, *found), 200)


def test_the_measured_act_is_chained_and_the_plain_row_is_not(seeded: str, services: Throwaway) -> None:
    before = Event.objects.count()

    with act.goal(services.postgres.url(OWNER, seeded), services.postgres.url(APP, seeded), APP, 3) as goal:
        result = measure(goal)

    assert result.thing > 0
    assert Event.objects.count() > before
    case = Event.objects.latest("id").case
    assert case is not None
    assert case.head.no == case.events.count()


def test_the_measured_paper_is_a_pdf_on_both_sides() -> None:
    goal = paper.goal(1)

    assert goal.thing() > 0
    assert goal.against() > 0


def test_a_missed_goal_is_measured_once_more_and_the_second_run_counts() -> None:
    slow_then_fast = times(*[2.0] * 38, 1.0)
    steady = times(1.0)
    said: list[str] = []

    result = judge(Goal("x", 1.15, lambda: next(slow_then_fast), lambda: next(steady), 30), said.append)

    assert result.met
    assert len(said) == 2
    assert json.loads(result.line()) == {"name": "x", "value": 1.0, "goal": 1.15, "unit": "ratio"}


def test_goals_are_chosen_by_a_part_of_their_name() -> None:
    assert [name for name in NAMES if Bench(only=("queue_vs",)).wants(name)] == [
        "queue_vs_smallest_board",
        "queue_vs_smallest_slk",
    ]


def test_seeded_cases_are_found_by_the_words_that_the_triggers_would_have_written(seeded: str) -> None:
    fields = ("title", "numbers", "namnd", "idea", "application")
    before = {row["pk"]: row for row in CaseText.objects.values("pk", *fields)}

    for case in Case.objects.all():
        case.save(update_fields=["title"])

    assert len(before) == CASES
    assert {row["pk"]: row for row in CaseText.objects.values("pk", *fields)} == before
