"""Someone waits for a preview: it goes before letters and papers, and every worker serves it."""

from __future__ import annotations

from django.conf import settings
from kombu.utils.scheduling import cycle_by_name

from fundportal import tasks
from fundportal.celery import app


def queue_of(task: str) -> str:
    """Where a task is sent."""
    return str(app.amqp.router.route({}, task)["queue"].name)


def test_a_preview_has_a_queue_of_its_own() -> None:
    assert queue_of(tasks.print_preview.name) == "at_once"
    assert {queue_of(task.name) for task in (tasks.tell, tasks.print_document, tasks.run_bulk)} == {"celery"}


def test_a_worker_that_names_no_queue_serves_both_and_the_previews_first() -> None:
    turns = cycle_by_name(settings.CELERY_BROKER_TRANSPORT_OPTIONS["queue_order_strategy"])()
    turns.update(["celery", "at_once"])
    taken = [turns.rotate(turns.consume(2)[0]) or turns.consume(2)[0] for _task in range(3)]

    assert set(app.amqp.queues.consume_from) == {"at_once", "celery"}
    assert taken == ["at_once"] * 3
