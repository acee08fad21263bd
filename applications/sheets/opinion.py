"""The tjänsteutlåtande: the city's fixed headings, and the decision that is proposed."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Appeal, BudgetRow, Route
from applications.sheets import small_counts
from applications.sheets.money import money_rows, set_boards, twice, typed_row
from fundportal import hooks
from fundportal.drafts import PartForm, Sheet
from fundportal.formatting import in_words, tkr
from fundportal.forms import DayField, RowsField, TextField
from fundportal.models import Case
from fundportal.process import Outcome, Role, Step
from fundportal.shown import Line

MARKDOWN = gettext_lazy(
    "Tomrad ger nytt stycke, - ger punktlista, **fet** och *kursiv* ger fet och kursiv text, > ger citat. "
    "Länkar skrivs med https."
)
PROPOSED = (Outcome.GRANTED, Outcome.PARTLY, Outcome.REJECTED)


class Clauses(PartForm):
    """Förslag till beslut, as numbered att-satser."""

    slug = "forslag"
    title = gettext_lazy("Förslag till beslut")
    intro = gettext_lazy("Varje rad blir en numrerad att-sats. Skriv vad som beslutas, vem det gäller, belopp och år.")

    clauses = RowsField(
        {"text": TextField(label=gettext_lazy("Att-sats"), least=10, most=800, rows=3)},
        label=gettext_lazy("Förslag till beslut"),
        least=1,
    )

    def prepare(self) -> None:
        """Begin with the sentence that nearly always comes first."""
        if self.is_bound or not self.case.requested:
            return
        years = sorted({year for year in (self.case.first_year, self.case.last_year) if year})
        said = "–".join(str(year) for year in years)
        text = _("%(owner)s beviljas %(amount)s ur %(fund)s för %(years)s.") % {
            "owner": self.case.owner,
            "amount": tkr(self.case.requested),
            "fund": self.case.fund,
            "years": _("åren %s") % said if len(years) > 1 else _("år %s") % said,
        }
        self.fields["clauses"].initial = [{"text": text}]


class Matter(PartForm):
    """What the case is about."""

    slug = "arendet"
    title = gettext_lazy("Sammanfattning och ärende")
    intro = MARKDOWN

    abstract = TextField(label=gettext_lazy("Sammanfattning"), least=30, most=2500)
    background = TextField(label=gettext_lazy("Bakgrund"), least=30, most=6000, rows=8)
    matter = TextField(label=gettext_lazy("Ärendet"), least=30, most=12000, rows=12)


class Preparation(PartForm):
    """How it was prepared, and what the office thinks."""

    slug = "beredning"
    title = gettext_lazy("Beredning och bedömning")
    intro = MARKDOWN

    preparation = TextField(
        label=gettext_lazy("Ärendets beredning"),
        help_text=gettext_lazy(
            "Vilka enheter, råd och remissinstanser som deltagit, med datum. Nämn dem som inte har svarat vid namn."
        ),
        least=30,
        most=6000,
        rows=8,
    )
    remiss = TextField(
        label=gettext_lazy("Remissvaren"),
        help_text=gettext_lazy(
            "Hämta utkastet ur sammanställningen av remissvaren och gör texten till din. Hakparenteserna pekar på "
            "svaren. Behövs när ansökan har remitterats."
        ),
        required=False,
        most=12000,
        rows=10,
    )
    remiss_origin = forms.CharField(required=False, widget=forms.HiddenInput(), max_length=40)
    view = TextField(
        label=gettext_lazy("Stadsledningskontorets synpunkter och förslag"),
        help_text=gettext_lazy("Kontorets bedömning mot fondens riktlinjer, kalkylen och remissvaren."),
        least=30,
        most=12000,
        rows=12,
    )

    def computed(self) -> list[Line]:
        """Where the text on the remiss comes from, and whether there is more to tell since."""
        origin = (self.data or {}).get("remiss_origin")
        now = hooks.suggestion("opinion/beredning/remiss", self.case)
        if now is None:
            return []
        if not origin:
            text = _("Inte hämtad ur sammanställningen. Nu finns %s.") % now.told
        elif origin == now.origin:
            text = _("Hämtad ur sammanställningen, och inget har hänt sedan dess: %s.") % now.told
        else:
            text = _("Hämtad ur sammanställningen, men äldre än läget nu: %s. Hämta den igen.") % now.told
        return [Line(_("Texten om remissvaren"), text)]


class Analyses(PartForm):
    """The analyses that the city asks for in every tjänsteutlåtande."""

    slug = "analyser"
    title = gettext_lazy("Jämställdhet och barn")
    intro = gettext_lazy("Staden följer upp att alla tjänsteutlåtanden har en jämställdhetsanalys.")

    gender = TextField(
        label=gettext_lazy("Jämställdhetsanalys"),
        help_text=gettext_lazy("Hur påverkas kvinnor och män, flickor och pojkar? Vad visar underlaget?"),
        least=30,
        most=4000,
    )
    children = TextField(
        label=gettext_lazy("Barnkonsekvenser"),
        help_text=gettext_lazy("Berör ärendet inte barn: skriv det och varför."),
        least=10,
        most=4000,
    )


class Attachments(PartForm):
    """The list of bilagor, in order."""

    slug = "bilagor"
    title = gettext_lazy("Bilagor")
    intro = gettext_lazy("Bilagorna numreras i den ordning de står.")

    attachments = RowsField(
        {"title": forms.CharField(label=gettext_lazy("Bilaga"), max_length=200)},
        label=gettext_lazy("Bilagor"),
        required=False,
    )

    def prepare(self) -> None:
        """Begin with the papers that are in the case."""
        if not self.is_bound:
            titles = self.case.documents.exclude(kind="tjansteutlatande").values_list("title", flat=True)
            self.fields["attachments"].initial = [{"title": title} for title in titles]


class ProposedDecision(PartForm):
    """The decision itself: route, outcome and amounts."""

    slug = "beslut"
    title = gettext_lazy("Beslut och belopp")
    intro = gettext_lazy(
        "Det här styr vad stadsdirektören skriver under och vilka belopp som bokförs om förslaget bifalls."
    )

    outcome = forms.ChoiceField(
        label=gettext_lazy("Föreslaget utfall"),
        choices=[(outcome.value, outcome.label) for outcome in PROPOSED],
        widget=forms.RadioSelect,
    )
    route = forms.ChoiceField(label=gettext_lazy("Beslutsväg"), choices=Route.choices, widget=forms.RadioSelect)
    board_on = DayField(
        label=gettext_lazy("Kommunstyrelsens sammanträde"),
        help_text=gettext_lazy(
            "Behövs när kommunstyrelsen ska besluta. Skriv år, månad och dag, till exempel 2027-02-01."
        ),
        required=False,
    )
    rows = money_rows(
        gettext_lazy("Belopp som beviljas"),
        help_text=gettext_lazy(
            "Sökta belopp står ifyllda. Ändra dem vid delvis bifall. Vid avslag används raderna inte."
        ),
        required=False,
    )
    reasons = TextField(
        label=gettext_lazy("Motivering"),
        help_text=gettext_lazy("Varför beslutet föreslås, minst 100 tecken. Den följer med beslutet till sökanden."),
        least=100,
        most=4000,
    )
    jav_note = TextField(
        label=gettext_lazy("Jävsnotering"),
        help_text=gettext_lazy("Vilka som anmält jäv och inte deltagit, eller att ingen har gjort det."),
        most=1000,
        rows=3,
    )
    appeal = forms.ChoiceField(label=gettext_lazy("Överklagande"), choices=Appeal.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Begin with what was asked for and with who declared jäv."""
        set_boards(self.fields["rows"], self.case)
        if self.is_bound:
            return
        self.fields["rows"].initial = requested_rows(self.case)
        javs = [jav.user.get_full_name() for jav in self.case.javs.standing().select_related("user")]
        self.fields["jav_note"].initial = (
            _("%(names)s har anmält jäv och har inte deltagit i handläggningen.") % {"names": in_words(javs)}
            if javs
            else _("Ingen som handlagt ärendet har anmält jäv.")
        )

    def clean(self) -> dict[str, Any]:
        """A grant has amounts that fit the outcome; kommunstyrelsen has a day."""
        cleaned = super().clean() or {}
        if cleaned.get("route") == Route.BOARD and not cleaned.get("board_on") and "board_on" not in self.errors:
            self.add_error("board_on", _("Fyll i dagen för kommunstyrelsens sammanträde."))
        if cleaned.get("outcome") == Outcome.REJECTED:
            cleaned["rows"] = []
        elif "outcome" in cleaned and "rows" in cleaned and (fault := self._wrong(cleaned["outcome"], cleaned["rows"])):
            self.add_error("rows", ValidationError(fault))
        return cleaned

    def _wrong(self, outcome: str, rows: list[dict[str, Any]]) -> str | None:
        if not rows:
            return _("Fyll i minst en rad under ”Belopp som beviljas”.")
        if fault := twice(rows):
            return fault
        if self.case.requested is None:
            return None
        return amount_misfit(outcome, sum((row["amount"] for row in rows), Decimal(0)), self.case.requested)


