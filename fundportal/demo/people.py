"""The demo's people. All are invented, and share one short password; none of this is for anything but the demo."""

from dataclasses import dataclass

PASSWORD = "fonden"  # noqa: S105 -- printed on the login page of the demo
DOMAIN = "demo.example"


@dataclass(frozen=True)
class Person:
    """One of the demo's people: a role, and a board's code where the role is held on one."""

    role: str
    name: str
    title: str
    namnd: str = ""

    @property
    def email(self) -> str:
        """Made from the name, without å, ä, ö."""
        plain = self.name.lower().translate(str.maketrans("åäöéü ", "aaoeu."))
        return f"{plain}@{DOMAIN}"


def _board(code: str, applicant: str, manager: str, respondent: str) -> tuple[Person, ...]:
    return (
        Person("applicant", applicant, "Utvecklingsledare", code),
        Person("manager", manager, "Avdelningschef", code),
        Person("respondent", respondent, "Nämndsekreterare", code),
    )


PEOPLE: tuple[Person, ...] = (
    *_board("SKH", "Amina Björkefall", "Torsten Kvarnlycke", "Ritva Sandåker"),
    Person("officer", "Maria Lindhagevik", "Handläggare, stadsledningskontoret"),
    Person("council", "Gunnel Fjällbacke", "Ledamot i rådet för sociala investeringar"),
    Person("director", "Birgitta Stenkulla", "Stadsdirektör"),
    Person("controller", "Johan Ekängsby", "Controller, finansavdelningen"),
    Person("steering", "Yasmin Torpalund", "Styrgruppsordförande"),
    Person("auditor", "Lennart Granåker", "Revisor, stadsrevisionen"),
    Person("reader", "Ebba Klockarvret", "Utredare, socialförvaltningen"),
    Person("administrator", "Petra Vindelhamn", "Systemförvaltare"),
    Person("officer", "Henrik Öbergslätt", "Handläggare, stadsledningskontoret"),
    Person("officer", "Sofia Karlavagn", "Handläggare, stadsledningskontoret"),
    Person("council", "Mehmet Ängsvik", "Ledamot i rådet för sociala investeringar"),
    Person("council", "Ingela Rosenfäldt", "Ledamot i rådet för sociala investeringar"),
    Person("council", "Oskar Lövsjöhed", "Ledamot i rådet för sociala investeringar"),
    Person("controller", "Fatima Silverö", "Controller, finansavdelningen"),
    *_board("SOC", "Elin Vattrångsby", "Karim Höglycke", "Doris Näsmarker"),
    *_board("UTN", "Staffan Bergåsa", "Lena Ulvskogen", "Pia Mossebo"),
    *_board("AMN", "Nadja Klintåkra", "Rolf Hedevinter", "Sara Backlyra"),
    *_board("JAR", "Ismail Grönvall", "Catharina Måneryd", "Tove Kärrlund"),
    *_board("FAR", "Jonna Flodsäter", "Per-Anders Holmdal", "Agneta Rönnmark"),
    *_board("SOD", "Viktor Tallmyra", "Monika Eklandet", "Kurt Sjöhage"),
    *_board("EAV", "Linnéa Brostorp", "Göran Asplycka", "Helga Mellbyn"),
    *_board("HAV", "Daniel Stormåsen", "Ylva Kullagård", "Mats Norrängen"),
    *_board("ALN", "Sanna Fågelbro", "Anders Lyckodal", "Berit Vassholm"),
    *_board("HGA", "Josefin Lekarskog", "Bengt Uddevik", "Maja Rytterås"),
    *_board("KUN", "Alva Stensiö", "Krister Bolmåker", "Gerd Höjdevall"),
    *_board("NIN", "Simon Trädberga", "Ulrika Vallingsnäs", "Ove Kilebäck"),
    *_board("SKN", "Leila Ekesbo", "Jan-Erik Sköldnäs", "Siv Orrvaken"),
    *_board("KUL", "Tuva Notängen", "Peder Scenåker", "Karin Bokhage"),
    *_board("IDN", "Noel Löparvik", "Anneli Målstad", "Roger Planåker"),
    *_board("BRO", "Emil Sundåsen", "Rebecka Hallonmark", "Nils Lindvreten"),
)


def people() -> list[dict[str, str]]:
    """The people as the login page and `manage.py demo --people` show them."""
    return [
        {
            "role": person.role,
            "namnd": person.namnd,
            "name": person.name,
            "title": person.title,
            "email": person.email,
            "password": PASSWORD,
        }
        for person in PEOPLE
    ]
