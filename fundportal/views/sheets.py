"""Pages of a sheet: the hub, each part, and the review before it is handed in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from fundportal import flow
from fundportal.drafts import Sheet
from fundportal.views.door import person
from fundportal.views.writing import earlier, listed, open_sheet, part

View = Callable[..., HttpResponseBase]
SHEETS: dict[str, Sheet] = {}
"""Every sheet that has pages, by name: the case page links to the one that is open for writing."""


def sheet_urls(prefix: str, sheet: Sheet) -> list[URLPattern]:
    """The pages of a sheet under a case, named `<sheet>` and, with an ending, `_review`, `_part` and `_earlier`."""
    SHEETS[sheet.name] = sheet
    return [
        path(f"{prefix}/", hub(sheet), name=sheet.name),
        path(f"{prefix}/granska/", review(sheet), name=f"{sheet.name}_review"),
        path(f"{prefix}/<slug:slug>/", part(sheet), name=f"{sheet.name}_part"),
        path(f"{prefix}/<slug:slug>/tidigare/", earlier(sheet), name=f"{sheet.name}_earlier"),
    ]


def hub(sheet: Sheet) -> View:
    """The sheet's front page: its parts, what is begun and what is done."""

    def view(request: HttpRequest, number: str) -> HttpResponse:
        case, writes = open_sheet(request, number, sheet)
        filled = sheet.filled(case)
        parts = listed(case, sheet, filled, person(request))
        context = {
            "case": case,
            "sheet": sheet,
            "writes": writes,
            "parts": parts,
            "partly": any(part["closed"] for part in parts),
            "filled": filled,
        }
        return render(request, "sheets/hub.html", context)

    return view


def review(sheet: Sheet) -> View:
    """Everything that was written, what is missing with links, and the acts that hand it in."""

    def view(request: HttpRequest, number: str) -> HttpResponse:
        case, writes = open_sheet(request, number, sheet)
        filled, user, at = sheet.filled(case), person(request), timezone.now()
        wanted = {sheet.submit, sheet.submit.replace("submit_", "endorse_")}
        context = {
            "case": case,
            "sheet": sheet,
            "writes": writes,
            "filled": filled,
            "parts": listed(case, sheet, filled, person(request)),
            "gaps": filled.gaps(),
            "closed": [part.slug for part in sheet.parts_of(case) if sheet.closed(case, user, part)],
            "offers": [offer for offer in flow.offers(case, user, at) if offer.row.name in wanted],
        }
        return render(request, "sheets/review.html", context)

    return view
