"""The council assesses and advises: sealed scores, quorum, jäv, gates, and its standpoint as a paper."""

import json
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from fundportal import flow
from fundportal.actions import declare_jav
from fundportal.criteria import CRITERIA
from fundportal.errors import Refused
from fundportal.models import Case, User
from fundportal.process import ACTIONS, Role, Step
from reviews import actions
from reviews.models import Assessment, AssessmentScore, Scoring, Tally, Verdict, tallies
from reviews.templatetags.reviews import council, standpoint, standpoint_tallies
from tests import factories
from tests.factories import AT
from tests.reviews.council.scene import assess, conclude, idea, scoring

pytestmark = pytest.mark.django_db


def test_an_assessment_is_bound_to_the_idea_as_it_was_read(case: Case, members: list[User]) -> None:
    assess(case, members[0])

    given = Assessment.objects.get()
    assert given.content_sha256 == case.documents.get(kind="idea").content_sha256
    assert given.scores.count() == 12


def test_the_history_holds_only_the_seal_of_an_assessment(case: Case, members: list[User]) -> None:
    event = actions.assess(case, members[0], AT, scoring=scoring())

    assert event.data == {"scoring": f"sha256:{Assessment.objects.get().seal}"}
    assert Assessment.objects.get().seal == scoring().seal


def test_a_member_assesses_the_same_idea_once(case: Case, members: list[User]) -> None:
    assess(case, members[0])

    with pytest.raises(Refused, match="redan bedömt"):
        assess(case, members[0])


def test_an_idea_that_comes_back_is_assessed_anew(case: Case, members: list[User]) -> None:
    assess(case, members[0])
    idea(case)

    assess(case, members[0])

    assert Assessment.objects.count() == 2
    assert Assessment.objects.counting(case).count() == 1


@pytest.mark.parametrize("score", [0, 3])
def test_the_lowest_and_the_highest_score_need_a_reason(case: Case, members: list[User], score: int) -> None:
    bare = Scoring({criterion.code: score for criterion in CRITERIA}, {}, "Kommentar.")

    with pytest.raises(Refused) as refused:
        actions.assess(case, members[0], AT, scoring=bare)

    assert len(refused.value.reasons) == 12
    assert refused.value.reasons[0] == f"K1 Motverkar utanförskap: motivera varför du ger {score} poäng."


def test_a_score_is_missing_or_out_of_range_and_there_is_no_comment(case: Case, members: list[User]) -> None:
    scores = {criterion.code: 2 for criterion in CRITERIA} | {"K2": 4}
    del scores["K1"]

    with pytest.raises(Refused) as refused:
        actions.assess(case, members[0], AT, scoring=Scoring(scores))

    assert refused.value.reasons == [
        "Skriv en samlad kommentar.",
        "K1 Motverkar utanförskap: ge 0, 1, 2 eller 3 poäng.",
        "K2 Tydligt behov: ge 0, 1, 2 eller 3 poäng.",
    ]


def test_there_is_nothing_to_assess_before_an_idea_is_handed_in(members: list[User]) -> None:
    with pytest.raises(Refused, match="ingen inlämnad idéskiss"):
        assess(factories.case(Step.COUNCIL), members[0])


@pytest.mark.parametrize(
    ("criterion", "score", "reason", "constraint"),
    [
        ("K1", 4, "För högt.", "score_from_0_to_3"),
        ("K1", 0, "", "score_0_and_3_have_reasons"),
        ("K13", 2, "", "score_of_a_known_criterion"),
        ("K1", 2, "", "score_once_by_criterion"),
    ],
)
def test_the_database_keeps_scores_within_bounds_reasoned_and_once(
    case: Case, members: list[User], criterion: str, score: int, reason: str, constraint: str
) -> None:
    assess(case, members[0])
    wrong = AssessmentScore(assessment=Assessment.objects.get(), criterion=criterion, score=score, reason=reason)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        wrong.save()


def test_what_a_member_has_said_is_never_changed(case: Case, members: list[User]) -> None:
    assess(case, members[0])

    for change in (Assessment.objects.update, AssessmentScore.objects.update):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(id=0)


