"""Papers are frozen with their act, printed once and never changed; attached files are fixed by an act."""

import hashlib
import json
import re
import threading
from io import BytesIO

import pikepdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.template import TemplateDoesNotExist
from django.utils import timezone

from fundportal import documents, printing, tasks
from fundportal.errors import Refused
from fundportal.models import Document, Upload
from fundportal.process import Role, Step
from tests import factories
from tests.kernel.papers import CONTENT, PDF, happens, store


@pytest.fixture
def case(db):
    return factories.case(Step.IDEA_CHECK, title="Tidiga familjestödsteam")


def paper(case, kind="idea", title="Idéskiss", content=None):
    return documents.freeze(happens(case, "submit_idea"), kind, title, content or CONTENT)


def printed(document):
    assert documents.print_one(document.pk)
    document.refresh_from_db()
    return documents.path(document.file).read_bytes()


def test_the_hash_of_a_paper_is_that_of_its_exact_content(case):
    document = paper(case)

    assert document.content_sha256 == hashlib.sha256(document.content.encode()).hexdigest()
    assert json.loads(document.content)["sections"] == CONTENT["sections"]
    assert json.loads(document.content)["head"] | {"at": ""} == {
        "act": "submit_idea",
        "at": "",
        "by": "Fabriken",
        "case": case.number,
        "case_title": case.title,
        "dnr": [],
        "event": 3,
        "kind": "Idéskiss",
        "owner": case.owner.name,
        "role": "",
        "sender": case.owner.name,
        "title": "Idéskiss",
        "version": 1,
    }


def test_a_second_paper_of_a_kind_is_version_two_beside_the_first(case):
    versions = [paper(case).version, paper(case).version, paper(case, kind="decision").version]

    assert versions == [1, 2, 1]


def test_a_printed_paper_is_tagged_pdf_a_in_swedish_with_its_content_inside(case):
    document = paper(case)

    content = printed(document)

    assert (document.size, document.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    with pikepdf.open(BytesIO(content)) as pdf:
        said = pdf.Root.Metadata.read_bytes().decode()
        assert re.findall(r'pdfaid:(part|conformance)="(\w)"', said) == [("part", "3"), ("conformance", "A")]
        assert "<pdfuaid:part>1</pdfuaid:part>" in said
        assert said.count("<rdf:RDF") == 1
        assert str(pdf.Root.Lang) == "sv"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo.Title) == "Idéskiss"
        with pdf.open_outline() as outline:
            assert [(top.title, [sub.title for sub in top.children]) for top in outline.root] == [
                ("Tidiga familjestödsteam", ["Målgrupp"])
            ]
        assert {name: inside.get_file().read_bytes() for name, inside in pdf.attachments.items()} == {
            "innehall.json": document.content.encode()
        }


def test_the_same_content_is_printed_to_the_same_bytes(case):
    document = paper(case)

    assert printing.pdf(document, "Idéskiss") == printing.pdf(document, "Idéskiss")


@pytest.mark.parametrize(
    ("given", "drawn"),
    [("åäö ÅÄÖ é č", "åäö ÅÄÖ é č"), ("a → b", "a –&gt; b"), ("\u202f", "\u00a0"), ("\u0007\ue000\u202e", ""),
     ("ﬁ", "fi"), ("🎉", "?"), ("Привет", "??????")],
)  # fmt: skip
def test_letters_that_the_fonts_lack_are_drawn_as_others(given, drawn):
    assert given.translate(printing.drawable()) == drawn


def test_a_paper_with_odd_letters_and_markup_is_printed_as_text(case):
    document = paper(
        case, content={"lead": "🎉 <img src='http://127.0.0.1/'> \u0000", "sections": [{"text": "<script>Привет"}]}
    )

    assert printed(document).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1/", "https://example.org/", "data:text/plain,x"]
)
def test_a_paper_fetches_nothing_from_outside(address):
    with pytest.raises(ValueError, match="hämtar ingenting utifrån"):
        printing.write(f"<html lang=sv><img src='{address}' alt=''></html>")


def test_a_paper_is_printed_once(case):
    document = paper(case)
    first = printed(document)

    assert not documents.print_one(document.pk)
    assert documents.path(document.file).read_bytes() == first


def test_a_paper_that_one_worker_prints_is_left_alone_by_another(fresh_db):
    document = paper(factories.case(Step.IDEA_CHECK))
    locked, done = threading.Event(), threading.Event()

    def other():
        with transaction.atomic():
            Document.objects.select_for_update().get(pk=document.pk)
            locked.set()
            done.wait(30)
        connection.close()

    worker = threading.Thread(target=other)
    worker.start()
    locked.wait(30)
    while_locked = documents.print_one(document.pk)
    done.set()
    worker.join()

    assert (while_locked, documents.print_one(document.pk)) == (False, True)


def test_a_printed_paper_cannot_be_changed_even_by_the_role_that_runs(case):
    document = paper(case)
    printed(document)

    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(content="{}")


