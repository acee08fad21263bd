"""The council meets: agenda, call, minutes that are adjusted, and each case's own part of them."""

import json
from datetime import date, time, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fundportal import chain, criteria, flow
from fundportal.actions import declare_jav
from fundportal.errors import Refused
from fundportal.models import Case, Event, Letter, User
from fundportal.process import ACTIONS, Role, Step
from reviews import actions
from reviews.actions import criteria_edit, meetings, minutes
from reviews.models import Before, Condition, Meeting, Presence, Seat, Verdict
from reviews.needs import conditions, planned_meetings, unjudged_ties
from tests import factories
from tests.factories import AT
from tests.reviews.council.scene import LATER, MEETING, REASONS, assess, conclude, idea

pytestmark = pytest.mark.django_db
NOON = time(12, 0)
DUE = date(2027, 5, 1)


@pytest.fixture
def case() -> Case:
    """An idea that the council has before it on the day of the meeting."""
    it = factories.case(Step.COUNCIL)
    Case.objects.filter(pk=it.pk).update(due_on=MEETING)
    idea(it)
    return Case.objects.get(pk=it.pk)


@pytest.fixture
def meeting(case: Case, members: list[User], officer: User) -> Meeting:
    """A meeting on the day the case was sent to."""
    for nth, member in enumerate(members):
        seat = (Seat.CHAIR, Seat.MEMBER, Seat.MEMBER, Seat.SUBSTITUTE)[nth]
        meetings.seat(officer, AT, person=member, seat=seat, since=date(2020, 1, 1))
    return meetings.plan(
        officer, AT, fund=case.fund, held_on=MEETING, begins=NOON, place="Stadshuset", adjuster=members[0]
    )


def minute(meeting: Meeting, officer: User, there: list[User], absences: list[dict[str, object]] | None = None) -> None:
    """Note who was there; the fourth serves if she was."""
    rows = [{"member": user, "presence": Presence.PRESENT, "replaces": None} for user in there]
    meetings.minute(officer, LATER, meeting=meeting, attendance=rows, absences=absences or [])


def adjusted(case: Case, meeting: Meeting, members: list[User], officer: User) -> None:
    """Held, concluded, minuted and adjusted."""
    assess(case, *members[:3])
    conclude(case, officer, members[:3])
    minute(meeting, officer, members[:3])
    meetings.put_forward(officer, LATER, meeting=meeting)
    meetings.adjust(members[0], LATER, meeting=meeting, version=1)


def test_a_case_sent_to_the_council_stands_on_the_agenda_of_its_day(
    case: Case, meeting: Meeting, officer: User
) -> None:
    other = factories.case(Step.IDEA_CHECK)
    Case.objects.filter(pk=other.pk).update(fund=meeting.fund)
    event = Event(
        case=Case.objects.get(pk=other.pk), action="send_to_council", by=officer, by_name="X", at=AT,
        from_step=other.step, data={"meeting_on": MEETING.isoformat()},
    )  # fmt: skip

    meetings.put_on_agenda(event)
    meetings.put_on_agenda(event)

    assert [item.case for item in meeting.items.all()] == [case, other]


def test_the_agenda_is_ordered_and_a_matter_of_the_councils_own_may_stand_there(
    meeting: Meeting, officer: User
) -> None:
    item = meetings.add(officer, AT, meeting=meeting, title="Arbetsordning")
    meetings.arrange(officer, AT, item=item, how="up")
    assert str(meeting.items.first()) == "Arbetsordning"

    meetings.arrange(officer, AT, item=item, how="remove")

    assert meeting.items.count() == 1
    assert chain.verify(None) == []


def test_the_call_goes_to_every_member_and_names_no_case(case: Case, meeting: Meeting, officer: User) -> None:
    meetings.call(officer, AT, meeting=meeting)

    letters = list(Letter.objects.filter(event__action="call_meeting"))
    assert len(letters) == 4
    assert all(case.number not in letter.body and case.title not in letter.body for letter in letters)
    assert all(meeting.get_absolute_url() in letter.body for letter in letters)


