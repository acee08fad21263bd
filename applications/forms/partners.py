"""The forms of acts between boards that run a project together."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.needs import sheet_of
from applications.sheets.lapse import PartnerState, changes, partner_states
from applications.sheets.parts import partners
from fundportal.forms import ActionForm, TextField
from fundportal.models import Namnd, Party
from fundportal.process import Role

EMPTY = gettext_lazy("Välj …")
YES_NO = (("ja", gettext_lazy("Tackar ja")), ("nej", gettext_lazy("Tackar nej")))


class InvitePartner(ActionForm):
    """Which board to invite."""

    intro = gettext_lazy(
        "En partner driver satsningen tillsammans med er. Partnerns sökande läser utkastet direkt. När en chef på "
        "nämnden har tackat ja skriver de sin egen del, märker den klar och deras chef tillstyrker den. "
        "Ni kan inte lämna in innan alla partner är klara."
    )
    namnd = forms.ModelChoiceField(label=gettext_lazy("Nämnd"), queryset=Namnd.objects.none(), empty_label=EMPTY)

    def prepare(self) -> None:
        """Boards that are not in the case."""
        taken = [namnd for namnd, part in self.case.party_list if part != Party.Part.REMISS]
        boards = Namnd.objects.valid_on(timezone.localdate(self.at)).exclude(pk__in=taken).order_by("name")
        cast(forms.ModelChoiceField, self.fields["namnd"]).queryset = boards


class OneBoard(ActionForm):
    """An act for one of the case's boards; the only one there is is chosen already."""

    namnd = forms.ModelChoiceField(label=gettext_lazy("För nämnden"), queryset=Namnd.objects.none(), empty_label=EMPTY)

    def prepare(self) -> None:
        """The boards it may be done for."""
        boards = Namnd.objects.filter(pk__in=self.boards()).order_by("name")
        field = cast(forms.ModelChoiceField, self.fields["namnd"])
        field.queryset = boards
        if len(boards) == 1:
            field.initial, field.empty_label = boards[0].pk, None

    def boards(self) -> list[int]:
        """Ids of the boards; each form says which."""
        return []

    def parties(self, *, accepted: bool) -> list[int]:
        """The partners that have said yes, or that have not answered."""
        return [party.namnd_id for party in partners(self.case) if (party.accepted_at is not None) == accepted]

    def held(self, role: Role, boards: list[int]) -> list[int]:
        """Those of the boards where the person holds a role."""
        mine = self.user.grants.namnder(role)
        return [namnd for namnd in boards if namnd in mine]

    def states(self) -> list[PartnerState]:
        """How far the partners have come."""
        return partner_states(sheet_of(self.case).filled(self.case), partners(self.case))


class WithdrawInvitation(OneBoard):
    """Which invitation to take back."""

    intro = gettext_lazy("Nämnden ser inte längre utkastet. Ni kan bjuda in den igen.")
    reason = TextField(label=gettext_lazy("Hälsning eller skäl"), most=1000, rows=3, required=False)

    def boards(self) -> list[int]:
        """Those that have not answered."""
        return self.parties(accepted=False)


class AcceptPartnership(OneBoard):
    """Yes or no."""

    template = "actions/accept_partnership.html"
    intro = gettext_lazy(
        "Tackar ni ja blir nämnden partner: era sökande får skriva i utkastet och fyller i er egen del, som du "
        "tillstyrker. "
        "Tackar ni nej tas inbjudan bort och ni ser inte längre utkastet."
    )
    accepts = forms.ChoiceField(label=gettext_lazy("Svar"), choices=YES_NO, widget=forms.RadioSelect)
    comment = TextField(label=gettext_lazy("Kommentar"), most=1000, rows=3, required=False)

    def boards(self) -> list[int]:
        """The boards that wait for this person's answer."""
        return self.held(Role.MANAGER, self.parties(accepted=False))

    def given(self) -> dict[str, Any]:
        """Yes as a truth."""
        return super().given() | {"accepts": self.cleaned_data["accepts"] == "ja"}


