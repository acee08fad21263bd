"""The fund's page: where the money stands, every figure with the entries behind it, and what KF has decided."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from fundportal import charts, funds, history, kept, ledger
from fundportal.errors import Refused
from fundportal.fields import whole_number
from fundportal.forms import KronorField, PlainForm, TextField, YearField
from fundportal.models import Case, Entry, EntryKind, Fund
from fundportal.process import Role
from fundportal.views.door import person

PAGE = 50

FIGURES: dict[str, tuple[StrOrPromise, StrOrPromise, tuple[EntryKind, ...]]] = {
    # letter: (name, how it is reckoned, the kinds of entries behind it)
    "D": (
        gettext_lazy("Disponibelt"),
        "D = R − B + Lo + Lu + A",
        tuple(kind for kind in EntryKind if kind != EntryKind.PAID),
    ),
    "S": (
        gettext_lazy("Bokfört saldo"),
        "S = R − U + Lu + A",
        (EntryKind.RESERVED, EntryKind.DISSOLVED, EntryKind.PAID, EntryKind.HANDED_BACK, EntryKind.REPAID),
    ),
    "K": (
        gettext_lazy("Intecknat"),
        "K = B − Lo − U",
        (EntryKind.GRANTED, EntryKind.REDUCED, EntryKind.RELEASED, EntryKind.PAID),
    ),
    "R": (
        gettext_lazy("Reserverat"),
        gettext_lazy("Reserverat minus upplöst"),
        (EntryKind.RESERVED, EntryKind.DISSOLVED),
    ),
    "B": (gettext_lazy("Beviljat"), gettext_lazy("Beviljat med ändringar"), (EntryKind.GRANTED, EntryKind.REDUCED)),
    "U": (gettext_lazy("Utbetalt"), gettext_lazy("Rekvirerat och utbetalt till nämnd"), (EntryKind.PAID,)),
    "Lo": (gettext_lazy("Återlämnat, aldrig utbetalt"), gettext_lazy("Beviljat som frigjorts"), (EntryKind.RELEASED,)),
    "Lu": (
        gettext_lazy("Återlämnat, tidigare utbetalt"),
        gettext_lazy("Oanvänt som betalats tillbaka, ingen besparing"),
        (EntryKind.HANDED_BACK,),
    ),
    "A": (gettext_lazy("Återfört"), gettext_lazy("Besparing som återförts vid bokslut"), (EntryKind.REPAID,)),
}


def chosen(request: HttpRequest) -> Fund:
    """The fund that the address names, or the first."""
    asked = whole_number(request.GET.get("fond", ""))
    rows = Fund.objects.order_by("pk")
    fund = rows.first() if asked is None else rows.filter(pk=asked).first()
    if fund is None:
        raise Http404
    return fund


def figures(position: ledger.Position, fund: Fund) -> dict[str, dict[str, Any]]:
    """Every figure by its letter, with its name, its formula and the address of its entries."""
    values = {
        "D": position.available,
        "S": position.booked,
        "K": position.earmarked,
        "R": position.reserved,
        "B": position.granted,
        "U": position.paid,
        "Lo": position.released,
        "Lu": position.handed_back,
        "A": position.repaid,
    }
    return {
        letter: {"letter": letter, "name": name, "how": how, "value": values[letter], "url": _entries_of(fund, letter)}
        for letter, (name, how, _kinds) in FIGURES.items()
    }


def _entries_of(fund: Fund, letter: str) -> str:
    return f"{reverse('fund_entries')}?fond={fund.pk}&post={letter}"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The fund now and over the years."""
    fund, user = chosen(request), person(request)
    position = ledger.position(fund)
    found = figures(position, fund)
    labels, series = years(fund)
    bar = parts_of(fund, position)
    context = {
        "fund": fund,
        "funds": list(Fund.objects.order_by("pk")),
        "main": [found[letter] for letter in ("D", "S", "K")],
        "rest": [found[letter] for letter in ("R", "B", "U", "Lo", "Lu", "A")],
        "holds": position.booked == position.available + position.earmarked,
        "bar": charts.stacked(bar, _("Så fördelas det som reserverats. Siffrorna står i listan nedanför.")),
        "legend": charts.legend(bar),
        "years": bool(labels),
        "chart": charts.columns(labels, series, _("Beviljat, utbetalt och återfört per år")),
        "key": charts.key(series),
        "table": charts.table(labels, series, _("Beviljat, utbetalt och återfört per år")),
        "events": [history.line(event) for event in fund.events.order_by("-no")[:5]],
        "controller": Role.CONTROLLER in user.grants.everywhere,
    }
    return render(request, "fund/overview.html", context)


