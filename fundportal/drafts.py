"""Sheets: multi-part drafts (an idea, an evaluation) that save anything and are checked when handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from fundportal import flow, formatting, keeping
from fundportal.errors import Refused
from fundportal.forms import PlainForm
from fundportal.keeping import Clashed, Writing
from fundportal.models import Case, Draft, Jav, Upload, User
from fundportal.process import Role, Step
from fundportal.shown import Line, lines, sections


class PartForm(PlainForm):
    """One part of a sheet. It knows its case, for choices."""

    slug: ClassVar[str]
    title: ClassVar[StrOrPromise]
    intro: ClassVar[StrOrPromise] = ""
    more: ClassVar[str] = ""
    """Template of what stands after the computed lines: a link to a page of its own."""
    do_not_call_in_templates: ClassVar[bool] = True
    """Templates are given the class too, for its name and title."""
    beside: Filled | None = None
    """The whole sheet, when the part is read together with the others."""
    board: ClassVar[int | None] = None
    """The nämnd whose own part this is; none when it belongs to all who write the sheet."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        """`case` is for choices and comparisons."""
        self.case = case
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Set choices from the case."""

    def shown(self) -> list[Line]:
        """What was answered, as people read it."""
        return lines(self)

    def computed(self) -> list[Line]:
        """What follows from the answers by arithmetic; shown beside them, never typed."""
        return []


@dataclass(frozen=True)
class Gap:
    """Something that is missing or wrong, and where to mend it."""

    part: str
    part_title: StrOrPromise
    text: str
    anchor: str


@dataclass(frozen=True)
class Progress:
    """How far a sheet has come, part by part."""

    writes: bool
    parts: list[dict[str, Any]]

    @property
    def done(self) -> int:
        """How many parts are whole."""
        return sum(part["state"] == "done" for part in self.parts)


@dataclass(frozen=True)
class Sheet:
    """A kind of draft: its parts, on which step it is written and by which role, and the act that hands it in."""

    name: str
    title: StrOrPromise
    step: Step
    role: Role
    parts: tuple[type[PartForm], ...]
    submit: str
    """Name of the act that hands it in."""
    also_reads: tuple[Role, ...] = ()
    """Roles that may read the draft beside those who write it."""
    more: Callable[[Case], tuple[type[PartForm], ...]] | None = None
    """Parts that this case alone has, after the others: each partner's own."""
    closes: Callable[[Filled, User, type[PartForm]], str | None] | None = None
    """Says in words why a part is closed to a person who may write the sheet, or nothing."""
    saved: Callable[[Filled, User, datetime], None] | None = None
    """Called when a part has been changed, in the same transaction."""

    warns: Callable[[Case, str], str] | None = None
    """What to say of a text as it is written, in words, without stopping anything; "" says nothing."""

    def warning(self, case: Case, texts: Iterable[str]) -> str:
        """What to say of the texts of a field."""
        said = [self.warns(case, text) for text in texts] if self.warns else []
        return " ".join(dict.fromkeys(text for text in said if text))

    def parts_of(self, case: Case) -> tuple[type[PartForm], ...]:
        """The parts of the sheet in one case."""
        return (*self.parts, *self.more(case)) if self.more else self.parts

    def part(self, slug: str, case: Case | None = None) -> type[PartForm] | None:
        """The part by its name in the URL."""
        parts = self.parts if case is None else self.parts_of(case)
        return next((part for part in parts if part.slug == slug), None)

    def closed(self, case: Case, user: User, part: type[PartForm]) -> str | None:
        """Why a part is closed to a person who may write the sheet, in words; nothing when she may write in it."""
        return self.closes(self.filled(case), user, part) if self.closes else None

    def may_write(self, case: Case, user: User) -> bool:
        """Whether the draft is open for this person: the case stands where it is written, in her hands."""
        return (
            case.step == self.step
            and user.acts_as(self.role, case)
            and not Jav.objects.standing().filter(case=case, user=user).exists()
        )

    def may_read(self, case: Case, user: User) -> bool:
        """Whether this person may read what is not handed in."""
        return any(user.acts_as(role, case) for role in (self.role, *self.also_reads))

    def filled(self, case: Case) -> Filled:
        """The sheet as filled in now; remembered with the case object until something is saved or done with it."""
        remembered: dict[str, Filled] = case.__dict__.setdefault("_filled", {})
        if self.name not in remembered:
            remembered[self.name] = Filled(self, case)
        return remembered[self.name]

    def progress(self, case: Case, user: User) -> Progress | None:
        """What is done and what is left, with links for those who write; None for those who may not read."""
        if not self.may_read(case, user):
            return None
        filled, writes = self.filled(case), self.may_write(case, user)
        states, parts = filled.states(), []
        for part in self.parts_of(case):
            draft = filled.drafts.get(part.slug)
            opens = writes and not self.closed(case, user, part)
            url = reverse(f"{self.name}_part", kwargs={"number": case.number, "slug": part.slug}) if opens else ""
            who = _("Sparad %s") % formatting.day_short(draft.saved_at) if draft else ""
            parts.append({"label": part.title, "url": url, "who": who, "state": states[part.slug]})
        return Progress(writes, parts)

    def save(self, case: Case, slug: str, typed: dict[str, Any], user: User, at: datetime) -> Draft:
        """Keep fields of one part as typed, valid or not, over what they held; other fields stand."""
        return self.write(case, slug, Writing(typed, user, at))

    def write(self, case: Case, slug: str, writing: Writing) -> Draft:
        """Keep fields of one part, valid or not. Raises `Clashed` for those that others have changed; the rest stay."""
        user, at = writing.user, writing.at
        case.__dict__.pop("_filled", None)
        with transaction.atomic():
            locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            if locked.step != self.step:
                raise Refused(_("Utkastet lämnades in medan du skrev. Ditt är kvar nedan men är inte sparat."))
            if (part := self.part(slug, case)) and (reason := self.closed(case, user, part)):
                raise Refused(reason)
            draft, clashes = keeping.keep(case, self.name, slug, writing)
            draft.written_by.add(*self._writers(case, user))
            case.__dict__.pop("_filled", None)
            if self.saved:
                self.saved(self.filled(case), user, at)
        if clashes:
            raise Clashed(draft, clashes)
        return draft

    def save_all(self, case: Case, answers: dict[str, dict[str, Any]], user: User, at: datetime) -> None:
        """Keep many parts at once, over what they held: for what is written by a program."""
        case.__dict__.pop("_filled", None)
        with transaction.atomic():
            Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            signed = Writing({}, user, at).sign()
            kept = {draft.part: draft for draft in Draft.objects.filter(case=case, sheet=self.name)}
            saved = Draft.objects.bulk_create(
                (
                    Draft(
                        case=case,
                        sheet=self.name,
                        part=slug,
                        answers=(kept[slug].answers if slug in kept else {}) | typed,
                        marks=(kept[slug].marks if slug in kept else {}) | dict.fromkeys(typed, signed),
                        version=kept[slug].version + 1 if slug in kept else 1,
                        saved_at=at,
                        saved_by=user,
                    )
                    for slug, typed in answers.items()
                ),
                update_conflicts=True,
                unique_fields=["case", "sheet", "part"],
                update_fields=["answers", "marks", "version", "saved_at", "saved_by"],
            )
            writers, people = Draft.written_by.through, self._writers(case, user)
            writers.objects.bulk_create(
                (writers(draft_id=draft.pk, user_id=pk) for draft in saved for pk in people), ignore_conflicts=True
            )

    def _writers(self, case: Case, user: User) -> set[int]:
        """Ids of who writes, and of her for whom she does it as a substitute: four eyes bind them both."""
        who = next((each for each in user.capacities if each.acts_as(self.role, case)), user)
        return {user.pk, who.pk}


