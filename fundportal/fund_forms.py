"""Forms of what is decided about a fund. They check shape; the acts in `funds`, `central` and `books` check rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fundportal.forms import DayField, KronorField, PercentField, PlainForm, TextField, WholeField, YearField, choose
from fundportal.models import Fund, FundRules, Use


def _decision(who: Any) -> TextField:
    return TextField(
        label=_("Beslut"),
        help_text=who,
        most=200,
        rows=2,
    )


class Decision(PlainForm):
    """What kommunfullmäktige decided."""

    amount = KronorField(label=_("Belopp"), minimum=1)
    bokslut_year = YearField(label=_("Bokslutsår"), help_text=_("Året vars bokslut beslutet gäller."))
    decision = TextField(
        label=_("Kommunfullmäktiges beslut"),
        help_text=_("Paragraf, datum och ärende, till exempel KF 2026-05-18 § 12, årsredovisning 2025."),
        most=200,
        rows=2,
    )


class Rules(PlainForm):
    """The fund's rules from a day on."""

    valid_from = DayField(
        label=_("Gäller från"),
        help_text=_("Omgångar som öppnar den dagen eller senare får de nya reglerna. Äldre omgångar behåller sina."),
    )
    repayment_model = forms.ChoiceField(
        label=_("Återföring"), choices=Fund.RepaymentModel.choices, widget=forms.RadioSelect
    )
    repayment_share = PercentField(
        label=_("Andel som återförs"), required=False, help_text=_("Fylls i när en andel ska återföras.")
    )
    capped = forms.BooleanField(
        label=_("Högst det beviljade nettobeloppet återförs (tak)"),
        required=False,
        help_text=_("Utan tak får en återföringsplan vara högre än vad projektet har kostat fonden."),
    )
    discount_rate = PercentField(
        label=_("Diskonteringsränta"), help_text=_("För nuvärden, som visas bredvid nominella belopp.")
    )
    price_year = YearField(
        label=_("Prisnivå"), required=False, help_text=_("Året vars priser kalkylerna räknas i. Tomt: löpande priser.")
    )
    accepts_late = forms.BooleanField(label=_("Handlingar tas emot efter sista dag, med skäl"), required=False)
    max_years = WholeField(label=_("Längsta investeringsfas"), suffix=_("år"), minimum=1, maximum=20, required=False)
    max_amount = KronorField(label=_("Högsta belopp för ett projekt"), minimum=1, required=False)
    max_yearly = KronorField(label=_("Högsta belopp för ett projekt och år"), minimum=1, required=False)
    max_share = PercentField(
        label=_("Högsta andel av projektets kostnad"),
        required=False,
        help_text=_("Resten ska medfinansieras. Tomt: fonden kan betala allt."),
    )
    min_evaluation_share = PercentField(label=_("Minsta andel för uppföljning och utvärdering"))
    small_number = WholeField(
        label=_("Tröskel för små tal"), minimum=0, maximum=50, help_text=_("Antal personer under tröskeln visas inte.")
    )
    council_quorum = WholeField(label=_("Ledamöter för beslutförhet i rådet"), minimum=1, maximum=50)
    decision = _decision(_("Vem, datum och paragraf, till exempel KF 2026-05-18 § 13."))

    def clean(self) -> dict[str, Any]:
        """A share is told when a share is to be repaid."""
        good = super().clean()
        if good.get("repayment_model") == Fund.RepaymentModel.SHARE and good.get("repayment_share") is None:
            self.add_error("repayment_share", _("Fyll i vilken andel som återförs."))
        return good

    @classmethod
    def of(cls, rules: FundRules) -> dict[str, Any]:
        """The rules as they stand, to be changed."""
        return {name: getattr(rules, name) for name in cls.base_fields if name not in ("valid_from", "decision")}


class Status(PlainForm):
    """The fund's status."""

    status = forms.ChoiceField(label=_("Nytt läge"), choices=Fund.Status.choices, widget=forms.RadioSelect)
    decision = _decision(_("Vem, datum och paragraf."))


class Grant(PlainForm):
    """A central grant."""

    title = TextField(
        label=_("Vad pengarna går till"), most=200, rows=2, help_text=_("Till exempel upphandlad utvärdering av …")
    )
    receiver = forms.CharField(
        label=_("Mottagare"), max_length=200, help_text=_("Den som får betalt, till exempel ett lärosäte.")
    )
    use = forms.ChoiceField(label=_("Användning"), choices=choose(Use.choices), initial=Use.EVALUATE)
    year = YearField(label=_("År"), help_text=_("Året som pengarna beräknas betalas ut."))
    amount = KronorField(label=_("Belopp"), minimum=1)
    decision = _decision(_("Vem som beviljade pengarna, datum och paragraf."))


class ChangeGrant(PlainForm):
    """A central grant raised or lowered."""

    to = KronorField(label=_("Nytt belopp"), minimum=0)
    year = YearField(label=_("År"))
    decision = _decision(_("Vem som beslutade ändringen, datum och paragraf."))


class PayGrant(PlainForm):
    """A payment out of a central grant."""

    amount = KronorField(label=_("Belopp"), minimum=1)
    year = YearField(label=_("År"))
    voucher = forms.CharField(label=_("Verifikationsnummer"), max_length=40)


class ReleaseGrant(PlainForm):
    """The rest is not needed."""

    reason = TextField(label=_("Varför resten inte behövs"), most=1000, rows=3)


class HandBackGrant(PlainForm):
    """Paid and not used."""

    amount = KronorField(label=_("Återlämnat belopp"), minimum=1)
    voucher = forms.CharField(label=_("Verifikationsnummer"), max_length=40)


class Correct(PlainForm):
    """A wrong entry is mirrored."""

    reason = TextField(label=_("Vad som var fel"), least=10, most=1000, rows=3)


class Reconcile(PlainForm):
    """The fund held against the accounting system."""

    on = DayField(label=_("Avstämningsdag"), help_text=_("Delår är den 31 augusti, helår den 31 december."))
    accounting = KronorField(label=_("Bokfört saldo i redovisningen"), minimum=None)
    explanation = TextField(
        label=_("Förklaring till en skillnad"),
        most=2000,
        rows=4,
        required=False,
        help_text=_("Krävs om beloppen skiljer."),
    )


class Lock(PlainForm):
    """A year is closed."""

    year = YearField(label=_("År att låsa"))
