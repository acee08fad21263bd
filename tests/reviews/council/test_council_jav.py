"""Jäv acts at once: page, score, vote and files; another withdraws it; void stays void; nobody's score leaks."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundportal import declarations, flow, impartial, ties
from fundportal.actions import declare_jav
from fundportal.errors import Refused
from fundportal.models import Case, Declaration, Document, Jav, Letter, User
from fundportal.process import ACTIONS, Role, Step
from reviews.actions import meetings
from reviews.models import Assessment, Seat, Verdict, tallies
from reviews.templatetags.reviews import council
from tests import factories
from tests.factories import AT
from tests.reviews.council.scene import assess, conclude, idea

pytestmark = pytest.mark.django_db
WHY = "Jag leder den verksamhet som ska drivas."
NOT_JAV = "Uppdraget upphörde i fjol och har inget samband."


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_member_from_the_partners_board_declares_jav_scores_are_void_quorum_recomputed_and_the_paper_lists_it(
    case: Case, members: list[User], officer: User
) -> None:
    """Acceptance case C6."""
    board = factories.namnd("Utbildningsnämnden")
    factories.partner(case, board)
    keeper = factories.user(Role.ADMINISTRATOR)
    meetings.seat(keeper, AT, person=members[0], seat=Seat.MEMBER, since=date(2020, 1, 1), namnd=board)
    assess(case, *members[:3])
    assert flow.missing(ACTIONS["conclude_council"], case, AT) == []

    declare_jav(case, members[0], AT, reason=WHY)

    assert [len(tally.scores) for tally in tallies(Assessment.objects.counting(case))] == [2] * 12
    assert flow.missing(ACTIONS["conclude_council"], case, AT) != []
    assess(case, members[3])
    conclude(case, officer, members[1:4])
    paper = json.loads(case.documents.get(kind="council_opinion").content)
    assert ["Anmält jäv", members[0].get_full_name()] in paper["sections"][0]["rows"]


def test_every_page_paper_and_file_is_closed_at_once_and_an_open_form_refuses(case: Case, members: list[User]) -> None:
    member, paper = members[0], case.documents.get(kind="idea")
    client = logged_in(member)
    pages = ["case", "case_papers", "history", "assess"]
    at = {"number": case.number}
    assert [client.get(reverse(page, kwargs=at)).status_code for page in pages] == [200] * 4

    declare_jav(case, member, AT, reason=WHY)

    assert [client.get(reverse(page, kwargs=at)).status_code for page in pages] == [403] * 4
    for name in ("document", "document_pdf"):
        assert client.get(reverse(name, kwargs={**at, "pk": paper.pk})).status_code == 403
    assert client.post(reverse("assess", kwargs=at), {"_draft": "1", "comment": "Bra."}).status_code == 403
    assert not Assessment.objects.readable_by(member, case).exists()


def test_another_withdraws_a_jav_and_the_old_scores_stay_void(case: Case, members: list[User], officer: User) -> None:
    member = members[0]
    assess(case, member)
    declare_jav(case, member, AT, reason=WHY)

    impartial.withdraw_jav(case, officer, AT, person=member, reason=NOT_JAV)

    assert Case.objects.visible_to(member).filter(pk=case.pk).exists()
    assert Assessment.objects.counting(case).count() == 0
    assess(case, member, score=1)
    assert Assessment.objects.counting(case).count() == 1
    assert [tally.scores for tally in tallies(Assessment.objects.counting(case))] == [[1]] * 12


def test_nobody_withdraws_her_own_jav_and_of_the_members_only_the_chair_others(
    case: Case, members: list[User], officer: User
) -> None:
    declare_jav(case, members[0], AT, reason=WHY)
    with pytest.raises(Refused, match="jäv"):
        impartial.withdraw_jav(case, members[0], AT, person=members[0], reason=NOT_JAV)
    with pytest.raises(Refused, match="ordförande"):
        impartial.withdraw_jav(case, members[1], AT, person=members[0], reason=NOT_JAV)
    with pytest.raises(Refused, match="minst 20 tecken"):
        impartial.withdraw_jav(case, officer, AT, person=members[0], reason="Fel.")

    meetings.seat(officer, AT, person=members[1], seat=Seat.CHAIR, since=date(2020, 1, 1))
    impartial.withdraw_jav(case, members[1], AT, person=members[0], reason=NOT_JAV)

    assert not case.javs.standing().exists()


def test_a_jav_row_is_never_deleted_nor_changed_but_ended_once(case: Case, members: list[User], officer: User) -> None:
    declare_jav(case, members[0], AT, reason=WHY)
    impartial.withdraw_jav(case, officer, AT, person=members[0], reason=NOT_JAV)

    for change in ({"withdrawal": None}, {"user": members[1]}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Jav.objects.update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Jav.objects.all().delete()


def test_a_tie_is_named_and_judged_and_judged_as_jav_it_closes_the_case(
    case: Case, members: list[User], officer: User
) -> None:
    namnd = case.owner
    impartial.declare_interests(
        members[0], AT, interests=[{"namnd": namnd, "organisation": "", "text": "anställd till i fjol"}]
    )
    factories.user(Role.APPLICANT, namnd)
    factories.hold(members[1], Role.MANAGER, namnd)

    case = Case.objects.get(pk=case.pk)
    told = dict(ties.unjudged(case))
    assert told[members[0]] == [f"{namnd.name} (projektägare): har anmält: anställd till i fjol"]
    assert told[members[1]] == [f"{namnd.name} (projektägare): är chef som tillstyrker i nämnden"]

    impartial.judge_tie(case, officer, AT, person=members[0], is_jav=False, reason=NOT_JAV)
    impartial.judge_tie(case, officer, AT, person=members[1], is_jav=True, reason="Hon leder den verksamhet som söker.")

    assert ties.unjudged(Case.objects.get(pk=case.pk)) == []
    assert Case.objects.visible_to(members[0]).filter(pk=case.pk).exists()
    assert not Case.objects.visible_to(members[1]).filter(pk=case.pk).exists()


def test_a_declaration_is_made_each_year_and_asked_for_in_january(members: list[User]) -> None:
    client = logged_in(members[0])
    assert client.post(reverse("interests"), {}).status_code == 422

    assert client.post(reverse("interests"), {"none": "on"}).status_code == 302

    assert Declaration.objects.get(user=members[0]).interests.count() == 0
    year = Declaration.objects.get().year
    assert declarations.remind(date(year, 1, 4)) == 3
    assert declarations.remind(date(year, 1, 20)) == 0
    assert declarations.remind(date(year, 6, 1)) == 0
    assert not Letter.objects.filter(user=members[0]).exists()


def test_the_applicant_reads_criteria_and_reasons_but_no_members_scores(
    case: Case, members: list[User], officer: User
) -> None:
    for number, member in enumerate(members[:3]):
        assess(case, member, score=number + 1, K9=3)
    conclude(case, officer, members[:3], verdict=Verdict.OPPOSED, failed=["K4"])
    applicant = logged_in(factories.user(Role.APPLICANT, case.owner))

    paper = case.documents.get(kind="council_opinion")
    at = {"number": case.number}
    told = [applicant.get(reverse(name, kwargs=at)).content.decode() for name in ("case", "history", "case_papers")] + [
        applicant.get(reverse("document", kwargs={**at, "pk": paper.pk})).content.decode(),
        paper.content,
    ]

    assert "K9 Utvärderingsbar" in told[0]
    assert "Därför." in told[0]
    assert all("Medelvärde" not in text and "Spridning" not in text for text in told)
    assert all("En god idé." not in text for text in told), "a member's comment is the council's own"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(["assess", "declare", "withdraw", "resubmit"]), st.integers(0, 3)), max_size=12)
)
def test_whatever_is_declared_hidden_scores_stay_hidden_and_void_ones_void(acts: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        case = factories.case(Step.COUNCIL)
        idea(case)
        members = [factories.user(Role.COUNCIL) for _number in range(4)]
        officer = factories.user(Role.OFFICER)
        valid, barred = set[int](), set[int]()
        for act, nth in acts:
            person = members[nth]
            if act == "resubmit":
                idea(case)
                valid.clear()
            elif act == "assess" and nth not in barred | valid:
                assess(case, person)
                valid.add(nth)
            elif act == "declare" and nth not in barred:
                declare_jav(case, person, AT + timedelta(days=1), reason=WHY)
                barred.add(nth)
                valid.discard(nth)
            elif act == "withdraw" and nth in barred:
                impartial.withdraw_jav(case, officer, AT, person=person, reason=NOT_JAV)
                barred.discard(nth)
        latest = Document.objects.filter(case=case, kind="idea").order_by("-version").first()
        assert isinstance(latest, Document)
        counting = set(Assessment.objects.counting(case).values_list("by", flat=True))
        assert counting == {members[nth].pk for nth in valid}
        for nth, person in enumerate(members):
            person.__dict__.pop("grants", None)
            case = Case.objects.get(pk=case.pk)
            others = Assessment.objects.readable_by(person, case).filter(document=latest).exclude(by=person)
            assert Case.objects.visible_to(person).filter(pk=case.pk).exists() == (nth not in barred)
            assert others.exists() <= (nth in valid)
            assert bool(council(case, person).tallies) == (nth in valid and nth not in barred)
        transaction.set_rollback(True)
