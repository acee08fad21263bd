"""Prints papers to PDF/A-3 with WeasyPrint: tagged, in Swedish, with our own fonts and no way out of the process.

WeasyPrint is imported on first use: it is slow, and it needs Pango, which a machine may lack; then papers wait.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import logging
import re
import sys
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from fundportal import charts, small_numbers
from fundportal.models import Document

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

log = logging.getLogger(__name__)

FONTS = {
    "sans-400": "source-sans-3-400",
    "sans-400-italic": "source-sans-3-400-italic",
    "sans-600": "source-sans-3-600",
    "sans-ext-400": "source-sans-3-ext-400",
    "sans-ext-600": "source-sans-3-ext-600",
    "serif-600": "source-serif-4-600",
}
LIBRARIES = (
    {
        "darwin": ("libpango-1.0.dylib", "libpangoft2-1.0.dylib"),
        "win32": ("libpango-1.0-0.dll", "libpangoft2-1.0-0.dll"),
    }
).get(sys.platform, ("libpango-1.0.so.0", "libpangoft2-1.0.so.0"))
ATTACHMENT = "innehall.json"
STYLE = "fp/print.css"

UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 ><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""
"""Says that the file follows PDF/UA-1 too, with the schema that PDF/A asks for before it lets anyone say so."""


@cache
def _loads() -> bool:
    for library in LIBRARIES:
        ctypes.CDLL(library)
    return True


def available() -> bool:
    """Whether papers can be printed on this machine: the libraries and the fonts are there."""
    try:
        return _loads() and all(_found(f"vendor/fonts/pdf/{file}.woff2").is_file() for file in FONTS.values())
    except OSError:
        return False


def _found(name: str) -> Path:
    """Where a static file lies: among the sources, or collected."""
    return Path(str(finders.find(name) or Path(settings.STATIC_ROOT) / name))


def _bytes(name: str) -> bytes:
    return _found(name).read_bytes()


@cache
def _fetcher() -> URLFetcher:
    """Gives the fonts we ship, by name, and nothing else: no network, no files."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415 -- slow import

    fonts = {f"fond:{name}": _bytes(f"vendor/fonts/pdf/{file}.woff2") for name, file in FONTS.items()}

    class OnlyOurFonts(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url not in fonts:
                raise FatalURLFetchingError(f"en handling hämtar ingenting utifrån: {url}")
            return URLFetcherResponse(url, fonts[url], {"Content-Type": "font/woff2"})

    return OnlyOurFonts(allowed_protocols=["fond"], allow_redirects=False, fail_on_errors=True)


@cache
def _style() -> tuple[CSS, FontConfiguration]:
    """The style sheet and its fonts, read once in a process."""
    from weasyprint import CSS  # noqa: PLC0415 -- slow import
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- slow import

    fonts = FontConfiguration()
    atexit.register(_style.cache_clear)  # its fonts are to be let go before the interpreter takes Pango away
    return CSS(string=_bytes(STYLE).decode(), url_fetcher=_fetcher(), font_config=fonts), fonts


class Drawable(dict[int, str]):
    """Letters that our fonts lack, and what is drawn in their place: PDF/A knows no letter without a shape.

    The exact text stays in the frozen content that is attached to the file.
    """

    KNOWN = {"→": "–>", "←": "<–", "≥": ">=", "≤": "<=", "≈": "ca", "\u2010": "-", "\u2011": "-", "\u202f": "\u00a0",
             "✓": "x", "☐": "[ ]", "☑": "[x]", "‰": "promille", "№": "nr"}  # fmt: skip

    def __init__(self, shapes: frozenset[int]) -> None:
        """`shapes` are the code points that the fonts can draw."""
        self.shapes = shapes

    def __missing__(self, point: int) -> str:
        letter = chr(point)
        drawn = letter if point in self.shapes or letter in "\n\r\t" else self._instead(letter)
        self[point] = drawn
        return drawn

    def _instead(self, letter: str) -> str:
        if letter in self.KNOWN:
            return self.KNOWN[letter].replace("<", "&lt;").replace(">", "&gt;")
        if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}:
            return ""
        plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if ord(part) in self.shapes)
        return plain or "?"