def test_the_minutes_list_attendance_jav_replacement_standpoint_and_reservation(
    case: Case, meeting: Meeting, members: list[User], officer: User
) -> None:
    declare_jav(case, members[1], AT, reason="Jag leder den verksamhet som söker.")
    assess(case, members[0], members[2], members[3])
    conclude(
        case, officer, [members[0], members[2], members[3]],
        reservations=[{"member": members[2], "text": "Kostnaden är för hög."}],
    )  # fmt: skip
    item = meeting.items.get()
    absence = {"item": item, "member": members[1], "why": "jav", "replaced_by": members[3]}
    minute(meeting, officer, members, [absence])

    told = json.dumps(minutes.whole(meeting, ""), ensure_ascii=False)

    assert f"{members[1].get_full_name()}: jäv, ersätts av {members[3].get_full_name()}" in told
    assert "Kostnaden är för hög." in told
    assert "Tillstyrker" in told
    assert all(member.get_full_name() in told for member in members)


def test_one_with_jav_in_a_case_replaces_nobody_there_and_one_who_is_away_nobody_anywhere(
    case: Case, meeting: Meeting, members: list[User], officer: User
) -> None:
    declare_jav(case, members[3], AT, reason="Jag leder den verksamhet som söker.")
    item = meeting.items.get()
    with pytest.raises(Refused, match="har jäv i ärendet"):
        minute(
            meeting, officer, members, [{"item": item, "member": members[1], "why": "other", "replaced_by": members[3]}]
        )
    with pytest.raises(Refused, match="inte närvarande"):
        minute(
            meeting, officer, members[:2],
            [{"item": item, "member": members[1], "why": "other", "replaced_by": members[2]}],
        )  # fmt: skip


def test_the_adjusted_minutes_stand_and_each_case_has_its_own_part_only(
    case: Case, meeting: Meeting, members: list[User], officer: User
) -> None:
    other = factories.case(Step.COUNCIL)
    Case.objects.filter(pk=other.pk).update(fund=case.fund)
    idea(other)
    meetings.add(officer, AT, meeting=meeting, case=Case.objects.get(pk=other.pk))

    adjusted(case, meeting, members, officer)

    part = case.documents.get(kind="minutes_extract")
    assert case.title in part.content
    assert other.number not in part.content
    assert f"av {members[0].get_full_name()}" in json.loads(part.content)["adjusted"]
    assert [row.document.version for row in meeting.minutes.all()] == [1, 2]
    with pytest.raises(Refused, match="justerat"):
        meetings.add(officer, LATER, meeting=meeting, title="Något mer")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        meeting.minutes.update(approves=None)
    assert chain.verify(None) == []


def test_only_the_appointed_adjusts_and_exactly_the_latest_version(
    case: Case, meeting: Meeting, members: list[User], officer: User
) -> None:
    minute(meeting, officer, members)
    meetings.put_forward(officer, LATER, meeting=meeting)
    meetings.put_forward(officer, LATER, meeting=meeting)

    with pytest.raises(Refused, match="ny version"):
        meetings.adjust(members[0], LATER, meeting=meeting, version=1)
    with pytest.raises(Refused, match="justeras av"):
        meetings.adjust(members[1], LATER, meeting=meeting, version=2)
    declare_jav(case, members[0], AT, reason="Jag leder den verksamhet som söker.")
    with pytest.raises(Refused, match="har jäv"):
        meetings.adjust(members[0], LATER, meeting=meeting, version=2)


def test_minutes_are_not_written_before_the_meeting(meeting: Meeting, members: list[User], officer: User) -> None:
    with pytest.raises(Refused, match="inte hållits"):
        meetings.minute(officer, AT, meeting=meeting, attendance=[{"member": members[0], "presence": "present"}])


def test_one_with_jav_reads_the_meeting_but_not_that_item_nor_the_whole_minutes(
    case: Case, meeting: Meeting, members: list[User], officer: User
) -> None:
    adjusted(case, meeting, members, officer)
    whole = meeting.minutes.last()
    assert whole is not None
    client = Client()
    client.force_login(members[2])
    paper = reverse("meeting_paper", kwargs={"pk": meeting.pk, "paper": whole.document_id})
    assert case.title in client.get(meeting.get_absolute_url()).content.decode()
    assert client.get(paper).status_code == 200

    declare_jav(case, members[2], LATER, reason="Jag leder den verksamhet som söker.")

    page = client.get(meeting.get_absolute_url()).content.decode()
    assert case.title not in page
    assert REASONS.strip()[:40] not in page
    assert client.get(paper).status_code == 403
    assert client.get(paper + "pdf/").status_code == 403


