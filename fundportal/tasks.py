"""Celery's door: each task fetches, then makes one call.

The database is the queue: what is untold, unsent and unprinted stands there, and the sweeps find it whatever Redis or a
worker has lost. A nudge only makes it quicker.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from fundportal import documents, notices, printing, reminders

log = logging.getLogger(__name__)


def nudge(event_id: int) -> None:
    """Ask for an event's letters and papers now; if nobody hears, the sweeps find them."""
    try:
        tell.delay(event_id)
        for pk in documents.unprinted(event_id=event_id):
            print_document.delay(pk)
    except (OperationalError, RedisError) as error:
        log.warning("Kön svarar inte; händelse %s tas av nästa genomgång: %s", event_id, error)


@worker_process_init.connect
def warm(**_sent: Any) -> None:
    """Make a new worker process ready to print."""
    printing.warm()


@shared_task
def tell(event_id: int) -> None:
    """Tell those concerned of one event."""
    notices.tell(event_id)
    notices.send()


@shared_task
def tell_untold() -> None:
    """Tell of all that was missed, and send the letters that were not sent."""
    for event_id in notices.untold():
        try:
            notices.tell(event_id)
        except Exception:
            log.exception("Händelse %s kunde inte berättas; de andra berättas ändå", event_id)
    notices.send()


@shared_task
def print_document(pk: int) -> None:
    """Print one paper."""
    documents.print_one(pk)


@shared_task
def print_unprinted() -> None:
    """Ask for every paper that was missed, each as a task of its own so that one that fails stops no other."""
    if printing.available():
        for pk in documents.unprinted():
            print_document.apply_async([pk], expires=50)


@shared_task
def remind() -> None:
    """Remind of what is due. Harmless however often it runs."""
    reminders.remind()
    notices.send()
