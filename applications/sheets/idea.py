"""The idea sketch (idéskiss): what the council and the director judge."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.sheets.lapse import tell_of_lapse
from applications.sheets.partner import closed_part, idea_partners
from applications.sheets.parts import ALL_CITY, YES_NO, Part, namnd_choices, namnder, partners, people
from fundportal import formatting, funds, shown
from fundportal.areas import Area
from fundportal.drafts import Sheet
from fundportal.forms import KronorField, RowsField, TextField, TkrField, WholeField, YearField, choose
from fundportal.models import Case, Namnd
from fundportal.process import Role, Step

GENDERS = (
    ("alla", gettext_lazy("Alla")),
    ("kvinnor", gettext_lazy("Kvinnor och flickor")),
    ("man", gettext_lazy("Män och pojkar")),
)
OBSTACLES = (
    ("ettar", gettext_lazy("Budgeten gäller ett år i taget")),
    ("flera", gettext_lazy("Kostnad och nytta hamnar hos olika nämnder")),
    ("osaker", gettext_lazy("Effekten är osäker")),
)
KNOWLEDGE = (
    ("evidens", gettext_lazy("Evidens från forskning")),
    ("beprovad", gettext_lazy("Beprövad erfarenhet")),
    ("ny", gettext_lazy("Lovande eller ny metod")),
)
GOALS = (
    ("skillnader", gettext_lazy("Kommissionen för ett socialt hållbart Stockholm")),
    ("trygg", gettext_lazy("KF-mål: en trygg stad utan segregation")),
    ("skola", gettext_lazy("KF-mål: alla barn får en bra start och klarar skolan")),
    ("arbete", gettext_lazy("KF-mål: fler i egen försörjning")),
    ("aldre", gettext_lazy("KF-mål: trygg omsorg")),
    ("mal1", gettext_lazy("Agenda 2030, mål 1: ingen fattigdom")),
    ("mal3", gettext_lazy("Agenda 2030, mål 3: god hälsa och välbefinnande")),
    ("mal4", gettext_lazy("Agenda 2030, mål 4: god utbildning för alla")),
    ("mal5", gettext_lazy("Agenda 2030, mål 5: jämställdhet")),
    ("mal8", gettext_lazy("Agenda 2030, mål 8: anständiga arbetsvillkor och tillväxt")),
    ("mal10", gettext_lazy("Agenda 2030, mål 10: minskad ojämlikhet")),
    ("mal16", gettext_lazy("Agenda 2030, mål 16: fredliga och inkluderande samhällen")),
)


class Basics(Part):
    """Name, scope and people."""

    slug = "grund"
    title = gettext_lazy("Grunduppgifter")
    intro = gettext_lazy(
        "Vad satsningen heter, hur stor del av staden den gäller och vilka som ansvarar för idéskissen."
    )

    project_name = forms.CharField(
        label=gettext_lazy("Projektnamn"),
        max_length=120,
        help_text=gettext_lazy("Högst 120 tecken. Namnet blir ärendets rubrik."),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Omfattning"),
        choices=Case.Scope.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Budgeten för en enda stadsdelsnämnd kan inte justeras efteråt. Välj det som stämmer ändå."
        ),
    )
    contact = forms.ChoiceField(label=gettext_lazy("Kontaktperson"))
    manager = forms.ChoiceField(
        label=gettext_lazy("Chef som tillstyrker"),
        help_text=gettext_lazy(
            "Chefen tillstyrker i portalen innan idéskissen lämnas in. Chef och kontaktperson är två personer."
        ),
    )

    def prepare(self) -> None:
        """People of the owner's and the partners' boards."""
        boards = [self.case.owner_id, *(party.namnd_id for party in partners(self.case))]
        self.choose("contact", people(boards, Role.APPLICANT))
        self.choose("manager", people([self.case.owner_id], Role.MANAGER))

    def rules(self, good: dict[str, Any]) -> None:
        """Two people."""
        if good.get("contact") and good.get("contact") == good.get("manager"):
            self.ask("manager", _("Kontaktpersonen och chefen som tillstyrker ska vara två olika personer."))


class Need(Part):
    """The need and whom it concerns."""

    slug = "behov"
    depends = ("shared_by",)
    title = gettext_lazy("Behov och målgrupp")
    intro = gettext_lazy(
        "Vilket problem ni ser, hur ni vet det och vilka satsningen är till för. Skriv inga namn eller personnummer."
    )

    need = TextField(
        label=gettext_lazy("Behov och problem"),
        least=200,
        most=4000,
        rows=8,
        help_text=gettext_lazy(
            "Beskriv problemet, inte lösningen, och vad som händer om ingenting görs. 200 till 4 000 tecken."
        ),
    )
    sources = RowsField(
        {
            "source": forms.CharField(label=gettext_lazy("Källa"), max_length=200),
            "year": YearField(label=gettext_lazy("År")),
            "fact": forms.CharField(label=gettext_lazy("Vad den visar"), max_length=400),
        },
        least=1,
        label=gettext_lazy("Underlag för behovet"),
        help_text=gettext_lazy("Statistik, utvärderingar, forskning eller egna uppföljningar."),
    )
    causes = TextField(
        label=gettext_lazy("Orsaker och följder"),
        most=2000,
        rows=4,
        required=False,
        help_text=gettext_lazy("Vad behovet beror på, och vad det leder till för dem det gäller och för staden."),
    )
    pictures = TextField(
        label=gettext_lazy("Verksamheternas bilder av behovet"),
        most=1500,
        rows=3,
        required=False,
        help_text=gettext_lazy("Ser verksamheterna behovet på samma sätt? Om inte: vad skiljer?"),
    )
    shared = forms.ChoiceField(
        label=gettext_lazy("Delar de som samverkar bilden av behovet?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
    )
    shared_by = forms.CharField(
        label=gettext_lazy("Vilka som har bekräftat bilden"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Krävs om svaret är ja."),
    )
    target_group = TextField(
        label=gettext_lazy("Målgrupp"),
        least=30,
        most=1500,
        rows=4,
        help_text=gettext_lazy("Vilka de är, var de bor och hur ni kommer i kontakt med dem."),
    )
    age_from = WholeField(label=gettext_lazy("Ålder från"), maximum=120, suffix=gettext_lazy("år"))
    age_to = WholeField(label=gettext_lazy("Ålder till"), maximum=120, suffix=gettext_lazy("år"))
    gender = forms.ChoiceField(label=gettext_lazy("Kön"), choices=GENDERS, widget=forms.RadioSelect)
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Stadsdelsområden"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Välj alla som stämmer."),
    )
    size = WholeField(
        label=gettext_lazy("Målgruppens storlek"),
        minimum=1,
        suffix=gettext_lazy("personer"),
        help_text=gettext_lazy("En uppskattning räcker."),
    )

    def prepare(self) -> None:
        """Today's districts."""
        districts = [namnd for namnd in namnder(self.case) if namnd.kind == Namnd.Kind.DISTRICT]
        self.choose("areas", [ALL_CITY, *((str(namnd.pk), namnd.short or namnd.name) for namnd in districts)])

    def rules(self, good: dict[str, Any]) -> None:
        """From is not after to."""
        start, end = good.get("age_from"), good.get("age_to")
        if start is not None and end is not None and start > end:
            self.ask("age_to", _("”Ålder till” kan inte vara lägre än ”Ålder från”."))
        if good.get("shared") == "ja" and not good.get("shared_by"):
            self.ask("shared_by", _("Skriv vilka som har bekräftat bilden av behovet."))


