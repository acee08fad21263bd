"""The application's parts on what is to be done: effect chain, time, risks, people, analyses, evaluation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import sums
from applications.sheets.idea import years_hold
from applications.sheets.parts import YES_NO, Part, partners, whole
from fundportal import formatting, shown
from fundportal.forms import DayField, NumberField, RowsField, TextField, TkrField, WholeField, YearField

COMPARISONS = (
    ("randomiserad", gettext_lazy("Slumpad kontrollgrupp")),
    ("matchad", gettext_lazy("Matchad kontrollgrupp")),
    ("vantelista", gettext_lazy("Väntelista")),
    ("fore_efter", gettext_lazy("Före och efter")),
    ("historisk", gettext_lazy("Historisk jämförelse")),
    ("ingen", gettext_lazy("Ingen jämförelse")),
)
PERIODICITY = (("tertial", gettext_lazy("Varje tertial")), ("ar", gettext_lazy("Varje år")))
EVALUATORS = (
    ("egen", gettext_lazy("Egen uppföljning")),
    ("fou", gettext_lazy("FoU-enhet")),
    ("upphandlad", gettext_lazy("Upphandlad utvärderare")),
)
OUTSIDE = "extern"
TERMS = (
    ("short", gettext_lazy("Kort sikt")),
    ("medium", gettext_lazy("Medellång sikt")),
    ("long", gettext_lazy("Lång sikt")),
)
"""The effects of a chain, by their columns."""


class MeasureField(NumberField):
    """A measured value: up to two decimals, may be negative."""

    decimals = 2
    what = gettext_lazy("ett tal")
    example = "31,5"

    def __init__(self, **kwargs: Any) -> None:
        """No bounds unless said otherwise."""
        kwargs.setdefault("minimum", None)
        super().__init__(**kwargs)


class Chain(Part):
    """Effect chain and indicators."""

    slug = "effektkedja"
    depends = ("comparison_text",)
    title = gettext_lazy("Effektkedja och indikatorer")
    intro = gettext_lazy(
        "Hur resurser och aktiviteter ska leda till effekter, och hur effekterna mäts. "
        "Raderna i effektkedjan numreras uppifrån."
    )

    chain = RowsField(
        {
            "resource": forms.CharField(label=gettext_lazy("Resurser"), max_length=200),
            "activity": forms.CharField(label=gettext_lazy("Aktivitet"), max_length=200),
            "output": forms.CharField(label=gettext_lazy("Prestation"), max_length=200),
            "short": forms.CharField(label=gettext_lazy("Effekt på kort sikt"), max_length=200),
            "medium": forms.CharField(label=gettext_lazy("Effekt på medellång sikt"), max_length=200),
            "long": forms.CharField(label=gettext_lazy("Effekt på lång sikt"), max_length=200),
            "assumption": forms.CharField(label=gettext_lazy("Antagande"), max_length=200, required=False),
            "external": forms.CharField(label=gettext_lazy("Yttre faktor"), max_length=200, required=False),
        },
        least=1,
        label=gettext_lazy("Effektkedja"),
    )
    indicators = RowsField(
        {
            "goal": forms.CharField(label=gettext_lazy("Mål"), max_length=200),
            "name": forms.CharField(label=gettext_lazy("Indikator"), max_length=160),
            "chain": WholeField(label=gettext_lazy("Mäter effekter på rad"), minimum=1, maximum=50),
            "short": forms.BooleanField(label=gettext_lazy("Mäter effekten på kort sikt"), required=False),
            "medium": forms.BooleanField(label=gettext_lazy("Mäter effekten på medellång sikt"), required=False),
            "long": forms.BooleanField(label=gettext_lazy("Mäter effekten på lång sikt"), required=False),
            "unit": forms.CharField(label=gettext_lazy("Enhet"), max_length=40),
            "baseline": MeasureField(label=gettext_lazy("Utgångsvärde")),
            "baseline_year": YearField(label=gettext_lazy("Utgångsår")),
            "target": MeasureField(label=gettext_lazy("Målvärde")),
            "target_year": YearField(label=gettext_lazy("Målår")),
            "method": forms.CharField(label=gettext_lazy("Mätmetod"), max_length=200),
            "source": forms.CharField(label=gettext_lazy("Datakälla"), max_length=200),
            "periodicity": forms.ChoiceField(
                label=gettext_lazy("Mäts"), choices=[("", gettext_lazy("Välj …")), *PERIODICITY]
            ),
            "responsible": forms.CharField(label=gettext_lazy("Ansvarig"), max_length=120),
        },
        least=1,
        label=gettext_lazy("Mål och indikatorer"),
    )
    comparison = forms.ChoiceField(label=gettext_lazy("Jämförelse"), choices=COMPARISONS, widget=forms.RadioSelect)
    comparison_text = TextField(
        label=gettext_lazy("Motivering av jämförelsen"),
        most=1500,
        rows=3,
        required=False,
        help_text=gettext_lazy("Krävs för ”Före och efter” och ”Ingen jämförelse”, som ger svagare slutsatser."),
    )

    def rules(self, good: dict[str, Any]) -> None:
        """Every chain is measured, no goal lies before its baseline, a weak comparison is argued."""
        chains, indicators = good.get("chain", []), good.get("indicators", [])
        for index, row in enumerate(indicators):
            if chains and row["chain"] > len(chains):
                self.ask_cell(
                    "indicators",
                    index,
                    "chain",
                    _("Det finns ingen rad %(row)d i effektkedjan.") % {"row": row["chain"]},
                )
            first = whole(self.other("tid").get("first_year"))
            if first and row["target_year"] < first:
                self.ask_cell("indicators", index, "target_year", _("Målåret ligger före investeringsfasen."))
            elif row["target_year"] < row["baseline_year"]:
                self.ask_cell("indicators", index, "target_year", _("Målåret ligger före utgångsåret."))
        measured = {(row["chain"], term) for row in indicators for term, _label in TERMS if row[term]}
        for number in range(1, len(chains) + 1) if indicators else ():
            lacking = [str(label).lower() for term, label in TERMS if (number, term) not in measured]
            if lacking:
                text = _("Lägg till en indikator som mäter effekten på %(terms)s på rad %(row)d i effektkedjan.")
                self.ask("indicators", text % {"terms": formatting.in_words(lacking), "row": number})
        if good.get("comparison") in ("ingen", "fore_efter") and not good.get("comparison_text"):
            self.ask("comparison_text", _("Motivera valet av jämförelse."))

    def computed(self) -> list[shown.Line]:
        """How much the comparison can prove, when it is weak: readers are told before they see the figures."""
        self.is_valid()
        weak = {
            "fore_efter": _("Före och efter: annat än insatsen kan förklara förändringen. Slutsatsen blir svagare."),
            "ingen": _("Ingen jämförelse: det går inte att säga vad insatsen har lett till."),
        }
        text = weak.get(str(self.cleaned_data.get("comparison", "")))
        return [shown.Line(_("Kvalitetsflagga"), text)] if text else []


class Schedule(Part):
    """The investment phase and what is done in it."""

    slug = "tid"
    title = gettext_lazy("Tid och aktiviteter")
    intro = gettext_lazy("Investeringsfasens år styr vilka år budgeten kan omfatta.")

    first_year = YearField(label=gettext_lazy("Investeringsfasens första år"))
    last_year = YearField(label=gettext_lazy("Investeringsfasens sista år"))
    activities = RowsField(
        {
            "activity": forms.CharField(label=gettext_lazy("Aktivitet"), max_length=200),
            "start": DayField(label=gettext_lazy("Start"), help_text=""),
            "end": DayField(label=gettext_lazy("Slut"), help_text=""),
            "responsible": forms.CharField(label=gettext_lazy("Ansvarig"), max_length=120),
            "milestone": forms.BooleanField(label=gettext_lazy("Milstolpe"), required=False),
        },
        least=1,
        label=gettext_lazy("Aktivitets- och tidsplan"),
        help_text=gettext_lazy("Dagar skrivs som 2027-02-01."),
    )

    def rules(self, good: dict[str, Any]) -> None:
        """Start before end, inside the phase."""
        years_hold(self, good)
        first, last = good.get("first_year"), good.get("last_year")
        for index, row in enumerate(good.get("activities", [])):
            if row["start"] > row["end"]:
                self.ask_cell("activities", index, "end", _("Slutet ligger före starten."))
            elif first and last and (row["start"] < date(first, 1, 1) or row["end"] > date(last, 12, 31)):
                self.ask_cell("activities", index, "start", _("Aktiviteten ligger utanför investeringsfasen."))


class Risks(Part):
    """What may go wrong."""

    slug = "risker"
    title = gettext_lazy("Risker")
    intro = gettext_lazy(
        "Sannolikhet och konsekvens anges från 1 till 4. Riskvärdet är deras produkt. Från 9 krävs en åtgärd."
    )

    risks = RowsField(
        {
            "risk": forms.CharField(label=gettext_lazy("Risk"), max_length=300),
            "likelihood": WholeField(label=gettext_lazy("Sannolikhet"), minimum=1, maximum=4),
            "consequence": WholeField(label=gettext_lazy("Konsekvens"), minimum=1, maximum=4),
            "measure": forms.CharField(label=gettext_lazy("Åtgärd"), max_length=300, required=False),
            "owner": forms.CharField(label=gettext_lazy("Riskägare"), max_length=120),
        },
        least=1,
        label=gettext_lazy("Risker"),
    )

    def rules(self, good: dict[str, Any]) -> None:
        """A great risk has a measure."""
        for index, row in enumerate(good.get("risks", [])):
            value = sums.risk_value(row["likelihood"], row["consequence"])
            if value >= sums.NEEDS_MEASURE and not row["measure"]:
                self.ask_cell(
                    "risks", index, "measure", _("Riskvärdet är %(value)d. Ange en åtgärd.") % {"value": value}
                )

    def computed(self) -> list[shown.Line]:
        """The value of each risk, the greatest first."""
        rows = [(sums.risk_value(row["likelihood"], row["consequence"]), row["risk"]) for row in self.right("risks")]
        if not rows:
            return []
        ranked = sorted(rows, key=lambda row: -row[0])
        return [
            shown.table(
                _("Riskvärden"),
                [_("Risk"), _("Riskvärde")],
                [[risk, str(value)] for value, risk in ranked],
                figures=(1,),
            )
        ]


class Organisation(Part):
    """Who does what, and what the partners commit to."""

    slug = "organisation"
    title = gettext_lazy("Organisation och åtaganden")
    intro = gettext_lazy("Vilka som bär satsningen, och vad varje part har åtagit sig.")

    project_leader = forms.CharField(label=gettext_lazy("Projektledare"), max_length=120)
    chair = forms.CharField(label=gettext_lazy("Styrgruppens ordförande (förslag)"), max_length=120, required=False)
    finance = forms.CharField(label=gettext_lazy("Ekonomiansvarig"), max_length=120)
    data_person = forms.CharField(label=gettext_lazy("Datalämnare"), max_length=120, required=False)
    agreement = forms.CharField(
        label=gettext_lazy("Samverkansavtal"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Diarienummer, eller när avtalet väntas vara klart."),
    )
    commitments = RowsField(
        {
            "party": forms.ChoiceField(label=gettext_lazy("Part")),
            "name": forms.CharField(label=gettext_lazy("Namn, om annan part"), max_length=160, required=False),
            "role": forms.CharField(label=gettext_lazy("Roll"), max_length=200),
            "resource": forms.CharField(label=gettext_lazy("Resurs"), max_length=200),
            "manager": forms.CharField(label=gettext_lazy("Tillstyrkt av chef"), max_length=120),
            "endorsed_on": DayField(label=gettext_lazy("Tillstyrkt den"), past=True, help_text=""),
        },
        required=False,
        label=gettext_lazy("Parternas åtaganden"),
        help_text=gettext_lazy("Andra parter än nämnder som är partner: de skriver sin egen del."),
    )

    def prepare(self) -> None:
        """Partners first, then others."""
        self.partners = partners(self.case)
        options = [(str(party.namnd_id), party.namnd.name) for party in self.partners]
        self.choose("commitments", [*options, (OUTSIDE, _("Annan part"))], "party")

    def rules(self, good: dict[str, Any]) -> None:
        """An outside party has a name. Boards that are partners write a part of their own."""
        if "commitments" not in good:
            return
        rows = good["commitments"]
        for index, row in enumerate(rows):
            if row["party"] == OUTSIDE and not row["name"]:
                self.ask_cell("commitments", index, "name", _("Skriv partens namn."))


class Analyses(Part):
    """Children, equality, personal data."""

    slug = "analyser"
    title = gettext_lazy("Barn, jämställdhet och personuppgifter")

    children = forms.ChoiceField(label=gettext_lazy("Berör satsningen barn?"), choices=YES_NO, widget=forms.RadioSelect)
    children_text = TextField(
        label=gettext_lazy("Barnkonsekvensanalys"),
        least=50,
        most=4000,
        rows=6,
        help_text=gettext_lazy("Om satsningen inte berör barn: motivera det."),
    )
    equality_text = TextField(label=gettext_lazy("Jämställdhetsanalys"), least=50, most=4000, rows=6)
    personal_data = forms.ChoiceField(
        label=gettext_lazy("Behandlas personuppgifter i satsningen?"), choices=YES_NO, widget=forms.RadioSelect
    )
    dpia = forms.ChoiceField(
        label=gettext_lazy("Konsekvensbedömning enligt dataskyddsförordningen"),
        choices=(
            ("gjord", gettext_lazy("Är gjord")),
            ("planerad", gettext_lazy("Behövs och görs före start")),
            ("behovs_ej", gettext_lazy("Behövs inte")),
        ),
        widget=forms.RadioSelect,
        required=False,
    )
    dpia_text = forms.CharField(
        label=gettext_lazy("Var bedömningen finns, eller varför den inte behövs"), max_length=400, required=False
    )

    def rules(self, good: dict[str, Any]) -> None:
        """Personal data asks for a judgement of the consequences."""
        if good.get("personal_data") != "ja":
            return
        if not good.get("dpia"):
            self.ask("dpia", _("Ange om en konsekvensbedömning är gjord, eftersom personuppgifter behandlas."))
        elif not good.get("dpia_text"):
            self.ask("dpia_text", _("Ange var konsekvensbedömningen finns eller varför den inte behövs."))


class Evaluation(Part):
    """How it is evaluated, taken over and spread."""

    slug = "utvardering"
    depends = ("cost_text",)
    title = gettext_lazy("Utvärdering och införande")
    intro = gettext_lazy("Utvärderingen avgör om satsningen ger den effekt som kalkylen räknar med.")

    evaluator = forms.ChoiceField(label=gettext_lazy("Utvärderare"), choices=EVALUATORS, widget=forms.RadioSelect)
    questions = TextField(label=gettext_lazy("Utvärderingsfrågor"), least=20, most=2000, rows=4)
    method = TextField(label=gettext_lazy("Metod"), least=20, most=2000, rows=4)
    cost = TkrField(label=gettext_lazy("Utvärderingens kostnad"))
    cost_text = TextField(
        label=gettext_lazy("Varför utvärderingen inte kostar något"),
        most=800,
        rows=3,
        required=False,
        help_text=gettext_lazy("Fylls i bara om kostnaden är 0."),
    )
    implementation = TextField(
        label=gettext_lazy("Implementeringsplan"),
        least=50,
        most=3000,
        rows=6,
        help_text=gettext_lazy("Hur arbetssättet tas in i ordinarie verksamhet om det lyckas."),
    )
    receiver = forms.CharField(label=gettext_lazy("Mottagande chef"), max_length=120)
    received_on = DayField(label=gettext_lazy("Planerad övergång till ordinarie verksamhet"))
    spreading = TextField(label=gettext_lazy("Spridningsplan"), most=2000, rows=4, required=False)

    def rules(self, good: dict[str, Any]) -> None:
        """An evaluation without cost is argued; what succeeds is taken over after it has begun."""
        if good.get("cost") == 0 and not good.get("cost_text"):
            self.ask("cost_text", _("Motivera varför utvärderingen inte kostar något."))
        first = whole(self.other("tid").get("first_year"))
        if first and "received_on" in good and good["received_on"].year < first:
            self.ask("received_on", _("Övergången kan inte ligga före investeringsfasen."))
