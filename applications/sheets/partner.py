"""A partner's own part of the idea and of the application: what it takes on, with its resources."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.sheets.parts import Part, open_completion, partners, people
from fundportal import formatting, shown
from fundportal.drafts import Filled, PartForm
from fundportal.forms import RowsField, TextField, TkrField, YearField
from fundportal.models import Case, Namnd, Party, User
from fundportal.process import Role

PREFIX = "partner-"


class PartnerPart(Part):
    """What the partner takes on; its applicants write it and its manager endorses it."""

    board = 0
    intro = gettext_lazy(
        "Skrivs av partnerns sökande, märks klar av dem och tillstyrks av deras chef. Projektägaren läser den."
    )

    role = TextField(
        label=gettext_lazy("Vår roll i satsningen"),
        least=30,
        most=1500,
        rows=4,
        help_text=gettext_lazy("Vad nämnden gör i satsningen och varför ni är med."),
    )
    contact = forms.ChoiceField(label=gettext_lazy("Vår kontaktperson"))

    def prepare(self) -> None:
        """The partner's own people."""
        self.choose("contact", people([self.board], Role.APPLICANT))


class IdeaPartner(PartnerPart):
    """The partner's part of the idea."""

    undertaking = TextField(
        label=gettext_lazy("Vad vi är beredda att åta oss"),
        least=20,
        most=1500,
        rows=4,
        help_text=gettext_lazy("Preliminärt: personal, lokaler, uppgifter. Belopp anges i ansökan, om idén bifalls."),
    )
    field_order = ("role", "undertaking", "contact")


class ApplicationPartner(PartnerPart):
    """The partner's part of the application."""

    undertaking = TextField(
        label=gettext_lazy("Vårt åtagande"),
        least=30,
        most=2000,
        rows=5,
        help_text=gettext_lazy("Vad nämnden åtar sig under investeringsfasen och efter den."),
    )
    resources = RowsField(
        {
            "year": YearField(label=gettext_lazy("År")),
            "resource": forms.CharField(label=gettext_lazy("Resurs"), max_length=200),
            "amount": TkrField(label=gettext_lazy("Värde")),
        },
        required=False,
        label=gettext_lazy("Våra egna resurser"),
        help_text=gettext_lazy(
            "Det nämnden själv bidrar med, till exempel en halv tjänst. Det som söks ur fonden står i budgeten."
        ),
    )
    field_order = ("role", "undertaking", "resources", "contact")

    def computed(self) -> list[shown.Line]:
        """What the partner puts in, in all."""
        rows = self.right("resources")
        total = sum((row["amount"] for row in rows), Decimal(0))
        return [shown.Line(_("Egna resurser i allt"), formatting.tkr(total))] if rows else []


@cache
def _part(kind: type[PartnerPart], namnd_id: int, name: str) -> type[PartForm]:
    """The part of one board, made once."""
    title = _("Partnerns del: %(namnd)s") % {"namnd": name}
    own = {"slug": slug_of(namnd_id), "title": title, "board": namnd_id}
    return type(f"{kind.__name__}{namnd_id}", (kind,), own)


def idea_partners(case: Case) -> tuple[type[PartForm], ...]:
    """The partners' parts of the idea: one for each board that has said yes."""
    return tuple(_part(IdeaPartner, party.namnd_id, party.namnd.name) for party in accepted(case))


def application_partners(case: Case) -> tuple[type[PartForm], ...]:
    """The partners' parts of the application: one for each board that has said yes."""
    return tuple(_part(ApplicationPartner, party.namnd_id, party.namnd.name) for party in accepted(case))


def accepted(case: Case) -> list[Party]:
    """The partners that have said yes, in the order they were invited."""
    return [party for party in partners(case) if party.accepted_at]


def slug_of(namnd: Namnd | int) -> str:
    """What a board's own part is called in the URL."""
    return f"{PREFIX}{namnd if isinstance(namnd, int) else namnd.pk}"


def closed_part(filled: Filled, user: User, part: type[PartForm]) -> str | None:
    """Why a person may not write in a part: it is another board's, hers has not said yes, or it is not asked for."""
    case, on = filled.case, set(user.grants.namnder(Role.APPLICANT))
    if part.board is not None and part.board not in on:
        return _("Delen skrivs av partnern själv. Här läser du det som står i den.")
    invited = {party.namnd_id for party in partners(case) if not party.accepted_at}
    if on & invited and not on & {case.owner_id, *(party.namnd_id for party in accepted(case))}:
        return _("Nämnden har inte tackat ja till partnerskapet. Tills en chef hos er har gjort det läser ni utkastet.")
    asked = open_completion(case)
    if asked is None or part.slug in asked.slugs or part.slug in {gap.part for gap in filled.gaps()}:
        return None
    return _("Delen ingår inte i kompletteringen och är stängd. Det som ska kompletteras: %(parts)s.") % {
        "parts": formatting.in_words(asked.parts)
    }
