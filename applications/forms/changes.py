"""Shapes of input for changes of the grant."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Change, ChangeDraft
from applications.models.investment import Line, granted, per_board
from applications.sheets.money import money_rows, set_boards, twice, typed_row
from fundportal import ledger
from fundportal.formatting import kronor
from fundportal.forms import ActionForm, TextField
from fundportal.models import Account
from fundportal.signing import SigningForm


class RequestChange(ActionForm):
    """The new budget, beginning with the old."""

    template = "actions/request_change.html"
    intro = gettext_lazy(
        "Ändra beloppen till det ni vill ha. Hela budgeten ska stå här, även det som inte ändras. "
        "Stadsdirektören ser den gamla och den nya bredvid varandra."
    )

    rows = money_rows(
        gettext_lazy("Ny budget"),
        in_tkr=False,
        may_be_zero=True,
        help_text=gettext_lazy("Skriv 0 på en rad som ska utgå."),
        least=1,
        totals=("amount",),
    )
    reason = TextField(
        label=gettext_lazy("Skäl"),
        help_text=gettext_lazy("Varför behövs ändringen och vad händer om den inte görs?"),
        least=50,
        most=4000,
    )

    def prepare(self) -> None:
        """Begin with what is granted now, or with the draft of a report's deviation: never less than is taken."""
        set_boards(self.fields["rows"], self.case)
        drafts = ChangeDraft.objects.filter(case=self.case, closed=None).select_related("report")
        self.draft = drafts.prefetch_related("rows").first()
        if self.draft and not self.is_bound:
            self.fields["reason"].initial = self.draft.reason
            taken = {(it.year, it.use, it.namnd): it.paid + it.awaiting for it in per_board(self.case)}
            keys = {(row.year, row.use, row.namnd_id): row.after for row in self.draft.rows.all()}
            self.fields["rows"].initial = [
                typed_row(*key, max(after, taken.get(key, after))) for key, after in keys.items()
            ]
        elif not self.is_bound:
            now = granted(self.case)
            self.fields["rows"].initial = [typed_row(*key, amount) for key, amount in now.items() if amount]

    def clean(self) -> dict[str, Any]:
        """Each year, use and nämnd once."""
        cleaned = super().clean() or {}
        if text := twice(cleaned.get("rows") or []):
            self.add_error("rows", text)
        return cleaned

    def context(self) -> dict[str, Any]:
        """Where the money stands now."""
        lines = per_board(self.case)
        return {"lines": lines, "total": Line.of(lines), "draft": self.draft}


class DecideChange(SigningForm):
    """Old and new side by side, and the director's answer."""

    template = "actions/decide_change.html"

    intro = gettext_lazy("Jämför den gamla och den nya budgeten. Vid bifall bokförs skillnaderna.")

    approves = forms.TypedChoiceField(
        label=gettext_lazy("Beslut"),
        choices=(("yes", gettext_lazy("Bifall")), ("no", gettext_lazy("Avslag"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reasons = TextField(label=gettext_lazy("Motivering"), least=20, most=4000, rows=4)

    @cached_property
    def change(self) -> Change | None:
        """The change that waits."""
        waiting = Change.objects.filter(case=self.case, status=Change.Status.AWAITING)
        return waiting.prefetch_related("rows__namnd").first()

    def signed(self) -> dict[str, Any]:
        """The whole change as it was asked for."""
        change = self.change
        if change is None:
            return {}
        before, after, difference = change.sums
        changed = _("%(year)s, %(use)s, %(namnd)s: %(before)s blir %(after)s.")
        same = _("%(year)s, %(use)s, %(namnd)s: %(after)s, oförändrat.")
        return {
            _("Ärende"): f"{self.case.number} {self.case.title}",
            _("Skäl i begäran"): change.reason,
            _("Beviljat nu"): kronor(before),
            _("Beviljat efter ändringen"): kronor(after),
            _("Skillnad"): kronor(difference),
            _("Budgeten rad för rad"): [
                (changed if row.difference else same)
                % {
                    "year": row.year,
                    "use": str(row.get_use_display()).lower(),
                    "namnd": row.namnd.name,
                    "before": kronor(row.before),
                    "after": kronor(row.after),
                }
                for row in change.rows.all()
            ],
        }

    def context(self) -> dict[str, Any]:
        """Old and new side by side."""
        available = ledger.balance(self.case.fund, Account.FUND)
        raised = self.change.sums[2] if self.change else 0
        return super().context() | {
            "change": self.change,
            "available": available,
            "available_after": available - raised,
        }
