"""Search: what is found, by whom, in which order, and what the prefixes mean."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from fundportal import exports, queue
from fundportal.models import Case, Dnr, Document, Draft, Namnd, Party, User
from fundportal.process import Role, Step
from fundportal.queue import Wanted, found
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 3)


@pytest.fixture
def officer() -> User:
    return factories.user(Role.OFFICER, first_name="Karin", last_name="Ek")


def paper(case: Case, kind: str, title: str, text: str = "") -> Document:
    """A paper with one long answer, as those that are handed in have."""
    return Document.objects.create(
        case=case,
        event=case.events.get(no=1),
        kind=kind,
        title=title,
        template="pdf/sheet.html",
        content=json.dumps({"sections": [{"title": "Behov", "text": text}]}),
        content_sha256="0" * 64,
        created_at=factories.AT,
    )


def told_again(case: Case, text: str) -> dict[str, Any]:
    """The second version of the idea's paper."""
    first = case.documents.get(kind="idea")
    told = {name: getattr(first, name) for name in ("case", "event", "kind", "title", "template", "created_at")}
    return told | {"version": 2, "content_sha256": "1" * 64, "content": json.dumps({"sections": [{"text": text}]})}


def titles(user: User, q: str) -> list[str]:
    return [row["title"] for row in found.search(user, Wanted(q=q, view="samtliga")).rows]


def test_the_title_weighs_more_than_the_idea_the_idea_more_than_the_application_and_papers_least(officer: User) -> None:
    for title in ("papper", "ansökan", "idé"):
        factories.case(Step.PREPARATION, title=title)
    factories.case(Step.PREPARATION, title="Trygg hemgång")
    by = {case.title: case for case in Case.objects.all()}
    paper(by["papper"], "report", "Rapport om hemgång")
    paper(by["ansökan"], "application", "A", "Vi prövar hemgång med stöd.")
    paper(by["idé"], "idea", "I", "Vi prövar hemgång med stöd.")

    assert titles(officer, "hemgång") == ["Trygg hemgång", "idé", "ansökan", "papper"]


def test_a_hit_is_marked_and_everything_else_is_escaped(officer: User) -> None:
    case = factories.case(Step.PREPARATION, title="<b>Skola</b> & hem")
    paper(case, "idea", "Idé", "Barn <script>alert(1)</script> i skolan behöver stöd.")

    row = found.search(officer, Wanted(q="skola", view="samtliga")).rows[0]

    assert row["marked"] == "&lt;b&gt;<mark>Skola</mark>&lt;/b&gt; &amp; hem"
    assert "<mark>skolan</mark>" in row["passage"]
    assert "<script>" not in row["passage"]


def test_a_new_version_replaces_the_words_of_the_one_before(officer: User) -> None:
    case = factories.case(Step.PREPARATION, title="Ett ärende")
    paper(case, "idea", "I", "Kolonilott")
    assert titles(officer, "kolonilott") == ["Ett ärende"]
    Document.objects.create(**told_again(case, "Trädgård"))

    assert titles(officer, "kolonilott") == []
    assert titles(officer, "trädgård") == ["Ett ärende"]
    Case.objects.filter(pk=case.pk).update(title="Ett annat namn")
    assert titles(officer, "annat") == ["Ett annat namn"]
    assert titles(officer, "ett ärende") == []


def test_a_draft_is_found_by_those_who_write_it_and_by_nobody_else(officer: User) -> None:
    board, other = factories.namnd(), factories.namnd()
    case = factories.case(Step.APPLICATION, owner=board, title="Utkastet")
    factories.partner(case, other)
    Party.objects.create(case=case, namnd=other, part=Party.Part.REMISS, since=factories.AT)
    writer = factories.user(Role.APPLICANT, board)
    Draft.objects.create(
        case=case,
        sheet="application",
        part="behov",
        answers={"need": "Hemligheten"},
        saved_at=factories.AT,
        saved_by=writer,
    )

    assert titles(writer, "hemlighet") == ["Utkastet"]
    assert titles(factories.user(Role.MANAGER, other), "hemlighet") == ["Utkastet"]
    assert titles(officer, "hemlighet") == []
    assert titles(factories.user(Role.RESPONDENT, other), "hemlighet") == []
    assert titles(factories.user(Role.AUDITOR), "hemlighet") == []


