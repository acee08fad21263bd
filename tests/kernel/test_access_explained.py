"""What explains access says what decides it: why one sees a case, who does, and why one may not do a thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundportal import access, access_report, actions, flow, note_acts, notices, rights, roles, todo
from fundportal.canonical import Sealed
from fundportal.chain import verify
from fundportal.errors import Refused
from fundportal.models import AccessRequest, Case, Event, Jav, Letter, Namnd, Note, RoleTerm, Substitute, User
from fundportal.process import ACTIONS, ON_NAMND, Role, Step, starts_at
from fundportal.views.access import send
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate()


def fresh(user: User) -> User:
    """The same person as another request sees her."""
    return User.objects.get(pk=user.pk)


def stands_in(person: User, substitute: User, days: tuple[int, int] = (0, 7)) -> Substitute:
    """A substitute from so many days from today to so many."""
    return Substitute.objects.create(
        person=person,
        substitute=substitute,
        starts_on=TODAY + timedelta(days=days[0]),
        ends_on=TODAY + timedelta(days=days[1]),
        reason="Semester",
        made_by=person,
        made_at=NOW,
    )


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# The explainer equals what decides


@dataclass
class World:
    """A case, boards with different parts in it, and people without roles yet."""

    case: Case
    boards: list[Namnd]
    people: list[User]


def world(step: Step, *, submitted: bool) -> World:
    boards = [factories.namnd() for _number in range(4)]
    case = factories.case(step, owner=boards[0], submitted=submitted)
    factories.partner(case, boards[1])
    case.parties.create(namnd=boards[2], part="remiss", since=NOW)
    return World(case, boards, [factories.user() for _number in range(4)])


held = st.lists(
    st.tuples(
        st.integers(0, 3),  # who
        st.sampled_from([role for role in Role]),
        st.integers(0, 3),  # on which board, where it is held on one
        st.sampled_from([None, -1, 0, 30]),  # last day, in days from today
    ),
    max_size=7,
)
standing_in = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([(0, 7), (-9, -1), (2, 9), (-3, 0)])), max_size=4
)
steps = st.sampled_from([Step.IDEA, Step.COUNCIL, Step.APPLICATION, Step.PREPARATION, Step.IMPLEMENTATION, Step.CLOSED])


def settle(it: World, held_: list, standing: list, javs: set[int]) -> list[User]:
    for who, role, board, until in held_:
        where = it.boards[board] if role in ON_NAMND else it.case if role in (Role.STEERING, Role.READER) else None
        roles.give(it.people[who], role, where)
        if until is not None:
            place = {"namnd": where if isinstance(where, Namnd) else None, "case": where if where == it.case else None}
            term = {"user": it.people[who], "role": role, **place}
            RoleTerm.objects.filter(**term).delete()
            last = TODAY + timedelta(days=until)
            RoleTerm.objects.create(since=TODAY - timedelta(days=9), until=last, **term)
    for person, substitute, days in standing:
        if person != substitute:
            stands_in(it.people[person], it.people[substitute], days)
    for who in javs:
        Jav.objects.create(case=it.case, user=it.people[who], event=it.case.events.latest("no"))
    return [fresh(user) for user in it.people]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    step=steps, submitted=st.booleans(), held_=held, standing=standing_in, javs=st.sets(st.integers(0, 3), max_size=2)
)
def test_the_explanation_is_what_decides(
    db: None,
    step: Step,
    submitted: bool,
    held_: list,
    standing: list,
    javs: set[int],
) -> None:
    it = world(step, submitted=submitted)
    people = settle(it, held_, standing, javs)
    case = Case.objects.get(pk=it.case.pk)

    told = {seer.user.pk for seer in access.seers(case) if not seer.jav}
    for user in people:
        sees = Case.objects.visible_to(user).filter(pk=case.pk).exists()
        assert (user.pk in told) == sees == bool(access.why(case, user))
        assert sees == any(part.filter(pk=case.pk).exists() for part in Case.objects.all().seen_in_parts(user))
        for kind in Note.Kind.values:
            assert access.may_read(case, user, kind) == (user in access.readers(case, kind))
        if sees:
            offered = {row.row.name for _stage, acts in access.acts(case, user, NOW) for row in acts if row.offered}
            assert offered == {offer.row.name for offer in flow.offers(case, user, NOW)}
    sample = people[0]
    sees = Case.objects.visible_to(sample).filter(pk=case.pk).exists()
    status = browser(sample).get(reverse("access", kwargs={"number": case.number})).status_code
    assert status == (200 if sees else 403 if sample.pk in case.jav_people else 404)


def test_every_act_that_is_not_offered_says_why() -> None:
    case = factories.case(Step.PREPARATION)
    officer = factories.user(Role.OFFICER, first_name="Maria", last_name="Lind")
    applicant = factories.user(Role.APPLICANT, case.owner)

    told = {it.row.name: it for _stage, acts in access.acts(case, applicant, NOW) for it in acts}

    assert set(told) == set(ACTIONS) - {"create_idea"}
    assert all(it.offered or it.reasons for it in told.values())
    assert "Maria Lind" in told["propose_decision"].who
    assert "inte dags än" in " ".join(told["pay"].reasons)
    assert "passerat" in " ".join(told["submit_idea"].reasons)
    assert officer.get_full_name() not in told["withdraw"].who


def test_four_eyes_tell_who_did_what_and_when() -> None:
    case = factories.case(Step.IDEA_DECISION)
    director = factories.user(Role.DIRECTOR)
    roles.give(director, Role.COUNCIL)
    event = Event(case=case, action="assess", by=director, by_name="D", role="council", at=NOW, from_step=case.step)
    flow.record(event, data={}, to_step=case.step, tell=False)

    told = {it.row.name: it for _stage, acts in access.acts(case, fresh(director), NOW) for it in acts}

    assert not told["approve_idea"].offered
    assert "fyra ögon" in told["approve_idea"].reasons[0]
    assert "Gjort: ”Bedöm idén”" in told["approve_idea"].reasons[1]


def test_the_explainer_asks_as_much_for_many_as_for_few() -> None:
    case = factories.case(Step.PREPARATION)
    officer = factories.user(Role.OFFICER)
    address = reverse("access", kwargs={"number": case.number})

    def asked() -> int:
        client = browser(officer)
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    few = asked()
    for _number in range(30):
        stands_in(factories.user(Role.OFFICER), factories.user())
    assert asked() == few + 1  # the names of those who are stood in for


def test_jav_is_told_to_the_city_and_to_no_one_else() -> None:
    case = factories.case(Step.PREPARATION)
    member, officer = factories.user(Role.COUNCIL), factories.user(Role.OFFICER)
    applicant = factories.user(Role.APPLICANT, case.owner)
    actions.declare_jav(case, member, NOW, reason="Min syster leder projektet.")
    address = reverse("access", kwargs={"number": case.number})

    assert "Jäv: ser inte ärendet" in browser(officer).get(address).content.decode()
    assert member.get_full_name() not in browser(applicant).get(address).content.decode()
    csv = reverse("access_csv", kwargs={"number": case.number})
    assert member.email not in b"".join(browser(applicant).get(csv)).decode()


# Roles with a last day


def test_a_role_ends_after_its_last_day_without_anyone_doing_anything() -> None:
    case, board = factories.case(Step.PREPARATION), factories.namnd()
    administrator, person = factories.user(Role.ADMINISTRATOR), factories.user()
    factories.partner(case, board)
    roles.give(person, Role.APPLICANT, board, until=TODAY, by=administrator)
    assert Case.objects.visible_to(fresh(person)).exists()
    assert notices.holders(Role.APPLICANT, case) == [person]

    RoleTerm.objects.update(since=TODAY - timedelta(days=5), until=TODAY - timedelta(days=1))

    assert not Case.objects.visible_to(fresh(person)).exists()
    assert notices.holders(Role.APPLICANT, case) == []
    ended = access_report.rows(administrator, access_report.Wanted(state="slut"))
    assert [(row.name, row.where, row.given_by) for row in ended] == [
        (person.get_full_name(), board.name, administrator.get_full_name())
    ]


def test_roles_that_are_given_and_taken_stand_in_the_houses_chain() -> None:
    administrator, person = factories.user(Role.ADMINISTRATOR), factories.user()
    roles.give(person, Role.OFFICER, by=administrator)
    roles.take(person, Role.OFFICER, by=administrator)

    told = Event.objects.filter(case=None, fund=None).order_by("no").values_list("action", "by_id")
    assert list(told) == [("give_role", administrator.pk), ("take_role", administrator.pk)]
    assert verify(None) == []
    with pytest.raises(Refused):
        roles.give(person, Role.AUDITOR, by=person)


def test_an_administrator_neither_shuts_herself_out_nor_leaves_cases_without_an_officer() -> None:
    administrator, officer = factories.user(Role.ADMINISTRATOR), factories.user(Role.OFFICER)
    Case.objects.filter(pk=factories.case(Step.PREPARATION).pk).update(officer=officer)

    for refused in (
        lambda: roles.take(administrator, Role.ADMINISTRATOR, by=administrator),
        lambda: roles.close_person(administrator, administrator, NOW),
        lambda: roles.close_person(officer, administrator, NOW),
    ):
        with pytest.raises(Refused):
            refused()


# Substitutes


@pytest.fixture
def away() -> tuple[User, User]:
    """An officer and the one who stands in for her."""
    officer, other = factories.user(Role.OFFICER, first_name="Maria", last_name="Lind"), factories.user()
    roles.add_substitute(
        officer, officer, NOW, substitute=other, starts_on=TODAY, ends_on=TODAY + timedelta(days=7), reason="Semester"
    )
    return officer, fresh(other)


def test_a_substitute_acts_for_the_other_and_the_history_says_so(away: tuple[User, User]) -> None:
    officer, other = away
    case = factories.case(Step.IDEA_CHECK)
    event = actions.assign(case, other, NOW, officer=officer)

    assert (event.by, event.on_behalf_of, event.role) == (other, officer, Role.OFFICER)
    assert event.by_name == f"{other.get_full_name()} för Maria Lind"
    assert f'"for":{officer.pk}' in event.body
    assert verify(case) == []
    assert "ersättare för Maria Lind" in access.why(case, other)[0].sentence


def test_a_substitute_who_holds_the_role_herself_acts_for_herself(away: tuple[User, User]) -> None:
    officer, other = away
    roles.give(other, Role.OFFICER)
    event = actions.assign(factories.case(Step.IDEA_CHECK), fresh(other), NOW, officer=officer)

    assert event.on_behalf_of is None


def test_four_eyes_hold_through_a_substitute_both_ways() -> None:
    case = factories.case(Step.DECISION)
    director, other = factories.user(Role.DIRECTOR), factories.user(Role.OFFICER)
    stands_in(director, other)

    def did(by: User, behalf: User | None, name: str) -> None:
        event = Event(case=case, action=name, by=by, by_name="X", role="officer", at=NOW, from_step=case.step)
        event.on_behalf_of = behalf
        flow.record(event, data={}, to_step=case.step, tell=False)

    row = ACTIONS["sign_decision"]
    assert rights.barred(row, Case.objects.get(pk=case.pk), fresh(other)) is None
    did(other, None, "propose_decision")
    anew = Case.objects.get(pk=case.pk)
    assert "fyra ögon" in (rights.barred(row, anew, fresh(other)) or ""), "det ersättaren själv gjort binder henne"
    assert rights.barred(row, anew, fresh(director)) is None

    third = factories.user()
    did(third, director, "submit_application")
    anew = Case.objects.get(pk=case.pk)
    assert "fyra ögon" in (rights.barred(row, anew, fresh(director)) or ""), "det som gjorts för henne är hennes"
    fourth = factories.user()
    stands_in(director, fourth)
    assert "ersättare" in (rights.barred(row, anew, fresh(fourth)) or ""), "och binder den som ersätter henne"


def test_jav_binds_through_a_substitute_both_ways(away: tuple[User, User]) -> None:
    officer, other = away
    hers, others = factories.case(Step.PREPARATION), factories.case(Step.PREPARATION)
    actions.declare_jav(hers, officer, NOW, reason="Min syster leder projektet.")
    actions.declare_jav(others, other, NOW, reason="Min bror leder projektet.")

    assert set(Case.objects.visible_to(fresh(other))) == set()
    assert set(Case.objects.visible_to(fresh(officer))) == {others}
    assert rights.barred(ACTIONS["assign"], Case.objects.get(pk=hers.pk), fresh(other))
    jav = others.javs.get().event
    assert jav.on_behalf_of is None, "jäv anmäler man för egen del"


def test_what_is_held_as_a_substitute_is_not_passed_on_nor_the_administrators_role(away: tuple[User, User]) -> None:
    _officer, other = away
    third, administrator = factories.user(), factories.user(Role.ADMINISTRATOR)
    stands_in(other, third)
    stands_in(administrator, third)

    assert fresh(third).roles() == set()
    with pytest.raises(Refused, match="ingen egen roll"):
        roles.add_substitute(
            administrator, administrator, NOW, substitute=third, starts_on=TODAY, ends_on=TODAY, reason="Semester"
        )


def test_a_substitute_is_told_what_the_other_is_told(away: tuple[User, User]) -> None:
    officer, other = away
    case = factories.case(Step.PREPARATION)
    Case.objects.filter(pk=case.pk).update(officer=officer)

    assert set(notices.holders(Role.OFFICER, Case.objects.get(pk=case.pk))) == {officer, other}


def test_a_substitute_may_be_ended_by_the_person_and_by_an_administrator_only(away: tuple[User, User]) -> None:
    officer, other = away
    made = Substitute.objects.get(person=officer)
    address = reverse("substitute_end", kwargs={"pk": made.pk})

    assert browser(other).post(address).status_code == 403
    assert browser(officer).post(address).status_code == 302
    assert fresh(other).roles() == set()


# Notes


def _note(case: Case, user: User, text: str, kind: str = "note", mentions: tuple[int, ...] = ()) -> Note:
    words = Sealed(text)
    words.mentions = mentions
    act = note_acts.write_note if kind == "note" else note_acts.write_message
    readers = access.readers(case, Note.Kind.INTERNAL if kind == "note" else Note.Kind.MESSAGE)
    return act(case, user, NOW, words=words, readers=readers).note


def test_an_internal_note_is_read_by_its_readers_and_leaks_nowhere() -> None:
    case = factories.case(Step.PREPARATION)
    officer, auditor = factories.user(Role.OFFICER), factories.user(Role.AUDITOR)
    member, applicant = factories.user(Role.COUNCIL), factories.user(Role.APPLICANT, case.owner)
    secret = "Hemligheten om xylofonen"
    note = _note(case, officer, secret)
    _note(case, applicant, "Hej, hur går det?", "message")
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
        _note(case, officer, "Se detta.", mentions=(applicant.pk,))
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
    note = _note(case, officer, "Fel belopp.")
    with pytest.raises(Refused):
        note_acts.strike_note(case, other, NOW, row=note, words=Sealed("Inte min."))

    note_acts.strike_note(case, officer, NOW, row=note, words=Sealed("Beloppet var fel."))

    page = browser(other).get(reverse("case_notes", kwargs={"number": case.number})).content.decode()
    assert "Struken" in page
    assert "Fel belopp." in page


# Asking for access


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


# The administrator's pages


def test_an_administrator_adds_a_person_gives_a_role_with_a_last_day_and_takes_it() -> None:
    administrator, board = factories.user(Role.ADMINISTRATOR), factories.namnd()
    client = browser(administrator)
    told = {"first_name": "Ny", "last_name": "Person", "title": "", "email": "Ny.Person@example.org"}
    made = client.post(reverse("person_new"), told)
    who = User.objects.get(email="ny.person@example.org")
    assert made["Location"] == reverse("person", kwargs={"pk": who.pk})

    here = {"pk": who.pk}
    last = (TODAY + timedelta(days=60)).isoformat()
    wrong = client.post(reverse("person_give", kwargs=here), {"role": "applicant", "namnd": ""})
    assert wrong.status_code == 422
    client.post(reverse("person_give", kwargs=here), {"role": "applicant", "namnd": board.pk, "last_day": last})
    assert fresh(who).grants.namnder(Role.APPLICANT) == [board.pk]
    assert last[:4] in client.get(reverse("person", kwargs=here)).content.decode()

    client.post(reverse("person_take", kwargs=here), {"role": "applicant", "namnd": board.pk})
    assert fresh(who).roles() == set()
    client.post(reverse("person_close", kwargs=here))
    assert not fresh(who).is_active


@pytest.mark.parametrize("name", ["people", "person_new", "access_report", "access_report_csv"])
def test_the_pages_of_people_are_closed_to_others(name: str) -> None:
    assert browser(factories.user(Role.OFFICER)).get(reverse(name)).status_code == 403


def test_the_report_names_no_case_to_an_administrator() -> None:
    case = factories.case(Step.PREPARATION)
    factories.user(Role.STEERING, case)
    administrator, auditor = factories.user(Role.ADMINISTRATOR), factories.user(Role.AUDITOR)

    assert case.number not in browser(administrator).get(reverse("access_report")).content.decode()
    assert case.number in browser(auditor).get(reverse("access_report")).content.decode()
    file = b"".join(browser(auditor).get(reverse("access_report_csv")))
    assert case.number in file.decode()


def test_the_database_refuses_a_substitute_for_oneself_and_one_that_ends_before_it_begins() -> None:
    one, other = factories.user(), factories.user()
    for person, substitute, days in ((one, one, (0, 1)), (one, other, (2, 1))):
        with pytest.raises(IntegrityError), transaction.atomic():
            stands_in(person, substitute, days)


def test_starts_at_offers_notes_everywhere() -> None:
    assert all({"write_note", "write_message"} <= {row.name for row in starts_at(step)} for step in Step)


def test_a_last_day_in_the_past_is_refused() -> None:
    with pytest.raises(Refused):
        roles.give(factories.user(), Role.OFFICER, until=date(2020, 1, 1))


def test_a_request_is_a_task_of_the_officer_and_of_who_stands_in_for_her(away: tuple[User, User]) -> None:
    officer, other = away
    case = factories.case(Step.IMPLEMENTATION)
    Case.objects.filter(pk=case.pk).update(officer=officer)
    colleague = factories.user(Role.OFFICER)
    send(factories.user(), case.number, "Jag utreder frågan.", NOW)

    waits = {user: [row["turn"] for row in todo.tasks(fresh(user), 9)] for user in (officer, other, colleague)}

    assert waits == {officer: ["grant_access"], other: ["grant_access"], colleague: []}


@pytest.mark.parametrize("page", ["behorighet/", "behorighet/atgarder/", "anteckningar/"])
def test_the_pages_of_access_ask_as_many_questions_however_long_the_history(page: str) -> None:
    case, officer = factories.case(Step.PREPARATION), factories.user(Role.OFFICER)
    _note(case, officer, "En.")

    def asked() -> int:
        client = browser(officer)
        client.get(case.get_absolute_url() + page)
        with CaptureQueriesContext(connection) as found:
            assert client.get(case.get_absolute_url() + page).status_code == 200
        return len(found)

    few = asked()
    for _number in range(10):
        _note(case, officer, "Fler.", "message")
        factories.user(Role.CONTROLLER)
    assert asked() == few