@cache
def drawable() -> Drawable:
    """The letters of the fonts we ship."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- slow import

    shapes: set[int] = set()
    for name in ("sans-400", "sans-ext-400"):
        with _found(f"vendor/fonts/pdf/{FONTS[name]}.woff2").open("rb") as file, TTFont(file) as font:
            shapes |= set(font.getBestCmap())
    return Drawable(frozenset(shapes))


def warm() -> None:
    """Read fonts and style before the first paper is asked for."""
    if available():
        _style()
        drawable()


def write(html: str, attachment: bytes | None = None, at: datetime | None = None) -> bytes:
    """A PDF/A-3a of a whole HTML page, with the exact content attached."""
    from weasyprint import HTML, Attachment  # noqa: PLC0415 -- slow import
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 -- slow import

    css, fonts = _style()
    source = HTML(string=html.translate(drawable()), url_fetcher=_fetcher(), base_url="fond:")
    try:
        page = source.render(stylesheets=[css], font_config=fonts)
    except FatalURLFetchingError as error:  # no Exception in WeasyPrint's eyes: it would take the worker with it
        raise ValueError(str(error)) from error
    if attachment is not None:
        page.metadata.attachments.append(
            Attachment(string=attachment, name=ATTACHMENT, description="Handlingens exakta innehåll (JSON)",
                       relationship="Data", created=at, modified=at)
        )  # fmt: skip
    return bytes(page.write_pdf(pdf_variant="pdf/a-3a", finisher=_say_ua))


def _say_ua(_page: object, made: Any) -> None:
    """Add `UA` to the file's description of itself."""
    for item in made.objects:
        if getattr(item, "extra", {}).get("Type") == "/Metadata":
            item.stream = [part.replace(b"</rdf:RDF>", UA) for part in item.stream]


def pdf(document: Document, kind: str) -> bytes:
    """The PDF of a frozen paper. `kind` is what such a paper is called."""
    html: str = render_to_string(document.template, context(document, kind) | {"layout": "pdf/page.html"})
    html = html.replace(f'font-family="{charts.FONT}"', 'font-family="Fond Sans"')
    return write(html, document.content.encode(), document.created_at)


def context(document: Document, kind: str, *, whole: bool = True) -> dict[str, Any]:
    """What a paper's template draws, on the screen and on paper: all of it from the frozen content.

    Not `whole` for those who may not see its small numbers.
    """
    content = json.loads(document.content)
    if not whole:
        content = small_numbers.readers_copy(content)
    head = content.get("head", {})
    title, heading = titles(kind, document.title, str(head.get("case_title", "")))
    return {
        "title": title,
        "heading": heading,
        "document": document,
        "case": document.case,
        "kind": kind,
        "content": content,
        "head": head,
        "dnr": ", ".join(one["dnr"] for one in head.get("dnr", [])),
        "at": document.created_at,
        "sections": [section(one) for one in content.get("sections", [])],
        "demo": settings.DEMO,
    }


def titles(kind: str, title: str, case_title: str) -> tuple[str, str]:
    """What the file is called and what the first page says: neither says the kind of paper twice."""
    heading = title.removeprefix(f"{kind}: ")
    if re.fullmatch(rf"{re.escape(kind)}(, version \d+)?", heading):
        heading = case_title or heading
    return (title if title.startswith(kind) else f"{kind}: {title}"), heading


AMOUNT = re.compile(r"[−-]?\d[\d\s]*(,\d+)?\s?(kr|tkr|mnkr|%)?|–|")
YEAR = re.compile(r"(19|20)\d\d|–|")


def _is_amounts(cells: list[str], at: int) -> bool:
    """Whether a column is of amounts, to be set to the right; the first column heads the rows, and years are names."""
    if at == 0 or not any(cell not in {"", "–"} for cell in cells):
        return False
    return all(map(AMOUNT.fullmatch, cells)) and not all(map(YEAR.fullmatch, cells))


def section(given: dict[str, Any]) -> dict[str, Any]:
    """A section of a sheet, made ready to draw: values as lines of text, amounts found so that they can be aligned."""
    drawn = dict(given)
    drawn["numbered"] = [said(item) for item in drawn.pop("items", None) or ()]
    drawn["rows"] = [(label, lines(value)) for label, value in given.get("rows") or ()]
    if chart := given.get("chart"):
        drawn["chart"] = charts.draw(chart)
    if table := given.get("table"):
        rows = [[said(cell) for cell in row] for row in table.get("rows") or ()]
        foot = [cell and said(cell) for cell in table.get("foot") or ()]
        number = [_is_amounts([row[at] for row in rows if at < len(row)], at) for at in range(len(table["columns"]))]
        drawn["table"] = {
            "caption": table.get("caption", ""),
            "columns": list(zip(table["columns"], number, strict=True)),
            "rows": [list(zip(row, number, strict=False)) for row in rows],
            "foot": list(zip(foot, number, strict=False)),
        }
    return drawn


def said(value: Any) -> str:
    """A value in words: yes, no, a dash for nothing."""
    match value:
        case None | "":
            return "–"
        case bool():
            return "Ja" if value else "Nej"
        case list():
            return ", ".join(said(item) for item in value)
        case _:
            return str(value)


def lines(value: Any) -> list[str]:
    """A value as lines: a list has one for each item, a text one for each paragraph."""
    if isinstance(value, list):
        return [said(item) for item in value] or [said(None)]
    return [line for line in said(value).splitlines() if line.strip()] or [said(None)]
