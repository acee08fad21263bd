"""SLK receives an idea: diaries, completions, the council; the director approves or rejects it."""

from datetime import date

import pytest

from applications import actions, needs
from applications.models import IdeaDecision
from applications.sheets import APPLICATION, IDEA
from fundportal import actions as kernel
from fundportal import closing
from fundportal.areas import Area
from fundportal.errors import Refused
from fundportal.flow import offers
from fundportal.models import Document
from fundportal.process import Role, Step
from tests import factories
from tests.applications.city import AT, City, city, later

pytestmark = pytest.mark.django_db
KS_ROW = {"authority": "Kommunstyrelsen", "dnr": "KS 2027/118", "registered_on": date(2027, 3, 1)}
CHECKS = [code for code, _text in needs.formal_checks()]
REASONS = "Idén motverkar utanförskap och kompletterar ordinarie verksamhet. " * 2


@pytest.fixture
def here() -> City:
    return city()


def test_case_is_registered_with_kommunstyrelsens_number_first(here: City):
    case = here.submitted()
    other = KS_ROW | {"authority": "Socialnämnden", "dnr": "3.1-118/2027"}

    with pytest.raises(Refused, match="kommunstyrelsens diarienummer"):
        actions.register(case, here.officer, AT, rows=[other])
    actions.register(case, here.officer, AT, rows=[KS_ROW, other])

    assert [dnr.dnr for dnr in case.dnrs.all()] == ["KS 2027/118", "3.1-118/2027"]
    with pytest.raises(Refused, match="redan registrerat för Kommunstyrelsen"):
        actions.register(case, here.officer, AT, rows=[KS_ROW])


def test_number_is_not_registered_in_the_future(here: City):
    with pytest.raises(Refused, match="i framtiden"):
        actions.register(here.submitted(), here.officer, AT, rows=[KS_ROW | {"registered_on": date(2027, 3, 2)}])


def test_council_waits_for_number_and_officer(here: City):
    case = here.submitted()

    with pytest.raises(Refused) as refused:
        actions.send_to_council(case, here.officer, AT, meeting_on=date(2027, 4, 7), checks=CHECKS)

    assert refused.value.reasons == [
        "Diarieför ärendet först: kommunstyrelsens diarienummer saknas.",
        "Tilldela en handläggare först.",
    ]


def test_admissible_idea_goes_to_the_councils_meeting(here: City):
    case = here.registered()

    with pytest.raises(Refused, match="handlingarna saknar sekretessbelagda"):
        actions.send_to_council(case, here.officer, AT, meeting_on=date(2027, 4, 7), checks=CHECKS[:-1])
    with pytest.raises(Refused, match="inte ligga före i dag"):
        actions.send_to_council(case, here.officer, AT, meeting_on=date(2027, 2, 1), checks=CHECKS)
    actions.send_to_council(case, here.officer, AT, meeting_on=date(2027, 4, 7), checks=CHECKS)

    assert (case.step, case.due_on) == (Step.COUNCIL, date(2027, 4, 7))


def test_completion_opens_the_draft_until_its_last_day_and_is_met_by_a_new_version(here: City):
    case = here.registered()
    actions.request_completion(
        case,
        here.officer,
        AT,
        rows=[{"part": "behov", "question": "Vilka är källorna?"}],
        last_day=date(2027, 3, 19),
    )
    assert (case.step, case.due_on) == (Step.IDEA, date(2027, 3, 19))
    assert case.completions.get().parts == ["Behov och målgrupp"]

    [asked] = case.completions.get().asked.all()
    answer = {"size": "300", asked.field: "Skolverket och vår egen uppföljning."}
    IDEA.save(case, "behov", IDEA.filled(case).typed("behov") | answer, here.writer, later(days=2))
    actions.endorse_idea(case, here.manager, later(days=3))
    actions.submit_idea(case, here.writer, later(days=3))

    assert case.completions.get().met_at == later(days=3)
    assert [paper.version for paper in Document.objects.filter(case=case, kind="idea")] == [1, 2]
    assert case.submitted_at == AT
    assert [(it.no, it.late) for it in case.submissions.all()] == [(2, False), (1, False)]
    assert case.facts.reached == 300
    asked.refresh_from_db()
    assert asked.answer == "Skolverket och vår egen uppföljning."


