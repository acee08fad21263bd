"""Notes on a case reach their readers only, and who asks to see a case learns nothing until she is let in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from fundportal import access, flow, note_acts, notices, todo
from fundportal.access_requests import send
from fundportal.canonical import Sealed
from fundportal.chain import verify
from fundportal.errors import Refused
from fundportal.models import AccessRequest, Case, Letter, Note, User
from fundportal.process import Role, Step
from tests import factories
from tests.kernel.access_scene import NOW, TODAY, browser, fresh, note_in

pytestmark = pytest.mark.django_db


def test_an_internal_note_is_read_by_its_readers_and_leaks_nowhere() -> None:
    case = factories.case(Step.PREPARATION)
    officer, auditor = factories.user(Role.OFFICER), factories.user(Role.AUDITOR)
    member, applicant = factories.user(Role.COUNCIL), factories.user(Role.APPLICANT, case.owner)
    secret = "Hemligheten om xylofonen"
    note = note_in(case, officer, secret)
    note_in(case, applicant, "Hej, hur går det?", "message")
    page = reverse("case_notes", kwargs={"number": case.number})

    assert secret in browser(auditor).get(page).content.decode()
    assert browser(member).get(page).status_code == 403
    for reader, address in (
        (applicant, page),
        (applicant, reverse("history", kwargs={"number": case.number})),
        (auditor, reverse("history", kwargs={"number": case.number})),
        (auditor, reverse("export_case", kwargs={"number": case.number, "kind": "json"})),
        (applicant, case.get_absolute_url()),
    ):
        assert secret not in browser(reader).get(address).getvalue().decode()
    assert note.event.data["words"] == Sealed(secret).sha256
    assert set(note.event.data["readers"]) == {officer.pk, auditor.pk}
    assert verify(case) == []


def test_a_note_that_is_to_be_read_outside_is_confirmed_on_a_page_that_names_the_readers() -> None:
    case = factories.case(Step.PREPARATION)
    officer = factories.user(Role.OFFICER)
    applicant = factories.user(Role.APPLICANT, case.owner, first_name="Amina", last_name="Berg")
    client = browser(officer)
    here = {"number": case.number}
    given_ = {"audience": "message", "text": "Skicka in bilagan.", "mentions": []}

    asked = client.post(reverse("write_note", kwargs=here), given_).content.decode()

    assert not Note.objects.exists()
    assert "Amina Berg" in asked
    assert "Skicka in bilagan." in asked
    assert f'action="{reverse("write_message", kwargs=here)}"' in asked
    client.post(reverse("write_message", kwargs=here), given_)
    assert access.notes_for(case, applicant)[0].text == "Skicka in bilagan."


def test_only_readers_are_mentioned_and_they_get_a_letter_without_the_words() -> None:
    case = factories.case(Step.PREPARATION)
    officer, controller = factories.user(Role.OFFICER), factories.user(Role.CONTROLLER, first_name="Bo", last_name="Ek")
    applicant = factories.user(Role.APPLICANT, case.owner)
    with pytest.raises(Refused):
        note_in(case, officer, "Se detta.", mentions=(applicant.pk,))
    browser(officer).post(
        reverse("write_note", kwargs={"number": case.number}), {"audience": "internal", "text": "Vad säger du @Bo Ek?"}
    )

    note = Note.objects.get()
    assert note.mentions == [controller.pk]
    notices.tell(note.event_id)
    letter = Letter.objects.get(user=controller)
    assert "nämnt dig" in letter.body
    assert "Vad säger du" not in letter.body


def test_a_note_is_struck_by_who_wrote_it_and_kept() -> None:
    case = factories.case(Step.PREPARATION)
    officer, other = factories.user(Role.OFFICER), factories.user(Role.OFFICER)
    note = note_in(case, officer, "Fel belopp.")
    with pytest.raises(Refused):
        note_acts.strike_note(case, other, NOW, row=note, words=Sealed("Inte min."))

    note_acts.strike_note(case, officer, NOW, row=note, words=Sealed("Beloppet var fel."))

    page = browser(other).get(reverse("case_notes", kwargs={"number": case.number})).content.decode()
    assert "Struken" in page
    assert "Fel belopp." in page


def test_a_request_answers_the_same_whether_the_case_exists_or_not(empty_cache: None) -> None:
    case = factories.case(Step.PREPARATION)
    stranger, officer = factories.user(), factories.user(Role.OFFICER)
    client = browser(stranger)
    address = reverse("request_access")

    real = client.post(address, {"number": case.number, "reason": "Jag utreder frågan."})
    none = client.post(address, {"number": "SIF-1999-999", "reason": "Jag utreder frågan."})

    assert (real.status_code, real["Location"]) == (none.status_code, none["Location"])
    assert AccessRequest.objects.count() == 2
    assert Letter.objects.get().user == officer
    for _number in range(3):
        assert client.post(address, {"number": "SIF-1", "reason": "Jag utreder frågan."}).status_code == 302
    assert client.post(address, {"number": "SIF-1", "reason": "Jag utreder frågan."}).status_code == 422


def test_access_that_is_granted_ends_with_its_day_and_may_be_ended_before() -> None:
    case, stranger, officer = factories.case(Step.PREPARATION), factories.user(), factories.user(Role.OFFICER)
    asked = send(stranger, case.number, "Jag utreder frågan.", NOW)
    last = TODAY + timedelta(days=30)

    note_acts.grant_access(case, officer, NOW, request=asked, person=stranger, last_day=last)

    assert browser(stranger).get(case.get_absolute_url()).status_code == 200
    assert access.why(case, fresh(stranger))[0].until == last
    assert flow.offers(case, fresh(stranger), NOW)[0].row.name == "declare_jav"
    with pytest.raises(Refused):
        note_acts.grant_access(case, officer, NOW, request=asked, person=stranger, last_day=last)
    note_acts.end_access(case, officer, NOW, person=stranger, reason="Utredningen är klar.")
    assert browser(stranger).get(case.get_absolute_url()).status_code == 404


def test_a_denied_request_is_answered_without_a_word_of_the_case() -> None:
    case = factories.case(Step.PREPARATION, title="Xylofonprojektet")
    stranger, officer = factories.user(), factories.user(Role.OFFICER)
    asked = send(stranger, case.number, "Jag utreder frågan.", NOW)

    event = note_acts.deny_access(case, officer, NOW, request=asked, person=stranger, reason="Du deltar inte i detta.")
    notices.tell(event.pk)

    letter = Letter.objects.get(user=stranger)
    assert "Du deltar inte i detta." in letter.body
    assert "Xylofon" not in letter.subject + letter.body
    assert case.get_absolute_url() not in letter.body


def test_a_request_is_a_task_of_the_officer_and_of_who_stands_in_for_her(away: tuple[User, User]) -> None:
    officer, other = away
    case = factories.case(Step.IMPLEMENTATION)
    Case.objects.filter(pk=case.pk).update(officer=officer)
    colleague = factories.user(Role.OFFICER)
    send(factories.user(), case.number, "Jag utreder frågan.", NOW)

    waits = {user: [row["turn"] for row in todo.tasks(fresh(user), 9)] for user in (officer, other, colleague)}

    assert waits == {officer: ["grant_access"], other: ["grant_access"], colleague: []}


def test_a_request_to_see_a_draft_reaches_its_writers_and_tells_the_asker_nothing() -> None:
    case = factories.case(Step.IDEA, submitted=False)
    writer, officer = factories.user(Role.APPLICANT, case.owner), factories.user(Role.OFFICER)
    stranger = factories.user()

    send(stranger, case.number, "Jag utreder frågan.", NOW)

    letter = Letter.objects.get()
    assert letter.user == writer
    assert stranger.email in letter.body
    assert todo.tasks(fresh(officer), 9) == []
    assert Letter.objects.filter(user=stranger).count() == 0


def test_a_request_to_see_a_draft_without_writers_reaches_their_manager() -> None:
    case = factories.case(Step.IDEA, submitted=False)
    manager = factories.user(Role.MANAGER, case.owner)

    send(factories.user(), case.number, "Jag utreder frågan.", NOW)

    assert Letter.objects.get().user == manager
