"""Lines over the years that may go below nothing: a forecast in several scenarios. Drawn as `charts` draws the rest."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from django.utils.html import format_html
from django.utils.safestring import SafeString

from fundportal import charts, formatting
from fundportal.charts import ABOVE, BELOW, LEFT, LIGHT, NARROW, RIGHT, WIDE, Series, mnkr, nice_step, num

HEIGHT = 250
DASHES = ("", "7 5", "2 4")
"""Each line has a pattern of its own, so that colour never tells alone."""


def lines(labels: Sequence[str], series: Sequence[Series], title: str) -> SafeString:
    """A line for each series, with a dot for each year; its figures stand in a table beside."""
    drawn = [_lines(labels, series, title, width, which) for width, which in ((WIDE, "fp-wide"), (NARROW, "fp-narrow"))]
    return format_html("{}{}", *drawn)


def _lines(labels: Sequence[str], series: Sequence[Series], title: str, width: int, which: str) -> SafeString:
    values = [mnkr(value) for each in series for value in each.values]
    top, bottom = max([*values, 0.0]), min([*values, 0.0])
    step = nice_step((top - bottom) or 1)
    high, low = ceil(top / step - 1e-9) * step, floor(bottom / step + 1e-9) * step
    high = high if high > low else step

    def y(value: float) -> float:
        return ABOVE + (HEIGHT - ABOVE - BELOW) * (high - value) / (high - low)

    def x(at: int) -> float:
        return LEFT + 14 + (width - LEFT - RIGHT - 28) * at / max(len(labels) - 1, 1)

    body = [charts._text(0, 14, "mnkr")]
    for tick in range(round(low / step), round(high / step) + 1):
        at = y(tick * step)
        heavy = ' stroke-width="2"' if tick == 0 else ' stroke-width="1"'
        body.append(
            f'<line class="fp-t-grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{num(at)}" y2="{num(at)}" '
            f'stroke="{LIGHT["grid"]}"{heavy}/>'
        )
        body.append(
            charts._text(LEFT - 8, at + 4, formatting.number(round(tick * step, 6), charts.decimals_of(step)), "end")
        )
    every = ceil(len(labels) * 38 / (width - LEFT - RIGHT))
    body += [charts._text(x(at), HEIGHT - 12, label, "middle") for at, label in enumerate(labels) if at % every == 0]
    for nth, each in enumerate(series):
        points = [(x(at), y(mnkr(value))) for at, value in enumerate(each.values)]
        path = " ".join(f"{num(one)},{num(other)}" for one, other in points)
        dash = f' stroke-dasharray="{DASHES[nth % len(DASHES)]}"' if DASHES[nth % len(DASHES)] else ""
        body.append(
            f'<polyline class="fp-l{each.color}" points="{path}" fill="none" stroke="{LIGHT[each.color]}" '
            f'stroke-width="3"{dash}/>'
        )
        body += [
            f'<circle class="fp-{each.color}" cx="{num(one)}" cy="{num(other)}" r="4" fill="{LIGHT[each.color]}"/>'
            for one, other in points
        ]
    return charts._frame(width, HEIGHT, title, charts._summary(labels, series), body, which)
