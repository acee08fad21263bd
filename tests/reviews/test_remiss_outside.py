"""The way in for a body outside the city: what the link opens, to whom, how long, and nothing beside it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fundportal import calendar, documents, flow, merging, reminders
from fundportal.errors import Refused
from fundportal.models import Case, Document, Event, Letter, Namnd, User
from fundportal.notices import filled
from fundportal.process import Step
from reviews import actions
from reviews.models import Remiss, RemissAnswer, RemissBody, RemissDraft, RemissLink
from tests import factories
from tests.reviews.scene import LETTER

pytestmark = pytest.mark.django_db

POLICE = {"name": "Polisregion Stockholm", "email": "registrator@example.org"}
INSIDE = "/remissvar/"


def soon(days: int = 30) -> Any:
    """A working day in good time."""
    return calendar.working_day_on_or_after(timezone.localdate() + timedelta(days=days))


@pytest.fixture
def case() -> Case:
    """An application under preparation, today."""
    return factories.case(Step.PREPARATION, at=timezone.now(), title="Samordnat stöd")


@pytest.fixture
def remiss(case: Case, paper: Document, officer: User) -> Remiss:
    """A remiss to the police and to an association, sent today, with one question."""
    event = actions.send_remiss(
        *(case, officer, timezone.now()),
        last_day=soon(),
        letter=LETTER,
        papers=[paper],
        outside=[POLICE, {"name": "Fryshuset", "email": "info@example.org"}],
        questions=[{"text": "Är målgruppen rätt?"}],
    )
    return Remiss.objects.get(event=event)


@pytest.fixture
def police(remiss: Remiss) -> RemissBody:
    """The body whose link is used."""
    return remiss.bodies.get(name=POLICE["name"])


def address(body: RemissBody) -> str:
    """The newest link of a body."""
    link = RemissLink.objects.filter(body=body).last()
    assert link is not None
    return reverse("remiss_outside", kwargs={"token": link.token})


def let_in(body: RemissBody, client: Client | None = None) -> Client:
    """A browser that has opened the newest link."""
    browser = client or Client()
    assert browser.post(address(body)).status_code == 302
    return browser


def typed(body: RemissBody, **changes: Any) -> dict[str, Any]:
    """An answer as it is typed."""
    question = body.remiss.questions.get()
    return {
        "person": "Anna Ek",
        "title": "utredare",
        "form": "office",
        "standpoint": "comments",
        f"q{question.pk}": "Ja, i huvudsak.",
        "comments": "Vi ser positivt på förslaget.",
        "_key": "5f0c9a57-6f2b-4f5c-9d43-3b1b1f3b1b11",
        "_send": "1",
    } | changes


def test_the_letter_carries_the_link_and_the_database_does_not(police: RemissBody) -> None:
    letter, link = Letter.objects.get(address=POLICE["email"]), RemissLink.objects.get(body=police)

    assert link.token not in letter.body
    assert link.token not in (link.seed, link.hash)
    assert f"/remissvar/{link.token}/" in filled(letter)
    assert police.remiss.case.number not in filled(letter)


def test_a_scanner_that_follows_the_link_uses_nothing_up(police: RemissBody, case: Case) -> None:
    for _visit in range(3):
        for method in ("get", "head"):
            answer = getattr(Client(), method)(address(police))
            assert answer.status_code == 200
    seen = Client().get(address(police)).content.decode()

    assert "Öppna remissen" in seen
    assert case.number not in seen
    assert case.title not in seen
    assert RemissLink.objects.get(body=police).used_at is None
    assert RemissBody.objects.get(pk=police.pk).opened_at is None
    assert let_in(police).get(INSIDE).status_code == 200


def test_a_link_opens_once(police: RemissBody) -> None:
    let_in(police)

    second = Client()
    again = second.post(address(police))

    assert "Länken är redan använd" in again.content.decode()
    assert second.get(INSIDE).status_code == 410


def test_the_page_shows_the_remiss_and_no_way_into_the_product(police: RemissBody, case: Case, paper: Document) -> None:
    answer = let_in(police).get(INSIDE)
    seen = answer.content.decode()

    assert "ber om ert yttrande" in seen
    assert "Är målgruppen rätt?" in seen
    assert reverse("remiss_outside_paper", kwargs={"pk": paper.pk}) in seen
    assert case.number not in seen
    assert "Fryshuset" not in seen
    for way in ("/arenden/", "/logga-in/", "/hjalp/", "/sok/", "/handlingar/"):
        assert way not in seen
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"


def test_a_link_opens_no_other_page_and_no_other_paper(police: RemissBody, case: Case, remiss: Remiss) -> None:
    browser = let_in(police)
    with transaction.atomic():
        event = Event(case=case, action="assess", by_name="Fabriken", at=timezone.now(), from_step=case.step)
        flow.record(event, data={}, to_step=case.step, tell=False)
        other = documents.freeze(event, "council_opinion", "Rådets ställningstagande", {"sections": []})
    letter = remiss.event.documents.get()

    for pk in (other.pk, letter.pk):
        assert browser.get(reverse("remiss_outside_paper", kwargs={"pk": pk})).status_code == 404
    for way in (case.get_absolute_url(), f"{case.get_absolute_url()}remiss/", "/", "/arenden/"):
        assert browser.get(way).status_code == 302, way


def test_an_answer_is_given_once_with_the_persons_own_name(police: RemissBody, case: Case, officer: User) -> None:
    browser = let_in(police)
    file = SimpleUploadedFile("särskilt uttalande.txt", b"Uttalande.", "text/plain")

    given = browser.post(INSIDE, typed(police, reservation_files=file))
    twice = browser.post(INSIDE, typed(police))

    assert given.status_code == 302
    assert "Tack, ert svar är lämnat" in twice.content.decode()
    answer = RemissAnswer.objects.get()
    assert (answer.event.by, answer.event.by_name) == (None, "Anna Ek, utredare, Polisregion Stockholm")
    assert [said.text for said in answer.by_question.all()] == ["Ja, i huvudsak."]
    assert [upload.by for upload in answer.reservation_files.all()] == [None]
    assert "Anna Ek, utredare, Polisregion Stockholm, genom länken" in case.documents.get(kind="remiss_answer").content
    assert "Kvittens" in browser.get(INSIDE).content.decode()
    assert "Ert svar kom in" in Letter.objects.filter(address=POLICE["email"]).last().body  # type: ignore[union-attr]


def test_an_unfinished_answer_says_what_is_missing_and_keeps_what_is_typed(police: RemissBody) -> None:
    answer = let_in(police).post(INSIDE, typed(police, standpoint="", comments="Halvvägs"))

    assert answer.status_code == 422
    assert "Välj ”Ståndpunkt”" in answer.content.decode()
    assert "Halvvägs" in answer.content.decode()
    assert not RemissAnswer.objects.exists()


def test_a_draft_is_kept_and_found_again_through_a_new_link(police: RemissBody, officer: User) -> None:
    browser = let_in(police)
    saved = typed(police, comments="Halvvägs", standpoint="", _save="1")
    del saved["_send"]
    assert browser.post(INSIDE, saved).status_code == 302

    old = address(police)
    assert Client().post(f"{old}ny/").status_code == 200
    later = let_in(police)

    assert address(police) != old
    assert "Halvvägs" in later.get(INSIDE).content.decode()
    assert RemissDraft.objects.get().saved_by_name == "Anna Ek"


def test_a_colleague_who_saved_meanwhile_is_not_overwritten(police: RemissBody) -> None:
    browser = let_in(police)
    empty = {"_save": "1", "_seen-comments": merging.mark(None)}
    browser.post(INSIDE, typed(police, comments="Min", **empty))

    clash = browser.post(INSIDE, typed(police, comments="Din", **empty))

    assert clash.status_code == 422
    assert "Vad ska gälla?" in clash.content.decode()
    assert "Din" in clash.content.decode()
    assert RemissDraft.objects.get().answers["comments"] == "Min"
    mark = merging.mark("Min")
    chosen = {"_save": "1", "_seen-comments": mark, "_choose-comments": f"mine:{mark}"}
    assert browser.post(INSIDE, typed(police, comments="Din", **chosen)).status_code == 302
    assert RemissDraft.objects.get().answers["comments"] == "Din"


def save(browser: Client, body: RemissBody, *names: str, **changes: str) -> Any:
    """What the page's script sends: some fields, of a page that was drawn for the body."""
    sent = {"_writer": str(body.pk), "_field": list(names), **changes}
    return browser.post(INSIDE, sent, headers={"X-Requested-With": "fetch"})


