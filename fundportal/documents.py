"""Papers: frozen by an act, printed by Celery, never overwritten. Uploads: stored under their hash, fixed by an act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from fundportal.models import Case, Document, Event, Upload, User


def freeze(event: Event, kind: str, title: str, content: dict[str, Any], template: str = "pdf/sheet.html") -> Document:
    """Freeze the exact content of a paper with the act that makes it. It is printed after commit; `template` draws it."""
    raise NotImplementedError


def store(case: Case, user: User, at: datetime, place: str, file: UploadedFile) -> Upload:
    """Keep an uploaded file under its hash; loose until an act refers to it."""
    raise NotImplementedError


def fix(event: Event, given: dict[str, Any]) -> None:
    """Bind the uploads that an act was given to its event: from now on they cannot be removed."""
    pks = [item.pk for value in given.values() if isinstance(value, list) for item in value if isinstance(item, Upload)]
    if pks:
        Upload.objects.filter(pk__in=pks, event=None).update(event=event)