class Intervention(Part):
    """What is to be done, and why it should work."""

    slug = "insats"
    depends = ("assumed_link",)
    title = gettext_lazy("Insats och kunskapsgrund")
    intro = gettext_lazy("Vad ni vill göra, vad som är nytt och varför det bör fungera.")

    intervention = TextField(
        label=gettext_lazy("Idé och insats i korthet"),
        least=200,
        most=3000,
        rows=8,
        help_text=gettext_lazy("200 till 3 000 tecken."),
    )
    news = TextField(label=gettext_lazy("Vad är nytt?"), least=20, most=1500, rows=4)
    effects = TextField(
        label=gettext_lazy("Förväntade effekter"),
        least=30,
        most=1500,
        rows=4,
        help_text=gettext_lazy("Vad som blir bättre, för vilka och ungefär när."),
    )
    knowledge = forms.ChoiceField(label=gettext_lazy("Kunskapsgrund"), choices=KNOWLEDGE, widget=forms.RadioSelect)
    knowledge_sources = TextField(
        label=gettext_lazy("Källor till kunskapsgrunden"),
        most=1500,
        rows=4,
        help_text=gettext_lazy("Studier, utvärderingar eller egna erfarenheter."),
    )
    assumed_link = TextField(
        label=gettext_lazy("Antaget samband mellan insats och effekt"),
        most=1500,
        rows=4,
        required=False,
        help_text=gettext_lazy("Krävs när metoden är lovande eller ny."),
    )

    def rules(self, good: dict[str, Any]) -> None:
        """A new method has to say why it should work."""
        if good.get("knowledge") == "ny" and not good.get("assumed_link"):
            self.ask(
                "assumed_link",
                _("Beskriv det antagna sambandet mellan insats och effekt, eftersom metoden är lovande eller ny."),
            )


