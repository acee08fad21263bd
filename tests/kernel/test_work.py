"""How work is spread: saved views, acts on many cases, reminders, rules for officers, and leaving."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from fundportal import actions, bulk, notices, officers, roles, saved
from fundportal.errors import Refused
from fundportal.models import Bulk, BulkItem, Case, Event, ExportLog, Jav, Letter, OfficerRule, SavedView, User
from fundportal.process import Role, Step
from fundportal.queue import Wanted
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def officer() -> User:
    return factories.user(Role.OFFICER, first_name="Karin", last_name="Ek")


@pytest.fixture
def other() -> User:
    return factories.user(Role.OFFICER, first_name="Omar", last_name="Ali")


def declare(case: Case, user: User) -> None:
    actions.declare_jav(case, user, timezone.now(), reason="Släkt med sökanden.")


# Saved views


def test_a_shared_view_is_seen_by_colleagues_and_recorded_and_shows_each_her_own_cases(
    client: Client, officer: User, other: User
) -> None:
    closed = factories.case(Step.PREPARATION, title="Skola ett")
    factories.case(Step.PREPARATION, title="Skola två")
    declare(closed, other)
    view = saved.save(officer, NOW, "Skolor", Wanted(q="skola"), shared=True, first=False)
    client.force_login(other)

    page = client.get("/arenden/").content.decode()
    shown = client.get("/arenden/" + saved.asked(view).address()).content.decode()

    assert "Skolor, delad av Karin Ek" in page
    assert "Skola två" in shown
    assert "Skola ett" not in shown
    assert Event.objects.filter(case=None, fund=None, action="share_view").count() == 1


def test_a_view_of_ones_own_is_seen_by_nobody_else_and_a_board_user_shares_none(officer: User, other: User) -> None:
    saved.save(officer, NOW, "Min", Wanted(q="x"), shared=False, first=False)
    staff = factories.user(Role.APPLICANT, factories.namnd())
    saved.save(officer, NOW, "Delad", Wanted(q="x"), shared=True, first=False)

    assert [view.name for view in saved.seen(other)] == ["Delad"]
    assert list(saved.seen(staff)) == []
    with pytest.raises(Refused, match="stadsledningskontoret"):
        saved.save(staff, NOW, "Vår", Wanted(), shared=True, first=False)


def test_the_queue_opens_with_the_first_view_and_all_is_still_one_click_away(client: Client, officer: User) -> None:
    client.force_login(officer)
    made = client.post("/arenden/vyer/spara/?q=skola&sort=-belopp", {"name": "Först", "first": "on"})

    opened = client.get("/arenden/")

    assert made.status_code == opened.status_code == 302
    assert opened["Location"] == "/arenden/?q=skola&sort=-belopp"
    assert client.get("/arenden/?vy=").status_code == 200


def test_a_view_is_renamed_and_removed_by_its_owner_only(client: Client, officer: User, other: User) -> None:
    view = saved.save(officer, NOW, "Delad", Wanted(q="x"), shared=True, first=False)
    client.force_login(other)
    address = f"/arenden/vyer/{view.pk}/"

    assert client.post(address, {"remove": "1"}).status_code == 422
    assert client.post(address, {"name": "Kapad", "first": "on"}).status_code == 302
    client.force_login(officer)
    client.post(address, {"name": "Mitt", "shared": ""})

    assert SavedView.objects.get().name == "Mitt"
    client.force_login(other)
    assert client.get(address).status_code == 404
    client.force_login(officer)
    client.post(address, {"remove": "1"})
    assert SavedView.objects.count() == 0


# Acts on many cases


def test_each_case_is_asked_again_and_each_has_its_own_event_and_result(
    client: Client, officer: User, other: User
) -> None:
    good, shut = factories.case(Step.PREPARATION, title="Går"), factories.case(Step.PREPARATION, title="Jäv")
    ended = factories.case(Step.CLOSED, title="Slut")
    declare(shut, other)
    client.force_login(officer)
    asked = {"atgard": "assign", "urval": "valda", "arende": [good.pk, shut.pk, ended.pk]}
    page = client.get("/arenden/flera/ny/", asked)
    told = {"officer": other.pk, "reason": "Fördelning", "_key": str(uuid4()), "_count": "3"}

    answer = client.post(f"/arenden/flera/ny/?{page.request['QUERY_STRING']}", told)
    again = client.post(f"/arenden/flera/ny/?{page.request['QUERY_STRING']}", told)

    made = Bulk.objects.get()
    shown = client.get(answer["Location"]).content.decode()
    items = {item.case.title: item for item in made.items.select_related("case", "event")}
    assert again["Location"] == answer["Location"]
    assert {title: item.state for title, item in items.items()} == {"Går": "done", "Jäv": "refused", "Slut": "refused"}
    done = items["Går"].event
    assert done
    assert done.data["bulk"] == made.pk
    assert "har anmält jäv" in items["Jäv"].reason
    assert "1 av 3 gjorda, 2 nekade" in shown
    good.refresh_from_db()
    assert good.officer == other


def test_the_whole_selection_is_told_by_its_number_and_confirmed_as_that_number(client: Client, officer: User) -> None:
    for number in range(23):
        factories.case(Step.PREPARATION, title=f"Skola {number}")
    client.force_login(officer)
    address = "/arenden/flera/ny/?atgard=assign&urval=alla&q=skola"
    told = {"officer": officer.pk, "_key": str(uuid4()), "_count": "23"}

    assert "Alla 23 ärenden i urvalet" in client.get("/arenden/?q=skola").content.decode()
    assert "23 ärenden" in client.get(address).content.decode()
    factories.case(Step.PREPARATION, title="Skola sist")
    changed = client.post(address, told)

    assert changed.status_code == 422
    assert "Urvalet har ändrats" in changed.content.decode()
    assert client.post(address, told | {"_count": "24"}).status_code == 302
    assert Case.objects.filter(officer=officer).count() == 24


def test_many_cases_are_left_to_the_worker_and_done_once_however_often_it_runs(
    client: Client, officer: User, django_capture_on_commit_callbacks: object
) -> None:
    cases = [factories.case(Step.PREPARATION) for _number in range(bulk.AT_ONCE + 1)]
    made = bulk.begin(officer, NOW, Bulk.Kind.ASSIGN, [case.pk for case in cases], {"officer": officer.pk}, {}, uuid4())
    client.force_login(officer)

    waiting = client.get(f"/arenden/flera/{made.pk}/").content.decode()
    assert bulk.unfinished() == [made.pk]
    bulk.run(made.pk)
    bulk.run(made.pk)

    assert f"{bulk.AT_ONCE + 1} väntar" in waiting
    assert "<progress" in waiting
    assert bulk.unfinished() == []
    assert Event.objects.filter(action="assign").count() == bulk.AT_ONCE + 1


def test_rights_are_those_of_the_moment_it_is_done(officer: User) -> None:
    case = factories.case(Step.PREPARATION)
    other = factories.user(Role.OFFICER)
    made = bulk.begin(officer, NOW, Bulk.Kind.ASSIGN, [case.pk], {"officer": other.pk}, {}, uuid4())
    roles.take(officer, Role.OFFICER)
    roles.give(officer, Role.AUDITOR)

    bulk.run(made.pk)

    assert made.items.get().state == BulkItem.State.REFUSED
    assert "Den rollen har inte du" in made.items.get().reason


def test_too_many_and_strangers_are_refused(client: Client, officer: User) -> None:
    with pytest.raises(Refused, match="Högst 500"):
        bulk.begin(officer, NOW, Bulk.Kind.ASSIGN, range(501), {}, {}, uuid4())
    staff = factories.user(Role.APPLICANT, factories.namnd())
    case = factories.case(Step.PREPARATION)
    made = bulk.begin(officer, NOW, Bulk.Kind.EXPORT, [case.pk], {}, {}, uuid4())
    client.force_login(staff)

    assert client.get("/arenden/flera/ny/?atgard=assign&arende=1").status_code == 403
    assert client.get(f"/arenden/flera/{made.pk}/").status_code == 404
    assert "Gör samma sak" not in client.get("/arenden/").content.decode()


def test_a_selection_is_exported_with_what_is_visible_when_it_is_fetched(client: Client, officer: User) -> None:
    cases = [factories.case(Step.PREPARATION, title=f"Nr {number}") for number in range(3)]
    client.force_login(officer)
    address = "/arenden/flera/ny/?atgard=export&urval=valda" + "".join(f"&arende={case.pk}" for case in cases)
    place = client.post(address, {"_key": str(uuid4()), "_count": "3"})["Location"]
    declare(cases[0], officer)

    text = client.get(f"{place}arenden.csv").getvalue().decode()

    assert "Nr 1" in text
    assert "Nr 0" not in text
    assert ExportLog.objects.get().rows == 2


def test_the_case_tells_who_took_it_out_alone_or_among_many(client: Client, officer: User) -> None:
    first, other = (factories.case(Step.PREPARATION, title=f"Nr {number}") for number in range(2))
    happened = first.events.count()
    client.force_login(officer)
    address = f"/arenden/flera/ny/?atgard=export&urval=valda&arende={first.pk}"
    place = client.post(address, {"_key": str(uuid4()), "_count": "1"})["Location"]
    client.get(f"{place}arenden.csv").getvalue()
    client.get(f"{first.get_absolute_url()}behorighet.csv").getvalue()
    client.get("/export/arenden.csv").getvalue()
    owner = factories.user(Role.APPLICANT, first.owner)

    def told(case: Case) -> str:
        return client.get(f"{case.get_absolute_url()}behorighet/").content.decode()

    assert "Valda ärenden, massåtgärd" in told(first)
    assert "1 ärende i filen" in told(first)
    assert f"Vem som kan se {first.number}" in told(first)
    assert "Ingen har tagit ut ärendet" in told(other)
    assert first.events.count() == happened
    client.force_login(owner)
    assert "massåtgärd" not in told(first)


# Reminders


def test_a_reminder_goes_to_whose_turn_it_is_once_a_day(officer: User) -> None:
    board = factories.namnd()
    writer = factories.user(Role.APPLICANT, board)
    case = factories.case(Step.APPLICATION, owner=board, officer=officer)

    event = actions.remind(case, officer, NOW, message="Hör av er.")
    notices.tell(event.pk)

    letter = Letter.objects.get(user=writer)
    assert "Hör av er." in letter.body
    assert letter.by_mail
    with pytest.raises(Refused, match="redan gått i dag"):
        actions.remind(case, officer, NOW)
    actions.remind(case, officer, NOW + timedelta(days=1))


def test_nobody_is_reminded_of_her_own_turn(officer: User) -> None:
    with pytest.raises(Refused, match="ingen att påminna"):
        actions.remind(factories.case(Step.PREPARATION, officer=officer), officer, NOW)
    with pytest.raises(Refused, match="inte tilldelat"):
        actions.remind(factories.case(Step.PREPARATION), officer, NOW)


# Leaving


def test_nobody_leaves_with_open_cases(client: Client, officer: User, other: User) -> None:
    for number in range(3):
        factories.case(Step.PREPARATION, officer=officer, title=f"Öppet {number}")
    factories.case(Step.CLOSED, officer=officer)
    with pytest.raises(IntegrityError, match="hand them over first"), transaction.atomic():
        User.objects.filter(pk=officer.pk).update(is_active=False)
    with pytest.raises(Refused, match="3 öppna ärenden"):
        roles.take(officer, Role.OFFICER)
    client.force_login(other)
    address = f"/arenden/overlamna/?fran={officer.pk}"
    shown = client.get(address).content.decode()

    told = {"officer": other.pk, "reason": "Slutar i juni.", "_key": str(uuid4()), "_count": "3"}
    assert client.post(address, told | {"reason": ""}).status_code == 422
    assert client.post(address, told).status_code == 302

    assert "3 öppna ärenden" in shown
    assert "Öppet 2" in shown
    assert officers.open_cases(officer).count() == 0
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert Event.objects.filter(action="assign", data__reason="Slutar i juni.").count() == 3


def test_what_cannot_be_handed_over_stays_and_is_told(client: Client, officer: User, other: User) -> None:
    declare(factories.case(Step.PREPARATION, officer=officer, title="Jäv"), other)
    third = factories.user(Role.OFFICER)
    client.force_login(third)
    told = {"officer": other.pk, "reason": "Slutar.", "_key": str(uuid4()), "_count": "1"}

    client.post(f"/arenden/overlamna/?fran={officer.pk}", told)

    assert officers.open_cases(officer).count() == 1
    assert "har anmält jäv" in BulkItem.objects.get().reason
    client.force_login(other)
    assert "Ett ärende till kan du inte se" in client.get(f"/arenden/overlamna/?fran={officer.pk}").content.decode()


# Rules for officers


@pytest.fixture
def admin() -> User:
    return factories.user(Role.ADMINISTRATOR)


def test_the_first_rule_that_fits_proposes_and_the_trace_says_why(admin: User, officer: User, other: User) -> None:
    farsta = factories.namnd("Farsta")
    case = factories.case(Step.IDEA_CHECK, owner=farsta, title="Trygg hemgång för äldre")
    gone = factories.user(Role.OFFICER, first_name="Gun", last_name="Gran")
    for given in (
        {"namnd": factories.namnd("Norrmalm"), "officer": other},
        {"round": factories.round_(name="Hösten"), "officer": other},
        {"target": "förskol", "officer": other},
        {"namnd": farsta, "officer": gone},
        {"target": "äldr", "officer": other},
        {"officer": officer},
    ):
        officers.add(admin, NOW, given)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    Jav.objects.create(case=case, user=other, event=case.events.get(no=1))

    found = officers.propose(case)

    assert found.officer == officer
    assert found.why == "Regel 6: alla ärenden → Karin Ek"
    assert [it.text for it in found.tried] == [
        "Regel 1: Norrmalm → Omar Ali. Passar inte: projektägaren är Farsta.",
        f"Regel 2: Hösten → Omar Ali. Passar inte: ärendet hör till {case.round.name}.",
        "Regel 3: ”förskol” → Omar Ali. Passar inte: ”förskol” finns inte i det som lämnats in.",
        "Regel 4: Farsta → Gun Gran. Passar, men Gun Gran är inte längre aktiv.",
        "Regel 5: ”äldr” → Omar Ali. Passar, men Omar Ali har anmält jäv i ärendet.",
        "Regel 6: alla ärenden → Karin Ek. Passar.",
    ]


def test_the_proposal_is_shown_and_chosen_first_where_a_case_is_assigned(
    client: Client, admin: User, officer: User, other: User
) -> None:
    officers.add(admin, NOW, {"officer": other})
    case = factories.case(Step.IDEA_CHECK)
    client.force_login(officer)

    page = client.get(f"/arenden/{case.number}/tilldela/").content.decode()

    assert "Föreslagen handläggare: Omar Ali" in page
    assert f'value="{other.pk}" selected' in page


def test_rules_are_edited_by_the_administrator_and_every_change_is_recorded(
    client: Client, admin: User, officer: User, other: User
) -> None:
    client.force_login(admin)
    for who in (officer, other):
        client.post("/administration/handlaggarregler/ny/", {"officer": who.pk, "target": "skola"})
    first, second = OfficerRule.objects.all()
    client.post("/administration/handlaggarregler/", {"do": f"down-{first.pk}"})
    client.post(f"/administration/handlaggarregler/{second.pk}/", {"officer": other.pk, "target": "äldre"})
    client.post("/administration/handlaggarregler/", {"do": f"remove-{second.pk}"})

    assert [(rule.pk, rule.place) for rule in OfficerRule.objects.all()] == [(first.pk, 1)]
    acts = list(Event.objects.filter(case=None, fund=None).order_by("no").values_list("action", flat=True))
    assert acts == [f"{what}_officer_rule" for what in ("add", "add", "move", "change", "remove")]
    client.force_login(officer)
    assert client.get("/administration/handlaggarregler/").status_code == 200
    assert client.get("/administration/handlaggarregler/ny/").status_code == 403
    assert client.post("/administration/handlaggarregler/", {"do": f"remove-{first.pk}"}).status_code == 403


def test_many_cases_go_to_whom_the_rules_propose(admin: User, officer: User, other: User) -> None:
    officers.add(admin, NOW, {"target": "skola", "officer": other})
    school, none = factories.case(Step.PREPARATION, title="Skola"), factories.case(Step.PREPARATION, title="Annat")
    made = bulk.begin(officer, NOW, Bulk.Kind.ASSIGN, [school.pk, none.pk], {"officer": bulk.BY_RULES}, {}, uuid4())

    bulk.run(made.pk)

    assert [item.state for item in made.items.all()] == ["done", "refused"]
    school.refresh_from_db()
    assert school.officer == other
