"""What is typed in the search box: free words, and prefixes such as nämnd:, steg: and frist:<2027-02-01."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.models import Dnr, Namnd, Party, Round, User
from fundportal.process import OPEN, STEPS, Role, Stage, Step

PREFIX = re.compile(r'(?<!\S)([^\W\d_]+):("[^"]*"|[^\s"]+)')
COMPARED = re.compile(r"(<=|>=|<|>)?(.+)")
NONE = Q(pk__in=[])
THOUSANDS = {"tkr": 1_000, "mnkr": 1_000_000, "kr": 1, "": 1}

HELP: tuple[tuple[str, StrOrPromise], ...] = (
    ("nämnd:farsta", gettext_lazy("projektägarens namn eller förkortning")),
    ("steg:remiss", gettext_lazy("steg eller skede, till exempel beredning eller råd; också skedets nummer, steg:4")),
    ("handläggare:mig", gettext_lazy("mig (också den du är ersättare för), ingen eller ett namn")),
    ("frist:<2027-02-01", gettext_lazy("före, efter (>) eller på en dag; också försenad, idag, vecka och ingen")),
    ("belopp:>500000", gettext_lazy("sökt belopp i kronor; också 500tkr och 1,5mnkr")),
    ("omgång:2027", gettext_lazy("ord i omgångens namn")),
    ("dnr:KS", gettext_lazy('diarienumrets början; med mellanslag inom citattecken: dnr:"KS 2027/1"')),
)
"""Every prefix with an example, and what may stand after it."""


@dataclass
class Typed:
    """What a typed text asks for, and what in it could not be understood."""

    words: str = ""
    condition: Q = field(default_factory=Q)
    faults: list[str] = field(default_factory=list)

    @property
    def query(self) -> SearchQuery | None:
        """The free words as a search in the index."""
        return words(self.words)


class NotUnderstood(Exception):  # noqa: N818 -- it is no error, but an answer to the reader
    """A value that says nothing, with what to write instead."""


def read(text: str, user: User, today: date) -> Typed:
    """Understand a typed text, once for each reader and text however many ask."""
    remembered: dict[tuple[str, date], Typed] = user.__dict__.setdefault("_typed", {})
    if (text, today) not in remembered:
        remembered[text, today] = _read(text, user, today)
    return remembered[text, today]


def _read(text: str, user: User, today: date) -> Typed:
    found = Typed(words=" ".join(PREFIX.sub(" ", text).split()))
    for name, quoted in PREFIX.findall(text):
        try:
            found.condition &= _of(name.casefold(), quoted.strip('"').strip(), user, today)
        except NotUnderstood as fault:
            found.faults.append(str(fault))
    if found.words:
        found.condition &= matches(found.words, user)
    if found.faults:
        found.condition = NONE
    return found


def _of(name: str, value: str, user: User, today: date) -> Q:
    if name not in PREFIXES:
        known = [example.split(":")[0] for example, _text in HELP]
        near = get_close_matches(name, PREFIXES, 1, 0.5)
        told = _("Menade du ”%(near)s:”?") % {"near": near[0]} if near else ""
        raise NotUnderstood(
            _("”%(name)s:” är inget som går att söka på. %(near)s Du kan skriva %(known)s.")
            % {"name": name, "near": told, "known": ", ".join(f"{word}:" for word in known)}
        )
    if not value:
        raise NotUnderstood(_("Skriv något efter ”%(name)s:”.") % {"name": name})
    return PREFIXES[name](value, user, today)


def words(text: str) -> SearchQuery | None:
    """The text as a search in the index: every word must begin something that the case says."""
    typed = re.findall(r"\w+", text.replace("_", " "))[:12]
    if not typed:
        return None
    # The word itself stands beside what it begins: its frequency is known to the database, a beginning's is not, and
    # so a word that most cases have is looked for among the newest cases and not in the whole index.
    return SearchQuery(" & ".join(f"('{word}' | '{word}':*)" for word in typed), search_type="raw", config="swedish")


def matches(text: str, user: User) -> Q:
    """Cases that free words mean: in title, numbers, nämnd, what was handed in and papers; drafts for their writers."""
    query = words(text)
    if query is None:
        return NONE
    found = Q(text__words=query)
    if writes := user.grants.namnder(Role.APPLICANT, Role.MANAGER):
        # Asked of each case that a draft has been found in: the database would otherwise list every case of the boards.
        parts = (Party.Part.OWNER, Party.Part.PARTNER)
        here = Party.objects.filter(case=OuterRef("pk"), namnd__in=writes, part__in=parts)
        found |= Q(text__draft_words=query) & Q(Exists(here))
    return found


def of_step(asked: str) -> Q:
    """A step by its name, or all steps of a stage by its number."""
    if asked.isdigit():
        return Q(step__in=[step for step, stand in STEPS.items() if stand.stage == int(asked)])
    return Q(step=asked)


def _step(value: str, user: User, today: date) -> Q:
    asked = value.casefold()
    if asked in Step.values or asked in map(str, Stage.values):
        return of_step(asked)
    steps = [step for step in Step if asked in str(step.label).casefold()]
    stages = [stage for stage in Stage if asked in str(stage.label).casefold()]
    steps += [step for step, stand in STEPS.items() if stand.stage in stages]
    if asked in ALSO:
        steps += ALSO[asked]
    if not steps:
        raise _unknown("steg", value, [str(step.label) for step in (*Step, *Stage)])
    return Q(step__in=steps)


ALSO: dict[str, list[Step]] = {
    "remiss": [Step.PREPARATION],
    "beredning": [Step.PREPARATION],
    "ks": [Step.BOARD],
    "öppen": list(OPEN),
    "öppna": list(OPEN),
}
"""Words that people use for a step, which its name does not have."""


def _namnd(value: str, user: User, today: date) -> Q:
    found = Q(name__icontains=value) | Q(short__icontains=value) | Q(code__iexact=value)
    ids = list(Namnd.objects.filter(found).values_list("pk", flat=True)[:50])
    if not ids:
        raise _unknown("nämnd", value, Namnd.objects.values_list("short", flat=True))
    return Q(owner__in=ids)


def _round(value: str, user: User, today: date) -> Q:
    ids = list(Round.objects.filter(name__icontains=value).values_list("pk", flat=True)[:50])
    if not ids:
        raise _unknown("omgång", value, Round.objects.values_list("name", flat=True))
    return Q(round__in=ids)


def stood_in_for(user: User) -> list[int]:
    """Ids of the officers that the person stands in for today."""
    return sorted({held.via for held in user.grants.holdings if held.via and held.role == Role.OFFICER})


def of_officers(user: User) -> Q:
    """The cases of the person herself as officer, and of those she stands in for."""
    others = stood_in_for(user)
    return Q(officer__in=[user.pk, *others]) if others else Q(officer=user)


def _officer(value: str, user: User, today: date) -> Q:
    match value.casefold():
        case "mig" | "jag":
            return of_officers(user)
        case "ingen":
            return Q(officer=None)
    people = User.objects.filter(assigned_cases__isnull=False)
    named = people
    for word in value.split()[:4]:
        named = named.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    ids = list(named.distinct().values_list("pk", flat=True)[:50])
    if not ids:
        names = [f"{first} {last}" for first, last in people.distinct().values_list("first_name", "last_name")[:200]]
        raise _unknown("handläggare", value, ["mig", "ingen", *names])
    return Q(officer__in=ids)


def _due(value: str, user: User, today: date) -> Q:
    week = today + timedelta(days=6 - today.weekday())
    named = {
        "försenad": Q(due_on__lt=today, step__in=OPEN),
        "försenade": Q(due_on__lt=today, step__in=OPEN),
        "idag": Q(due_on=today),
        "vecka": Q(due_on__gte=today, due_on__lte=week),
        "ingen": Q(due_on=None),
    }
    if (chosen := named.get(value.casefold())) is not None:
        return chosen
    try:
        return _compared("due_on", value, date.fromisoformat)
    except ValueError:
        raise NotUnderstood(
            _(
                "”frist:%(value)s” gick inte att läsa. "
                "Skriv en dag, som frist:<2027-02-01, eller försenad, idag, vecka eller ingen."
            )
            % {"value": value}
        ) from None


def _amount(value: str, user: User, today: date) -> Q:
    try:
        return _compared("requested", value, _kronor)
    except ValueError:
        raise NotUnderstood(
            _(
                "”belopp:%(value)s” gick inte att läsa. "
                "Skriv kronor utan mellanslag, som belopp:>500000 eller belopp:<1,5mnkr."
            )
            % {"value": value}
        ) from None


def _kronor(text: str) -> Decimal:
    read = re.fullmatch(r"(\d{1,12})(?:,(\d{1,4}))?(kr|tkr|mnkr|)", text.casefold().replace(" ", ""))
    if read is None:
        raise ValueError(text)
    return Decimal(f"{read[1]}.{read[2] or 0}") * THOUSANDS[read[3]]


def _compared(name: str, value: str, reads: Callable[[str], Any]) -> Q:
    """A comparison, or two ends with .. between; both included. Raises ValueError."""
    if ".." in value:
        least, _dots, most = value.partition("..")
        return Q(**{f"{name}__gte": reads(least), f"{name}__lte": reads(most)})
    compared = COMPARED.fullmatch(value)
    if compared is None:
        raise ValueError(value)
    how = {"<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte", None: ""}[compared[1]]
    return Q(**{name + how: reads(compared[2])})


def _dnr(value: str, user: User, today: date) -> Q:
    return Q(pk__in=Dnr.objects.filter(dnr__istartswith=value).values("case"))


def _unknown(prefix: str, value: str, known: Iterable[str]) -> NotUnderstood:
    by_fold = {word.casefold(): word for word in known}
    near = get_close_matches(value.casefold(), by_fold, 3, 0.4)
    told = {"prefix": prefix, "value": value, "near": _(" eller ").join(f"”{by_fold[word]}”" for word in near)}
    if near:
        return NotUnderstood(_("”%(prefix)s:%(value)s” stämmer inte med något. Menade du %(near)s?") % told)
    return NotUnderstood(_("”%(prefix)s:%(value)s” stämmer inte med något. Kontrollera stavningen.") % told)


PREFIXES: dict[str, Callable[[str, User, date], Q]] = {
    "nämnd": _namnd,
    "namnd": _namnd,
    "steg": _step,
    "skede": _step,
    "handläggare": _officer,
    "handlaggare": _officer,
    "frist": _due,
    "belopp": _amount,
    "omgång": _round,
    "omgang": _round,
    "dnr": _dnr,
}
