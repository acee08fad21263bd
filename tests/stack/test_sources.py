"""What `make check` holds about files: their length, and that templates keep to the content security policy."""

import pytest

from tests.checks import FORBIDDEN, forbidden_in_templates, too_long


def test_no_file_is_too_long() -> None:
    assert too_long() == []


def test_templates_have_nothing_inline() -> None:
    assert forbidden_in_templates() == []


@pytest.mark.parametrize(
    "line",
    ['<p style="color: red">', "<style>", "<script>", '<a onclick="x()">', '<a href="javascript:x()">', "{# TODO #}"],
)
def test_the_search_finds_what_it_should(line: str) -> None:
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(line)]


@pytest.mark.parametrize(
    "line", ['<script src="/static/fp/fp.js" defer></script>', '<p class="fp-style">', "<svg stroke='x'>"]
)
def test_and_nothing_else(line: str) -> None:
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(line)] == []
