"""The search of `make check` for what the content security policy would stop finds it, and nothing else."""

import pytest

from tests.checks import FORBIDDEN


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
