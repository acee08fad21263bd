"""The phase's door for Celery: what is confirmed and not yet done stands in the database, and a sweep does it."""

from __future__ import annotations

from celery import shared_task

from applications.actions import payments


@shared_task
def book_vouchers() -> None:
    """Book what is left of every list of vouchers that a person has confirmed."""
    for pk in payments.unfinished():
        payments.run_import(pk)
