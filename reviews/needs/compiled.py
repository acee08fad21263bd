"""What the answers to a case's remisser come to, side by side, and a draft of how the tjänsteutlåtande tells it.

Every sentence of the draft has its source: an answer's own paper, or the remiss's. The wordings are those of the city's
own papers (överlämnar tjänsteutlåtandet som svar, hänvisar till, besvaras med), by the form of the answer.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundportal import formatting
from fundportal.hooks import Suggestion
from fundportal.models import Case, Document
from reviews.models import (
    AnswerForm,
    AnswerStandpoint,
    Remiss,
    RemissAnswer,
    RemissBody,
    RemissQuestion,
    awaited,
    remisser_of,
    silent,
)

LONGEST = 280
"""Letters of an answer that are quoted; the rest is read in the answer."""
STANDS: dict[str, str] = {
    AnswerStandpoint.ENDORSES: "tillstyrker ansökan",
    AnswerStandpoint.COMMENTS: "tillstyrker ansökan med synpunkter",
    AnswerStandpoint.DOUBTS: "är tveksam till ansökan",
    AnswerStandpoint.OPPOSES: "avstyrker ansökan",
    AnswerStandpoint.NONE: "tar inte ställning till ansökan",
}


@dataclass(frozen=True)
class Sentence:
    """A sentence of the draft, and the paper that bears it out."""

    text: str
    source: Document | None
    note: int


@dataclass(frozen=True)
class Row:
    """What was asked, and what each body says to it, in the bodies' order."""

    title: str
    cells: list[str]


@dataclass
class Compiled:
    """One remiss with its answers side by side."""

    remiss: Remiss
    bodies: list[RemissBody]
    answered: list[RemissAnswer]
    rows: list[Row]

    @property
    def silent(self) -> list[str]:
        """Who has not answered though the time has run out, by name."""
        return silent(self.bodies)

    @property
    def awaited(self) -> list[RemissBody]:
        """Who still has time to answer."""
        return awaited(self.bodies)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many took each standpoint, in the standpoints' order; none is left out."""
        taken = Counter(answer.standpoint for answer in self.answered)
        return [(str(label), taken[value]) for value, label in AnswerStandpoint.choices]


@dataclass
class Compilation:
    """All of a case's remisser that stand, and the draft paragraph."""

    remisser: list[Compiled] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    sources: list[tuple[int, Document, str]] = field(default_factory=list)

    @property
    def bodies(self) -> list[RemissBody]:
        """Everyone who was asked."""
        return [body for one in self.remisser for body in one.bodies]

    @property
    def answered(self) -> list[RemissAnswer]:
        """Every answer."""
        return [answer for one in self.remisser for answer in one.answered]

    @property
    def newest(self) -> str:
        """What the paragraph was made from: the answers that are in, and who is silent."""
        last = max((answer.event.no for answer in self.answered), default=0)
        return f"{last}.{len(self.answered)}.{sum(len(one.silent) for one in self.remisser)}"

    @property
    def text(self) -> str:
        """The paragraph as text, each sentence with its note, and the notes after it."""
        said = " ".join(f"{sentence.text} [{sentence.note}]" for sentence in self.sentences)
        notes = "\n".join(f"[{no}] {title}" for no, _paper, title in self.sources)
        return f"{said}\n\n{_('Källor:')}\n{notes}" if said else ""


def compiled(case: Case) -> Compilation:
    """What the answers come to now. A constant number of questions."""
    found = Compilation([_side_by_side(remiss) for remiss in remisser_of(case) if not remiss.withdrawal_id])
    for one in found.remisser:
        _tell(found, one)
    return found


def _side_by_side(remiss: Remiss) -> Compiled:
    bodies = list(remiss.bodies.all())
    answered = [body.given for body in bodies if body.given]
    rows = [Row(str(question), [_said(answer, question) for answer in answered]) for question in remiss.questions.all()]
    other = [answer.comments for answer in answered]
    if any(other):
        rows.append(Row(_("Övriga synpunkter") if rows else _("Synpunkter"), other))
    if any(answer.reservation or answer.reservation_files.all() for answer in answered):
        rows.append(Row(_("Reservation eller särskilt uttalande"), [_reserved(answer) for answer in answered]))
    return Compiled(remiss, bodies, answered, rows)


def _said(answer: RemissAnswer, question: RemissQuestion) -> str:
    return next((said.text for said in answer.by_question.all() if said.question_id == question.pk), "")


def _reserved(answer: RemissAnswer) -> str:
    files = [file.name for file in answer.reservation_files.all()]
    return "\n".join(filter(None, [answer.reservation, _("Bifogat: %s") % formatting.in_words(files) if files else ""]))