def amount_misfit(outcome: str, amount: Decimal, requested: Decimal) -> str | None:
    """Why an amount does not fit an outcome, in words: bifall is what was asked for, delvis bifall is less."""
    sums = {"amount": tkr(amount), "requested": tkr(requested)}
    if amount > requested:
        return _("Beloppen blir %(amount)s, men sökt är %(requested)s. Mer än det sökta kan inte beviljas.") % sums
    if outcome == Outcome.GRANTED and amount < requested:
        return _("Beloppen blir %(amount)s, men sökt är %(requested)s. Välj delvis bifall eller ändra beloppen.") % sums
    if outcome == Outcome.PARTLY and amount == requested:
        return _("Beloppen är hela det sökta, %(requested)s. Välj bifall eller sänk beloppen.") % sums
    return None


def requested_rows(case: Case) -> list[dict[str, Any]]:
    """What the newest application asks for, summed by year, use and nämnd."""
    asked = list(BudgetRow.objects.filter(case=case).order_by("-submission", "year", "id"))
    sums: dict[tuple[int, str, int], Decimal] = defaultdict(Decimal)
    for row in asked:
        if row.submission == asked[0].submission and row.requested:
            sums[row.year, row.use, row.namnd_id] += row.requested
    return [typed_row(*key, amount) for key, amount in sums.items()]


OPINION = Sheet(
    name="opinion",
    title=gettext_lazy("Tjänsteutlåtande"),
    step=Step.PREPARATION,
    role=Role.OFFICER,
    parts=(Clauses, Matter, Preparation, Analyses, Attachments, ProposedDecision),
    submit="propose_decision",
    also_reads=(Role.CONTROLLER,),
    warns=small_counts.warning,
)
