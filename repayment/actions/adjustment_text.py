"""The paragraph about a budget adjustment, ready to paste into T1, T2, the annual report or the budget."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from fundportal.formatting import day, in_words, tkr
from repayment.models import Adjustment, Occasion, Settlement
from repayment.sums import per_source

ASKS: dict[str, StrOrPromise] = {
    Occasion.T1.value: gettext_lazy(
        "I tertialrapport 1 begärs därför att budgeten sänks med %(amount)s per år från %(year)d."
    ),
    Occasion.T2.value: gettext_lazy(
        "I tertialrapport 2 begärs därför att budgeten sänks med %(amount)s per år från %(year)d."
    ),
    Occasion.VB.value: gettext_lazy(
        "I samband med verksamhetsberättelsen begärs därför att budgeten sänks med %(amount)s per år från %(year)d."
    ),
    Occasion.BUDGET.value: gettext_lazy("I budget för %(year)d sänks därför anslagen med %(amount)s per år."),
}
"""What is asked, in the words of each of the year's follow-ups."""
ONCE: StrOrPromise = gettext_lazy("Sänkningen gäller ett enda år.")


def paragraph(adjustment: Adjustment, occasion: str) -> str:
    """The paragraph for an occasion, in whole sentences, with the amounts of the settlement and of the request."""
    settlement = Settlement.objects.prefetch_related("areas").get(case=adjustment.case_id)
    said = [
        *_settled(adjustment, settlement),
        *_asked(adjustment, occasion),
        _spread(adjustment),
        *_financed(adjustment),
    ]
    said.append(_("Stadsledningskontoret %(opinion)s.") % {"opinion": str(adjustment.get_opinion_display()).lower()})
    return " ".join(said)


def _settled(adjustment: Adjustment, settlement: Settlement) -> list[str]:
    case = adjustment.case
    said = [
        _("Satsningen ”%(title)s” (%(number)s) ur %(fund)s är slutavstämd.")
        % {"title": case.title, "number": case.number, "fund": case.fund.name},
        _("%(amount)s har återförts till fonden.") % {"amount": tkr(settlement.repaid)},
    ]
    if settlement.exempted:
        said.append(_("%(amount)s har undantagits från återföring.") % {"amount": tkr(settlement.exempted)})
    said += [
        _("Den varaktiga kostnaden för %(area)s är %(level)s per år mot ordinarie budget %(budget)s.")
        % {
            "area": str(area.get_area_display()).lower(),
            "level": tkr(area.cost_level),
            "budget": tkr(area.budget),
        }
        for area in settlement.areas.all()
    ]
    return said


def _asked(adjustment: Adjustment, occasion: str) -> list[str]:
    said = [str(ASKS[occasion]) % {"amount": tkr(adjustment.amount), "year": adjustment.first_year}]
    if adjustment.amount_reason:
        said.append(adjustment.amount_reason)
    if not adjustment.permanent:
        said.append(str(ONCE))
    return said


def _spread(adjustment: Adjustment) -> str:
    rows, key = list(adjustment.rows.all()), adjustment.key
    if key is None:
        return _("Hela sänkningen gäller %(namnd)s.") % {"namnd": rows[0].namnd.name}
    said = ngettext(
        "Sänkningen gäller %(count)d nämnd enligt nyckeln ”%(key)s” från %(day)s (%(source)s).",
        "Sänkningen fördelas på %(count)d nämnder enligt nyckeln ”%(key)s” från %(day)s (%(source)s).",
        len(rows),
    )
    return said % {"count": len(rows), "key": key.name, "day": day(key.dated), "source": key.source}


def _financed(adjustment: Adjustment) -> list[str]:
    """Where the money comes from or goes; and which boards differ from the rest."""
    rows = list(adjustment.rows.all())
    sources = per_source((str(row.get_finance_display()), row.amount) for row in rows)
    parts = [f"{name.lower()} {tkr(amount)}" for name, amount in sources.items()]
    said = [_("Finansieringskälla: %(parts)s.") % {"parts": in_words(parts)}]
    if adjustment.finance_text:
        said.append(adjustment.finance_text.rstrip(".") + ".")
    usual = (adjustment.first_year, adjustment.permanent)
    said += [
        _("För %(namnd)s gäller sänkningen från %(year)d, %(lasts)s.")
        % {"namnd": row.namnd.name, "year": row.first_year, "lasts": row.lasts.lower()}
        for row in rows
        if (row.first_year, row.permanent) != usual
    ]
    return said
