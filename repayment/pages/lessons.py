"""Lessons: the cards of all finished projects, for everyone who logs in, and those that are like an idea."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fundportal.areas import Area
from fundportal.fields import whole_number
from fundportal.forms import PlainForm, TkrField, choose
from fundportal.models import Case, CaseText
from fundportal.views.door import open_case, person
from repayment.models import Lesson, Result

SIZE = 20
ALIKE = 6
"""So many cards are shown as like an idea."""
WORDS = 60
"""So many of an idea's words are looked for, the most used first."""
ANY = gettext_lazy("Alla")


class Filter(PlainForm):
    """What one looks for among the lessons. Everything is optional."""

    q = forms.CharField(label=gettext_lazy("Sök i korten"), required=False, max_length=200)
    malgrupp = forms.CharField(label=gettext_lazy("Målgrupp"), required=False, max_length=100)
    metod = forms.CharField(label=gettext_lazy("Metod"), required=False, max_length=100)
    omrade = forms.ChoiceField(
        label=gettext_lazy("Verksamhetsområde"), choices=choose(Area.choices, ANY), required=False
    )
    resultat = forms.ChoiceField(label=gettext_lazy("Resultat"), choices=choose(Result.choices, ANY), required=False)
    fran = TkrField(label=gettext_lazy("Kostnad från"), required=False)
    till = TkrField(label=gettext_lazy("Kostnad till"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """In a filter nothing needs to be called optional."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.depends = True  # type: ignore[attr-defined]

    def found(self) -> QuerySet[Lesson]:
        """The cards that fit, the best first when there are words to look for, otherwise the newest."""
        told, cards = self.cleaned_data, Lesson.objects.all()
        plain = {"area": told.get("omrade"), "result": told.get("resultat")}
        plain |= {"amount__gte": told.get("fran"), "amount__lte": told.get("till")}
        cards = cards.filter(**{name: value for name, value in plain.items() if value not in ("", None)})
        for name, fields in (("malgrupp", ("for_whom", "title")), ("metod", ("method", "tried", "title"))):
            for word in (told.get(name) or "").split():
                cards = cards.filter(_contains(word, fields))
        if not told.get("q"):
            return cards
        query = SearchQuery(told["q"], config="swedish", search_type="websearch")
        return cards.filter(words=query).annotate(rank=SearchRank(F("words"), query)).order_by("-rank", "-ended_on")


def _contains(word: str, fields: tuple[str, ...]) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": word})
    return found


@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    """The cards, filtered and searched. They are open to everyone who logs in, whatever came of the project."""
    form = Filter(request.GET or None)
    right = form.is_valid() if form.is_bound else True
    cards = form.found() if form.is_bound and right else Lesson.objects.all()
    page = max(whole_number(request.GET.get("sida", ""), 3) or 1, 1)
    begin = (page - 1) * SIZE
    shown = list(cards.defer("words")[begin : begin + SIZE + 1]) if right else []
    context = {
        "form": form,
        "cards": shown[:SIZE],
        "total": cards.count() if right else 0,
        "errors": [] if right else form.summary(),
        "previous": _page(request, page - 1) if page > 1 else "",
        "next": _page(request, page + 1) if len(shown) > SIZE else "",
    }
    return render(request, "repayment/lessons.html", context)


def _page(request: HttpRequest, number: int) -> str:
    asked = {name: value for name, value in request.GET.items() if value and name != "sida"}
    return "?" + urlencode(asked | {"sida": number})


@require_safe
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """One card; with a way to its case for those who may see it."""
    card = get_object_or_404(Lesson.objects.defer("words"), pk=pk)
    case = Case.objects.visible_to(person(request)).filter(pk=card.case_id).first()
    return render(request, "repayment/lesson.html", {"card": card, "case": case})


@dataclass(frozen=True)
class Alike:
    """A card that is like an idea, and the words that they share."""

    card: Lesson
    words: list[str]


@require_safe
def similar(request: HttpRequest, number: str) -> HttpResponse:
    """Cards that are like the case, by the words of what is written in it; only words of what the reader may read."""
    case = open_case(request, number)
    context: dict[str, Any] = {"case": case, "found": alike(case)}
    return render(request, "repayment/similar.html", context)


def alike(case: Case) -> list[Alike]:
    """The cards whose words are most like the case's own: title, idea and application, or the draft before those."""
    lexemes = _words_of(case)
    if not lexemes:
        return []
    query = SearchQuery(
        " | ".join("'" + word.replace("'", "''") + "'" for word in lexemes), config="simple", search_type="raw"
    )
    cards = Lesson.objects.exclude(case=case).filter(words=query)
    ranked = cards.annotate(rank=SearchRank(F("words"), query, normalization=1)).order_by("-rank", "-ended_on")[:ALIKE]
    shared = _shared([card.pk for card in ranked], lexemes)
    return [Alike(card, shared[card.pk]) for card in ranked if len(shared[card.pk]) > 1]


def _words_of(case: Case) -> list[str]:
    """The stems that the case's text has most of, as the database sees them."""
    text = CaseText.objects.filter(case=case).first()
    if text is None:
        return []
    said = f"{text.title} {text.title} {text.idea or text.draft} {text.application}"
    ask = (
        "select lexeme from unnest(to_tsvector('swedish', %s)) where length(lexeme) > 3 and lexeme !~ '^[0-9]'"
        " order by array_length(positions, 1) desc, lexeme limit %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(ask, [said, WORDS])
        return [lexeme for (lexeme,) in cursor.fetchall()]


def _shared(cards: list[int], lexemes: list[str]) -> dict[int, list[str]]:
    """Which of the words each card has too."""
    found: dict[int, list[str]] = {pk: [] for pk in cards}
    ask = "select l.id, w.lexeme from repayment_lesson l, unnest(l.words) w where l.id = any(%s) and w.lexeme = any(%s)"
    with connection.cursor() as cursor:
        cursor.execute(ask, [cards, lexemes])
        for pk, lexeme in cursor.fetchall():
            found[pk].append(lexeme)
    return found
