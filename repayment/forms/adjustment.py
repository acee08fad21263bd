"""Forms of the budget adjustment and of its distribution keys."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import closing
from fundportal.formatting import percent
from fundportal.forms import DayField, PercentField, PlainForm, RowsField, TextField, TkrField, YearField, choose
from fundportal.models import Namnd
from fundportal.process import Role
from repayment.closing import awaited
from repayment.forms.fields import DependsLine, DependsText, NamndField, PickField, YesNoField
from repayment.forms.plan import OfRepayment
from repayment.models import (
    Adjustment,
    DistributionKey,
    Finance,
    Occasion,
    Opinion,
    Settlement,
    Target,
    city_namnder,
)

LASTS = [("yes", gettext_lazy("Varaktig")), ("no", gettext_lazy("Engångsvis"))]


def terms_columns() -> dict[str, forms.Field]:
    """From when, for how long and from which source: what a board may have of its own."""
    return {
        "first_year": YearField(label=gettext_lazy("Från budgetår")),
        "permanent": forms.TypedChoiceField(
            label=gettext_lazy("Gäller"), choices=choose(LASTS), coerce=lambda value: value == "yes"
        ),
        "finance": forms.ChoiceField(label=gettext_lazy("Finansieringskälla"), choices=choose(Finance.choices)),
    }


def typed_terms(row: Any) -> dict[str, Any]:
    """A board's terms as they are typed."""
    return {"first_year": row.first_year, "permanent": "yes" if row.permanent else "no", "finance": row.finance}


