"""The demo's mail server: letters are kept in the database, where the mailbox page shows them."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from fundportal.models import Mail

BACKEND = "fundportal.mailbox.MailboxBackend"


class MailboxBackend(BaseEmailBackend):
    """Keeps each mail once for every receiver."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails."""
        mails = [
            Mail(to=to[:254], subject=" ".join(str(message.subject).split())[:250], body=str(message.body))
            for message in email_messages
            for to in message.recipients()
        ]
        Mail.objects.bulk_create(mails)
        return len(email_messages)


def is_open() -> bool:
    """Whether the mailbox page is shown: in the demo, when no mail server is set."""
    return bool(settings.DEMO) and settings.EMAIL_BACKEND == BACKEND
