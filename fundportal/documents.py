"""Papers: frozen by an act, printed by Celery, never overwritten. Uploads: stored as they are, fixed by an act."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, Q
from django.template.loader import get_template
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import printing, uploads, viruses
from fundportal.canonical import canonical, plain
from fundportal.errors import Refused
from fundportal.models import Case, Document, Event, Fund, Upload, User
from fundportal.process import Role

KINDS = {
    "idea": gettext_lazy("Idéskiss"),
    "application": gettext_lazy("Ansökan"),
    "council_minutes": gettext_lazy("Rådets protokoll"),
    "minutes_extract": gettext_lazy("Utdrag ur rådets protokoll"),
    "council_opinion": gettext_lazy("Rådets ställningstagande"),
    "idea_decision": gettext_lazy("Beslut om idén"),
    "remiss": gettext_lazy("Remiss"),
    "remiss_answer": gettext_lazy("Remissvar"),
    "tjansteutlatande": gettext_lazy("Tjänsteutlåtande"),
    "decision": gettext_lazy("Beslut"),
    "board_decision": gettext_lazy("Kommunstyrelsens beslut"),
    "change_decision": gettext_lazy("Beslut om ändring"),
    "report": gettext_lazy("Lägesrapport"),
    "baseline": gettext_lazy("Utgångsläge"),
    "evaluation": gettext_lazy("Utvärdering"),
    "plan": gettext_lazy("Återföringsplan"),
    "exemption": gettext_lazy("Undantag från återföring"),
    "reconciliation": gettext_lazy("Avstämning av bokslut"),
    "settlement": gettext_lazy("Slutavstämning"),
    "adjustment": gettext_lazy("Budgetjustering"),
    "lesson": gettext_lazy("Lärdomskort"),
    "closing": gettext_lazy("Avslut"),
    "weeding": gettext_lazy("Rensning"),
    "fund_reconciliation": gettext_lazy("Avstämning av fonden"),
}
FROM_THE_OWNER = ("idea", "application", "report", "evaluation")
HANDED_IN = {
    "submit_idea": "idea",
    "submit_application": "application",
    "submit_evaluation": "evaluation",
    "propose_decision": "opinion",
}
"""The acts that hand in a sheet, and the place where its attachments lie loose until then."""

JUST_NOW = timedelta(hours=1)


def label(kind: str) -> str:
    """What a kind of paper is called."""
    return str(KINDS.get(kind, kind.replace("_", " ").capitalize()))


def freeze(
    event: Event, kind: str, title: str, content: dict[str, Any], template: str = "pdf/sheet.html", place: str = ""
) -> Document:
    """Freeze the exact content of a paper with the act that makes it. It is printed after commit; `template` draws it.

    A head is frozen with it (case, sender, who, when), so the paper says the same whenever it is printed. `place` tells
    papers of one kind apart where a fund has several, each with versions of its own (one for each day reconciled).
    """
    return _freeze(event, kind, title, content, template, case=event.case, fund=event.fund, place=place)


def freeze_at(
    place: str, fund: Fund, event: Event, kind: str, title: str, content: dict[str, Any], template: str
) -> Document:
    """Freeze a paper that belongs to no case but to a place of the fund's (a meeting), with an event of the house's."""
    return _freeze(event, kind, title, content, template, fund=fund, place=place)


def _freeze(
    event: Event,
    kind: str,
    title: str,
    content: dict[str, Any],
    template: str,
    *,
    case: Case | None = None,
    fund: Fund | None = None,
    place: str,
) -> Document:
    get_template(template)  # a paper that could never be printed is found out now, not by a worker
    alike = Document.objects.filter(case=case, fund=fund, place=place, kind=kind)
    version = (alike.aggregate(last=Max("version"))["last"] or 0) + 1
    text = canonical(plain({"head": _of(event, kind, fund) | _head(event, kind, title, version)} | content))
    return Document.objects.create(
        case=case,
        fund=fund,
        place=place,
        event=event,
        kind=kind,
        title=title[:200],
        version=version,
        template=template,
        content=text,
        content_sha256=hashlib.sha256(text.encode()).hexdigest(),
        created_at=event.at,
    )


def _of(event: Event, kind: str, fund: Fund | None) -> dict[str, Any]:
    """Whose paper it is: the case's, the fund's, or that of a place of the fund's."""
    if (case := event.case) is not None:
        return {
            "case": case.number,
            "case_title": case.title,
            "owner": case.owner.name,
            "sender": case.owner.name if kind in FROM_THE_OWNER else _("Stadsledningskontoret"),
            "dnr": [{"dnr": dnr.dnr, "authority": dnr.authority} for dnr in case.dnrs.all()],
        }
    if event.fund is not None:
        return {"fund": str(event.fund), "sender": _("Stadsledningskontoret"), "dnr": []}
    return {"case": "", "case_title": "", "owner": str(fund.name) if fund else "", "sender": label(kind), "dnr": []}


def _head(event: Event, kind: str, title: str, version: int) -> dict[str, Any]:
    return {
        "kind": label(kind),
        "title": title,
        "version": version,
        "event": event.no,
        "act": event.action,
        "at": event.at,
        "by": event.by_name,
        "role": str(Role(event.role).label) if event.role else "",
    }


def unprinted(*, event_id: int | None = None) -> list[int]:
    """Ids of papers that wait to be printed: those of something done just now, or the newest of all.

    What is written into the history afterwards (the demo, an older system's cases) and what a broken queue has left are
    printed a few at a time, so that they never stand before what someone waits for.
    """
    waiting = Document.objects.filter(printed_at=None).order_by("-id")
    if event_id is not None:
        waiting = waiting.filter(event=event_id, created_at__gte=timezone.now() - JUST_NOW)
    return list(waiting.values_list("pk", flat=True)[: settings.OLD_PAPERS])