def test_without_the_libraries_papers_wait(case, monkeypatch):
    document = paper(case)
    monkeypatch.setattr(printing, "available", lambda: False)

    tasks.print_unprinted()

    document.refresh_from_db()
    assert document.printed_at is None


def test_the_sweep_prints_what_was_missed(case):
    papers = [paper(case), paper(case)]

    tasks.print_unprinted()

    assert Document.objects.filter(pk__in=[one.pk for one in papers], printed_at=None).count() == 0


def test_what_was_done_long_ago_is_left_to_the_sweep_or_printed_when_asked_for(case, client):
    event = happens(case, "submit_idea", at=timezone.now() - documents.JUST_NOW)
    old = documents.freeze(event, "idea", "Idéskiss", CONTENT)
    assert documents.unprinted(event_id=old.event_id) == []
    assert documents.unprinted() == [old.pk]
    client.force_login(factories.user(Role.OFFICER))

    client.get(f"/arenden/{case.number}/handlingar/{old.pk}/pdf/")

    old.refresh_from_db()
    assert old.printed_at is not None


def test_a_paper_with_a_template_that_does_not_exist_stops_the_act(case):
    with pytest.raises(TemplateDoesNotExist, match=r"pdf/saknas\.html"):
        documents.freeze(happens(case, "submit_idea"), "idea", "Idé", {}, template="pdf/saknas.html")


@pytest.mark.parametrize(
    ("kind", "title", "named", "heading"),
    [
        ("Idéskiss", "Idéskiss: Familjestöd", "Idéskiss: Familjestöd", "Familjestöd"),
        ("Återföringsplan", "Återföringsplan, version 2", "Återföringsplan, version 2", "Familjestöd"),
        ("Remissvar", "Remissvar från Socialnämnden", "Remissvar från Socialnämnden", "Remissvar från Socialnämnden"),
        ("Beslut", "Om medel", "Beslut: Om medel", "Om medel"),
    ],
)
def test_neither_the_file_nor_the_first_page_says_the_kind_of_paper_twice(kind, title, named, heading):
    assert printing.titles(kind, title, "Familjestöd") == (named, heading)


def test_a_table_aligns_amounts_but_neither_row_headers_nor_years():
    drawn = printing.section(
        {
            "table": {
                "columns": ["Nr", "Nämnd", "År", "Belopp"],
                "rows": [[1, "A", 2027, "8 400 tkr"], [2, "B", 2028, None]],
            }
        }
    )

    assert [number for _label, number in drawn["table"]["columns"]] == [False, False, False, True]
    assert drawn["table"]["rows"][1] == [("2", False), ("B", False), ("2028", False), ("–", True)]


# Attached files


def test_a_stored_file_keeps_its_content_hash_and_swedish_name(case):
    upload = store(case, "Kalkyl för året.pdf")

    assert upload.name == "Kalkyl för året.pdf"
    assert upload.sha256 == hashlib.sha256(PDF).hexdigest()
    assert documents.path(upload.file).read_bytes() == PDF
    assert "Kalkyl" not in upload.file


def test_two_files_of_one_name_are_both_kept(case):
    names = [store(case).name, store(case, content=PDF + b"\n").name]

    assert names == ["plan.pdf", "plan (2).pdf"]


def test_the_same_file_twice_is_one(case):
    assert store(case).pk == store(case, "annat namn.pdf").pk


def test_a_file_that_is_not_let_in_is_refused_in_words(case):
    with pytest.raises(Refused, match="trots namnet"):
        store(case, content=b"MZ inte pdf")


def test_a_loose_file_can_be_removed_and_a_fixed_one_cannot(case, django_capture_on_commit_callbacks):
    loose, fixed = store(case), store(case, content=PDF + b"\n")
    documents.fix(happens(case, "report"), {"files": [fixed]})

    with django_capture_on_commit_callbacks(execute=True):
        documents.remove(loose)

    assert not documents.path(loose.file).exists()
    fixed.refresh_from_db()
    with pytest.raises(Refused, match="inlämnad"):
        documents.remove(fixed)
    with pytest.raises(DatabaseError), transaction.atomic():
        Upload.objects.filter(pk=fixed.pk).delete()


def test_handing_in_a_sheet_fixes_its_attachments_and_no_others(case):
    idea, opinion = store(case), store(case, place="opinion")

    event = happens(case, "submit_idea")
    documents.fix(event, {})

    assert list(Upload.objects.filter(event=event)) == [idea]
    assert Upload.objects.get(event=None) == opinion


def test_a_form_that_was_sent_twice_keeps_its_files_once(case, django_capture_on_commit_callbacks):
    event = happens(case, "report")
    documents.fix(event, {"files": [store(case, place="report")]})

    with django_capture_on_commit_callbacks(execute=True):
        documents.fix(event, {"files": [store(case, place="report")]})

    assert [upload.name for upload in Upload.objects.filter(case=case)] == ["plan.pdf"]
