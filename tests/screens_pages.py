"""Which pages there are to draw: one for every name in the URLconf, on a case and by a person that fit it.

Django is to be set up, with the address of a database where the demo is, before this is imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from fundportal import flow
from fundportal.demo import people as demo_people
from fundportal.models import Bulk, Case, Document, Namnd, OfficerRule, Round, SavedView, User
from fundportal.process import ACTIONS, STEPS, Role, Step
from fundportal.views import pages as words
from fundportal.views.sheets import SHEETS
from repayment.models import Lesson
from reviews.models import CouncilMember, Meeting, RemissBody, RemissLink
from tests.screens_fund import of_the_fund
from tests.screens_names import MINE, NOT_PAGES, OPEN

CHECKED = (
    "?svar=1&forebygger=ja&kompletterar=nej&ny=vet_inte&budget=ja&hinder=ettar&kunskap=beprovad&matbar=ja&besparing=ja"
    "&omfattning=several"
)
"""Answers to the idea self-check with a no and a doubt among them."""
OF_A_CASE = ("case_papers", "case_money", "access", "access_acts", "history")


@dataclass(frozen=True)
class Shot:
    """A page to draw: its file's name, its address, and who looks (nobody: a stranger)."""

    name: str
    path: str
    who: str = ""
    press: str = ""
    """A page whose button is pressed first: the link of someone who has no account."""
    html: str = ""
    """Drawn here instead of asked for: an error that cannot be provoked."""
    url_name: str = ""


