"""Signing an act: the password again, and only the content that was shown."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal.flow import canonical
from fundportal.forms import ActionForm
from fundportal.shown import of


class SigningForm(ActionForm):
    """The form of an act that is signed: what was shown is what is signed, by the person who is logged in."""

    template = "actions/sign.html"
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    password = forms.CharField(
        label=gettext_lazy("Ditt lösenord"),
        help_text=gettext_lazy("Du skriver under genom att ange lösenordet igen."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )
    field_order = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The password is always asked for last."""
        super().__init__(*args, **kwargs)
        self.fields["password"] = self.fields.pop("password")
        self.fields["shown"].initial = self.digest()

    def signed(self) -> dict[str, Any]:
        """Exactly what is shown to the signer and signed, beside what she fills in herself."""
        return {}

    def digest(self) -> str:
        """The hash of what is shown now."""
        return hashlib.sha256(canonical(self.signed()).encode()).hexdigest()

    def clean_password(self) -> str:
        """The signer is who she says; the password is never kept."""
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("Lösenordet stämmer inte. Skriv ditt lösenord igen."))
        return ""

    def clean_shown(self) -> str:
        """What was shown still stands."""
        seen = str(self.cleaned_data.get("shown") or "")
        if seen != self.digest():
            raise forms.ValidationError(
                _("Underlaget har ändrats sedan du öppnade sidan. Läs det igen innan du skriver under.")
            )
        return seen

    def given(self) -> dict[str, Any]:
        """All but the password; the hash of what was shown is kept with the act as `signed_sha256`."""
        given = dict(self.cleaned_data)
        given.pop("password", None)
        given["signed_sha256"] = given.pop("shown", "")
        return given

    def context(self) -> dict[str, Any]:
        """The content and its hash, for the page."""
        signed = self.signed()
        return {"signed": signed, "signed_lines": of(signed), "digest": self.digest()}
