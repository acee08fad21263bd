"""Who takes part when the council assesses an idea."""

import pytest

from fundportal.models import Case, User
from fundportal.process import Role, Step
from tests import factories
from tests.reviews.council.scene import idea


@pytest.fixture
def case() -> Case:
    """An idea that the council has before it."""
    it = factories.case(Step.COUNCIL)
    idea(it)
    return it


@pytest.fixture
def members() -> list[User]:
    """Four members; three make a quorum."""
    return [factories.user(Role.COUNCIL) for _number in range(4)]


@pytest.fixture
def officer() -> User:
    """Who keeps the minutes."""
    return factories.user(Role.OFFICER)