def _tell(found: Compilation, one: Compiled) -> None:
    """Add the sentences of one remiss, each with its source."""
    letter = next((paper for paper in one.remiss.event.documents.all() if paper.kind == "remiss"), None)
    note = _note(found, letter, _("Remiss sänd %s") % formatting.day(one.remiss.sent_on))
    days = sorted({body.last_day for body in one.bodies})
    names = formatting.in_words([str(body) for body in one.bodies])
    text = _("Ansökan har remitterats till %(names)s med svar senast den %(day)s.")
    said = [text % {"names": names, "day": formatting.day(days[0])}]
    if one.answered:
        counts = [f"{count} {label.lower()}" for label, count in one.counts if count]
        many = ngettext(
            "%(given)d av %(asked)d remissinstanser har svarat: %(counts)s.",
            "%(given)d av %(asked)d remissinstanser har svarat: %(counts)s.",
            len(one.answered),
        )
        facts = {"given": len(one.answered), "asked": len(one.bodies), "counts": formatting.in_words(counts)}
        said.append(many % facts)
    found.sentences += [Sentence(each, letter, note) for each in said]
    for answer in one.answered:
        paper = next((paper for paper in answer.event.documents.all() if paper.kind == "remiss_answer"), None)
        no = _note(found, paper, source_title(answer))
        found.sentences += [Sentence(each, paper, no) for each in sentences_of(answer)]
    if one.silent:
        missing = _("%s har inte inkommit med svar.") % formatting.in_words(one.silent)
        found.sentences.append(Sentence(missing, letter, note))


def _note(found: Compilation, paper: Document | None, title: str) -> int:
    no = len(found.sources) + 1
    if paper is not None:
        found.sources.append((no, paper, title))
    return no


def source_title(answer: RemissAnswer) -> str:
    """What the note says of an answer."""
    words = [_("Remissvar från %s") % answer.body, _("inkommet %s") % formatting.day(answer.received_on)]
    return ", ".join([*words, answer.paragraph] if answer.paragraph else words)


def sentences_of(answer: RemissAnswer) -> list[str]:
    """How an answer is told: who answers and how, what it says, and what there is to note of it."""
    said = [_main(answer)]
    quoted = quote(answer.comments or next((one.text for one in answer.by_question.all()), ""))
    if quoted:
        said.append(_("I svaret anförs: ”%s”") % quoted)
    if answer.reservation or answer.reservation_files.all():
        said.append(_("Till svaret har fogats en reservation eller ett särskilt uttalande."))
    if answer.late:
        said.append(_("Svaret kom in den %s, efter svarstidens slut.") % formatting.day(answer.received_on))
    return said


def _main(answer: RemissAnswer) -> str:
    facts = {
        "who": answer.body,
        "stands": STANDS[answer.standpoint],
        "day": formatting.day(answer.meeting_on) if answer.meeting_on else "",
        "paragraph": answer.paragraph,
    }
    own = answer.body.namnd_id is not None
    match answer.form:
        case AnswerForm.ABSTAINS:
            return _("%(who)s avstår från att yttra sig.") % facts
        case AnswerForm.BOARD if own:
            return (
                _(
                    "%(who)s överlämnar genom beslut den %(day)s, %(paragraph)s, förvaltningens tjänsteutlåtande som "
                    "svar på remissen och %(stands)s."
                )
                % facts
            )
        case AnswerForm.BOARD:
            return _("%(who)s besvarar remissen genom beslut den %(day)s, %(paragraph)s, och %(stands)s.") % facts
        case AnswerForm.DELEGATED:
            return _("%(who)s besvarar remissen med ett yttrande på delegation och %(stands)s.") % facts
        case _ if own:
            return _("%(who)s hänvisar till kontorets yttrande som svar på remissen och %(stands)s.") % facts
    return _("%(who)s besvarar remissen med ett yttrande och %(stands)s.") % facts


def quote(text: str) -> str:
    """The first whole sentences that have room, or the beginning of a longer one."""
    flat = " ".join(text.split()).replace("”", "’")
    if len(flat) <= LONGEST:
        return flat
    ends = [found.end() for found in re.finditer(r"[.!?](?=\s)", flat) if found.end() <= LONGEST]
    return flat[: ends[-1]] if ends else flat[:LONGEST].rsplit(" ", 1)[0] + " …"


def paragraph(case: Case) -> Suggestion | None:
    """The draft, for the remiss section of the tjänsteutlåtande."""
    found = compiled(case)
    if not found.sentences:
        return None
    told = _("%(given)d av %(asked)d remissvar") % {"given": len(found.answered), "asked": len(found.bodies)}
    return Suggestion(found.text, found.newest, told, reverse("remiss_compiled", kwargs={"number": case.number}))
