"""How a part of a sheet is kept: field by field, beside what others write, with what stood before to be had back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext as _

from fundportal import merging
from fundportal.errors import Refused
from fundportal.merging import Clash
from fundportal.models import Case, Draft, DraftVersion, User

MOST_VERSIONS = 50
"""Earlier versions of one part that are kept; the oldest give way."""
APART = timedelta(minutes=10)
"""Between versions while one person writes; what takes away much is kept however soon."""


class Kept(Protocol):
    """What is kept of a form, field by field: a part of a sheet, or an answer that is being written."""

    answers: dict[str, Any]
    marks: dict[str, Any]
    saved_at: datetime

    @property
    def who(self) -> str:
        """Who saved last."""


class Clashed(Refused):
    """Others have changed the same fields; everything else that was sent is saved."""

    def __init__(self, kept: Kept, clashes: list[Clash]) -> None:
        """`clashes` are the fields that are not saved."""
        super().__init__(_("Samma fält har ändrats på ett annat håll medan du skrev. Välj vad som ska gälla."))
        self.kept, self.clashes = kept, clashes


@dataclass(frozen=True)
class Writing:
    """What one person sends of a part: fields as typed, what she had read, and her choice where there were two."""

    typed: Mapping[str, Any]
    user: User
    at: datetime
    seen: Mapping[str, str] | None = None
    """The mark of each field as it was read; None writes over whatever stands there."""
    chosen: Mapping[str, str] = field(default_factory=dict)

    def sign(self) -> dict[str, Any]:
        """Who changed a field, and when."""
        return {"by": self.user.pk, "who": self.user.get_full_name(), "at": self.at.isoformat()}


def keep(case: Case, sheet: str, part: str, writing: Writing) -> tuple[Draft, list[Clash]]:
    """Keep what was sent, and answer what was not kept because it clashed. The case is locked by the caller."""
    draft, created = Draft.objects.select_related("saved_by").get_or_create(
        case=case, sheet=sheet, part=part, defaults={"answers": {}, "saved_at": writing.at, "saved_by": writing.user}
    )
    change, names = merging.merge(draft.answers, writing.typed, writing.seen, writing.chosen)
    clashes = clashing(draft, writing.typed, names)
    if change and not created:
        _keep_earlier(draft, change, writing)
        draft.version += 1
    if change:
        draft.answers = draft.answers | change
        draft.marks = draft.marks | dict.fromkeys(change, writing.sign())
        draft.saved_at, draft.saved_by = writing.at, writing.user
        draft.save()
    return draft, clashes


def clashing(kept: Kept, typed: Mapping[str, Any], names: list[str]) -> list[Clash]:
    """The named fields as clashes: what stands there, who wrote it and when."""
    last = {"who": kept.who, "at": kept.saved_at.isoformat()}
    said = {name: kept.marks.get(name) or last for name in names}
    return [
        Clash(name, kept.answers.get(name), typed[name], said[name]["who"], datetime.fromisoformat(said[name]["at"]))
        for name in names
    ]


def _keep_earlier(draft: Draft, change: Mapping[str, Any], writing: Writing) -> None:
    """Keep what stood there, when another wrote it, much is taken away, or it is a while since the last was kept."""
    last = draft.versions.first()
    recent = last is not None and writing.at - last.saved_at < APART
    if recent and draft.saved_by_id == writing.user.pk and not merging.loses(draft.answers, change):
        return
    if merging.essence(draft.answers) is None:
        return
    DraftVersion.objects.get_or_create(
        draft=draft,
        version=draft.version,
        defaults={"answers": draft.answers, "saved_at": draft.saved_at, "saved_by": draft.saved_by},
    )
    old = draft.versions.values_list("pk", flat=True)[MOST_VERSIONS:]
    draft.versions.filter(pk__in=list(old)).delete()


def as_it_stood(draft: Draft, version: int) -> dict[str, Any]:
    """Every field of a part as it stood in an earlier version, to be kept again. Refuses a version that is gone."""
    earlier = draft.versions.filter(version=version).first()
    if earlier is None:
        raise Refused(_("Den versionen finns inte kvar. Välj en annan."))
    stood: dict[str, Any] = earlier.answers
    return dict.fromkeys(draft.answers) | stood


def forget_old(now: datetime) -> int:
    """Remove earlier versions that nobody has had use of for a quarter of a year. Answers how many."""
    gone, _kinds = DraftVersion.objects.filter(saved_at__lt=now - timedelta(days=90)).delete()
    return gone
