"""Multi-part drafts: the evaluation. Needs and acts both read it, so it lies below them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import formatting
from fundportal.areas import Area
from fundportal.drafts import PartForm, Sheet
from fundportal.forms import DayField, NumberField, RowsField, TextField, TkrField, YearField, choose
from fundportal.models import Case, Namnd
from fundportal.process import Role, Step
from reviews.models import Comparison, EvaluatorKind, Recommendation, RepaymentProposal, Strength

EARLIEST = timedelta(days=92)
"""An evaluation may be delivered up to three months before the investment phase ends."""


class Measure(NumberField):
    """A measured value: up to two decimals, below zero too."""

    decimals = 2
    what = gettext_lazy("ett tal med högst två decimaler")
    example = "12,5"

    def __init__(self, **kwargs: Any) -> None:
        """Without bounds."""
        super().__init__(minimum=None, **kwargs)


class Evaluator(PartForm):
    """Who evaluated, and when it was delivered."""

    slug, title = "utvarderare", gettext_lazy("Utvärderare")
    intro = gettext_lazy("Vem som har utvärderat insatsen och när utvärderingen levererades.")

    evaluator = forms.CharField(
        label=gettext_lazy("Utvärderare"), max_length=200, help_text=gettext_lazy("Enhet, lärosäte eller företag.")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Slag av utvärderare"), choices=EvaluatorKind.choices, widget=forms.RadioSelect
    )
    delivered_on = DayField(label=gettext_lazy("Utvärderingen levererades"))

    def clean_delivered_on(self) -> Any:
        """Not before the end of the investment phase is in sight."""
        day = self.cleaned_data["delivered_on"]
        earliest = timezone.localdate(self.case.entered_at) - EARLIEST
        if day < earliest:
            raise ValidationError(
                _("Utvärderingen får levereras tidigast tre månader före investeringsfasens slut, %(day)s.")
                % {"day": formatting.day(earliest)}
            )
        return day


class Method(PartForm):
    """How it was done, and with what the outcome was compared."""

    slug, title = "metod", gettext_lazy("Metod och jämförelse")
    intro = gettext_lazy("Beskriv hur utvärderingen faktiskt gjordes, även där det blev på ett annat sätt än planerat.")

    method = TextField(
        label=gettext_lazy("Metod"), least=50, help_text=gettext_lazy("Datakällor, urval, mättillfällen och bortfall.")
    )
    comparison = forms.ChoiceField(
        label=gettext_lazy("Jämförelse som användes"), choices=Comparison.choices, widget=forms.RadioSelect
    )
    differs = forms.BooleanField(
        label=gettext_lazy("Metoden eller jämförelsen avviker från utvärderingsplanen"), required=False
    )
    deviation = TextField(
        label=gettext_lazy("Vad avviker, och varför?"),
        required=False,
        rows=4,
        help_text=gettext_lazy("Krävs om något avviker från planen, och om ingen jämförelse gjordes."),
    )

    def clean(self) -> dict[str, Any]:
        """A deviation has its reason, and so has an evaluation without comparison."""
        given = super().clean() or {}
        if "deviation" in given and not given["deviation"]:
            if given.get("differs"):
                self.add_error("deviation", _("Beskriv vad som avviker från utvärderingsplanen och varför."))
            elif given.get("comparison") == Comparison.NONE:
                self.add_error("deviation", _("Motivera varför ingen jämförelse gjordes."))
        return given


def planned_indicators(case: Case) -> list[tuple[str, str]]:
    """(name, unit) of the indicators of the application as it was last handed in, read from its paper."""
    paper = case.documents.filter(kind="application").order_by("-version").first()
    answers = json.loads(paper.content).get("answers", {}) if paper else {}
    return [(row["name"], row.get("unit", "")) for part in answers.values() for row in part.get("indicators", ())]


class Effects(PartForm):
    """What became of each indicator."""

    slug, title = "effekter", gettext_lazy("Effekt per indikator")
    intro = gettext_lazy(
        "Varje indikator i ansökan ska ha ett utfall, eller ett skäl till att det saknas. Effekten är skillnaden "
        "mellan utfallet och det som sannolikt hade hänt utan insatsen."
    )

    effects = RowsField(
        {
            "indicator": forms.CharField(label=gettext_lazy("Indikator"), max_length=200),
            "unit": forms.CharField(label=gettext_lazy("Enhet"), max_length=40, required=False),
            "outcome": Measure(label=gettext_lazy("Utfall"), required=False),
            "missing": forms.CharField(label=gettext_lazy("Skäl om utfall saknas"), max_length=500, required=False),
            "comparison": Measure(label=gettext_lazy("Jämförelsevärde"), required=False),
            "effect": Measure(label=gettext_lazy("Effekt"), required=False),
            "uncertainty": forms.CharField(label=gettext_lazy("Osäkerhet"), max_length=200, required=False),
        },
        least=1,
        label=gettext_lazy("Indikatorer"),
    )

    def prepare(self) -> None:
        """Begin with the application's indicators."""
        self.planned = planned_indicators(self.case)
        self.fields["effects"].initial = [{"indicator": name, "unit": unit} for name, unit in self.planned]

    def clean_effects(self) -> list[dict[str, Any]]:
        """An outcome or a reason for each, and none of the application's left out."""
        rows: list[dict[str, Any]] = self.cleaned_data["effects"]
        faults = [
            _("Ange utfallet för ”%(name)s”, eller skälet till att det saknas.") % {"name": row["indicator"]}
            for row in rows
            if row["outcome"] is None and not row["missing"]
        ]
        given = {row["indicator"].strip().casefold() for row in rows}
        faults += [
            _("Indikatorn ”%(name)s” i ansökan saknas. Lägg till den med utfall eller skäl.") % {"name": name}
            for name, _unit in self.planned
            if name.strip().casefold() not in given
        ]
        if faults:
            raise ValidationError(faults)
        return rows


