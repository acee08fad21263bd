"""Multi-part drafts: the evaluation. Needs and acts both read it, so it lies below them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal import formatting, shown
from fundportal.areas import Area
from fundportal.drafts import PartForm, Sheet
from fundportal.forms import DayField, NumberField, RowsField, TextField, TkrField, YearField, choose
from fundportal.levels import Level
from fundportal.models import Namnd
from fundportal.plans import plan_of
from fundportal.process import Role, Step
from reviews.models import Cause, Comparison, EvaluatorKind, Recommendation, RepaymentProposal, Strength

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
    answers = TextField(
        label=gettext_lazy("Svar på utvärderingsfrågorna"),
        required=False,
        rows=6,
        help_text=gettext_lazy("Frågorna i ansökan står under planen nedan. Besvara dem en och en."),
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

    def prepare(self) -> None:
        """Begin with the application's plan."""
        self.plan = plan_of(self.case)
        if self.plan:
            self.fields["method"].initial = self.plan.method
            self.fields["comparison"].initial = self.plan.comparison or None

    def computed(self) -> list[shown.Line]:
        """The plan that was made with the application: what this part is held against."""
        if not self.plan:
            return []
        judged = self.plan.judged
        said = [
            shown.Line(_("Nivå enligt planen"), f"{judged.level.label}. {judged.asks}"),
            shown.Line(_("Så räknas nivån"), "; ".join(f"{what} ger {points}" for what, points in judged.lines)),
        ]
        if self.plan.comparison:
            said.append(shown.Line(_("Jämförelse enligt planen"), str(Comparison(self.plan.comparison).label)))
        texts = ((_("Frågor enligt planen"), self.plan.questions), (_("Metod enligt planen"), self.plan.method))
        return [*said, *(shown.Line(label, text, long=True) for label, text in texts if text)]

    def clean(self) -> dict[str, Any]:
        """A deviation from the plan has its reason, and so has a comparison that is too weak for the level."""
        given = super().clean() or {}
        if "deviation" in given and not given["deviation"] and (text := self._unexplained(given)):
            self.add_error("deviation", text)
        return given

    def _unexplained(self, given: dict[str, Any]) -> str:
        comparison = given.get("comparison")
        if given.get("differs"):
            return _("Beskriv vad som avviker från utvärderingsplanen och varför.")
        if comparison == Comparison.NONE:
            return _("Motivera varför ingen jämförelse gjordes.")
        if comparison and self.plan and self.plan.comparison and comparison != self.plan.comparison:
            return _("Planen angav en annan jämförelse: %s. Motivera skillnaden.") % str(
                Comparison(self.plan.comparison).label
            )
        if comparison and self.plan and comparison not in ENOUGH[self.plan.judged.level]:
            return _("%s kräver en starkare jämförelse. Motivera valet.") % str(self.plan.judged.level.label)
        return ""


ENOUGH = {
    Level.BASIC: set(Comparison),
    Level.EXTENDED: set(Comparison) - {Comparison.NONE},
    Level.EFFECT: {Comparison.RANDOMISED, Comparison.MATCHED, Comparison.WAITING_LIST},
}
"""The comparisons that a level is content with; others are argued."""


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
            "baseline": Measure(label=gettext_lazy("Utgångsvärde"), required=False),
            "target": Measure(label=gettext_lazy("Mål"), required=False),
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
        """Begin with the indicators of the plan, from the locked baseline where there is one."""
        plan = plan_of(self.case)
        self.planned = plan.indicators if plan else []
        self.fields["effects"].initial = [
            {"indicator": it.name, "unit": it.unit}
            | ({} if it.baseline is None else {"baseline": it.baseline})
            | ({} if it.target is None else {"target": it.target})
            for it in self.planned
        ]

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
            for name in (it.name for it in self.planned)
            if name.strip().casefold() not in given
        ]
        faults += self._moved(rows)
        if faults:
            raise ValidationError(faults)
        return rows

    def _moved(self, rows: list[dict[str, Any]]) -> list[str]:
        """Where the baseline is another than the locked: it is changed by its own act, before the evaluation."""
        locked = {it.name.strip().casefold(): it for it in self.planned if it.baseline is not None}
        return [
            _("Utgångsvärdet för ”%(name)s” låstes till %(value)s. Skriv det, eller lämna cellen som den var.")
            % {"name": row["indicator"], "value": formatting.number(it.baseline, 2)}
            for row in rows
            if (it := locked.get(row["indicator"].strip().casefold()))
            and row["baseline"] is not None
            and row["baseline"] != it.baseline
        ]


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
            "cause": forms.ChoiceField(
                label=gettext_lazy("Orsak till skillnad"), choices=choose(Cause.choices), required=False
            ),
            "why": forms.CharField(label=gettext_lazy("Förklaring"), max_length=500, required=False),
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
        plan = plan_of(self.case)
        self.planned = {(it.namnd, it.area, it.year): it.amount for it in plan.savings} if plan else {}
        self.fields["savings"].initial = [
            {"namnd": str(namnd), "area": area, "year": year, "planned": amount}
            for (namnd, area, year), amount in self.planned.items()
        ]

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
            faults += self._differs(row)
        faults += self._left_out(seen)
        if faults:
            raise ValidationError(faults)
        return rows

    def _differs(self, row: dict[str, Any]) -> list[str]:
        """What is missing where the outcome is not what was planned, or the plan not what the application said."""
        told = {"board": row["namnd"], "area": Area(row["area"]).label, "year": row["year"]}
        promised = self.planned.get((row["namnd"].pk, row["area"], row["year"]))
        if promised is not None and formatting.tkr(promised) != formatting.tkr(row["planned"]):
            told["promised"] = formatting.tkr(promised)
            return [_("%(board)s, %(area)s, %(year)d: kalkylen i ansökan säger %(promised)s.") % told]
        if row["planned"] != row["established"] and not (row["cause"] and row["why"].strip()):
            return [_("%(board)s, %(area)s, %(year)d: ange orsak till skillnaden och förklara den.") % told]
        return []

    def _left_out(self, seen: set[tuple[int, str, int]]) -> list[str]:
        """What the calculation promised until the year of the evaluation, and the rows leave out."""
        last = max((year for _board, _area, year in seen), default=0)
        return [
            _("%(board)s, %(area)s, %(year)d finns i ansökans kalkyl men saknas här.")
            % {"board": self.boards[str(board)], "area": Area(area).label, "year": year}
            for board, area, year in self.planned
            if year <= last and (board, area, year) not in seen and str(board) in self.boards
        ]


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
        label=gettext_lazy("Skäl till delvis återföring eller undantag"),
        help_text=gettext_lazy("Krävs när inte hela beloppet föreslås återföras."),
        required=False,
        rows=4,
        least=50,
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
