"""Search: the cases that a text means, the best first, each with the words around the hit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchRank
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat, Replace
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from fundportal.models import Case, CaseText, User
from fundportal.queue import typed
from fundportal.queue.asking import cases
from fundportal.queue.pages import COLUMNS, dress
from fundportal.queue.wanted import Wanted

SIZE = 20
RANKED = 400
"""So many hits, the newest, are ranked: whoever has more needs another word, not another page."""
WEIGHTS = [0.05, 0.15, 0.4, 1.0]
"""Of papers' titles, the application, the idea, and the title with the numbers."""
BEGIN, END = "\ue000", "\ue001"
"""Marks around a hit: characters that nobody types, so that the text can be escaped after it is marked."""


@dataclass
class Found:
    """One page of hits, its number, and whether there are pages before and after it."""

    rows: list[dict[str, Any]]
    number: int
    previous: int = 0
    next: int = 0


def search(user: User, wanted: Wanted, number: int = 1) -> Found:
    """A page of hits, best first. Among more than `RANKED` only the newest are ranked."""
    number = min(max(number, 1), RANKED // SIZE)
    newest = cases(user, wanted).order_by("-created_at", "-id").values("pk")[:RANKED]
    hits = Case.objects.filter(pk__in=newest)  # which visible_to has narrowed
    query = typed.read(wanted.q, user, timezone.localdate()).query
    rank: Any = SearchRank(F("text__words"), query, weights=Value(WEIGHTS)) if query else Value(0.0)
    ordered = hits.annotate(rank=rank).order_by("-rank", "-created_at", "-id").values(*COLUMNS, "rank")
    begin = (number - 1) * SIZE
    rows = list(ordered[begin : begin + SIZE + 1])
    more, rows = len(rows) > SIZE, [dress(row) for row in rows[:SIZE]]
    if query is not None:
        _add_snippets(rows, query)
    return Found(rows, number, previous=number - 1, next=number + 1 if more else 0)


def count(user: User, wanted: Wanted) -> int:
    """How many hits there are, at most one more than are ranked."""
    return cases(user, wanted).order_by()[: RANKED + 1].count()


def _add_snippets(rows: list[dict[str, Any]], query: Any) -> None:
    """The title with the hits marked, and the passages around the hits in what was handed in."""
    marks: dict[str, Any] = {"start_sel": BEGIN, "stop_sel": END, "config": "swedish"}
    whole = Concat("idea", Value(" "), "application", Value(" "), "papers", output_field=TextField())
    body = Replace(whole, Value(_("Inte ifyllt.")), Value(""), output_field=TextField())  # nobody wrote that
    passages = SearchHeadline(
        body, query, max_fragments=2, max_words=22, min_words=8, fragment_delimiter=" … ", **marks
    )
    title = SearchHeadline("title", query, highlight_all=True, **marks)
    texts = CaseText.objects.filter(pk__in=[row["id"] for row in rows])
    found = {pk: rest for pk, *rest in texts.annotate(t=title, p=passages).values_list("pk", "t", "p")}
    for row in rows:
        marked, passage = found.get(row["id"], (row["title"], ""))
        row["marked"] = shown(marked)
        row["passage"] = shown(passage) if BEGIN in passage else ""


def shown(text: str) -> SafeString:
    """Marked text as HTML: everything escaped, and only then the marks made."""
    return mark_safe(str(escape(text)).replace(BEGIN, "<mark>").replace(END, "</mark>"))  # noqa: S308 -- escaped first
