"""Fields for what Swedish public money is typed as: kronor, tkr, per cent, days, longer text, files."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal import formatting, uploads
from fundportal.canonical import NOT_APPLICABLE

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside are slips of the finger, and no calendar of working days reaches them."""
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")


class FondRenderer(TemplatesSetting):
    """Draws every form and field with our own templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


def parse_number(text: str) -> Decimal:
    """The number that was typed: "1 234,50", "1234,5" and the same with hard spaces are alike."""
    typed = SPACES.sub("", str(text)).replace("\u2212", "-")
    if "," in typed:
        typed = typed.replace(".", "") if re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+", typed) else typed
        typed = typed.replace(",", ".", 1)
    if not re.fullmatch(r"-?\d+(\.\d+)?", typed):
        raise InvalidOperation
    return Decimal(typed)


def in_sum(value: Any) -> Decimal:
    """A cleaned figure as it counts in a sum: what is empty or not applicable adds nothing."""
    return Decimal(0) if value in (None, "", NOT_APPLICABLE) else Decimal(value)


def whole_number(text: str, digits: int = 18) -> int | None:
    """The number in an address or a hidden field, where anything may stand; None if it is not a plain, storable one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


class NumberField(forms.Field):
    """A number typed as people type it. `decimals` is how many are allowed; `times` turns tkr into kronor.

    Three answers are three things: 0 is cleaned to 0, nothing to None, and with `na=True` the box "Inte aktuellt"
    beside the field to `NOT_APPLICABLE`. They are shown as "0 kr", "Inte ifyllt" and "Inte aktuellt", and frozen as
    "0", null and "inte aktuellt". Add with `in_sum`. A required field with `na=True` asks for a number or the box.
    """

    decimals = 0
    times = 1
    largest = Decimal(9_999_999_999)
    """In what the user types, either side of nothing: what is typed and what is summed from it has room when stored."""
    suffix: StrOrPromise = ""
    example = "220"
    what = gettext_lazy("ett heltal")

    def __init__(
        self,
        *,
        minimum: Decimal | int | None = 0,
        maximum: Decimal | int | None = None,
        suffix: StrOrPromise = "",
        na: bool = False,
        **kwargs: Any,
    ) -> None:
        """`minimum` and `maximum` are in what the user types; `na` adds the box "Inte aktuellt"."""
        self.minimum, self.maximum, self.na = minimum, maximum, na
        self.suffix = suffix or self.suffix
        plain = SuffixInput(self.suffix) if self.suffix else forms.TextInput()
        kwargs.setdefault("widget", MayNotApplyInput(self.suffix) if na else plain)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric" if not self.decimals else "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("class", "fp-input--number")

    def to_python(self, value: Any) -> Any:
        """The typed text as a Decimal, or None when nothing was typed; 0 is not nothing."""
        if value in self.empty_values:
            return None
        if self.na and str(value).strip().lower().startswith(NOT_APPLICABLE):
            return self._not_applicable(str(value))
        if isinstance(value, Decimal | int):
            return Decimal(value)
        try:
            number = parse_number(value)
        except InvalidOperation:
            raise ValidationError(self._explain()) from None
        if abs(number) > self.largest:
            raise ValidationError(
                _("%(label)s är för stort. Skriv högst %(largest)s.")
                % {"label": self.label or _("Talet"), "largest": formatting.number(self.largest)}
            )
        if number != round(number, self.decimals):
            raise ValidationError(self._explain())
        self._within(number)
        return self.finish(number)

    def _within(self, number: Decimal) -> None:
        if self.minimum is not None and number < self.minimum:
            raise ValidationError(
                _("%(label)s ska vara minst %(minimum)s.")
                % {"label": self.label or _("Talet"), "minimum": self._measured(self.minimum)}
            )
        if self.maximum is not None and number > self.maximum:
            raise ValidationError(
                _("%(label)s får vara högst %(maximum)s.")
                % {"label": self.label or _("Talet"), "maximum": self._measured(self.maximum)}
            )

    def _measured(self, bound: Decimal | int) -> str:
        """A bound with the field's unit; a year is four figures in a row."""
        said = formatting.number(bound, self.decimals if bound % 1 else 0) if self.suffix else str(bound)
        return f"{said}{formatting.NBSP}{self.suffix}" if self.suffix else said

    def _not_applicable(self, typed: str) -> str:
        if typed.strip()[len(NOT_APPLICABLE) :]:
            raise ValidationError(
                _("%(label)s: antingen ett tal eller ”Inte aktuellt”. Ta bort talet eller krysset.")
                % {"label": self.label or _("Fältet")}
            )
        return NOT_APPLICABLE

    def finish(self, number: Decimal) -> Any:
        """The cleaned value."""
        return number * self.times

    def prepare_value(self, value: Any) -> Any:
        """A stored value as it is typed, with decimals when it has any; what was typed is shown as it was."""
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            typed = Decimal(value) / self.times
            if typed.is_finite():
                decimals = self.decimals if typed % 1 else 0
                return f"{typed:,.{decimals}f}".replace(",", " ").replace(".", ",")
        return value

    def _explain(self) -> str:
        return _("%(label)s ska vara %(what)s, till exempel %(example)s.") % {
            "label": self.label or _("Fältet"),
            "what": self.what,
            "example": self.example_within(),
        }

    def example_within(self) -> str:
        """The example, or one that the field would take."""
        small = self.maximum is not None and self.maximum < 220 and self.example == NumberField.example
        return str(min(self.maximum or 0, 12)) if small else self.example


