"""Shapes of input for the investment phase."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import SteeringMember
from applications.models.investment import Line, per_board
from applications.sheets.money import boards
from fundportal import ledger
from fundportal.formatting import SwedishOrder, kronor, sort_key
from fundportal.forms import ActionForm, DayField, KronorField, RowsField, TextField, choose
from fundportal.models import Account, Namnd, User
from fundportal.signing import SigningForm

PARTS = (("member", gettext_lazy("Ledamot")), ("chair", gettext_lazy("Ordförande")))


class AppointSteeringGroup(ActionForm):
    """The whole group at once: a new group replaces the earlier one."""

    intro = gettext_lazy(
        "Gruppen rapporterar till stadsdirektören. Utse en ordförande och minst en ledamot från varje berörd nämnd. "
        "Ta bort raden för den som lämnar gruppen: behörigheten upphör. De som sitter kvar behåller sin första dag."
    )

    members = RowsField(
        {
            "user": forms.TypedChoiceField(label=gettext_lazy("Person"), coerce=int, choices=()),
            "namnd": forms.TypedChoiceField(label=gettext_lazy("Nämnd"), coerce=int, choices=()),
            "part": forms.ChoiceField(label=gettext_lazy("Uppdrag"), choices=PARTS),
            "since": DayField(label=gettext_lazy("Från och med"), help_text=""),
        },
        label=gettext_lazy("Styrgrupp"),
        least=1,
        blank=3,
    )
    last_day = DayField(
        label=gettext_lazy("Sista dag för den som lämnar gruppen"),
        help_text=gettext_lazy("Lämna tomt om det är i dag. En dag som har varit, till exempel 2026-10-31."),
        required=False,
    )

    def prepare(self) -> None:
        """People with a role in the city, the case's own boards first, and the group as it is."""
        columns = cast(RowsField, self.fields["members"]).columns
        people = steerable()
        first = boards(self.case)
        rest = Namnd.objects.valid_on(timezone.localdate(self.at)).exclude(pk__in=[it.pk for it in first])
        cast(forms.ChoiceField, columns["user"]).choices = choose(people)
        cast(forms.ChoiceField, columns["namnd"]).choices = choose(
            [(it.pk, it.name) for it in (*first, *rest.order_by(SwedishOrder("name")))]
        )
        columns["since"].initial = timezone.localdate(self.at)
        sitting = SteeringMember.objects.filter(case=self.case, until__isnull=True)
        self.fields["members"].initial = [
            {"user": it.user_id, "namnd": it.namnd_id, "part": "chair" if it.chair else "member", "since": it.since}
            for it in sitting
        ]
        if not self.fields["members"].initial:
            del self.fields["last_day"]

    def given(self) -> dict[str, Any]:
        """The group with its people and boards."""
        rows = self.cleaned_data["members"]
        people = User.objects.in_bulk([row["user"] for row in rows])
        namnder = Namnd.objects.in_bulk([row["namnd"] for row in rows])
        return {
            "members": [
                {
                    "user": people[row["user"]],
                    "namnd": namnder[row["namnd"]],
                    "chair": row["part"] == "chair",
                    "since": row["since"],
                }
                for row in rows
            ],
            "last_day": self.cleaned_data.get("last_day"),
        }


def steerable() -> list[tuple[int, str]]:
    """The portal's active people, by name, as choices: a member may hold no other role than this."""
    people = User.objects.filter(is_active=True, is_superuser=False)
    named = sorted(people, key=lambda it: (sort_key(it.last_name), sort_key(it.first_name)))
    return [(it.pk, ", ".join(filter(None, [it.get_full_name(), it.title]))) for it in named]


class HandBackFields(forms.Form):
    """What is handed back of what was paid, and by whom."""

    handed_back = KronorField(
        label=gettext_lazy("Återlämnat av utbetalda medel"),
    )
    namnd = forms.TypedChoiceField(
        label=gettext_lazy("Nämnd som återlämnar"), coerce=int, choices=(), required=False, empty_value=None
    )
    voucher = forms.CharField(
        label=gettext_lazy("Verifikationsnummer"),
        help_text=gettext_lazy("Krävs när pengar återlämnas."),
        max_length=40,
        required=False,
    )


