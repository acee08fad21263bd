"""The application's budget: what is asked for, who else pays, and the limits of the fund's rules. Kept in kronor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import sums
from applications.sheets.outcome import by_year
from applications.sheets.parts import Part, namnd_choices, whole
from fundportal import formatting, funds, ledger, shown
from fundportal.fields import in_sum
from fundportal.forms import KronorField, RowsField, TextField, TkrField, YearField
from fundportal.models import Account, Case, Use

COST_TYPES = (
    ("lon", gettext_lazy("Lön")),
    ("konsult", gettext_lazy("Konsult")),
    ("lokal", gettext_lazy("Lokal")),
    ("it", gettext_lazy("IT")),
    ("ovrigt", gettext_lazy("Övrigt")),
)
FINANCING = (
    ("sokt", gettext_lazy("Sökt")),
    ("beviljad", gettext_lazy("Beviljad")),
    ("avslag", gettext_lazy("Avslag")),
)
FOLLOWED = (Use.FOLLOW_UP, Use.EVALUATE)
MOST = KronorField.largest
AVAILABLE = gettext_lazy("Fondens disponibla medel")
"""Told beside the budget; it changes with the fund and is no part of what is applied for."""
"""Kronor in all: more is a slip of the finger."""


class Budget(Part):
    """What is asked for, per year, use, cost type and board."""

    slug = "budget"
    depends = ("demarcation",)
    title = gettext_lazy("Budget")
    intro = gettext_lazy(
        "Belopp i tusental kronor (tkr). Fondens medel kan användas till att utveckla, införa, följa upp och utvärdera."
    )

    rows = RowsField(
        {
            "year": YearField(label=gettext_lazy("År")),
            "use": forms.ChoiceField(
                label=gettext_lazy("Användning"), choices=[("", gettext_lazy("Välj …")), *Use.choices]
            ),
            "cost_type": forms.ChoiceField(
                label=gettext_lazy("Kostnadsslag"), choices=[("", gettext_lazy("Välj …")), *COST_TYPES]
            ),
            "namnd": forms.ChoiceField(label=gettext_lazy("Nämnd")),
            "requested": TkrField(label=gettext_lazy("Sökt")),
            "cofinancing": TkrField(label=gettext_lazy("Medfinansiering"), required=False, na=True),
        },
        least=1,
        totals=("requested", "cofinancing"),
        by="year",
        label=gettext_lazy("Budgetrader"),
    )
    financing = RowsField(
        {
            "financier": forms.CharField(label=gettext_lazy("Finansiär"), max_length=160),
            "dnr": forms.CharField(label=gettext_lazy("Diarienummer"), max_length=60, required=False),
            "amount": TkrField(label=gettext_lazy("Belopp")),
            "status": forms.ChoiceField(label=gettext_lazy("Läge"), choices=[("", gettext_lazy("Välj …")), *FINANCING]),
        },
        least=1,
        na=True,
        totals=("amount",),
        label=gettext_lazy("Annan finansiering"),
        help_text=gettext_lazy(
            "Till exempel ESF eller statsbidrag för samma satsning. Kryssa i ”Inte aktuellt” om det inte finns någon."
        ),
    )
    demarcation = TextField(
        label=gettext_lazy("Avgränsning mot annan finansiering"),
        most=1500,
        rows=3,
        required=False,
        help_text=gettext_lazy(
            "Krävs när annan finansiering anges: vad betalar vem, så att inget finansieras två gånger."
        ),
    )

    def prepare(self) -> None:
        """The boards that take part."""
        taking_part = {namnd for namnd, part in self.case.party_list if part != "remiss"}
        self.choose("rows", [row for row in namnd_choices(self.case) if int(row[0]) in taking_part], "namnd")

    def rules(self, good: dict[str, Any]) -> None:
        """Years within the phase, something asked for, enough for evaluation, nothing paid for twice."""
        rows = good.get("rows", [])
        self._years(rows)
        total = sum((row["requested"] for row in rows), Decimal(0))
        if rows and not total:
            self.ask("rows", _("Det sökta beloppet ska vara större än 0."))
        elif total > MOST:
            self.ask("rows", _("Det sökta beloppet är orimligt stort. Kontrollera beloppen."))
        elif rows:
            self._share(rows, total)
            self._within_the_fund(total)
            self._limits(rows, good)
        if good.get("financing") and not good.get("demarcation"):
            self.ask(
                "demarcation", _("Beskriv avgränsningen mot annan finansiering, så att inget finansieras två gånger.")
            )

    def _years(self, rows: list[dict[str, Any]]) -> None:
        phase = self.other("tid")
        first, last = whole(phase.get("first_year")), whole(phase.get("last_year"))
        for index, row in enumerate(rows):
            if first and last and not first <= row["year"] <= last:
                self.ask_cell(
                    "rows",
                    index,
                    "year",
                    _("Året ligger utanför investeringsfasen %(from)d–%(to)d.") % {"from": first, "to": last},
                )

    def _share(self, rows: list[dict[str, Any]], total: Decimal) -> None:
        least = funds.rules_of(self.case).min_evaluation_share
        followed = sum((row["requested"] for row in rows if row["use"] in FOLLOWED), Decimal(0))
        if followed * 100 < least * total:
            self.ask(
                "rows",
                _("Minst %(least)s ska gå till att följa upp och utvärdera. Nu är det %(now)s.")
                % {"least": formatting.percent(least), "now": formatting.share(followed, total)},
            )

    def _within_the_fund(self, total: Decimal) -> None:
        """No more than the fund has. Others may take it meanwhile: it is asked again when the decision is signed."""
        available = ledger.balance(self.case.fund, Account.FUND)
        if total > available:
            text = _("Ni söker %(asked)s, men fonden har %(available)s disponibelt. Sänk det sökta beloppet.")
            amounts = {"asked": formatting.kronor(total), "available": formatting.kronor(available)}
            self.ask("rows", text % amounts)

    def _limits(self, rows: list[dict[str, Any]], good: dict[str, Any]) -> None:
        """What the fund's rules allow at most, where they say so."""
        others = other_money(by_year(rows, "cofinancing"), good.get("financing"))
        for passed in sums.beyond(by_year(rows), others, limits_of(self.case)):
            self.ask("rows", in_plain_words(passed))

    def computed(self) -> list[shown.Line]:
        """What is asked for per year and use, with sums."""
        rows = self.right("rows")
        if not rows:
            return []
        years = sorted({row["year"] for row in rows})
        table = [
            [
                str(label),
                *(formatting.tkr(_sum(rows, year, use)) for year in years),
                formatting.tkr(_sum(rows, None, use)),
            ]
            for use, label in Use.choices
        ]
        table.append(
            [_("Summa sökt"), *(formatting.tkr(_sum(rows, year)) for year in years), formatting.tkr(_sum(rows))]
        )
        columns = [_("Användning"), *map(str, years), _("Summa")]
        uses = shown.table(_("Sökt per år och användning"), columns, table, figures=tuple(range(1, len(columns))))
        available = formatting.tkr(ledger.balance(self.case.fund, Account.FUND))
        return [uses, shown.Line(str(AVAILABLE), available), *self._financed(rows)]

    def _financed(self, rows: list[dict[str, Any]]) -> Iterator[shown.Line]:
        """Who pays what of the whole cost, and a word against paying for the same thing twice."""
        counted = _counted(self.right("financing"))
        payers = [
            (_("Söks ur fonden"), _sum(rows)),
            (_("Nämndernas medfinansiering"), sum(by_year(rows, "cofinancing").values(), Decimal(0))),
            *((row["financier"], in_sum(row["amount"])) for row in counted),
        ]
        split = sums.split(payers[0][1], [amount for _name, amount in payers[1:]])
        table = [[name, formatting.tkr(amount), formatting.share(amount, split.total)] for name, amount in payers]
        table.append([_("Hela kostnaden"), formatting.tkr(split.total), formatting.percent(100)])
        yield shown.table(_("Så finansieras satsningen"), [_("Vem"), _("Belopp"), _("Andel")], table, figures=(1, 2))
        if counted:
            names = formatting.in_words([row["financier"] for row in counted])
            text = _("Även %(names)s betalar. Samma kostnad får inte betalas två gånger: se avgränsningen.")
            yield shown.Line(_("Risk för dubbelfinansiering"), text % {"names": names})


