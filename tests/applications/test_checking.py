"""SLK checks in form, asks at parts, gives more time, mends numbers; and the last day ends at midnight in Sweden."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, needs
from applications.forms.checking import is_odd
from applications.models import FormalPoint
from applications.needs import formal_checks
from applications.sheets import IDEA
from fundportal import difference, printing
from fundportal.errors import Refused
from fundportal.models import Case, Dnr, Event, User
from fundportal.process import Step
from tests.applications.city import AT, City, city, later

pytestmark = pytest.mark.django_db
ROWS = [{"part": "behov", "question": "Vilka är källorna?"}]
LAST = date(2027, 3, 19)


@pytest.fixture
def here() -> City:
    return city()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def asked(here: City) -> Case:
    case = here.registered()
    actions.request_completion(case, here.officer, AT, rows=ROWS, last_day=LAST)
    return case


def points(**changes: tuple[str, str]) -> list[dict]:
    return [
        {"code": code, "text": text, **dict(zip(("outcome", "comment"), changes.get(code, ("met", "")), strict=True))}
        for code, text in formal_checks()
    ]


def test_only_the_parts_that_are_asked_about_are_open(here: City):
    case = asked(here)

    with pytest.raises(Refused, match="ingår inte i kompletteringen"):
        IDEA.save(case, "kostnad", {"last_year": "2031"}, here.writer, later(1))
    IDEA.save(case, "behov", {"size": "300"}, here.writer, later(1))
    client = client_of(here.writer)
    closed = client.get(reverse("idea_part", kwargs={"number": case.number, "slug": "kostnad"})).content.decode()
    opened = client.get(reverse("idea_part", kwargs={"number": case.number, "slug": "behov"})).content.decode()

    assert "är stängd" in closed
    assert "Vilka är källorna?" in opened


def test_a_question_without_an_answer_stops_the_new_version(here: City):
    case = asked(here)

    assert [gap.text for gap in IDEA.filled(case).gaps()] == ["Svara på handläggarens fråga."]


def test_the_versions_can_be_compared_with_questions_and_answers(here: City):
    case = asked(here)
    answer = {case.completions.get().asked.get().field: "Skolverket, tabell 3.", "size": "300"}
    IDEA.save(case, "behov", answer, here.writer, later(1))
    actions.endorse_idea(case, here.manager, later(1))
    actions.submit_idea(case, here.writer, later(1))

    page = client_of(here.officer).get(reverse("difference", kwargs={"number": case.number, "kind": "idea"}))

    assert [part.title for part in page.context["differing"]] == ["Behov och målgrupp"]
    labels = {field.label for field in page.context["differing"][0].fields}
    assert labels == {"Målgruppens storlek", "Fråga från handläggaren: Vilka är källorna?"}
    assert difference.Word("300", "added") in page.context["differing"][0].fields[-1].words
    assert "Skolverket, tabell 3." in page.content.decode()


def test_more_time_is_given_with_a_reason_and_moves_the_last_day(here: City):
    case = asked(here)
    with pytest.raises(Refused, match="ligga efter"):
        actions.extend_last_day(case, here.officer, AT, last_day=date(2027, 3, 18), reason="Sjukdom hos sökanden.")

    actions.extend_last_day(case, here.officer, AT, last_day=date(2027, 4, 9), reason="Sjukdom hos sökanden.")

    assert (case.due_on, case.completions.get().last_day) == (date(2027, 4, 9), date(2027, 4, 9))
    assert case.respites.get().earlier == LAST


def test_a_board_is_given_respite_in_the_round_and_its_drafts_get_the_day(here: City):
    case = here.create()
    given = {
        "round": here.round,
        "namnd": here.owner,
        "last_day": date(2028, 1, 14),
        "reason": "Nämnden sammanträder då.",
    }
    with pytest.raises(Refused):
        actions.grant_respite(here.writer, AT, **given)

    actions.grant_respite(here.officer, AT, **given)

    case.refresh_from_db()
    assert needs.last_day(case) == case.due_on == date(2028, 1, 14)
    assert Event.objects.filter(case=None, fund=None, action="grant_respite").count() == 1


def midnight(day: date, seconds: int) -> datetime:
    """Seconds from the end of a day by Swedish time, as UTC: one hour ahead in winter, two in summer."""
    ahead = 2 if date(2027, 3, 28) <= day < date(2027, 10, 31) else 1
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, hours=-ahead, seconds=seconds)


@pytest.mark.parametrize(
    "day",
    [date(2027, 2, 1), date(2027, 7, 1), date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 30), date(2027, 10, 31)],
)
def test_the_last_day_ends_at_midnight_in_sweden_in_summer_and_winter(day: date):
    there = city(closes_on=day, opens_on=date(2026, 1, 1))
    case = Case(round=there.round, owner=there.owner, fund=there.fund)

    assert needs.is_late(case, midnight(day, -1)) is False, "23.59.59"
    assert needs.is_late(case, midnight(day, 0)) is True, "00.00.00"


def test_the_formal_check_is_kept_point_by_point_with_who_and_when(here: City):
    case = here.registered()
    with pytest.raises(Refused, match="Skriv vad som brister"):
        actions.check_formally(case, here.officer, AT, rows=points(komplett=("not_met", "")))

    actions.check_formally(case, here.officer, AT, rows=points(komplett=("not_met", "Källor saknas.")))

    check = case.formal_checks.get()
    assert (check.event.by, check.is_met) == (here.officer, False)
    assert check.points.get(code="komplett").comment == "Källor saknas."
    page = client_of(here.officer).get(case.get_absolute_url()).content.decode()
    assert "Källor saknas." in page


def test_an_idea_that_has_passed_the_check_goes_to_the_council_without_a_new_one(here: City):
    case = here.registered()
    actions.check_formally(case, here.officer, AT, rows=points(agare=("na", "")))

    actions.send_to_council(case, here.officer, AT, meeting_on=date(2027, 4, 7), checks=[])

    assert case.step == Step.COUNCIL
    assert FormalPoint.objects.filter(check_made__case=case).count() == len(formal_checks())


def test_a_wrong_number_is_replaced_by_a_new_one_with_a_reason(here: City):
    case = here.registered()
    row = {"authority": "Kommunstyrelsen", "dnr": "KS 2027/119", "registered_on": AT.date()}
    with pytest.raises(Refused, match="Skriv skälet"):
        actions.register(case, here.officer, AT, rows=[row])

    actions.register(case, here.officer, AT, rows=[row | {"reason": "Fel siffra i diariet."}])

    assert [dnr.dnr for dnr in case.dnrs.all()] == ["KS 2027/119"]
    assert [dnr.dnr for dnr in Dnr.everything.filter(case=case).order_by("pk")] == ["KS 2027/118", "KS 2027/119"]


@pytest.mark.parametrize(
    ("authority", "dnr", "odd"),
    [
        ("Kommunstyrelsen", "KS 2018/1802", False),
        ("Kommunstyrelsen", "173-968/2015", False),
        ("Kommunstyrelsen", "AMN-2018-0059", True),
        ("Östermalms stadsdelsnämnd", "2015-728-1.5.1.", False),
        ("Kungsholmens stadsdelsnämnd", "1.2.4-182-2013", False),
        ("Kungsholmens stadsdelsnämnd", "504-186-04", False),
        ("Rinkeby-Kista stadsdelsnämnd", "171-2011-1.2.1.", False),
        ("Rinkeby-Kista stadsdelsnämnd", "1.5.1.-118-2011", False),
        ("Socialnämnden", "10.1-0059/2012", False),
        ("Socialnämnden", "hundra", True),
        ("Stadsrevisionen", "RVK 2021/2", False),
    ],
)
def test_numbers_seen_in_the_city_have_no_odd_form(authority: str, dnr: str, *, odd: bool):
    assert is_odd(authority, dnr) is odd


def test_an_idea_is_copied_without_days_people_and_endorsement(here: City):
    earlier = here.submitted()

    copy = actions.create_idea(here.writer, AT, round=here.round, owner=here.owner, title="Igen", copied_from=earlier)

    filled = IDEA.filled(copy)
    assert filled.typed("behov") == IDEA.filled(earlier).typed("behov")
    assert set(filled.typed("kostnad")) == {"savings"}
    assert not {"contact", "manager"} & set(filled.typed("grund"))
    made = copy.last_event("create_idea")
    assert made
    assert made.data["copied_from"] == earlier.number
    assert needs.idea_is_endorsed(copy, AT) is not None


def test_the_preview_is_printed_by_the_worker_and_marked_as_a_draft(here: City):
    case = here.idea()
    address = reverse("preview", kwargs={"number": case.number, "sheet": "idea"})

    answer = client_of(here.writer).get(address)

    assert answer.status_code == (200 if printing.available() else 202)
    assert answer.status_code == 202 or answer.content.startswith(b"%PDF")
    assert client_of(here.officer).get(address).status_code == 404
