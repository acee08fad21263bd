"""Celery's door: each task fetches, then makes one call."""

from celery import shared_task


def nudge(event_id: int) -> None:
    """Ask for an event's letters and papers now; if nobody hears, the sweeps find them."""
    tell.delay(event_id)


@shared_task
def tell(event_id: int) -> None:
    """Tell those concerned of one event."""