@pytest.mark.parametrize(("role", "answer"), [(Role.APPLICANT, 403), (Role.ADMINISTRATOR, 403), (Role.AUDITOR, 200)])
def test_meetings_are_read_by_the_council_the_office_and_the_auditor(meeting: Meeting, role: Role, answer: int) -> None:
    client, case = Client(), meeting.items.get().case
    assert case
    client.force_login(factories.user(role, case.owner if role == Role.APPLICANT else None))

    assert client.get(meeting.get_absolute_url()).status_code == answer


def test_a_meeting_is_planned_called_minuted_and_put_forward_by_its_pages(
    case: Case, members: list[User], officer: User
) -> None:
    client, today = Client(), timezone.localdate()
    client.force_login(officer)
    typed = {"held_on": today.isoformat(), "begins": "13.30", "place": "Rum 4", "adjuster": str(members[0].pk)}
    assert client.post(reverse("plan_meeting"), typed | {"begins": "sen"}).status_code == 422
    assert client.post(reverse("plan_meeting"), typed).status_code == 302
    it = Meeting.objects.get()
    at = {"pk": it.pk}
    client.post(reverse("add_item", kwargs=at), {"case": str(case.pk)})
    client.post(reverse("add_item", kwargs=at), {"title": "Övrigt"})
    client.post(reverse("arrange_item", kwargs={**at, "item": it.items.get(title="Övrigt").pk}), {"how": "up"})
    client.post(reverse("call_meeting", kwargs=at))
    written = client.get(reverse("minute_meeting", kwargs=at))
    assert written.status_code == 200
    presence = {f"p{member.pk}": "present" for member in members}
    assert client.post(reverse("minute_meeting", kwargs=at), presence).status_code == 302
    client.post(reverse("put_minutes_forward", kwargs=at))

    it.refresh_from_db()
    assert it.called_at
    assert [str(item) for item in it.items.all()] == ["Övrigt", case.title]
    assert it.minutes.count() == 1
    client.force_login(members[0])
    client.post(reverse("adjust_minutes", kwargs=at), {"version": "1"})
    assert meetings.is_adjusted(it)
    assert client.get(it.get_absolute_url()).status_code == 200


def test_conditions_follow_the_case_and_stop_what_they_should_until_an_officer_has_seen_them_met(
    case: Case, members: list[User], officer: User
) -> None:
    assess(case, *members[:3])
    rows = [
        {"text": "Avtal med regionen.", "due_on": DUE, "before": Before.DECISION},
        {"text": "Utse mottagande chef.", "due_on": DUE, "before": Before.APPLICATION},
    ]
    conclude(case, officer, members[:3], verdict=Verdict.CONDITIONAL, conditions=rows)
    case = Case.objects.get(pk=case.pk)

    def stopped(name: str) -> list[str]:
        fresh = Case.objects.get(pk=case.pk)
        fresh.step = ACTIONS[name].at[0]
        return [line for line in flow.missing(ACTIONS[name], fresh, AT) if "Rådets villkor" in line]

    assert "Utse mottagande chef." in stopped("submit_application")[0]
    assert "Avtal med regionen." in stopped("sign_decision")[0]
    assert stopped("requisition") == []
    due = list(conditions(DUE - timedelta(days=3)))
    assert {item.role for item in due} == {Role.APPLICANT, Role.OFFICER}

    chosen = Condition.objects.get(before=Before.APPLICATION)
    given = {"condition": chosen, "met_on": MEETING, "met_by": "SDF Skärholmen", "proof": "Beslut 2027-03-10."}
    actions.fulfil_condition(case, officer, LATER, **given)

    assert stopped("submit_application") == []
    assert stopped("sign_decision") != []
    with pytest.raises(Refused, match="väntar inte"):
        actions.fulfil_condition(case, officer, LATER, **given)


def test_per_capsulam_takes_those_who_have_assessed(case: Case, members: list[User], officer: User) -> None:
    assess(case, *members[:3])
    with pytest.raises(Refused, match="per capsulam"):
        conclude(case, officer, members, manner="capsulam")

    conclude(case, officer, members[:3], manner="capsulam")

    rows = dict(json.loads(case.documents.get(kind="council_opinion").content)["sections"][0]["rows"])
    assert "Per capsulam" in rows
    assert "Deltagande ledamöter" in rows


