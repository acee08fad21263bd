"""Those concerned are told once, by a letter that says what happened, what comes next and why they get it."""

from datetime import timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fundportal import notices, tasks
from fundportal.celery import app as celery_app
from fundportal.models import Delegation, Event, Jav, Letter, Party
from fundportal.process import ACTIONS, Role, Step
from tests import factories
from tests.kernel.papers import happens

OF_NO_ACT = {"event", "reminder", "endorsement_lapsed", "access_request", "draft_request", "meeting", "interests"}
"""Letters that no act of the table tells: the common one, days that come, and what is told outside the cases."""


@pytest.fixture
def case(db):
    return factories.case(Step.IDEA_CHECK, title="Tidiga familjestödsteam")


def told(event):
    """Whom the event was told, by id."""
    notices.tell(event.pk)
    return set(Letter.objects.filter(event=event).values_list("user", flat=True))


def test_an_event_is_told_to_the_roles_of_its_row_and_to_nobody_else(case):
    officers = {factories.user(Role.OFFICER).pk, factories.user(Role.OFFICER).pk}
    factories.user(Role.APPLICANT, case.owner)
    factories.user(Role.DIRECTOR)

    assert told(happens(case, "submit_idea")) == officers


def test_an_assigned_officer_is_told_alone(case):
    mine, _other = factories.user(Role.OFFICER), factories.user(Role.OFFICER)
    case.officer = mine
    case.save()

    assert told(happens(case, "submit_idea")) == {mine.pk}


def test_both_officers_are_told_when_a_case_changes_hands(case):
    first, second = factories.user(Role.OFFICER), factories.user(Role.OFFICER)
    happens(case, "assign", officer=first.pk)
    case.officer = second
    case.save()

    assert told(happens(case, "assign", officer=second.pk)) == {first.pk, second.pk}


def test_applicants_and_managers_of_owner_and_partners_are_told_and_of_remiss_bodies_not(case):
    partner, asked = factories.namnd(), factories.namnd()
    factories.partner(case, partner)
    Party.objects.create(case=case, namnd=asked, part=Party.Part.REMISS, since=factories.AT)
    concerned = {factories.user(Role.APPLICANT, case.owner).pk, factories.user(Role.MANAGER, partner).pk}
    factories.user(Role.APPLICANT, asked)
    factories.user(Role.APPLICANT, factories.namnd())

    assert told(happens(case, "approve_idea")) == concerned


def test_respondents_of_the_boards_that_are_asked_are_told(case):
    asked = factories.namnd()
    Party.objects.create(case=case, namnd=asked, part=Party.Part.REMISS, since=factories.AT)
    respondent = factories.user(Role.RESPONDENT, asked)
    factories.user(Role.RESPONDENT, case.owner)
    factories.move(case, Step.PREPARATION)

    assert told(happens(case, "send_remiss")) == {respondent.pk}


def test_a_steering_group_is_told_of_its_own_case(case):
    member = factories.user(Role.STEERING, case)
    factories.user(Role.STEERING, factories.case(Step.IMPLEMENTATION))

    assert told(happens(case, "report")) == {member.pk}


def test_a_substitute_is_told_as_director_while_the_delegation_lasts(case):
    today = timezone.localdate()
    stands_in, stood_in = factories.user(), factories.user()
    Delegation.objects.create(holder=stands_in, point="1.1", valid_from=today, substitute=True)
    Delegation.objects.create(
        holder=stood_in, point="1.1", valid_from=today - timedelta(9), valid_to=today - timedelta(1), substitute=True
    )

    assert told(happens(case, "propose_decision")) == {stands_in.pk}


def test_nobody_is_told_of_her_own_act_nor_the_inactive_nor_those_with_jav(case):
    acts, gone, partial, rest = (factories.user(Role.OFFICER) for _one in range(4))
    gone.is_active = False
    gone.save()
    Jav.objects.create(case=case, user=partial, event=happens(case, "declare_jav", partial))

    assert told(happens(case, "submit_idea", acts)) == {rest.pk}


def test_nobody_is_told_of_a_case_she_may_not_see(db):
    draft = factories.case(Step.IDEA, submitted=False)
    factories.user(Role.OFFICER)
    factories.user(Role.COUNCIL)

    assert told(happens(draft, "withdraw", factories.user(Role.APPLICANT, draft.owner))) == set()


def test_telling_twice_writes_and_mails_once(case):
    factories.user(Role.OFFICER)
    event = happens(case, "submit_idea")

    for _time in range(3):
        tasks.tell(event.pk)
        tasks.tell_untold()

    assert Letter.objects.filter(event=event).count() == 1
    assert len(mail.outbox) == 1


