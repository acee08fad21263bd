"""Requests to see a case: kept, and told to those who can answer; the one who asks learns nothing of the case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fundportal import notices
from fundportal.models import AccessRequest, Case, Letter, Party, User
from fundportal.process import Role


@transaction.atomic
def send(user: User, number: str, reason: str, at: datetime) -> AccessRequest:
    """Keep the request, and tell those who can answer it if there is such a case.

    The city's officers see what has been handed in; a draft is its writers' own, so they are told of it instead.
    """
    case = Case.objects.select_related("owner").filter(number=number).first()
    made = AccessRequest.objects.create(number=number, case=case, user=user, reason=reason, at=at)
    if case is not None:
        _tell(made, case)
    return made


def _tell(made: AccessRequest, case: Case) -> None:
    template, role, people = "access_request", Role.OFFICER, list[User]()
    if case.submitted_at is None:
        template, role = "draft_request", Role.APPLICANT
        people = notices.holders(role, case, parts=(Party.Part.OWNER,))
        if not people:
            role = Role.MANAGER
    people = people or notices.holders(role, case, parts=(Party.Part.OWNER,))
    for person in people:
        subject, body = notices.compose(
            [f"mail/{template}.txt"], person, case, role, mandatory=True, asker=made.user, reason=made.reason
        )
        Letter.objects.create(
            key=f"access/{made.pk}/{person.pk}", user=person, case=case, subject=subject, body=body, created_at=made.at
        )
