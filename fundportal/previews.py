"""A draft as the PDF it will become, marked as a draft: printed by Celery, kept for a quarter of an hour, never filed.

The web process only asks; the worker prints. What is asked for is the content itself, named by its hash, so the same
draft is printed once however often it is asked for, and a changed draft is another preview.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from fundportal import printing
from fundportal.canonical import canonical, plain
from fundportal.models import Case, Document

KEPT = 15 * 60
"""Seconds that a preview is kept."""
TEMPLATE = "pdf/preview.html"


def ask(case: Case, kind: str, title: str, sections: list[dict[str, Any]], at: datetime) -> tuple[str, bool]:
    """Keep what is to be printed; gives its name, and whether it had been asked for already."""
    content = {
        "head": {
            "case": case.number,
            "case_title": case.title,
            "owner": case.owner.name,
            "sender": case.owner.name,
            "dnr": [],
            "kind": kind,
            "title": title,
        },
        "sections": sections,
    }
    text = canonical(plain(content))
    name = hashlib.sha256(text.encode()).hexdigest()
    known = not cache.add(
        f"preview/{name}/asked", json.dumps({"content": text, "title": title, "at": at.isoformat()}), KEPT
    )
    return name, known


def print_one(name: str) -> bool:
    """Print what was asked for; false when it is forgotten, or cannot be printed here."""
    asked = cache.get(f"preview/{name}/asked")
    if asked is None or not printing.available():
        return False
    told = json.loads(asked)
    head = json.loads(told["content"])["head"]
    paper = Document(
        case=Case.objects.get(number=head["case"]),
        kind=head["kind"],
        title=told["title"],
        version=1,
        template=TEMPLATE,
        content=told["content"],
        content_sha256=name,
        created_at=datetime.fromisoformat(told["at"]),
    )
    cache.set(f"preview/{name}/pdf", printing.pdf(paper, head["kind"]), KEPT)
    return True


def found(name: str) -> bytes | None:
    """The PDF, when it has been printed."""
    pdf: bytes | None = cache.get(f"preview/{name}/pdf")
    return pdf


def waited(name: str) -> int:
    """Seconds since it was asked for."""
    asked = cache.get(f"preview/{name}/asked")
    if asked is None:
        return 0
    return int((timezone.now() - datetime.fromisoformat(json.loads(asked)["at"])).total_seconds())
