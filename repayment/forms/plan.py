"""Forms of the acts on the plan."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.formatting import kronor
from fundportal.forms import ActionForm, RowChange, TextField, choose
from fundportal.models import Namnd
from fundportal.rows import RowsField, real
from fundportal.signing import SigningForm
from repayment.forms.fields import DependsChoice, DependsText, NamndField, plan_rows, typed_rows
from repayment.models import Basis, ExemptionReason, PlanRow, Standing, city_namnder, standing
from repayment.models.savings import Counted, counted
from repayment.sums import Flow, by_years, instalments

YEARS = 4
MOST_YEARS = 10
"""No more boksluts than these are filled in beforehand; Malmö's plans were of 4 to 10 years. One may type more."""


class OfRepayment(ActionForm):
    """A form beside the table of what is planned, repaid, exempted and remaining."""

    @cached_property
    def standing(self) -> Standing:
        """Where the case's repayment stands."""
        return standing(self.case)

    def context(self) -> dict[str, Any]:
        """For the table."""
        return super().context() | {"standing": self.standing}


class ProposePlan(OfRepayment):
    """Rows, basis, grounds, and why if the plan holds less than the whole."""

    template = "actions/propose_plan.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Föreslå vilka nämnder som ska återföra hur mycket, vid vilka bokslut. "
        "Stadsdirektören beslutar om tid och belopp."
    )
    rows = plan_rows(
        gettext_lazy("Planens rader"),
        required=False,
        help_text=gettext_lazy(
            "Bokslutsåren ska följa på varandra. Bara stadens nämnder kan "
            "återföra, och bara besparingar som de själva råder över."
        ),
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("Bas för planen"),
        choices=Basis.choices,
        initial=Basis.NOMINAL,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Raderna anges alltid i nominella kronor. Basen säger hur planen bedöms och står i beslutet."
        ),
    )
    grounds = TextField(
        label=gettext_lazy("Underlag och motivering"),
        rows=5,
        help_text=gettext_lazy("Vilka utgiftsminskningar bygger planen på, och vad säger utvärderingen?"),
    )
    lower_reason = DependsChoice(
        label=gettext_lazy("Skäl till lägre belopp"),
        choices=choose(ExemptionReason.choices, gettext_lazy("Hela beloppet ska återföras")),
        required=False,
        help_text=gettext_lazy(
            "Krävs om raderna summerar till mindre än det som ska återföras. Skillnaden undantas när planen beslutas."
        ),
    )
    lower_text = DependsText(
        label=gettext_lazy("Motivering till lägre belopp"),
        rows=3,
        required=False,
        help_text=gettext_lazy("Krävs tillsammans med skälet. Den står i beslutet."),
    )

    def prepare(self) -> None:
        """An even plan over four years to begin from, or the last proposal."""
        rows = self.fields["rows"]
        rows.columns["namnd"].offer_namnder(city_namnder().valid_on(timezone.localdate(self.at)))  # type: ignore[attr-defined]
        if proposal := self.standing.proposal:
            rows.initial = typed_rows(proposal.rows.all())
            self.fields["grounds"].initial = proposal.grounds
            self.fields["basis"].initial = proposal.basis
            self.fields["lower_reason"].initial = proposal.lower_reason
            self.fields["lower_text"].initial = proposal.lower_text
        elif found := self.evaluated:
            rows.initial = found
        elif self.standing.to_repay:
            even = instalments(self.standing.to_repay, self.first, YEARS)
            rows.initial = [{"year": year, "namnd": self.case.owner_id, "amount": amount} for year, amount in even]

    @property
    def first(self) -> int:
        """The first bokslut that the plan may hold."""
        return timezone.localdate(self.at).year + 1

    @cached_property
    def counted(self) -> Counted:
        """The evaluation's savings that count, and those that do not."""
        return counted(self.case, self.first)

    @cached_property
    def evaluated(self) -> list[dict[str, Any]]:
        """Rows at the level of saving that the evaluation established, until all is repaid."""
        plan = by_years(self.standing.to_repay, self.counted.levels, self.first, MOST_YEARS)
        return self.counted.rows(plan)

    def changed(self, asked: RowChange) -> dict[str, Any]:
        """The rows can be fetched anew from the evaluation; all else that was typed stands."""
        if asked[1] == "evaluation":
            return self.typed() | {"rows": self.evaluated}
        return self.typed() if asked[1] == "value" else super().changed(asked)

    @property
    def shown(self) -> list[Flow]:
        """The rows as they stand on the page, typed or filled in beforehand; what cannot be right is left out."""
        columns, found = cast(RowsField, self.fields["rows"]).columns, []
        for row in real(self["rows"].value()):
            try:
                year, amount = (
                    columns[name].clean(str(columns[name].prepare_value(row.get(name)) or ""))
                    for name in ("year", "amount")
                )
            except ValidationError:
                continue
            found.append((year, amount))
        return found

    def context(self) -> dict[str, Any]:
        """Beside the form: the savings that count and those that do not, and what they do not reach."""
        short = self.standing.to_repay - sum((row["amount"] for row in self.evaluated), Decimal(0))
        found = {"counted": self.counted, "evaluated": self.evaluated, "short": short, "most_years": MOST_YEARS}
        return super().context() | found | {"shown": self.shown, "basis": self["basis"].value()}


