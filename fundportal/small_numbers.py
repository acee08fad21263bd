"""Small numbers of people are not shown to everyone: few enough, and a reader knows who they are.

A count between 1 and one less than the fund's threshold is small. It is shown as a span, 1–4. Zero and counts from the
threshold up are shown. Where counts are shown together with their sum, one hidden count could be had by subtraction:
then another is hidden too, or the sum is left out. The single way to show counts of people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal.formatting import number
from fundportal.models import Case, User
from fundportal.process import Role

MAY_SEE = {Role.OFFICER, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR}
"""Who sees small numbers in cases beside the people of the boards that run the project: those who prepare, decide, pay
and review."""


def is_small(count: int | None, limit: int) -> bool:
    """Whether a count is so small that it is not shown."""
    return count is not None and 0 < count < limit


def span(limit: int) -> str:
    """What is shown instead of a small count."""
    return f"1–{limit - 1}" if limit > 2 else "1"


def said(count: int | None, limit: int) -> str:
    """One count, alone and without a sum, in words."""
    if count is None:
        return ""
    return span(limit) if is_small(count, limit) else number(count)


HIDDEN = gettext_lazy("visas inte")


def table(groups: Sequence[tuple[str, int | None]], limit: int, *, sum_label: str = "") -> list[list[str]]:
    """Counts by group as rows of text, with their sum last if `sum_label` names it.

    With the sum, at least two counts are hidden, all in the same words, so that neither subtraction nor the look of
    them tells one. Where two cannot be hidden so, the sum is left out and each small count is a span.
    """
    counts = [count or 0 for _label, count in groups]
    small = {at for at, count in enumerate(counts) if is_small(count, limit)}
    away = _with_another(counts, small) if sum_label else small
    tells_sum = bool(sum_label) and (not away or _is_open(counts, away))
    if not tells_sum:
        away = small
    instead = str(HIDDEN) if tells_sum else span(limit)
    rows = [[label, instead if at in away else number(counts[at])] for at, (label, _count) in enumerate(groups)]
    return [*rows, [sum_label, number(sum(counts))]] if tells_sum else rows


def _with_another(counts: Sequence[int], small: set[int]) -> set[int]:
    """What is hidden when the sum is shown: one alone takes the smallest of the others with it."""
    if len(small) != 1:
        return small
    others = sorted((count, at) for at, count in enumerate(counts) if count and at not in small)
    return small | {at for _count, at in others[:1]}


def _is_open(counts: Sequence[int], away: set[int]) -> bool:
    """Whether the hidden counts can be several things, knowing their sum and that each is at least one."""
    return len(away) > 1 and sum(counts[at] for at in away) > len(away)


def readers_copy(content: dict[str, Any]) -> dict[str, Any]:
    """A frozen paper as those read it who may not see its small numbers; the paper itself stays as it was handed in.

    What it keeps back stands in the paper: `{"small": {"rows": {label: what is said}, "parts": [title]}}`.
    """
    if not (kept := content.get("small")):
        return content
    shown: list[dict[str, Any]] = []
    away = False
    for section in content["sections"]:
        if section.get("level") == 2 and (away := section["title"] in kept["parts"]):
            text = _("Delen bygger på ett litet antal personer och visas för dem som driver, bereder och granskar.")
            shown.append({"title": section["title"], "level": 2, "text": text})
        if not away:
            rows = [[label, kept["rows"].get(label, value)] for label, value in section.get("rows", [])]
            shown.append(section | ({"rows": rows} if "rows" in section else {}))
    return content | {"sections": shown}


def may_see(user: User, case: Case) -> bool:
    """Whether a person sees small numbers as they are: who runs the project, and the city's own who handle it."""
    held = user.roles_in(case)
    return bool(held & (MAY_SEE | {Role.APPLICANT, Role.MANAGER}))


WORDS = ("två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio")
UNITS = "procent|år|månader|veckor|dagar|timmar|gånger|kr|kronor|tkr|mnkr|mkr|tusen|miljoner"
PEOPLE = (
    r"barn|barnen|elev|elever|eleverna|unga|ungdom|ungdomar|ungdomarna|vuxna|äldre|person|personer|personerna|"
    r"individ|individer|individerna|deltagare|deltagarna|brukare|brukarna|klient|klienter|klienterna|"
    r"patient|patienter|familj|familjer|familjerna|hushåll|hushållen|förälder|föräldrar|föräldrarna|"
    r"kvinna|kvinnor|kvinnorna|män|männen|flicka|flickor|flickorna|pojke|pojkar|pojkarna|anhöriga"
)
IN_TEXT = re.compile(
    rf"(?<![\w.,–-])(?<!§\s)(?P<count>[1-9]\d?|{'|'.join(WORDS)})\s+(?:av\s+)?(?:(?!(?:{UNITS})\b)[^\W\d]+\s+)?"
    rf"[^\W\d]*?(?:{PEOPLE})\b",
    re.IGNORECASE,
)


def in_text(text: str) -> dict[int, str]:
    """Counts of people that a free text tells, each with the words it is told in: {3: "tre yngre elever"}.

    Narrow, so that a warning means something: a number from 1 to 99 in digits, or two to nine in letters, that stands
    before a word for people with at most one word between, which is no unit ("tre procent av eleverna" is no count).
    "En" and "ett" are left out, since they mostly count nobody ("ett barn som ...").
    """
    found: dict[int, str] = {}
    for told in IN_TEXT.finditer(text):
        said = told["count"].lower()
        found.setdefault(WORDS.index(said) + 2 if said in WORDS else int(said), told[0])
    return found
