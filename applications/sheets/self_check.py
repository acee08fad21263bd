"""The idea self-check: a minute's questions before any form, in the council's own words, answered in plain text.

What the guidelines say is quoted from the boards' referral answers of 2016, which retell them step by step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from applications.sheets.idea import IDEA, OBSTACLES
from fundportal import criteria
from fundportal.criteria import Criterion
from fundportal.forms import PlainForm
from fundportal.models import Case, User

ANSWERS = (("ja", gettext_lazy("Ja")), ("nej", gettext_lazy("Nej")), ("vet_inte", gettext_lazy("Vet inte")))
SALT = "applications.self_check"
A_DAY = 24 * 60 * 60
YES, NO, UNSURE = "ja", "nej", "vet_inte"


@dataclass(frozen=True)
class Question:
    """One question: the criterion it asks for, what the guidelines say, and what to do when the answer is no."""

    name: str
    code: str
    text: StrOrPromise
    rule: StrOrPromise
    instead: StrOrPromise
    decides: bool = False
    """Whether a no means that the fund is not the right way, though the criterion is no gate."""
    choices: tuple[tuple[str, StrOrPromise], ...] = ANSWERS
    no: tuple[str, ...] = (NO,)


QUESTIONS = (
    Question(
        "forebygger",
        "K1",
        gettext_lazy("Förebygger idén utanförskap eller social utsatthet?"),
        gettext_lazy(
            "Fondens syfte är att motverka utanförskap och social utsatthet, och att flytta pengar från "
            "dyra och sena insatser till förebyggande arbete."
        ),
        gettext_lazy(
            "Fonden kan då inte användas. Tala med er ekonomienhet om verksamhetsplanen eller om "
            "statsbidrag för det ni "
            "vill göra."
        ),
        decides=True,
    ),
    Question(
        "kompletterar",
        "K4",
        gettext_lazy("Kompletterar idén det ni redan gör, utan att ersätta det?"),
        gettext_lazy(
            "Idén ska visa hur den kompletterar och stödjer ordinarie verksamhet. Fonden ersätter den aldrig."
        ),
        gettext_lazy(
            "Det som hör till ert uppdrag betalas ur nämndens budget. Dela upp idén: vad är "
            "ordinarie arbete, och vad är "
            "nytt vid sidan av det? Sök för det nya."
        ),
    ),
    Question(
        "ny",
        "K7",
        gettext_lazy("Är arbetssättet nytt hos er, alltså inte något som redan pågår?"),
        gettext_lazy("Medlen används till att utveckla, införa, följa upp och utvärdera en insats, inte till drift."),
        gettext_lazy(
            "Fonden betalar inte pågående verksamhet. Om ni vill utveckla eller sprida det ni gör: "
            "beskriv det som är nytt."
        ),
    ),
    Question(
        "budget",
        "K5",
        gettext_lazy("Finns det något som hindrar att idén ryms i er ordinarie budget?"),
        gettext_lazy(
            "Fonden är till för satsningar som inte ryms i nämndens ordinarie budget, är långsiktiga "
            "och hindras av att "
            "budgeten gäller ett år i taget."
        ),
        gettext_lazy("Ryms den i budgeten är det enklare att göra den där. Ta upp den i nästa verksamhetsplan."),
    ),
    Question(
        "kunskap",
        "K6",
        gettext_lazy("Vad vet ni om att metoden fungerar?"),
        gettext_lazy(
            "Kunskapsbaserade metoder krävs. Det gäller både nya metoder och sådana som redan har "
            "visat att de fungerar."
        ),
        gettext_lazy(
            "Sök stöd hos en FoU-enhet eller hos en kommun som har prövat metoden. För en ny metod "
            "beskriver ni sambandet "
            "mellan insats och effekt."
        ),
        choices=(
            ("evidens", gettext_lazy("Det finns forskning")),
            ("beprovad", gettext_lazy("Den är beprövad, hos oss eller andra")),
            ("ny", gettext_lazy("Den är ny, men vi kan förklara varför den bör fungera")),
            (NO, gettext_lazy("Vi vet inte varför den skulle fungera")),
            (UNSURE, gettext_lazy("Vet inte")),
        ),
    ),
    Question(
        "matbar",
        "K9",
        gettext_lazy("Går det att mäta om det blir bättre, jämfört med hur det är i dag?"),
        gettext_lazy("När investeringen är slut ska den utvärderas. Effekten följs upp både socialt och ekonomiskt."),
        gettext_lazy(
            "Bestäm först en enda sak som ska bli bättre och var den syns i era uppgifter i dag. "
            "En kontakt med en FoU-enhet brukar räcka för att komma vidare."
        ),
    ),
    Question(
        "besparing",
        "K10",
        gettext_lazy("Väntas kommunens utgifter minska hos någon nämnd?"),
        gettext_lazy(
            "Det som återförs till fonden är den utgiftsminskning som insatsen ger. Satsningar utan "
            "ekonomisk effekt kan "
            "undantas, men först i efterhand."
        ),
        gettext_lazy(
            "En idé som bara ger bättre kvalitet, eller nytta hos regionen eller staten, kan bifallas endast med "
            "särskilda skäl. Skriv i så fall ut nyttan tydligt, eller sök statsbidrag."
        ),
    ),
    Question(
        "omfattning",
        "K11",
        gettext_lazy("Hur stor del av staden gäller idén?"),
        gettext_lazy(
            "Stadens fördelning av resurser gör att budgeten för en enda stadsdelsnämnd inte kan justeras efteråt."
        ),
        gettext_lazy(
            "En enda stadsdelsnämnd får söka, men budgeten kan inte justeras efteråt. Fråga en nämnd "
            "till om ni ska göra "
            "det tillsammans, eller beskriv hur arbetssättet kan spridas."
        ),
        choices=(*((value, label) for value, label in Case.Scope.choices), (UNSURE, gettext_lazy("Vet inte"))),
        no=(str(Case.Scope.SINGLE),),
    ),
)
HINDERS = "hinder"


class SelfCheck(PlainForm):
    """The questions. Nothing is stored: the answers stand in the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One choice a question, and what hinders it in the budget."""
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.name] = forms.ChoiceField(
                label=question.text,
                choices=question.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Svara på frågan ”%(text)s”.") % {"text": question.text}},
            )
            if question.name == "budget":
                self.fields[HINDERS] = forms.MultipleChoiceField(
                    label=_("Vad är det som hindrar?"),
                    choices=OBSTACLES,
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )


@dataclass(frozen=True)
class Verdict:
    """The answer to one question: `level` is ok, unsure or stop."""

    question: Question
    criterion: Criterion
    answer: str
    level: str


@dataclass(frozen=True)
class Judgement:
    """What the answers come to together."""

    level: str
    verdicts: list[Verdict]

    def among(self, level: str) -> list[Verdict]:
        """The questions that were answered so."""
        return [verdict for verdict in self.verdicts if verdict.level == level]


def judge(answers: Mapping[str, str], among: Iterable[Criterion] = criteria.CRITERIA) -> Judgement:
    """Judge by the council's criteria as they read in the round. A no to a gate means: probably not this fund."""
    known = {criterion.code: criterion for criterion in among}
    verdicts = [_verdict(question, known[question.code], answers[question.name]) for question in QUESTIONS]
    levels = {verdict.level for verdict in verdicts}
    return Judgement("stop" if "stop" in levels else "unsure" if "unsure" in levels else "ok", verdicts)