def test_the_sweep_tells_what_a_lost_nudge_did_not(case):
    factories.user(Role.OFFICER)
    event = happens(case, "submit_idea")

    tasks.tell_untold()

    event.refresh_from_db()
    assert event.told_at is not None
    assert [letter.subject for letter in mail.outbox] == [f"Ny idéskiss att kontrollera, ärende {case.number}"]
    assert not Event.objects.filter(told_at=None).exists()


@pytest.fixture
def dead_queue(monkeypatch):
    """A broker that does not answer."""
    usual = celery_app.conf.broker_url
    celery_app.conf.update(task_always_eager=False, broker_url="redis+socket:///finns/inte.sock")
    monkeypatch.setattr(celery_app, "_pool", None)
    monkeypatch.setattr(celery_app.amqp, "_producer_pool", None)
    yield
    celery_app.pool.force_close_all()
    celery_app.conf.update(task_always_eager=True, broker_url=usual)


def test_a_queue_that_is_down_stops_no_act_and_loses_no_letter(case, dead_queue, caplog):
    factories.user(Role.OFFICER)
    event = happens(case, "submit_idea")

    tasks.nudge(event.pk)
    tasks.tell_untold()

    assert "Kön svarar inte" in caplog.text
    assert len(mail.outbox) == 1


def test_the_letter_says_what_happened_what_comes_next_why_and_where(case):
    officer = factories.user(Role.OFFICER, first_name="Karin")
    applicant = factories.user(Role.APPLICANT, case.owner, first_name="Åsa", last_name="Öberg")

    told(happens(case, "submit_idea", applicant))

    letter = Letter.objects.get(user=officer)
    assert letter.body == (
        "Hej Karin!\n\nÅsa Öberg har lämnat in idéskissen.\n\n"
        f"Ärende: {case.number}, Tidiga familjestödsteam\nProjektägare: {case.owner}\n\n"
        "Kontrollera att den är fullständig, diarieför den och sänd den till rådet, eller begär komplettering.\n\n"
        f"Öppna ärendet: {settings.SITE_URL}/arenden/{case.number}/\n\n--\n"
        "Du får brevet eftersom du handlägger ärenden på stadsledningskontoret.\n"
        "Vill du bara få det här som avisering i Fondportalen? Välj det under Mina inställningar: "
        f"{settings.SITE_URL}/installningar/\n"
    )


def test_the_step_and_its_last_day_are_told_when_the_case_moves(case):
    applicant = factories.user(Role.APPLICANT, case.owner)

    event = happens(case, "approve_idea", to=Step.APPLICATION, at=factories.AT)
    notices.tell(event.pk, factories.AT)

    assert (
        "Ärendet står nu på: Ansökan skrivs\nSista dag: 31\u00a0maj\u00a02027\n"
        in Letter.objects.get(user=applicant).body
    )


def test_markup_in_a_title_is_neither_escaped_nor_a_second_subject(db):
    case = factories.case(Step.IDEA_CHECK, title="Barn & unga <3")
    officer = factories.user(Role.OFFICER)

    told(happens(case, "submit_idea"))

    assert f"Ärende: {case.number}, Barn & unga <3\n" in Letter.objects.get(user=officer).body


def test_who_has_opted_out_is_told_in_the_portal_only(case):
    officer = factories.user(Role.OFFICER, letters=False)

    told(happens(case, "submit_idea"))
    notices.send()

    assert Letter.objects.get(user=officer).by_mail is False
    assert mail.outbox == []


def test_decisions_are_mailed_also_to_who_has_opted_out_and_say_so(case):
    factories.user(Role.APPLICANT, case.owner, letters=False)

    told(happens(case, "approve_idea"))
    notices.send()

    assert "Brev om beslut, uppgifter och frister går inte att välja bort." in mail.outbox[0].body


def test_what_is_old_when_it_is_told_is_kept_as_read_and_not_mailed(case):
    factories.user(Role.OFFICER)
    old, new = timezone.now() - timedelta(15), timezone.now() - timedelta(13)

    for at in (old, new):
        told(happens(case, "submit_idea", at=at))

    letters = Letter.objects.order_by("id")
    assert [(letter.created_at, letter.by_mail, letter.read_at is None) for letter in letters] == [
        (old, False, False),
        (new, True, True),
    ]


def test_a_mail_that_is_sent_again_after_a_crash_has_the_same_message_id(case):
    factories.user(Role.OFFICER)
    told(happens(case, "submit_idea"))
    notices.send()
    Letter.objects.update(sent_at=None)

    notices.send()

    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second


class RefusesOne:
    """A mail server that does not know one of the receivers."""

    refused = ""

    def __enter__(self):
        return self

    def __exit__(self, *_raised):
        return None

    def send_messages(self, messages):
        if messages[0].to == [self.refused]:
            raise SMTPRecipientsRefused({self.refused: (550, b"okand")})
        mail.outbox += messages
        return len(messages)


