"""What is done outside every case and fund, recorded in the house's own chain by `flow.record_house`."""

from __future__ import annotations

from django_stubs_ext import StrOrPromise

LABELS: dict[str, StrOrPromise] = {}
"""What each kind of event is called in the house's history. A phase adds its own when its app is ready."""
