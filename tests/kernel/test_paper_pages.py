"""Pages of papers and attached files: who reads them, and when a draft's may be changed."""

import pytest
from django.urls import reverse

from fundportal import documents
from fundportal.models import Party, Upload
from fundportal.process import Role, Step
from fundportal.views import papers as pages
from tests import factories
from tests.kernel.papers import CONTENT, PDF, file, happens, store


@pytest.fixture
def case(db):
    return factories.case(Step.IDEA_CHECK, title="Tidiga familjestödsteam")


def paper(case, kind="idea", title="Idéskiss", content=None):
    return documents.freeze(happens(case, "submit_idea"), kind, title, content or CONTENT)


def url(name, case, pk):
    return reverse(name, kwargs={"number": case.number, "pk": pk})


@pytest.fixture
def applicant(case):
    return factories.user(Role.APPLICANT, case.owner)


def test_a_paper_can_be_read_before_it_is_printed_and_taken_home_after(client, case, applicant):
    document = paper(case)
    client.force_login(applicant)

    page = client.get(url("document", case, document.pk))
    waits = client.get(url("document_pdf", case, document.pk))
    documents.print_one(document.pk)
    pdf = client.get(url("document_pdf", case, document.pk))

    assert (page.status_code, waits.status_code, pdf.status_code) == (200, 302, 200)
    assert "Barn 0–6 år i Skärholmen" in page.content.decode()
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    assert pdf["Content-Disposition"] == f"attachment; filename*=utf-8''{case.number}%20Id%C3%A9skiss.pdf"
    assert pdf["X-Content-Type-Options"] == "nosniff"
    assert pdf["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_papers_and_files_of_a_case_one_may_not_see_are_404(client, case):
    document, upload = paper(case), store(case)
    client.force_login(factories.user(Role.APPLICANT, factories.namnd()))

    answers = [
        client.get(url(name, case, pk)).status_code
        for name, pk in [("document", document.pk), ("document_pdf", document.pk), ("upload", upload.pk)]
    ]

    assert answers == [404, 404, 404]


def test_a_paper_of_another_case_is_404(client, case, applicant):
    document = paper(factories.case(Step.IDEA_CHECK))
    client.force_login(applicant)

    assert client.get(url("document", case, document.pk)).status_code == 404


def test_a_drafts_loose_file_is_for_those_who_write_it_until_it_is_handed_in(client, case, applicant):
    loose = store(case)
    officer, manager = factories.user(Role.OFFICER), factories.user(Role.MANAGER, case.owner)

    def answers():
        found = []
        for person in (applicant, manager, officer):
            client.force_login(person)
            answer = client.get(url("upload", case, loose.pk))
            b"".join(answer.streaming_content if answer.streaming else ())  # read to its end, it closes its file
            found.append(answer.status_code)
        return found

    before = answers()
    documents.fix(happens(case, "submit_idea"), {})

    assert (before, answers()) == ([200, 200, 404], [200, 200, 200])


def test_an_invited_respondent_cannot_read_a_drafts_loose_files(client, case):
    board = factories.namnd()
    Party.objects.create(case=case, namnd=board, part=Party.Part.REMISS, since=factories.AT)
    client.force_login(factories.user(Role.RESPONDENT, board))

    assert client.get(url("upload", case, store(case).pk)).status_code == 404


def test_attachments_are_added_and_removed_while_the_draft_is_open(client, db):
    case = factories.case(Step.IDEA)
    client.force_login(factories.user(Role.APPLICANT, case.owner))
    page = reverse("attachments", kwargs={"number": case.number, "sheet": "idea"})

    empty = client.get(page)
    added = client.post(page, {"attached": [file("plan.pdf", PDF, "application/pdf")]})
    wrong = client.post(page, {"attached": [file("plan.exe", b"MZ")]})
    upload = Upload.objects.get(case=case)
    listed = client.get(page)
    removed = client.post(url("remove_upload", case, upload.pk))

    assert [one.status_code for one in (empty, added, wrong, listed, removed)] == [200, 302, 422, 200, 302]
    assert "plan.pdf" in listed.content.decode()
    assert not Upload.objects.filter(case=case).exists()


def test_adding_no_file_is_not_told_as_saved(client, db):
    case = factories.case(Step.IDEA)
    client.force_login(factories.user(Role.APPLICANT, case.owner))

    answer = client.post(reverse("attachments", kwargs={"number": case.number, "sheet": "idea"}))

    assert answer.status_code == 422
    assert "Välj ”Filer”." in answer.content.decode()


def test_attachments_of_a_draft_that_is_handed_in_cannot_be_changed(client, case, applicant):
    upload = store(case)
    client.force_login(applicant)
    page = reverse("attachments", kwargs={"number": case.number, "sheet": "idea"})

    assert client.post(page, {"attached": [file("plan.pdf", PDF)]}).status_code == 403
    assert client.post(url("remove_upload", case, upload.pk)).status_code == 403
    assert Upload.objects.filter(case=case).count() == 1


def test_every_sheet_with_attachments_is_handed_in_by_an_act():
    assert set(pages.SHEETS) == set(documents.HANDED_IN.values())
