"""Shapes of input for status reports."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Light, Report
from applications.models.investment import Line, granted, standing
from applications.needs.following import baseline_of, indicators_of, owed, progress
from applications.sheets.money import boards
from fundportal.forms import (
    ActionForm,
    DayField,
    KronorField,
    NumberField,
    RowsField,
    TextField,
    WholeField,
    YearField,
    choose,
)
from fundportal.models import Use


class OutcomeField(NumberField):
    """An indicator's outcome: a number with at most two decimals, below zero too."""

    decimals = 2
    what = gettext_lazy("ett tal med högst två decimaler")
    example = "12,5"

    def __init__(self, **kwargs: Any) -> None:
        """An indicator may fall below zero."""
        super().__init__(minimum=None, **kwargs)


class ReportForm(ActionForm):
    """How it goes, for a period."""

    template = "actions/report.html"
    intro = gettext_lazy("Lägesrapporten lämnas en gång per period. Styrgruppens ordförande godkänner den.")

    year = YearField(label=gettext_lazy("År"))
    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=Report.Period.choices, widget=forms.RadioSelect)
    indicators = RowsField(
        {
            "name": forms.CharField(label=gettext_lazy("Indikator"), max_length=200),
            "value": OutcomeField(label=gettext_lazy("Utfall"), required=False),
            "comment": TextField(label=gettext_lazy("Kommentar"), required=False, most=1000, rows=2),
        },
        label=gettext_lazy("Indikatorer"),
        help_text=gettext_lazy("Saknas utfall: skriv varför i kommentaren."),
        least=1,
    )
    women = WholeField(label=gettext_lazy("Antal kvinnor som nåtts"))
    men = WholeField(label=gettext_lazy("Antal män som nåtts"))
    children = WholeField(
        label=gettext_lazy("Antal barn som nåtts"), help_text=gettext_lazy("Flickor och pojkar under 18 år.")
    )
    spend = RowsField(
        {
            "use": forms.ChoiceField(label=gettext_lazy("Användning"), choices=choose(Use.choices)),
            "namnd": forms.TypedChoiceField(label=gettext_lazy("Nämnd"), coerce=int, choices=()),
            "spent": KronorField(label=gettext_lazy("Upparbetat hittills i år")),
            "forecast": KronorField(label=gettext_lazy("Prognos helår")),
        },
        label=gettext_lazy("Ekonomi"),
        help_text=gettext_lazy("En rad för varje användning och nämnd som har beviljade medel under året."),
        least=1,
    )
    time = forms.ChoiceField(label=gettext_lazy("Läget för tid"), choices=Light.choices, widget=forms.RadioSelect)
    economy = forms.ChoiceField(
        label=gettext_lazy("Läget för ekonomi"), choices=Light.choices, widget=forms.RadioSelect
    )
    effect = forms.ChoiceField(label=gettext_lazy("Läget för effekt"), choices=Light.choices, widget=forms.RadioSelect)
    measure = TextField(
        label=gettext_lazy("Åtgärd"),
        help_text=gettext_lazy("Krävs när något är rött."),
        required=False,
        most=2000,
        rows=4,
    )
    measure_owner = forms.CharField(
        label=gettext_lazy("Ansvarig för åtgärden"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Krävs när något är rött."),
    )
    measure_on = DayField(
        label=gettext_lazy("Åtgärden klar senast"),
        required=False,
        help_text=gettext_lazy("Krävs när något är rött. Till exempel 2027-02-01."),
    )
    comment = TextField(label=gettext_lazy("Övrigt"), required=False, most=4000, rows=4)
    reason = TextField(
        label=gettext_lazy("Skäl till rättelsen"),
        help_text=gettext_lazy("Krävs när perioden redan är rapporterad: rapporten blir då en ny version."),
        required=False,
        most=2000,
        rows=3,
    )

    def prepare(self) -> None:
        """Begin with the oldest period that is owed, the locked indicators and the budget rows of its year."""
        self.baseline = baseline_of(self.case)
        self.owed = owed(self.case, timezone.localdate(self.at))
        column = cast(RowsField, self.fields["spend"]).columns["namnd"]
        cast(forms.ChoiceField, column).choices = choose([(it.pk, it.short) for it in boards(self.case)])
        if self.is_bound:
            return
        now = {key: amount for key, amount in granted(self.case).items() if amount}
        years = [year for year, _use, _namnd in now]
        this_year = timezone.localdate(self.at).year
        year = this_year if this_year in years or not years else max(years)
        if self.owed:
            year, self.fields["period"].initial = self.owed[0].key
        self.fields["year"].initial = year
        self.fields["spend"].initial = [{"use": use, "namnd": namnd} for of, use, namnd in now if of == year]
        rows = self.baseline.rows.all() if self.baseline else indicators_of(self.case)
        self.fields["indicators"].initial = [{"name": row.name} for row in rows]

    def clean(self) -> dict[str, Any]:
        """Red needs a measure, and an outcome that is missing needs a reason: told at the field."""
        cleaned = super().clean() or {}
        if Light.RED in (cleaned.get("time"), cleaned.get("economy"), cleaned.get("effect")):
            asked = {
                "measure": _("Skriv vilken åtgärd som vidtas. Något är rött."),
                "measure_owner": _("Fyll i vem som ansvarar för åtgärden."),
                "measure_on": _("Fyll i när åtgärden ska vara klar."),
            }
            for name, text in asked.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, text)
        for row in cleaned.get("indicators") or []:
            if row["value"] is None and not row["comment"].strip():
                self.add_error("indicators", ValidationError(_("Skriv varför ”%s” saknar utfall.") % row["name"]))
        return cleaned

    def given(self) -> dict[str, Any]:
        """The boards themselves."""
        mine = {it.pk: it for it in boards(self.case)}
        rows = [row | {"namnd": mine[row["namnd"]]} for row in self.cleaned_data["spend"]]
        return self.cleaned_data | {"spend": rows}

    def context(self) -> dict[str, Any]:
        """Where the money stands, what is owed, and the indicators with what was reported last."""
        lines = standing(self.case)
        return {
            "lines": lines,
            "total": Line.of(lines),
            "owed": self.owed,
            "indicators": progress(self.case, self.baseline),
        }


class ReportChoice(forms.ModelChoiceField):
    """Reports, each in a line with its lights."""

    def label_from_instance(self, obj: Report) -> str:
        """Period and lights in words."""
        lights = "; ".join(f"{what.lower()}: {word.lower()}" for what, _light, word in obj.lights)
        return f"{obj.get_period_display()}, {obj.year}. {lights.capitalize()}."


class AcceptReport(ActionForm):
    """The chair reads and accepts."""

    template = "actions/accept_report.html"
    intro = gettext_lazy("Läs rapporten innan du godkänner den. Stadsdirektören får besked.")

    report = ReportChoice(
        label=gettext_lazy("Lägesrapport"), queryset=Report.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    comment = TextField(label=gettext_lazy("Kommentar till projektet"), required=False, most=2000, rows=4)

    def prepare(self) -> None:
        """The reports that wait, the oldest first."""
        waiting = Report.objects.filter(case=self.case).awaiting().order_by("year", "period")
        field = cast(ReportChoice, self.fields["report"])
        field.queryset = waiting
        field.initial = waiting.first()
