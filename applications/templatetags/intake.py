"""What templates may ask of an idea or application that is written or checked: {% load intake %}."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

from applications.models import CompletionQuestion, Endorsement, FormalCheck
from applications.needs import sheet_of
from applications.sheets.lapse import PartnerState, digest, endorsements, partner_states
from applications.sheets.parts import partners
from fundportal import funds, small_numbers
from fundportal.formatting import number
from fundportal.models import Case, User
from fundportal.process import Role

register = template.Library()


@dataclass(frozen=True)
class Writing:
    """Where a draft stands: the owner's endorsement, and each partner."""

    name: str
    given: Endorsement | None
    holds: bool
    partners: list[PartnerState]
    writes: bool

    @property
    def part_url(self) -> str:
        """The name of the page of a part."""
        return f"{self.name}_part"


@register.simple_tag
def writing(case: Case, user: User) -> Writing | None:
    """Where the draft stands, for those who may read it: {% writing case user as now %}."""
    sheet = sheet_of(case)
    if case.step != sheet.step or not sheet.may_read(case, user):
        return None
    filled = sheet.filled(case)
    given = endorsements(filled).get(case.owner_id)
    holds = given is not None and given.digest == digest(filled, case.owner_id)
    return Writing(sheet.name, given, holds, partner_states(filled, partners(case)), sheet.may_write(case, user))


@register.simple_tag
def people_count(count: int, case: Case, user: User) -> str:
    """A count of people as this person may see it: {% people_count facts.reached case user %}."""
    if small_numbers.may_see(user, case):
        return number(count)
    return small_numbers.said(count, funds.rules_of(case).small_number)


@register.simple_tag
def may_copy(case: Case, user: User) -> bool:
    """Whether a new idea may begin with this case's answers: {% may_copy case user as copies %}."""
    return Role.APPLICANT in user.grants.on_namnd.get(case.owner_id, set())


@register.simple_tag
def formal_checks(case: Case) -> list[FormalCheck]:
    """Every formal check, the newest first: {% formal_checks case as checks %}."""
    return list(FormalCheck.objects.filter(case=case).select_related("event").prefetch_related("points"))


@register.simple_tag
def answered(case: Case) -> list[CompletionQuestion]:
    """What has been asked in completions that have come in, with the answers: {% answered case as asked %}."""
    done = CompletionQuestion.objects.filter(completion__case=case, completion__met_at__isnull=False)
    return list(done.order_by("-completion__met_at", "pk"))


@register.simple_tag
def compared(case: Case) -> list[str]:
    """Kinds of what is handed in that have more than one version: {% compared case as kinds %}."""
    several = {"idea": 0, "application": 0}
    for kind in case.documents.filter(kind__in=several).order_by().values_list("kind", flat=True):
        several[kind] += 1
    return [kind for kind, count in several.items() if count > 1]
