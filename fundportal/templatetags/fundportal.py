"""What templates may say: {% load fundportal %}. All logic lives in `fundportal.formatting`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fundportal import formatting, funds
from fundportal.models import Case, FundRules

register = template.Library()

RARE = (  # never buttons of their own
    *("declare_jav", "withdraw_jav", "withdraw", "discontinue", "archive", "assign"),
    *("write_note", "write_message", "strike_note", "end_access"),
)

for _function in (
    formatting.number,
    formatting.kronor,
    formatting.tkr,
    formatting.mnkr,
    formatting.percent,
    formatting.day,
    formatting.day_short,
    formatting.month_short,
    formatting.weekday,
    formatting.clock,
    formatting.moment,
    formatting.moment_exact,
    formatting.iso,
    formatting.relative_day,
    formatting.ago,
    formatting.due_state,
    formatting.initials,
    formatting.filesize,
    formatting.markdown,
    formatting.in_words,
):
    register.filter(_function.__name__, _function)


@register.filter
def in_fund(address: str, fund: int) -> str:
    """An address of the fund's pages, in one of the city's funds: {{ up|in_fund:fund.pk }}."""
    return f"{address}?fond={fund}"


@register.simple_tag
def fund_rules(case: Case) -> FundRules:
    """The fund's rules that hold for a case."""
    return funds.rules_of(case)


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """An icon of the sprite, hidden from aids that read aloud: {% icon "Calendar" %}, {% icon "Bell" "is-ok" %}."""
    return format_html(
        '<svg class="fp-icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {kind}" if kind else "",
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def counted(count: int, one: str, many: str) -> str:
    """A count that begins a sentence: {% counted 3 "uppgift" "uppgifter" %} is Tre uppgifter."""
    return formatting.counted(count, one, many)


@register.simple_tag
def sort_offers(offers: Iterable[Any] | None) -> tuple[list[Any], list[Any]]:
    """What can be done now as (buttons, menu): two buttons, a primary one first; the rest and the rare in the menu."""
    ready = sorted((offer for offer in offers or () if not offer.missing), key=lambda offer: not offer.main)
    usual = [offer for offer in ready if offer.row.name not in RARE]
    return usual[:2], usual[2:] + [offer for offer in ready if offer.row.name in RARE]


@register.filter
def lookup(mapping: Mapping[str, Any], key: str) -> Any:
    """A value whose key is no name: {{ widget.attrs|lookup:"aria-describedby" }}."""
    return mapping.get(key, "")


@register.filter
def paired(these: Iterable[Any], those: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Each with its counterpart: {% for cell, column in row.cells|paired:columns %}."""
    return list(zip(these, those, strict=False))


@register.filter
def capfirst_sv(text: str) -> str:
    """The same sentence with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


@register.filter
def sentence(value: date | datetime | None) -> str:
    """How far off a deadline is, beginning a line: Om 10 dagar."""
    return capfirst_sv(formatting.relative_day(value))


def _anchor(field: BoundField) -> str:
    several = isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{field.auto_id}_0" if several else str(field.auto_id)


@register.simple_tag
def error_links(form: BaseForm | None, errors: Any = None, reasons: Any = None) -> list[tuple[str, str]]:
    """Everything to put right as (text, anchor): reasons without place, given pairs, and the form's errors."""
    found = [(str(reason), "") for reason in reasons or ()]
    found += [(str(text), str(anchor)) for text, anchor in errors or ()]
    if not isinstance(form, BaseForm) or not form.is_bound:
        return found
    if summary := getattr(form, "summary", None):
        return found + [(str(text), str(anchor)) for text, anchor in summary()]
    found += [(str(error), "") for error in form.non_field_errors()]
    return found + [(str(error), _anchor(field)) for field in form for error in field.errors]
