"""A case on a step with one person for each role in it, for tests of who may do what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from applications.models import Baseline, SteeringMeeting, SteeringMember, SteeringTask
from fundportal import documents, flow
from fundportal.models import AccessRequest, Case, Event, Jav, Namnd, Note, Party, User
from fundportal.process import Role, Step
from reviews.models import Condition, CouncilMember, Remiss, RemissBody, Seat, Standpoint, Verdict
from tests import factories
from tests.rights import MAY

NOW = timezone.now()
SECRET, WORD = "Xylofonprojektet i parken", "Xylofonprojektet"


@dataclass
class Stage:
    """A case and one person for each role in it; those who must be the right one are."""

    case: Case
    people: dict[str, User] = field(default_factory=dict)

    def of(self, role: Role) -> list[User]:
        """Everyone who holds the role in the case."""
        return [person for name, person in self.people.items() if name.split()[0] == role]


def stage(step: Step, *, submitted: bool | None = None) -> Stage:
    """A case on a step with its people: the owner's, a partner's, an asked board's, and the city's."""
    owner, partner, asked = (factories.namnd() for _board in range(3))
    opened = factories.round_(opens_on=date(2020, 1, 1), closes_on=date(2099, 12, 31))
    case = factories.case(step, owner=owner, round=opened, submitted=submitted, title=SECRET)
    factories.partner(case, partner, accepted=False)
    it = Stage(case)
    for role in Role:
        where = {Role.APPLICANT: owner, Role.MANAGER: owner, Role.RESPONDENT: asked}.get(
            role, case if role in (Role.STEERING, Role.READER) else None
        )
        it.people[role] = factories.user(role, where)
    it.people["manager hos partnern"] = factories.user(Role.MANAGER, partner)
    _written(it)
    if step not in (Step.IDEA, Step.IDEA_CHECK, Step.COUNCIL, Step.IDEA_DECISION, Step.APPLICATION):
        _ask(case, asked)
    if step == Step.IMPLEMENTATION:
        chair = {"namnd": owner, "chair": True, "since": date(2020, 1, 1)}
        SteeringMember.objects.create(case=case, event=case.events.latest("no"), user=it.people[Role.STEERING], **chair)
    return it


def _written(it: Stage) -> None:
    """Everyone who may has written a note, and someone asks to see the case."""
    AccessRequest.objects.create(number=it.case.number, case=it.case, user=factories.user(), reason="Utreder.", at=NOW)
    for name, person in it.people.items():
        if name.split()[0] not in MAY["strike_note"][0]:
            continue
        with transaction.atomic():
            event = Event(case=it.case, action="skrev", by=person, by_name="X", role="", at=NOW, from_step=it.case.step)
            flow.record(event, data={}, to_step=it.case.step, tell=False)
            Note.objects.create(case=it.case, event=event, kind=Note.Kind.MESSAGE, text="Hej.")


def _ask(case: Case, *boards: Namnd) -> None:
    """A remiss to boards and to one body outside the city."""
    remiss = Remiss.objects.create(case=case, event=case.events.latest("no"), letter="Yttra er.")
    last_day = timezone.localdate() + timedelta(days=30)
    RemissBody.objects.create(remiss=remiss, name="Föreningen", email="f@example.org", last_day=last_day)
    for board in boards:
        RemissBody.objects.create(remiss=remiss, namnd=board, last_day=last_day)
        Party.objects.create(case=case, namnd=board, part=Party.Part.REMISS, since=NOW, accepted_at=NOW)


def everything_waits(it: Stage) -> None:
    """A board that has become a partner, a jäv, a tie, a condition and a chair: for acts that wait for someone's."""
    case, since = it.case, date(2020, 1, 1)
    joined = factories.namnd()
    factories.partner(case, joined)
    it.people["applicant hos den som är med"] = factories.user(Role.APPLICANT, joined)
    it.people["manager hos den som är med"] = factories.user(Role.MANAGER, joined)
    case.officer = factories.user(Role.OFFICER)
    case.save(update_fields=["officer"])
    factories.hold(case.officer, Role.MANAGER, case.owner)
    CouncilMember.objects.create(user=it.people[Role.COUNCIL], seat=Seat.CHAIR, since=since)
    with transaction.atomic():
        event = Event(case=case, action="hände", by_name="X", role="", at=NOW, from_step=case.step)
        flow.record(event, data={}, to_step=case.step, tell=False)
        Jav.objects.create(case=case, user=factories.user(Role.OFFICER), event=event)
        paper = documents.freeze(event, "idea", "Idéskiss", {"sections": []})
        verdict = Standpoint.objects.create(
            case=case, document=paper, event=event, verdict=Verdict.CONDITIONAL, meeting_on=since, reasons="Bra."
        )
        Condition.objects.create(standpoint=verdict, text="Räkna om.", due_on=since)
        Baseline.objects.create(case=case, event=event)
        SteeringMeeting.objects.create(case=case, event=event, held_on=since)
        SteeringTask.objects.create(case=case, event=event, what="Ring.", owner_name="X", last_day=since)