def test_a_renamed_board_and_a_new_number_are_found(officer: User) -> None:
    board = factories.namnd("Gamla nämnden")
    case = factories.case(Step.PREPARATION, owner=board, title="Ärende")
    Namnd.objects.filter(pk=board.pk).update(name="Nya nämnden", short="Nya")
    Dnr.objects.create(case=case, authority="KS", dnr="KS 2027/88", registered_on=DAY)

    assert titles(officer, "nya nämnden") == ["Ärende"]
    assert titles(officer, "gamla") == []
    assert titles(officer, "KS 2027/88") == ["Ärende"]


def test_the_index_is_written_by_the_database_alone() -> None:
    factories.case(Step.PREPARATION)

    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("update fundportal_casetext set title = 'x'")


@pytest.fixture
def city(officer: User) -> dict[str, Case]:
    """Four cases that the prefixes tell apart."""
    farsta = factories.namnd("Farsta stadsdelsnämnd")
    late = factories.case(Step.PREPARATION, title="sen", owner=farsta, officer=officer, requested=Decimal(900_000))
    other = factories.user(Role.OFFICER, first_name="Omar", last_name="Ali")
    spring = factories.round_(name="Våren 2027")
    factories.case(Step.COUNCIL, title="råd", officer=other, requested=Decimal(200_000), round=spring)
    factories.case(Step.BOARD, title="ks", requested=Decimal(500_000))
    factories.case(Step.CLOSED, title="slut", requested=None)
    Case.objects.update(due_on=None)
    Case.objects.filter(title="sen").update(due_on=date(2020, 1, 1))
    Case.objects.filter(title="råd").update(due_on=date(2099, 1, 1))
    Dnr.objects.create(case=late, authority="KS", dnr="KS 2027/1", registered_on=DAY)
    return {case.title: case for case in Case.objects.all()}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("nämnd:farsta", "sen"),
        ('nämnd:"farsta stadsdelsnämnd"', "sen"),
        ("namnd:farsta", "sen"),
        ("NÄMND:Farsta", "sen"),
        ("steg:beredning", "sen"),
        ("steg:council", "råd"),
        ("steg:2", "råd"),
        ("steg:kommunstyrelsen", "ks"),
        ("handläggare:mig", "sen"),
        ("handläggare:ingen", "ks slut"),
        ("handläggare:omar", "råd"),
        ('handläggare:"ali omar"', "råd"),
        ("frist:försenad", "sen"),
        ("frist:<2027-02-01", "sen"),
        ("frist:>2027-02-01", "råd"),
        ("frist:2020-01-01", "sen"),
        ("frist:2019-01-01..2020-12-31", "sen"),
        ("frist:ingen", "ks slut"),
        ("belopp:>500000", "sen"),
        ("belopp:>=500000", "ks sen"),
        ("belopp:<0,5mnkr", "råd"),
        ("belopp:200tkr..500tkr", "ks råd"),
        ("omgång:våren", "råd"),
        ("dnr:KS", "sen"),
        ('dnr:"KS 2027/1"', "sen"),
        ("steg:beredning belopp:<1", ""),
        ("farsta belopp:>1", "sen"),
        ("nämnd:farsta ks", "sen"),
    ],
)
def test_prefixes_narrow_what_is_found(city: dict[str, Case], officer: User, text: str, asked: str) -> None:
    assert sorted(titles(officer, text)) == asked.split()
    assert sorted(row["title"] for row in queue.page(officer, Wanted(q=text, view="samtliga")).rows) == asked.split()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("namd:farsta", "Menade du ”namnd:”?"),
        ("xyz:1", "”xyz:” är inget som går att söka på"),
        ("nämnd:fasta", "Menade du"),
        ("steg:beredd", "Menade du"),
        ("handläggare:umar", "Menade du ”Omar Ali”?"),
        ("frist:imorgon", "Skriv en dag"),
        ("frist:<2027-13-01", "Skriv en dag"),
        ("belopp:mycket", "Skriv kronor"),
        ("omgång:zzz", "stämmer inte med något"),
        ('nämnd:""', "Skriv något efter"),
    ],
)
def test_what_is_not_understood_is_told_and_finds_nothing(
    city: dict[str, Case], officer: User, text: str, said: str
) -> None:
    wanted = Wanted(q=text, view="samtliga")

    assert said in " ".join(queue.faults(officer, wanted))
    assert titles(officer, text) == []
    assert queue.count(officer, wanted) == 0


