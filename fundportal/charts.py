"""Charts as plain SVG: the same function for web and PDF, no script.

Geometry and a fallback colour stand as attributes, which a strict CSP allows; every shape also has a class, by which
the page's CSS overrides the colour (dark mode, high contrast). WeasyPrint uses the attributes. Numbers in attributes
have a dot, numbers in text are Swedish. Amounts are given in kronor and drawn in mnkr. Each chart is drawn twice, wide
for a desktop and narrow for a phone, and the page's CSS shows one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from fundportal import formatting

LIGHT = {
    "c1": "#0F4F73",
    "c2": "#2F8577",
    "c3": "#B9771B",
    "c4": "#E3E0D8",
    "ink": "#1D2429",
    "soft": "#53595E",
    "grid": "#D6D3CC",
    "edge": "#74777A",
}
FONT = "Source Sans 3"
WIDE, NARROW = 560, 340
LEFT, RIGHT, ABOVE, BELOW = 44, 8, 26, 34
GAP = 4


@dataclass(frozen=True)
class Series:
    """One kind of figure over the years: amounts in kronor, in a colour c1 to c4."""

    name: str
    values: Sequence[Decimal | int]
    color: str = "c1"


@dataclass(frozen=True)
class Part:
    """One part of a whole, with a link to what it is made of."""

    name: str
    value: Decimal | int
    color: str = "c1"
    url: str = ""


def num(value: float | Decimal) -> str:
    """A number for an attribute, always with a dot: 12.5."""
    return f"{float(value):.1f}".rstrip("0").rstrip(".") or "0"


def mnkr(value: Decimal | int) -> float:
    """An amount in millions, for geometry only; money is never counted so."""
    return float(Decimal(value) / 1_000_000)


def nice_step(top: float, ticks: int = 4) -> float:
    """An even step for an axis that reaches `top`."""
    raw = max(top, 0.01) / ticks
    magnitude = 10 ** floor(log10(raw))
    return float(next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= raw * (1 - 1e-9)))


def decimals_of(step: float) -> int:
    """How many decimals the numbers of an axis need to be told apart and true: 2,5 and not 3; at most two."""
    return next((places for places in (0, 1) if round(step, places) == round(step, 6)), 2)


def _text(x: float, y: float, words: str, anchor: str = "start", *, strong: bool = False, size: int = 13) -> str:
    look, fill, weight = ("fp-t-ink", LIGHT["ink"], 600) if strong else ("fp-t-soft", LIGHT["soft"], 400)
    return (
        f'<text class="{look}" x="{num(x)}" y="{num(y)}" text-anchor="{anchor}" font-family="{FONT}" '
        f'font-size="{size}" font-weight="{weight}" fill="{fill}">{escape(words)}</text>'
    )


def _rect(color: str, x: float, y: float, width: float, height: float) -> str:
    edge = f' stroke="{LIGHT["edge"]}" stroke-width="1"' if color == "c4" else ""
    return (
        f'<rect class="fp-{color}" x="{num(x)}" y="{num(y)}" width="{num(max(width, 0))}" '
        f'height="{num(max(height, 0))}" rx="2" fill="{LIGHT[color]}"{edge}/>'
    )


def _frame(width: int, height: int, title: str, desc: str, body: Sequence[str], which: str) -> SafeString:
    svg = (
        f'<svg class="fp-chart__svg2 {which}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img"><title>{escape(title)}</title>'
        f"<desc>{escape(desc)}</desc>{''.join(body)}</svg>"
    )
    return mark_safe(svg)  # noqa: S308 -- every text above is escaped, the rest is numbers and constants


@dataclass(frozen=True)
class Bar:
    """One input of a tornado: its name, the result when it is lower and when it is higher, and the two in words."""

    name: str
    at_low: Decimal | int
    at_high: Decimal | int
    low: str
    high: str


def _both(draw: list[SafeString]) -> SafeString:
    return format_html("{}{}", *draw)


class _Axis:
    """The scale of a chart with amounts upwards."""

    def __init__(self, series: Sequence[Series], height: int) -> None:
        top = max((mnkr(value) for each in series for value in each.values), default=0.0)
        self.step = nice_step(top or 1)
        self.top = max(ceil(top / self.step - 1e-9), 1) * self.step
        self.height = height

    def y(self, value: float) -> float:
        """Where an amount stands."""
        return ABOVE + (self.height - ABOVE - BELOW) * (1 - value / self.top)

    def grid(self, width: int, right: int = RIGHT) -> list[str]:
        """Lines and their numbers."""
        drawn = [_text(0, 14, "mnkr")]
        for tick in range(round(self.top / self.step) + 1):
            y = self.y(tick * self.step)
            drawn.append(
                f'<line class="fp-t-grid" x1="{LEFT}" x2="{width - right}" y1="{num(y)}" y2="{num(y)}" '
                f'stroke="{LIGHT["grid"]}" stroke-width="1"/>'
            )
            drawn.append(
                _text(LEFT - 8, y + 4, formatting.number(round(tick * self.step, 6), decimals_of(self.step)), "end")
            )
        return drawn


def _columns(labels: Sequence[str], series: Sequence[Series], title: str, width: int, which: str) -> SafeString:
    height, axis = 250, _Axis(series, 250)
    drawn = axis.grid(width)
    band = (width - LEFT - RIGHT) / max(len(labels), 1)
    bar = min(34.0, max((band - 10) / max(len(series), 1), 2))
    room = bar >= 24 and which == "fp-wide"
    every = ceil(len(labels) * 34 / (width - LEFT - RIGHT))
    for at, label in enumerate(labels):
        start = LEFT + band * at + (band - bar * len(series) - 3 * (len(series) - 1)) / 2
        for number, each in enumerate(series):
            x, value = start + number * (bar + 3), mnkr(each.values[at])
            drawn.append(_rect(each.color, x, axis.y(value), bar, axis.y(0) - axis.y(value)))
            if room and value:
                words = formatting.number(value, 1)
                drawn.append(_text(x + bar / 2, axis.y(value) - 6, words, "middle", strong=True, size=12))
        if at % every == 0:
            drawn.append(_text(LEFT + band * (at + 0.5), height - 12, label, "middle"))
    return _frame(width, height, title, _summary(labels, series), drawn, which)


def _summary(labels: Sequence[str], series: Sequence[Series]) -> str:
    if not labels:
        return _("Inga uppgifter.")
    sums = formatting.in_words([f"{each.name} {formatting.mnkr(sum(map(Decimal, each.values)))}" for each in series])
    years = {"first": labels[0], "last": labels[-1], "sums": sums}
    return _("%(first)s till %(last)s: sammanlagt %(sums)s. Alla siffror står i tabellen.") % years


def columns(labels: Sequence[str], series: Sequence[Series], title: str) -> SafeString:
    """Amounts per year as bars, one for each series: for instance granted and paid."""
    return _both(
        [_columns(labels, series, title, WIDE, "fp-wide"), _columns(labels, series, title, NARROW, "fp-narrow")],
    )


def _plan_and_outcome(
    labels: Sequence[str], plan: Series, outcome: Series, title: str, width: int, which: str
) -> SafeString:
    height, axis = 250, _Axis([plan, outcome], 250)
    drawn = axis.grid(width)
    band = (width - LEFT - RIGHT) / max(len(labels), 1)
    bar = min(40.0, max(band - 14, 4))
    every = ceil(len(labels) * 34 / (width - LEFT - RIGHT))
    for at, label in enumerate(labels):
        x, planned = LEFT + band * (at + 0.5), axis.y(mnkr(plan.values[at]))
        came = mnkr(outcome.values[at])
        drawn.append(_rect(outcome.color, x - bar / 2, axis.y(came), bar, axis.y(0) - axis.y(came)))
        drawn.append(
            f'<line class="fp-l{plan.color}" x1="{num(x - bar / 2 - 5)}" x2="{num(x + bar / 2 + 5)}" '
            f'y1="{num(planned)}" y2="{num(planned)}" stroke="{LIGHT[plan.color]}" stroke-width="3"/>'
        )
        if at % every == 0:
            drawn.append(_text(x, height - 12, label, "middle"))
    return _frame(width, height, title, _summary(labels, [plan, outcome]), drawn, which)


def plan_and_outcome(labels: Sequence[str], plan: Series, outcome: Series, title: str) -> SafeString:
    """What was planned as a line across each year, what came as a bar."""
    wide = _plan_and_outcome(labels, plan, outcome, title, WIDE, "fp-wide")
    return _both([wide, _plan_and_outcome(labels, plan, outcome, title, NARROW, "fp-narrow")])


class _Span:
    """The scale of a chart whose amounts may lie on both sides of nothing; `length` is how long it is drawn."""

    def __init__(self, amounts: Sequence[float], length: float) -> None:
        low, high = min([0.0, *amounts]), max([0.0, *amounts])
        self.step = nice_step(high - low or 1)
        self.low = floor(low / self.step + 1e-9) * self.step
        self.high = max(ceil(high / self.step - 1e-9) * self.step, self.low + self.step)
        self.length = length

    def at(self, amount: float) -> float:
        """How far from the scale's low end an amount lies."""
        return self.length * (amount - self.low) / (self.high - self.low)

    def ticks(self) -> list[tuple[float, str]]:
        """Where the scale has its lines, and their numbers."""
        count = round((self.high - self.low) / self.step)
        values = [self.low + number * self.step for number in range(count + 1)]
        return [(self.at(value), formatting.number(round(value, 6), decimals_of(self.step))) for value in values]


