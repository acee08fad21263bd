"""Files are let in by what they are, and kept under names that can be saved anywhere."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from fundportal import uploads
from tests.kernel.papers import PDF, PNG, file, office

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\0" * 64


@pytest.mark.parametrize(
    ("name", "content", "said", "content_type"),
    [
        ("Kalkyl.pdf", PDF, "application/pdf", "application/pdf"),
        ("KALKYL.PDF", PDF, "application/octet-stream", "application/pdf"),
        ("bild.png", PNG, "image/png", "image/png"),
        ("bild.jpeg", JPEG, "image/jpeg", "image/jpeg"),
        (
            "plan.docx",
            office(),
            f"{uploads.OFFICE}wordprocessingml.document",
            f"{uploads.OFFICE}wordprocessingml.document",
        ),
        ("kalkyl.xlsx", office("xl/workbook.xml"), "", f"{uploads.OFFICE}spreadsheetml.sheet"),
        (
            "bilder.pptx",
            office("ppt/presentation.xml"),
            "application/zip",
            f"{uploads.OFFICE}presentationml.presentation",
        ),
        ("åäö.txt", "Räksmörgås".encode(), "text/plain", "text/plain"),
        ("rader.csv", "\ufeffÅr;Belopp\r\n2027;8 400".encode(), "application/vnd.ms-excel", "text/csv"),
    ],
)
def test_an_allowed_file_gets_the_type_of_its_content(name, content, said, content_type):
    assert uploads.check(file(name, content, said)) == content_type


@pytest.mark.parametrize(
    ("name", "content", "said", "why"),
    [
        ("virus.exe", b"MZ\x90\x00", "", "”virus.exe” kan inte bifogas."),
        ("bild.svg", b"<svg/>", "image/svg+xml", "”bild.svg” kan inte bifogas."),
        ("namnlos", PDF, "application/pdf", "”namnlos” kan inte bifogas."),
        ("tom.pdf", b"", "application/pdf", "”tom.pdf” är tom."),
        ("program.pdf", b"MZ\x90\x00" + b"\0" * 64, "application/pdf", "”program.pdf” är ingen PDF-fil, trots namnet."),
        ("polyglot.pdf", b"<html>" + PDF, "application/pdf", "”polyglot.pdf” är ingen PDF-fil, trots namnet."),
        ("last.pdf", PDF.replace(b"/Root", b"/Encrypt 2 0 R /Root"), "", "”last.pdf” är skyddad med lösenord"),
        ("bild.png", PDF, "image/png", "”bild.png” är ingen PNG-fil, trots namnet."),
        ("bild.jpg", PNG, "image/jpeg", "”bild.jpg” är ingen JPEG-fil, trots namnet."),
        ("plan.docx", office("xl/workbook.xml"), "", "”plan.docx” är ingen Word-fil, trots namnet."),
        ("plan.docx", b"PK\x03\x04 trasig", "", "”plan.docx” är ingen Word-fil, trots namnet."),
        ("plan.docx", office("word/document.xml", "word/vbaProject.bin"), "", "”plan.docx” innehåller makron."),
        (
            "gammal.docx",
            uploads.OLD_OFFICE + b"\0" * 64,
            "",
            "”gammal.docx” är skyddad med lösenord eller sparad i ett äldre",
        ),
        ("latin.csv", "År;Belopp".encode("latin-1"), "text/csv", "”latin.csv” är inte text i UTF-8."),
        ("binar.txt", b"abc\0def", "text/plain", "”binar.txt” är ingen text-fil, trots namnet."),
        ("sida.txt", b"  <!DOCTYPE html><script>", "text/plain", "”sida.txt” är en webbsida eller XML"),
        ("bild.png", PNG, "text/html", "”bild.png” har skickats som text/html men är en PNG-fil."),
    ],
)
def test_what_is_not_let_in_is_told_in_words(name, content, said, why):
    with pytest.raises(ValidationError) as wrong:
        uploads.check(file(name, content, said))

    assert wrong.value.messages[0].startswith(why)


def test_a_file_above_25_mb_is_refused_before_it_is_read():
    large = SimpleUploadedFile("stor.pdf", PDF)
    large.size = uploads.MOST + 1

    with pytest.raises(ValidationError, match="större än 25 MB"):
        uploads.check(large)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Ansökan Åäö.pdf", "Ansökan Åäö.pdf"),
        ("A\u030angest.pdf", "Ångest.pdf"),
        ("C:\\Users\\me\\plan.docx", "plan.docx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ('vad?<är>|"detta*.pdf', "vad-är-detta-.pdf"),
        ("con.txt", "_con.txt"),
        ("LPT1.csv", "_LPT1.csv"),
        ("plan .pdf ", "plan.pdf"),
        ("rad\nbrytning\u202efdp.pdf", "radbrytningfdp.pdf"),
        ("...", "fil"),
        ("", "fil"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_a_name_is_made_safe_and_keeps_its_swedish_letters(given_name, kept):
    assert uploads.safe_name(given_name) == kept


@given(st.text())
def test_no_name_can_leave_its_folder_or_break_windows(name):
    safe = uploads.safe_name(name)

    assert 0 < len(safe) <= uploads.LONGEST + 1
    assert not set(safe) & set('<>:"/\\|?*\n\r\0')
    assert not uploads.RESERVED.fullmatch(safe)
    assert safe == safe.rstrip(". ")


def test_a_second_file_of_the_same_name_is_numbered():
    assert uploads.free_name("plan.pdf", ["Plan.PDF", "plan (2).pdf", "annan.pdf"]) == "plan (3).pdf"
