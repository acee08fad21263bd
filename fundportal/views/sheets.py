"""Pages of a sheet: the hub, each part, and the review before it is handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from fundportal import flow
from fundportal.drafts import Sheet
from fundportal.models import Case, User
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


@dataclass(frozen=True)
class ToMend:
    """Where what a sheet lacks is seen, and whether the one who asks may fill it in herself."""

    url: str
    writes: bool


def to_mend(act: str, case: Case, user: User) -> ToMend | None:
    """The review of the sheet that the act hands in or endorses, while the sheet has gaps and the person may see it."""
    sheet = next((sheet for sheet in SHEETS.values() if act in acts_on(sheet)), None)
    if sheet is None or case.step != sheet.step or not sheet.may_read(case, user) or not sheet.filled(case).gaps():
        return None
    return ToMend(reverse(f"{sheet.name}_review", kwargs={"number": case.number}), sheet.may_write(case, user))


def acts_on(sheet: Sheet) -> set[str]:
    """The acts that take the sheet as a whole: handing it in, and endorsing it."""
    return {sheet.submit, sheet.submit.replace("submit_", "endorse_")}


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
        wanted = acts_on(sheet)
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