def _line(x1: float, y1: float, x2: float, y2: float, *, color: str = "", dashed: bool = False) -> str:
    look = (
        f'class="fp-l{color}" stroke="{LIGHT[color]}" stroke-width="3"'
        if color
        else (f'class="fp-t-grid" stroke="{LIGHT["grid"]}" stroke-width="1"')
    )
    dash = ' stroke-dasharray="7 5"' if dashed else ""
    return f'<line {look} x1="{num(x1)}" x2="{num(x2)}" y1="{num(y1)}" y2="{num(y2)}"{dash}/>'


def _names(items: Sequence[tuple[str, str]], x: float) -> list[str]:
    """The names of what is drawn with their colours, in a row above it: they follow the picture into print."""
    drawn = []
    for name, color in items:
        drawn += [_rect(color, x, 3, 12, 12), _text(x + 17, 14, name)]
        x += 17 + 7 * len(name) + 14
    return drawn


def _gathered(
    labels: Sequence[str], series: Sequence[Series], level: Series, title: str, width: int, which: str
) -> SafeString:
    height = 280
    amounts = [mnkr(value) for each in (*series, level) for value in each.values]
    span = _Span(amounts, height - ABOVE - BELOW)
    band = (width - LEFT - RIGHT) / max(len(labels), 1)
    spots = [LEFT + band * (at + 0.5) for at in range(len(labels))]
    drawn = [_text(0, 14, "mnkr"), *_names([(each.name, each.color) for each in series], LEFT)]
    for offset, words in span.ticks():
        y = height - BELOW - offset
        drawn += [_line(LEFT, y, width - RIGHT, y), _text(LEFT - 8, y + 4, words, "end")]
    for each in (*series, level):
        tops = [height - BELOW - span.at(mnkr(value)) for value in each.values]
        pairs = zip(spots, tops, spots[1:], tops[1:], strict=False)
        drawn += [_line(*points, color=each.color, dashed=each is level) for points in pairs]
        drawn += [_rect(each.color, spots[0] - 4, tops[0] - 4, 8, 8)] if len(tops) == 1 else []
    every = ceil(len(labels) * 40 / (width - LEFT - RIGHT))
    drawn += [_text(x, height - 12, labels[at], "middle") for at, x in enumerate(spots) if at % every == 0]
    ends = [f"{each.name} {formatting.mnkr(each.values[-1])}" for each in (*series, level) if each.values]
    desc = _("Vid slutet: %(ends)s. Alla siffror står i tabellen.") % {"ends": formatting.in_words(ends)}
    return _frame(width, height, title, desc if labels else _("Inga uppgifter."), drawn, which)