def test_each_field_saves_by_itself_through_the_link_and_only_its_body_reads_it(
    police: RemissBody, officer: User
) -> None:
    browser = let_in(police)

    told = save(browser, police, "comments", comments="Personnummer 19121212-1212")
    save(browser, police, "person", person="Anna Ek")

    assert told.json()["clock"].startswith("kl.")
    assert "personnummer" in told.json()["warnings"]["comments"]
    draft = RemissDraft.objects.get()
    assert (draft.answers, draft.who) == ({"comments": "Personnummer 19121212-1212", "person": "Anna Ek"}, "Anna Ek")
    assert "19121212-1212" in browser.get(INSIDE).content.decode()
    office = Client()
    office.force_login(officer)
    entered = office.get(f"{police.remiss.case.get_absolute_url()}remiss/besvara/?instans={police.pk}")
    assert entered.status_code == 200
    assert "19121212-1212" not in entered.content.decode()


def test_what_is_typed_is_not_kept_by_a_link_that_is_closed_or_another_ones(
    police: RemissBody, remiss: Remiss, case: Case, officer: User
) -> None:
    other = remiss.bodies.get(name="Fryshuset")
    browser = let_in(police)
    let_in(other, browser)

    strange = save(browser, police, "comments", comments="Till fel remiss")
    sent = browser.post(INSIDE, typed(other, _writer=str(police.pk)))
    actions.revoke_remiss_link(case, officer, timezone.now(), organisation=other.name, reason="Sänd till fel adress.")
    shut = save(browser, other, "comments", comments="För sent")

    assert (strange.status_code, sent.status_code, shut.status_code) == (409, 422, 410)
    assert "En annan remiss är öppnad" in strange.json()["message"]
    assert "Öppna länken i brevet igen" in shut.json()["message"]
    assert not RemissDraft.objects.exists()
    assert not RemissAnswer.objects.exists()


