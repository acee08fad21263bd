"""What must be in place before an idea or an application moves on, in words."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Endorsement, FormalCheck, Respite, Submission
from applications.needs.sheets import sheet_of, submitted_sheet
from applications.sheets import APPLICATION, IDEA
from fundportal import formatting, funds
from fundportal.drafts import Filled, Sheet
from fundportal.models import Case, User
from fundportal.process import Role

KS = "Kommunstyrelsen"
"""The authority whose diarienummer every case must have."""


def round_is_open(case: Case, at: datetime) -> str | None:
    """New ideas begin only while fund and round are open."""
    day = timezone.localdate(at)
    if case.round.is_open_on(day):
        return None
    if closed := funds.closed_because(case.fund):
        return closed
    if day < case.round.opens_on:
        return _("Ansökningsomgången öppnar den %(day)s.") % {"day": formatting.day(case.round.opens_on)}
    return _("Ansökningsomgången stängde den %(day)s.") % {"day": formatting.day(case.round.closes_on)}


def idea_is_complete(case: Case, at: datetime) -> str | None:
    """Every part of the idea is right."""
    return _what_is_left(IDEA.filled(case))


def application_is_complete(case: Case, at: datetime) -> str | None:
    """Every part of the application is right."""
    return _what_is_left(APPLICATION.filled(case))


def _what_is_left(filled: Filled) -> str | None:
    """What is missing in the owner's parts; a partner's own part is told of by itself."""
    theirs = {part.slug for part in filled.sheet.parts_of(filled.case) if part.board is not None}
    gaps = Counter(str(gap.part_title) for gap in filled.gaps() if gap.part not in theirs)
    if not gaps:
        return None
    total = sum(gaps.values())
    parts = formatting.in_words([f"{title} ({count})" for title, count in gaps.items()])
    if total == 1:
        return _("En uppgift saknas eller behöver rättas i %(parts)s.") % {"parts": parts.removesuffix(" (1)")}
    return _("%(total)d uppgifter saknas eller behöver rättas: %(parts)s.") % {"total": total, "parts": parts}


def idea_is_endorsed(case: Case, at: datetime) -> str | None:
    """A manager of the owner has endorsed exactly what is written now."""
    return _endorsed(IDEA.filled(case), _("Idéskissen"))


def application_is_endorsed(case: Case, at: datetime) -> str | None:
    """A manager of the owner has endorsed exactly what is written now."""
    return _endorsed(APPLICATION.filled(case), _("Ansökan"))


def _endorsed(filled: Filled, what: str) -> str | None:
    given = (
        Endorsement.objects.filter(case=filled.case, sheet=filled.sheet.name, namnd=filled.case.owner_id)
        .select_related("by")
        .order_by("-pk")
        .first()
    )
    if given is None:
        return _("%(what)s är inte tillstyrkt. Be en chef på %(owner)s att tillstyrka.") % {
            "what": what,
            "owner": filled.case.owner,
        }
    if given.digest == filled.digest:
        return None
    own = {part.slug for part in filled.sheet.parts_of(filled.case) if part.board is None}
    drafts = (draft for slug, draft in filled.drafts.items() if slug in own)
    latest = max(drafts, key=lambda draft: draft.saved_at, default=None)
    if latest is None or latest.saved_at < given.at:  # a part that is gone, or an attachment
        return _("%(what)s har ändrats sedan den tillstyrktes. Den behöver tillstyrkas igen.") % {"what": what}
    return _(
        "%(who)s ändrade ”%(part)s” den %(when)s, efter att %(manager)s tillstyrkte. %(what)s behöver tillstyrkas igen."
    ) % {
        "who": latest.saved_by.get_full_name(),
        "part": _part_title(filled.sheet, latest.part),
        "when": formatting.moment(latest.saved_at),
        "manager": given.by.get_full_name(),
        "what": what,
    }


def _part_title(sheet: Sheet, slug: str) -> str:
    part = sheet.part(slug)
    return str(part.title) if part else slug


def is_registered(case: Case, at: datetime) -> str | None:
    """Kommunstyrelsen has given it a diarienummer."""
    if case.dnrs.filter(authority=KS).exists():
        return None
    return _("Diarieför ärendet först: kommunstyrelsens diarienummer saknas.")


def is_assigned(case: Case, at: datetime) -> str | None:
    """Someone is responsible for it."""
    return None if case.officer_id else _("Tilldela en handläggare först.")


def is_submitted(case: Case, at: datetime) -> str | None:
    """It has been handed in."""
    return None if case.submitted_at else _("Idéskissen är inte inlämnad.")


def wrote_the_idea(case: Case, user: User) -> str | None:
    """Who wrote it does not endorse it."""
    if user.pk in IDEA.filled(case).writers():
        return _("Du har själv skrivit i idéskissen. En annan chef behöver tillstyrka den (fyra ögon).")
    return None


def wrote_the_application(case: Case, user: User) -> str | None:
    """Who wrote it does not endorse it."""
    if user.pk in APPLICATION.filled(case).writers():
        return _("Du har själv skrivit i ansökan. En annan chef behöver tillstyrka den (fyra ögon).")
    return None


def is_not_owners_manager(case: Case, user: User) -> str | None:
    """Only the owner's manager endorses what leaves the owner."""
    if Role.MANAGER in user.grants.on_namnd.get(case.owner_id, set()):
        return None
    return _("Tillstyrkan görs av en chef på projektägaren %(owner)s.") % {"owner": case.owner}


