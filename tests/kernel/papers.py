"""What the tests of papers and letters begin with."""

import io
import zipfile
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from fundportal import documents, flow
from fundportal.models import Case, Event, Upload, User
from fundportal.process import Step
from tests import factories

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000"
    "000049454e44ae426082"
)
CONTENT: dict[str, Any] = {"sections": [{"title": "Målgrupp", "rows": [["Vilka", "Barn 0–6 år i Skärholmen"]]}]}


@transaction.atomic
def happens(
    case: Case, action: str, by: User | None = None, to: Step | None = None, at: datetime | None = None, **data: Any
) -> Event:
    """An event of an act, without what the act itself does."""
    at = at or timezone.now()
    name = by.get_full_name() if by else "Fabriken"
    event = Event(case=case, action=action, by=by, by_name=name, at=at, from_step=case.step)
    flow.record(event, data=data, to_step=to or case.step)
    if to:
        case.enter(to, at)
    return event


def file(name: str, content: bytes, content_type: str = "") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type=content_type)


def office(main: str = "word/document.xml", *more: str) -> bytes:
    """The bones of an Office file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for part in ("[Content_Types].xml", main, *more):
            archive.writestr(part, "<x/>")
    return held.getvalue()


def store(
    case: Case, name: str = "plan.pdf", content: bytes = PDF, place: str = "idea", user: User | None = None
) -> Upload:
    """Keep a file for a case, loose."""
    return documents.store(case, user or factories.user(), factories.AT, place, file(name, content))
