"""In the demo no mail leaves: it is kept where all can read it, and nowhere else."""

import pytest
from django.core.mail import send_mail
from django.urls import reverse

from fundportal.models import Mail

BACKEND = "fundportal.mailbox.MailboxBackend"


@pytest.fixture
def demo(settings, db):
    settings.DEMO, settings.EMAIL_BACKEND = True, BACKEND


def test_each_receiver_has_a_copy(demo):
    assert send_mail("Hej", "Text", None, ["a@example.org", "b@example.org"]) == 1

    assert list(Mail.objects.order_by("to").values_list("to", "subject", "body")) == [
        ("a@example.org", "Hej", "Text"),
        ("b@example.org", "Hej", "Text"),
    ]


def test_the_page_shows_the_newest_first_to_anyone_and_by_receiver(demo, client):
    for number in range(3):
        send_mail(f"Brev {number}", "Se http://127.0.0.1:8000/arenden/ <b>", None, [f"{number % 2}@example.org"])

    every, one = client.get(reverse("mailbox")), client.get(reverse("mailbox"), {"till": "0@example.org"})

    assert [mail.subject for mail in every.context["mails"]] == ["Brev 2", "Brev 1", "Brev 0"]
    assert [mail.subject for mail in one.context["mails"]] == ["Brev 2", "Brev 0"]
    assert '<a href="http://127.0.0.1:8000/arenden/"' in every.content.decode()
    assert "<b>" not in every.content.decode()


@pytest.mark.parametrize(
    ("demo_mode", "backend"), [(False, BACKEND), (True, "django.core.mail.backends.smtp.EmailBackend")]
)
def test_outside_the_demo_there_is_no_mailbox(client, settings, db, demo_mode, backend):
    settings.DEMO, settings.EMAIL_BACKEND = demo_mode, backend

    assert client.get(reverse("mailbox")).status_code == 404
