"""Forms of the acts at each bokslut."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.formatting import kronor
from fundportal.forms import KronorField, TextField, choose
from fundportal.models import User
from fundportal.process import Role
from repayment.forms.fields import DependsChoice, DependsLine, DependsText, PickField, plan_rows
from repayment.forms.plan import OfRepayment, offer_boards
from repayment.forms.release import row_in_words
from repayment.models import Cause, PlanRow, Tertial
from repayment.models.plan import Spread


class Outcome(OfRepayment):
    """What a bokslut gave: what was saved, the surplus, what is repaid, and why if it is not as planned."""

    realised = KronorField(
        label=gettext_lazy("Konstaterad utgiftsminskning"),
        help_text=gettext_lazy("Den faktiska besparingen enligt uppföljningen. Den kan vara 0 kr."),
    )
    surplus = KronorField(
        label=gettext_lazy("Nämndens överskott vid bokslut"),
        minimum=None,
        help_text=gettext_lazy("Skriv ett minustecken före beloppet om nämnden har ett underskott."),
    )
    repaid = KronorField(label=gettext_lazy("Belopp som återförs till fonden"))
    voucher = DependsLine(
        label=gettext_lazy("Verifikationsnummer"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Krävs om något återförs."),
    )
    cause = DependsChoice(
        label=gettext_lazy("Orsak till avvikelse"),
        choices=choose(Cause.choices, gettext_lazy("Ingen avvikelse")),
        required=False,
        help_text=gettext_lazy("Krävs om det återförda beloppet skiljer sig från det planerade."),
    )
    reason = DependsText(
        label=gettext_lazy("Förklaring till avvikelsen"),
        rows=4,
        required=False,
        help_text=gettext_lazy("Krävs vid avvikelse."),
    )
    deviation_decision = DependsText(
        label=gettext_lazy("Beslut om att återföra mer än överskottet"),
        rows=2,
        required=False,
        help_text=gettext_lazy("Krävs om beloppet är större än nämndens överskott. Ange nämnd, datum och paragraf."),
    )


class ReconcileYear(Outcome):
    """A bokslut held against its row of the plan."""

    template = "actions/reconcile_year.html"
    field_order = ("row",)
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Stäm av en nämnds bokslut mot planen. Det som återförs bokförs i fonden med verifikationsnumret."
    )
    row = PickField(label=gettext_lazy("Bokslut och nämnd"))
    spread = DependsChoice(
        label=gettext_lazy("Föreslå ny version av planen"),
        choices=choose(Spread.choices, gettext_lazy("Ingen ny version nu")),
        required=False,
        help_text=gettext_lazy(
            "När bokslutet avviker. Stadsdirektören beslutar den nya versionen; den som gäller står kvar tills dess."
        ),
    )
    rows = plan_rows(
        gettext_lazy("Det som återstår efter avstämningen"),
        required=False,
        help_text=gettext_lazy(
            "Fylls bara i när du har valt ”Enligt raderna här under”. Raderna ska bli exakt det som återstår."
        ),
    )

    def prepare(self) -> None:
        """The open rows; the first is chosen beforehand if it is the only one of its year."""
        rows = self.standing.open_rows
        self.fields["row"].offer([(row, row_in_words(row)) for row in rows], _("Välj bokslut"))  # type: ignore[attr-defined]
        if rows and [row.year for row in rows].count(rows[0].year) == 1:
            self.fields["row"].initial = rows[0].pk
        offer_boards(self.fields["rows"], rows, self.at)


class CorrectReconciliation(Outcome):
    """Which reconciliation was wrong, the right figures, and what was wrong with it."""

    template = "actions/correct_reconciliation.html"
    field_order = ("reconciliation",)
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Det som bokfördes tas tillbaka med en spegelpost och det rätta beloppet bokförs, båda i dag. Den felaktiga "
        "avstämningen står kvar. Den som stämde av bokslutet kan inte rätta det."
    )
    reconciliation = PickField(label=gettext_lazy("Avstämning att rätta"))
    correction = TextField(label=gettext_lazy("Vad som var fel"), least=10, most=1000, rows=3)

    def prepare(self) -> None:
        """The boksluts that are reconciled; with only one, its figures are there to be changed."""
        held = [line.outcome for line in self.standing.realised_lines if line.outcome]
        words = [(it, f"{row_in_words(it.row)}: {kronor(it.repaid)}") for it in held]
        self.fields["reconciliation"].offer(words, _("Välj avstämning"))  # type: ignore[attr-defined]
        if len(held) == 1:
            self.fields["reconciliation"].initial = held[0].pk
            for name in ("realised", "surplus", "repaid", "voucher", "cause", "reason", "deviation_decision"):
                self.fields[name].initial = getattr(held[0], name)


class ForecastRepayment(OfRepayment):
    """What a board expects to return at this year's bokslut."""

    template = "actions/forecast_repayment.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Hur mycket räknar nämnden med att återföra vid årets bokslut? Prognosen jämförs med planen. "
        "Den ändrar inte planen, och en senare prognos för samma tertial ersätter den."
    )
    row = PickField(label=gettext_lazy("Bokslut och nämnd"))
    period = forms.ChoiceField(label=gettext_lazy("Prognos i"), choices=Tertial.choices, widget=forms.RadioSelect)
    amount = KronorField(label=gettext_lazy("Väntas återföras"))
    comment = DependsText(
        label=gettext_lazy("Kommentar"),
        rows=3,
        required=False,
        help_text=gettext_lazy("Krävs om prognosen skiljer från planen: varför, och vad som görs åt det."),
    )

    def prepare(self) -> None:
        """This year's open rows: those of her own boards first; the period that is told now."""
        today = timezone.localdate(self.at)
        rows = hers(self.user, [row for row in self.standing.open_rows if row.year == today.year])
        self.fields["row"].offer([(row, row_in_words(row)) for row in rows], _("Välj bokslut"))  # type: ignore[attr-defined]
        if len(rows) == 1:
            self.fields["row"].initial, self.fields["amount"].initial = rows[0].pk, rows[0].amount
        self.fields["period"].initial = Tertial.T1 if today.month <= 4 else Tertial.T2


