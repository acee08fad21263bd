"""Logging in and out, passwords and settings."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from fundportal.models import User
from fundportal.process import Role
from fundportal.views import accounts
from tests import factories

pytestmark = pytest.mark.usefixtures("db", "empty_cache")


@pytest.fixture
def person() -> User:
    return factories.user(email="maria@example.org", first_name="Maria", last_name="Lindqvist")


def log_in(client: Client, email: str = "maria@example.org", password: str = factories.PASSWORD, **more: str) -> int:
    return client.post(reverse("login"), {"username": email, "password": password, **more}).status_code


def test_the_right_password_leads_to_the_start_page(client: Client, person: User) -> None:
    response = client.post(reverse("login"), {"username": "Maria@Example.org", "password": factories.PASSWORD})

    assert (response.status_code, response.headers["Location"]) == (302, reverse("start"))
    assert get_user(client).pk == person.pk


def test_people_log_in_and_work_though_redis_is_gone(client: Client, person: User, settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///tmp/no-such-redis.sock"}}

    assert log_in(client) == 302
    assert client.get(reverse("start")).status_code == 200


def test_login_leads_on_to_the_page_that_was_asked_for_but_never_away(client: Client, person: User) -> None:
    there = client.post(
        reverse("login"), {"username": person.email, "password": factories.PASSWORD, "next": reverse("settings")}
    )
    client.logout()
    away = client.post(
        reverse("login"), {"username": person.email, "password": factories.PASSWORD, "next": "https://evil.example"}
    )

    assert there.headers["Location"] == reverse("settings")
    assert away.headers["Location"] == reverse("start")


def test_a_wrong_password_is_told_in_words_that_do_not_say_which_was_wrong(client: Client, person: User) -> None:
    wrong = client.post(reverse("login"), {"username": person.email, "password": "fel"})
    unknown = client.post(reverse("login"), {"username": "ingen@example.org", "password": "fel"})

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    for response in (wrong, unknown):
        assert "E-postadressen eller lösenordet stämmer inte." in response.content.decode()
        assert "<title>Fel: Logga in – Fondportalen</title>" in response.content.decode()


def test_after_five_tries_even_the_right_password_is_refused_and_it_is_said_until_when(
    client: Client, person: User
) -> None:
    for _try in range(accounts.PER_ACCOUNT):
        assert log_in(client, password="fel") == 422

    response = client.post(reverse("login"), {"username": person.email, "password": factories.PASSWORD})

    assert response.status_code == 429
    told = re.search(r"Försök igen kl\.\s(\d\d\.\d\d)", response.content.decode())
    latest = timezone.localtime() + timedelta(seconds=accounts.WINDOW + 60)
    assert told
    assert timezone.localtime() < latest
    assert get_user(client).is_anonymous


def test_the_limit_ends_with_its_window_and_is_per_account(client: Client, person: User) -> None:
    other = factories.user(email="annan@example.org")
    for _try in range(accounts.PER_ACCOUNT + 1):
        log_in(client, password="fel")

    assert log_in(client, other.email) == 302
    client.logout()
    cache.clear()  # the window is over
    assert log_in(client) == 302


def test_one_address_may_not_try_every_account(client: Client, person: User) -> None:
    for number in range(accounts.PER_ADDRESS):
        log_in(client, f"gissning{number}@example.org", "fel")

    assert log_in(client) == 429


def test_good_logins_do_not_count_against_the_address(client: Client, person: User) -> None:
    for _time in range(3):
        assert log_in(client) == 302
        client.logout()

    assert cache.get("tries:address:127.0.0.1") == 0
    assert cache.get("tries:account:maria@example.org") is None


def test_behind_a_proxy_the_address_is_what_the_proxy_saw(client: Client, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    client.post(reverse("login"), {"username": "x", "password": "y"}, headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"})

    assert cache.get("tries:address:2.2.2.2") == 1


def test_an_inactive_person_does_not_come_in(client: Client) -> None:
    factories.user(email="borta@example.org", is_active=False)

    assert log_in(client, "borta@example.org") == 422


def test_logout_is_by_post_only(client: Client, person: User) -> None:
    client.force_login(person)

    assert client.get(reverse("logout")).status_code == 405
    response = client.post(reverse("logout"), follow=True)

    assert "Du är utloggad." in response.content.decode()
    assert get_user(client).is_anonymous


def test_demo_people_are_listed_in_demo_only(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [
        {"role": "officer", "namnd": None, "email": "o@example.org", "password": "demo", "name": "Maria Lindqvist"}
    ]
    monkeypatch.setattr(accounts, "import_string", lambda _path: lambda: people)

    assert "Maria Lindqvist" not in client.get(reverse("login")).content.decode()
    settings.DEMO = True
    page = client.get(reverse("login")).content.decode()

    assert "Demonstration: välj vem du vill vara" in page
    assert '<input type="hidden" name="username" value="o@example.org">' in page
    assert "Handläggare" in page


def test_password_change_asks_for_the_old_one(client: Client, person: User) -> None:
    client.force_login(person)
    new = "korrekt-häst-batteri-26"
    wrong = {"old_password": "fel", "new_password1": new, "new_password2": new}

    assert client.post(reverse("password_change"), wrong).status_code == 422
    assert client.post(reverse("password_change"), wrong | {"old_password": factories.PASSWORD}).status_code == 302
    person.refresh_from_db()
    assert person.check_password(new)


def test_a_forgotten_password_is_replaced_by_a_link_in_a_letter(client: Client, person: User) -> None:
    sent = client.post(reverse("password_reset"), {"email": person.email})
    (letter,) = mail.outbox
    link = re.search(r"http://testserver(/\S+)", str(letter.body))
    assert link
    page = client.get(link[1], follow=True)
    new = "korrekt-häst-batteri-26"
    done = client.post(page.request["PATH_INFO"], {"new_password1": new, "new_password2": new})

    assert sent.headers["Location"] == reverse("password_reset_done")
    assert letter.subject == "Nytt lösenord till Fondportalen"
    assert done.headers["Location"] == reverse("password_reset_complete")
    assert log_in(client, password=new) == 302
    assert "Länken gäller inte" in client.get(link[1], follow=True).content.decode()


def test_an_unknown_address_is_answered_the_same_and_letters_are_few(client: Client, person: User) -> None:
    unknown = client.post(reverse("password_reset"), {"email": "ingen@example.org"})
    for _time in range(accounts.RESETS_PER_ACCOUNT + 2):
        client.post(reverse("password_reset"), {"email": person.email})

    assert unknown.headers["Location"] == reverse("password_reset_done")
    assert len(mail.outbox) == accounts.RESETS_PER_ACCOUNT


def test_settings_change_how_the_pages_look(client: Client, person: User) -> None:
    client.force_login(person)

    response = client.post(reverse("settings"), {"scheme": "dark"}, follow=True)

    person.refresh_from_db()
    assert (person.scheme, person.letters) == ("dark", False)
    assert '<html lang="sv" data-color-scheme="dark"' in response.content.decode()
    assert "Inställningarna är sparade." in response.content.decode()


def test_settings_list_the_roles(client: Client) -> None:
    client.force_login(factories.user(Role.AUDITOR))

    assert "<dd>Revisor</dd>" in client.get(reverse("settings")).content.decode()


def test_asking_how_long_is_left_does_not_extend_the_session_but_a_post_does(client: Client, person: User) -> None:
    client.force_login(person)
    session = client.session
    session["touched"] = timezone.now().timestamp() - 1000
    session.save()

    asked = client.get(reverse("extend_session")).json()["left"]
    extended = client.post(reverse("extend_session")).json()["left"]

    assert asked == pytest.approx(8 * 3600 - 1000, abs=5)
    assert extended == pytest.approx(8 * 3600, abs=5)


def test_a_stranger_has_no_session_left(client: Client) -> None:
    response = client.get(reverse("extend_session"))

    assert response.status_code == 401
    assert (response.json()["left"], response.json()["user"]) == (0, None)