def _verdict(question: Question, criterion: Criterion, answer: str) -> Verdict:
    if answer in question.no:
        level = "stop" if criterion.gate or question.decides else "unsure"
    else:
        level = "unsure" if answer == UNSURE else "ok"
    return Verdict(question, criterion, str(dict(question.choices)[answer]), level)


def sign(answers: Mapping[str, Any]) -> str:
    """The answers for an address, so that nobody else can have written them."""
    return signing.dumps(dict(answers), salt=SALT, compress=True)


def unsign(token: str) -> dict[str, Any]:
    """The answers of an address of the last day; none when it is not ours or too old."""
    try:
        answers = signing.loads(token, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return {}
    return answers if isinstance(answers, dict) else {}


def scope_of(answers: Mapping[str, Any]) -> str:
    """The scope that was answered, if any."""
    scope = str(answers.get("omfattning", ""))
    return scope if scope in Case.Scope.values else ""


def begun(answers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the idea begins with, by part: only what was said."""
    parts: dict[str, dict[str, Any]] = {}
    if answers.get("kunskap") in ("evidens", "beprovad", "ny"):
        parts["insats"] = {"knowledge": answers["kunskap"]}
    if answers.get(HINDERS):
        parts["sammanhang"] = {"obstacles": list(answers[HINDERS])}
    if answers.get("besparing") == NO:
        parts["kostnad"] = {"no_saving": True}
    return parts


def carry(case: Case, answers: Mapping[str, Any], user: User, at: Any) -> None:
    """Let a new idea begin with the answers. What already stands there is left as it is."""
    filled = IDEA.filled(case)
    for slug, said in begun(answers).items():
        typed = filled.typed(slug)
        if not typed.keys() & {*said, "savings"}:
            IDEA.save(case, slug, typed | said, user, at)