class Evidence(PartForm):
    """How well the effect is shown."""

    slug, title = "bevisstyrka", gettext_lazy("Bevisstyrka")

    strength = forms.ChoiceField(
        label=gettext_lazy("Hur säkert är det att insatsen gav effekten?"),
        choices=Strength.choices,
        widget=forms.RadioSelect,
    )
    strength_reasons = TextField(label=gettext_lazy("Motivering"), least=20, rows=4)


class Savings(PartForm):
    """What it came to in money, planned beside found."""

    slug, title = "ekonomi", gettext_lazy("Ekonomisk effekt")
    intro = gettext_lazy(
        "Planerad och konstaterad utgiftsminskning per nämnd, verksamhetsområde och år, i tusental kronor. Skriv 0 om "
        "ingen minskning kunde konstateras och minus om utgifterna ökade. Uppgifterna är underlag för "
        "återföringsplanen."
    )

    savings = RowsField(
        {
            "namnd": forms.TypedChoiceField(label=gettext_lazy("Nämnd"), empty_value=None),
            "area": forms.ChoiceField(label=gettext_lazy("Verksamhetsområde"), choices=choose(Area.choices)),
            "year": YearField(label=gettext_lazy("År")),
            "planned": TkrField(label=gettext_lazy("Planerad")),
            "established": TkrField(label=gettext_lazy("Konstaterad"), minimum=None),
        },
        least=1,
        label=gettext_lazy("Utgiftsminskning"),
    )

    def prepare(self) -> None:
        """Every board that is or has been."""
        boards = sorted(Namnd.objects.all(), key=lambda board: formatting.sort_key(board.name))
        self.boards = {str(board.pk): board for board in boards}
        column = self.fields["savings"].columns["namnd"]  # type: ignore[attr-defined]
        column.coerce = self.boards.get
        column.choices = choose([(pk, board.name) for pk, board in self.boards.items()])

    def clean_savings(self) -> list[dict[str, Any]]:
        """Each board exists that year, and each board, area and year stands once."""
        rows: list[dict[str, Any]] = self.cleaned_data["savings"]
        faults, seen = [], set()
        for row in rows:
            board, year = row["namnd"], row["year"]
            if board.active_from.year > year or (board.active_to and board.active_to.year < year):
                faults.append(
                    _("%(board)s finns inte år %(year)d. Välj den nämnd som har ansvaret det året.")
                    % {"board": board, "year": year}
                )
            key = (board.pk, row["area"], year)
            if key in seen:
                faults.append(
                    _("%(board)s, %(area)s, %(year)d står på två rader. Slå ihop dem.")
                    % {"board": board, "area": Area(row["area"]).label, "year": year}
                )
            seen.add(key)
        if faults:
            raise ValidationError(faults)
        return rows


class Learning(PartForm):
    """What cannot be counted."""

    slug, title = "lardomar", gettext_lazy("Kvalitet och lärdomar")

    qualitative = TextField(
        label=gettext_lazy("Kvalitativa effekter"),
        help_text=gettext_lazy("Vad insatsen har betytt för målgruppen, även det som inte syns i kronor."),
    )
    lessons = TextField(
        label=gettext_lazy("Lärdomar"),
        help_text=gettext_lazy("Vad fungerade, vad fungerade inte och vad skulle ni göra på ett annat sätt?"),
    )
    multiplier = TextField(
        label=gettext_lazy("Multiplikatoreffekter"),
        required=False,
        rows=4,
        help_text=gettext_lazy("Spridning och följder hos andra verksamheter eller aktörer."),
    )


class Conclusion(PartForm):
    """What should come of it."""

    slug, title = "slutsats", gettext_lazy("Rekommendation och återföring")

    recommendation = forms.ChoiceField(
        label=gettext_lazy("Rekommendation"), choices=Recommendation.choices, widget=forms.RadioSelect
    )
    recommendation_reasons = TextField(label=gettext_lazy("Motivering till rekommendationen"), least=20, rows=4)
    repayment = forms.ChoiceField(
        label=gettext_lazy("Förslag till återföring"),
        choices=RepaymentProposal.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Stadsdirektören beslutar om återföring. Här lämnar ni ert förslag."),
    )
    repayment_reasons = TextField(
        label=gettext_lazy("Skäl till delvis återföring eller undantag"), required=False, rows=4, least=50
    )

    def clean(self) -> dict[str, Any]:
        """Less than full repayment has its reasons."""
        given = super().clean() or {}
        if (
            given.get("repayment") in (RepaymentProposal.PARTLY, RepaymentProposal.EXEMPT)
            and given.get("repayment_reasons") == ""
        ):
            self.add_error("repayment_reasons", _("Motivera varför inte hela beloppet föreslås återföras."))
        return given


EVALUATION = Sheet(
    name="evaluation",
    title=gettext_lazy("Utvärdering"),
    step=Step.EVALUATION,
    role=Role.APPLICANT,
    parts=(Evaluator, Method, Effects, Evidence, Savings, Learning, Conclusion),
    submit="submit_evaluation",
    also_reads=(Role.MANAGER,),
)
