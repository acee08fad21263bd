"""Files are checked by clamd, over a real socket; what no scanner has called clean is never called so."""

from __future__ import annotations

import os
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fundportal import documents, tasks, viruses
from fundportal.errors import Refused
from fundportal.models import Case, Event, Upload, User, VirusCheck
from fundportal.process import Role
from tests import factories

pytestmark = pytest.mark.django_db
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\1\0\0\0\1\x08\2\0\0\0" + b"\0" * 40


class Scanner(socketserver.BaseRequestHandler):
    """Speaks INSTREAM as clamd does."""

    def handle(self) -> None:
        assert self._read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", self._read(4))[0]:
            content += self._read(length)
        if len(content) > 2_000_000:
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.request.sendall(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")

    def _read(self, length: int) -> bytes:
        found = b""
        while len(found) < length:
            found += self.request.recv(length - len(found))
        return found


@pytest.fixture
def clamd(settings) -> Iterator[None]:
    """A scanner that listens."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


@pytest.fixture
def silent(settings) -> None:
    """A scanner that does not answer."""
    settings.CLAMD_URL = "tcp://127.0.0.1:1"


@pytest.fixture
def case() -> Case:
    return factories.case()


@pytest.fixture
def writer(case: Case) -> User:
    return factories.user(Role.APPLICANT, case.owner)


@pytest.fixture
def desk(writer: User) -> Client:
    client = Client()
    client.force_login(writer)
    return client


def kept(case: Case, writer: User, content: bytes, name: str = "underlag.txt") -> Upload:
    return documents.store(case, writer, factories.AT, "idea", SimpleUploadedFile(name, content, "text/plain"))


def told(upload: Upload) -> viruses.Said:
    return viruses.said(Upload.objects.select_related("virus_check").get(pk=upload.pk))


def page(case: Case) -> str:
    return reverse("attachments", kwargs={"number": case.number, "sheet": "idea"})


@pytest.mark.usefixtures("clamd")
def test_a_file_waits_until_it_is_checked_and_is_then_told_as_clean(case, writer) -> None:
    file = kept(case, writer, b"Ofarlig text.")
    assert told(file) == ("waiting", "Kontrolleras för virus")

    tasks.check_file(file.pk)

    assert told(file).state == "clean"
    assert told(file).text.startswith("Inget virus hittat (clamd, ")


@pytest.mark.usefixtures("clamd")
def test_a_file_is_checked_as_soon_as_it_is_kept(case, writer, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        file = kept(case, writer, b"Ofarlig text.")

    assert told(file).state == "clean"


@pytest.mark.usefixtures("clamd")
def test_a_file_with_a_virus_is_given_to_nobody_and_handed_in_by_nobody(case, writer, desk) -> None:
    file = kept(case, writer, EICAR)
    tasks.check_file(file.pk)

    address = reverse("upload", kwargs={"number": case.number, "pk": file.pk})
    answer, listed = desk.get(address), desk.get(page(case)).content.decode()

    assert told(file).state == "infected"
    assert VirusCheck.objects.get(upload=file).found == "Eicar-Signature"
    assert answer.status_code == 403
    assert "Filen är spärrad" in answer.content.decode()
    assert "Virus hittat – filen är spärrad" in listed
    assert address + '"' not in listed
    with pytest.raises(Refused, match="har ett virus hittats"):
        documents.fix(Event(case=case, action="submit_idea"), {})


def test_without_a_scanner_nothing_is_called_clean(case, writer, desk) -> None:
    file = kept(case, writer, b"Ofarlig text.")
    tasks.check_unchecked()

    listed = desk.get(page(case)).content.decode()

    assert told(file) == ("unchecked", "Inte kontrollerad för virus")
    assert 'data-state="unchecked"' in listed
    assert "Inget virus" not in listed


@pytest.mark.usefixtures("silent")
def test_a_scanner_that_does_not_answer_is_no_verdict_and_is_asked_again(case, writer, settings) -> None:
    file = kept(case, writer, b"Ofarlig text.")
    tasks.check_file(file.pk)
    now = timezone.now()

    assert told(file).state == "unchecked"
    assert viruses.waiting(now) == []
    assert viruses.waiting(now + timedelta(minutes=11)) == [file.pk]


@pytest.mark.usefixtures("clamd")
def test_what_the_scanner_could_not_take_is_not_called_clean(case, writer) -> None:
    file = kept(case, writer, b"x" * 2_100_000)

    tasks.check_unchecked()

    assert told(file).state == "unchecked"


def test_an_image_is_shown_and_nothing_else_is(case, writer, desk) -> None:
    image = documents.store(case, writer, factories.AT, "idea", SimpleUploadedFile("bild.png", PNG, "image/png"))
    text = kept(case, writer, b"Ofarlig text.")

    shown = desk.get(reverse("upload_image", kwargs={"number": case.number, "pk": image.pk}))
    other = desk.get(reverse("upload_image", kwargs={"number": case.number, "pk": text.pk}))

    assert (shown.status_code, other.status_code) == (200, 404)
    assert b"".join(shown.streaming_content) == PNG
    assert shown["Content-Disposition"] == "inline"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert f"filer/{image.pk}/bild/" in desk.get(page(case)).content.decode()


def test_the_script_is_given_the_list_and_the_reasons(case, writer, desk) -> None:
    def send(name: str, content: bytes) -> tuple[int, dict[str, object]]:
        file = SimpleUploadedFile(name, content, "text/plain")
        answer = desk.post(page(case), {"attached": file}, headers={"X-Requested-With": "fetch"})
        return answer.status_code, answer.json()

    good, bad = send("Åtgärdsöversikt.txt", b"Text."), send("virus.exe", b"MZ")

    assert good[0] == 200
    assert "Åtgärdsöversikt.txt" in str(good[1]["html"])
    assert bad[0] == 422
    assert "”virus.exe” kan inte bifogas" in str(bad[1]["reasons"])


def test_files_that_nothing_refers_to_are_swept_away_after_a_day(case, writer) -> None:
    file = kept(case, writer, b"Har en rad.")
    lost = [Path(documents.path("bilagor/aa")) / "aagammal", Path(documents.path("bilagor/aa")) / "aany"]
    for place in lost:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"Ingen rad.")
    long_ago = time.time() - 2 * 24 * 3600
    for place in (lost[0], documents.path(file.file)):
        os.utime(place, (long_ago, long_ago))

    tasks.sweep()

    assert [place.exists() for place in lost] == [False, True]
    assert documents.path(file.file).exists()
    lost[1].unlink()
