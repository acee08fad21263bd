"""Walks an invented project through the process, by the same acts that people use, on days in the past."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from applications import actions as phase1
from applications.needs.intake import formal_checks
from applications.sheets import APPLICATION, IDEA
from applications.sheets.opinion import OPINION
from fundportal import actions, calendar, criteria
from fundportal.demo import handling
from fundportal.demo.answers_application import application
from fundportal.demo.answers_idea import FICTION, idea, scope
from fundportal.demo.cast import Cast
from fundportal.demo.project import Project
from fundportal.drafts import Sheet
from fundportal.models import Case, Party, Round, User
from reviews import actions as phase2
from reviews.models import RemissBody, RemissLink, Scoring
from reviews.needs import paragraph

REASONS = (
    "Satsningen bedöms motverka utanförskap, kompletterar ordinarie arbete och går att utvärdera. Utgiftsminskningen är "
    "försiktigt beräknad och kan följas i stadens ekonomisystem. " + FICTION
)
DOUBTS = (
    "Idén är angelägen men ryms inte inom fondens riktlinjer. Den kompletterar inte ordinarie arbete på ett sätt som går "
    "att följa upp, och någon utgiftsminskning hos en namngiven nämnd kan inte beskrivas. " + FICTION
)
QUESTIONS = ("Delar ni bilden av behovet och målgruppen?", "Är den beräknade utgiftsminskningen rimlig hos er?")
SAID = (
    ("Ja, bilden stämmer med vår egen uppföljning.", "Ja, med de försiktiga antaganden som ansökan gör."),
    ("I huvudsak. Gruppen är större än ansökan anger.", "Den är rimlig på sikt, men knappast redan första året."),
)
"""What boards are asked on remiss, and what they say."""


class Walk:
    """One case on its way. `at` is the demo's clock and only goes forward."""

    def __init__(
        self, project: Project, cast: Cast, round_: Round, begins: datetime, now: datetime | None = None
    ) -> None:
        """`begins` is when the idea is begun; nothing is done later than `now`."""
        self.project, self.cast, self.round = project, cast, round_
        self.at, self.now = begins, now
        self.owner = cast.boards[project.owner]
        self.writer = cast.one("applicant", project.owner)
        self.manager = cast.one("manager", project.owner)
        self.officer = cast.one("officer", nth=sum(map(ord, project.title)) % 3)
        self.director, self.controller = cast.one("director"), cast.one("controller")
        self.case: Case

    @property
    def today(self) -> date:
        """The demo's day."""
        return timezone.localdate(self.at)

    def wait(self, days: int = 0, hours: int = 3) -> None:
        """Let time pass; people act on working days, in the day."""
        day = calendar.working_day_on_or_after(self.today + timedelta(days=days))
        later = timezone.make_aware(datetime.combine(day, time(8, 10)))
        self._go_on_to(max(self.at + timedelta(hours=hours if day == self.today else 0, minutes=7), later))

    def _go_on_to(self, at: datetime) -> None:
        self.at = at if self.now is None else min(at, self.now)

    def recent(self, days: int) -> None:
        """Wait until so many days before today, on a working day, if that lies ahead."""
        day = timezone.localdate() - timedelta(days=days)
        while not calendar.is_working_day(day):
            day -= timedelta(days=1)
        self.wait(max(0, (day - self.today).days))

    def do(self, act: Callable[..., Any], by: User, **given: Any) -> None:
        """Do an act now, and let a few minutes pass."""
        act(self.case, by, self.at, **given)
        self._go_on_to(self.at + timedelta(minutes=11))

    def fill(self, sheet: Sheet, answers: dict[str, dict[str, Any]], by: User) -> None:
        """Write every part of a sheet."""
        sheet.save_all(self.case, answers, by, self.at)

    def begin(self, *, complete: bool = True) -> None:
        """An idea is begun, with its partners."""
        self.case = phase1.create_idea(
            self.writer,
            self.at,
            round=self.round,
            owner=self.owner,
            title=self.project.title,
            scope=scope(self.project, self.owner),
        )
        for code in self.project.partners:
            self.do(phase1.invite_partner, self.writer, namnd=self.cast.boards[code])
        self.wait(2)
        answers = idea(self.project, self.owner, self.writer, self.manager)
        if not complete:
            answers.pop("samverkan")
            answers["kostnad"]["costs"] = [{"year": str(self.project.start), "amount": "ca 1 500"}]
        self.fill(IDEA, answers, self.writer)

    def submit_idea(self) -> None:
        """Partners accept, the manager endorses, the idea is handed in."""
        for code in self.project.partners:
            self.wait(1)
            self.do(phase1.accept_partnership, self.cast.one("manager", code), namnd=self.cast.boards[code])
        handling.partners_fill(self, IDEA)
        self.wait(2)
        self.do(
            phase1.endorse_idea,
            self.manager,
            comment="Angeläget för vår förvaltning.",
            digest=IDEA.filled(self.case).digest,
        )
        self.wait(1)
        late = "Nämndens sammanträde flyttades." if self.today > self.round.closes_on else ""
        self.do(phase1.submit_idea, self.writer, late_reason=late)

    def register(self, *, assigns: bool = True) -> None:
        """Diarienummer and an officer."""
        self.wait(2)
        self.do(phase1.register, self.officer, rows=self._dnrs())
        if assigns:
            self.do(actions.assign, self.officer, officer=self.officer, reason="Ansvarar för området.")

    def _dnrs(self) -> list[dict[str, Any]]:
        serial = int(self.case.number.rsplit("-", 1)[1])
        return [
            {
                "authority": "Kommunstyrelsen",
                "dnr": f"KS {self.today.year}/{400 + serial}",
                "registered_on": self.today,
            },
            {
                "authority": self.owner.name,
                "dnr": f"{self.today.year}-{80 + serial}-1.5.3",
                "registered_on": self.today,
            },
        ]

    def to_council(self, days: int = 20) -> None:
        """To the council's next meeting."""
        self.wait(3)
        meeting = calendar.working_day_on_or_after(self.today + timedelta(days=days))
        checks = [code for code, _text in formal_checks()]
        self.do(phase1.send_to_council, self.officer, meeting_on=meeting, checks=checks)
        self.meeting = meeting

    def assess(self, members: int = 4, *, against: bool = False) -> None:
        """Members of the council give their scores."""
        self.wait(6)
        for nth, member in enumerate(self.cast.council[:members]):
            self.do(phase2.assess, member, scoring=scoring(nth, against=against))

    def conclude(self, *, against: bool = False, conditions: bool = False) -> None:
        """The council's standpoint is recorded."""
        self.wait(max(0, (self.meeting - self.today).days))
        given: dict[str, Any] = (
            {"verdict": "opposed", "reasons": DOUBTS, "failed": ["K4", "K10"]}
            if against
            else {
                "verdict": "conditional" if conditions else "endorsed",
                "reasons": REASONS,
            }
        )
        if conditions:
            given["conditions"] = [
                {
                    "text": "Beskriv jämförelsegruppen närmare i ansökan.",
                    "due_on": self.today + timedelta(days=60),
                    "before": "decision",
                }
            ]
        self.do(phase2.conclude_council, self.officer, meeting_on=self.today, present=self.cast.council, **given)

    def decide_idea(self, *, approved: bool = True) -> None:
        """The director decides on the idea."""
        self.wait(5)
        if approved:
            self.do(phase1.approve_idea, self.director, reasons=REASONS)
        else:
            self.do(phase1.reject_idea, self.director, reasons=DOUBTS, criteria=["K4", "K10"])

    def write_application(self) -> None:
        """The application is written on the idea's answers."""
        self.wait(25)
        partners = list(self.case.parties.filter(part=Party.Part.PARTNER))
        self.fill(APPLICATION, application(self.project, self.owner, partners), self.writer)
        handling.partners_fill(self, APPLICATION)

    def submit_application(self) -> None:
        """Endorsed and handed in."""
        self.wait(3)
        self.do(phase1.endorse_application, self.manager, digest=APPLICATION.filled(self.case).digest)
        self.wait(2)
        self.do(phase1.submit_application, self.writer)

    def remiss(self, codes: tuple[str, ...] = ("SOD", "FAR"), *, days: int = 30, outside: bool = False) -> None:
        """To boards that do not run the project, with the application."""
        self.wait(4)
        bodies = [
            code
            for code in (*codes, "BRO", "EAV")
            if code not in (self.project.owner, *self.project.partners) and self.cast.boards[code].exists_on(self.today)
        ][:3]
        last_day = calendar.working_day_on_or_after(self.today + timedelta(days=days))
        papers = list(self.case.documents.filter(kind="application"))
        given: dict[str, Any] = {
            "namnder": [{"namnd": self.cast.boards[code]} for code in bodies],
            "papers": papers,
            "last_day": last_day,
            "questions": [{"text": text} for text in QUESTIONS],
        }
        if outside:
            given["outside"] = [
                {"name": "Föreningen Fiktiva Fritid", "email": "kansli@forening.example"},
                {"name": "Stiftelsen Påhittade Vägar", "email": "registrator@stiftelse.example"},
            ]
        letter = "Stadsledningskontoret ber om era synpunkter på ansökan. Yttra er särskilt om samverkan och beräknad besparing."
        self.do(phase2.send_remiss, self.officer, letter=letter, **given)

    def answer(self, *, all_but: int = 0) -> None:
        """The boards answer, all but some."""
        self.wait(16)
        waiting = [
            body for body in RemissBody.objects.filter(remiss__case=self.case).select_related("namnd") if body.namnd
        ]
        for nth, body in enumerate(waiting[: len(waiting) - all_but]):
            code = body.namnd.code if body.namnd else ""
            self.do(
                phase2.answer_remiss,
                self.cast.one("respondent", code),
                namnd=body.namnd,
                form="board",
                standpoint="comments" if nth % 2 else "endorses",
                comments=f"Nämnden ser positivt på satsningen och betonar att uppföljningen ska bli jämförbar. {FICTION}",
                answers=[{"no": no, "text": text} for no, text in enumerate(SAID[nth % len(SAID)], 1)],
                meeting_on=self.today,
                paragraph=f"§ {9 + nth}",
                immediate=True,
            )

    def hear_outside(self, until: date) -> None:
        """Of two bodies outside the city one answers by its link; the other gets more time, and its link stands open."""
        first, second = RemissBody.objects.filter(remiss__case=self.case, namnd=None).order_by("pk")
        RemissLink.objects.filter(body=first).update(used_at=self.at)
        RemissBody.objects.filter(pk=first.pk).update(opened_at=self.at)
        phase2.answer_remiss.from_outside(
            self.case,
            f"Maja Påhitt, verksamhetschef, {first}",
            self.at,
            {
                "organisation": first.name,
                "form": "office",
                "standpoint": "comments",
                "comments": f"Föreningen vill gärna delta och ser att de unga själva bör få påverka formerna. {FICTION}",
                "answers": [{"no": 1, "text": "Ja. Vi möter samma unga på våra öppna kvällar."}],
            },
        )
        self.wait(1)
        self.ask_more_time(second, until)
        self.wait(1)
        self.do(
            *(phase2.extend_remiss, self.officer),
            last_day=until,
            reason="Styrelsen sammanträder efter den första svarsdagen.",
            organisations=[second.name],
        )
        self.recent(1)
        self.do(phase2.renew_remiss_link, self.officer, organisation=second.name)

    def ask_more_time(self, body: RemissBody, until: date) -> None:
        """A body asks for anstånd: a board by its respondent, another by its link."""
        given = {"until": until, "reason": "Vi behöver ett sammanträde till för att kunna ta ställning."}
        if body.namnd is None:
            name = f"Nils Fantasi, {body}"
            phase2.ask_more_time.from_outside(self.case, name, self.at, given | {"organisation": body.name})
        else:
            self.do(phase2.ask_more_time, self.cast.one("respondent", body.namnd.code), namnd=body.namnd, **given)

    def check_calculation(self) -> None:
        """A controller looks at the calculation."""
        self.wait(2)
        self.do(
            phase1.check_calculation,
            self.controller,
            outcome="ok",
            text="Kalkylen är rimlig och försiktigt räknad. Styckkostnaden går att följa.",
        )

    def propose(self, *, route: str = "board", outcome: str = "granted", ago: int | None = None) -> None:
        """The tjänsteutlåtande is written and proposed; `ago` is how many days before today."""
        self.wait(35)
        if ago is not None:
            self.recent(ago)
        board_on = calendar.working_day_on_or_after(self.today + timedelta(days=32))
        self.fill(OPINION, opinion(self.case, route, outcome, board_on), self.officer)
        self.do(phase1.propose_decision, self.officer, digest=OPINION.filled(self.case).digest)
        self.board_on = board_on

    def sign(self) -> None:
        """The director signs."""
        self.wait(5)
        self.do(phase1.sign_decision, self.director)

    def report_to_board(self) -> None:
        """What was decided on delegation is reported at the next meeting."""
        self.wait(30)
        meeting = self.today - timedelta(days=9)
        posted = {"adjusted_on": meeting + timedelta(days=5), "posted_on": meeting + timedelta(days=6)}
        self.do(phase1.report_to_board, self.officer, meeting_on=meeting, paragraph="§ 27", **posted)

    def board(self, outcome: str = "granted", **given: Any) -> None:
        """Kommunstyrelsen decides, and the officer records it."""
        self.wait(max(0, (self.board_on - self.today).days) + 9)
        meeting = self.board_on
        if outcome in ("granted", "rejected"):
            given |= {"adjusted_on": meeting + timedelta(days=5), "posted_on": meeting + timedelta(days=6)}
        self.do(
            phase1.record_board_decision, self.officer, outcome=outcome, paragraph="§ 14", meeting_on=meeting, **given
        )


