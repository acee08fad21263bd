"""What the council's forms make of what is typed, and what they offer; a council that sends an idea back."""

from datetime import timedelta
from typing import Any, cast

import pytest

from fundportal.actions import declare_jav
from fundportal.criteria import CRITERIA
from fundportal.errors import Refused
from fundportal.models import Case, User
from fundportal.process import Step
from reviews import forms
from reviews.models import Verdict
from tests.factories import AT
from tests.reviews.council.scene import LATER, assess, conclude, idea, scoring

pytestmark = pytest.mark.django_db


def test_the_form_makes_one_sealed_scoring_of_what_is_typed(case: Case, members: list[User]) -> None:
    typed = {criterion.code: "2" for criterion in CRITERIA} | {"K1": "3", "comment": "En god idé."}

    bare = forms.Assess(typed, case=case, user=members[0], at=AT)
    whole = forms.Assess(typed | {"K1_reason": "Därför."}, case=case, user=members[0], at=AT)

    assert bare.errors == {"K1_reason": ["K1 Motverkar utanförskap: motivera varför du ger 3 poäng."]}
    assert whole.is_valid()
    given = whole.given()["scoring"]
    assert (given.scores, given.reasons, given.comment) == (scoring(2, K1=3).scores, {"K1": "Därför."}, "En god idé.")
    assert given.salt
    assert given.seal != scoring(2, K1=3).seal


def test_the_minutes_offer_members_without_jav_and_choose_those_who_have_assessed(
    case: Case, members: list[User], officer: User
) -> None:
    declare_jav(case, members[0], AT, reason="Jag leder den verksamhet som ska drivas.")
    assess(case, members[1])

    form = forms.ConcludeCouncil(case=case, user=officer, at=AT)

    assert [pk for pk, _name in cast(Any, form.fields["present"]).choices] == [member.pk for member in members[1:]]
    assert form.fields["present"].initial == [members[1].pk]


def test_a_council_that_sends_the_idea_back_says_so_and_the_idea_goes_to_the_applicant(
    case: Case, members: list[User], officer: User
) -> None:
    assess(case, *members[:3])
    back = {"questions": ["Hur många nås?"], "last_day": LATER.date() + timedelta(days=30)}
    with pytest.raises(Refused, match="minst en fråga"):
        conclude(case, officer, members[:3], verdict=Verdict.RETURNED)
    with pytest.raises(Refused, match="bara när rådet återremitterar"):
        conclude(case, officer, members[:3], **back)

    event = conclude(case, officer, members[:3], verdict=Verdict.RETURNED, **back)

    assert (case.step, case.due_on) == (Step.IDEA, back["last_day"])
    assert [question.text for question in case.council_questions.asked_last()] == ["Hur många nås?"]
    paper = event.documents.get(kind="council_opinion").content
    assert "Återremitterar" in str(paper)
    assert "Hur många nås?" in str(paper)


def test_assessing_anew_begins_from_ones_own_earlier_answers(case: Case, members: list[User]) -> None:
    assess(case, members[0], score=2)
    assess(case, members[1], score=1)
    idea(case)

    form = forms.Assess(case=case, user=members[0], at=AT)

    assert {form.initial[criterion.code] for criterion in CRITERIA} == {"2"}
    assert form.context()["repeats"] is True
    assert forms.Assess(case=case, user=members[2], at=AT).initial == {}
