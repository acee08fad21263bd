"""What templates may ask of reviews: {% load reviews %}. Each tag asks a constant number of questions."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _

from fundportal import formatting
from fundportal.drafts import Progress
from fundportal.models import Case, Jav, User
from fundportal.process import Role
from reviews.models import (
    Assessment,
    BodyState,
    Remiss,
    RemissBody,
    Standpoint,
    Tally,
    council_members,
    idea_of,
    remisser_of,
    tallies,
)
from reviews.sheets import EVALUATION

register = template.Library()


@dataclass(frozen=True)
class Member:
    """A member of the council in one case."""

    name: str
    state: str
    """done, todo or jav."""


@dataclass(frozen=True)
class Council:
    """The council's work on a case as one person may see it."""

    follows: bool
    """Whether she sits on the council or keeps its minutes, and so may see who has assessed."""
    mine: Assessment | None
    members: list[Member]
    given: int
    wanted: int
    assessments: list[Assessment]
    tallies: list[Tally]
    """Empty while the scores are hidden from her."""
    seat: bool

    @property
    def failing(self) -> list[Tally]:
        """The gates that are not met."""
        return [tally for tally in self.tallies if tally.fails]


@register.simple_tag
def council(case: Case, user: User) -> Council:
    """The council's work: {% council case user as council %}. Others' scores are here only when she may read them."""
    everywhere = user.grants.everywhere
    idea = idea_of(case)
    counting = list(Assessment.objects.counting(case).values_list("by", flat=True))
    readable = Assessment.objects.readable_by(user, case).filter(document=idea).exclude(by__javs__case=case)
    shown = list(readable.select_related("by"))
    sees_all = len(shown) == len(counting) > 0
    mine = next((row for row in shown if row.by_id == user.pk), None)
    follows = bool(everywhere & {Role.COUNCIL, Role.OFFICER})
    return Council(
        follows=follows,
        mine=mine,
        members=_members(case, set(counting)) if follows else [],
        given=len(counting),
        wanted=case.fund.council_quorum,
        assessments=shown if sees_all else [],
        tallies=tallies(readable) if sees_all else [],
        seat=Role.COUNCIL in everywhere,
    )


def _members(case: Case, done: set[int]) -> list[Member]:
    javs = set(Jav.objects.filter(case=case).values_list("user", flat=True))
    return [
        Member(user.get_full_name(), "jav" if user.pk in javs else "done" if user.pk in done else "todo")
        for user in council_members()
    ]


@register.simple_tag
def standpoint(case: Case) -> Standpoint | None:
    """The council's latest standpoint, with its paper and conditions: {% standpoint case as said %}."""
    return (
        Standpoint.objects.filter(case=case)
        .select_related("event", "document", "case")
        .prefetch_related("conditions", "present", "event__documents")
        .order_by("-id")
        .first()
    )


@register.simple_tag
def standpoint_tallies(said: Standpoint, user: User) -> list[Tally]:
    """The scores that a standpoint rests on, for those who may read them; who has declared jäv since is left out."""
    readable = Assessment.objects.readable_by(user, said.case).filter(document=said.document)
    rests_on = readable.exclude(by__javs__case=said.case)
    return tallies(rests_on) if rests_on.exists() else []


@register.simple_tag
def evaluation_draft(case: Case, user: User) -> Progress | None:
    """The evaluation's parts: {% evaluation_draft case user as draft %}. Nothing for those who may not read it."""
    return EVALUATION.progress(case, user)


@dataclass(frozen=True)
class RemissView:
    """A case's remisser as one person may see them."""

    remisser: list[Remiss]
    mine: list[RemissBody]
    """The bodies that she answers for and that have not answered."""

    @property
    def bodies(self) -> list[RemissBody]:
        """Everyone who was asked, in remisser that stand."""
        return [body for remiss in self.remisser if not remiss.withdrawal_id for body in remiss.bodies.all()]

    @property
    def answered(self) -> list[str]:
        """Who has answered, in time or not."""
        return [str(body) for body in self.bodies if body.state in (BodyState.ANSWERED, BodyState.LATE)]

    @property
    def silent(self) -> list[str]:
        """Who has not answered though the time has run out."""
        return [str(body) for body in self.bodies if body.state == BodyState.SILENT]

    @property
    def awaited(self) -> list[RemissBody]:
        """Who still has time to answer."""
        return [body for body in self.bodies if body.state in (BodyState.SENT, BodyState.NOT_OPENED, BodyState.OPENED)]

    @property
    def paragraph(self) -> str:
        """How the remiss is told in the tjänsteutlåtande, who did not answer included."""
        return remiss_text([str(body) for body in self.bodies], self.silent)


def remiss_text(asked: list[str], silent: list[str]) -> str:
    """Ärendet har remitterats till a, b och c. C har inte inkommit med svar."""
    if not asked:
        return ""
    text = _("Ärendet har remitterats till %s.") % formatting.in_words(asked)
    return " ".join([text, _("%s har inte inkommit med svar.") % formatting.in_words(silent)]) if silent else text


@register.simple_tag
def remiss_of(case: Case, user: User | None = None) -> RemissView:
    """The remisser of a case: {% remiss_of case user as remiss %}."""
    mine: list[RemissBody] = []
    if user is not None:
        boards = set(user.grants.namnder(Role.RESPONDENT))
        mine = list(RemissBody.objects.asked(case).unanswered().filter(namnd__in=boards))
    return RemissView(remisser_of(case), mine)