class Filled:
    """A sheet with a case's answers."""

    def __init__(self, sheet: Sheet, case: Case) -> None:
        """Read all parts in one question."""
        self.sheet, self.case = sheet, case
        drafts = Draft.objects.filter(case=case, sheet=sheet.name).select_related("saved_by")
        self.drafts = {draft.part: draft for draft in drafts}

    def typed(self, slug: str) -> dict[str, Any]:
        """What has been typed in a part."""
        draft = self.drafts.get(slug)
        return dict(draft.answers) if draft else {}

    @cached_property
    def forms(self) -> Sequence[PartForm]:
        """Every part, bound to what was typed."""
        bound = [part(data=self.typed(part.slug), case=self.case) for part in self.sheet.parts_of(self.case)]
        for form in bound:
            form.beside = self
        return bound

    def gaps(self) -> list[Gap]:
        """Everything that keeps the sheet from being handed in."""
        return [Gap(form.slug, form.title, text, anchor) for form in self.forms for text, anchor in form.summary()]

    def states(self) -> dict[str, str]:
        """How far each part has come: todo (nothing saved), doing (something left) or done."""
        left = {gap.part for gap in self.gaps()}
        return {
            part.slug: "todo" if part.slug not in self.drafts else "doing" if part.slug in left else "done"
            for part in self.sheet.parts_of(self.case)
        }

    def content(self) -> dict[str, Any]:
        """The cleaned answers by part, as JSON-able values: what is frozen when the sheet is handed in."""
        return {form.slug: flow.plain(form.cleaned_data) for form in self.forms if form.is_valid()}

    def sections(self) -> list[dict[str, Any]]:
        """Everything that was written as sections of a paper, part by part, with what is computed from it."""
        return [
            section for form in self.forms for section in sections(str(form.title), [*form.shown(), *form.computed()])
        ]

    def cleaned(self, slug: str) -> dict[str, Any]:
        """The cleaned answers of one part, typed (Decimal, date, int). Empty when the part is not valid."""
        form = next(form for form in self.forms if form.slug == slug)
        return dict(form.cleaned_data) if form.is_valid() else {}

    @property
    def digest(self) -> str:
        """The hash of exactly what is written and attached now, but for parts that are another board's own.

        An endorsement is bound to it and lapses with it.
        """
        own = {part.slug for part in self.sheet.parts_of(self.case) if part.board is None}
        written: dict[str, Any] = {slug: draft.answers for slug, draft in self.drafts.items() if slug in own}
        attached = Upload.objects.filter(case=self.case, place=self.sheet.name, event=None).order_by("pk")
        if files := list(attached.values_list("name", "sha256")):
            written["_files"] = files
        return hashlib.sha256(flow.canonical(written).encode()).hexdigest()

    def digest_of(self, slug: str) -> str:
        """The hash of exactly what is written in one part."""
        return hashlib.sha256(flow.canonical(self.typed(slug)).encode()).hexdigest()

    def writers(self) -> set[int]:
        """Ids of everyone who has written in it."""
        written = Draft.written_by.through.objects.filter(draft__in=[draft.pk for draft in self.drafts.values()])
        return set(written.values_list("user_id", flat=True))
