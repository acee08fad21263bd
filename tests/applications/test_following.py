"""Following a project: its baseline, corrected reports, what a deviation opens, and the steering group."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from applications import actions, needs
from applications.actions.reporting import deviates
from applications.forms.changes import RequestChange
from applications.models import Baseline, ChangeDraft, Indicator, Report, SteeringMeeting, SteeringMember, SteeringTask
from applications.needs.following import due, owed, own_last_days, periods, progress
from fundportal import flow
from fundportal.errors import Refused
from fundportal.models import User
from fundportal.notices import letters_of
from fundportal.process import ACTIONS, Role
from tests import factories
from tests.applications.scene import REASONS, Scene, appoint, ask, changed, later, member, running, tell
from tests.factories import AT

pytestmark = pytest.mark.django_db
LOW = [{"use": "introduce", "spent": Decimal(500_000), "forecast": Decimal(3_000_000)}]
RED: dict[str, Any] = {"time": "red", "measure": "Ny rekrytering.", "measure_owner": "Ann Ek"}


@pytest.fixture
def scene() -> Scene:
    return running()


def indicator(scene: Scene, name: str = "Frånvaro") -> Indicator:
    return Indicator.objects.create(
        case=scene.case,
        submission=1,
        no=Indicator.objects.count() + 1,
        goal="Fler i skolan",
        name=name,
        unit="procent",
        baseline=Decimal(20),
        baseline_year=2026,
        target=Decimal(10),
        target_year=2028,
        periodicity="tertial",
        responsible="Ann Ek",
    )


def row(name: str = "Frånvaro", value: int | None = 20, missing: str = "") -> dict[str, Any]:
    figure = None if value is None else Decimal(value)
    given = {"name": name, "unit": "procent", "value": figure, "year": 2026, "missing": missing}
    return {**given, "target": Decimal(10), "target_year": 2028}


def lock(scene: Scene, *rows: dict[str, Any]) -> Baseline:
    actions.lock_baseline(scene.case, scene.applicant, AT, rows=list(rows) or [row()])
    return Baseline.objects.get(case=scene.case, version=1)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


# Utgångsläge


def test_nothing_is_paid_or_reported_before_the_baseline_is_locked(scene: Scene) -> None:
    indicator(scene)

    with pytest.raises(Refused, match="Utgångsläget är inte låst"):
        ask(scene, 1000)
    with pytest.raises(Refused, match="Utgångsläget är inte låst"):
        tell(scene)
    lock(scene)

    assert ask(scene, 1000).number == 1
    assert scene.case.documents.get(kind="baseline").title.startswith("Utgångsläge")


def test_every_indicator_has_a_value_or_a_reason(scene: Scene) -> None:
    indicator(scene)
    indicator(scene, "Trivsel")

    with pytest.raises(Refused, match="Indikatorn ”Trivsel” i ansökan saknas"):
        lock(scene)
    with pytest.raises(Refused, match="eller varför det inte kan mätas"):
        lock(scene, row(), row("Trivsel", None))
    lock(scene, row(), row("Trivsel", None, "Enkäten görs först nästa år."))

    assert [it.value for it in Baseline.objects.get().rows.all()] == [Decimal(20), None]


def test_a_locked_baseline_is_changed_only_with_a_reason_and_both_are_kept(scene: Scene) -> None:
    lock(scene)

    with pytest.raises(Refused, match="redan låst"):
        lock(scene)
    with pytest.raises(Refused, match="Skriv varför"):
        actions.change_baseline(scene.case, scene.applicant, AT, rows=[row(value=25)], reason=" ")
    actions.change_baseline(scene.case, scene.applicant, AT, rows=[row(value=25)], reason="Registret var fel.")

    kept = {it.version: it.rows.get().value for it in Baseline.objects.all()}
    assert kept == {1: Decimal(20), 2: Decimal(25)}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Baseline.objects.filter(version=1).update(reason="En annan.")


def test_a_report_shows_each_outcome_beside_its_baseline_and_target(scene: Scene) -> None:
    lock(scene)

    with pytest.raises(Refused, match="Redovisa även ”Frånvaro”"):
        tell(scene, indicators=[{"name": "Annat", "value": Decimal(1), "comment": ""}])
    told = tell(scene, indicators=[{"name": "frånvaro", "value": Decimal(15), "comment": ""}])

    kept = told.indicators.get()
    assert (kept.baseline, kept.target, kept.value, kept.unit) == (20, 10, 15, "procent")
    assert progress(scene.case, Baseline.objects.get())[0].share == 50


# Lägesrapport


def test_a_corrected_report_is_a_version_with_its_reason_and_the_earlier_stands(scene: Scene) -> None:
    chair = appoint(scene)
    first = tell(scene)
    actions.accept_report(scene.case, fresh(chair), AT, report=first)

    with pytest.raises(Refused, match="Skriv varför den rättas"):
        tell(scene, women=21)
    actions.report(scene.case, scene.applicant, AT, **_given(women=21), reason="Fel antal kvinnor.")

    newest = Report.objects.standing().get()
    assert (newest.version, newest.women, newest.reason) == (2, 21, "Fel antal kvinnor.")
    assert Report.objects.get(version=1).women == 20
    assert needs.reports_are_accepted(scene.case, AT) is not None
    actions.accept_report(scene.case, fresh(chair), AT, report=newest)
    assert needs.reports_are_accepted(scene.case, AT) is None


def _given(**other: Any) -> dict[str, Any]:
    return {
        "year": 2027,
        "period": "T1",
        "indicators": [{"name": "Frånvaro", "value": Decimal("12.5"), "comment": ""}],
        "women": 20,
        "men": 18,
        "children": 40,
        "spend": [{"use": "introduce", "spent": Decimal(0), "forecast": Decimal(4_000_000)}],
        "time": "green",
        "economy": "green",
        "effect": "green",
        **other,
    }


@pytest.mark.parametrize("change", [{"women": 99}, {"time": "red"}, {"accepted": None}])
def test_the_database_refuses_to_change_an_accepted_report(scene: Scene, change: dict[str, Any]) -> None:
    chair = appoint(scene)
    told = tell(scene)
    actions.accept_report(scene.case, fresh(chair), AT, report=told)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Report.objects.filter(pk=told.pk).update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        told.spend.update(spent=1)


def test_the_chair_sends_a_report_back_and_the_project_mends_it(scene: Scene) -> None:
    chair = appoint(scene)
    told = tell(scene)

    actions.return_report(scene.case, fresh(chair), AT, report=told, reason="Kommentar om frånvaron saknas.")

    assert needs.report_awaits(scene.case, AT) is not None
    assert "Kommentar om frånvaron" in Report.objects.get().returned_because
    actions.report(scene.case, scene.applicant, AT, **_given(), reason="Kommentaren är med.")
    assert needs.report_awaits(scene.case, AT) is None


def test_a_red_lights_measure_becomes_a_task_with_its_day(scene: Scene) -> None:
    tell(scene, **RED, measure_on=date(2027, 6, 1))

    task = SteeringTask.objects.get()
    assert (task.what, task.owner_name, task.last_day) == ("Ny rekrytering.", "Ann Ek", date(2027, 6, 1))


# Avvikelse


@given(granted=st.integers(0, 10**8), forecast=st.integers(0, 10**8))
def test_ten_per_cent_is_the_border_on_both_sides(granted: int, forecast: int) -> None:
    off = deviates(Decimal(granted), Decimal(forecast))

    assert off == (10 * abs(forecast - granted) > granted)
    assert not deviates(Decimal(granted), Decimal(granted))


def test_a_deviation_opens_a_draft_of_a_change_and_the_project_and_officer_are_told(scene: Scene) -> None:
    factories.user(Role.APPLICANT, scene.owner)

    told = tell(scene, spend=LOW)

    draft = ChangeDraft.objects.get()
    rows = {(it.year, it.use): (int(it.before), int(it.after)) for it in draft.rows.all()}
    assert rows[2027, "introduce"] == (4_000_000, 3_000_000)
    assert rows[2028, "introduce"] == (3_000_000, 3_000_000)
    letters = letters_of(told.event, AT)
    assert {Role.APPLICANT, Role.OFFICER} <= {role for it in letters for role in it.user.roles()}  # type: ignore[union-attr]
    assert all("Ett utkast till begäran om ändring" in it.body for it in letters)


def test_the_draft_is_closed_by_the_request_or_by_a_report_that_no_longer_deviates(scene: Scene) -> None:
    tell(scene, spend=LOW)
    rows = changed(scene, introduce_2027=3_000_000)
    asked = actions.request_change(scene.case, scene.applicant, AT, rows=rows, reason=REASONS)
    assert ChangeDraft.objects.get().closed == asked
    actions.decide_change(scene.case, scene.director, AT, approves=False, reasons="Avvakta nästa rapport.")

    tell(scene, "T2", spend=LOW)
    assert ChangeDraft.objects.filter(closed=None).count() == 1
    tell(scene, "VB", spend=[LOW[0] | {"forecast": Decimal(4_000_000)}])

    assert not ChangeDraft.objects.filter(closed=None).exists()


def test_the_form_of_a_change_begins_with_the_draft(scene: Scene) -> None:
    tell(scene, spend=LOW)
    client = Client()
    client.force_login(scene.applicant)

    page = client.get(f"/arenden/{scene.case.number}/begar-andring/").content.decode()

    assert "Utkast ur lägesrapporten" in page
    assert "visar en avvikelse på mer än 10 procent" in page


def test_the_draft_asks_for_no_less_than_what_is_paid_already(scene: Scene) -> None:
    factories.pay(scene.case, 3_500_000)
    tell(scene, spend=LOW)

    form = RequestChange(case=scene.case, user=scene.applicant, at=AT)

    rows = {(it["year"], it["use"]): int(it["amount"]) for it in form.fields["rows"].initial}
    assert rows[2027, "introduce"] == 3_500_000
    assert rows[2028, "introduce"] == 3_000_000


# Frister


def test_periods_are_those_of_the_city_and_a_report_is_due_after_their_end() -> None:
    found = periods(date(2027, 5, 2), date(2028, 4, 30))

    assert [(it.period, it.ends, it.due) for it in found] == [
        ("T2", date(2027, 8, 31), date(2027, 9, 20)),
        ("VB", date(2027, 12, 31), date(2028, 1, 20)),
        ("T1", date(2028, 4, 30), date(2028, 5, 20)),
    ]


def test_a_report_that_is_owed_is_reminded_of_and_stands_among_the_last_days(scene: Scene) -> None:
    today = timezone.localdate(AT) + timedelta(days=400)
    missing = owed(scene.case, today)
    assert missing
    reminded = [it for it in due(today) if it.case == scene.case]
    assert [it.day for it in reminded] == [missing[0].due]
    assert str(reminded[0].what) == f"Lägesrapport {missing[0]}"

    tell(scene, missing[0].period, year=missing[0].year, spend=_of_year(missing[0].year))
    assert owed(scene.case, today)[0] == missing[1]


def _of_year(year: int) -> list[dict[str, Any]]:
    uses = {2027: [("introduce", 4_000_000)], 2028: [("introduce", 3_000_000), ("evaluate", 1_000_000)]}
    return [{"use": use, "spent": Decimal(0), "forecast": Decimal(sum_)} for use, sum_ in uses.get(year, [])]


# Styrgrupp


def test_who_sits_on_keeps_her_first_day_and_who_leaves_has_a_last(scene: Scene) -> None:
    plain = factories.user(Role.MANAGER, scene.owner)
    chair = appoint(scene, member(plain, scene.owner))
    stays = SteeringMember.objects.get(user=chair)
    newcomer = factories.user(Role.MANAGER, scene.owner)

    members = [member(chair, scene.owner, chair=True), member(newcomer, scene.owner)]
    actions.appoint_steering_group(scene.case, scene.officer, later(30), members=members)

    assert SteeringMember.objects.get(user=chair) == stays
    assert SteeringMember.objects.get(user=plain).until == timezone.localdate(later(30))
    assert Role.STEERING not in fresh(plain).roles_in(scene.case)
    assert Role.STEERING in fresh(chair).roles_in(scene.case)


def test_who_leaves_may_have_a_last_day_that_has_been_and_none_to_come(scene: Scene) -> None:
    plain = factories.user(Role.MANAGER, scene.owner)
    chair = appoint(scene, member(plain, scene.owner))
    stays = [member(chair, scene.owner, chair=True)]

    with pytest.raises(Refused, match="framåt i tiden"):
        actions.appoint_steering_group(scene.case, scene.officer, later(30), members=stays, last_day=later(31).date())
    actions.appoint_steering_group(scene.case, scene.officer, later(30), members=stays, last_day=later(20).date())

    assert SteeringMember.objects.get(user=plain).until == later(20).date()
    assert Role.STEERING not in fresh(plain).roles_in(scene.case)


def test_a_meeting_is_planned_minuted_and_its_tasks_are_followed(scene: Scene) -> None:
    chair = fresh(appoint(scene))
    day = timezone.localdate(later(10))
    actions.plan_steering_meeting(scene.case, chair, AT, held_on=day, place="Rum 2")
    meeting = SteeringMeeting.objects.get()
    told = {"meeting": meeting, "present": [chair], "decisions": "Rapporten godkänns."}
    tasks = [{"what": "Ring skolan.", "owner": scene.applicant, "last_day": day + timedelta(days=5)}]

    with pytest.raises(Refused, match="kan inte dokumenteras innan dess"):
        actions.minute_steering_meeting(scene.case, chair, AT, **told)
    actions.minute_steering_meeting(scene.case, chair, later(10), **told, tasks=tasks)

    task = SteeringTask.objects.get()
    assert task.is_late(day + timedelta(days=6))
    reminded = [it for it in due(day + timedelta(days=6)) if "Ring skolan" in str(it.what)]
    assert [list(it.users) for it in reminded] == [[scene.applicant]]
    actions.finish_steering_task(scene.case, scene.applicant, later(12), task=task, outcome="Skolan är med.")
    assert not SteeringTask.objects.get().is_late(day + timedelta(days=6))
    with pytest.raises(Refused, match="Inget möte i styrgruppen är planerat"):
        actions.minute_steering_meeting(scene.case, chair, later(11), **told)


def test_a_meeting_that_was_called_off_needs_neither_people_nor_decisions(scene: Scene) -> None:
    chair = fresh(appoint(scene))
    actions.plan_steering_meeting(scene.case, chair, AT, held_on=timezone.localdate(later(10)))

    actions.minute_steering_meeting(scene.case, chair, AT, meeting=SteeringMeeting.objects.get(), held=False)

    assert SteeringMeeting.objects.get().held is False
    assert flow.barred(ACTIONS["minute_steering_meeting"], scene.case, chair) is not None


def test_the_last_days_of_a_project_stand_together(scene: Scene) -> None:
    chair = fresh(appoint(scene))
    actions.plan_steering_meeting(scene.case, chair, AT, held_on=timezone.localdate(later(10)))
    tell(scene, spend=LOW, **RED, measure_on=date(2027, 6, 1))

    told = [it["what"] for it in own_last_days(scene.case, chair)]

    assert {"Möte i styrgruppen", "Begäran om ändring efter avvikelse", "Åtgärd, Ann Ek"} <= set(told)
