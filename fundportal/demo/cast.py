"""Finds who plays which part in the demo."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.contrib.auth.hashers import make_password

from fundportal import roles
from fundportal.demo.people import PASSWORD, PEOPLE, Person
from fundportal.models import Namnd, User
from fundportal.process import Role


class Cast:
    """The demo's people as users, by role and board."""

    def __init__(self) -> None:
        """Read them all, with their boards."""
        self.boards = {board.code: board for board in Namnd.objects.all()}
        self.users = {user.email: user for user in User.objects.filter(email__in=[person.email for person in PEOPLE])}

    @classmethod
    def make(cls, at: datetime | None = None) -> Cast:
        """Make every person with the role that the list gives, from `at`: the administrator gives the others theirs."""
        boards = {board.code: board for board in Namnd.objects.all()}
        password = make_password(PASSWORD)  # once: making it is slow on purpose
        administrator: User | None = None
        for person in sorted(PEOPLE, key=lambda each: each.role != Role.ADMINISTRATOR):
            first, last = person.name.split(" ", 1)
            user = User.objects.create(
                email=person.email, password=password, first_name=first, last_name=last, title=person.title
            )
            if person.role not in (Role.STEERING, Role.READER):
                roles.give(user, Role(person.role), boards.get(person.namnd), by=administrator if at else None, at=at)
            administrator = administrator or user
        return cls()

    def _all(self, role: str, namnd: str = "") -> list[User]:
        return [self.users[person.email] for person in PEOPLE if _plays(person, role, namnd)]

    def one(self, role: str, namnd: str = "", nth: int = 0) -> User:
        """The nth person with a role (on a board)."""
        return self._all(role, namnd)[nth]

    def has(self, namnd: str) -> bool:
        """Whether the demo has people on a board."""
        return bool(self._all("applicant", namnd))

    @cached_property
    def council(self) -> list[User]:
        """All members of the council."""
        return self._all("council")


def _plays(person: Person, role: str, namnd: str) -> bool:
    return person.role == role and person.namnd == namnd
