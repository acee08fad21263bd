"""An idea is written by several, endorsed by a manager, handed in on time, and frozen."""

import json
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from applications import actions, needs
from applications.models import BudgetRow
from applications.sheets import IDEA
from fundportal import documents, flow
from fundportal.actions import withdraw
from fundportal.errors import Refused
from fundportal.models import Case, Document, Party
from fundportal.process import ACTIONS, Role, Step
from tests import factories
from tests.applications.city import AT, City, city, later
from tests.kernel.papers import PDF, file

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> City:
    return city()


def gaps(case: Case) -> list[str]:
    return [gap.text for gap in IDEA.filled(case).gaps()]


def test_created_idea_has_number_owner_and_its_name_begun(here: City):
    case = here.create("Skolnära team")

    assert case.number == "SIF-2027-001"
    assert (case.step, case.title, case.submitted_at) == (Step.IDEA, "Skolnära team", None)
    assert IDEA.filled(case).typed("grund") == {"project_name": "Skolnära team", "scope": "city"}


def test_same_key_twice_is_one_case(here: City):
    key = uuid4()
    made = [
        actions.create_idea(here.writer, AT, round=here.round, owner=here.owner, title="En idé", key=key)
        for _n in range(2)
    ]

    assert made[0].pk == made[1].pk
    assert Case.objects.count() == 1


def test_no_idea_begins_when_the_round_has_closed(here: City):
    with pytest.raises(Refused, match=r"stängde den 31.december.2027"):
        actions.create_idea(here.writer, later(days=400), round=here.round, owner=here.owner, title="För sent")


def test_no_idea_begins_for_a_board_where_one_is_not_applicant(here: City):
    with pytest.raises(Refused, match="där du är sökande"):
        actions.create_idea(here.writer, AT, round=here.round, owner=here.school, title="Fel nämnd")


def test_complete_idea_has_no_gaps(here: City):
    assert gaps(here.idea()) == []


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("behov", {"need": "Kort."}, "skriv minst 200 tecken"),
        ("behov", {"age_from": "17"}, "kan inte vara lägre än"),
        ("behov", {"size": "0"}, "ska vara minst 1\u00a0personer"),
        ("behov", {"sources": []}, "Underlag för behovet"),
        ("behov", {"target_group": "Eleven 19121212-1212 och andra elever i årskurs nio."}, "personnummer"),
        ("insats", {"knowledge": "ny"}, "antagna sambandet"),
        ("sammanhang", {"obstacles": []}, "Varför ryms den inte"),
        ("sammanhang", {"goals": []}, "Mål som satsningen bidrar till"),
        ("kostnad", {"last_year": "2027"}, "Sista året kan inte vara före"),
        ("kostnad", {"costs": [{"year": "2028", "amount": "0"}]}, "större än 0"),
        ("kostnad", {"costs": [{"year": "2035", "amount": "1"}]}, "utanför investeringsfasen"),
        ("kostnad", {"savings": []}, "minst en nämnd"),
        ("kostnad", {"no_saving": True}, "Ta bort krysset"),
    ],
)
def test_idea_with_a_fault_says_which(here: City, part: str, change: dict, said: str):
    found = gaps(here.idea(**{part: change}))

    assert len([text for text in found if said in text]) >= 1, found


def test_phase_longer_than_the_round_allows_is_a_fault():
    there = city(max_years=2)

    assert gaps(there.idea()) == ["Investeringsfasen får vara högst 2 år i den här omgången."]


def test_contact_and_manager_are_two_people(here: City):
    factories.hold(here.writer, Role.MANAGER, here.owner)

    found = gaps(here.idea(grund={"manager": str(here.writer.pk)}))

    assert found == ["Kontaktpersonen och chefen som tillstyrker ska vara två olika personer."]


def test_writer_does_not_endorse_what_she_wrote(here: City):
    case = here.idea()
    IDEA.save(case, "grund", IDEA.filled(case).typed("grund") | {"project_name": "Nytt namn"}, here.manager, AT)

    with pytest.raises(Refused, match="fyra ögon"):
        actions.endorse_idea(case, here.manager, AT)


def test_partners_manager_does_not_endorse_the_owners_idea(here: City):
    case = here.idea()
    factories.partner(case, here.school)

    with pytest.raises(Refused, match="chef på projektägaren Socialnämnden"):
        actions.endorse_idea(case, here.school_manager, AT)


def test_endorsement_lapses_when_a_letter_changes_and_says_who_changed(here: City):
    case = here.idea()
    actions.endorse_idea(case, here.manager, AT)
    assert needs.idea_is_endorsed(case, AT) is None

    typed = IDEA.filled(case).typed("behov") | {"size": "221"}
    IDEA.save(case, "behov", typed, here.writer, later(minutes=5))

    said = needs.idea_is_endorsed(case, AT) or ""
    assert said.startswith("Amina Yusuf ändrade ”Behov och målgrupp”")
    assert "efter att Maria Lind tillstyrkte. Idéskissen behöver tillstyrkas igen." in said
    with pytest.raises(Refused, match="tillstyrkas igen"):
        actions.submit_idea(case, here.writer, later(minutes=6))


def test_saving_the_same_again_keeps_the_endorsement(here: City):
    case = here.idea()
    actions.endorse_idea(case, here.manager, AT)

    IDEA.save(case, "behov", IDEA.filled(case).typed("behov"), here.writer, later(minutes=5))

    assert needs.idea_is_endorsed(case, AT) is None


def test_endorsing_what_has_changed_meanwhile_is_refused(here: City):
    case = here.idea()

    with pytest.raises(Refused, match="ändrades medan du läste"):
        actions.endorse_idea(case, here.manager, AT, digest="0" * 64)