def is_not_owners_applicant(case: Case, user: User) -> str | None:
    """Only the owner's applicant hands in, takes back and invites; a partner's writes in the draft."""
    if Role.APPLICANT in user.grants.on_namnd.get(case.owner_id, set()):
        return None
    return _("Det här görs av en sökande på projektägaren %(owner)s.") % {"owner": case.owner}


def formal_checks() -> list[tuple[str, str]]:
    """What an idea must be in form before it goes to the council."""
    return [
        ("andamal", _("idén ligger inom fondens ändamål")),
        ("agare", _("projektägaren är en nämnd i staden och får söka i omgången")),
        ("tillstyrkt", _("idéskissen är tillstyrkt av en behörig chef")),
        ("komplett", _("alla delar är ifyllda så att rådet kan bedöma dem")),
        ("uppgifter", _("handlingarna saknar sekretessbelagda uppgifter och personuppgifter om enskilda")),
    ]


def newest_check(case: Case) -> FormalCheck | None:
    """The newest formal check of what was handed in last."""
    checks = FormalCheck.objects.filter(case=case, sheet=submitted_sheet(case)).prefetch_related("points")
    latest = Submission.objects.filter(case=case, sheet=submitted_sheet(case)).order_by("-no").first()
    return (checks.filter(event__at__gte=latest.at) if latest else checks).select_related("event").first()


def is_unendorsed(case: Case, at: datetime) -> str | None:
    """The sheet is whole and waits for an endorsement."""
    filled = sheet_of(case).filled(case)
    if _endorsed(filled, "") is None:
        return _("Innehållet är redan tillstyrkt som det står nu.")
    return _what_is_left(filled)


def has_last_day(case: Case, at: datetime) -> str | None:
    """There is a last day to move."""
    return None if case.due_on else _("Ärendet har ingen sista dag att förlänga.")


def last_day(case: Case) -> date | None:
    """The last day to hand in what is being written: a completion's, the application's, or the round's.

    A board that has been given respite in the round has its ideas' last day moved by it.
    """
    if case.submitted_at is not None:
        return case.due_on
    given = Respite.objects.filter(round=case.round, namnd=case.owner).order_by("-last_day").first()
    return max(case.round.closes_on, given.last_day) if given else case.round.closes_on


def is_late(case: Case, at: datetime) -> bool:
    """Whether the last day has passed: it ends at 23.59.59 Swedish time, summer or winter, by the server's clock."""
    last = last_day(case)
    return last is not None and timezone.localdate(at) > last


def late_is_let_in(case: Case, at: datetime) -> str | None:
    """What comes late is refused where the rules of the round say so, unless respite is given."""
    if not is_late(case, at) or funds.rules_of(case).accepts_late:
        return None
    return _(
        "Sista dag var den %(day)s. I den här omgången tas inget emot efter det. Be stadsledningskontoret om anstånd."
    ) % {"day": formatting.day(last_day(case))}
