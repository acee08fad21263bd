"""Boards run a project together: each writes, completes and endorses its own part, and the lead waits for all."""

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, needs
from applications.sheets import IDEA
from applications.sheets.lapse import changes, endorsements
from fundportal import difference
from fundportal.errors import Refused
from fundportal.models import Case, Letter, User
from tests import factories
from tests.applications.city import AT, City, city, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> City:
    return city()


def joined(here: City) -> Case:
    """An idea with a partner that has said yes."""
    case = here.idea()
    actions.invite_partner(case, here.writer, AT, namnd=here.school)
    actions.accept_partnership(case, here.school_manager, AT, namnd=here.school)
    return case


def slug(here: City) -> str:
    return f"partner-{here.school.pk}"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_an_invited_board_reads_the_draft_and_writes_nothing_until_it_has_said_yes(here: City):
    case = here.idea()
    actions.invite_partner(case, here.writer, AT, namnd=here.school)
    with pytest.raises(Refused, match="inte tackat ja"):
        IDEA.save(case, "behov", {"size": "9"}, here.school_writer, AT)

    actions.accept_partnership(case, here.school_manager, AT, namnd=here.school)
    IDEA.save(case, "behov", {"size": "230"}, here.school_writer, AT)

    assert IDEA.filled(case).typed("behov")["size"] == "230"


def test_a_partners_part_is_written_by_the_partner_alone(here: City):
    case = joined(here)

    with pytest.raises(Refused, match="skrivs av partnern själv"):
        IDEA.save(case, slug(here), {"role": "Vi skriver åt dem."}, here.writer, AT)
    address = reverse("idea_part", kwargs={"number": case.number, "slug": slug(here)})
    posted = client_of(here.writer).post(address, {"role": "Vi skriver åt dem."})
    read = client_of(here.writer).get(address)

    assert (posted.status_code, read.status_code) == (403, 200)
    assert slug(here) not in IDEA.filled(case).drafts


def test_the_lead_waits_for_each_step_of_its_partner(here: City):
    case = joined(here)
    actions.endorse_idea(case, here.manager, AT)
    assert needs.partners_are_ready(case, AT) == "Utbildningsnämnden har inte fyllt i sin del."
    here.partner_part(case, endorsed=False)
    assert needs.partners_are_ready(case, AT) == "Utbildningsnämndens del är inte tillstyrkt av en chef där."
    with pytest.raises(Refused, match="inte tillstyrkt av en chef där"):
        actions.submit_idea(case, here.writer, AT)

    actions.endorse_part(case, here.school_manager, AT, namnd=here.school)

    assert needs.partners_are_ready(case, AT) is None
    actions.submit_idea(case, here.writer, AT)


def test_a_changed_part_lapses_for_the_partner_and_not_for_the_owner(here: City):
    case = joined(here)
    here.partner_part(case)
    actions.endorse_idea(case, here.manager, AT)

    IDEA.save(case, slug(here), {"role": "Skolan deltar med kuratorer i varje team."}, here.school_writer, later(1))

    assert needs.idea_is_endorsed(case, AT) is None
    assert "inte märkt sin del som klar" in (needs.partners_are_ready(case, AT) or "")
    letters = Letter.objects.filter(key__startswith="lapsed/")
    assert [letter.user for letter in letters] == [here.school_manager]


def test_the_manager_is_told_once_and_sees_what_has_changed(here: City):
    case = here.idea()
    actions.endorse_idea(case, here.manager, AT)
    for size in ("230", "231"):
        IDEA.save(case, "behov", {"size": size}, here.writer, later(1))

    assert Letter.objects.filter(key__startswith="lapsed/", user=here.manager).count() == 1
    filled = IDEA.filled(case)
    [part] = changes(filled, endorsements(filled)[here.owner.pk])
    [field] = part.fields
    assert (part.title, field.label) == ("Behov och målgrupp", "Målgruppens storlek")
    assert difference.Word("231", "added") in field.words
    page = client_of(here.manager).get(reverse("endorse_idea", kwargs={"number": case.number})).content.decode()
    assert "Det här har ändrats sedan dess" in page


def test_who_wrote_the_part_does_not_endorse_it(here: City):
    case = joined(here)
    here.partner_part(case, endorsed=False)
    factories.hold(here.school_writer, "manager", here.school)

    with pytest.raises(Refused, match="fyra ögon"):
        actions.endorse_part(case, User.objects.get(pk=here.school_writer.pk), AT, namnd=here.school)


def test_a_stranger_to_the_partnership_neither_completes_endorses_nor_leaves(here: City):
    case = joined(here)

    for act, who in (
        (actions.complete_part, here.writer),
        (actions.endorse_part, here.manager),
        (actions.leave_partnership, here.manager),
    ):
        given = {"reason": "Vi vill inte vara med."} if act is actions.leave_partnership else {}
        with pytest.raises(Refused, match="på en nämnd som är partner"):
            act(case, who, AT, namnd=here.school, **given)


def test_an_invitation_is_taken_back_and_a_partner_leaves(here: City):
    case = here.idea()
    actions.invite_partner(case, here.writer, AT, namnd=here.school)
    actions.withdraw_invitation(case, here.writer, AT, namnd=here.school)
    assert case not in Case.objects.visible_to(here.school_writer)
    actions.invite_partner(case, here.writer, AT, namnd=here.school)
    actions.accept_partnership(case, here.school_manager, AT, namnd=here.school)
    here.partner_part(case)

    actions.leave_partnership(case, here.school_manager, AT, namnd=here.school, reason="Vi saknar resurser i år.")

    assert needs.partners_are_ready(case, AT) is None
    assert slug(here) not in [part.slug for part in IDEA.parts_of(case)]
    actions.endorse_idea(case, here.manager, AT)
    actions.submit_idea(case, here.writer, AT)


def test_endorsement_is_asked_for_when_the_draft_is_whole_and_not_endorsed(here: City):
    case = here.idea(behov={"size": ""})
    with pytest.raises(Refused, match="Behov och målgrupp"):
        actions.ask_endorsement(case, here.writer, AT)
    IDEA.save(case, "behov", {"size": "220"}, here.writer, AT)

    actions.ask_endorsement(case, here.writer, AT, message="Klart för dig.")
    actions.endorse_idea(case, here.manager, AT)

    with pytest.raises(Refused, match="redan tillstyrkt"):
        actions.ask_endorsement(case, here.writer, AT)