def gathered(labels: Sequence[str], series: Sequence[Series], level: Series, title: str) -> SafeString:
    """What has gathered year by year, a line for each series, against a dashed level to be reached."""
    wide = _gathered(labels, series, level, title, WIDE, "fp-wide")
    return _both([wide, _gathered(labels, series, level, title, NARROW, "fp-narrow")])


def _tornado(bars: Sequence[Bar], base: Decimal | int, title: str, width: int, which: str) -> SafeString:
    row, edge, top = 46, 24, ABOVE + 14
    span = _Span([mnkr(value) for bar in bars for value in (bar.at_low, bar.at_high, base)], width - 2 * edge)
    height, middle = top + row * len(bars) + BELOW, edge + span.at(mnkr(base))
    drawn = _names([(_("Lägre värde"), "c3"), (_("Högre värde"), "c1")], edge)
    for offset, words in span.ticks():
        drawn += [
            _line(edge + offset, top - 8, edge + offset, height - BELOW),
            _text(edge + offset, height - 12, words, "middle"),
        ]
    for number, bar in enumerate(bars):
        above = top + row * number
        drawn.append(_text(edge, above + 8, f"{bar.name}: {bar.low}–{bar.high}", strong=True))
        for value, color in ((bar.at_low, "c3"), (bar.at_high, "c1")):
            end = edge + span.at(mnkr(value))
            drawn.append(_rect(color, min(end, middle), above + 15, abs(end - middle), 18))
    drawn.append(_line(middle, top - 8, middle, height - BELOW, color="c2"))
    most = bars[0].name if bars else ""
    desc = _("Störst betydelse har %(name)s. Alla siffror står i tabellen.") % {"name": most.lower()}
    return _frame(width, height, title, desc if bars else _("Inga uppgifter."), drawn, which)


