"""The application's effect calculation: typed in tkr, kept in kronor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.sheets.outcome import ACTORS, SCENARIOS, Outcome, by_board, by_year, effect_of, reached_of, usable
from applications.sheets.outcome_lines import lines
from applications.sheets.parts import Part, namnd_choices, namnder, whole
from fundportal import formatting, funds, shown
from fundportal.areas import Area
from fundportal.forms import (
    KronorField,
    PercentField,
    RowsField,
    TextField,
    TkrField,
    WholeField,
    YearField,
    choose,
    parse_number,
)

MODELS = (
    ("egen", gettext_lazy("Egen kalkyl")),
    ("nw", gettext_lazy("Nilsson–Wadeskog")),
    ("nyttosam", gettext_lazy("NyttoSam")),
    ("annan", gettext_lazy("Annan modell")),
)
MOST = KronorField.largest
"""Kronor a year: an effect that is worth more is a slip of the finger."""


class YearlyField(WholeField):
    """A whole number that is the same every year, or one for each year: "40" or "20; 30; 40".

    Cleaned to an int, or to a list of them in the order of the years.
    """

    what = gettext_lazy("ett heltal, eller ett för varje år")
    example = "40"

    def to_python(self, value: Any) -> Any:
        """Each number by itself."""
        typed = [part for part in re.split(r"[;\n]|,\s", str(value or "")) if part.strip()]
        if isinstance(value, str) and len(typed) > 1:
            return [super(YearlyField, self).to_python(number.strip()) for number in typed]
        return super().to_python(value)

    def example_within(self) -> str:
        """Both ways to write it."""
        return _("40 eller 20; 30; 40")


class Calculation(Part):
    """What the effects are worth, for whom and when."""

    slug = "kalkyl"
    more = "applications/_to_calculation.html"
    title = gettext_lazy("Effektkalkyl")
    intro = gettext_lazy(
        "Utgiftsminskning per år är antal som nås × (andel med effekt − andel utan insats) × kostnad per enhet "
        "− merkostnad. "
        "Bara kommunens minskade utgifter kan återföras till fonden."
    )

    base_year = YearField(label=gettext_lazy("Basår"), help_text=gettext_lazy("Nuvärden räknas till detta år."))
    price_level = YearField(
        label=gettext_lazy("Prisnivå, år"),
        help_text=gettext_lazy("Året vars priser kostnaderna anges i. Beloppen räknas inte om till andra års priser."),
    )
    rate = PercentField(
        label=gettext_lazy("Diskonteringsränta"),
        maximum=20,
        help_text=gettext_lazy("Resultatet visas alltid även nominellt."),
    )
    horizon = WholeField(label=gettext_lazy("Tidshorisont"), minimum=1, maximum=40, suffix=gettext_lazy("år"))
    model = forms.ChoiceField(label=gettext_lazy("Kalkylmodell"), choices=MODELS, widget=forms.RadioSelect)
    economist = forms.CharField(label=gettext_lazy("Ansvarig ekonom"), max_length=120)
    effects = RowsField(
        {
            "effect": forms.CharField(label=gettext_lazy("Effekt"), max_length=200),
            "chain": WholeField(label=gettext_lazy("Effekt på rad i effektkedjan"), minimum=1, maximum=50),
            "actor": forms.ChoiceField(label=gettext_lazy("Hos vem"), choices=[("", gettext_lazy("Välj …")), *ACTORS]),
            "namnd": forms.ChoiceField(label=gettext_lazy("Nämnd"), required=False),
            "area": forms.ChoiceField(
                label=gettext_lazy("Verksamhetsområde"), choices=choose(Area.choices), required=False
            ),
            "reached": YearlyField(
                label=gettext_lazy("Antal som nås per år"),
                minimum=1,
                help_text=gettext_lazy("Ett tal om det är lika varje år, annars ett för varje år: 20; 30; 40."),
            ),
            "low": PercentField(label=gettext_lazy("Andel med effekt, låg")),
            "base": PercentField(label=gettext_lazy("Andel med effekt, bas")),
            "high": PercentField(label=gettext_lazy("Andel med effekt, hög")),
            "counterfactual": PercentField(label=gettext_lazy("Andel utan insats")),
            "unit_cost": TkrField(label=gettext_lazy("Kostnad per enhet och år"), minimum=1),
            "source": forms.CharField(label=gettext_lazy("Källa till kostnaden"), max_length=200),
            "running_cost": TkrField(label=gettext_lazy("Merkostnad vid drift per år"), required=False, na=True),
            "first_year": YearField(label=gettext_lazy("Effekt från år")),
            "years": WholeField(label=gettext_lazy("Varaktighet, år"), minimum=1, maximum=40),
            "comment": forms.CharField(label=gettext_lazy("Kommentar"), max_length=300, required=False),
        },
        least=1,
        label=gettext_lazy("Effektrader"),
    )
    soft = TextField(
        label=gettext_lazy("Effekter som inte räknas i kronor"),
        most=2000,
        rows=4,
        required=False,
        help_text=gettext_lazy("Visas bredvid beloppen."),
    )

    def prepare(self) -> None:
        """Boards, and the fund's own rate and price level."""
        self.choose("effects", namnd_choices(self.case), "namnd")
        rules, prices = funds.rules_of(self.case), self.fields["price_level"]
        self.fields["rate"].initial = rules.discount_rate
        if rules.price_year:
            prices.initial = rules.price_year
            prices.help_text = _("%(help)s Fonden räknar i %(year)d års priser.") % {
                "help": prices.help_text,
                "year": rules.price_year,
            }

    def rules(self, good: dict[str, Any]) -> None:
        """Each row by itself and against the target group, the horizon and the base year."""
        size = whole(self.other("behov").get("size"))
        for index, row in enumerate(good.get("effects", [])):
            self._row(index, row, good, size)

    def _row(self, index: int, row: dict[str, Any], good: dict[str, Any], size: int | None) -> None:
        self._place(index, row)
        self._time(index, row, good)
        if size and max(reached_of(row["reached"])) > size:
            self.ask_cell(
                "effects",
                index,
                "reached",
                _("Antalet är större än målgruppen (%(size)s).") % {"size": formatting.number(size)},
            )
        chains = [chain for chain in self.other("effektkedja").get("chain") or [] if any(chain.values())]
        if chains and row["chain"] > len(chains):
            text = _("Det finns ingen rad %(row)d i effektkedjan.") % {"row": row["chain"]}
            self.ask_cell("effects", index, "chain", text)
        if any(abs(saved) > MOST for name in SCENARIOS for saved in effect_of(row).flow(name).values()):
            self.ask_cell(
                "effects",
                index,
                "unit_cost",
                _("Utgiftsminskningen blir mer än %(most)s per år. Kontrollera antalet och kostnaden.")
                % {"most": formatting.kronor(MOST)},
            )
        if not row["low"] <= row["base"] <= row["high"]:
            self.ask_cell("effects", index, "base", _("Andelarna ska stiga från låg till hög."))
        if row["base"] < row["counterfactual"] and not row["comment"]:
            self.ask_cell("effects", index, "comment", _("Insatsen gör utfallet sämre än utan insats. Kommentera det."))

    def _time(self, index: int, row: dict[str, Any], good: dict[str, Any]) -> None:
        if len(reached_of(row["reached"])) not in (1, row["years"]):
            text = _("Skriv ett antal, eller ett för vart och ett av de %(years)d åren. Nu är det %(now)d.")
            now = {"years": row["years"], "now": len(reached_of(row["reached"]))}
            self.ask_cell("effects", index, "reached", text % now)
        if good.get("horizon") and row["years"] > good["horizon"]:
            self.ask_cell("effects", index, "years", _("Varaktigheten är längre än tidshorisonten."))
        if good.get("base_year") and row["first_year"] < good["base_year"]:
            self.ask_cell("effects", index, "first_year", _("Effekten kan inte börja före basåret."))

    def _place(self, index: int, row: dict[str, Any]) -> None:
        for column in ("namnd", "area"):
            if row["actor"] == "kommun" and not row[column]:
                text = _("Ange nämnd och verksamhetsområde för kommunens utgiftsminskning.")
                self.ask_cell("effects", index, column, text)
        ended = {str(board.pk): board.active_to for board in namnder(self.case) if board.active_to}
        if (last := ended.get(row["namnd"])) and row["first_year"] > last.year:
            text = _("Nämnden finns till och med %(day)s. Välj den som tar över.") % {"day": formatting.day(last)}
            self.ask_cell("effects", index, "namnd", text)

    def outcome(self) -> Outcome:
        """Everything that follows from what is typed so far, rows that are not whole included as far as they go."""
        self.is_valid()
        budget = self.other("budget").get("rows") or []
        paid = list(_typed_money(budget))
        first = self.cleaned_data.get("base_year") or whole(self.other("tid").get("first_year"))
        start = first or timezone.localdate().year
        field = cast(RowsField, self.fields["effects"])
        effects, notes = usable(field, self.typed()["effects"], start)
        rate = self.cleaned_data.get("rate")
        return Outcome(
            effects=effects,
            costs=by_year(paid),
            base_year=self.cleaned_data.get("base_year") or min([start, *(effect.first_year for effect in effects)]),
            rate=Decimal(funds.rules_of(self.case).discount_rate) if rate is None else rate,
            horizon=self.cleaned_data.get("horizon") or max([1, *(effect.years for effect in effects)]),
            scope=self.other("grund").get("scope") or self.case.scope,
            soft=str(self.typed().get("soft") or ""),
            boards={namnd.pk: namnd for namnd in namnder(self.case)},
            paid=by_board(paid),
            notes=tuple(notes),
            price_level=self.cleaned_data.get("price_level"),
        )

    def computed(self) -> list[shown.Line]:
        """The formula with the case's own numbers and everything that follows from it."""
        return list(lines(self.outcome()))


def _typed_money(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of the budget as typed, in kronor. What is no number adds nothing; a row without a year is left out."""
    for row in rows:
        if year := whole(row.get("year")):
            namnd = whole(row.get("namnd"))
            yield {"year": year, "namnd": namnd} | {
                name: _kronor(row.get(name)) for name in ("requested", "cofinancing")
            }


def _kronor(typed: Any) -> Decimal:
    try:
        return parse_number(str(typed or "0")) * 1000
    except ArithmeticError:
        return Decimal(0)