def parts_of(fund: Fund, position: ledger.Position) -> list[charts.Part]:
    """Where the money is: paid, earmarked, asked for in applications under preparation, and left to apply for."""
    under_way = min(funds.applied_for(fund), position.available)
    out = max(position.paid - position.handed_back - position.repaid, Decimal(0))
    return [
        charts.Part(_("Utbetalt, inte återfört"), out, "c1", _entries_of(fund, "U")),
        charts.Part(_("Beviljat, inte utbetalt"), position.earmarked, "c2", _entries_of(fund, "K")),
        charts.Part(_("Sökt i ansökningar under beredning"), under_way, "c3"),
        charts.Part(_("Kvar att söka"), position.available - under_way, "c4", _entries_of(fund, "D")),
    ]


def years(fund: Fund) -> tuple[list[str], list[charts.Series]]:
    """Granted, paid and repaid by the year they concern."""
    sums: dict[tuple[int, str], Decimal] = {
        (year, kind): amount
        for year, kind, amount in Entry.objects.filter(fund=fund, year__isnull=False)
        .exclude(kind__in=(EntryKind.RESERVED, EntryKind.DISSOLVED))
        .order_by()
        .values_list("year", "kind")
        .annotate(sum=Sum("amount"))
    }
    if not sums:
        return [], []
    span = range(min(year for year, _kind in sums), max(year for year, _kind in sums) + 1)

    def of(kind: EntryKind, less: EntryKind | None = None) -> list[Decimal]:
        zero = Decimal(0)
        return [sums.get((year, kind), zero) - (sums.get((year, less), zero) if less else zero) for year in span]

    return [str(year) for year in span], [
        charts.Series(_("Beviljat"), of(EntryKind.GRANTED, EntryKind.REDUCED), "c1"),
        charts.Series(_("Utbetalt"), of(EntryKind.PAID), "c2"),
        charts.Series(_("Återfört"), of(EntryKind.REPAID), "c3"),
    ]


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The entries behind a figure, the newest first. A case is named only to those who may see it."""
    fund, user = chosen(request), person(request)
    letter = request.GET.get("post", "")
    name, how, kinds = FIGURES.get(letter, (_("Alla poster"), "", tuple(EntryKind)))
    rows = Entry.objects.filter(fund=fund, kind__in=kinds).select_related("event", "namnd").order_by("-id")
    before = whole_number(request.GET.get("fore", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = list(rows[: PAGE + 1])
    more, shown = len(shown) > PAGE, shown[:PAGE]
    visible = Case.objects.visible_to(user).filter(pk__in={entry.case_id for entry in shown}).in_bulk()
    address = _entries_of(fund, letter)
    context = {
        "fund": fund,
        "letter": letter,
        "name": name,
        "how": how,
        "figure": figures(ledger.position(fund), fund).get(letter),
        "entries": [(entry, history.title(entry.event), visible.get(entry.case_id or 0)) for entry in shown],
        "next": f"{address}&fore={shown[-1].pk}" if more else "",
        "first": address if before else "",
    }
    return render(request, "fund/entries.html", context)


class Decision(PlainForm):
    """What kommunfullmäktige decided."""

    amount = KronorField(label=gettext_lazy("Belopp"), minimum=1)
    bokslut_year = YearField(
        label=gettext_lazy("Bokslutsår"), help_text=gettext_lazy("Året vars bokslut beslutet gäller.")
    )
    decision = TextField(
        label=gettext_lazy("Kommunfullmäktiges beslut"),
        help_text=gettext_lazy("Paragraf, datum och ärende, till exempel KF 2026-05-18 § 12, årsredovisning 2025."),
        most=200,
        rows=2,
    )


class Reserve(View):
    """The controller registers that kommunfullmäktige has earmarked equity for the fund."""

    name: ClassVar[str] = "reserve"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """For controllers; others are told why not."""
        if Role.CONTROLLER not in person(request).grants.everywhere:
            raise PermissionDenied(_("Fondens medel registreras av en controller på stadsledningskontoret."))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, with what was typed before a login if anything was."""
        again = kept.take(request)
        return self.show(request, Decision(initial=Decision(again).typed()) if again is not None else Decision())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Register, or say what is wrong and keep what was typed."""
        form, fund = Decision(request.POST), chosen(request)
        if not form.is_valid():
            return self.show(request, form, status=422)
        act = funds.reserve if self.name == "reserve" else funds.dissolve
        try:
            act(fund, person(request), timezone.now(), **form.cleaned_data, key=_key(request))
        except Refused as refused:
            return self.show(request, form, refused.reasons, status=422)
        return redirect(f"{reverse('fund')}?fond={fund.pk}")

    def show(
        self, request: HttpRequest, form: Decision, reasons: list[str] | None = None, status: int = 200
    ) -> HttpResponse:
        """Draw the page."""
        fund = chosen(request)
        context = {
            "fund": fund,
            "form": form,
            "reasons": reasons or [],
            "heading": funds.LABELS[self.name],
            "reserve": self.name == "reserve",
            "available": ledger.position(fund).available,
            "key": request.POST.get("_key") or uuid4(),
        }
        return render(request, "fund/decision.html", context, status=status)


class Dissolve(Reserve):
    """The controller registers that kommunfullmäktige has taken money back to equity."""

    name: ClassVar[str] = "dissolve"


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return None