class DecidePlan(OfRepayment, SigningForm):
    """The director signs exactly the rows and the total that are shown."""

    template = "actions/decide_plan.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Du beslutar om återföringens tid och belopp. Planen blir version 1 och ändras sedan bara genom en ny version. "
        "Vill du inte fastställa den kan controllern lägga ett nytt förslag, eller satsningen undantas från återföring."
    )

    def signed(self) -> dict[str, Any]:
        """The proposal."""
        plan = self.standing.proposal
        if plan is None:
            return {}
        return {
            _("Att återföra"): kronor(plan.to_repay),
            _("Undantas genom beslutet"): kronor(plan.exempted_before),
            _("Återförs enligt raderna"): kronor(plan.planned),
            _("Bas"): str(plan.get_basis_display()),
            _("Underlag och motivering"): plan.grounds,
            _("Rader"): [cells(row) for row in plan.rows.all()],
        }


class AdjustPlan(OfRepayment, SigningForm):
    """What remains, planned anew."""

    template = "actions/adjust_plan.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Planera om det som återstår. Ändringen blir en ny version av planen; den gamla står kvar som den var."
    )
    rows = plan_rows(
        gettext_lazy("Det som återstår"),
        least=1,
        help_text=gettext_lazy("Raderna ska tillsammans vara exakt det som återstår. Avstämda bokslut ändras inte."),
    )
    reason = TextField(label=gettext_lazy("Skäl till ändringen"), rows=4)

    def prepare(self) -> None:
        """What the controller proposes, or the open rows as they are."""
        rows, proposal = self.fields["rows"], self.standing.proposal
        offer_boards(rows, self.standing.open_rows, self.at)
        rows.initial = typed_rows(proposal.rows.all() if proposal else self.standing.open_rows)
        if proposal:
            self.fields["reason"].initial = proposal.grounds

    def signed(self) -> dict[str, Any]:
        """Where the plan stands before the change."""
        return {
            _("Återstår att återföra"): kronor(self.standing.remaining),
            _("Gäller nu"): [cells(row) for row in self.standing.open_rows],
        }


class HandOver(OfRepayment, SigningForm):
    """From which board to which."""

    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Överför öppna rader från en nämnd som upphör till den nämnd som tar "
        "över. Överföringen blir en ny version av planen."
    )
    from_namnd = NamndField(label=gettext_lazy("Från nämnd"))
    to_namnd = NamndField(
        label=gettext_lazy("Till nämnd"), help_text=gettext_lazy("Vanligen den nämnd som har tagit över uppgiften.")
    )
    reason = TextField(label=gettext_lazy("Skäl och beslut om organisationsändringen"), rows=4)

    def prepare(self) -> None:
        """Boards that have ended, and those that exist; the successor is chosen beforehand."""
        ended = {row.namnd_id: row.namnd for row in self.standing.orphans}
        day = timezone.localdate(self.at)
        there = [namnd for namnd in city_namnder().valid_on(day) if namnd.pk not in ended]
        self.fields["from_namnd"].offer_namnder(ended.values())  # type: ignore[attr-defined]
        if len(ended) == 1:
            namnd = next(iter(ended.values()))
            self.fields["from_namnd"].initial = namnd.pk
            self.fields["to_namnd"].initial = namnd.successor_id
            there = _with(there, namnd.successor)
        self.fields["to_namnd"].offer_namnder(there)  # type: ignore[attr-defined]

    def signed(self) -> dict[str, Any]:
        """The rows that wait for a board."""
        return {_("Rader som väntar på ny nämnd"): [cells(row) for row in self.standing.orphans]}


class Exempt(OfRepayment, SigningForm):
    """Reason and grounds; the amount is all that remains."""

    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Du undantar allt som återstår från återföringskravet. Ärendet går därefter till slutavstämning."
    )
    reason = forms.ChoiceField(label=gettext_lazy("Skäl"), choices=ExemptionReason.choices, widget=forms.RadioSelect)
    text = TextField(
        label=gettext_lazy("Motivering"),
        least=100,
        rows=6,
        help_text=gettext_lazy("Minst 100 tecken. Vad visar utvärderingen, och varför kan beloppet inte återföras?"),
    )

    def signed(self) -> dict[str, Any]:
        """The amounts."""
        now = self.standing
        return {
            _("Att återföra"): kronor(now.to_repay),
            _("Återfört"): kronor(now.repaid),
            _("Undantas"): kronor(now.remaining),
        }


def offer_boards(rows: Any, kept: list[PlanRow], at: datetime) -> None:
    """Let the city's boards of today be chosen in rows, and those that already stand there."""
    there = {namnd.pk: namnd for namnd in city_namnder().valid_on(timezone.localdate(at))}
    rows.columns["namnd"].offer_namnder(({row.namnd_id: row.namnd for row in kept} | there).values())


def cells(row: PlanRow) -> dict[str, str]:
    """A row of a plan, as it is signed."""
    return {
        _("Bokslut"): str(row.year),
        _("Nämnd"): row.namnd.name,
        _("Verksamhetsområde"): str(row.get_area_display()),
        _("Belopp"): kronor(row.amount),
    }


def _with(namnder: list[Namnd], another: Namnd | None) -> list[Namnd]:
    return [*namnder, another] if another is not None and another not in namnder else namnder
