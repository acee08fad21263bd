"""Those whose turn it is are reminded seven days before, on the day, the day after and then weekly; once each."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from fundportal import notices, reminders, tasks
from fundportal.models import Case, Jav, Letter, User
from fundportal.process import Role, Step
from fundportal.reminders import Due, kind
from tests import factories
from tests.kernel.papers import happens

CAME = factories.AT.date()
LAST = date(2027, 5, 3)
QUESTIONS = 31
"""Of the job however many cases there are: the sources' own, who is told, and the letters."""


@pytest.fixture
def officer(db):
    return factories.user(Role.OFFICER)


def due(step=Step.PREPARATION, on=LAST, **fields):
    """An open case whose step ends on a day."""
    case = factories.case(step, **fields)
    Case.objects.filter(pk=case.pk).update(due_on=on)
    case.refresh_from_db()
    return case


def days(offsets, start=LAST):
    """Run the job on each day, and tell on which a letter was written."""
    return [offset for offset in offsets if reminders.remind(start + timedelta(offset))]


def test_reminders_go_seven_days_before_on_the_day_the_day_after_and_then_weekly(officer):
    due()

    assert days(range(-20, 30)) == [-7, 0, 1, 8, 15, 22, 29]


def test_the_job_may_run_any_number_of_times_a_day(officer):
    due()

    written = [reminders.remind(LAST) for _time in range(5)]

    assert written == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("down", "written"),
    [
        (range(-7, -4), [-4, 0, 1, 8]),  # three days around the first reminder: it goes when the job is back
        (range(-1, 2), [-7, 2, 8]),  # around the last day: of the two that were missed, only the newest goes
        (range(-10, 7), [7, 8]),
    ],
)
def test_after_days_of_downtime_only_the_newest_reminder_goes(officer, down, written):
    due()

    assert days([day for day in range(-12, 10) if day not in down]) == written


def test_a_step_entered_close_to_its_last_day_is_not_reminded_of_at_once(officer):
    due(on=CAME + timedelta(5))

    assert days(range(7), start=CAME) == [5, 6]


def test_a_moved_day_is_reminded_of_anew(officer):
    case = due()
    reminders.remind(LAST)
    Case.objects.filter(pk=case.pk).update(due_on=LAST + timedelta(30))

    assert days(range(32)) == [23, 30, 31]


def test_a_step_that_is_entered_again_is_reminded_of_anew(officer):
    case = due()
    reminders.remind(LAST)
    factories.move(case, Step.APPLICATION)
    factories.move(case, Step.PREPARATION)
    Case.objects.filter(pk=case.pk).update(due_on=LAST)

    assert reminders.remind(LAST) == 1


def test_an_event_that_moves_nothing_gives_no_new_reminder(officer):
    case = due()
    reminders.remind(LAST)
    happens(case, "register")

    assert reminders.remind(LAST) == 0


def test_a_case_that_has_ended_or_has_no_last_day_sends_nothing(officer):
    factories.case(Step.BOARD)
    due(Step.WITHDRAWN)

    assert reminders.remind(LAST) == 0


def reminded():
    return set(Letter.objects.values_list("user", flat=True))


def test_the_assigned_officer_is_reminded_alone(officer):
    factories.user(Role.OFFICER)
    due(officer=officer)

    reminders.remind(LAST)

    assert reminded() == {officer.pk}


def test_applicants_of_the_owner_are_reminded_and_partners_not(db):
    case = due(Step.APPLICATION)
    partner = factories.namnd()
    factories.partner(case, partner)
    mine = factories.user(Role.APPLICANT, case.owner)
    factories.user(Role.APPLICANT, partner)

    reminders.remind(LAST)

    assert reminded() == {mine.pk}


def test_jav_and_those_who_have_left_are_not_reminded(officer):
    case, gone, partial = due(), factories.user(Role.OFFICER, is_active=False), factories.user(Role.OFFICER)
    Jav.objects.create(case=case, user=partial, event=happens(case, "declare_jav", partial))

    reminders.remind(LAST)

    assert reminded() == {officer.pk}
    assert gone.pk not in reminded()


def test_a_reminder_is_mailed_also_to_who_has_opted_out_and_says_so(db):
    factories.user(Role.OFFICER, letters=False, first_name="Karin")
    case = due()

    reminders.remind(LAST - timedelta(7))
    notices.send()

    [letter] = mail.outbox
    assert letter.subject == f"Påminnelse om 7 dagar: Under beredning, ärende {case.number}"
    assert letter.body.startswith(
        "Hej Karin!\n\nSista dag för ”Under beredning” är den 3\u00a0maj\u00a02027, om 7\u00a0dagar.\n\nÄrende:"
    )
    assert "går inte att välja bort" in letter.body


def test_a_late_step_is_told_as_late(officer):
    case = due()

    reminders.remind(LAST + timedelta(4))

    letter = Letter.objects.get()
    assert letter.subject == f"Försenat: Under beredning, ärende {case.number}"
    assert "skulle ha varit klart den 3\u00a0maj\u00a02027 och är 4\u00a0dagar försenad." in letter.body


def test_the_task_writes_and_mails(officer):
    due(on=timezone.localdate())

    tasks.remind()

    letter = Letter.objects.exclude(case=None).get()  # in January officers are also asked what binds them
    assert letter.subject in [sent.subject for sent in mail.outbox]


def remiss(today):
    """A duty that a phase tells of."""
    yield Due(Case.objects.get(), "Remissvar", LAST, [User.objects.earliest("pk")], "remiss/1", role=Role.RESPONDENT)


def test_a_phase_may_add_duties_of_its_own(officer, monkeypatch):
    factories.case(Step.PREPARATION)
    Case.objects.update(due_on=None)
    monkeypatch.setattr(reminders, "SOURCES", [*reminders.SOURCES, f"{__name__}.remiss"])

    assert days(range(-8, 3)) == [-7, 0, 1]
    assert "Du får brevet eftersom din nämnd har fått ärendet på remiss." in Letter.objects.latest("pk").body


@pytest.mark.parametrize(
    ("offset", "which"),
    [(-8, None), (-7, "before"), (-1, "before"), (0, "day"), (1, "late0"), (7, "late0"), (8, "late1"), (365, "late52")],
)
def test_the_newest_reminder_that_should_have_gone(offset, which):
    assert kind(Due(Case(), "x", LAST, [], "x"), LAST + timedelta(offset)) == which


@pytest.mark.parametrize("cases", [2, 12])
def test_the_job_asks_as_often_for_many_cases_as_for_few(officer, django_assert_num_queries, cases):
    for _one in range(cases):
        due()

    with django_assert_num_queries(QUESTIONS):
        written = reminders.remind(LAST)

    assert written == cases


def broken(today):
    """A source that fails when it has told of something."""
    yield Due(Case.objects.get(), "Remissvar", LAST, [User.objects.earliest("pk")], "half", role=Role.RESPONDENT)
    raise ValueError("the source is broken")


def test_a_source_that_fails_stops_no_other_and_the_job_ends_as_failed(officer, monkeypatch, caplog):
    due(on=timezone.localdate())
    monkeypatch.setattr(reminders, "SOURCES", [f"{__name__}.broken", *reminders.SOURCES])

    with pytest.raises(ExceptionGroup) as failed:
        tasks.remind()

    assert [str(fault) for fault in failed.value.exceptions] == ["the source is broken"]
    assert f"{__name__}.broken" in caplog.text
    letter = Letter.objects.exclude(case=None).get()
    assert letter.user == officer
    assert letter.subject in [sent.subject for sent in mail.outbox]
