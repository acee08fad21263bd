"""Drafts: many parts written at once are saved like one."""

import pytest

from applications.sheets import IDEA
from fundportal.errors import Refused
from fundportal.models import Draft
from fundportal.process import Role
from tests import factories


@pytest.mark.django_db
def test_parts_written_at_once_keep_what_they_held_and_stop_a_tab_that_saw_the_earlier_version() -> None:
    case = factories.case()
    writer = factories.user(Role.APPLICANT, case.owner)
    seen = IDEA.save(case, "behov", {"size": "40"}, writer, factories.AT).version

    IDEA.save_all(case, {"behov": {"age_from": "6"}, "insats": {"news": "Nytt."}}, writer, factories.AT)

    kept = dict(Draft.objects.filter(case=case).values_list("part", "answers"))
    assert kept == {"behov": {"size": "40", "age_from": "6"}, "insats": {"news": "Nytt."}}
    with pytest.raises(Refused, match="medan du skrev"):
        IDEA.save(case, "behov", {"size": "50"}, writer, factories.AT, seen)
