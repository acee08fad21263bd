"""The one service behind list, count, search and export."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fundportal import queue
from fundportal.models import Case, Dnr, User
from fundportal.process import STEPS, Role, Step
from fundportal.queue import Wanted
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.user(Role.OFFICER)


def titles(user: User, wanted: Wanted) -> list[str]:
    return [row["title"] for row in queue.page(user, wanted).rows]


@pytest.mark.parametrize("sort", list(queue.ORDERS))
def test_every_order_gives_each_case_once_forwards_and_back(officer: User, sort: str) -> None:
    at = datetime(2027, 1, 1, tzinfo=UTC)
    for number in range(7):
        factories.case(
            Step.PREPARATION,
            title=f"Satsning {number % 3}",
            requested=Decimal(100 * (number % 2)) if number else None,
            at=at + timedelta(days=number // 2),
        )
    Case.objects.filter(pk__in=Case.objects.order_by("pk").values("pk")[:2]).update(due_on=None)
    wanted = Wanted(sort=sort)
    whole = [row["id"] for row in queue.page(officer, wanted, 100).rows]

    found, seen, last = [], wanted, None
    while True:
        page = queue.page(officer, seen, 3)
        found += [row["id"] for row in page.rows]
        if not page.next:
            last = page
            break
        seen = Wanted.read(dict(_pairs(page.next)))
    before = queue.page(officer, Wanted.read(dict(_pairs(last.previous))), 3)

    assert found == whole
    assert len(set(whole)) == 7
    assert [row["id"] for row in before.rows] == whole[3:6]


def _pairs(address: str) -> list[tuple[str, str]]:
    return parse_qsl(address.removeprefix("?"))


def test_titles_sort_as_swedish_does(officer: User) -> None:
    for title in ("Östermalm", "ärlig", "Zon", "Åldrande", "apa"):
        factories.case(Step.PREPARATION, title=title)

    assert titles(officer, Wanted(sort="rubrik")) == ["apa", "Zon", "Åldrande", "ärlig", "Östermalm"]


def test_the_nearest_deadline_comes_first_and_none_comes_last(officer: User) -> None:
    for title, due in (("utan", None), ("sen", date(2027, 9, 1)), ("snart", date(2027, 3, 2))):
        case = factories.case(Step.PREPARATION, title=title)
        Case.objects.filter(pk=case.pk).update(due_on=due)

    assert titles(officer, Wanted()) == ["snart", "sen", "utan"]


def test_a_list_holds_only_what_one_may_see() -> None:
    here, there = factories.namnd(), factories.namnd()
    factories.case(Step.PREPARATION, owner=here, title="vår")
    factories.case(Step.PREPARATION, owner=there, title="deras")
    applicant = factories.user(Role.APPLICANT, here)

    assert titles(applicant, Wanted()) == ["vår"]
    assert queue.count(applicant, Wanted()) == 1
    assert queue.counts(applicant, {"alla": (queue.VIEWS[""][1], 10)}) == {"alla": 1}
    assert titles(factories.user(Role.ADMINISTRATOR), Wanted()) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("skol", ["Skolnärvaro i årskurs sju"]),
        ("närvaro", []),
        ("Årskurs", ["Skolnärvaro i årskurs sju"]),
        ("SIF-2027", ["Skolnärvaro i årskurs sju", "Äldre mot ensamhet"]),
        ("KS 2027/1", ["Äldre mot ensamhet"]),
        ("ks 2027/1", ["Äldre mot ensamhet"]),
        ("Farsta", ["Skolnärvaro i årskurs sju"]),
        ("finns inte", []),
        ("' & | ! ) :*", []),
        ("och i", []),
        ("\x00", ["Skolnärvaro i årskurs sju", "Äldre mot ensamhet"]),
    ],
)
def test_search_finds_words_numbers_and_boards(officer: User, text: str, found: list[str]) -> None:
    factories.case(Step.PREPARATION, title="Skolnärvaro i årskurs sju", owner=factories.namnd("Farsta stadsdelsnämnd"))
    case = factories.case(Step.PREPARATION, title="Äldre mot ensamhet")
    Dnr.objects.create(case=case, authority="Kommunstyrelsen", dnr="KS 2027/1", registered_on=date(2027, 1, 1))

    assert titles(officer, Wanted.read({"q": text, "sort": "rubrik"})) == found


def test_filters_narrow_together(officer: User) -> None:
    board = factories.namnd()
    factories.case(Step.PREPARATION, owner=board, officer=officer, title="rätt")
    factories.case(Step.PREPARATION, owner=board, title="utan handläggare")
    factories.case(Step.COUNCIL, owner=board, officer=officer, title="annat steg")
    factories.case(Step.PREPARATION, officer=officer, title="annan nämnd")
    asked = {"namnd": str(board.pk), "handlaggare": str(officer.pk)}

    assert titles(officer, Wanted.read(asked | {"steg": "preparation"})) == ["rätt"]
    assert titles(officer, Wanted.read(asked | {"steg": "4"})) == ["rätt"]
    assert titles(officer, Wanted.read({"namnd": str(board.pk), "handlaggare": "ingen"})) == ["utan handläggare"]


@pytest.mark.parametrize(
    ("due", "days", "found"),
    [("passerad", -1, True), ("passerad", 0, False), ("snart", 0, True), ("snart", 7, True), ("snart", 8, False)],
)
def test_deadlines_are_late_the_day_after_and_near_for_a_week(officer: User, due: str, days: int, found: bool) -> None:
    case = factories.case(Step.PREPARATION)
    Case.objects.filter(pk=case.pk).update(due_on=timezone.localdate() + timedelta(days=days))

    assert bool(titles(officer, Wanted(due=due))) == found


def test_nonsense_in_the_address_counts_as_not_asked_for() -> None:
    told = {"vy": "x", "steg": "99", "namnd": "-1", "omgang": "²", "handlaggare": "'", "frist": "x", "sort": "x"}

    assert Wanted.read(told) == Wanted()


@pytest.mark.parametrize(
    "place", ["x", "~", "2027-01-01~x", "x~1", "9999-99-99~1", "~1", "2027-01-01~99999999999999999999"]
)
def test_a_place_that_is_no_place_begins_from_the_beginning(officer: User, place: str) -> None:
    factories.case(Step.PREPARATION, title="först")

    assert titles(officer, Wanted.read({"efter": place})) == ["först"]


def test_the_address_of_a_filter_gives_the_filter_back() -> None:
    wanted = Wanted(
        q="skol & å", view="beslut", step="4", namnd=3, round=2, officer="ingen", due="snart", sort="-belopp"
    )

    assert Wanted.read(dict(_pairs(wanted.address()))) == wanted


def test_counts_stop_above_their_cap(officer: User) -> None:
    for _number in range(4):
        factories.case(Step.PREPARATION)

    assert queue.counts(officer, {"alla": (queue.VIEWS[""][1], 2)}) == {"alla": 3}
    assert queue.said(3, 2) == "2+"


def test_the_queue_asks_as_many_questions_for_fifty_cases_as_for_one(client: Client, officer: User) -> None:
    client.force_login(officer)
    factories.case(Step.PREPARATION, officer=officer)
    few = _questions(client, "/arenden/")
    for number in range(49):
        factories.case(list(STEPS)[1 + number % 17], officer=officer if number % 2 else None)

    many = _questions(client, "/arenden/")

    assert many == few
    assert many <= 10


def _questions(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_queue_keeps_the_filter_when_it_sorts_and_pages(client: Client, officer: User) -> None:
    for number in range(queue.PAGE + 1):
        factories.case(Step.PREPARATION, officer=officer, title=f"Skola {number:02d}")
    client.force_login(officer)

    first = client.get("/arenden/", {"q": "skola", "vy": "mina", "sort": "rubrik"}).content.decode()
    second = client.get("/arenden/" + queue.page(officer, Wanted(q="skola", view="mina", sort="rubrik")).next)

    assert f"Visar {queue.PAGE} av {queue.PAGE + 1} ärenden" in first
    assert "vy=mina&amp;q=skola&amp;sort=rubrik&amp;efter=" in first
    assert f"Skola {queue.PAGE:02d}" in second.content.decode()


def test_an_empty_queue_says_so(client: Client, officer: User) -> None:
    client.force_login(officer)

    assert "Här finns inga ärenden just nu" in client.get("/arenden/").content.decode()
    assert "Inga ärenden motsvarar urvalet" in client.get("/arenden/?q=x").content.decode()


@pytest.mark.parametrize("sort", list(queue.ORDERS))
def test_every_order_is_read_from_an_index(sort: str) -> None:
    """However many cases there are, a page costs a page: no plan sorts."""
    for _number in range(3):
        factories.case(Step.PREPARATION)
    rows = queue.from_place(Case.objects.all(), queue.ORDERS[sort], "")[:21]

    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_bitmapscan = off")

    assert "Sort" not in rows.explain()
