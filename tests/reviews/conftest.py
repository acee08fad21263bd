"""Who takes part in a remiss."""

import pytest
from django.db import transaction

from fundportal import documents, flow
from fundportal.models import Case, Document, Event, Namnd, User
from fundportal.process import Role, Step
from tests import factories
from tests.factories import AT


@pytest.fixture
def case() -> Case:
    """An application under preparation."""
    return factories.case(Step.PREPARATION)


@pytest.fixture
def paper(case: Case) -> Document:
    """The application as it was handed in."""
    with transaction.atomic():
        event = Event(case=case, action="submit_application", by_name="Fabriken", at=AT, from_step=case.step)
        flow.record(event, data={}, to_step=case.step, tell=False)
        return documents.freeze(event, "application", "Ansökan", {"sections": []})


@pytest.fixture
def officer() -> User:
    """Who sends the remiss."""
    return factories.user(Role.OFFICER)


@pytest.fixture
def board() -> Namnd:
    """A board that is asked."""
    return factories.namnd("Utbildningsnämnden")
