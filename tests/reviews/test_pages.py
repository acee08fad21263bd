"""The pages of reviews, as each person meets them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fundportal import documents, flow
from fundportal.criteria import CRITERIA
from fundportal.models import Case, Document, Event, User
from fundportal.process import Role, Step
from reviews import actions
from reviews.models import Assessment, RemissAnswer, RemissBody, Scoring
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db
SOON = date(2099, 5, 4)
REASONS = "Idén möter ett tydligt behov och bygger på en prövad metod. " * 4


def handed_in(case: Case, kind: str) -> Document:
    """A paper that the applicant handed in."""
    with transaction.atomic():
        event = Event(case=case, action=f"submit_{kind}", by_name="Fabriken", at=AT, from_step=case.step)
        flow.record(event, data={}, to_step=case.step, tell=False)
        return documents.freeze(event, kind, "Handlingen", {"answers": {}, "sections": []})


def page(user: User, case: Case, path: str) -> Any:
    """What a person gets when she opens one of the case's pages."""
    client = Client()
    client.force_login(user)
    return client.get(f"/arenden/{case.number}/{path}")


def post(user: User, case: Case, path: str, typed: dict[str, Any]) -> Any:
    """What a person gets when she sends one of the case's forms."""
    client = Client()
    client.force_login(user)
    return client.post(f"/arenden/{case.number}/{path}", typed)


def step(case: Case, user: User) -> str:
    """The part of the case's page that belongs to its step."""
    return render_to_string(f"steps/{case.step}.html", {"case": case, "user": user, "today": timezone.localdate()})


def scoring() -> Scoring:
    """Two of everything, and nothing of one gate."""
    scores = {criterion.code: 2 for criterion in CRITERIA} | {"K9": 0}
    return Scoring(scores, {"K9": "Utgångsläge saknas."}, "Hemlig kommentar.")


@pytest.fixture
def idea() -> Case:
    """An idea that the council has before it."""
    case = factories.case(Step.COUNCIL)
    handed_in(case, "idea")
    return case


@pytest.fixture
def application() -> Case:
    """An application under preparation."""
    case = factories.case(Step.PREPARATION)
    handed_in(case, "application")
    return case


def test_a_member_assesses_on_the_page(idea: Case) -> None:
    member = factories.user(Role.COUNCIL)
    typed = {criterion.code: "2" for criterion in CRITERIA} | {"comment": "En god idé."}

    assert "Grindkriterium" in page(member, idea, "bedom/").content.decode()
    wrong = post(member, idea, "bedom/", typed | {"K1": "0"})
    assert (wrong.status_code, Assessment.objects.count()) == (422, 0)
    assert "K1 Motverkar utanförskap: motivera varför du ger 0 poäng." in wrong.content.decode()
    assert post(member, idea, "bedom/", typed).status_code == 302

    assert Assessment.objects.get().by == member
    assert page(member, idea, "bedom/").status_code == 403


def test_the_councils_step_hides_others_scores_until_ones_own_are_in(idea: Case) -> None:
    first, second = factories.user(Role.COUNCIL), factories.user(Role.COUNCIL)
    actions.assess(idea, first, AT, scoring=scoring())

    before = step(idea, second)
    assert "Hemlig kommentar." not in before
    assert "Utgångsläge saknas." not in before
    assert first.get_full_name() in before
    actions.assess(idea, second, AT, scoring=scoring())

    after = step(idea, second)
    assert "Hemlig kommentar." in after
    assert "Grind uppfylls inte" in after


def test_no_page_of_the_case_gives_a_score_away(idea: Case) -> None:
    first, second = factories.user(Role.COUNCIL), factories.user(Role.COUNCIL)
    applicant = factories.user(Role.APPLICANT, idea.owner)
    actions.assess(idea, first, AT, scoring=scoring())

    for user in (second, applicant):
        for path in ("", "historik/", "handlingar/"):
            text = page(user, idea, path).content.decode()
            assert "Hemlig kommentar." not in text
            assert "Utgångsläge saknas." not in text


