"""Celery's door: each task fetches, then makes one call.

The database is the queue: what is untold, unsent and unprinted stands there, and the sweeps find it whatever Redis or a
worker has lost. A nudge only makes it quicker.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from fundportal import declarations, documents, keeping, notices, previews, printing, proof, reminders, viruses

log = logging.getLogger(__name__)


def nudge(event_id: int) -> None:
    """Ask for an event's letters and papers now; if nobody hears, the sweeps find them."""
    try:
        tell.delay(event_id)
        for pk in documents.unprinted(event_id=event_id):
            print_document.delay(pk)
    except (OperationalError, RedisError) as error:
        log.warning("Kön svarar inte; händelse %s tas av nästa genomgång: %s", event_id, error)


def ask_paper(pk: int) -> None:
    """Ask for a paper that someone wants to have now, before everything else; if nobody hears, the sweep finds it."""
    try:
        print_document.apply_async([pk], queue="at_once")
    except (OperationalError, RedisError) as error:
        log.warning("Kön svarar inte; handling %s tas av nästa genomgång: %s", pk, error)


def ask_preview(name: str) -> None:
    """Ask for a preview to be printed. Nobody else will: if nobody hears, the page says so."""
    try:
        print_preview.delay(name)
    except (OperationalError, RedisError) as error:
        log.warning("Kön svarar inte; förhandsgranskning %s skrivs inte ut: %s", name, error)


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
def print_preview(name: str) -> None:
    """Print a draft as the paper it will become."""
    previews.print_one(name)


@shared_task
def print_unprinted() -> None:
    """Ask for every paper that was missed, each as a task of its own so that one that fails stops no other."""
    if printing.available():
        for pk in documents.unprinted():
            print_document.apply_async([pk], expires=50)


def check_soon(pk: int) -> None:
    """Ask for the virus check of a file now; if nobody hears, the sweep finds it."""
    try:
        check_file.delay(pk)
    except (OperationalError, RedisError) as error:
        log.warning("Kön svarar inte; fil %s tas av nästa genomgång: %s", pk, error)


@shared_task
def check_file(pk: int) -> None:
    """Have one file checked for viruses."""
    documents.check_one(pk)


@shared_task
def check_unchecked() -> None:
    """Ask for every check that was missed or could not be made."""
    for pk in viruses.waiting(timezone.now()):
        check_file.apply_async([pk], expires=50)


@shared_task
def sweep() -> None:
    """Remove what nothing refers to any longer: stored files, and old versions of drafts."""
    documents.sweep_files(timezone.now())
    keeping.forget_old(timezone.now())


@shared_task
def prove_funds() -> None:
    """Recompute every fund's accounts from the decisions; what does not agree is said in the log too."""
    for came in proof.prove_all():
        if not came.holds:
            log.error("Korsprövningen av %s stämmer inte: %d skillnader", came.fund, len(came.differences))


@shared_task
def remind() -> None:
    """Remind of what is due. Harmless however often it runs."""
    try:
        reminders.remind()
    finally:
        declarations.remind()
        notices.send()


def hurry(bulk_id: int) -> None:
    """Ask for an act on many cases now; if nobody hears, the sweep finds it."""
    try:
        run_bulk.delay(bulk_id)
    except (OperationalError, RedisError) as error:
        log.warning("Kön svarar inte; massåtgärd %s tas av nästa genomgång: %s", bulk_id, error)


@shared_task
def run_bulk(bulk_id: int) -> None:
    """Do what is left of one act on many cases."""
    _bulk("run")(bulk_id)


@shared_task
def run_unfinished() -> None:
    """Do what is left of every act on many cases."""
    for bulk_id in _bulk("unfinished")():
        _bulk("run")(bulk_id)


def _bulk(name: str) -> Any:
    """The service of acts on many cases: it does acts, and acts ask for tasks."""
    return import_string(f"fundportal.bulk.{name}")
