"""What templates may ask of reviews: {% load reviews %}. Each tag asks a constant number of questions."""

from __future__ import annotations

from dataclasses import dataclass, field

from django import template
from django.utils.translation import gettext as _

from fundportal import criteria, formatting, funds, ties
from fundportal.drafts import Progress
from fundportal.models import Case, Jav, User
from fundportal.process import Role
from reviews.actions.evaluation import measured
from reviews.actions.opinion import Line, by_criterion
from reviews.models import (
    Assessment,
    BodyState,
    Condition,
    Meeting,
    Remiss,
    RemissAnswer,
    RemissBody,
    Standpoint,
    Tally,
    awaited,
    council_members,
    idea_of,
    remisser_of,
    silent,
    tallies,
)
from reviews.needs import is_not_chair
from reviews.sheets import EVALUATION

register = template.Library()
register.filter("measured", measured)


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
    earlier: int = 0
    """How many assessments were of an earlier version."""
    version: int = 0
    meetings: list[Meeting] = field(default_factory=list)

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
    readable = Assessment.objects.valid().readable_by(user, case).filter(document=idea)
    shown = list(readable.select_related("by"))
    sees_all = len(shown) == len(counting) > 0
    mine = next((row for row in shown if row.by_id == user.pk), None)
    follows = bool(everywhere & {Role.COUNCIL, Role.OFFICER})
    return Council(
        follows=follows,
        mine=mine,
        members=_members(case, set(counting)) if follows else [],
        given=len(counting),
        wanted=funds.rules_of(case).council_quorum,
        assessments=shown if sees_all else [],
        tallies=tallies(readable, criteria.of(case.round)) if sees_all else [],
        seat=Role.COUNCIL in everywhere,
        earlier=Assessment.objects.filter(case=case).exclude(document=idea).count() if follows else 0,
        version=idea.version if idea else 0,
        meetings=list(Meeting.objects.filter(items__case=case, cancelled_at=None)) if follows else [],
    )


def _members(case: Case, done: set[int]) -> list[Member]:
    javs = set(Jav.objects.standing().filter(case=case).values_list("user", flat=True))
    return [
        Member(user.get_full_name(), "jav" if user.pk in javs else "done" if user.pk in done else "todo")
        for user in council_members()
    ]


@register.simple_tag
def standpoint(case: Case) -> Standpoint | None:
    """The council's latest standpoint, with its paper and conditions: {% standpoint case as said %}."""
    return (
        Standpoint.objects.filter(case=case)
        .select_related("event", "document", "case__round")
        .prefetch_related("conditions", "present", "reservations__by", "event__documents")
        .order_by("-id")
        .first()
    )


@register.simple_tag
def standpoint_tallies(said: Standpoint, user: User) -> list[Tally]:
    """The scores that a standpoint rests on, for those who may read them; who has declared jäv since is left out."""
    readable = Assessment.objects.readable_by(user, said.case).filter(document=said.document)
    rests_on = readable.valid()
    return tallies(rests_on, criteria.of(said.case.round)) if rests_on.exists() else []


@register.simple_tag
def standpoint_lines(said: Standpoint) -> list[Line]:
    """Each criterion, whether it is met and the reasons given, without names or scores: for everyone."""
    rests_on = Assessment.objects.valid().filter(case=said.case, document=said.document)
    return by_criterion(said, tallies(rests_on, criteria.of(said.case.round)))


@register.simple_tag
def conditions_of(case: Case) -> list[Condition]:
    """The council's conditions: {% conditions_of case as conditions %}."""
    return list(Condition.objects.of(case).told())


@register.simple_tag
def ties_of(case: Case, user: User) -> list[tuple[User, list[str]]]:
    """Ties that wait to be judged, for those who may judge them: {% ties_of case user as tied %}."""
    if not user.grants.everywhere & {Role.OFFICER, Role.DIRECTOR, Role.COUNCIL} or is_not_chair(case, user):
        return []
    return [(person, texts) for person, texts in ties.unjudged(case) if person != user]


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
    compiles: bool = False
    """Whether she reads what all the answers come to."""
    officer: bool = False

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
        return silent(self.bodies)

    @property
    def awaited(self) -> list[RemissBody]:
        """Who still has time to answer."""
        return awaited(self.bodies)

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
    everywhere = user.grants.everywhere if user else set()
    reads_all = bool(everywhere & {Role.OFFICER, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR})
    return RemissView(remisser_of(case), mine, reads_all, Role.OFFICER in everywhere)


@register.simple_tag
def answer_of(answers: list[RemissAnswer], place: int) -> RemissAnswer:
    """The answer whose column this is: {% answer_of answers forloop.counter0 as answer %}."""
    return answers[place]
