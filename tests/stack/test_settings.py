"""Settings come from the environment, and production's are ones Django finds nothing to say about."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from fundportal.environment import env, flag, mail, words
from tests.checks import deployable

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "host", "port", "ssl", "tls"),
    [
        ("smtp://mail", "mail", 25, False, False),
        ("smtp://mail?tls=1", "mail", 587, False, True),
        ("smtp://mail:2525?tls=0", "mail", 2525, False, False),
        ("smtps://mail", "mail", 465, True, False),
    ],
)
def test_the_address_of_a_mail_server(url: str, host: str, port: int, ssl: bool, tls: bool) -> None:
    found = mail(url)

    assert (found["EMAIL_BACKEND"], found["EMAIL_HOST"], found["EMAIL_PORT"]) == (SMTP, host, port)
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (ssl, tls)


def test_user_and_password_are_unquoted() -> None:
    found = mail("smtp://anna%40stad:p%2Fa%3Ass@mail:587?tls=1")

    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("anna@stad", "p/a:ss")


def test_without_a_mail_server_letters_go_to_the_mailbox() -> None:
    assert mail("") == {"EMAIL_BACKEND": "fundportal.mailbox.MailboxBackend"}


def test_another_scheme_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="smtp://"):
        mail("http://mail")


def test_a_missing_setting_says_where_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FINNS_INTE", raising=False)

    with pytest.raises(ImproperlyConfigured, match=r"FINNS_INTE saknas.*\.env\.example"):
        env("FINNS_INTE")


@pytest.mark.parametrize(("said", "means"), [("1", True), ("ja", True), ("0", False), ("", False), ("False", False)])
def test_a_yes_or_no(monkeypatch: pytest.MonkeyPatch, said: str, means: bool) -> None:
    monkeypatch.setenv("PROV", said)

    assert flag("PROV") is means


def test_a_list_of_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROV", " a, b,,c ")

    assert words("PROV") == ["a", "b", "c"]


def test_production_has_nothing_to_remark() -> None:
    assert deployable() == []


def test_the_policy_is_strict(settings: Any) -> None:
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def test_the_longest_socket_path_is_avoided(tmp_path: Any) -> None:
    from fundportal.stack.services import LONGEST_SOCKET, sockets  # noqa: PLC0415 -- slow import

    long = tmp_path / ("å" * 40) / ("ö" * 40)
    long.mkdir(parents=True)

    assert len(str(sockets(long)).encode()) < LONGEST_SOCKET
