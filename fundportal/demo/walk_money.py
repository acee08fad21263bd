"""The second half of a walk: money out, evaluation, money back, adjusted budgets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from applications import actions as phase1
from applications.models import Report, Requisition
from fundportal import actions, closing
from fundportal.demo import following
from fundportal.demo.answers_application import budget
from fundportal.demo.answers_idea import FICTION
from fundportal.demo.lesson import lesson
from fundportal.demo.walk import Walk
from fundportal.models import Namnd
from repayment import actions as phase3
from repayment.closing import awaited
from repayment.models import DistributionKey, PlanRow
from reviews import actions as phase2
from reviews.sheets import EVALUATION

C1_UNSPENT = 400
"""Thousands of kronor never paid out in the fictitious full cycle, all of 2019's introduction."""
KEY = "Fördelning efter målgruppens storlek (påhittad)"


def tkr(amount: int) -> Decimal:
    """Thousands of kronor as kronor."""
    return Decimal(amount) * 1000


def last_reconciled() -> int:
    """The newest year whose bokslut the boards have reconciled by today."""
    today = timezone.localdate()
    return today.year - (1 if today > date(today.year, 3, 31) else 2)


class MoneyWalk(Walk):
    """A walk that goes on after kommunstyrelsen's decision."""

    def until(self, day: date) -> None:
        """Wait until a day."""
        self.wait(max(0, (day - self.today).days))

    def steering(self) -> None:
        """A steering group: the chair from the owner, one from each partner."""
        self.wait(12)
        chair = self.cast.one("steering")
        members = [{"user": chair, "namnd": self.owner, "chair": True, "since": self.today}]
        members += [
            {
                "user": self.cast.one("manager", code),
                "namnd": self.cast.boards[code],
                "chair": False,
                "since": self.today,
            }
            for code in self.project.partners
        ]
        self.do(phase1.appoint_steering_group, self.officer, members=members)
        following.lock_baseline(self)

    def meet(self) -> None:
        """The steering group meets, and plans to meet again."""
        following.meet(self)

    def pay_year(self, year: int, *, leave: int = 0) -> None:
        """Requisitions for a year, paid by the controller; `leave` tkr of the introduction is never asked for."""
        self.until(date(year, 3, 1))
        for use, amount in budget(self.project)[year].items():
            asked = tkr(amount - (leave if use == "introduce" else 0))
            if not asked:
                continue
            self.do(
                phase1.requisition,
                self.writer,
                year=year,
                use=use,
                namnd=self.owner,
                amount=asked,
                purpose="Kostnader enligt beviljad budget.",
            )
            asked_for = self.approve()
            self.do(
                phase1.pay,
                self.controller,
                requisition=asked_for,
                voucher=f"V{year}-{100 + asked_for.pk}",
                booked_on=self.today,
            )

    def approve(self, **given: Any) -> Requisition:
        """The other controller approves the newest requisition."""
        asked = Requisition.objects.filter(case=self.case).latest("pk")
        self.do(phase1.approve_requisition, self.cast.one("controller", nth=1), requisition=asked, **given)
        return asked

    def ask_only(self, year: int) -> None:
        """A requisition that waits for the controller."""
        self.do(
            phase1.requisition,
            self.writer,
            year=year,
            use="introduce",
            namnd=self.owner,
            amount=tkr(250),
            purpose="Lönekostnader för hösten.",
        )

    def report(self, year: int, period: str, *, accepts: bool = True, red: bool = False) -> None:
        """A status report, accepted by the chair. A red one's forecast deviates, which opens a request for a change."""
        self.until({"T1": date(year, 5, 8), "T2": date(year, 9, 8), "VB": date(year + 1, 1, 14)}[period])
        part = {"T1": 30, "T2": 65, "VB": 100}[period]
        spend = [
            {
                "use": use,
                "namnd": self.owner,
                "spent": tkr(amount) * part // 100,
                "forecast": tkr(amount) * (80 if red else 100) // 100,
            }
            for use, amount in budget(self.project)[year].items()
            if amount
        ]
        given: dict[str, Any] = (
            {
                "measure": "Rekryteringen tas om med stöd av centralt.",
                "measure_owner": "Projektledaren",
                "measure_on": self.today + timedelta(days=40),
            }
            if red
            else {}
        )
        self.do(
            phase1.report,
            self.writer,
            year=year,
            period=period,
            indicators=[
                {"name": "Andel som får stöd inom två veckor", "value": Decimal(20 + part // 3), "comment": ""}
            ],
            women=max(5, self.project.size * part // 250),
            men=max(5, self.project.size * part // 260),
            children=self.project.size * part // 300 if self.project.ages[0] < 18 else 0,
            spend=spend,
            time="red" if red else "green",
            economy="green",
            effect="yellow" if red else "green",
            comment=f"Arbetet följer planen i stort. {FICTION}",
            **given,
        )
        if accepts:
            self.wait(9)
            self.do(
                phase1.accept_report,
                self.cast.one("steering"),
                report=Report.objects.filter(case=self.case).latest("pk"),
            )

    def implement(self, *, leave_last: int = 0, to_bokslut: bool = True) -> None:
        """The whole investment phase; it may end in the last autumn, before the year's bokslut."""
        self.steering()
        years = list(budget(self.project))
        for year in years:
            self.pay_year(year, leave=leave_last if year == years[-1] else 0)
            self.report(year, "T2")
            if to_bokslut or year != years[-1]:
                self.report(year, "VB")

    def close(self, *, handed_back: int = 0) -> None:
        """The phase ends."""
        self.wait(10)
        given = {"voucher": "V-ÅTER-1", "namnd": self.owner} if handed_back else {}
        self.do(
            phase1.close_investment,
            self.officer,
            handed_back=tkr(handed_back),
            note="Alla rapporter är godkända.",
            **given,
        )

    def evaluate(self, *, effect: bool = True) -> None:
        """The evaluation is written and handed in."""
        self.wait(50)
        self.fill(EVALUATION, following.evaluation(self, effect=effect), self.writer)
        self.do(phase2.submit_evaluation, self.writer)

    def propose_plan(self, amounts: dict[int, int]) -> None:
        """The controller proposes, in tkr per bokslut year, from the board that saves."""
        self.wait(20)
        self.do(
            phase3.propose_plan,
            self.controller,
            rows=self.rows(amounts),
            grounds=f"Utvärderingen visar minskade utgifter i samma takt. {FICTION}",
        )

    def parts(self) -> dict[int, int]:
        """The whole in equal parts, tkr: what is to be settled by now in as many years as have passed, else five."""
        first, total = self.today.year + 1, self.project.yearly * self.project.years
        years = 5 if self.project.step == "repayment" else max(1, min(4, last_reconciled() - first + 1))
        each = total // years
        return {first + nth: each for nth in range(years - 1)} | {first + years - 1: total - each * (years - 1)}

    def rows(self, amounts: dict[int, int]) -> list[Any]:
        """Rows of a plan."""
        board = self.cast.boards[self.project.saves]
        return [
            {"year": year, "namnd": board, "area": self.project.area, "amount": tkr(amount)}
            for year, amount in amounts.items()
        ]

    def decide_plan(self) -> None:
        """The director decides time and amount."""
        self.wait(8)
        self.do(phase3.decide_plan, self.director)

    def forecast(self, year: int, expected: int, *, planned: int) -> None:
        """What the board expects in T1 and T2 of a bokslut's year, tkr."""
        row = self.plan_row(year)
        for period, day in (("T1", date(year, 4, 24)), ("T2", date(year, 8, 28))):
            if self.now and day >= timezone.localdate(self.now):
                return
            self.until(day)
            comment = "" if expected == planned else "Rekryteringen tog längre tid än planerat (påhittat)."
            self.do(
                phase3.forecast_repayment,
                self.controller,
                row=row,
                period=period,
                amount=tkr(expected),
                comment=comment,
            )

    def revoke(self) -> None:
        """The budget has moved away from those who save."""
        self.wait(15)
        text = f"Budgetansvaret flyttade till en annan nämnd när organisationen ändrades. De som sparar har inte längre något överskott att återföra. {FICTION}"
        self.do(
            phase3.revoke_plan,
            self.director,
            responsible="Arbetsmarknadsnämnden, KF § 14 (påhittat)",
            text=text,
        )

    def plan_row(self, year: int) -> PlanRow:
        """The row of a bokslut in the version that holds."""
        rows = PlanRow.objects.filter(plan__case=self.case, plan__status="decided", year=year)
        return rows.latest("plan__version")

    def reconcile(self, year: int, repaid: int, *, planned: int, spread: str = "") -> None:
        """The nämnd's bokslut for a year, the spring after; `spread` says how a new version is proposed."""
        self.until(date(year + 1, 3, 10))
        why = {} if repaid == planned else {"cause": "delay", "reason": "Effekten kom senare än beräknat (påhittat)."}
        self.do(
            phase3.reconcile_year,
            self.controller,
            row=self.plan_row(year),
            realised=tkr(repaid),
            surplus=tkr(repaid + 200),
            repaid=tkr(repaid),
            voucher=f"V{year}-BOK" if repaid else "",
            spread=spread,
            **why,
        )

    def adjust(self, amounts: dict[int, int]) -> None:
        """The director decides a new version."""
        self.wait(15)
        self.do(
            phase3.adjust_plan,
            self.director,
            rows=self.rows(amounts),
            reason="Återstående belopp fördelas på fler år eftersom effekten kom senare.",
        )

    def exempt(self) -> None:
        """No economic effect: the director exempts."""
        self.wait(20)
        text = f"Utvärderingen visar tydliga kvalitetsvinster men ingen ekonomisk effekt inom nämndens egna verksamheter. {FICTION}"
        self.do(phase3.exempt, self.director, reason="no_effect", text=text)

    def settle(self, *, adjusts: bool, level: int = 0, result: str = "reached") -> None:
        """The final settlement, with its lesson."""
        self.wait(20)
        board = self.cast.boards[self.project.saves]
        self.do(
            phase3.settle,
            self.controller,
            areas=[{"area": self.project.area, "cost_level": tkr(100_000 - level), "budget": tkr(100_000)}],
            adjusts=adjusts,
            adjusts_reason="Den lägre kostnadsnivån är varaktig."
            if adjusts
            else "Ingen ekonomisk effekt att justera för.",
            target=("city" if board.kind != Namnd.Kind.SPECIALIST or self.project.variant == "C1" else "specialist")
            if adjusts
            else "",
            **lesson(self.case, self.project, result),
        )

    def request_adjustment(self, amount: int, *, by_key: bool) -> None:
        """SLK asks kommunstyrelsen to adjust the budgets."""
        self.wait(14)
        where: dict[str, Any] = (
            {"key": DistributionKey.objects.get(name=KEY)}
            if by_key
            else {"namnd": self.cast.boards[self.project.saves]}
        )
        self.do(
            phase3.request_adjustment,
            self.officer,
            amount=tkr(amount),
            first_year=self.today.year + 1,
            permanent=True,
            occasion="t1",
            finance="own",
            finance_text="Sänkt anslag motsvarar varaktigt lägre kostnad",
            opinion="for",
            opinion_text="Stadsledningskontoret tillstyrker.",
            **where,
        )

    def record_adjustment(self, *, all_but: int = 0) -> None:
        """Kommunstyrelsen decides on the adjustment; the boards receive it, and when all have the case is closed."""
        self.wait(40)
        asked = self.case.adjustments.latest("pk")
        terms = ("namnd", "amount", "first_year", "permanent", "finance")
        rows = [{name: getattr(row, name) for name in terms} for row in asked.rows.select_related("namnd")]
        self.do(
            phase3.record_adjustment,
            self.officer,
            meeting_on=self.today,
            paragraph="§ 22",
            rows=rows,
            finance_text=asked.finance_text,
        )
        self.wait(9)
        waiting = awaited(self.case)
        for row in waiting[: len(waiting) - all_but]:
            manager = self.cast.one("manager", row.namnd.code)
            self.do(phase3.acknowledge_adjustment, manager, namnd=row.namnd, comment="Ramen är ändrad (påhittat).")
        if not all_but:
            self.wait(5)
            self.do(phase3.close_case, self.officer)

    def discontinue(self, *, learns: bool = False) -> None:
        """The director breaks the project off; others may learn from it, and the file is closed."""
        self.wait(30)
        reason = f"Projektet har inte kunnat rekrytera och målgruppen nås inte. Pengarna behövs bättre på annat håll i fonden. {FICTION}"
        self.do(
            phase1.discontinue, self.director, reason=reason, handed_back=tkr(120), voucher="V-ÅTER-7", namnd=self.owner
        )
        if learns:
            self.wait(6)
            self.do(phase3.write_lesson, self.officer, **lesson(self.case, self.project, "broken"))
            self.archive()

    def archive(self) -> None:
        """The file is closed."""
        self.wait(30)
        found = closing.weeding(self.case)
        gone = {"drafts": found.drafts, "loose_files": len(found.files)}
        self.do(actions.archive, self.officer, weeded=True, delivered_on=self.today, **gone)

    def jav(self) -> None:
        """A member of the council declares jäv."""
        self.do(
            actions.declare_jav, self.cast.council[-1], reason="Jag ansvarar för ett program i en av partnernämnderna."
        )
