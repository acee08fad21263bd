"""The two doors for machines answer strangers, truthfully."""

import pytest
from django.test import Client

from fundportal.views import health


def test_a_living_process_answers_without_a_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_when_all_that_a_request_needs_is_there(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (
        200,
        {"databas": True, "migrerad": True, "redis": True, "utskrift": True},
    )


@pytest.mark.django_db
def test_readyz_tells_that_papers_wait_but_the_site_serves(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.REMARKS, "utskrift", lambda: False)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["utskrift"]) == (200, False)


@pytest.mark.django_db
@pytest.mark.parametrize("broken", list(health.CHECKS))
def test_not_ready_names_what_is_missing(client: Client, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def fails() -> bool:
        raise OSError("borta")

    monkeypatch.setitem(health.CHECKS, broken, fails)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert [name for name, fine in response.json().items() if not fine] == [broken]


@pytest.mark.django_db
def test_nothing_else_than_looking_is_answered(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