class SuffixInput(forms.TextInput):
    """A text input with a unit after it."""

    template_name = "forms/suffix.html"

    def __init__(self, suffix: StrOrPromise, attrs: dict[str, Any] | None = None) -> None:
        """`suffix` is the unit."""
        self.suffix = suffix
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The unit is for the template."""
        context = super().get_context(name, value, attrs)
        context["widget"]["suffix"] = self.suffix
        context["widget"]["attrs"]["suffix"] = self.suffix
        return context


class MayNotApplyInput(SuffixInput):
    """A text input with the box "Inte aktuellt" beside it. Both given are both kept, and told as wrong when checked."""

    template_name = "forms/na.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was typed; that it does not apply is written before it. A stored draft has it so already."""
        typed = super().value_from_datadict(data, files, name)
        return f"{NOT_APPLICABLE} {typed or ''}".strip() if f"{name}-na" in data else typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The box and the text apart."""
        ticked = isinstance(value, str) and value.strip().lower().startswith(NOT_APPLICABLE)
        text = value.strip()[len(NOT_APPLICABLE) :].strip() if ticked else value
        context = super().get_context(name, text, attrs)
        context["widget"] |= {"na_name": f"{name}-na", "ticked": ticked}
        return context


class WholeField(NumberField):
    """A whole number; cleaned to int."""

    largest = Decimal(999_999_999)

    def finish(self, number: Decimal) -> int:
        """As int."""
        return int(number)

    def prepare_value(self, value: Any) -> Any:
        """Without grouping: it may be a year."""
        return value


class YearField(WholeField):
    """A year, 2010 to 2099; cleaned to int."""

    what = gettext_lazy("ett år med fyra siffror")
    example = "2027"

    def __init__(self, **kwargs: Any) -> None:
        """Bounds that catch slips of the finger."""
        super().__init__(minimum=2010, maximum=2099, **kwargs)


class KronorField(NumberField):
    """Kronor, whole unless `decimals` is 2; cleaned to Decimal kronor."""

    suffix = gettext_lazy("kr")
    what = gettext_lazy("ett belopp i hela kronor")
    example = "8 400 000"


class TkrField(NumberField):
    """Whole thousands of kronor as the city budgets; cleaned to Decimal *kronor*."""

    times = 1000
    largest = Decimal(9_999_999)
    suffix = gettext_lazy("tkr")
    what = gettext_lazy("ett belopp i hela tusental kronor")
    example = "4 500"


class PercentField(NumberField):
    """Per cent with up to two decimals; cleaned to Decimal 0–100."""

    decimals = 2
    suffix = "%"
    what = gettext_lazy("ett tal i procent")
    example = "35"

    def __init__(self, **kwargs: Any) -> None:
        """Between 0 and 100 unless said otherwise."""
        kwargs.setdefault("maximum", 100)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Without needless zeros."""
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A day, typed 2027-02-01, 20270201 or 1 feb 2027. With `past=True` something has happened on it."""

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        """A plain text input: browsers show type=date in their own language, not the page's."""
        self.past = past
        kwargs.setdefault(
            "widget",
            forms.DateInput(
                format="%Y-%m-%d", attrs={"inputmode": "numeric", "class": "fp-input--day", "autocomplete": "off"}
            ),
        )
        kwargs.setdefault("help_text", gettext_lazy("År, månad och dag, till exempel 2027-02-01."))
        super().__init__(input_formats=["%Y-%m-%d", "%Y%m%d"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day, or a sentence that says how to type it."""
        if isinstance(value, str) and (
            typed := re.fullmatch(r"(\d{1,2})\.?\s+([a-zåäö]{3})[a-zåäö]*\.?\s+(\d{4})", value.strip().lower())
        ):
            number, month, year = typed.groups()
            if month in MONTHS:
                value = f"{year}-{MONTHS.index(month) + 1:02d}-{int(number):02d}"
        try:
            day = super().to_python(value)
            if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise ValidationError("")
        except ValidationError:
            raise ValidationError(
                _("%(label)s ska vara en dag, till exempel 2027-02-01.") % {"label": self.label or _("Datum")}
            ) from None
        if self.past and day is not None and day > timezone.localdate():
            raise ValidationError(
                _("%(label)s kan inte ligga i framtiden. Skriv dagen då det skedde.")
                % {"label": self.label or _("Datum")}
            )
        return day


class TextField(forms.CharField):
    """Longer text in a textarea, with a counter; `least` and `most` are in characters."""

    def __init__(self, *, least: int = 0, most: int = 4000, rows: int = 6, **kwargs: Any) -> None:
        """`most` is enforced at submission; the browser never blocks typing."""
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "data-max": most}))
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """The text, line ends made alike."""
        text = str(super().clean(value)).replace("\r\n", "\n")
        if text and len(text) < self.least:
            raise ValidationError(
                _("%(label)s: skriv minst %(least)d tecken. Nu är det %(now)d.")
                % {"label": self.label, "least": self.least, "now": len(text)}
            )
        if len(text) > self.most:
            raise ValidationError(
                _("%(label)s: korta till högst %(most)d tecken. Nu är det %(now)d.")
                % {"label": self.label, "most": self.most, "now": len(text)}
            )
        return text


class FilesInput(forms.ClearableFileInput):
    """Several files in one input."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """What may be chosen is known to the browser too, so that nobody waits for a refusal."""
        super().__init__({"accept": ",".join(uploads.KINDS), "data-most": str(uploads.MOST)} | (attrs or {}))


class FilesField(forms.FileField):
    """Files of the allowed types, each at most 25 MB; cleaned to a list of uploaded files."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        """Says the size and the types before anyone chooses a file."""
        kwargs.setdefault("help_text", uploads.ALLOWED_TEXT)
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Check each file by its content."""
        files = (data or [None]) if isinstance(data, list | tuple) else [data]
        cleaned = [
            cast(UploadedFile, super(FilesField, self).clean(file, initial)) for file in files if file or self.required
        ]
        for file in cleaned:
            uploads.check(file)
        return cleaned