def test_every_list_gives_the_same_cases_to_the_same_person(officer: User) -> None:
    """List, count, counts, search and export, for every role: what is not visible is nowhere."""
    boards = [factories.namnd() for _number in range(3)]
    for number, step in enumerate((Step.IDEA, Step.IDEA_CHECK, Step.PREPARATION, Step.REPAYMENT, Step.REJECTED) * 2):
        case = factories.case(step, owner=boards[number % 3], title=f"Gemensamt {number}")
        if number % 2:
            factories.partner(case, boards[(number + 1) % 3])
        paper(case, "idea", "Idé", "Gemensamt mål")
    people = [factories.user(role, boards[0] if role in (Role.APPLICANT, Role.MANAGER, Role.RESPONDENT) else None)
              for role in Role if role not in (Role.STEERING, Role.READER)]  # fmt: skip
    wanted = Wanted(q="gemensamt mål", view="samtliga")

    for person in people:
        may = set(Case.objects.visible_to(person).values_list("pk", flat=True))
        listed = {row["id"] for row in queue.page(person, wanted, 100).rows}
        searched = {row["id"] for row in found.search(person, wanted).rows}
        taken = set(queue.cases(person, wanted).values_list("pk", flat=True))
        assert listed == searched == taken == may
        assert queue.count(person, wanted) == len(may)
        assert queue.counts(person, {}, wanted)["filter"] == len(may)
    auditor = next(person for person in people if Role.AUDITOR in person.grants.everywhere)
    rows = queue.cases(auditor, wanted)
    made = exports.take_out(auditor, timezone.now(), "Lista", {}, rows, exports.CASE_COLUMNS, "csv")
    made.file.close()
    assert made.rows == Case.objects.visible_to(auditor).count()


def test_the_same_address_gives_two_people_with_the_same_rights_the_same_list(client: Client, officer: User) -> None:
    other = factories.user(Role.OFFICER)
    for number in range(5):
        factories.case(Step.PREPARATION, title=f"Skola {number}", requested=Decimal(100_000 * number))
    address = "/arenden/?q=skola&belopp_fran=200000&belopp_till=300+000&sort=-belopp&kol=namnd,belopp"
    pages = []
    for person in (officer, other):
        client.force_login(person)
        pages.append(client.get(address).content.decode())

    assert all("Skola 3" in page and "Skola 2" in page and "Skola 4" not in page for page in pages)
    assert all(page.index("Skola 3") < page.index("Skola 2") for page in pages)
    assert all("<th" in page and "Handläggare</button>" not in page for page in pages)


def test_the_search_page_ranks_pages_and_helps(client: Client, officer: User) -> None:
    for number in range(found.SIZE + 1):
        factories.case(Step.PREPARATION, title=f"Skola {number}")
    client.force_login(officer)

    first = client.get("/sok/?q=skola").content.decode()
    second = client.get("/sok/?q=skola&sida=2").content.decode()

    assert f"{found.SIZE + 1} ärenden" in first
    assert "sida=2" in first
    assert second.count("<mark>Skola</mark>") == 1
    assert "handläggare:mig" in client.get("/sok/").content.decode()
    assert "Menade du ”namnd:”?" in client.get("/sok/?q=namd:x").content.decode()
