"""The city's boards, with when they exist and who succeeds them.

14 district boards from 2007, 13 from July 2020, 11 from July 2023. Sources: the city pages on stadsdelsområden and the
referral list of 2015–16. The names of the 14 are general knowledge and should be checked by the city before use.
"""

from dataclasses import dataclass
from datetime import date

START = date(2007, 1, 1)
JULY_2020 = date(2020, 7, 1)
JULY_2023 = date(2023, 7, 1)
JUNE_2020 = date(2020, 6, 30)
JUNE_2023 = date(2023, 6, 30)


@dataclass(frozen=True)
class Board:
    """A board as reference data."""

    code: str
    short: str
    kind: str = "sdn"
    active_from: date = START
    active_to: date | None = None
    successor: str = ""

    @property
    def name(self) -> str:
        """The full name of the board."""
        if self.kind != "sdn":
            return self.short
        genitive = "" if self.short[-1] in "aoueiyåäös" else "s"
        return f"{self.short}{genitive} stadsdelsnämnd"


DISTRICTS = (
    Board("BRO", "Bromma"),
    Board("EAV", "Enskede-Årsta-Vantör"),
    Board("FAR", "Farsta"),
    Board("HAL", "Hägersten-Liljeholmen", active_to=JUNE_2020, successor="HGA"),
    Board("ALV", "Älvsjö", active_to=JUNE_2020, successor="HGA"),
    Board("HGA", "Hägersten-Älvsjö", active_from=JULY_2020),
    Board("HAV", "Hässelby-Vällingby"),
    Board("KUN", "Kungsholmen"),
    Board("NOR", "Norrmalm", active_to=JUNE_2023, successor="NIN"),
    Board("OST", "Östermalm", active_to=JUNE_2023, successor="NIN"),
    Board("NIN", "Norra innerstaden", active_from=JULY_2023),
    Board("RIK", "Rinkeby-Kista", active_to=JUNE_2023, successor="JAR"),
    Board("SPT", "Spånga-Tensta", active_to=JUNE_2023, successor="JAR"),
    Board("JAR", "Järva", active_from=JULY_2023),
    Board("SKN", "Skarpnäck"),
    Board("SKH", "Skärholmen"),
    Board("SOD", "Södermalm"),
)
SPECIALISTS = tuple(
    Board(code, name, kind="fack")
    for code, name in (
        ("AMN", "Arbetsmarknadsnämnden"),
        ("EXN", "Exploateringsnämnden"),
        ("FSK", "Fastighetsnämnden"),
        ("IDN", "Idrottsnämnden"),
        ("KUL", "Kulturnämnden"),
        ("KYN", "Kyrkogårdsnämnden"),
        ("MHN", "Miljö- och hälsoskyddsnämnden"),
        ("SEN", "Servicenämnden"),
        ("SOC", "Socialnämnden"),
        ("SBN", "Stadsbyggnadsnämnden"),
        ("TRN", "Trafiknämnden"),
        ("UTN", "Utbildningsnämnden"),
        ("ALN", "Äldrenämnden"),
        ("OFN", "Överförmyndarnämnden"),
    )
)
CENTRAL = (Board("KS", "Kommunstyrelsen", kind="ks"),)
BOARDS = DISTRICTS + SPECIALISTS + CENTRAL
