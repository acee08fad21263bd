"""How thorough an evaluation must be: in proportion to the amount, the risk and how new the method is.

The guidelines ask for an evaluation in proportion to the investment and give no figures. These thresholds are the
product's own, in one place, and the rule is printed wherever a level is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundportal.formatting import in_words, tkr


class Level(TextChoices):
    """What an evaluation must hold."""

    BASIC = "basic", gettext_lazy("Grundnivå")
    EXTENDED = "extended", gettext_lazy("Utökad nivå")
    EFFECT = "effect", gettext_lazy("Effektutvärdering")


AMOUNTS = (Decimal(2_000_000), Decimal(10_000_000))
"""From these amounts in kronor a project counts one and two points."""
RISKS = (6, 12)
"""From these values of its greatest risk (likelihood times consequence, 1 to 16)."""
NOVELTY = {"evidens": 0, "beprovad": 1, "ny": 2}
"""By the knowledge that the method rests on; a method without a stated ground counts as new."""
EXTENDED_FROM, EFFECT_FROM = 2, 4
ASKS = {
    Level.BASIC: gettext_lazy("Varje indikator jämförs med sitt utgångsvärde. Förvaltningen kan utvärdera själv."),
    Level.EXTENDED: gettext_lazy("Dessutom en jämförelse med annat än läget före insatsen, eller skäl."),
    Level.EFFECT: gettext_lazy("Dessutom en jämförelsegrupp och en utvärderare utanför förvaltningen, eller skäl."),
}
"""What each level asks for."""


@dataclass(frozen=True)
class Judged:
    """A level and how it came about."""

    level: Level
    points: tuple[int, int, int]
    """For the amount, the risk and the novelty."""
    amount: Decimal
    risk: int
    knowledge: str

    @property
    def asks(self) -> str:
        """What the level asks for, in words."""
        return str(ASKS[self.level])

    @property
    def lines(self) -> list[tuple[str, str]]:
        """How the points came about, a pair of what and how many each."""
        amount, risk, novelty = self.points
        return [
            (_("Belopp: %s") % tkr(self.amount), _("%d poäng") % amount),
            (_("Högsta riskvärde: %d") % self.risk, _("%d poäng") % risk),
            (_("Metod: %s") % KNOWN.get(self.knowledge, KNOWN["ny"]), _("%d poäng") % novelty),
        ]


KNOWN = {
    "evidens": gettext_lazy("evidens från forskning"),
    "beprovad": gettext_lazy("beprövad erfarenhet"),
    "ny": gettext_lazy("lovande eller ny"),
}


def judge(amount: Decimal, risk: int, knowledge: str) -> Judged:
    """The level of an evaluation. `amount` in kronor, `risk` the greatest risk value, `knowledge` as the idea says."""
    points = (sum(amount >= it for it in AMOUNTS), sum(risk >= it for it in RISKS), NOVELTY.get(knowledge, 2))
    total = sum(points)
    level = Level.EFFECT if total >= EFFECT_FROM else Level.EXTENDED if total >= EXTENDED_FROM else Level.BASIC
    return Judged(level, points, amount, risk, knowledge)


def rule() -> str:
    """The whole rule, as it is printed."""
    low, high = (tkr(it) for it in AMOUNTS)
    return _(
        "Poängen läggs ihop. Belopp: 1 från %(low)s, 2 från %(high)s. Högsta riskvärde: 1 från %(risk)d, 2 från "
        "%(more)d. Metod: 0 med evidens, 1 beprövad, 2 ny. %(levels)s."
    ) % {
        "low": low,
        "high": high,
        "risk": RISKS[0],
        "more": RISKS[1],
        "levels": in_words(
            [
                _("0–%(last)d ger grundnivå") % {"last": EXTENDED_FROM - 1},
                _("%(first)d–%(last)d utökad nivå") % {"first": EXTENDED_FROM, "last": EFFECT_FROM - 1},
                _("%(first)d eller mer effektutvärdering") % {"first": EFFECT_FROM},
            ]
        ),
    }