def scoring(nth: int, *, against: bool) -> Scoring:
    """A member's scores: a little different from the others'."""
    scores = {item.code: 1 + (index + nth) % 2 + (index % 5 == nth) for index, item in enumerate(criteria.CRITERIA)}
    if against:
        scores |= {"K4": 0, "K10": 0, "K9": 1}
    reasons = {
        code: "Beskrivningen räcker inte." if score == 0 else "Mycket väl visat."
        for code, score in scores.items()
        if score in (0, 3)
    }
    return Scoring(scores=scores, reasons=reasons, comment="Helheten bedömd mot fondens riktlinjer.")


def opinion(case: Case, route: str, outcome: str, board_on: date) -> dict[str, dict[str, Any]]:
    """The tjänsteutlåtande as the officer writes it; what the sheet begins with is kept."""
    forms = {part.slug: part(case=case) for part in OPINION.parts}

    def begun(slug: str, name: str) -> Any:
        initial = forms[slug].fields[name].initial
        return (
            [{key: str(value) for key, value in row.items()} for row in initial]
            if isinstance(initial, list)
            else initial
        )

    rows = [{**row, "amount": str(int(float(row["amount"])) // 1000)} for row in begun("beslut", "rows")]
    if outcome == "partly":
        rows = rows[:-1]
    told = paragraph(case)
    return {
        "forslag": {"clauses": begun("forslag", "clauses")},
        "arendet": {
            "abstract": f"Ansökan gäller {case.title}. Kontoret föreslår att den bifalls. {FICTION}",
            "background": "Rådet för sociala investeringar har granskat idén och tillstyrkt den. Stadsdirektören biföll idén.",
            "matter": "Ansökan beskriver behov, insats, effektkedja och kalkyl. **Utgiftsminskningen** väntas hos namngivna nämnder.",
        },
        "beredning": {
            "preparation": "Ärendet har beretts inom stadsledningskontoret. Remissinstansernas svar finns i akten.",
            "remiss": told.text if told else "",
            "remiss_origin": told.origin if told else "",
            "view": "Kontoret bedömer att satsningen motverkar utanförskap, kan utvärderas och ryms inom fonden.",
        },
        "analyser": {
            "gender": "Flickor och pojkar, kvinnor och män följs upp var för sig. Underlaget visar ingen risk för skillnader.",
            "children": "Barn berörs indirekt genom att vuxna omkring dem får stöd tidigare.",
        },
        "bilagor": {"attachments": [{"title": "Ansökan"}]},
        "beslut": {
            "outcome": outcome,
            "route": route,
            "board_on": board_on.isoformat() if route == "board" else "",
            "rows": [] if outcome == "rejected" else rows,
            "reasons": REASONS,
            "jav_note": begun("beslut", "jav_note"),
            "appeal": "legality",
        },
    }
