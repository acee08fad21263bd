"""Endorsements as they stand to what is written now: whether they hold, what has changed since, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Endorsement, PartnerDone
from applications.sheets.budget import AVAILABLE
from applications.sheets.partner import accepted, slug_of
from fundportal import difference, notices
from fundportal.drafts import Filled
from fundportal.models import Letter, Namnd, User
from fundportal.process import Role
from fundportal.shown import sections


def digest(filled: Filled, namnd_id: int) -> str:
    """The hash of what a board endorses: the owner all but the partners' own parts, a partner its own part."""
    return filled.digest if namnd_id == filled.case.owner_id else filled.digest_of(slug_of(namnd_id))


def written(filled: Filled, namnd_id: int) -> list[dict[str, Any]]:
    """What a board endorses, as sections of a paper."""
    board = None if namnd_id == filled.case.owner_id else namnd_id
    forms = [form for form in filled.forms if form.board == board]
    return [section for form in forms for section in sections(str(form.title), [*form.shown(), *form.computed()])]


def endorsements(filled: Filled) -> dict[int, Endorsement]:
    """The newest endorsement by each board."""
    rows = Endorsement.objects.filter(case=filled.case, sheet=filled.sheet.name).select_related("by", "namnd")
    return {row.namnd_id: row for row in rows.order_by("pk")}


def changes(filled: Filled, given: Endorsement) -> list[difference.Part]:
    """What has changed since an endorsement, part by part; nothing when it holds."""
    if given.digest == digest(filled, given.namnd_id):
        return []
    return difference.of(given.sections, written(filled, given.namnd_id), aside={str(AVAILABLE)})


@dataclass(frozen=True)
class PartnerState:
    """How far a partner has come with its own part."""

    namnd: Namnd
    slug: str
    accepted: bool
    whole: bool = False
    done: PartnerDone | None = None
    """Its word that the part is ready, while nothing has changed since."""
    given: Endorsement | None = None
    """Its manager's newest endorsement, whether it holds or not."""
    holds: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether the lead may hand in, for this partner's sake."""
        return self.accepted and self.whole and self.done is not None and self.holds

    @property
    def lack(self) -> str:
        """What is missing, in words; empty when nothing is."""
        if not self.accepted:
            return _("%(namnd)s har inte tackat ja till partnerskapet.") % {"namnd": self.namnd}
        if not self.whole:
            return _("%(namnd)s har inte fyllt i sin del.") % {"namnd": self.namnd}
        if self.done is None:
            return _("%(namnd)s har inte märkt sin del som klar.") % {"namnd": self.namnd}
        if self.given is None:
            return _("%(namnd)s del är inte tillstyrkt av en chef där.") % {"namnd": _of(self.namnd)}
        if not self.holds:
            return _("%(namnd)s del har ändrats sedan %(who)s tillstyrkte den. Den behöver tillstyrkas igen.") % {
                "namnd": _of(self.namnd),
                "who": self.given.by.get_full_name(),
            }
        return ""


def _of(namnd: Namnd) -> str:
    """The board's name in the genitive."""
    name = str(namnd)
    return name if name.endswith(("s", "x", "z")) else f"{name}s"


def partner_states(filled: Filled, parties: list[Any]) -> list[PartnerState]:
    """Each partner's state, in the order they were invited; `parties` are the case's partners."""
    if not parties:
        return []
    given = endorsements(filled)
    done = {
        row.namnd_id: row
        for row in PartnerDone.objects.filter(case=filled.case, sheet=filled.sheet.name).order_by("pk")
    }
    left = {gap.part for gap in filled.gaps()}
    found = []
    for party in parties:
        now = digest(filled, party.namnd_id)
        word, endorsed = done.get(party.namnd_id), given.get(party.namnd_id)
        slug = slug_of(party.namnd_id)
        found.append(
            PartnerState(
                party.namnd,
                slug,
                accepted=party.accepted_at is not None,
                whole=slug in filled.drafts and slug not in left,
                done=word if word and word.digest == now else None,
                given=endorsed,
                holds=bool(endorsed and endorsed.digest == now),
            )
        )
    return found


def tell_of_lapse(filled: Filled, user: User, at: datetime) -> None:
    """A letter to each manager whose endorsement a change has undone: once for each endorsement."""
    case = filled.case
    boards = {case.owner_id, *(party.namnd_id for party in accepted(case))}
    lapsed = [
        given
        for given in endorsements(filled).values()
        if given.namnd_id in boards and given.digest != digest(filled, given.namnd_id)
    ]
    keys = {f"lapsed/{given.pk}/{given.by_id}": given for given in lapsed if given.by.is_active}
    for known in Letter.objects.filter(key__in=keys).values_list("key", flat=True):
        keys.pop(known)
    letters = []
    for key, given in keys.items():
        subject, body = notices.compose(
            ["mail/endorsement_lapsed.txt"],
            given.by,
            case,
            Role.MANAGER,
            mandatory=True,
            given=given,
            who=user.get_full_name(),
            what=filled.sheet.title,
        )
        letters.append(Letter(key=key, user=given.by, case=case, subject=subject, body=body, created_at=at))
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