def names(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """Every name in the URLconf."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


@dataclass
class City:
    """The demo, asked for who may do what where."""

    at: Any = field(default_factory=timezone.now)
    _seen: dict[int, list[Case]] = field(default_factory=dict)

    @cached_property
    def users(self) -> list[User]:
        """The demo's people, in the order of the login page."""
        by_email = {user.email: user for user in User.objects.filter(is_active=True)}
        return [by_email[person["email"]] for person in demo_people() if person["email"] in by_email]

    @cached_property
    def roles(self) -> dict[str, str]:
        """Each person's role by the list of the login page."""
        return {person["email"]: person["role"] for person in demo_people()}

    def one(self, role: Role) -> User:
        """The first person of a role."""
        return next(user for user in self.users if self.roles[user.email] == role)

    def cases(self, user: User) -> list[Case]:
        """The cases that a person sees; the running ones of the present round first."""
        if user.pk not in self._seen:
            rows = Case.objects.visible_to(user).select_related("fund", "round", "owner", "officer")
            self._seen[user.pk] = list(rows.prefetch_related("documents").order_by("-created_at"))
        return self._seen[user.pk]

    def place(self, name: str) -> tuple[Case, User] | None:
        """A case and a person for an act: where nothing is missing, else where the person may at least look."""
        row, second = ACTIONS[name], None
        for user in self.users:
            if not user.roles() & set(row.by):
                continue
            for case in self.cases(user):
                if case.step not in row.at or flow.barred(row, case, user) is not None:
                    continue
                if not flow.missing(row, case, self.at):
                    return case, user
                second = second or (case, user)
        return second

    def on(self, step: Step) -> tuple[Case, User]:
        """A case on a step, and a person whose turn it is; an officer or a party when it has ended."""
        owner = STEPS[step].owner
        able = [user for user in self.users if owner is None or owner in user.roles()]
        found = [(case, user) for user in able for case in self.cases(user) if case.step == step]
        mine = [(case, user) for case, user in found if owner is None or user.acts_as(owner, case)]
        if not found:
            raise LookupError(f"demon har inget ärende på {step}")
        return (mine or found)[0]


def shots() -> list[Shot]:
    """Every page, in the order they are drawn. Raises for a name that is neither drawn nor listed with a reason."""
    city = City()
    found = [
        *_open(city),
        *_of_people(city),
        *_of_cases(city),
        *_papers(city),
        *_acts(city),
        *_sheets(city),
        *_errors(city),
    ]
    left = set(names()) - {shot.url_name for shot in found} - set(NOT_PAGES)
    if left:
        raise LookupError(f"utan bild och utan skäl: {', '.join(sorted(left))}")
    doubled = {shot.name for shot in found if [other.name for other in found].count(shot.name) > 1}
    if doubled:
        raise LookupError(f"två bilder med samma namn: {', '.join(sorted(doubled))}")
    return found


def _shot(name: str, who: User | None, *, label: str = "", query: str = "", **args: object) -> Shot:
    return Shot(label or name, reverse(name, kwargs=args or None) + query, who.email if who else "", url_name=name)


def _open(city: City) -> Iterator[Shot]:
    for name in OPEN:
        yield _shot(name, None)
    *_others, user = (one for one in city.users if city.roles[one.email] == Role.APPLICANT)
    # the last, who logs in nowhere: that would void her link
    uid, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
    yield _shot("password_reset_confirm", None, uidb64=uid, token=token)
    yield _shot("password_reset_confirm", None, label="password_reset_confirm-old", uidb64=uid, token="gammal-lank")


def _of_people(city: City) -> Iterator[Shot]:
    for role in Role:
        person = city.one(role)
        yield _shot("start", person, label=f"start-{role}")
        yield _shot("cases", person, label=f"cases-{role}")
        yield _shot("help_role", person, label=f"help-{role}", role=str(role))
    for name, role in MINE.items():
        yield _shot(name, city.one(role))
    applicant = city.one(Role.APPLICANT)
    yield _shot("self_check", applicant, label="self_check-answer", query=CHECKED)
    yield _shot("questions", applicant, label="questions-idea", sheet="ideskiss")
    yield _shot("questions", applicant, label="questions-application", sheet="ansokan")
    officer = city.one(Role.OFFICER)
    yield _shot("search", officer, label="search-found", query="?q=barn")
    yield _shot("search", officer, label="search-nothing", query="?q=xyzzy")
    yield _shot("cases", officer, label="cases-filtered", query="?frist=passerad&sort=-belopp")
    yield _shot("cases", officer, label="cases-nothing", query="?q=xyzzy")
    yield _shot("cases", officer, label="cases-ended", query="?vy=avslutade&sort=rubrik")
    columns = "?kol=namnd,omgang,belopp,inkom,steget&belopp_fran=1000000"
    yield _shot("cases", officer, label="cases-columns", query=columns)
    yield _shot("cases", officer, label="cases-not-understood", query="?q=namd:farsta+belopp:mycket")
    yield _shot("search", officer, label="search-not-understood", query="?q=steg:beredd")
    yield from _of_work(city, officer)
    yield from _of_the_council(city)
    yield from of_the_fund(city.one(Role.CONTROLLER), city.one(Role.APPLICANT), _shot)


def _of_the_council(city: City) -> Iterator[Shot]:
    """A meeting that was held and one to come, the minutes, a seat and a round's criteria."""
    officer, member = city.one(Role.OFFICER), city.one(Role.COUNCIL)
    held, coming = Meeting.objects.order_by("held_on").first(), Meeting.objects.order_by("held_on").last()
    seat, rounds = CouncilMember.objects.first(), Round.objects.order_by("pk")
    if held is None or coming is None or seat is None:
        raise LookupError("demon har inget sammanträde")
    paper = held.minutes.latest("pk").document_id
    yield _shot("meeting", member, label="meeting-held", pk=held.pk)
    yield _shot("meeting", officer, label="meeting-coming", pk=coming.pk)
    yield _shot("meeting_paper", member, pk=held.pk, paper=paper)
    for name in ("change_meeting", "cancel_meeting", "minute_meeting"):
        yield _shot(name, officer, pk=coming.pk)
    yield _shot("council_unseat", officer, pk=seat.pk)
    yield _shot("criteria", officer, pk=rounds[0].pk)


def _of_work(city: City, officer: User) -> Iterator[Shot]:
    """Saved views, acts on many cases, and the rules for officers."""
    view = SavedView.objects.filter(owner=officer).first()
    made = Bulk.objects.filter(by=officer).first()
    rule = OfficerRule.objects.first()
    if view is None or made is None or rule is None:
        raise LookupError("demon har inga vyer, massåtgärder eller regler")
    yield _shot("saved_view", officer, pk=view.pk)
    yield _shot("many_one", officer, pk=made.pk)
    for kind in ("assign", "remind", "export"):
        yield _shot("many_new", officer, label=f"many-{kind}", query=f"?atgard={kind}&urval=alla&vy=mina")
    yield _shot("many_new", officer, label="many-none", query="?atgard=assign&urval=valda")
    yield _shot("change_officer_rule", city.one(Role.ADMINISTRATOR), pk=rule.pk)
    yield _shot("hand_over_cases", officer, label="hand_over_cases-from", query=f"?fran={officer.pk}")


def _of_cases(city: City) -> Iterator[Shot]:
    for step in Step:
        case, user = city.on(step)
        yield _shot("case", user, label=f"case-{step}", number=case.number)
    yield from _of_projects(city)
    auditor = city.one(Role.AUDITOR)
    rich = max(city.cases(auditor), key=lambda case: len(case.documents.all()))
    for name in OF_A_CASE:
        yield _shot(name, auditor, number=rich.number)
    case, user = city.on(Step.IDEA)
    for name in OF_A_CASE:
        yield _shot(name, user, label=f"{name}-new", number=case.number)
    yield from _of_lessons(city)
    noted = max(city.cases(city.one(Role.OFFICER)), key=lambda case: case.notes.count())
    yield _shot("case_notes", city.one(Role.OFFICER), number=noted.number)
    someone = city.one(Role.OFFICER)
    yield _shot("person", city.one(Role.ADMINISTRATOR), pk=someone.pk)
    yield _shot("person_substitutes", city.one(Role.ADMINISTRATOR), pk=someone.pk)
    taken_over = Namnd.objects.exclude(successor=None).order_by("-active_to", "pk")[0]
    yield _shot("board", city.one(Role.ADMINISTRATOR), pk=taken_over.pk)
    yield _shot("board", city.one(Role.ADMINISTRATOR), label="board-taking-over", pk=taken_over.successor_id)
    case, _user = city.on(Step.PREPARATION)
    yield _shot("remiss", city.one(Role.OFFICER), number=case.number)
    yield from _of_remiss(city)
    submitted = next(case for case in city.cases(city.one(Role.OFFICER)) if case.step == Step.IDEA_CHECK)
    full = next(case for case in city.cases(auditor) if case.title == "Skolnära team")
    yield _shot("calculation", auditor, number=full.number)
    yield _shot("plan_versions", auditor, number=full.number)
    yield _shot("receipt", city.one(Role.OFFICER), number=submitted.number)
    again = next(case for case in city.cases(auditor) if case.submissions.filter(sheet="application", no=2).exists())
    yield _shot("difference", city.one(Role.OFFICER), number=again.number, kind="application")
    begun, writer = city.on(Step.IDEA)
    yield _shot("endorsed", writer, number=begun.number, sheet="idea")


def _of_projects(city: City) -> Iterator[Shot]:
    """A project on one screen, one with a deviation, the portfolio filtered, and what an evaluation found."""
    case, chair = city.on(Step.IMPLEMENTATION)
    yield _shot("project", chair, number=case.number)
    director = city.one(Role.DIRECTOR)
    off = next(case for case in city.cases(director) if case.change_drafts.filter(closed=None).exists())
    yield _shot("project", director, label="project-deviates", number=off.number)
    yield _shot("portfolio", director, label="portfolio-red", query="?lage=rott&sort=-projekt")
    case, controller = city.on(Step.REPAYMENT_PLAN)
    yield _shot("evaluated", controller, number=case.number)


def _of_lessons(city: City) -> Iterator[Shot]:
    """A card, none found, cards like an idea, and the text for the budget."""
    applicant, officer = city.one(Role.APPLICANT), city.one(Role.OFFICER)
    begun, writer = city.on(Step.IDEA)
    asked = next(case for case in city.cases(officer) if case.step == Step.BUDGET_ADJUSTMENT)
    yield _shot("similar", writer, number=begun.number)
    yield _shot("budget_text", officer, number=asked.number)
    yield _shot("lesson", applicant, pk=Lesson.objects.latest("pk").pk)
    yield _shot("lessons", applicant, label="lessons-nothing", query="?q=xyzzy")


def _of_remiss(city: City) -> Iterator[Shot]:
    """What came of a remiss; what a board keeps; and the way in for a body outside the city."""
    link = RemissLink.objects.filter(used_at=None, barred_at=None, body__answer=None).latest("made_at")
    case, sent = link.body.remiss.case, link.body.remiss.documents.all()
    yield _shot("remiss_compiled", city.one(Role.OFFICER), number=case.number)
    answered = RemissBody.objects.filter(namnd__isnull=False, answer__isnull=False).exclude(namnd=case.owner)
    emails = {user.pk: user for user in city.users if city.roles[user.email] == Role.RESPONDENT}
    body, user = next(
        (body, user)
        for body in answered.select_related("remiss__case").order_by("-pk")
        for user in emails.values()
        if body.namnd_id in user.grants.namnder(Role.RESPONDENT)
    )
    yield _shot("remisser", user)
    yield _shot("remiss", user, label="remiss-answered", number=body.remiss.case.number)
    yield _shot("remiss_paper", user, number=body.remiss.case.number, pk=body.remiss.documents.all()[0].pk)
    way = reverse("remiss_outside", kwargs={"token": link.token})
    yield Shot("remiss_outside", way, url_name="remiss_outside")
    yield Shot("remiss_outside-closed", reverse("remiss_outside", kwargs={"token": "fel"}), url_name="remiss_outside")
    for name, args in (
        ("remiss_outside_answer", None),
        ("remiss_outside_more_time", None),
        ("remiss_outside_paper", {"pk": sent[0].pk}),
    ):
        yield Shot(name, reverse(name, kwargs=args), who="", press=way, url_name=name)
    yield Shot("remiss_outside-used", way, who="", url_name="remiss_outside")


def _papers(city: City) -> Iterator[Shot]:
    seen, auditor = set[str](), city.one(Role.AUDITOR)
    visible = {case.pk for case in city.cases(auditor)}
    for paper in Document.objects.select_related("case").defer("content").order_by("kind", "-id"):
        if paper.kind not in seen and paper.case and paper.case_id in visible:
            seen.add(paper.kind)
            yield _shot("document", auditor, label=f"document-{paper.kind}", number=paper.case.number, pk=paper.pk)


def _acts(city: City) -> Iterator[Shot]:
    for name in ACTIONS:
        if name == "create_idea":
            continue
        if place := city.place(name):
            case, user = place
            yield _shot(name, user, label=f"act-{name}", number=case.number)
        else:
            raise LookupError(f"demon har inget ärende där {name} kan göras")


def _sheets(city: City) -> Iterator[Shot]:
    for sheet in SHEETS.values():
        pairs = [(case, user) for user in city.users for case in city.cases(user) if sheet.may_write(case, user)]
        case, user = max(pairs, key=lambda pair: len(sheet.filled(pair[0]).drafts))
        yield _shot(sheet.name, user, label=f"sheet-{sheet.name}", number=case.number)
        yield _shot(f"{sheet.name}_review", user, label=f"sheet-{sheet.name}-review", number=case.number)
        yield _shot("attachments", user, label=f"attachments-{sheet.name}", number=case.number, sheet=sheet.name)
        for part in sheet.parts:
            at = {"number": case.number, "slug": part.slug}
            yield _shot(f"{sheet.name}_part", user, label=f"sheet-{sheet.name}-{part.slug}", **at)
        first = {"number": case.number, "slug": sheet.parts[0].slug}
        yield _shot(f"{sheet.name}_earlier", user, label=f"sheet-{sheet.name}-earlier", **first)
        open_to = [
            (case, user, part) for case, user in pairs for part in sheet.parts if not sheet.closed(case, user, part)
        ]
        begun, writer, lacking = max(open_to, key=lambda one: sheet.filled(one[0]).states()[one[2].slug] != "done")
        at = {"number": begun.number, "slug": lacking.slug}
        yield _shot(f"{sheet.name}_part", writer, label=f"sheet-{sheet.name}-errors", query="?fel", **at)


def _errors(city: City) -> Iterator[Shot]:
    case, _user = city.on(Step.DECISION)
    auditor = city.one(Role.AUDITOR)
    refused = reverse("sign_decision", kwargs={"number": case.number})
    yield Shot("error-403", refused, auditor.email)
    yield Shot("error-404", "/arenden/SIF-1999-001/", auditor.email)
    yield Shot("error-404-stranger", "/finns-inte/")
    asked = RequestFactory().get("/", headers={"host": "localhost"})
    for name, answer in (
        ("error-400", words.bad_request(asked)),
        ("error-403-old-form", words.csrf_failure(asked)),
        ("error-500", words.server_error(asked)),
    ):
        yield Shot(name, f"/{name}/", html=answer.content.decode())