class RequestAdjustment(OfRepayment):
    """How much a year, from when, spread how, and what stadsledningskontoret says."""

    template = "actions/request_adjustment.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Begär att budgeten sänks till den faktiska kostnaden. Beloppet fördelas exakt i hela tusental kronor."
    )
    amount = TkrField(label=gettext_lazy("Sänkning per år"), minimum=1)
    amount_reason = DependsText(
        label=gettext_lazy("Varför beloppet inte är slutavstämningens"),
        rows=2,
        required=False,
        help_text=gettext_lazy(
            "Krävs om sänkningen inte är lika med ordinarie budget minus ny nivå. Texten står i underlaget."
        ),
    )
    first_year = YearField(
        label=gettext_lazy("Från budgetår"), help_text=gettext_lazy("Tidigast året efter den sista återföringen.")
    )
    permanent = YesNoField(
        label=gettext_lazy("Gäller sänkningen varaktigt?"),
        yes=gettext_lazy("Ja, varaktigt"),
        no=gettext_lazy("Nej, ett enda år"),
    )
    key = PickField(label=gettext_lazy("Fördelningsnyckel"), required=False)
    namnd = NamndField(label=gettext_lazy("Nämnd"), required=False)
    occasion = forms.ChoiceField(label=gettext_lazy("Begärs i"), choices=choose(Occasion.choices))
    finance = forms.ChoiceField(label=gettext_lazy("Finansieringskälla"), choices=choose(Finance.choices))
    finance_text = DependsLine(
        label=gettext_lazy("Närmare om källan"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Krävs om källan är en annan än de i listan."),
    )
    exceptions = RowsField(
        {"namnd": NamndField(), **terms_columns()},
        label=gettext_lazy("Nämnder som skiljer sig"),
        required=False,
        help_text=gettext_lazy(
            "Budgetår, varaktighet och källa ovan gäller alla nämnder. Lägg till en rad bara för en nämnd där något av "
            "dem är ett annat."
        ),
    )
    opinion = forms.ChoiceField(
        label=gettext_lazy("Stadsledningskontorets ställningstagande"),
        choices=Opinion.choices,
        widget=forms.RadioSelect,
    )
    opinion_text = TextField(label=gettext_lazy("Motivering till ställningstagandet"), rows=4)

    @cached_property
    def settlement(self) -> Settlement | None:
        """The settlement that the request follows from."""
        return Settlement.objects.prefetch_related("areas").filter(case=self.case).first()

    @property
    def lacks_a_key(self) -> bool:
        """Whether a key is needed and there is none to choose."""
        return "key" in self.fields and not self.fields["key"].things  # type: ignore[attr-defined]

    def prepare(self) -> None:
        """A key for the whole city, or a board: as the settlement says."""
        if self.settlement is None:
            return
        if self.settlement.lowered > 0:
            self.fields["amount"].initial = self.settlement.lowered
        boards = self.fields["exceptions"].columns["namnd"]  # type: ignore[attr-defined]
        boards.offer_namnder(city_namnder().valid_on(timezone.localdate(self.at)))
        if self.settlement.target == Target.CITY:
            del self.fields["namnd"]
            self.fields["key"].offer([(key, str(key)) for key in DistributionKey.objects.all()], _("Välj nyckel"))  # type: ignore[attr-defined]
            self.fields["key"].required = True
            return
        del self.fields["key"]
        kind = Namnd.Kind.SPECIALIST if self.settlement.target == Target.SPECIALIST else Namnd.Kind.DISTRICT
        there = city_namnder().valid_on(timezone.localdate(self.at)).filter(kind=kind)
        self.fields["namnd"].offer_namnder(there)  # type: ignore[attr-defined]
        self.fields["namnd"].required = True

    def context(self) -> dict[str, Any]:
        """The cost level that the amount comes from."""
        return super().context() | {"settlement": self.settlement, "no_key": self.lacks_a_key}


class RecordAdjustment(OfRepayment):
    """The meeting, the paragraph, and each board's amount as decided."""

    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Registrera kommunstyrelsens beslut, nämnd för nämnd. Nämnder vars budget sänks får se ärendet och kvitterar."
    )
    meeting_on = DayField(label=gettext_lazy("Sammanträdesdag"))
    paragraph = forms.CharField(
        label=gettext_lazy("Paragraf"), max_length=40, help_text=gettext_lazy("Till exempel § 12.")
    )
    rows = RowsField(
        {"namnd": NamndField(), "amount": TkrField(label=gettext_lazy("Sänkning per år")), **terms_columns()},
        label=gettext_lazy("Beslutad sänkning per nämnd"),
        least=1,
        totals=("amount",),
        by="finance",
        help_text=gettext_lazy("Beloppen är de begärda. Ändra dem om kommunstyrelsen beslutade något annat."),
    )
    finance_text = DependsLine(label=gettext_lazy("Närmare om finansieringen"), max_length=200, required=False)
    note = DependsText(
        label=gettext_lazy("Vad som skiljer från begäran"),
        rows=3,
        required=False,
        help_text=gettext_lazy("Krävs om belopp, budgetår, varaktighet eller källa inte är de begärda."),
    )

    def prepare(self) -> None:
        """The requested amounts, to be changed only where the decision differs."""
        asked = Adjustment.objects.filter(case=self.case).prefetch_related("rows__namnd").last()
        requested = list(asked.rows.all()) if asked else []
        there = {namnd.pk: namnd for namnd in city_namnder().valid_on(timezone.localdate(self.at))}
        rows = self.fields["rows"]
        rows.columns["namnd"].offer_namnder(({row.namnd_id: row.namnd for row in requested} | there).values())  # type: ignore[attr-defined]
        rows.initial = [{"namnd": row.namnd_id, "amount": row.amount, **typed_terms(row)} for row in requested]
        self.fields["finance_text"].initial = asked.finance_text if asked else ""