def print_one(pk: int) -> bool:
    """Print a paper and keep the PDF; false if that is done, is being done by another, or cannot be done here."""
    if not printing.available():
        return False
    with transaction.atomic():
        waiting = Document.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, printed_at=None)
        document = waiting.select_related("case").first()
        if document is None:
            return False
        pdf = printing.pdf(document, label(document.kind))
        document.sha256, document.size = hashlib.sha256(pdf).hexdigest(), len(pdf)
        document.file = f"handlingar/{document.sha256[:2]}/{document.sha256}.pdf"
        _keep(document.file, pdf)
        document.printed_at = timezone.now()
        document.save(update_fields=["sha256", "size", "file", "printed_at"])
    return True


def file_name(document: Document) -> str:
    """What the PDF is called when someone takes it home."""
    version = _(" version %d") % document.version if document.version > 1 else ""
    about = document.case.number if document.case else document.title
    return uploads.safe_name(f"{about} {label(document.kind)}{version}.pdf")


def path(file: str) -> Path:
    """Where a stored file lies. Only ever a name that we made."""
    return Path(settings.MEDIA_ROOT) / file


def _keep(file: str, content: bytes) -> None:
    """Write a file whole or not at all."""
    place = path(file)
    place.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=place.parent, delete=False) as half:
        half.write(content)
        half.flush()
        os.fsync(half.fileno())
    Path(half.name).replace(place)


def store(case: Case, user: User | None, at: datetime, place: str, file: UploadedFile) -> Upload:
    """Keep an uploaded file, under a name that no other file of the case has; loose until an act refers to it.

    The same content given twice for the same place is one file. Refuses what is not let in, in words.
    """
    try:
        content_type = uploads.check(file)
    except ValidationError as wrong:
        raise Refused(*wrong.messages) from None
    content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        theirs = Upload.objects.filter(case=case)
        if twin := theirs.filter(place=place, event=None, sha256=digest).first():
            return twin
        kept = uuid4().hex
        upload = Upload.objects.create(
            case=case,
            place=place,
            name=uploads.free_name(file.name or "", theirs.values_list("name", flat=True)),
            content_type=content_type,
            size=len(content),
            sha256=digest,
            file=f"bilagor/{kept[:2]}/{kept}",
            by=user,
            at=at,
        )
        _keep(upload.file, content)
        transaction.on_commit(lambda: import_string("fundportal.tasks.check_soon")(upload.pk))
    return upload


def check_one(pk: int) -> None:
    """Have a file checked for viruses, if it still is there."""
    upload = Upload.objects.filter(pk=pk).first()
    if upload is not None and path(upload.file).is_file():
        viruses.check(upload, path(upload.file))


def refuse_infected(pks: list[int], of_case: Case, place: str | None) -> None:
    """Let no act take a file in which a virus was found."""
    loose = Upload.objects.filter(case=of_case, event=None, virus_check__outcome=viruses.Outcome.INFECTED)
    for name in loose.filter(Q(pk__in=pks) | Q(place=place or "")).values_list("name", flat=True):
        raise Refused(_("I ”%(name)s” har ett virus hittats. Ta bort filen och försök igen.") % {"name": name})


SWEPT = {"bilagor": Upload, "handlingar": Document}
"""Folders of stored files, and what refers to the files in them."""


def sweep_files(now: datetime) -> int:
    """Remove stored files that no row refers to and that are a day old: what refused acts left. Answers how many."""
    gone = 0
    for folder, model in SWEPT.items():
        for shelf in sorted(path(folder).glob("*")):
            lying = {f"{folder}/{shelf.name}/{file.name}": file for file in shelf.iterdir() if _is_old(file, now)}
            known = set(model._default_manager.filter(file__in=lying).values_list("file", flat=True))
            for name in lying.keys() - known:
                lying[name].unlink(missing_ok=True)
                gone += 1
    return gone


def _is_old(file: Path, now: datetime) -> bool:
    return file.is_file() and file.stat().st_mtime < (now - timedelta(days=1)).timestamp()


def fix(event: Event, given: dict[str, Any]) -> None:
    """Bind the uploads that an act was given, and those of a sheet it hands in, to its event: they stay for ever."""
    pks = [item.pk for value in given.values() if isinstance(value, list) for item in value if isinstance(item, Upload)]
    loose = Upload.objects.filter(case=event.case, event=None)
    if event.case is not None:
        refuse_infected(pks, event.case, HANDED_IN.get(event.action))
    if pks:
        known = set(Upload.objects.filter(event=event).values_list("place", "sha256"))
        for upload in loose.filter(pk__in=pks):
            if (upload.place, upload.sha256) in known:
                remove(upload)  # the form was sent twice: the act was done once, and so are its files kept
        loose.filter(pk__in=pks).update(event=event)
    if place := HANDED_IN.get(event.action):
        loose.filter(place=place).update(event=event)


def remove(upload: Upload) -> None:
    """Take away a file that no act has referred to."""
    with transaction.atomic():
        found = Upload.objects.select_for_update().filter(pk=upload.pk).first()
        if found is None:
            return
        if found.event_id is not None:
            raise Refused(_("”%(name)s” är inlämnad och kan inte tas bort.") % {"name": found.name})
        found.delete()
        transaction.on_commit(lambda: path(found.file).unlink(missing_ok=True))
