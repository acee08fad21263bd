"""The pages of idea and application as a person meets them."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications import actions
from applications.sheets import IDEA
from fundportal import merging
from fundportal.models import Case, Draft, Event, User
from fundportal.process import Role, Step
from tests import factories
from tests.applications.city import City, city, fill
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
REASONS = "Idén motverkar utanförskap och kompletterar ordinarie verksamhet. " * 2


@pytest.fixture
def here() -> City:
    """A round that is open on the day the tests are run."""
    return city(opens_on=date(2020, 1, 1), closes_on=date(2099, 12, 31))


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, case: Case, **kwargs: str) -> str:
    return reverse(name, kwargs={"number": case.number, **kwargs})


def begun(here: City) -> Case:
    case = actions.create_idea(here.writer, timezone.now(), round=here.round, owner=here.owner, title="Skolnära team")
    fill(case, IDEA, here.idea_answers(), here.writer)
    return case


def test_creating_twice_with_one_key_is_one_case(here: City):
    client, key = as_(here.writer), str(uuid4())
    typed = {"title": "Skolnära team", "owner": here.owner.pk, "round": here.round.pk, "scope": "city", "_key": key}

    answers = [client.post(reverse("create_idea"), typed) for _n in range(2)]

    case = Case.objects.get()
    assert [(it.status_code, it.headers["Location"]) for it in answers] == [(302, url("idea", case))] * 2


def test_creating_without_a_name_says_so_and_keeps_the_rest(here: City):
    answer = as_(here.writer).post(reverse("create_idea"), {"owner": here.owner.pk, "round": here.round.pk})

    assert answer.status_code == 422
    assert "Fyll i ”Projektnamn”." in answer.content.decode()
    assert not Case.objects.exists()


def test_who_is_no_applicant_is_told_why_she_cannot_create(here: City):
    answer = as_(here.officer).get(reverse("create_idea"))

    assert answer.status_code == 403
    assert "sökande för en nämnd" in answer.content.decode()


def test_no_open_round_is_an_empty_state_without_a_form(here: City):
    here.round.closes_on = here.round.opens_on
    here.round.save()

    text = as_(here.writer).get(reverse("create_idea")).content.decode()

    assert "Ingen ansökningsomgång är öppen" in text
    assert 'name="title"' not in text


def test_part_saves_what_is_wrong_and_the_review_lists_it_with_links(here: City):
    case, client = begun(here), as_(here.writer)

    saved = client.post(url("idea_part", case, slug="behov"), {"need": "Kort.", "size": "många"})
    review = client.get(url("idea_review", case)).content.decode()

    assert saved.status_code == 302
    assert Draft.objects.get(case=case, part="behov").answers["size"] == "många"
    assert f'href="{url("idea_part", case, slug="behov")}?fel#id_size"' in review
    assert "Målgruppens storlek ska vara ett heltal, till exempel 220." in review


def test_part_that_is_opened_from_the_review_shows_its_errors(here: City):
    case, client = begun(here), as_(here.writer)
    client.post(url("idea_part", case, slug="behov"), {"need": "Kort."})

    text = client.get(url("idea_part", case, slug="behov") + "?fel").content.decode()

    assert "skriv minst 200 tecken" in text
    assert 'aria-invalid="true"' in text


def test_partner_who_writes_in_the_same_field_is_named_beside_both_versions(here: City):
    case = begun(here)
    factories.partner(case, here.school)
    address = url("idea_part", case, slug="samverkan")
    seen = {"_seen-equality_text": merging.mark(IDEA.filled(case).typed("samverkan")["equality_text"])}
    as_(here.school_writer).post(address, {"equality_text": "Partnerns text.", **seen})

    answer = as_(here.writer).post(address, {"equality_text": "Min text.", **seen})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Sven Ek ändrade ”Jämställdhet, första bedömning”" in text
    assert "Min text." in text
    assert "Partnerns text." in text


def test_row_is_added_without_losing_what_was_typed(here: City):
    case = begun(here)
    typed = {
        "first_year": "2028",
        "costs-0-year": "2028",
        "costs-0-amount": "fyra",
        "_rows": "costs:add",
    }

    text = as_(here.writer).post(url("idea_part", case, slug="kostnad"), typed).content.decode()

    assert 'name="costs-0-amount" value="fyra"' in text
    assert 'name="costs-1-amount"' in text


def test_idea_is_endorsed_submitted_and_receipted_in_the_browser(here: City):
    case = begun(here)
    client = as_(here.writer)
    file = SimpleUploadedFile("Underlag åäö.txt", "Påhittat underlag.".encode(), "text/plain")
    client.post(url("attachments", case, sheet="idea"), {"attached": file})
    page = as_(here.manager).get(url("endorse_idea", case)).content.decode()
    assert "Färre" not in page
    assert "Elever med hög frånvaro" in page
    digest = IDEA.filled(case).digest
    as_(here.manager).post(url("endorse_idea", case), {"digest": digest, "comment": "Bra.", "_key": str(uuid4())})

    answer = client.post(url("submit_idea", case), {"_key": str(uuid4())}, follow=True)

    text = answer.content.decode()
    case.refresh_from_db()
    assert case.step == Step.IDEA_CHECK
    assert answer.redirect_chain == [(url("receipt", case), 302)]
    assert "Idéskissen är inlämnad" in text
    assert "Underlag åäö.txt" in text
    assert "Vad som händer nu" in text


def test_submitting_too_early_shows_what_is_missing_and_no_form(here: City):
    case = begun(here)

    text = as_(here.writer).get(url("submit_idea", case)).content.decode()

    assert "Idéskissen är inte tillstyrkt. Be en chef på Socialnämnden att tillstyrka." in text
    assert 'name="_key"' not in text


def test_draft_is_closed_to_slk_and_a_case_of_strangers_is_not_found(here: City):
    case = begun(here)

    assert as_(here.officer).get(url("idea", case)).status_code == 404
    assert as_(factories.user(Role.APPLICANT, factories.namnd())).get(url("idea_review", case)).status_code == 404


def test_submitted_idea_can_no_longer_be_written_in(here: City):
    case = here.submitted()

    answer = as_(here.writer).post(url("idea_part", case, slug="grund"), {"project_name": "Nytt"})

    assert answer.status_code == 403
    assert IDEA.filled(case).typed("grund")["project_name"] == "Skolnära team"


def test_number_of_odd_form_is_let_in_with_a_warning(here: City):
    case, client = here.submitted(), as_(here.officer)
    typed = {
        "rows-0-authority": "Kommunstyrelsen",
        "rows-0-dnr": "hundraarton",
        "rows-0-registered_on": "2026-01-02",
        "_key": str(uuid4()),
    }

    answer = client.post(url("register", case), typed, follow=True)

    assert answer.redirect_chain
    assert "hundraarton har inte den form" in answer.content.decode()
    assert case.dnrs.get().dnr == "hundraarton"


def test_a_refusal_that_is_about_one_answer_stands_at_it(here: City):
    typed = {"rows-0-part": "behov", "rows-0-question": "Hur många?", "last_day": "2026-01-02", "_key": str(uuid4())}

    answer = as_(here.officer).post(url("request_completion", here.submitted()), typed)

    assert answer.status_code == 422
    assert '<a class="ds-link" href="#id_last_day">Sista dag ska ligga efter i dag.</a>' in answer.content.decode()


def test_director_signs_the_decision_with_her_password_on_what_she_saw(here: City):
    case, client = here.awaiting_decision(), as_(here.director)
    page = client.get(url("reject_idea", case)).content.decode()
    shown = page.split('name="shown" value="')[1][:64]
    typed = {"reasons": REASONS, "criteria": ["K5"], "shown": shown, "_key": str(uuid4())}

    wrong = client.post(url("reject_idea", case), typed | {"password": "fel"})
    right = client.post(url("reject_idea", case), typed | {"password": PASSWORD}, follow=True)

    case.refresh_from_db()
    event = Event.objects.get(case=case, action="reject_idea")
    assert "Lösenordet stämmer inte" in wrong.content.decode()
    assert case.step == Step.REJECTED
    assert (event.data["signed_sha256"], "password" in event.data) == (shown, False)
    assert "K5 Ryms inte i ordinarie budget" in right.content.decode()


def test_pages_of_every_part_of_the_application_open_and_show_the_saving(here: City):
    case, client = here.application(), as_(here.writer)

    hub = client.get(url("application", case)).content.decode()
    pages = {
        slug: client.get(url("application_part", case, slug=slug)).content.decode()
        for slug in (
            "grund",
            "effektkedja",
            "tid",
            "budget",
            "kalkyl",
            "organisation",
            "risker",
            "analyser",
            "utvardering",
        )
    }

    assert "Effektkalkyl" in hub
    assert "3\u00a0200\u00a0tkr" in pages["kalkyl"]
    assert "12\u00a0000\u00a0tkr" in pages["budget"]


def test_case_page_shows_the_project_after_submission(here: City):
    case = here.submitted()

    text = as_(here.officer).get(url("case", case)).content.decode()

    assert "Elever i årskurs 7 till 9" in text
    assert "9\u00a0000\u00a0tkr" in text


@pytest.mark.parametrize(
    ("name", "who"),
    [("assign", "officer"), ("declare_jav", "officer"), ("withdraw", "writer"), ("request_completion", "officer"),
     ("send_to_council", "officer")],
)  # fmt: skip
def test_pages_of_the_acts_open(here: City, name: str, who: str):
    case = here.registered()

    assert as_(getattr(here, who)).get(url(name, case)).status_code == 200


def test_declared_jav_closes_the_case_in_words(here: City):
    case, client = here.registered(), as_(here.officer)

    answer = client.post(url("declare_jav", case), {"reason": "Min syster leder projektet.", "_key": str(uuid4())})

    assert answer.headers["Location"] == "/"
    assert client.get(url("case", case)).status_code == 403
    case.refresh_from_db()
    assert case.officer is None


@pytest.mark.parametrize(
    ("step", "role", "act", "sheet", "says"),
    [
        (Step.IDEA, Role.APPLICANT, "submit_idea", "idea", "Fyll i det som saknas"),
        (Step.IDEA, Role.MANAGER, "endorse_idea", "idea", "Läs det som är skrivet"),
        (Step.APPLICATION, Role.APPLICANT, "submit_application", "application", "Fyll i det som saknas"),
        (Step.PREPARATION, Role.OFFICER, "propose_decision", "opinion", "Fyll i det som saknas"),
        (Step.EVALUATION, Role.APPLICANT, "submit_evaluation", "evaluation", "Fyll i det som saknas"),
    ],
)
def test_the_page_of_what_lacks_something_leads_to_where_it_is_filled_in(step, role, act, sheet, says):
    case = factories.case(step)
    of_the_board = role in (Role.APPLICANT, Role.MANAGER)

    told = as_(factories.user(role, case.owner if of_the_board else None)).get(url(act, case)).content.decode()

    assert f'href="{url(f"{sheet}_review", case)}">{says}' in told