class CloseInvestment(HandBackFields, ActionForm):
    """The end of the phase, with its money accounted for."""

    template = "actions/close_investment.html"
    intro = gettext_lazy(
        "Det som är beviljat men aldrig utbetalt frigörs till fonden. Återlämnade pengar är inte en besparing och "
        "räknas inte som återföring. Utvärderingen ska lämnas inom 90 dagar."
    )

    note = TextField(label=gettext_lazy("Anteckning"), required=False, most=2000, rows=3)

    def prepare(self) -> None:
        """The case's boards, the owner first."""
        self.given_boards = _offer_boards(self)

    def clean(self) -> dict[str, Any]:
        """Money that is handed back has a voucher."""
        return _with_voucher(self, super().clean() or {})

    def given(self) -> dict[str, Any]:
        """The nämnd itself."""
        return _with_namnd(self.cleaned_data, self.given_boards)

    def context(self) -> dict[str, Any]:
        """Where the money stands now."""
        return _accounts(self)


class Discontinue(HandBackFields, SigningForm):
    """The director breaks the project off."""

    template = "actions/discontinue.html"
    intro = gettext_lazy(
        "Projektet avbryts och ärendet avslutas. Det som är beviljat men aldrig utbetalt frigörs till fonden, och "
        "rekvisitioner och ändringar som väntar avslås."
    )

    reason = TextField(
        label=gettext_lazy("Motivering"), help_text=gettext_lazy("Minst 100 tecken."), least=100, most=4000
    )

    def prepare(self) -> None:
        """The reason first; the case's boards, the owner first."""
        self.order_fields(["reason", "handed_back", "namnd", "voucher"])
        self.given_boards = _offer_boards(self)

    def clean(self) -> dict[str, Any]:
        """Money that is handed back has a voucher."""
        return _with_voucher(self, super().clean() or {})

    def signed(self) -> dict[str, Any]:
        """The case and its money as they stand."""
        money = ledger.position(self.case.fund, self.case)
        return {
            _("Ärende"): f"{self.case.number} {self.case.title}",
            _("Beslut"): _("Projektet avbryts"),
            _("Beviljat"): kronor(money.granted),
            _("Utbetalt"): kronor(money.paid),
            _("Frigörs till fonden"): kronor(ledger.balance(self.case.fund, Account.GRANTED, self.case)),
        }

    def given(self) -> dict[str, Any]:
        """The nämnd itself, and the hash of what was signed."""
        return _with_namnd(super().given(), self.given_boards)

    def context(self) -> dict[str, Any]:
        """Where the money stands now."""
        return super().context() | _accounts(self)


def _offer_boards(form: ActionForm) -> dict[int, Namnd]:
    found = {it.pk: it for it in boards(form.case)}
    field = cast(forms.ChoiceField, form.fields["namnd"])
    field.choices = choose([(pk, it.name) for pk, it in found.items()])
    field.initial = form.case.owner_id
    paid = max(ledger.balance(form.case.fund, Account.PAID, form.case), Decimal(0))
    form.fields["handed_back"].help_text = _(
        "Utbetalt som inte har använts, högst %s. Skriv 0 om allt har använts."
    ) % (kronor(paid))
    return found


def _with_voucher(form: ActionForm, cleaned: dict[str, Any]) -> dict[str, Any]:
    if cleaned.get("handed_back") and not cleaned.get("voucher"):
        form.add_error("voucher", ValidationError(_("Fyll i verifikationsnumret för det belopp som återlämnas.")))
    return cleaned


def _with_namnd(given: dict[str, Any], known: dict[int, Namnd]) -> dict[str, Any]:
    return given | {"namnd": known.get(given["namnd"]) if given.get("namnd") else None}


def _accounts(form: ActionForm) -> dict[str, Any]:
    lines = per_board(form.case)
    return {"lines": lines, "total": Line.of(lines)}