def test_others_scores_are_hidden_until_ones_own_are_in(case: Case, members: list[User]) -> None:
    assess(case, members[0])

    assert council(case, members[1]).tallies == []
    assert council(case, members[1]).assessments == []
    assert not Assessment.objects.readable_by(members[1], case).exists()

    assess(case, members[1])
    assert len(council(case, members[1]).tallies) == 12
    assert Assessment.objects.readable_by(members[1], case).count() == 2


def test_members_see_who_has_assessed_and_applicants_only_that_the_council_works(
    case: Case, members: list[User]
) -> None:
    assess(case, members[0])
    applicant = factories.user(Role.APPLICANT, case.owner)

    assert [member.state for member in council(case, members[1]).members] == ["done", "todo", "todo", "todo"]
    assert council(case, applicant).members == []
    assert council(case, applicant).tallies == []


def test_the_officer_follows_the_scores_but_not_one_who_also_has_a_seat(case: Case, members: list[User]) -> None:
    assess(case, members[0])
    officer = factories.user(Role.OFFICER)
    both = factories.user(Role.OFFICER)
    factories.hold(both, Role.COUNCIL)

    assert len(council(case, officer).tallies) == 12
    assert council(case, both).tallies == []


def test_the_director_sees_the_scores_when_the_council_has_concluded(
    case: Case, members: list[User], officer: User
) -> None:
    director = factories.user(Role.DIRECTOR)
    assess(case, *members[:3])
    assert not Assessment.objects.readable_by(director, case).exists()

    conclude(case, officer, members[:3])

    said = standpoint(case)
    assert said is not None
    assert len(standpoint_tallies(said, director)) == 12


def test_the_council_is_not_quorate_until_enough_have_assessed(case: Case, members: list[User], officer: User) -> None:
    assess(case, *members[:2])

    assert flow.missing(ACTIONS["conclude_council"], case, AT) == [
        "1 bedömning saknas för att rådet ska vara beslutfört: 2 av 3 ledamöter utan jäv har bedömt idén."
    ]
    with pytest.raises(Refused):
        conclude(case, officer, members[:3])


def test_the_scores_of_one_who_declares_jav_are_void(case: Case, members: list[User]) -> None:
    assess(case, *members[:3])
    declare_jav(case, members[0], AT, reason="Jag leder den verksamhet som ska drivas.")

    assert flow.missing(ACTIONS["conclude_council"], case, AT) != []
    assert [len(tally.scores) for tally in tallies(Assessment.objects.counting(case))] == [2] * 12


def test_one_who_has_declared_jav_may_not_assess_nor_be_present(case: Case, members: list[User], officer: User) -> None:
    declare_jav(case, members[0], AT, reason="Jag leder den verksamhet som ska drivas.")
    with pytest.raises(Refused, match="jäv"):
        assess(case, members[0])
    assess(case, *members[1:])

    with pytest.raises(Refused, match="har anmält jäv och kan inte delta"):
        conclude(case, officer, members)


def test_the_standpoint_takes_the_case_to_the_director_with_a_paper_that_lists_jav(
    case: Case, members: list[User], officer: User
) -> None:
    declare_jav(case, members[3], AT, reason="Jag leder den verksamhet som ska drivas.")
    assess(case, *members[:3])

    conclude(case, officer, members[:3])

    assert case.step == Step.IDEA_DECISION
    said = standpoint(case)
    assert said is not None
    assert (said.verdict, set(said.present.all())) == (Verdict.ENDORSED, set(members[:3]))
    paper = json.loads(case.documents.get(kind="council_opinion").content)
    assert ["Anmält jäv", members[3].get_full_name()] in paper["sections"][0]["rows"]


def test_conditions_belong_to_the_standpoint_with_conditions(case: Case, members: list[User], officer: User) -> None:
    assess(case, *members[:3])
    row = {"text": "Utse en mottagande chef.", "due_on": date(2027, 5, 1)}

    with pytest.raises(Refused, match="minst ett villkor"):
        conclude(case, officer, members[:3], verdict=Verdict.CONDITIONAL)
    with pytest.raises(Refused, match="Villkor anges bara"):
        conclude(case, officer, members[:3], conditions=[row])
    conclude(case, officer, members[:3], verdict=Verdict.CONDITIONAL, conditions=[row])

    said = standpoint(case)
    assert said is not None
    assert [condition.text for condition in said.conditions.all()] == ["Utse en mottagande chef."]


