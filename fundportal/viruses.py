"""The virus check of attached files by clamd, when the house has one. What no scanner has seen is not called clean."""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fundportal import formatting
from fundportal.models import Upload, VirusCheck

log = logging.getLogger(__name__)
Outcome = VirusCheck.Outcome
CHUNK = 64 * 1024
PATIENCE = 30  # seconds for each answer
AGAIN = timedelta(minutes=10)
"""Between tries for a file that could not be checked."""


class Said(NamedTuple):
    """What is told of a file's check: a state for its look, and words."""

    state: str
    text: str


def configured() -> bool:
    """Whether there is a scanner to ask."""
    return bool(settings.CLAMD_URL)


@contextmanager
def _connected() -> Iterator[socket.socket]:
    """A connection to clamd: `tcp://host:3310`, or `unix:///run/clamav/clamd.ctl`."""
    where = urlsplit(settings.CLAMD_URL)
    if where.scheme == "unix":
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(PATIENCE)
            line.connect(where.path)
            yield line
    elif where.scheme == "tcp" and where.hostname:
        with socket.create_connection((where.hostname, where.port or 3310), PATIENCE) as line:
            yield line
    else:
        raise ImproperlyConfigured("CLAMD_URL ska börja med tcp:// eller unix://")


def ask(chunks: Iterable[bytes]) -> str:
    """What clamd answers to INSTREAM, such as "stream: OK". Raises OSError when it cannot be asked."""
    with _connected() as line:
        line.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(4096)):
            answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _chunks(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def check(upload: Upload, place: Path) -> VirusCheck:
    """Have a stored file checked, and write down what was found. A scanner that does not answer is no verdict."""
    outcome, found = Outcome.UNCHECKED, ""
    if configured():
        try:
            answer = ask(_chunks(place))
        except OSError as error:
            log.warning("Fil %s är inte kontrollerad: %s", upload.pk, error)
        else:
            outcome, found = _verdict(answer)
    checked, _created = VirusCheck.objects.update_or_create(
        upload=upload, defaults={"outcome": outcome, "found": found, "at": timezone.now()}
    )
    return checked


def _verdict(answer: str) -> tuple[Outcome, str]:
    if answer == "stream: OK":
        return Outcome.CLEAN, ""
    if answer.endswith(" FOUND"):
        return Outcome.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND")[:200]
    log.warning("clamd svarade: %s", answer)
    return Outcome.UNCHECKED, ""


def waiting(now: datetime) -> list[int]:
    """Ids of files to check: those never asked about, and, when there is a scanner, those it could not take."""
    left = Q(virus_check=None)
    if configured():
        left |= Q(virus_check__outcome=Outcome.UNCHECKED, virus_check__at__lte=now - AGAIN)
    return list(Upload.objects.filter(left).order_by("pk").values_list("pk", flat=True)[:200])


def found_in(upload: Upload) -> bool:
    """Whether a virus was found, so that the file is given to nobody."""
    checked = getattr(upload, "virus_check", None)
    return checked is not None and checked.outcome == Outcome.INFECTED


def said(upload: Upload) -> Said:
    """What to say of a file. Green only for what a scanner has called clean; select `virus_check` with the file."""
    checked = getattr(upload, "virus_check", None)
    if checked is None:
        if configured():
            return Said("waiting", _("Kontrolleras för virus"))
        return Said("unchecked", _("Inte kontrollerad för virus"))
    match checked.outcome:
        case Outcome.CLEAN:
            return Said("clean", _("Inget virus hittat (clamd, %s)") % formatting.moment(checked.at))
        case Outcome.INFECTED:
            return Said("infected", _("Virus hittat – filen är spärrad"))
        case _:
            return Said("unchecked", _("Inte kontrollerad för virus"))
