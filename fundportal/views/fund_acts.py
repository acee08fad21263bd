"""The pages on which something is decided or registered about a fund: one class, and a few lines for each act."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django_stubs_ext import StrOrPromise

from fundportal import books, central, formatting, fund_forms, funds, history, kept, ledger
from fundportal.errors import Refused
from fundportal.fields import whole_number
from fundportal.forms import PlainForm
from fundportal.models import CentralGrant, Entry, Fund
from fundportal.process import Role
from fundportal.views.door import person
from fundportal.views.fund import chosen


class FundAct(View):
    """A form, an act in the fund's chain, and back to where it is seen. For those who hold one of `roles`."""

    name: ClassVar[str] = ""
    form: ClassVar[type[PlainForm]] = PlainForm
    roles: ClassVar[tuple[Role, ...]] = funds.MONEY
    lead: ClassVar[StrOrPromise] = ""
    back: ClassVar[str] = "fund"
    template: ClassVar[str] = "fund/decision.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find what the act is about."""
        super().setup(request, *args, **kwargs)
        self.fund = Fund()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """For those who may; others are told why not."""
        if not set(self.roles) & person(request).grants.everywhere:
            names = _(" eller ").join(str(role.label).lower() for role in self.roles)
            raise PermissionDenied(_("Detta görs av %(roles)s på stadsledningskontoret.") % {"roles": names})
        self.find(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def find(self, request: HttpRequest) -> None:
        """The fund, and what else the address names."""
        self.fund = chosen(request)

    def initial(self) -> dict[str, Any]:
        """What the form begins with."""
        return {}

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Do it. Each act has its own."""

    def about(self) -> str:
        """What the act is on, to be seen before anything is typed: the city has several funds."""
        return self.fund.name

    def facts(self) -> list[tuple[str, str]]:
        """What one should see beside the form."""
        return [(_("Disponibelt nu"), formatting.kronor(ledger.position(self.fund).available))]

    def get(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """The form, with what was typed before a login if anything was."""
        again = kept.take(request)
        typed = self.form(again).typed() if again is not None else self.initial()
        return self.show(request, self.form(initial=typed))

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Do it, or say what is wrong and keep what was typed."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            self.act(form.cleaned_data, request)
        except Refused as refused:
            if refused.field not in form.fields:
                return self.show(request, form, refused.reasons, status=422)
            form.refuse(refused)
            return self.show(request, form, status=422)
        messages.success(request, f"{history.DONE.get(self.name, funds.LABELS[self.name])}.")
        return redirect(self.there(self.back))

    def there(self, page: str) -> str:
        """A page of this fund."""
        return f"{reverse(page)}?fond={self.fund.pk}"

    def show(
        self, request: HttpRequest, form: PlainForm, reasons: list[str] | None = None, status: int = 200
    ) -> HttpResponse:
        """Draw the page."""
        context = {
            "fund": self.fund,
            "form": form,
            "reasons": reasons or [],
            "heading": funds.LABELS[self.name],
            "about": self.about(),
            "lead": self.lead,
            "facts": self.facts(),
            "up": self.there("fund"),
            "back": self.there(self.back),
            "key": request.POST.get("_key") or uuid4(),
        }
        return render(request, self.template, context, status=status)


def key(request: HttpRequest) -> UUID | None:
    """The form's own number, by which a double submission is one act."""
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return None


class Reserve(FundAct):
    """The controller registers that kommunfullmäktige has earmarked equity for the fund."""

    name = "reserve"
    form = fund_forms.Decision
    lead = gettext_lazy(
        "Kommunfullmäktige har reserverat eget kapital till fonden i ett bokslut. Beloppet blir disponibelt direkt."
    )

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Reserve."""
        funds.reserve(self.fund, person(request), timezone.now(), **given, key=key(request))


class Dissolve(FundAct):
    """The controller registers that kommunfullmäktige has taken money back to equity."""

    name = "dissolve"
    form = fund_forms.Decision
    lead = gettext_lazy(
        "Kommunfullmäktige har upplöst en del av reserven. Beloppet kan vara högst det som är disponibelt."
    )

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Dissolve."""
        funds.dissolve(self.fund, person(request), timezone.now(), **given, key=key(request))


class SetRules(FundAct):
    """New rules from a day on."""

    name = "set_rules"
    form = fund_forms.Rules
    roles = funds.RULES
    back = "fund_rules"
    lead = gettext_lazy("Reglerna gäller från den dag du anger. Ärenden i omgångar som redan har öppnat berörs inte.")

    def initial(self) -> dict[str, Any]:
        """The rules of today, to be changed."""
        today = timezone.localdate()
        return {**fund_forms.Rules.of(funds.rules(self.fund, today)), "valid_from": today.isoformat()}

    def facts(self) -> list[tuple[str, str]]:
        """None: rules are no money."""
        return []

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Set them."""
        funds.set_rules(self.fund, person(request), timezone.now(), **given, key=key(request))


class SetStatus(FundAct):
    """The fund is opened, closed, wound down or ended."""

    name = "set_status"
    form = fund_forms.Status
    roles = funds.RULES
    back = "fund_rules"
    lead = gettext_lazy(
        "En fond som stängs eller avvecklas tar inte emot nya idéskisser. Ärenden som pågår berörs aldrig. "
        "En fond avslutas först när alla ärenden är avslutade och inga pengar är kvar."
    )

    def facts(self) -> list[tuple[str, str]]:
        """The status now."""
        return [(_("Läge nu"), self.fund.get_status_display()), *super().facts()]

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Set it."""
        funds.set_status(self.fund, person(request), timezone.now(), **given, key=key(request))


class GrantCentrally(FundAct):
    """Money for something that is no project."""

    name = "grant_centrally"
    form = fund_forms.Grant
    back = "fund_central"
    lead = gettext_lazy(
        "Pengar till något som inte är en nämnds projekt, till exempel en utvärdering som upphandlas centralt."
    )

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Grant."""
        central.grant(self.fund, person(request), timezone.now(), **given, key=key(request))


class OfCentralGrant(FundAct):
    """An act on one central grant."""

    back = "fund_central"

    def find(self, request: HttpRequest) -> None:
        """The grant, and by it the fund."""
        grants = CentralGrant.objects.select_related("fund", "event")
        found = grants.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.grant, self.fund = found, found.fund

    def initial(self) -> dict[str, Any]:
        """This year, where a year is asked for."""
        return {"year": timezone.localdate().year}

    def about(self) -> str:
        """The grant by its number and name."""
        return _("Nr %(number)d. %(title)s") % {"number": self.grant.number, "title": self.grant.title}

    def facts(self) -> list[tuple[str, str]]:
        """Who is paid, and where the grant's money stands."""
        now = ledger.position(self.fund, grant=self.grant)
        return [
            (_("Fond"), self.fund.name),
            (_("Mottagare"), self.grant.receiver),
            (_("Beviljat"), formatting.kronor(now.granted)),
            (_("Utbetalt"), formatting.kronor(now.paid)),
            (_("Kvar att betala ut"), formatting.kronor(now.earmarked)),
            (_("Disponibelt i fonden"), formatting.kronor(ledger.position(self.fund).available)),
        ]


class ChangeCentralGrant(OfCentralGrant):
    """Raised or lowered."""

    name = "change_central_grant"
    form = fund_forms.ChangeGrant

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Change."""
        central.change(self.grant, person(request), timezone.now(), **given, key=key(request))


class PayCentralGrant(OfCentralGrant):
    """Paid, by another than the one who registered the grant."""

    name = "pay_central_grant"
    form = fund_forms.PayGrant

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Pay."""
        central.pay(self.grant, person(request), timezone.now(), **given, key=key(request))


class ReleaseCentralGrant(OfCentralGrant):
    """The rest is not needed."""

    name = "release_central_grant"
    form = fund_forms.ReleaseGrant

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Release."""
        central.release(self.grant, person(request), timezone.now(), **given, key=key(request))


class HandBackCentralGrant(OfCentralGrant):
    """Paid and not used."""

    name = "hand_back_central_grant"
    form = fund_forms.HandBackGrant

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Hand back."""
        central.hand_back(self.grant, person(request), timezone.now(), **given, key=key(request))


class CorrectEntry(FundAct):
    """A wrong entry of the fund's own is mirrored."""

    name = "correct_entry"
    form = fund_forms.Correct
    lead = gettext_lazy("En post ändras aldrig. Den rättas med en spegelpost som bokförs i dag och pekar på den.")

    def find(self, request: HttpRequest) -> None:
        """The entry, and by it the fund."""
        entries = Entry.objects.select_related("fund", "event", "grant").filter(case=None)
        found = entries.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.entry, self.fund = found, found.fund

    def facts(self) -> list[tuple[str, str]]:
        """The entry that is corrected, so that it is the right one."""
        it = self.entry
        told = [
            (_("Post att rätta"), it.get_kind_display()),
            (_("Belopp"), formatting.kronor(it.amount)),
            (_("Bokförd"), formatting.day(it.booked_on)),
            (_("År"), str(it.year or "")),
            (_("Centralt beviljande"), it.grant.title if it.grant else ""),
            (_("Text"), it.text),
        ]
        return [(label, value) for label, value in told if value]

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Correct."""
        books.correct(self.fund, person(request), timezone.now(), entry=self.entry, **given, key=key(request))


class Reconcile(FundAct):
    """The fund is held against the accounting system."""

    name = "reconcile_fund"
    form = fund_forms.Reconcile
    back = "fund_books"
    lead = gettext_lazy(
        "Jämför bokfört saldo (S) med redovisningens saldo samma dag. En skillnad ska förklaras. "
        "Avstämningen blir en handling som inte kan ändras."
    )

    def initial(self) -> dict[str, Any]:
        """The day that was looked at."""
        return {"on": self.request.GET.get("den", "")}

    def facts(self) -> list[tuple[str, str]]:
        """What the ledger says on the last delår and helår, and today."""
        today = timezone.localdate()
        days = books.usual_days(today)
        return [
            (
                _("Bokfört saldo %(day)s") % {"day": day.isoformat()},
                formatting.kronor(ledger.position(self.fund, on=day).booked),
            )
            for day in days
        ]

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Reconcile."""
        books.reconcile(self.fund, person(request), timezone.now(), **given, key=key(request))


class LockYear(FundAct):
    """A year's books are closed, by another than the one who reconciled."""

    name = "lock_year"
    form = fund_forms.Lock
    roles = books.LOCKERS
    back = "fund_books"
    lead = gettext_lazy(
        "När ett år är låst kan ingen post bokföras på det eller på tidigare år. "
        "Det går inte att låsa upp: ett fel rättas med en ny post i år. "
        "Den som stämde av året kan inte själv låsa det."
    )

    def initial(self) -> dict[str, Any]:
        """The oldest year that may be locked."""
        asked = whole_number(self.request.GET.get("ar", ""), 4)
        return {"year": asked or next(iter(books.lockable(self.fund, timezone.localdate())), "")}

    def facts(self) -> list[tuple[str, str]]:
        """What is locked already; what the year shows is on the page of the books."""
        last = ledger.locked_until(self.fund)
        return [(_("Låst nu"), _("Till och med %(year)d") % {"year": last} if last else _("Inget år"))]

    def act(self, given: dict[str, Any], request: HttpRequest) -> None:
        """Lock."""
        books.lock_year(self.fund, person(request), timezone.now(), **given, key=key(request))