def test_who_advises_against_names_the_criteria(case: Case, members: list[User], officer: User) -> None:
    assess(case, *members[:3])

    with pytest.raises(Refused, match="vilka kriterier"):
        conclude(case, officer, members[:3], verdict=Verdict.OPPOSED)
    conclude(case, officer, members[:3], verdict=Verdict.OPPOSED, failed=["K10", "K4"])

    said = standpoint(case)
    assert said is not None
    assert said.failed_criteria == ["K4 Kompletterar ordinarie verksamhet", "K10 Sannolik utgiftsminskning"]


def test_a_gate_that_is_not_met_must_be_explained_by_a_council_that_endorses(
    case: Case, members: list[User], officer: User
) -> None:
    assess(case, *members[:2], K9=0)
    assess(case, members[2])

    with pytest.raises(Refused, match="K9 Utvärderingsbar inte uppfylls"):
        conclude(case, officer, members[:3])
    conclude(case, officer, members[:3], gate_reasons="Metoden prövas först i liten skala.")

    assert case.step == Step.IDEA_DECISION


def test_an_ordinary_criterion_without_points_is_no_gate() -> None:
    ordinary, gate = CRITERIA[0], CRITERIA[3]

    assert not Tally(ordinary, [0, 0, 0], []).fails
    assert Tally(gate, [0, 0, 3], []).fails
    assert not Tally(gate, [0, 1], []).fails
    assert not Tally(gate, [], []).fails


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"meeting_on": date(2027, 6, 1)}, "framåt i tiden"),
        ({"meeting_on": date(2027, 2, 1)}, "kan inte ha behandlat idén före"),
        ({"reasons": "Bra."}, "minst 200 tecken"),
        ({"verdict": "kanske"}, "Välj rådets ställningstagande"),
        ({"failed": ["K13"]}, "Okända kriterier: K13"),
        (
            {"verdict": "conditional", "conditions": [{"text": "Snart", "due_on": date(2027, 3, 9)}]},
            "kan inte ligga före sammanträdet",
        ),
    ],
)
def test_a_standpoint_that_does_not_hold_together_is_refused(
    case: Case, members: list[User], officer: User, change: dict[str, object], words: str
) -> None:
    assess(case, *members[:3])

    with pytest.raises(Refused, match=words):
        conclude(case, officer, members[:3], **change)


def test_a_meeting_has_a_quorum_of_members(case: Case, members: list[User], officer: User) -> None:
    assess(case, *members[:3])

    with pytest.raises(Refused) as refused:
        conclude(case, officer, [members[0], officer])

    assert refused.value.reasons == [
        f"{officer} är inte ledamot i rådet.",
        "Rådet är beslutfört med 3 ledamöter utan jäv. Du har angett 2 närvarande.",
    ]


def test_the_council_sends_the_idea_back_with_its_questions_and_a_last_day(case: Case, officer: User) -> None:
    actions.return_to_applicant(
        case, officer, AT, questions=["Hur många nås?", " ", "Vem tar över?"], last_day=date(2027, 4, 1)
    )

    assert (case.step, case.due_on) == (Step.IDEA, date(2027, 4, 1))
    assert [question.text for question in case.council_questions.asked_last()] == ["Hur många nås?", "Vem tar över?"]
    idea(case)
    assert not case.council_questions.asked_last().exists()


@pytest.mark.parametrize(
    ("questions", "day", "words"), [([" "], date(2027, 4, 1), "minst en fråga"), (["Hur?"], AT.date(), "efter i dag")]
)
def test_sending_back_needs_a_question_and_time_to_answer(
    case: Case, officer: User, questions: list[str], day: date, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        actions.return_to_applicant(case, officer, AT, questions=questions, last_day=day)