def test_the_officer_concludes_on_the_page_and_the_director_reads_it(idea: Case) -> None:
    members = [factories.user(Role.COUNCIL) for _number in range(3)]
    officer, director = factories.user(Role.OFFICER), factories.user(Role.DIRECTOR)
    for member in members:
        actions.assess(idea, member, AT, scoring=scoring())
    typed = {
        "manner": "meeting",
        "meeting_on": timezone.localdate().isoformat(),
        "present": [str(member.pk) for member in members],
        "verdict": "conditional",
        "reasons": REASONS,
        "conditions-0-text": "Beskriv utgångsläget.",
        "conditions-0-due_on": SOON.isoformat(),
        "conditions-0-before": "decision",
    }
    Case.objects.filter(pk=idea.pk).update(entered_at=timezone.now() - timedelta(days=3))

    shown = page(officer, idea, "radets-stallningstagande/").content.decode()
    assert "Grind uppfylls inte" in shown
    refused = post(officer, idea, "radets-stallningstagande/", typed)
    assert "Motivera avvikelsen eller avstyrk." in refused.content.decode()
    done = post(officer, idea, "radets-stallningstagande/", typed | {"gate_reasons": "Prövas först i liten skala."})

    assert done.status_code == 302
    idea.refresh_from_db()
    told = step(idea, director)
    assert "Beskriv utgångsläget." in page(director, idea, "").content.decode(), "conditions follow the case"
    for words in ("Tillstyrker med villkor", "Prövas först i liten skala.", "Medelvärde"):
        assert words in told
    assert "Medelvärde" not in step(idea, factories.user(Role.APPLICANT, idea.owner))


def test_the_applicant_reads_the_councils_questions(idea: Case) -> None:
    officer = factories.user(Role.OFFICER)
    typed = {"questions-0-question": "Hur många nås?", "last_day": SOON.isoformat()}

    assert post(officer, idea, "aterremittera/", typed).status_code == 302

    idea.refresh_from_db()
    assert "Hur många nås?" in render_to_string("reviews/_questions.html", {"case": idea})


def test_a_remiss_goes_out_is_read_and_answered_on_the_pages(application: Case) -> None:
    board = factories.namnd("Utbildningsnämnden")
    officer, respondent = factories.user(Role.OFFICER), factories.user(Role.RESPONDENT, board)
    sent = {
        "namnder-0-namnd": str(board.pk),
        "namnder-0-meeting_on": "",
        "outside-0-name": "Fryshuset",
        "outside-0-email": "registrator@example.org",
        "last_day": SOON.isoformat(),
        "papers": [str(application.documents.get(kind="application").pk)],
        "letter": "Stadsledningskontoret ber om ert yttrande över ansökan om medel.",
    }

    assert page(respondent, application, "remiss/").status_code == 404
    assert post(officer, application, "remiss/sand/", sent).status_code == 302
    assert RemissBody.objects.get(namnd=board).opened_at is None
    read = page(respondent, application, "remiss/").content.decode()
    assert "ber om ert yttrande" in read
    assert RemissBody.objects.get(namnd=board).opened_at is not None

    answer = {
        "body": str(RemissBody.objects.get(namnd=board).pk),
        "form": "office",
        "standpoint": "comments",
        "comments": "Vi tillstyrker med synpunkter.",
    }
    assert "Läs följebrev och handlingar" in page(respondent, application, "remiss/besvara/").content.decode()
    assert post(respondent, application, "remiss/besvara/", answer).status_code == 302
    assert RemissAnswer.objects.get().comments == "Vi tillstyrker med synpunkter."
    assert page(respondent, application, "remiss/besvara/").status_code == 302
    assert "Vi tillstyrker med synpunkter." in page(officer, application, "remiss/").content.decode()