def test_the_criteria_of_a_round_are_worded_until_the_first_assessment(
    case: Case, members: list[User], officer: User
) -> None:
    usual = criteria.of(case.round)
    told = [criteria.Criterion("K1", "Bryter utanförskap", "Nya ord.", gate=True), *usual[1:]]
    criteria_edit.reword(officer, AT, round_=case.round, told=told)
    case = Case.objects.get(pk=case.pk)
    assert criteria.of(case.round)[0].label == "K1 Bryter utanförskap"
    assert criteria.of(case.round)[1] == usual[1]
    assess(case, *members[:3], K1=0)
    with pytest.raises(Refused, match="Bryter utanförskap"):
        conclude(case, officer, members[:3])

    with pytest.raises(Refused, match="redan bedömt"):
        criteria_edit.reword(officer, AT, round_=case.round, told=usual)


def test_a_draft_of_an_assessment_is_kept_for_the_member_alone(case: Case, members: list[User]) -> None:
    client, at = Client(), {"number": case.number}
    client.force_login(members[0])

    client.post(reverse("assess", kwargs=at), {"_draft": "1", "K1": "3", "K1_reason": "Halvfärdig tanke."})
    kept = client.post(reverse("assess", kwargs=at), {"_draft": "auto", "K1": "3", "K1_reason": "Halvfärdig tanke 2."})

    assert kept.json()["saved"].startswith("Sparat kl.")
    assert "Halvfärdig tanke 2." in client.get(reverse("assess", kwargs=at)).content.decode()
    client.force_login(members[1])
    assert "Halvfärdig" not in client.get(reverse("assess", kwargs=at)).content.decode()


def test_seats_follow_each_other(members: list[User], officer: User) -> None:
    first = meetings.seat(officer, AT, person=members[0], seat=Seat.MEMBER, since=date(2020, 1, 1))
    meetings.seat(officer, AT, person=members[0], seat=Seat.CHAIR, since=date(2026, 1, 1))

    first.refresh_from_db()
    assert first.until == date(2025, 12, 31)
    with pytest.raises(Refused, match="före sin första dag"):
        meetings.unseat(officer, AT, member=first, until=date(2019, 1, 1))


def test_who_left_for_an_item_stands_in_the_minutes_with_the_clock(
    case: Case, meeting: Meeting, members: list[User], officer: User
) -> None:
    row = {"item": meeting.items.get(), "member": members[1], "why": "other"}
    with pytest.raises(Refused, match="kan inte ha kommit åter"):
        minute(meeting, officer, members[:3], [row | {"left_at": time(13, 30), "back_at": time(13, 0)}])

    minute(meeting, officer, members[:3], [row | {"left_at": time(13, 30), "back_at": time(14, 10)}])

    assert "kl. 13.30–14.10" in minutes.items(meeting)[0].stood_aside[0]


def test_a_case_goes_to_the_planned_meeting_that_was_chosen(case: Case, officer: User) -> None:
    today = timezone.localdate()
    planned = meetings.plan(
        officer, timezone.now(), fund=case.fund, held_on=today + timedelta(days=7), begins=NOON, place="Stadshuset"
    )
    other = factories.case(Step.COUNCIL, round=case.round)

    def sent(day: date) -> None:
        data = {"meeting_on": day.isoformat(), "meeting_id": planned.pk}
        meetings.put_on_agenda(Event(case=other, action="send_to_council", data=data))

    assert [it.pk for it in planned_meetings(case)] == [planned.pk]
    sent(planned.held_on)
    assert planned.items.get().case == other
    with pytest.raises(Refused, match="Välj ett annat"):
        sent(planned.held_on + timedelta(days=1))
    meetings.cancel(officer, timezone.now(), meeting=planned, reason="För få ledamöter.")
    assert planned_meetings(case) == []


def test_ties_that_nobody_has_judged_are_reminded_of_before_the_meeting(
    case: Case, members: list[User], officer: User
) -> None:
    today = timezone.localdate()
    planned = meetings.plan(
        officer, timezone.now(), fund=case.fund, held_on=today + timedelta(days=5), begins=NOON, place="Stadshuset"
    )
    meetings.add(officer, timezone.now(), meeting=planned, case=case)
    assert list(unjudged_ties(today)) == []
    meetings.seat(officer, AT, person=members[0], seat=Seat.MEMBER, since=date(2020, 1, 1), namnd=case.owner)

    due = list(unjudged_ties(today))

    assert [(it.case, it.day, list(it.users)) for it in due] == [(case, planned.held_on, [officer])]
