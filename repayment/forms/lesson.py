"""The fields of the lesson card, and its form where it is written alone."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.areas import Area
from fundportal.forms import ActionForm, TextField, choose
from repayment.forms.fields import YesNoField
from repayment.models import Result


class LessonCard(ActionForm):
    """What was tried, for whom, cost, effect, and whether we would do it again. Everyone who logs in may read it."""

    area = forms.ChoiceField(
        label=gettext_lazy("Lärdomskort: verksamhetsområde"), choices=choose(Area.choices, gettext_lazy("Välj område"))
    )
    method = forms.CharField(
        label=gettext_lazy("Lärdomskort: metod eller arbetssätt"),
        max_length=200,
        help_text=gettext_lazy("Kort, så att andra hittar det. Till exempel skolnära team eller bostad först."),
    )
    result = forms.ChoiceField(
        label=gettext_lazy("Lärdomskort: resultat"),
        choices=Result.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Alla resultat är lika mycket värda för den som läser."),
    )
    tried = TextField(
        label=gettext_lazy("Lärdomskort: vad prövade ni?"),
        rows=3,
        help_text=gettext_lazy("Kortet kan läsas av alla som loggar in. Skriv inget om enskilda personer."),
    )
    for_whom = TextField(label=gettext_lazy("Lärdomskort: för vem?"), rows=2)
    cost = TextField(
        label=gettext_lazy("Lärdomskort: vad kostade det?"),
        rows=2,
        help_text=gettext_lazy(
            "Vad det kostade per person eller år, och vad som kom till. Fondens belopp skrivs in av portalen."
        ),
    )
    effect = TextField(
        label=gettext_lazy("Lärdomskort: vilken effekt fick det?"),
        rows=3,
        help_text=gettext_lazy(
            "Hur stor, mot vad den jämfördes och hur säker den är. Skriv också när ingen effekt syntes."
        ),
    )
    again = YesNoField(
        label=gettext_lazy("Lärdomskort: skulle ni göra om det?"), yes=gettext_lazy("Ja"), no=gettext_lazy("Nej")
    )
    again_why = TextField(label=gettext_lazy("Lärdomskort: varför, eller varför inte?"), rows=3)


class WriteLesson(LessonCard):
    """The card of a project that was broken off."""

    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Skriv ned det andra kan lära av projektet. Det som inte fungerade är lika viktigt som det som gjorde det. "
        "Kortet skrivs en gång och behövs innan ärendet arkiveras."
    )
