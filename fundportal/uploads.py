"""Which files are let in: by content, extension and what the browser says, by size, and under safe names."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST = 25 * 1024 * 1024
ALLOWED_TEXT = gettext_lazy(
    "PDF, Word, Excel, PowerPoint, bild (PNG, JPEG) eller text (TXT, CSV). Högst 25 MB per fil."
)
OFFICE = "application/vnd.openxmlformats-officedocument."
LONGEST = 120  # letters in a name; with a folder before it, it still fits in Windows


@dataclass(frozen=True)
class Kind:
    """A kind of file that is let in: its type, what browsers call it, and its name for people."""

    content_type: str
    said: frozenset[str]
    label: str


def _kind(content_type: str, label: str, *also: str) -> Kind:
    return Kind(content_type, frozenset({content_type, "", "application/octet-stream", *also}), label)


_zip = ("application/zip", "application/x-zip-compressed")
KINDS = {
    ".pdf": _kind("application/pdf", "PDF", "application/x-pdf"),
    ".docx": _kind(f"{OFFICE}wordprocessingml.document", "Word", *_zip),
    ".xlsx": _kind(f"{OFFICE}spreadsheetml.sheet", "Excel", *_zip),
    ".pptx": _kind(f"{OFFICE}presentationml.presentation", "PowerPoint", *_zip),
    ".png": _kind("image/png", "PNG", "image/x-png"),
    ".jpg": _kind("image/jpeg", "JPEG", "image/jpg", "image/pjpeg"),
    ".jpeg": _kind("image/jpeg", "JPEG", "image/jpg", "image/pjpeg"),
    ".txt": _kind("text/plain", "text"),
    ".csv": _kind("text/csv", "CSV", "text/plain", "application/csv", "application/vnd.ms-excel"),
}
IMAGES = ("image/png", "image/jpeg")
"""Types that are shown as images in a page."""
MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
MARKUP = re.compile(r"\s*<(!doctype|html|svg|script|body|iframe|\?xml)", re.IGNORECASE)


def check(file: UploadedFile) -> str:
    """The content type of an allowed file. Raises a sentence that says what is wrong and what to do."""
    name = file.name or ""
    kind = KINDS.get(PurePosixPath(name.lower()).suffix)
    if kind is None:
        raise ValidationError(
            _("”%(name)s” kan inte bifogas. Tillåtna slag: %(allowed)s") % {"name": name, "allowed": ALLOWED_TEXT}
        )
    if not file.size:
        raise ValidationError(_("”%(name)s” är tom. Välj filen igen, eller utelämna den.") % {"name": name})
    if file.size > MOST:
        raise ValidationError(
            _("”%(name)s” är större än 25 MB. Dela upp den eller spara den i mindre storlek.") % {"name": name}
        )
    if reason := _wrong(file, PurePosixPath(name.lower()).suffix):
        raise ValidationError(reason % {"name": name, "kind": kind.label})
    said = (file.content_type or "").partition(";")[0].strip().lower()
    if said not in kind.said:
        raise ValidationError(
            _("”%(name)s” har skickats som %(said)s men är en %(kind)s-fil. Spara om den och välj den igen.")
            % {"name": name, "said": said, "kind": kind.label}
        )
    return kind.content_type


def _wrong(file: UploadedFile, suffix: str) -> str | None:
    """What is wrong with the content, judged by the content alone."""
    file.seek(0)
    try:
        if suffix in MAIN_PART:
            return _wrong_office(file, suffix)
        if suffix in {".txt", ".csv"}:
            return _wrong_text(file.read())
        if suffix == ".pdf":
            return _wrong_pdf(file)
        return None if _by_content(file.read(4096)) == KINDS[suffix].content_type else _not_what_it_says()
    finally:
        file.seek(0)


def _not_what_it_says() -> str:
    return _("”%(name)s” är ingen %(kind)s-fil, trots namnet. Spara om den i sitt program och välj den igen.")


def _by_content(head: bytes) -> str:
    try:
        return str(puremagic.from_string(head, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _wrong_pdf(file: UploadedFile) -> str | None:
    head = file.read(4096)
    file.seek(max(0, (file.size or 0) - 4096))
    if not head.startswith(b"%PDF-") or _by_content(head) != "application/pdf":
        return _not_what_it_says()
    if b"/Encrypt" in head or b"/Encrypt" in file.read():
        return _("”%(name)s” är skyddad med lösenord och kan inte bevaras. Spara den utan lösenord och välj den igen.")
    return None


def _wrong_office(file: UploadedFile, suffix: str) -> str | None:
    if file.read(8) == OLD_OFFICE:
        return _(
            "”%(name)s” är skyddad med lösenord eller sparad i ett äldre format."
            " Spara den som %(kind)s utan lösenord, eller som PDF."
        )
    try:
        with zipfile.ZipFile(file) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return _not_what_it_says()
    if not {"[Content_Types].xml", MAIN_PART[suffix]} <= parts:
        return _not_what_it_says()
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        return _("”%(name)s” innehåller makron. Spara den utan makron, eller som PDF, och välj den igen.")
    return None


def _wrong_text(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _("”%(name)s” är inte text i UTF-8. Välj ”UTF-8” när du sparar den (i Excel: CSV UTF-8).")
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f" for letter in text):
        return _not_what_it_says()
    if MARKUP.match(text):
        return _("”%(name)s” är en webbsida eller XML, inte vanlig text. Spara den som PDF och välj den igen.")
    return None


FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A name that can be saved anywhere, Windows included: åäö are kept, signs that steer or deceive are not."""
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
    name = "".join(" " if unicodedata.category(letter) in {"Zs", "Zl", "Zp"} else letter for letter in name)
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    name = " ".join(FORBIDDEN.sub("-", name).split())
    path = PurePosixPath(name.strip(". ") or "fil")
    stem, suffix = (path.stem, path.suffix) if len(path.suffix) <= 8 else (path.name, "")
    stem = stem[: LONGEST - len(suffix)].rstrip(". ") or "fil"
    return f"_{stem}{suffix}" if RESERVED.fullmatch(f"{stem}{suffix}") else f"{stem}{suffix}"


def free_name(name: str, taken: Iterable[str]) -> str:
    """The safe name, numbered if another file already has it in any case of letters: plan (2).pdf."""
    name, others = safe_name(name), {other.casefold() for other in taken}
    path, count, free = PurePosixPath(name), 1, name
    while free.casefold() in others:
        count += 1
        free = f"{path.stem} ({count}){path.suffix}"
    return free