@pytest.mark.parametrize(
    ("day", "said"), [(date(2027, 3, 1), "efter i dag"), (date(2027, 3, 20), "ingen arbetsdag. Välj till exempel 22")]
)
def test_completions_last_day_is_a_coming_working_day(here: City, day: date, said: str):
    with pytest.raises(Refused, match=said):
        actions.request_completion(
            here.registered(),
            here.officer,
            AT,
            rows=[{"part": "behov", "question": "Vilka är källorna?"}],
            last_day=day,
        )


def test_completion_names_parts_that_exist(here: City):
    with pytest.raises(Refused, match="vilka delar"):
        actions.request_completion(
            here.registered(),
            here.officer,
            AT,
            rows=[{"part": "annat", "question": "?"}],
            last_day=date(2027, 3, 19),
        )


def test_approved_idea_begins_the_application_with_its_answers(here: City):
    case = here.awaiting_decision()

    actions.approve_idea(
        case, here.director, AT, reasons=REASONS, conditions="Beskriv urvalet.", signed_sha256="a" * 64
    )

    filled = APPLICATION.filled(case)
    assert case.step == Step.APPLICATION
    assert filled.typed("behov") == IDEA.filled(case).typed("behov")
    assert filled.typed("tid") == {"first_year": "2028", "last_year": "2030"}
    assert filled.typed("kalkyl")["effects"][0]["area"] == Area.FAMILY
    assert filled.writers() == {here.writer.pk}
    assert IdeaDecision.objects.get(case=case).approved
    assert Document.objects.filter(case=case, kind="idea_decision").count() == 1


def test_rejection_names_the_criteria_not_met_and_reopens_where_it_stood(here: City):
    case = here.awaiting_decision()
    with pytest.raises(Refused, match="vilka kriterier"):
        actions.reject_idea(case, here.director, AT, reasons=REASONS, criteria=[])

    actions.reject_idea(case, here.director, AT, reasons=REASONS, criteria=["K10", "K5"])

    decision = IdeaDecision.objects.get(case=case)
    assert (case.step, case.closed_because) == (Step.REJECTED, "Idén avslagen: K10, K5")
    assert decision.criteria_text == "K5 Ryms inte i ordinarie budget\nK10 Sannolik utgiftsminskning"

    kernel.reopen(case, here.director, later(days=30), reason="Nya uppgifter har kommit in.")
    assert case.step == Step.IDEA_DECISION
    actions.approve_idea(case, here.director, later(days=31), reasons=REASONS)
    assert [it.approved for it in IdeaDecision.objects.filter(case=case)] == [True, False]


def test_decision_is_reasoned(here: City):
    with pytest.raises(Refused, match="minst 100 tecken"):
        actions.approve_idea(here.awaiting_decision(), here.director, AT, reasons="Bra idé.")


def test_whoever_endorsed_does_not_decide(here: City):
    case = here.awaiting_decision()
    factories.hold(here.manager, Role.DIRECTOR)

    with pytest.raises(Refused, match="fyra ögon"):
        actions.approve_idea(case, here.manager, AT, reasons=REASONS)


def test_application_cannot_be_written_before_the_idea_is_approved(here: City):
    case = here.awaiting_decision()

    assert not APPLICATION.may_write(case, here.writer)
    assert "submit_application" not in [offer.row.name for offer in offers(case, here.writer, AT)]


def test_applicant_withdraws_and_the_director_reopens(here: City):
    case = here.submitted()

    kernel.withdraw(case, here.writer, AT, reason="Nämnden prioriterar om.")
    assert (case.step, case.closed_because) == (Step.WITHDRAWN, "Återtaget av sökanden: Nämnden prioriterar om.")
    kernel.reopen(case, here.director, AT, reason="Nämnden vill fortsätta.")

    assert (case.step, case.closed_because) == (Step.IDEA_CHECK, "")


def test_ended_case_is_archived_once(here: City):
    case = here.submitted()
    kernel.withdraw(case, here.writer, AT, reason="Nämnden prioriterar om.")

    with pytest.raises(Refused, match="rensad"):
        kernel.archive(case, here.officer, AT, weeded=False)
    found = closing.weeding(case)
    shown = {"drafts": found.drafts, "loose_files": len(found.files)}
    with pytest.raises(Refused, match="Det som ska rensas har ändrats"):
        kernel.archive(case, here.officer, AT, weeded=True, drafts=found.drafts + 1)
    kernel.archive(case, here.officer, AT, weeded=True, **shown)

    with pytest.raises(Refused, match="redan arkiverat"):
        kernel.archive(case, here.officer, AT, weeded=True)
