"""Counting in parts says what counting all at once would say, and stops at the cap."""

import pytest
from django.db.models import Q

from fundportal import counting, roles
from fundportal.models import Case, Event, Jav, Party, User
from fundportal.process import OPEN, Role, Step
from tests import factories

KINDS = {
    "all": Q(),
    "open": Q(step__in=OPEN),
    "council": Q(step=Step.COUNCIL),
    "late": Q(due_on__lt="2027-04-01"),
    "again": Q(step=Step.COUNCIL),
    "none": Q(pk__in=[]),
}


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """A city with cases that concern one board in every way, and people who see them in every way."""
    board, other, third = factories.namnd(), factories.namnd(), factories.namnd()
    for step in (Step.IDEA, Step.COUNCIL, Step.PREPARATION, Step.CLOSED):
        for owner, partner in ((board, other), (other, board), (third, other), (third, None)):
            case = factories.case(step, owner=owner)
            if partner:
                factories.partner(case, partner)
            if step == Step.PREPARATION and owner == third:
                Party.objects.create(case=case, namnd=board, part=Party.Part.REMISS, since=case.created_at)
    both = factories.user(Role.APPLICANT, board)
    roles.give(both, Role.MANAGER, other)
    everything = factories.user(Role.APPLICANT, board)
    roles.give(everything, Role.RESPONDENT, board)
    roles.give(everything, Role.STEERING, Case.objects.filter(owner=third).latest("pk"))
    disqualified = factories.user(Role.MANAGER, board)
    case = Case.objects.filter(owner=board).latest("pk")
    Jav.objects.create(case=case, user=disqualified, event=Event.objects.filter(case=case).latest("no"))
    return {
        "one board": factories.user(Role.APPLICANT, board),
        "two boards": both,
        "respondent": factories.user(Role.RESPONDENT, board),
        "board, remiss and project": everything,
        "jäv": disqualified,
        "officer": factories.user(Role.OFFICER),
        "administrator": factories.user(Role.ADMINISTRATOR),
        "nobody": factories.user(),
    }


def test_the_parts_are_what_one_sees_and_have_nothing_in_common(people: dict[str, User]) -> None:
    for who, user in people.items():
        parts = [pk for part in Case.objects.seen_in_parts(user) for pk in part.values_list("pk", flat=True)]
        seen = Case.objects.visible_to(user).values_list("pk", flat=True)

        assert sorted(parts) == sorted(seen), who


@pytest.mark.parametrize("cap", [1, 3, 100])
def test_counts_are_right_up_to_their_cap(people: dict[str, User], cap: int) -> None:
    for who, user in people.items():
        seen = Case.objects.visible_to(user)

        assert counting.counted(user, {name: (kind, cap) for name, kind in KINDS.items()}) == {
            name: min(seen.filter(kind).count(), cap + 1) for name, kind in KINDS.items()
        }, who


def test_all_counts_are_one_question(people: dict[str, User], django_assert_num_queries: object) -> None:
    user = people["board, remiss and project"]
    assert user.grants.on_case

    with django_assert_num_queries(1):  # type: ignore[operator]
        counting.counted(user, {name: (kind, 10) for name, kind in KINDS.items()})
