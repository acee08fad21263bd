"""What is looked at when the system starts: that every name in the process table leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from fundportal.flow import Performer
from fundportal.process import ACTIONS, BEGINS, Action

HOMES = (
    "fundportal.actions",
    "fundportal.note_acts",
    "fundportal.impartial",
    "applications.actions",
    "reviews.actions",
    "repayment.actions",
)
"""Where the bodies of acts live."""


@register()
def the_table_holds(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every need and bar can be found, every act has one body and one page."""
    return [fault for row in ACTIONS.values() for fault in _faults(row)]


def _faults(row: Action) -> Iterator[CheckMessage]:
    for name in (*row.needs, *row.bars):
        if not callable(_found(name)):
            yield Error(f"{row.name}: {name} finns inte.", id="fundportal.E001")
    homes = bodies(row.name)
    if len(homes) != 1:
        yield Error(f"{row.name} ska ha en kropp, men har {len(homes)}: {homes}.", id="fundportal.E002")
    if not has_page(row.name):
        yield Error(f"{row.name} har ingen sida.", id="fundportal.E003")


def _found(name: str) -> Any:
    try:
        return import_string(name)
    except ImportError:
        return None


def bodies(name: str) -> list[str]:
    """The modules that hold the act's body. The act that begins a case is a plain function."""
    kind: Any = object if name == BEGINS else Performer
    return [home for home in HOMES if isinstance(_found(f"{home}.{name}") or None, kind) and _found(f"{home}.{name}")]


def has_page(name: str) -> bool:
    """Whether the act has an address: under a case, or its own for the act that begins one."""
    try:
        reverse(name, kwargs={} if name == BEGINS else {"number": "SIF-2026-001"})
    except NoReverseMatch:
        return False
    return True