class Setting(Part):
    """How it stands to ordinary work, budget and the city's goals."""

    slug = "sammanhang"
    title = gettext_lazy("Ordinarie verksamhet och mål")
    intro = gettext_lazy("Fonden kompletterar ordinarie verksamhet. Den ersätter den inte.")

    complements = TextField(
        label=gettext_lazy("Hur kompletterar och stödjer idén ordinarie arbete?"), least=50, most=2000, rows=5
    )
    obstacles = forms.MultipleChoiceField(
        label=gettext_lazy("Varför ryms den inte i ordinarie budget?"),
        choices=OBSTACLES,
        widget=forms.CheckboxSelectMultiple,
    )
    obstacles_text = TextField(label=gettext_lazy("Utveckla varför den inte ryms"), least=20, most=1500, rows=4)
    goals = forms.MultipleChoiceField(
        label=gettext_lazy("Mål som satsningen bidrar till"),
        choices=GOALS,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Välj minst ett."),
    )


class Cost(Part):
    """Time, preliminary cost, and where expenditure should fall."""

    slug = "kostnad"
    depends = ("savings",)
    title = gettext_lazy("Tid, kostnad och besparing")
    intro = gettext_lazy(
        "Preliminära uppgifter. Budget och kalkyl görs i ansökan, om idén bifalls. Belopp i tusental kronor (tkr)."
    )

    first_year = YearField(label=gettext_lazy("Investeringsfasens första år"))
    last_year = YearField(label=gettext_lazy("Investeringsfasens sista år"))
    costs = RowsField(
        {
            "year": YearField(label=gettext_lazy("År")),
            "amount": TkrField(label=gettext_lazy("Kostnad")),
        },
        least=1,
        totals=("amount",),
        label=gettext_lazy("Preliminär kostnad per år"),
    )
    savings = RowsField(
        {
            "namnd": forms.ChoiceField(label=gettext_lazy("Nämnd")),
            "area": forms.ChoiceField(label=gettext_lazy("Verksamhetsområde"), choices=choose(Area.choices)),
            "comment": forms.CharField(label=gettext_lazy("Kommentar"), max_length=300, required=False),
        },
        required=False,
        label=gettext_lazy("Var väntas utgifterna minska?"),
        help_text=gettext_lazy("Lägg till minst en rad, eller kryssa i rutan nedan."),
    )
    no_saving = forms.BooleanField(label=gettext_lazy("Ingen kommunal besparing väntas"), required=False)

    def prepare(self) -> None:
        """Boards that exist."""
        self.choose("savings", namnd_choices(self.case), "namnd")

    def rules(self, good: dict[str, Any]) -> None:
        """Years in order, costs within them and not nothing, savings somewhere or nowhere."""
        years_hold(self, good)
        first, last = good.get("first_year"), good.get("last_year")
        rows = good.get("costs", [])
        total = sum((row["amount"] for row in rows), Decimal(0))
        if rows and not total:
            self.ask("costs", _("Den preliminära kostnaden ska vara större än 0."))
        if total > KronorField.largest:
            self.ask("costs", _("Den preliminära kostnaden är orimligt stor. Kontrollera beloppen."))
        for index, row in enumerate(rows):
            if first and last and not first <= row["year"] <= last:
                self.ask_cell("costs", index, "year", _("Året ligger utanför investeringsfasen."))
        if "savings" in good and not good["savings"] and not good.get("no_saving"):
            self.ask(
                "savings",
                _(
                    "Ange minst en nämnd och ett verksamhetsområde där utgifterna väntas minska, "
                    "eller kryssa i att ingen besparing väntas."
                ),
            )
        if good.get("savings") and good.get("no_saving"):
            self.ask("no_saving", _("Ni har angett var utgifterna väntas minska. Ta bort krysset eller raderna."))

    def computed(self) -> list[shown.Line]:
        """The preliminary cost in all."""
        rows = self.right("costs")
        total = sum((row["amount"] for row in rows), Decimal(0))
        return [shown.Line(_("Preliminär kostnad i allt"), formatting.tkr(total))] if rows else []


