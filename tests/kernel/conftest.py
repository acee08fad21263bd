"""Fixtures that several of the kernel's tests begin with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fundportal import roles
from fundportal.models import User
from fundportal.process import Role
from tests import factories
from tests.kernel.access_scene import NOW, TODAY, fresh


@pytest.fixture
def away() -> tuple[User, User]:
    """An officer and the one who stands in for her."""
    officer, other = factories.user(Role.OFFICER, first_name="Maria", last_name="Lind"), factories.user()
    roles.add_substitute(
        officer, officer, NOW, substitute=other, starts_on=TODAY, ends_on=TODAY + timedelta(days=7), reason="Semester"
    )
    return officer, fresh(other)
