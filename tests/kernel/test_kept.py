"""What was typed when the session ended is given back: once, on its page, to the same person."""

import pytest
from django.test import Client
from django.urls import reverse

from fundportal import kept
from fundportal.models import User
from tests import factories

pytestmark = pytest.mark.usefixtures("db", "empty_cache")
FINNS_KVAR = "Det du skrev finns kvar, men är inte skickat."


@pytest.fixture
def person() -> User:
    return factories.user(email="maria@example.org")


def log_in(client: Client, email: str = "maria@example.org") -> None:
    client.post(reverse("login"), {"username": email, "password": factories.PASSWORD})


def end_session(client: Client) -> None:
    """The session ends; the browser's other cookies stay."""
    client.session.flush()
    del client.cookies["session"]


def send(client: Client, **more: str) -> str:
    return client.post(reverse("settings"), {"scheme": "dark", **more}).headers["Location"]


def test_what_was_sent_too_late_is_shown_again_after_login_and_not_saved(client: Client, person: User) -> None:
    log_in(client)
    end_session(client)

    to = send(client)
    page = client.get(to).content.decode()
    log_in(client)
    again = client.get(reverse("settings")).content.decode()

    assert to == f"{reverse('login')}?next={reverse('settings')}"
    assert "det du skrev finns kvar" in page
    assert FINNS_KVAR in again
    assert 'value="dark" id="id_scheme_2" checked' in again
    person.refresh_from_db()
    assert person.scheme == "auto"


def test_it_is_given_back_once(client: Client, person: User) -> None:
    log_in(client)
    end_session(client)
    send(client)
    log_in(client)
    client.get(reverse("settings"))

    assert FINNS_KVAR not in client.get(reverse("settings")).content.decode()


def test_another_person_never_gets_it(client: Client, person: User) -> None:
    factories.user(email="annan@example.org")
    log_in(client)
    end_session(client)
    send(client)

    log_in(client, "annan@example.org")

    assert kept.KEPT not in client.session
    assert FINNS_KVAR not in client.get(reverse("settings")).content.decode()


def test_a_stranger_s_post_is_not_kept(client: Client) -> None:
    send(client)

    assert kept.KEPT not in client.session


def test_passwords_and_tokens_are_never_kept(client: Client, person: User) -> None:
    log_in(client)
    end_session(client)

    send(client, new_password1="hemligt", csrfmiddlewaretoken="x", sign_password="hemligt")

    assert client.session[kept.KEPT]["typed"] == "scheme=dark"


def test_too_much_is_not_kept_but_the_person_is_told_to_log_in(client: Client, person: User) -> None:
    log_in(client)
    end_session(client)

    to = send(client, text="x" * kept.LARGEST)

    assert kept.KEPT not in client.session
    assert "Du har blivit utloggad. Logga in igen." in client.get(to).content.decode()


def test_a_script_is_told_and_keeps_its_text_itself(client: Client, person: User) -> None:
    response = client.post(reverse("settings"), {"scheme": "dark"}, headers={"X-Requested-With": "fetch"})

    assert response.status_code == 401
    assert response.json() == {"message": "Du är utloggad. Logga in och försök igen."}


def test_it_is_kept_for_its_own_page(client: Client, person: User) -> None:
    log_in(client)
    end_session(client)
    send(client)
    log_in(client)

    assert FINNS_KVAR not in client.get(reverse("help")).content.decode()
    assert FINNS_KVAR in client.get(reverse("settings")).content.decode()


@pytest.fixture
def strict(person: User) -> Client:
    """A browser whose forms are checked against forgery, logged in."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def test_a_form_from_before_the_last_login_is_given_back(strict: Client) -> None:
    response = strict.post(reverse("settings"), {"scheme": "dark"}, headers={"Origin": "http://testserver"})

    assert response.headers["Location"] == reverse("settings")
    assert FINNS_KVAR in strict.get(reverse("settings")).content.decode()


@pytest.mark.parametrize("origin", ["https://evil.example", ""])
def test_a_forged_form_is_refused_and_not_kept(strict: Client, origin: str) -> None:
    response = strict.post(reverse("settings"), {"scheme": "dark"}, headers={"Origin": origin} if origin else {})

    assert response.status_code == 403
    assert "Sidan hade blivit för gammal" in response.content.decode()
    assert kept.KEPT not in strict.session


def test_a_script_s_old_form_is_told(strict: Client) -> None:
    response = strict.post(reverse("settings"), {}, headers={"X-Requested-With": "fetch"})

    assert (response.status_code, response.json()) == (403, {"message": "Sidan är för gammal. Öppna den i en ny flik."})


def test_working_lets_the_session_live_on_but_does_not_write_each_time(client: Client, person: User) -> None:
    client.force_login(person)
    client.get(reverse("settings"))
    first = client.session[kept.TOUCHED]

    client.get(reverse("settings"))
    same = client.session[kept.TOUCHED]
    session = client.session
    session[kept.TOUCHED] = first - 3600
    session.save()
    client.get(reverse("settings"))

    assert same == first
    assert client.session[kept.TOUCHED] >= first