class LeavePartnership(OneBoard):
    """Why the board leaves."""

    intro = gettext_lazy(
        "Nämnden är inte längre partner och ser inte utkastet. Er del tas bort ur utkastet. Projektägaren får besked."
    )
    reason = TextField(label=gettext_lazy("Skäl"), least=10, most=1000, rows=4)

    def boards(self) -> list[int]:
        """Those that have said yes and that the person manages."""
        return self.held(Role.MANAGER, self.parties(accepted=True))


class CompletePart(OneBoard):
    """That one's own part is ready."""

    intro = gettext_lazy(
        "Er chef får en fråga om att tillstyrka delen, och projektägaren ser att ni är klara. "
        "Ändrar ni något efteråt behöver den märkas klar och tillstyrkas igen."
    )

    def boards(self) -> list[int]:
        """Those whose part is not ready and that the person writes for."""
        return self.held(Role.APPLICANT, [it.namnd.pk for it in self.states() if it.accepted and it.done is None])

    def context(self) -> dict[str, Any]:
        """What is missing in it."""
        filled = sheet_of(self.case).filled(self.case)
        mine = {state.slug for state in self.states() if state.namnd.pk in self.boards()}
        return {
            "sheet": filled.sheet,
            "filled": [form for form in filled.forms if form.slug in mine],
            "gaps": [gap for gap in filled.gaps() if gap.part in mine],
        }

    template = "applications/complete_part.html"


class EndorsePart(OneBoard):
    """Endorse one's board's own part as it stands now."""

    template = "applications/endorse.html"
    intro = gettext_lazy(
        "Din tillstyrkan gäller exakt det som står här nu. Ändras något efteråt behöver delen tillstyrkas igen."
    )
    digest = forms.CharField(widget=forms.HiddenInput, required=False)
    comment = TextField(label=gettext_lazy("Kommentar"), most=2000, rows=4, required=False)

    def boards(self) -> list[int]:
        """Those whose part is ready and not endorsed, and that the person manages."""
        return self.held(Role.MANAGER, [it.namnd.pk for it in self.states() if it.done and not it.holds])

    def prepare(self) -> None:
        """What stands there now; the hash is bound to the one part that there is to endorse."""
        super().prepare()
        filled = sheet_of(self.case).filled(self.case)
        boards = self.boards()
        self.waiting = [state for state in self.states() if state.namnd.pk in boards]
        self.shown = [form for form in filled.forms if form.slug in {state.slug for state in self.waiting}]
        if len(self.waiting) == 1:
            self.fields["digest"].initial = filled.digest_of(self.waiting[0].slug)

    def context(self) -> dict[str, Any]:
        """The parts, and what has changed since they were endorsed last."""
        filled = sheet_of(self.case).filled(self.case)
        earlier = next((state.given for state in self.waiting if state.given), None)
        return {
            "sheet": filled.sheet,
            "forms": self.shown,
            "digest": self.fields["digest"].initial or "",
            "earlier": earlier,
            "changes": changes(filled, earlier) if earlier else [],
        }


class AskEndorsement(ActionForm):
    """A word to the manager."""

    intro = gettext_lazy("Chefen får ett brev och ser ärendet under ”Att göra”. Ändra inget medan hen läser.")
    message = TextField(label=gettext_lazy("Meddelande till chefen"), most=1000, rows=3, required=False)

    def context(self) -> dict[str, Any]:
        """Who is asked."""
        managers = sorted({f"{user.get_full_name()}" for user in _managers(self.case.owner)})
        return {"facts": [(_("Chefer på %(namnd)s") % {"namnd": self.case.owner}, ", ".join(managers) or _("Ingen"))]}


def _managers(namnd: Namnd) -> list[Any]:
    return list(namnd.people(Role.MANAGER)) if hasattr(namnd, "people") else []