def test_an_answer_that_is_given_is_no_draft_again(police: RemissBody) -> None:
    browser = let_in(police)
    browser.post(INSIDE, typed(police))

    late = save(browser, police, "comments", comments="Mer")

    assert (late.status_code, "redan lämnat" in late.json()["message"]) == (409, True)
    assert not RemissDraft.objects.exists()


def test_a_barred_link_closes_at_once_also_for_whoever_is_reading(
    police: RemissBody, case: Case, officer: User
) -> None:
    browser = let_in(police)

    actions.revoke_remiss_link(case, officer, timezone.now(), organisation=police.name, reason="Sänd till fel adress.")

    assert browser.get(INSIDE).status_code == 410
    assert Client().post(address(police)).status_code == 410
    actions.renew_remiss_link(case, officer, timezone.now(), organisation=police.name, email="ny@example.org")
    assert Letter.objects.filter(address="ny@example.org").exists()
    assert let_in(police).get(INSIDE).status_code == 200


def test_a_withdrawn_remiss_closes_its_links(police: RemissBody, case: Case, officer: User, remiss: Remiss) -> None:
    browser = let_in(police)

    actions.withdraw_remiss(case, officer, timezone.now(), remiss=remiss, reason="Ansökan ska kompletteras.")

    assert browser.get(INSIDE).status_code == 410
    assert browser.post(INSIDE, typed(police)).status_code == 410
    assert "Skäl: Ansökan ska kompletteras." in Letter.objects.filter(address=POLICE["email"]).last().body  # type: ignore[union-attr]


def test_when_the_case_goes_on_the_link_is_closed(police: RemissBody, case: Case) -> None:
    browser = let_in(police)

    with transaction.atomic():
        event = Event(case=case, action="propose_decision", by_name="Fabriken", at=timezone.now(), from_step=case.step)
        flow.record(event, data={}, to_step=Step.DECISION, tell=False)
        case.enter(Step.DECISION, timezone.now())

    assert browser.post(INSIDE, typed(police)).status_code == 410
    assert not RemissAnswer.objects.exists()