class ReportSaving(OfRepayment):
    """What was saved in a year when nothing is repaid any longer."""

    template = "actions/report_saving.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Planen är upphävd och inget återförs. Vad satsningen sparade redovisas ändå, så att effekten är känd."
    )
    row = PickField(label=gettext_lazy("Bokslut och nämnd"))
    realised = KronorField(
        label=gettext_lazy("Konstaterad utgiftsminskning"), help_text=gettext_lazy("Den kan vara 0 kr.")
    )
    surplus = KronorField(
        label=gettext_lazy("Nämndens överskott vid bokslut"),
        minimum=None,
        help_text=gettext_lazy("Skriv ett minustecken före beloppet om nämnden har ett underskott."),
    )
    text = TextField(label=gettext_lazy("Hur besparingen är konstaterad"), rows=4)

    def prepare(self) -> None:
        """The rows of the revoked plan that are over and not told."""
        year = timezone.localdate(self.at).year
        rows = hers(self.user, [row for row in self.standing.reportable if row.year < year])
        self.fields["row"].offer([(row, row_in_words(row)) for row in rows], _("Välj bokslut"))  # type: ignore[attr-defined]
        if rows:
            self.fields["row"].initial = rows[0].pk


def hers(user: User, rows: list[PlanRow]) -> list[PlanRow]:
    """The rows that a person may tell of: a controller of all, a board's own people of their own."""
    if Role.CONTROLLER in user.grants.everywhere:
        return rows
    boards = user.grants.namnder(Role.APPLICANT)
    return [row for row in rows if row.namnd_id in boards]


class CompleteRepayment(OfRepayment):
    """Nothing to fill in: what stands in the table is what is ended."""

    template = "actions/complete_repayment.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy("Inget återstår att återföra. Ärendet går vidare till slutavstämning.")
