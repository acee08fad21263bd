"""The form of a list of booked vouchers: a file first, then the same text to be confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.needs import vouchers
from fundportal.forms import PlainForm

LARGEST = 2_000_000
"""Bytes: room for twenty thousand rows."""


class VoucherList(PlainForm):
    """A file to look at, or the text that was looked at."""

    file = forms.FileField(
        label=gettext_lazy("CSV-fil med bokförda verifikationer"),
        help_text=gettext_lazy("Högst 2 MB. UTF-8 eller Windows-kodning, med semikolon, komma eller tabb."),
    )
    content = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    named = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The file is asked for until there is a text."""
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not (self.data or {}).get("content")

    def clean(self) -> dict[str, Any]:
        """The text and the name, wherever they came from."""
        good = super().clean()
        sent = good.get("file")
        if sent is not None and sent.size > LARGEST:
            self.add_error("file", _("Filen är större än 2 MB. Dela den."))
        elif sent is not None:
            good["text"], good["name"] = vouchers.decoded(sent.read()), sent.name
        elif good.get("content"):
            good["text"], good["name"] = good["content"], good["named"]
        return good
