"""How the product writes: amounts, days, times, names, sizes and limited Markdown. Pure functions, all in Swedish.

Numbers and units are kept together by no-break spaces. Every function answers an em dash for None, so that a template
never shows the word None. Amounts are given in kronor whatever unit they are shown in.
"""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import nh3
from django.db.models import Func, TextField, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

NBSP = "\u00a0"
MINUS = "\u2212"
NOTHING = "–"

Number = int | Decimal | float

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
COUNTED = ("Ingen", "En", "Två", "Tre", "Fyra", "Fem", "Sex", "Sju", "Åtta", "Nio", "Tio", "Elva", "Tolv")


def number(value: Number | None, decimals: int = 0) -> str:
    """A number with a decimal comma, thousands parted by a no-break space, and a real minus sign: −1 234,5."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{abs(exact):,.{decimals}f}".replace(",", NBSP).replace(".", ",")
    return f"{MINUS}{text}" if exact < 0 else text


def kronor(value: Number | None) -> str:
    """An amount in kronor: 8 400 000 kr. Ören are shown only when there are any."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value))
    whole = exact == exact.to_integral_value()
    return f"{number(exact, 0 if whole else 2)}{NBSP}kr"


def tkr(value: Number | None) -> str:
    """An amount, given in kronor, in thousands of kronor: 8 400 tkr."""
    return NOTHING if value is None else f"{number(Decimal(str(value)) / 1000)}{NBSP}tkr"


def mnkr(value: Number | None, decimals: int = 1) -> str:
    """An amount, given in kronor, in millions of kronor: 8,4 mnkr."""
    return NOTHING if value is None else f"{number(Decimal(str(value)) / 1_000_000, decimals)}{NBSP}mnkr"


def percent(value: Number | None, decimals: int | None = None) -> str:
    """A percentage, given as the number of per cent: 31 %, 12,5 %. Decimals, at most two, only when there are any."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    places = max(0, -int(exact.as_tuple().exponent)) if decimals is None else decimals
    return f"{number(value, places)}{NBSP}%"


def share(part: Number, whole: Number) -> str:
    """How much of the whole a part is, in whole per cent."""
    return NOTHING if not whole else percent(Decimal(str(part)) * 100 / Decimal(str(whole)), 0)


def local(value: date | datetime) -> date | datetime:
    """A moment in the city's own time zone; a day as it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def day(value: date | datetime | None) -> str:
    """A day in running text: 4 december 2026."""
    if value is None:
        return NOTHING
    at = local(value)
    return f"{at.day}{NBSP}{MONTHS[at.month - 1]}{NBSP}{at.year}"


def month_short(value: date | datetime) -> str:
    """The month in three letters, as on a calendar leaf: dec."""
    return MONTHS[local(value).month - 1][:3]


def day_short(value: date | datetime | None, today: date | None = None) -> str:
    """A day in a table: 4 dec. The year is added when it is not the present one: 4 dec 2028."""
    if value is None:
        return NOTHING
    at = local(value)
    this_year = (today or timezone.localdate()).year
    text = f"{at.day}{NBSP}{month_short(at)}"
    return text if at.year == this_year else f"{text}{NBSP}{at.year}"


def weekday(value: date | datetime | None) -> str:
    """A day with the name of the week's day: fredag 4 december 2026."""
    return NOTHING if value is None else f"{WEEKDAYS[local(value).weekday()]} {day(value)}"


def clock(value: datetime | None) -> str:
    """A time of day: kl. 14.12."""
    return NOTHING if value is None else f"kl.{NBSP}{local(value):%H.%M}"


def moment(value: datetime | None) -> str:
    """A day and a time: 20 november 2026 kl. 14.12."""
    return NOTHING if value is None else f"{day(value)} {clock(value)}"


def moment_exact(value: datetime | None) -> str:
    """A day and a time to the second: 20 november 2026 kl. 14.12.08."""
    return NOTHING if value is None else f"{day(value)} kl.{NBSP}{local(value):%H.%M.%S}"