def test_more_time_and_withdrawal_on_the_pages(application: Case) -> None:
    board, officer = factories.namnd("Utbildningsnämnden"), factories.user(Role.OFFICER)
    event = actions.send_remiss(
        *(application, officer, timezone.now()),
        namnder=[{"namnd": board}],
        papers=application.documents.all(),
        last_day=SOON,
        letter="Vi ber om yttrande.",
    )
    body = RemissBody.objects.get()

    longer = {"bodies": [str(body.pk)], "last_day": "2099-06-01", "reason": "Nämnden möts i maj."}
    assert "Utbildningsnämnden, svar senast" in page(officer, application, "remiss/forlang/").content.decode()
    assert post(officer, application, "remiss/forlang/", longer).status_code == 302
    body.refresh_from_db()
    assert body.last_day == date(2099, 6, 1)

    assert "obesvarad av Utbildningsnämnden" in page(officer, application, "remiss/aterkalla/").content.decode()
    back = {"remiss": str(event.remiss.pk), "reason": "Ansökan ska kompletteras."}
    assert post(officer, application, "remiss/aterkalla/", back).status_code == 302
    assert "Återkallad" in page(officer, application, "remiss/").content.decode()


def test_the_respondents_part_of_the_case_tells_what_is_asked_and_until_when(application: Case) -> None:
    board = factories.namnd("Utbildningsnämnden")
    respondent = factories.user(Role.RESPONDENT, board)
    actions.send_remiss(
        *(application, factories.user(Role.OFFICER), timezone.now()),
        namnder=[{"namnd": board, "meeting_on": date(2099, 5, 1)}],
        papers=application.documents.all(),
        last_day=SOON,
        letter="Vi ber om yttrande.",
    )

    told = render_to_string("reviews/_remiss.html", {"case": application, "user": respondent})

    for words in ("Utbildningsnämnden ombeds yttra sig", "Besvara remissen", "justeras omedelbart", "Ej öppnad"):
        assert words in told
    assert "har remitterats till Utbildningsnämnden." in render_to_string(
        "reviews/_remiss_text.html", {"case": application}
    )


def test_an_empty_remiss_page_says_so(application: Case) -> None:
    assert "Ingen remiss är sänd" in page(factories.user(Role.OFFICER), application, "remiss/").content.decode()


@pytest.mark.parametrize("bodies", [1, 12])
def test_the_remiss_page_asks_as_few_questions_for_twelve_bodies_as_for_one(application: Case, bodies: int) -> None:
    officer = factories.user(Role.OFFICER)
    actions.send_remiss(
        *(application, officer, timezone.now()),
        outside=[{"name": f"Organisation {number}"} for number in range(bodies)],
        papers=application.documents.all(),
        last_day=SOON,
        letter="Vi ber om yttrande.",
    )
    for body in RemissBody.objects.all()[: max(1, bodies // 2)]:
        actions.answer_remiss(
            *(application, officer, timezone.now()),
            organisation=body.name,
            form="office",
            standpoint="doubts",
            comments="Oklart.",
        )

    with CaptureQueriesContext(
        connection,
    ) as asked:
        render_to_string("reviews/_remiss.html", {"case": application, "user": officer})

    assert len(asked) <= 8


def test_the_evaluation_is_written_reviewed_and_handed_in_on_its_pages() -> None:
    case = factories.case(Step.EVALUATION)
    applicant = factories.user(Role.APPLICANT, case.owner)

    for path in ("utvardering/", "utvardering/effekter/", "utvardering/ekonomi/", "utvardering/granska/"):
        assert page(applicant, case, path).status_code == 200
    told = step(case, applicant)
    assert "0 av 7 delar är klara." in told
    assert "Utkastet syns bara" in step(case, factories.user(Role.CONTROLLER))
    waits = page(applicant, case, "lamna-utvardering/").content.decode()
    assert "Utvärderingen är inte komplett" in waits
