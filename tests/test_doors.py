"""Every page but a few asks who one is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

pytestmark = pytest.mark.django_db

FREE = {
    "login",
    "password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
    "extend_session",
    "accessibility",
    "privacy",
    "licences",
    "mailbox",
    "healthz",
    "readyz",
    "remiss_outside",
    "remiss_outside_again",
    "remiss_outside_answer",
    "remiss_outside_file",
    "remiss_outside_leave",
    "remiss_outside_more_time",
    "remiss_outside_paper",
}
"""What may be opened by whoever comes: signing in, words about the site, and the machine's own questions.

A body outside the city is let in by its link. The mailbox exists in the demo only; how long a session
lasts may be asked when it has ended.
"""


def named(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    """(name, address) of every page, with something plausible where the address has a variable."""
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from named(each.url_patterns, route)
        elif each.name:
            filled = re.sub(r"<int:\w+>", "1", route)
            filled = re.sub(r"<(str:|slug:)?kind>", "csv", filled)
            yield each.name, "/" + re.sub(r"<[^>]+>", "SIF-1999-999", filled)


PAGES = sorted(named(get_resolver().url_patterns))


@pytest.mark.parametrize(("name", "address"), PAGES, ids=[name for name, _address in PAGES])
def test_every_page_but_a_few_asks_who_one_is(name: str, address: str, client: Client) -> None:
    for method in ("get", "post"):
        answer = getattr(client, method)(address)
        to_login = answer.status_code == 302 and answer["Location"].startswith(reverse("login") + "?next=")
        assert to_login == (name not in FREE), f"{method} {address}: {answer.status_code}"


def test_the_free_pages_exist() -> None:
    assert {name for name, _address in PAGES} >= FREE