def iso(value: date | datetime | None) -> str:
    """For the datetime attribute of a time element."""
    if value is None:
        return ""
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def _as_day(value: date | datetime) -> date:
    at = local(value)
    return at.date() if isinstance(at, datetime) else at


def days_left(value: date | datetime, today: date | None = None) -> int:
    """Days from today to a day; negative when it has passed."""
    return (_as_day(value) - (today or timezone.localdate())).days


def relative_day(value: date | datetime | None, today: date | None = None) -> str:
    """How far off a deadline is: i dag, i morgon, om 10 dagar, 4 dagar försenad."""
    if value is None:
        return NOTHING
    left = days_left(value, today)
    if left < 0:
        return f"1{NBSP}dag försenad" if left == -1 else f"{number(-left)}{NBSP}dagar försenad"
    near = ("i dag", "i morgon", "i övermorgon")
    return near[left] if left < len(near) else f"om {number(left)}{NBSP}dagar"


def ago(value: date | datetime | None, today: date | None = None) -> str:
    """How long since something happened: i dag, i går, för 4 dagar sedan."""
    if value is None:
        return NOTHING
    past = -days_left(value, today)
    if past <= 0:
        return "i dag"
    return "i går" if past == 1 else f"för {number(past)}{NBSP}dagar sedan"


def due_state(value: date | datetime | None, today: date | None = None, soon: int = 7) -> str:
    """Whether a deadline is late, soon or ok; the look of it follows."""
    if value is None:
        return "ok"
    left = days_left(value, today)
    return "late" if left < 0 else "soon" if left <= soon else "ok"


def initials(name: str) -> str:
    """The first letters of the first and the last name: ML for Maria af Lindqvist."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def filesize(value: int | None) -> str:
    """The size of a file: 84 kB, 1,2 MB."""
    if value is None:
        return NOTHING
    if value < 1000:
        return f"{value}{NBSP}byte"
    if value < 1_000_000:
        return f"{number(Decimal(value) / 1000)}{NBSP}kB"
    return f"{number(Decimal(value) / 1_000_000, 1)}{NBSP}MB"


def counted(count: int, one: str, many: str) -> str:
    """A count that begins a sentence, in words up to twelve: Tre uppgifter."""
    said = COUNTED[count] if 0 <= count < len(COUNTED) else number(count)
    if count == 1 and one.startswith("~"):
        said = "Ett"
    return f"{said} {(one if count == 1 else many).lstrip('~')}"


def in_words(items: list[str]) -> str:
    """A list as Swedish writes it: a, b och c."""
    return " och ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


_ORDER = str.maketrans("åäö", "{|}")


def sort_key(text: str) -> str:
    """Sorts as Swedish does, with å, ä and ö after z, in that order and in any case."""
    return text.lower().translate(_ORDER)


class SwedishOrder(Func):
    """The same order in the database, for order_by: translate(lower(x), 'åäö', '{|}') collate "C"; given a field."""

    function = "TRANSLATE"
    template = '%(function)s(%(expressions)s) COLLATE "C"'
    output_field = TextField()

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        """Wraps a field; three expressions are what Django gives when it copies the function."""
        if len(expressions) == 1:
            expressions = (Lower(expressions[0]), Value("åäö"), Value("{|}"))
        super().__init__(*expressions, **extra)


ALLOWED = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "table", "thead", "tbody", "tr", "th", "td"}


@cache
def _markdown() -> MarkdownIt:
    rules = ["list", "emphasis", "link", "blockquote", "table", "newline", "escape"]
    return MarkdownIt("zero", {"html": False, "breaks": False}).enable(rules)


def markdown(text: str | None) -> SafeString:
    """Limited Markdown as HTML: paragraphs, lists, bold, italic, quotes, tables and https links, nothing else."""
    html = _markdown().render(text or "")
    clean = nh3.clean(
        html,
        tags=ALLOWED,
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 -- cleaned by nh3 on the line above