def test_a_link_lasts_two_weeks_past_the_last_day_and_longer_with_more_time(police: RemissBody) -> None:
    link = RemissLink.objects.select_related("body__remiss__case").get(body=police)
    last = police.last_day + timedelta(days=14)

    assert (link.lets_in(last), link.lets_in(last + timedelta(days=1))) == (True, False)
    link.body.last_day += timedelta(days=10)
    assert link.lets_in(last + timedelta(days=10))


def test_another_bodys_link_answers_for_that_body_alone(police: RemissBody, remiss: Remiss) -> None:
    other = remiss.bodies.get(name="Fryshuset")
    browser = let_in(other)

    browser.post(INSIDE, typed(other) | {"organisation": police.name, "body": str(police.pk)})

    assert RemissAnswer.objects.get().body == other


@pytest.mark.parametrize("token", ["x", "0" * 64, "a" * 500])
def test_a_made_up_link_and_a_closed_one_look_the_same(token: str, police: RemissBody) -> None:
    RemissLink.objects.update(barred_at=timezone.now())
    made_up, barred = Client().get(f"/remissvar/{token}/"), Client().get(address(police))

    assert made_up.status_code == barred.status_code == 410
    assert made_up.content == barred.content


def test_guesses_are_limited(police: RemissBody) -> None:
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    answers = [guesser.get(f"/remissvar/gissning{number}/").status_code for number in range(62)]

    assert answers[0] == 410
    assert answers[-1] == 429


def test_more_time_is_asked_for_granted_or_refused(police: RemissBody, case: Case, officer: User) -> None:
    browser, until = let_in(police), soon(50)

    asked = browser.post(
        "/remissvar/anstand/", {"until": until.isoformat(), "reason": "Styrelsen möts sent.", "person": "Anna Ek"}
    )

    assert asked.status_code == 302
    body = RemissBody.objects.get(pk=police.pk)
    assert (body.wants_until, body.wants_because) == (until, "Styrelsen möts sent.")
    actions.refuse_more_time(case, officer, timezone.now(), organisation=police.name, reason="Beslut tas före dess.")
    assert RemissBody.objects.get(pk=police.pk).wants_until is None
    with pytest.raises(Refused, match="Ingen remissinstans har begärt anstånd"):
        actions.refuse_more_time(case, officer, timezone.now(), organisation=police.name, reason="Igen.")
    actions.extend_remiss(
        case, officer, timezone.now(), last_day=until, reason="Styrelsens dag.", organisations=[police.name]
    )
    body.refresh_from_db()
    assert (body.last_day, body.more_time) == (until, "Styrelsens dag.")
    letters = Letter.objects.filter(address=POLICE["email"]).values_list("subject", flat=True)
    assert any("Längre svarstid" in subject for subject in letters)


def test_an_outside_body_is_reminded_before_and_on_the_day_until_it_has_answered(police: RemissBody) -> None:
    said = Letter.objects.filter(key__startswith="due/", address=POLICE["email"])

    for days in (8, 7, 6, 0):
        reminders.remind(police.last_day - timedelta(days=days))

    assert said.count() == 2
    first = said.earliest("id")
    assert first.fill
    assert RemissBody.objects.get(pk=police.pk).reminded_on == police.last_day - timedelta(days=7)
    let_in(police).post(INSIDE, typed(police))
    reminders.remind(police.last_day + timedelta(days=1))
    assert said.count() == 2


def test_only_what_the_table_opens_is_done_from_outside(case: Case) -> None:
    with pytest.raises(TypeError, match="not open to people outside"):
        actions.extend_remiss.from_outside(case, "Anna Ek", timezone.now(), {})


def test_an_answer_by_letter_is_still_entered_by_the_officer(
    police: RemissBody, case: Case, officer: User, board: Namnd
) -> None:
    actions.answer_remiss(
        *(case, officer, timezone.now()),
        organisation=police.name,
        form="office",
        standpoint="endorses",
        comments="Kom med post.",
        received_on=timezone.localdate(),
    )

    assert RemissAnswer.objects.get().event.by == officer