class AcknowledgeAdjustment(OfRepayment):
    """Which of one's boards, and anything that stadsledningskontoret should know."""

    template = "actions/acknowledge_adjustment.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Kvittera när nämnden har tagit emot beslutet och lagt in den nya ramen. Kvittensen sparas i ärendet."
    )
    namnd = NamndField()
    comment = TextField(label=gettext_lazy("Kommentar"), most=1000, rows=3, required=False)

    def prepare(self) -> None:
        """The boards that the person heads and that have not received the decision; one alone is chosen already."""
        mine = set(self.user.grants.namnder(Role.MANAGER))
        self.rows = [row for row in awaited(self.case) if row.namnd_id in mine]
        self.fields["namnd"].offer_namnder(row.namnd for row in self.rows)  # type: ignore[attr-defined]
        if len(self.rows) == 1:
            self.fields["namnd"].initial = self.rows[0].namnd_id

    def context(self) -> dict[str, Any]:
        """What was decided for them."""
        return super().context() | {"rows": self.rows}


class CloseCase(OfRepayment):
    """The checklist, and why if some board has not received the decision."""

    template = "actions/close_case.html"
    intro: ClassVar[StrOrPromise] = gettext_lazy(
        "Avsluta ärendet när allt på kontrollistan är klart. Ärendet kan arkiveras efteråt."
    )
    without_receipts = DependsText(
        label=gettext_lazy("Varför ärendet avslutas innan alla nämnder har kvitterat"),
        rows=2,
        required=False,
        help_text=gettext_lazy("Krävs om någon nämnd inte har kvitterat."),
    )

    def prepare(self) -> None:
        """Nothing to explain when every board has received it."""
        if not awaited(self.case):
            del self.fields["without_receipts"]

    def context(self) -> dict[str, Any]:
        """The checklist as it stands."""
        return super().context() | {"points": closing.checklist(self.case)}


class AddKey(PlainForm):
    """A new distribution key: its weights are 100 per cent together."""

    name = forms.CharField(
        label=gettext_lazy("Namn"),
        max_length=120,
        help_text=gettext_lazy("Till exempel Individ- och familjeomsorg, barn och unga."),
    )
    dated = DayField(label=gettext_lazy("Gäller från"))
    source = forms.CharField(
        label=gettext_lazy("Källa"),
        max_length=200,
        help_text=gettext_lazy("Var vikterna kommer ifrån, till exempel kommunfullmäktiges budget 2025, bilaga 3."),
    )
    weights = RowsField(
        {"namnd": NamndField(), "weight": PercentField(label=gettext_lazy("Andel"))},
        label=gettext_lazy("Vikter"),
        least=1,
        blank=3,
        totals=("weight",),
        help_text=gettext_lazy("Vikterna ska tillsammans vara 100 procent."),
    )

    def __init__(self, *args: Any, namnder: list[Namnd], **kwargs: Any) -> None:
        """`namnder` are the boards that may have a weight."""
        super().__init__(*args, **kwargs)
        self.fields["weights"].columns["namnd"].offer_namnder(namnder)  # type: ignore[attr-defined]

    def clean_weights(self) -> list[dict[str, Any]]:
        """A whole: no board twice, none without a share, exactly 100 per cent."""
        weights: list[dict[str, Any]] = self.cleaned_data["weights"]
        if len({row["namnd"] for row in weights}) < len(weights):
            raise ValidationError(_("Samma nämnd står på två rader. Slå ihop dem."))
        if any(row["weight"] <= 0 for row in weights):
            raise ValidationError(_("En vikt ska vara större än 0 procent. Ta bort nämnder som inte ska ha någon del."))
        whole = sum(row["weight"] for row in weights)
        if whole != 100:
            raise ValidationError(
                _("Vikterna summerar till %(whole)s. De ska vara 100 procent.") % {"whole": percent(whole)}
            )
        return weights

    def clean(self) -> dict[str, Any]:
        """A name is used once a day."""
        told = super().clean() or {}
        name, dated = told.get("name"), told.get("dated")
        if name and dated and DistributionKey.objects.filter(name=name, dated=dated).exists():
            raise ValidationError(_("Det finns redan en nyckel med det namnet från den dagen."))
        return told
