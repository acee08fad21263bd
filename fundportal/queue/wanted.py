"""What a reader asks for, as it stands in an address that can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from fundportal.fields import parse_number, whole_number
from fundportal.process import ENDS, OPEN, STEPS, Role, Stage, Step
from fundportal.queue.columns import CHOICES
from fundportal.queue.orders import DEFAULT_ORDER, MOST, ORDERS

WITH_APPLICANT = tuple(step for step in OPEN if STEPS[step].owner == Role.APPLICANT)
FOR_DECISION = tuple(step for step in OPEN if STEPS[step].owner == Role.DIRECTOR)
FOLLOW_UP = OPEN[OPEN.index(Step.IMPLEMENTATION) :]

VIEWS: dict[str, tuple[StrOrPromise, Q]] = {
    "": (pgettext_lazy("ärenden", "Alla"), Q(step__in=OPEN)),
    "mina": (_("Mina"), Q(step__in=OPEN)),
    "otilldelade": (_("Inte tilldelade"), Q(step__in=OPEN, officer=None)),
    "vantar": (_("Väntar på andra"), Q(step__in=OPEN)),
    "vecka": (_("Frist denna vecka"), Q(step__in=OPEN)),
    "forsenade": (_("Försenade"), Q(step__in=OPEN)),
    "beslut": (_("Beslut"), Q(step__in=FOR_DECISION)),
    "uppfoljning": (_("Uppföljning"), Q(step__in=FOLLOW_UP)),
    "sokande": (_("Hos sökanden"), Q(step__in=WITH_APPLICANT)),
    "avslutade": (_("Avslutade"), Q(step__in=ENDS)),
    "samtliga": (_("Öppna och avslutade"), Q()),
}
"""The tabs. Whose are mine, who waits for whom and what is late are added for the reader and the day."""
DUES: dict[str, StrOrPromise] = {
    "passerad": _("Passerad"),
    "snart": _("Inom 7 dagar"),
    "manad": _("Inom 30 dagar"),
    "ingen": _("Ingen frist"),
}


def clean(text: str) -> str:
    """Typed text without characters that the database cannot hold."""
    return "".join(char for char in text if ord(char) >= 32).strip()


def amount(text: str) -> Decimal | None:
    """Kronor as typed in a filter; None for what is no amount."""
    try:
        value = parse_number(text)
    except InvalidOperation:
        return None
    return value if abs(value) <= MOST else None


def day(text: str) -> date | None:
    """A day as typed in a filter; None for what is no day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


@dataclass(frozen=True)
class Wanted:
    """What a reader asks for. Anything unreadable counts as not asked for. Amounts are kronor, both ends included."""

    q: str = ""
    view: str = ""
    step: str = ""
    namnd: int | None = None
    round: int | None = None
    officer: str = ""
    due: str = ""
    sort: str = DEFAULT_ORDER
    after: str = ""
    before: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    due_from: date | None = None
    due_to: date | None = None
    columns: tuple[str, ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, str], *, view: str = "", sort: str = DEFAULT_ORDER) -> Wanted:
        """From an address's parameters; `view` and `sort` are what counts when none is asked for."""

        def one_of(name: str, known: Iterable[str], default: str = "") -> str:
            asked = told.get(name, default)
            return asked if asked in known else default

        return cls(
            q=clean(told.get("q", ""))[:200],
            view=one_of("vy", VIEWS, view),
            step=one_of("steg", {*Step.values, *map(str, Stage.values)}),
            namnd=whole_number(told.get("namnd", "")),
            round=whole_number(told.get("omgang", "")),
            officer=_officer(told.get("handlaggare", "")),
            due=one_of("frist", DUES),
            sort=one_of("sort", ORDERS, sort),
            after=clean(told.get("efter", ""))[:400],
            before=clean(told.get("fore", ""))[:400],
            least=amount(told.get("belopp_fran", "")),
            most=amount(told.get("belopp_till", "")),
            due_from=day(told.get("frist_fran", "")),
            due_to=day(told.get("frist_till", "")),
            columns=_columns(told),
        )

    @property
    def named(self) -> dict[str, str]:
        """The filters in use by their names in the address, the place left out."""
        told = {
            "vy": self.view,
            "q": self.q,
            "steg": self.step,
            "namnd": str(self.namnd or ""),
            "omgang": str(self.round or ""),
            "handlaggare": self.officer,
            "frist": self.due,
            "belopp_fran": _plain(self.least),
            "belopp_till": _plain(self.most),
            "frist_fran": _plain(self.due_from),
            "frist_till": _plain(self.due_to),
            "sort": "" if self.sort == DEFAULT_ORDER else self.sort,
            "kol": ",".join(self.columns),
        }
        return {name: value for name, value in told.items() if value}

    @property
    def filtered(self) -> bool:
        """Whether anything but a tab, an order and columns is asked for."""
        return bool(self.named.keys() - {"vy", "sort", "kol"})

    def address(self, **changed: Any) -> str:
        """The query of an address that asks for this, with changes; the place is left out unless it is given."""
        it = replace(self, **{"after": "", "before": "", **changed})
        told = it.named | {name: value for name, value in (("efter", it.after), ("fore", it.before)) if value}
        return "?" + urlencode(told) if told else "?"


def _officer(text: str) -> str:
    return text if text in ("ingen", "mig") else str(whole_number(text) or "")


def _columns(told: Mapping[str, str]) -> tuple[str, ...]:
    """Known columns, in the order they always stand, each once; from one parameter or from boxes."""
    boxes = told.getlist("kol") if isinstance(told, QueryDict) else [told.get("kol", "")]
    asked = {name for box in boxes for name in box.split(",")}
    return tuple(name for name in CHOICES if name in asked)


def _plain(value: Decimal | date | None) -> str:
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
    return str(value.quantize(Decimal(1)) if value == value.to_integral_value() else value)
