"""Small lists as files: written, entered in the export log, and sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse
from django.utils import timezone

from fundportal import exports
from fundportal.models import ExportLog, User


def csv_file(
    user: User,
    what: str,
    rows: Sequence[dict[str, Any]],
    columns: Sequence[exports.Column],
    name: str,
    filters: dict[str, str] | None = None,
) -> FileResponse:
    """A CSV of rows that are already at hand, logged before it leaves."""
    at = timezone.now()
    file, sha256 = exports.write(exports.as_csv(rows, columns))
    ExportLog.objects.create(user=user, at=at, what=what, filters=filters or {}, rows=len(rows), sha256=sha256)
    day = timezone.localdate(at).isoformat()
    response = FileResponse(file, as_attachment=True, filename=f"{name}-{day}.csv", content_type=exports.KINDS["csv"])
    response["X-Content-SHA256"] = sha256
    return response