def test_one_refused_address_stops_nobody_else_and_is_tried_again_later(case, monkeypatch):
    refused, other = factories.user(Role.OFFICER), factories.user(Role.OFFICER)
    monkeypatch.setattr(RefusesOne, "refused", refused.email)
    monkeypatch.setattr(notices, "get_connection", RefusesOne)
    told(happens(case, "submit_idea"))

    sent = [notices.send(), notices.send()]

    letter = Letter.objects.get(user=refused)
    assert sent == [1, 0]
    assert [message.to for message in mail.outbox] == [[other.email]]
    assert (letter.sent_at, letter.attempts) == (None, 1)
    assert letter.not_before is not None
    assert letter.not_before > timezone.now()


class Dead(RefusesOne):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_a_dead_mail_server_loses_nothing(case, monkeypatch):
    factories.user(Role.OFFICER)
    told(happens(case, "submit_idea"))
    with monkeypatch.context() as during:
        during.setattr(notices, "get_connection", Dead)
        assert notices.send() == 0
    Letter.objects.update(not_before=timezone.now() - timedelta(seconds=1))

    assert notices.send() == 1


def test_every_act_that_tells_has_its_own_letter_and_every_letter_an_act(case):
    letters = {path.stem for path in (Path(settings.BASE_DIR) / "templates" / "mail").glob("*.txt")}

    told = {name for name, row in ACTIONS.items() if row.tells} | set(notices.ALSO_TOLD)
    assert letters == told | OF_NO_ACT


@pytest.mark.parametrize("name", [name for name, row in ACTIONS.items() if row.tells])
def test_every_letter_is_whole(name, case):
    user = factories.user(Role.OFFICER)

    letter = notices.letter_of(happens(case, name), user, ACTIONS[name].tells[0], timezone.now())

    assert case.number in letter.subject
    assert letter.body.startswith(f"Hej {user.first_name}!\n\n")
    assert f"/arenden/{case.number}/" in letter.body
    assert "  " not in letter.body
    assert "{" not in letter.body


def test_the_mandatory_acts_are_acts_that_tell():
    telling = {name for name, row in ACTIONS.items() if row.tells} | set(notices.ALSO_TOLD)

    assert telling >= notices.MANDATORY


# The page


def letters_for(user, count, case):
    return Letter.objects.bulk_create(
        Letter(key=f"prov/{user.pk}/{number}", user=user, case=case, subject=f"Brev {number}", body="Hej!",
               created_at=factories.AT) for number in range(count)
    )  # fmt: skip


def test_the_page_shows_ones_own_letters_newest_first(client, case):
    me, other = factories.user(Role.OFFICER), factories.user(Role.OFFICER)
    letters_for(me, 2, case)
    letters_for(other, 1, case)
    client.force_login(me)

    shown = client.get(reverse("notices")).context["letters"]

    assert [letter.subject for letter in shown] == ["Brev 1", "Brev 0"]


def test_letters_are_marked_as_read_one_by_one_or_all_and_only_ones_own(client, case):
    me, other = factories.user(Role.OFFICER), factories.user(Role.OFFICER)
    first, _second, _third = letters_for(me, 3, case)
    [theirs] = letters_for(other, 1, case)
    client.force_login(me)
    unread = []

    for letter in (theirs.pk, first.pk, "alla"):
        client.post(reverse("mark_read"), {"letter": letter})
        unread.append(Letter.objects.filter(user=me, read_at=None).count())

    assert unread == [3, 2, 0]
    assert Letter.objects.get(pk=theirs.pk).read_at is None
    assert client.post(reverse("mark_read"), {"letter": "x"}).status_code == 404


def test_a_letter_of_a_case_one_no_longer_sees_has_no_link_and_with_jav_is_gone(client, case):
    me = factories.user()
    letters_for(me, 1, case)
    client.force_login(me)

    page = client.get(reverse("notices")).content.decode()
    Jav.objects.create(case=case, user=me, event=happens(case, "declare_jav", me))
    after = client.get(reverse("notices")).context["letters"]

    assert "Brev 0" in page
    assert case.get_absolute_url() not in page
    assert after == []


def test_older_letters_are_on_the_next_page(client, case):
    me = factories.user(Role.OFFICER)
    letters_for(me, 30, case)
    client.force_login(me)

    first = client.get(reverse("notices")).context
    second = client.get(reverse("notices"), {"fore": first["older"]}).context

    assert [len(first["letters"]), len(second["letters"])] == [25, 5]
    assert (second["letters"][0].subject, second["older"]) == ("Brev 4", None)


def test_the_page_asks_the_database_as_often_for_fifty_letters_as_for_one(client, case, empty_cache):
    asked = []
    for count in (1, 50):
        me = factories.user(Role.OFFICER)
        letters_for(me, count, case)
        client.force_login(me)
        with CaptureQueriesContext(connection) as questions:
            client.get(reverse("notices"))
        asked.append(len(questions))

    assert asked[0] == asked[1]
