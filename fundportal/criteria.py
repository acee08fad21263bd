"""The twelve criteria an idea is judged by, K1 to K12. The council scores them; a rejection names those not met.

Their words and gates are set for each round (`of`); `CRITERIA` is how they read where nobody has set anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fundportal.models import Round


@dataclass(frozen=True)
class Criterion:
    """One criterion. A gate (grindkriterium) must be met, or the deviation reasoned, for an idea to be supported."""

    code: str
    text: StrOrPromise
    guidance: StrOrPromise
    gate: bool = False

    @property
    def label(self) -> str:
        """Code and text, as it is named in a decision: K5 Ryms inte i ordinarie budget."""
        return f"{self.code} {self.text}"


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "K1",
        _("Motverkar utanförskap"),
        _("Insatsen minskar risken för utanförskap och social utsatthet för stockholmare."),
    ),
    Criterion("K2", _("Tydligt behov"), _("Behovet är beskrivet med egna data, statistik eller forskning.")),
    Criterion("K3", _("Avgränsad målgrupp"), _("Det framgår vilka som ska nås, hur många de är och var de finns.")),
    Criterion(
        "K4",
        _("Kompletterar ordinarie verksamhet"),
        _("Insatsen kompletterar och stödjer ordinarie arbete. Den ersätter det inte."),
        gate=True,
    ),
    Criterion(
        "K5",
        _("Ryms inte i ordinarie budget"),
        _("Ettårsbudgeten, flera nämnders ansvar eller osäker effekt hindrar insatsen i dag."),
    ),
    Criterion(
        "K6", _("Kunskapsgrund"), _("Metoden har evidens, beprövad erfarenhet eller ett väl beskrivet antagande.")
    ),
    Criterion("K7", _("Nytt arbetssätt"), _("Metoden eller sättet att införa den är nytt för verksamheten.")),
    Criterion("K8", _("Samverkan"), _("Flera nämnder eller andra parter deltar med tydliga roller.")),
    Criterion(
        "K9", _("Utvärderingsbar"), _("Effekten går att mäta mot ett utgångsläge, socialt och ekonomiskt."), gate=True
    ),
    Criterion(
        "K10",
        _("Sannolik utgiftsminskning"),
        _("Utgifterna väntas minska hos en namngiven nämnd och i ett namngivet verksamhetsområde."),
        gate=True,
    ),
    Criterion(
        "K11",
        _("Stadsövergripande eller skalbar"),
        _("Insatsen gäller hela staden, eller kan spridas till fler delar av den."),
    ),
    Criterion(
        "K12",
        _("Kan införas i ordinarie verksamhet"),
        _("Det finns en mottagare som kan ta över arbetssättet om det lyckas."),
    ),
)

GATES = tuple(criterion for criterion in CRITERIA if criterion.gate)
BY_CODE = {criterion.code: criterion for criterion in CRITERIA}


def of(round_: Round) -> tuple[Criterion, ...]:
    """The criteria as they read in a round: one question, remembered while the object lives."""
    found: tuple[Criterion, ...] | None = round_.__dict__.get("_criteria")
    if found is None:
        own = {row.code: row for row in round_.criteria.all()}
        found = tuple(
            Criterion(row.code, row.text, row.guidance, row.gate) if (row := own.get(usual.code)) else usual
            for usual in CRITERIA
        )
        round_.__dict__["_criteria"] = found
    return found


def choices(among: Iterable[Criterion] = CRITERIA) -> list[tuple[str, str]]:
    """Every criterion as a choice."""
    return [(criterion.code, criterion.label) for criterion in among]


def named(codes: list[str], among: Iterable[Criterion] = CRITERIA) -> list[str]:
    """The criteria in their own order, each by code and text."""
    return [criterion.label for criterion in among if criterion.code in codes]
