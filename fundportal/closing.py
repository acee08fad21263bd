"""Closing a case: the checklist, read from the process itself, and the weeding of what is not to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundportal import documents, hooks
from fundportal.hooks import Point
from fundportal.models import Case, Draft, DraftVersion, Upload


def checklist(case: Case) -> list[Point]:
    """Every point before the file is closed, with its state: the phases' first, then the system's own."""
    unprinted = case.documents.filter(printed_at=None).count()
    printed = ngettext("%(n)d handling skrivs ut.", "%(n)d handlingar skrivs ut.", unprinted) % {"n": unprinted}
    papers = reverse("case_papers", kwargs={"number": case.number})
    waits = _("Portalen rensar när handläggaren arkiverar ärendet.")
    return [
        *hooks.closing(case),
        Point(_("Handlingarna är utskrivna"), not unprinted, printed if unprinted else "", papers, blocks=False),
        Point(
            _("Utkast och lösa filer är rensade"),
            case.archived_at is not None,
            "" if case.archived_at else waits,
            blocks=False,
        ),
    ]


def missing(case: Case) -> list[str]:
    """What a case waits for before it can be closed, in words."""
    return [point.lacks for point in hooks.closing(case) if point.blocks and not point.done]


@dataclass(frozen=True)
class Weeding:
    """What is taken away when a file is closed. What was handed in is frozen in papers, and is not here."""

    parts: list[Draft]
    """Parts of sheets that were written and never handed in."""
    versions: int
    """Earlier versions of drafts."""
    files: list[Upload]
    """Files that no act refers to."""

    @property
    def drafts(self) -> int:
        """How many drafts and versions of drafts."""
        return len(self.parts) + self.versions


def weeding(case: Case) -> Weeding:
    """What there is to weed in a case."""
    acts = set(case.events.filter(action__in=documents.HANDED_IN).values_list("action", flat=True))
    handed_in = {documents.HANDED_IN[name] for name in acts}
    return Weeding(
        parts=list(case.drafts.exclude(sheet__in=handed_in).order_by("sheet", "part")),
        versions=DraftVersion.objects.filter(draft__case=case, draft__sheet__in=handed_in).count(),
        files=list(case.uploads.filter(event=None)),
    )


def weed(case: Case, found: Weeding) -> None:
    """Take it away: drafts that were never handed in, every earlier version, and loose files."""
    DraftVersion.objects.filter(draft__case=case).delete()
    case.drafts.filter(pk__in=[draft.pk for draft in found.parts]).delete()
    for file in found.files:
        documents.remove(file)


def weeding_list(case: Case, found: Weeding) -> dict[str, Any]:
    """The paper that tells what was weeded, and what is kept."""
    kept = [[paper.title, str(paper.version), paper.content_sha256[:16]] for paper in case.documents.all()]
    sections: list[dict[str, Any]] = [
        {
            "title": _("Rensat"),
            "rows": [
                [_("Delar av utkast som aldrig lämnades in"), str(len(found.parts))],
                [_("Tidigare versioner av utkast"), str(found.versions)],
                [_("Lösa filer"), str(len(found.files))],
            ],
        }
    ]
    if found.parts or found.files:
        drafts = [[_("Utkast"), f"{draft.sheet}/{draft.part}"] for draft in found.parts]
        files = [[_("Fil"), file.name] for file in found.files]
        sections.append(
            {"title": _("Vad som rensades"), "table": {"columns": [_("Slag"), _("Namn")], "rows": drafts + files}}
        )
    columns = [_("Handling"), _("Version"), _("Kontrollsumma, början")]
    return {"sections": [*sections, {"title": _("Bevaras"), "table": {"columns": columns, "rows": kept}}]}