def years_hold(part: Part, good: dict[str, Any]) -> None:
    """The investment phase has its years in order and is no longer than the round allows."""
    first, last = good.get("first_year"), good.get("last_year")
    if not first or not last:
        return
    longest = funds.rules_of(part.case).max_years
    if first > last:
        part.ask("last_year", _("Sista året kan inte vara före första året."))
    elif longest and last - first + 1 > longest:
        part.ask(
            "last_year", _("Investeringsfasen får vara högst %(years)d år i den här omgången.") % {"years": longest}
        )


class Together(Part):
    """Others who take part, children and equality."""

    slug = "samverkan"
    title = gettext_lazy("Samverkan, barn och jämställdhet")
    intro = gettext_lazy(
        "Nämnder som är partner bjuds in från ärendets sida. Här anges även andra parter och vad de bidrar med."
    )

    parties = RowsField(
        {
            "party": forms.CharField(label=gettext_lazy("Part"), max_length=160),
            "role": forms.CharField(label=gettext_lazy("Roll i satsningen"), max_length=300),
        },
        required=False,
        na=True,
        label=gettext_lazy("Samverkan"),
        help_text=gettext_lazy("Till exempel en förvaltning, Region Stockholm, polisen eller en förening."),
    )
    children = forms.ChoiceField(label=gettext_lazy("Berör satsningen barn?"), choices=YES_NO, widget=forms.RadioSelect)
    children_text = TextField(
        label=gettext_lazy("Barnets bästa, första bedömning"),
        least=20,
        most=2000,
        rows=4,
        help_text=gettext_lazy("Om satsningen inte berör barn: skriv varför."),
    )
    equality_text = TextField(label=gettext_lazy("Jämställdhet, första bedömning"), least=20, most=2000, rows=4)


IDEA = Sheet(
    name="idea",
    title=gettext_lazy("Idéskiss"),
    step=Step.IDEA,
    role=Role.APPLICANT,
    parts=(Basics, Need, Intervention, Setting, Cost, Together),
    submit="submit_idea",
    also_reads=(Role.MANAGER,),
    more=idea_partners,
    closes=closed_part,
    saved=tell_of_lapse,
)

__all__ = ["IDEA", "Basics", "Cost", "Intervention", "Need", "Setting", "Together", "years_hold"]
