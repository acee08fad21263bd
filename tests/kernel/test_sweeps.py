"""One thing that cannot be done stops nothing else that waits."""

from __future__ import annotations

import pytest
from django.core import mail

from fundportal import notices, tasks
from fundportal.models import Event, Letter
from fundportal.process import Role, Step
from tests import factories
from tests.kernel.papers import happens
from tests.kernel.test_notices import RefusesOne

pytestmark = pytest.mark.django_db


def test_an_event_that_cannot_be_told_stops_no_other(monkeypatch, caplog):
    factories.user(Role.OFFICER)
    broken, whole = (happens(factories.case(Step.IDEA_CHECK), "submit_idea") for _case in range(2))
    usual = notices.letters_of

    def breaks(event: Event, now: object) -> list[Letter]:
        if event == broken:
            raise KeyError("brev")
        return usual(event, now)

    monkeypatch.setattr(notices, "letters_of", breaks)

    tasks.tell_untold()

    assert list(Event.objects.filter(told_at=None)) == [broken]
    assert Letter.objects.get().event == whole
    assert f"Händelse {broken.pk} kunde inte berättas" in caplog.text


class Unwritable(RefusesOne):
    """A mail server's client that cannot write one of the addresses."""

    def send_messages(self, messages):
        if messages[0].to == [self.refused]:
            raise UnicodeEncodeError("ascii", "å", 0, 1, "ordinal not in range")
        return super().send_messages(messages)


def test_an_address_that_cannot_be_written_stops_no_other(monkeypatch):
    first, other = factories.user(Role.OFFICER), factories.user(Role.OFFICER)
    monkeypatch.setattr(RefusesOne, "refused", first.email)
    monkeypatch.setattr(notices, "get_connection", Unwritable)
    notices.tell(happens(factories.case(Step.IDEA_CHECK), "submit_idea").pk)

    assert notices.send() == 1
    assert [message.to for message in mail.outbox] == [[other.email]]
    assert Letter.objects.get(user=first).attempts == 1