def _sum(rows: list[dict[str, Any]], year: int | None = None, use: str = "") -> Decimal:
    wanted = (row["requested"] for row in rows if year in (None, row["year"]) and use in ("", row["use"]))
    return sum(wanted, Decimal(0))


def _counted(rows: Any) -> list[dict[str, Any]]:
    """Other financing that is applied for or granted: what was refused pays nothing."""
    return [row for row in rows or [] if row["status"] != "avslag"]


def limits_of(case: Case) -> sums.Limits:
    """What the fund's rules allow at most for a case."""
    rules = funds.rules_of(case)
    return sums.Limits(rules.max_yearly, rules.max_share, rules.max_years, rules.max_amount)


def other_money(cofinancing: Mapping[int, Decimal], financing: Any) -> Decimal:
    """What the boards and other financiers pay of the whole cost."""
    others = (in_sum(row["amount"]) for row in _counted(financing))
    return sum(cofinancing.values(), Decimal(0)) + sum(others, Decimal(0))


def in_plain_words(passed: sums.Beyond) -> str:
    """A limit that is passed, in words."""
    most, asked = passed.most, passed.asked
    match passed.what:
        case "per_year":
            return _("Högst %(most)s per år får sökas. För %(year)d är det %(asked)s.") % {
                "most": formatting.tkr(most),
                "year": passed.year,
                "asked": formatting.tkr(asked),
            }
        case "total":
            return _("Högst %(most)s får sökas i allt. Nu är det %(asked)s.") % {
                "most": formatting.tkr(most),
                "asked": formatting.tkr(asked),
            }
        case "share" if asked <= most:  # rounded to one decimal it says the limit itself
            return _(
                "Fonden betalar högst %(most)s av kostnaden. Nu är det strax över. "
                "Sök mindre eller lägg till annan finansiering."
            ) % {"most": formatting.percent(most)}
        case "share":
            return _("Fonden betalar högst %(most)s av kostnaden. Nu är det %(asked)s.") % {
                "most": formatting.percent(most),
                "asked": formatting.percent(asked),
            }
        case _:
            return _("Medel får sökas för högst %(most)d år. Nu är det %(asked)d.") % {"most": most, "asked": asked}