def tornado(bars: Sequence[Bar], base: Decimal | int, title: str) -> SafeString:
    """How far each input moves a result from its base, the furthest first; amounts in kronor, drawn in mnkr."""
    return _both([_tornado(bars, base, title, WIDE, "fp-wide"), _tornado(bars, base, title, NARROW, "fp-narrow")])


def stacked(parts: Sequence[Part], title: str) -> SafeString:
    """The parts of a whole as one bar, with gaps between; its figures stand in `legend`."""
    shown = [part for part in parts if part.value > 0]
    whole = sum(mnkr(part.value) for part in shown) or 1
    room, x, drawn = 1000 - GAP * max(len(shown) - 1, 0), 0.0, []
    for part in shown:
        width = room * mnkr(part.value) / whole
        drawn.append(
            f'<rect class="fp-{part.color}" x="{num(x)}" y="0" width="{num(width)}" height="36" rx="3" '
            f'fill="{LIGHT[part.color]}"/>'
        )
        x += width + GAP
    figures = formatting.in_words([f"{part.name} {formatting.mnkr(part.value)}" for part in parts])
    svg = (
        '<svg class="fp-chart__svg" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 36" '
        f'preserveAspectRatio="none" role="img"><title>{escape(title)}</title><desc>{escape(figures)}</desc>'
        f"{''.join(drawn)}</svg>"
    )
    return mark_safe(svg)  # noqa: S308 -- every text above is escaped, the rest is numbers and constants


def draw(given: Mapping[str, Any]) -> SafeString:
    """A chart from its content as it is frozen in a paper: `kind` gathered or tornado, amounts in kronor as text."""
    if given["kind"] == "tornado":
        bars = [
            Bar(it["name"], Decimal(it["at_low"]), Decimal(it["at_high"]), it["low"], it["high"])
            for it in given["bars"]
        ]
        return tornado(bars, Decimal(given["base"]), given["title"])
    series = [Series(it["name"], [Decimal(value) for value in it["values"]], it["color"]) for it in given["series"]]
    return gathered(given["labels"], series[:-1], series[-1], given["title"])


def legend(parts: Sequence[Part]) -> SafeString:
    """The parts in words: colour, name as a link, amount and share."""
    whole = sum((Decimal(part.value) for part in parts if part.value > 0), Decimal(0))
    rows = format_html_join(
        "",
        '<li><span class="fp-swatch fp-{}" aria-hidden="true"></span><span class="fp-legend__name">{}</span>'
        '<span class="fp-legend__val"><span class="fp-num">{}</span> '
        '<span class="fp-legend__pct">{}</span></span></li>',
        (
            (
                part.color,
                format_html('<a class="ds-link" href="{}">{}</a>', part.url, part.name) if part.url else part.name,
                formatting.mnkr(part.value),
                formatting.share(part.value, whole),
            )
            for part in parts
        ),
    )
    return format_html('<ul class="fp-legend">{}</ul>', rows)


def key(series: Sequence[Series]) -> SafeString:
    """The names of the series with their colours, above a chart."""
    rows = format_html_join(
        "",
        '<li><span class="fp-swatch fp-{}" aria-hidden="true"></span>{}</li>',
        ((each.color, each.name) for each in series),
    )
    return format_html('<ul class="fp-legendrow">{}</ul>', rows)


def table(labels: Sequence[str], series: Sequence[Series], caption: str) -> SafeString:
    """All the figures of a chart as a table, to stand beside it."""
    head = format_html_join("", '<th scope="col" class="fp-right">{}, mnkr</th>', ((each.name,) for each in series))
    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                label,
                format_html_join(
                    "",
                    '<td class="fp-right fp-num">{}</td>',
                    ((formatting.number(Decimal(each.values[at]) / 1_000_000, 1),) for each in series),
                ),
            )
            for at, label in enumerate(labels)
        ),
    )
    return format_html(
        '<table class="ds-table fp-datatable"><caption class="ds-sr-only">{}</caption>'
        '<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table>',
        *(caption, _("År"), head, rows),
    )