def test_submitting_freezes_the_idea_and_keeps_the_facts(here: City):
    case = here.submitted()

    paper = Document.objects.get(case=case, kind="idea")
    content = json.loads(paper.content)
    assert case.step == Step.IDEA_CHECK
    assert case.submitted_at == AT
    assert (case.requested, case.first_year, case.last_year) == (Decimal(9_000_000), 2028, 2030)
    assert content["answers"]["kostnad"]["costs"][0] == {"year": 2028, "amount": "4500000"}
    assert ["Kontaktperson", "Amina Yusuf"] in content["sections"][0]["rows"]
    assert (case.facts.reached, case.facts.contact, case.facts.estimated_cost) == (
        220,
        "Amina Yusuf",
        Decimal(9_000_000),
    )


def test_late_idea_needs_a_reason_which_is_kept(here: City):
    case = here.idea()
    actions.endorse_idea(case, here.manager, AT)
    late = later(days=310)

    with pytest.raises(Refused, match=r"Sista dag var den 31.december.2027"):
        actions.submit_idea(case, here.writer, late)
    actions.submit_idea(case, here.writer, late, late_reason="Nämnden sammanträdde först i januari.")

    submission = case.submissions.get()
    assert (submission.late, submission.last_day) == (True, date(2027, 12, 31))
    assert "Inkommen efter sista dag" in Document.objects.get(case=case).content


def test_invited_partner_must_say_yes_before_the_idea_leaves(here: City):
    case = here.idea()
    actions.invite_partner(case, here.writer, AT, namnd=here.school)
    actions.endorse_idea(case, here.manager, AT)

    with pytest.raises(Refused, match="Utbildningsnämnden har inte tackat ja"):
        actions.submit_idea(case, here.writer, AT)
    actions.accept_partnership(case, here.school_manager, AT, namnd=here.school)
    here.partner_part(case)
    actions.submit_idea(case, here.writer, AT)

    assert case.facts.partners == "Utbildningsnämnden"


def test_partner_that_says_no_takes_no_part_and_sees_nothing(here: City):
    case = here.idea()
    actions.invite_partner(case, here.writer, AT, namnd=here.school)
    assert case in Case.objects.visible_to(here.school_writer)

    actions.accept_partnership(case, here.school_manager, AT, namnd=here.school, accepts=False)

    assert not Party.objects.filter(case=case, namnd=here.school).exists()
    assert case not in Case.objects.visible_to(here.school_writer)


def test_partners_applicant_writes_in_the_draft_and_a_stranger_sees_nothing(here: City):
    case = here.idea()
    stranger = factories.user(Role.APPLICANT, factories.namnd())
    actions.invite_partner(case, here.writer, AT, namnd=here.school)

    assert IDEA.may_write(case, here.school_writer)
    assert not IDEA.may_write(case, stranger)
    assert not Case.objects.visible_to(here.officer).exists()
    assert not Case.objects.visible_to(stranger).exists()


def test_partners_applicant_neither_takes_back_nor_invites_nor_hands_in(here: City):
    case = here.idea()
    factories.partner(case, here.school, accepted=False)

    for name in ("withdraw", "invite_partner", "submit_idea"):
        assert "sökande på projektägaren" in str(flow.barred(ACTIONS[name], case, here.school_writer))
        assert flow.barred(ACTIONS[name], case, here.writer) is None
    with pytest.raises(Refused, match="sökande på projektägaren"):
        withdraw(case, here.school_writer, AT, reason="Vi vill inte längre.")


def test_an_attachment_lets_the_endorsement_lapse(here: City):
    case = here.idea()
    actions.endorse_idea(case, here.manager, later(minutes=1))
    assert needs.idea_is_endorsed(case, later(minutes=2)) is None

    added = documents.store(case, here.writer, later(minutes=2), "idea", file("plan.pdf", PDF))
    assert needs.idea_is_endorsed(case, later(minutes=3)) == (
        "Idéskissen har ändrats sedan den tillstyrktes. Den behöver tillstyrkas igen."
    )
    documents.remove(added)

    assert needs.idea_is_endorsed(case, later(minutes=3)) is None


def test_what_comes_after_the_idea_was_handed_in_is_not_saved(here: City):
    case = here.submitted()
    stood = IDEA.filled(case).digest

    with pytest.raises(Refused, match="lämnades in medan du skrev"):
        IDEA.save(case, "behov", {"size": "999"}, here.writer, later(minutes=5))

    assert IDEA.filled(case).digest == stood


def test_owners_manager_does_not_answer_for_the_partner(here: City):
    case = here.idea()
    actions.invite_partner(case, here.writer, AT, namnd=here.school)

    with pytest.raises(Refused, match="nämnd som är inbjuden"):
        actions.accept_partnership(case, here.manager, AT, namnd=here.school)


@pytest.mark.parametrize("again", ["owner", "school"])
def test_board_that_takes_part_is_not_invited_again(here: City, again: str):
    case = here.idea()
    actions.invite_partner(case, here.writer, AT, namnd=here.school)

    with pytest.raises(Refused, match="redan med i ärendet"):
        actions.invite_partner(case, here.writer, AT, namnd=getattr(here, again))


def test_board_that_has_ended_is_not_invited(here: City):
    ended = factories.namnd("Norrmalms stadsdelsnämnd", kind="sdn", active_to=date(2023, 6, 30))

    with pytest.raises(Refused, match="finns inte längre"):
        actions.invite_partner(here.idea(), here.writer, AT, namnd=ended)


def test_idea_leaves_no_budget_rows(here: City):
    here.submitted()

    assert not BudgetRow.objects.exists()
