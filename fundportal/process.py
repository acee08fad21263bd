"""The process of a case: roles, stages, steps and actions, in one table.

Pages, buttons, rights, deadlines, letters, the diagram in the docs and the tests are read from here. It is written to
be read aloud with the fund's own people. Rules come from the city's guidelines as the referral answers quote them.
"""

from dataclasses import dataclass

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise


class Role(TextChoices):
    """What a person may be in a case. Held on a nämnd, on a case, or everywhere."""

    APPLICANT = "applicant", _("Sökande")
    MANAGER = "manager", _("Chef som tillstyrker")
    RESPONDENT = "respondent", _("Remissvarare")
    OFFICER = "officer", _("Handläggare")
    COUNCIL = "council", _("Ledamot i rådet")
    DIRECTOR = "director", _("Stadsdirektör")
    CONTROLLER = "controller", _("Controller")
    STEERING = "steering", _("Styrgruppsledamot")
    AUDITOR = "auditor", _("Revisor")
    READER = "reader", _("Läsare")
    ADMINISTRATOR = "administrator", _("Administratör")


ON_NAMND = (Role.APPLICANT, Role.MANAGER, Role.RESPONDENT)
ON_CASE = (Role.RESPONDENT, Role.STEERING, Role.READER)
EVERYWHERE = (Role.OFFICER, Role.COUNCIL, Role.DIRECTOR, Role.CONTROLLER, Role.AUDITOR, Role.ADMINISTRATOR)
CASE_ROLES = tuple(role for role in Role if role != Role.ADMINISTRATOR)


class Stage(IntegerChoices):
    """The eight stages that users see in the stepper."""

    IDEA = 1, _("Idé")
    COUNCIL = 2, _("Rådets granskning")
    APPLICATION = 3, _("Ansökan")
    DECISION = 4, _("Stadsdirektörens beslut")
    STEERING = 5, _("Styrgrupp")
    EVALUATION = 6, _("Utvärdering")
    REPAYMENT = 7, _("Återföringsplan")
    ADJUSTMENT = 8, _("Budgetjustering")


class Step(TextChoices):
    """Where a case can stand."""

    IDEA = "idea", _("Idéskiss skrivs")
    IDEA_CHECK = "idea_check", _("Idéskiss kontrolleras")
    COUNCIL = "council", _("Rådet granskar")
    IDEA_DECISION = "idea_decision", _("Beslut om idén")
    APPLICATION = "application", _("Ansökan skrivs")
    PREPARATION = "preparation", _("Under beredning")
    DECISION = "decision", _("Redo för beslut")
    BOARD = "board", _("Hos kommunstyrelsen")
    IMPLEMENTATION = "implementation", _("Genomförs")
    EVALUATION = "evaluation", _("Utvärderas")
    REPAYMENT_PLAN = "repayment_plan", _("Återföringsplan tas fram")
    REPAYMENT = "repayment", _("Återförs")
    SETTLEMENT = "settlement", _("Slutavstäms")
    BUDGET_ADJUSTMENT = "budget_adjustment", _("Budget justeras")
    CLOSED = "closed", _("Avslutat")
    REJECTED = "rejected", _("Avslaget")
    WITHDRAWN = "withdrawn", _("Återtaget")
    DISCONTINUED = "discontinued", _("Avbrutet")


@dataclass(frozen=True)
class Stand:
    """What it means to stand on a step: whose turn it is, in which stage, and for how many days (None: not fixed)."""

    owner: Role | None
    stage: Stage | None
    days: int | None = None
    working_days: bool = False


STEPS: dict[Step, Stand] = {
    Step.IDEA: Stand(Role.APPLICANT, Stage.IDEA),
    Step.IDEA_CHECK: Stand(Role.OFFICER, Stage.COUNCIL, 10, working_days=True),
    Step.COUNCIL: Stand(Role.COUNCIL, Stage.COUNCIL),
    Step.IDEA_DECISION: Stand(Role.DIRECTOR, Stage.COUNCIL, 10, working_days=True),
    Step.APPLICATION: Stand(Role.APPLICANT, Stage.APPLICATION, 90),
    Step.PREPARATION: Stand(Role.OFFICER, Stage.DECISION, 60),
    Step.DECISION: Stand(Role.DIRECTOR, Stage.DECISION, 10, working_days=True),
    Step.BOARD: Stand(Role.OFFICER, Stage.DECISION),
    Step.IMPLEMENTATION: Stand(Role.STEERING, Stage.STEERING),
    Step.EVALUATION: Stand(Role.APPLICANT, Stage.EVALUATION, 90),
    Step.REPAYMENT_PLAN: Stand(Role.CONTROLLER, Stage.REPAYMENT, 60),
    Step.REPAYMENT: Stand(Role.CONTROLLER, Stage.REPAYMENT),
    Step.SETTLEMENT: Stand(Role.CONTROLLER, Stage.ADJUSTMENT, 60),
    Step.BUDGET_ADJUSTMENT: Stand(Role.OFFICER, Stage.ADJUSTMENT),
    Step.CLOSED: Stand(None, None),
    Step.REJECTED: Stand(None, None),
    Step.WITHDRAWN: Stand(None, None),
    Step.DISCONTINUED: Stand(None, None),
}

ENDS = tuple(step for step, stand in STEPS.items() if stand.owner is None)
OPEN = tuple(step for step in Step if step not in ENDS)
ANY = (*OPEN, *ENDS)
BEFORE_BOARD = OPEN[: OPEN.index(Step.BOARD)]
REGISTERED_AT = tuple(step for step in OPEN if step not in (Step.IDEA, Step.APPLICATION))
STAYS: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Action:
    """One thing a role may do to a case.

    `at` is where it may be done and `to` where it leads: empty if the case stays, several if the act itself chooses.
    `needs` name functions that say in words what is missing. Whoever did an act in `not_by` may not do this one
    (four eyes), nor may she when a function in `bars` says why. `tells` are the roles that get a letter.
    What people do `side_by_side` is not stopped because another did it meanwhile. What is open `outside` may also be
    done by someone without an account, whom a link to this one thing has let in.
    """

    name: str
    label: StrOrPromise
    at: tuple[Step, ...]
    to: tuple[Step, ...]
    by: tuple[Role, ...]
    needs: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    tells: tuple[Role, ...] = ()
    primary: bool = False
    side_by_side: bool = False
    outside: bool = False


A, M, R, O, C, D, E, S = (  # noqa: E741 -- one letter a role keeps the table readable as a table
    Role.APPLICANT,
    Role.MANAGER,
    Role.RESPONDENT,
    Role.OFFICER,
    Role.COUNCIL,
    Role.DIRECTOR,
    Role.CONTROLLER,
    Role.STEERING,
)
ALL_PARTIES = (A, M, O, E, S)

# A table is read as a table.
# fmt: off
_rows = (
    # 1 Idé
    Action("create_idea", _("Skapa idéskiss"), (), (Step.IDEA,), (A,), ("applications.needs.round_is_open",)),
    Action("invite_partner", _("Bjud in samarbetspartner"), (Step.IDEA, Step.APPLICATION), STAYS, (A,),
           bars=("applications.needs.is_not_owners_applicant",), tells=(M,)),
    Action("accept_partnership", _("Besvara inbjudan till partnerskap"), (Step.IDEA, Step.APPLICATION), STAYS, (M,),
           ("applications.needs.partnership_awaits",), bars=("applications.needs.is_not_partner",), tells=(A,),
           side_by_side=True),
    Action("withdraw_invitation", _("Återta inbjudan"), (Step.IDEA, Step.APPLICATION), STAYS, (A,),
           bars=("applications.needs.is_not_owners_applicant", "applications.needs.no_invitation_awaits")),
    Action("complete_part", _("Klar från oss"), (Step.IDEA, Step.APPLICATION), STAYS, (A,),
           ("applications.needs.a_part_is_unfinished",), bars=("applications.needs.is_not_partners_applicant",),
           side_by_side=True),
    Action("endorse_part", _("Tillstyrk vår del"), (Step.IDEA, Step.APPLICATION), STAYS, (M,),
           ("applications.needs.a_part_awaits_endorsement",), bars=("applications.needs.is_not_partners_manager",),
           tells=(A,), side_by_side=True),
    Action("leave_partnership", _("Lämna partnerskapet"), (Step.IDEA, Step.APPLICATION), STAYS, (M,),
           bars=("applications.needs.is_not_partners_manager",),
           tells=(A,)),
    Action("ask_endorsement", _("Be om tillstyrkan"), (Step.IDEA, Step.APPLICATION), STAYS, (A,),
           ("applications.needs.is_unendorsed",), bars=("applications.needs.is_not_owners_applicant",)),
    Action("extend_last_day", _("Medge anstånd"), (Step.IDEA, Step.APPLICATION), STAYS, (O, D),
           ("applications.needs.has_last_day",), tells=(A,)),
    Action("endorse_idea", _("Tillstyrk idéskissen"), (Step.IDEA,), STAYS, (M,),
           ("applications.needs.idea_is_complete",), not_by=("create_idea",),
           bars=("applications.needs.wrote_the_idea", "applications.needs.is_not_owners_manager"), tells=(A,)),
    Action("submit_idea", _("Lämna in idéskissen"), (Step.IDEA,), (Step.IDEA_CHECK,), (A,),
           ("applications.needs.idea_is_complete", "applications.needs.idea_is_endorsed",
            "applications.needs.partners_have_accepted", "applications.needs.partners_are_ready",
            "applications.needs.late_is_let_in"),
           bars=("applications.needs.is_not_owners_applicant",), tells=(O,), primary=True),
    # 2 Rådets granskning
    Action("register", _("Diarieför"), REGISTERED_AT, STAYS, (O,)),
    Action("check_formally", _("Kontrollera formellt"), (Step.IDEA_CHECK, Step.PREPARATION), STAYS, (O,)),
    Action("assign", _("Tilldela handläggare"), OPEN, STAYS, (O,), tells=(O,)),
    Action("remind", _("Påminn"), OPEN, STAYS, (O,),
           ("fundportal.needs.is_not_reminded_today", "fundportal.needs.is_anothers_turn")),
    Action("request_completion", _("Begär komplettering"), (Step.IDEA_CHECK, Step.PREPARATION),
           (Step.IDEA, Step.APPLICATION), (O,), tells=(A,)),
    Action("send_to_council", _("Sänd till rådet"), (Step.IDEA_CHECK,), (Step.COUNCIL,), (O,),
           ("applications.needs.is_registered", "applications.needs.is_assigned", "applications.needs.is_submitted"),
           tells=(C,), primary=True),
    Action("declare_jav", _("Anmäl jäv"), OPEN, STAYS, CASE_ROLES, tells=(O,), side_by_side=True),
    Action("withdraw_jav", _("Häv jäv"), OPEN, STAYS, (O, D, C),
           bars=("fundportal.needs.nobody_has_jav", "reviews.needs.is_not_chair"), tells=(O,), side_by_side=True),
    Action("judge_tie", _("Bedöm koppling"), OPEN, STAYS, (O, D, C),
           bars=("fundportal.needs.no_tie_awaits", "reviews.needs.is_not_chair"), tells=(O,), side_by_side=True),
    Action("assess", _("Bedöm idén"), (Step.COUNCIL,), STAYS, (C,), bars=("reviews.needs.has_assessed",),
           primary=True, side_by_side=True),
    Action("conclude_council", _("Registrera rådets ställningstagande"), (Step.COUNCIL,),
           (Step.IDEA_DECISION, Step.IDEA), (O,),
           ("reviews.needs.council_is_quorate",), not_by=("create_idea",), tells=(D, A), primary=True),
    Action("return_to_applicant", _("Återremittera till sökanden"), (Step.COUNCIL,), (Step.IDEA,), (O,), tells=(A,)),
    Action("approve_idea", _("Bifall idén"), (Step.IDEA_DECISION,), (Step.APPLICATION,), (D,),
           not_by=("endorse_idea", "submit_idea", "assess"), tells=(A, M), primary=True),
    Action("reject_idea", _("Avslå idén"), (Step.IDEA_DECISION,), (Step.REJECTED,), (D,),
           not_by=("endorse_idea", "submit_idea", "assess"), tells=(A, M)),
    Action("fulfil_condition", _("Registrera uppfyllt villkor"),
           (Step.IDEA_DECISION, Step.APPLICATION, Step.PREPARATION, Step.DECISION, Step.BOARD, Step.IMPLEMENTATION),
           STAYS, (O,), bars=("reviews.needs.no_condition_awaits",), tells=(A,), side_by_side=True),
    # 3 Ansökan
    Action("endorse_application", _("Tillstyrk ansökan"), (Step.APPLICATION,), STAYS, (M,),
           ("applications.needs.application_is_complete",),
           bars=("applications.needs.wrote_the_application", "applications.needs.is_not_owners_manager"), tells=(A,)),
    Action("submit_application", _("Lämna in ansökan"), (Step.APPLICATION,), (Step.PREPARATION,), (A,),
           ("applications.needs.application_is_complete", "applications.needs.application_is_endorsed",
            "applications.needs.partners_have_accepted", "applications.needs.partners_are_ready",
            "applications.needs.late_is_let_in", "reviews.needs.conditions_before_application"),
           not_by=("endorse_application",),
           bars=("applications.needs.is_not_owners_applicant",), tells=(O,), primary=True),
    # 4 Stadsdirektörens beslut
    Action("send_remiss", _("Sänd på remiss"), (Step.PREPARATION,), STAYS, (O,), tells=(R,)),
    Action("answer_remiss", _("Besvara remiss"), (Step.PREPARATION,), STAYS, (R, O),
           ("reviews.needs.remiss_is_open",), bars=("reviews.needs.is_not_asked",), tells=(O,),
           primary=True, side_by_side=True, outside=True),
    Action("ask_more_time", _("Begär anstånd"), (Step.PREPARATION,), STAYS, (R,),
           ("reviews.needs.remiss_is_open",), bars=("reviews.needs.is_not_asked",), tells=(O,),
           side_by_side=True, outside=True),
    Action("extend_remiss", _("Förläng remisstiden"), (Step.PREPARATION,), STAYS, (O,),
           ("reviews.needs.remiss_is_open",), tells=(R,)),
    Action("refuse_more_time", _("Avslå begäran om anstånd"), (Step.PREPARATION,), STAYS, (O,),
           ("reviews.needs.more_time_is_asked",), tells=(R,)),
    Action("renew_remiss_link", _("Sänd ny länk till remissinstans"), (Step.PREPARATION,), STAYS, (O,),
           ("reviews.needs.outside_is_awaited",)),
    Action("revoke_remiss_link", _("Spärra länk till remissinstans"), (Step.PREPARATION,), STAYS, (O,),
           ("reviews.needs.remiss_link_is_open",)),
    Action("withdraw_remiss", _("Återkalla remiss"), (Step.PREPARATION,), STAYS, (O,),
           ("reviews.needs.remiss_is_open",), tells=(R,)),
    Action("check_calculation", _("Granska kalkylen"), (Step.PREPARATION,), STAYS, (E,),
           not_by=("submit_application", "endorse_application"), tells=(O,), primary=True),
    Action("propose_decision", _("Föreslå beslut"), (Step.PREPARATION,), (Step.DECISION,), (O,),
           ("applications.needs.opinion_is_complete", "applications.needs.calculation_is_checked",
            "reviews.needs.remiss_is_closed", "reviews.needs.remiss_is_told",
            "applications.needs.request_is_covered"),
           not_by=("submit_application", "check_calculation"), tells=(D,), primary=True),
    Action("return_proposal", _("Återlämna till handläggaren"), (Step.DECISION,), (Step.PREPARATION,), (D,), tells=(O,)),
    Action("sign_decision", _("Signera beslutet"), (Step.DECISION,), (Step.BOARD, Step.IMPLEMENTATION, Step.REJECTED), (D,),
           ("applications.needs.delegation_is_valid", "reviews.needs.conditions_before_decision"),
           not_by=("propose_decision", "submit_application", "endorse_application"), tells=(O, A), primary=True),
    Action("record_board_decision", _("Registrera kommunstyrelsens beslut"), (Step.BOARD,),
           (Step.IMPLEMENTATION, Step.REJECTED, Step.PREPARATION, Step.BOARD), (O,), tells=(A, M, E), primary=True),
    Action("report_to_board", _("Anmäl till kommunstyrelsen"),
           (Step.IMPLEMENTATION, Step.REJECTED, Step.DISCONTINUED), STAYS, (O,),
           ("applications.needs.delegated_decision_is_unreported",), tells=(D, A)),
    # 5 Styrgrupp
    Action("appoint_steering_group", _("Utse styrgrupp"), (Step.IMPLEMENTATION,), STAYS, (O,), tells=(S,)),
    Action("requisition", _("Rekvirera medel"), (Step.IMPLEMENTATION,), STAYS, (A,),
           ("reviews.needs.conditions_before_start", "applications.needs.baseline_is_locked"), tells=(E, O),
           primary=True),
    Action("approve_requisition", _("Godkänn rekvisition"), (Step.IMPLEMENTATION,), STAYS, (E, O),
           ("applications.needs.requisition_awaits",), not_by=("requisition",), tells=(A, E), primary=True),
    Action("pay", _("Betala ut"), (Step.IMPLEMENTATION,), STAYS, (E,),
           ("applications.needs.requisition_is_approved",), not_by=("requisition",), tells=(A,), primary=True),
    Action("plan_payments", _("Ändra betalningsplanen"), (Step.IMPLEMENTATION,), STAYS, (E, O),
           ("applications.needs.something_is_granted",), tells=(A,)),
    Action("correct_payment", _("Rätta en utbetalning"), (Step.IMPLEMENTATION,), STAYS, (E,),
           ("applications.needs.something_is_paid",), tells=(A,)),
    Action("lock_baseline", _("Lås utgångsläget"), (Step.IMPLEMENTATION,), STAYS, (A,),
           bars=("applications.needs.baseline_has_been_locked",), tells=(O, S), primary=True),
    Action("change_baseline", _("Ändra utgångsläget"), (Step.IMPLEMENTATION,), STAYS, (A,),
           bars=("applications.needs.no_baseline_is_locked",), tells=(O, S)),
    Action("report", _("Lämna lägesrapport"), (Step.IMPLEMENTATION,), STAYS, (A,),
           ("applications.needs.baseline_is_locked",), tells=(S,)),
    Action("accept_report", _("Godkänn lägesrapport"), (Step.IMPLEMENTATION,), STAYS, (S,),
           ("applications.needs.report_awaits",), not_by=("report",), bars=("applications.needs.is_not_chair",),
           tells=(D, A), primary=True),
    Action("return_report", _("Återlämna lägesrapport"), (Step.IMPLEMENTATION,), STAYS, (S,),
           ("applications.needs.report_awaits",), not_by=("report",), bars=("applications.needs.is_not_chair",),
           tells=(A,)),
    Action("plan_steering_meeting", _("Planera möte i styrgruppen"), (Step.IMPLEMENTATION,), STAYS, (S, O),
           ("applications.needs.steering_is_appointed",), tells=(S, A)),
    Action("minute_steering_meeting", _("Dokumentera möte i styrgruppen"), (Step.IMPLEMENTATION,), STAYS, (S, O),
           bars=("applications.needs.no_meeting_is_planned",), tells=(S, A)),
    Action("finish_steering_task", _("Markera åtgärd som klar"), (Step.IMPLEMENTATION, Step.EVALUATION), STAYS,
           (A, S, O), bars=("applications.needs.no_task_is_open",), tells=(S,), side_by_side=True),
    Action("request_change", _("Begär ändring"), (Step.IMPLEMENTATION,), STAYS, (A,), tells=(D, O)),
    Action("decide_change", _("Besluta om ändring"), (Step.IMPLEMENTATION,), STAYS, (D,),
           ("applications.needs.change_awaits",), not_by=("request_change",), tells=(A, E)),
    Action("close_investment", _("Avsluta investeringsfasen"), (Step.IMPLEMENTATION,), (Step.EVALUATION,), (O,),
           ("applications.needs.reports_are_accepted", "applications.needs.nothing_awaits_payment",
            "applications.needs.no_change_awaits", "applications.needs.delegated_decision_is_reported"), tells=(A,)),
    # 6 Utvärdering
    Action("submit_evaluation", _("Lämna in utvärderingen"), (Step.EVALUATION,), (Step.REPAYMENT_PLAN,), (A,),
           ("reviews.needs.evaluation_is_complete",), tells=(E,), primary=True),
    Action("correct_hand_back", _("Rätta återlämnat belopp"), (Step.EVALUATION, Step.REPAYMENT_PLAN), STAYS, (E,),
           not_by=("close_investment",), tells=(A, O)),
    # 7 Återföringsplan
    Action("propose_plan", _("Föreslå återföringsplan"), (Step.REPAYMENT_PLAN,), STAYS, (E,), tells=(D,), primary=True),
    Action("decide_plan", _("Besluta återföringsplan"), (Step.REPAYMENT_PLAN,), (Step.REPAYMENT,), (D,),
           ("repayment.needs.plan_is_proposed",), not_by=("propose_plan",), tells=(A, M), primary=True),
    Action("exempt", _("Undanta från återföring"), (Step.REPAYMENT_PLAN, Step.REPAYMENT), (Step.SETTLEMENT,), (D,),
           ("repayment.needs.plan_is_not_revoked",), not_by=("propose_plan",), tells=(A, M)),
    Action("forecast_repayment", _("Lämna prognos för bokslut"), (Step.REPAYMENT,), STAYS, (A, E),
           ("repayment.needs.a_bokslut_is_coming",), tells=(E,), side_by_side=True),
    Action("reconcile_year", _("Stäm av bokslut"), (Step.REPAYMENT,), STAYS, (E,),
           ("repayment.needs.something_remains",), tells=(A, M), primary=True),
    Action("correct_reconciliation", _("Rätta en bokslutsavstämning"), (Step.REPAYMENT,), STAYS, (E,),
           ("repayment.needs.something_is_reconciled",), tells=(A, M, D)),
    Action("adjust_plan", _("Ändra återföringsplan"), (Step.REPAYMENT,), STAYS, (D,),
           ("repayment.needs.something_remains",), not_by=("reconcile_year",), tells=(A, M)),
    Action("hand_over", _("Överför till ny nämnd"), (Step.REPAYMENT,), STAYS, (D,),
           ("repayment.needs.a_namnd_has_ended",), tells=(A, M)),
    Action("exempt_part", _("Undanta en del av återföringen"), (Step.REPAYMENT,), STAYS, (D,),
           ("repayment.needs.a_plan_is_in_force",), not_by=("propose_plan", "reconcile_year"), tells=(A, M)),
    Action("revoke_plan", _("Upphäv återföringsplanen"), (Step.REPAYMENT,), STAYS, (D,),
           ("repayment.needs.a_plan_is_in_force",), not_by=("propose_plan", "reconcile_year"), tells=(A, M, E)),
    Action("report_saving", _("Redovisa besparing"), (Step.REPAYMENT,), STAYS, (A, E),
           ("repayment.needs.plan_is_revoked",), tells=(E,)),
    Action("complete_repayment", _("Avsluta återföringen"), (Step.REPAYMENT,), (Step.SETTLEMENT,), (E,),
           ("repayment.needs.nothing_remains",)),
    # 8 Budgetjustering
    Action("settle", _("Slutavstäm"), (Step.SETTLEMENT,), (Step.BUDGET_ADJUSTMENT, Step.CLOSED), (E,),
           tells=(O,), primary=True),
    Action("request_adjustment", _("Begär budgetjustering"), (Step.BUDGET_ADJUSTMENT,), STAYS, (O,),
           not_by=("settle",), bars=("repayment.closing.adjustment_has_been_decided",), tells=(A, M), primary=True),
    Action("record_adjustment", _("Registrera beslut om budgetjustering"), (Step.BUDGET_ADJUSTMENT,), STAYS, (O,),
           ("repayment.needs.adjustment_is_requested",), not_by=("settle",),
           bars=("repayment.closing.adjustment_has_been_decided",), tells=(A, M), primary=True),
    Action("acknowledge_adjustment", _("Kvittera budgetjusteringen"), (Step.BUDGET_ADJUSTMENT,), STAYS, (M,),
           ("repayment.closing.adjustment_is_decided",), bars=("repayment.closing.is_not_of_an_awaited_board",),
           tells=(O,), primary=True, side_by_side=True),
    Action("close_case", _("Avsluta ärendet"), (Step.BUDGET_ADJUSTMENT,), (Step.CLOSED,), (O,),
           ("repayment.closing.closing_is_ready",), tells=(A, M)),
    # Sidospår och avslut
    Action("withdraw", _("Återta ärendet"), BEFORE_BOARD, (Step.WITHDRAWN,), (A,),
           bars=("applications.needs.is_not_owners_applicant",), tells=(O, C)),
    Action("discontinue", _("Avbryt projektet"), (Step.IMPLEMENTATION, Step.EVALUATION), (Step.DISCONTINUED,), (D,),
           tells=ALL_PARTIES),
    Action("reopen", _("Återuppta ärendet"), (Step.REJECTED, Step.WITHDRAWN), (*BEFORE_BOARD, Step.BOARD), (D,),
           tells=ALL_PARTIES),
    # Anteckningar och insyn, när som helst
    Action("write_note", _("Skriv intern anteckning"), ANY, STAYS, (O, D, E), side_by_side=True),
    Action("write_message", _("Skriv meddelande"), ANY, STAYS, (O, D, E, A, M), tells=(O, A), side_by_side=True),
    Action("strike_note", _("Stryk anteckning"), ANY, STAYS, (O, D, E, A, M),
           bars=("fundportal.needs.is_not_writer",), side_by_side=True),
    Action("grant_access", _("Ge insyn"), ANY, STAYS, (O,), bars=("fundportal.needs.nobody_asks_to_see",),
           side_by_side=True),
    Action("deny_access", _("Avslå begäran om insyn"), ANY, STAYS, (O,),
           bars=("fundportal.needs.nobody_asks_to_see",), side_by_side=True),
    Action("end_access", _("Avsluta insyn"), ANY, STAYS, (O,), bars=("fundportal.needs.nobody_has_been_let_in",),
           side_by_side=True),
    Action("write_lesson", _("Skriv lärdomskort"), (Step.DISCONTINUED,), STAYS, (O, E, A),
           ("repayment.closing.lesson_is_unwritten",), tells=(O,)),
    Action("archive", _("Arkivera"), ENDS, STAYS, (O,),
           ("fundportal.needs.is_not_archived", "repayment.closing.lesson_is_written")),
)
# fmt: on

ACTIONS: dict[str, Action] = {row.name: row for row in _rows}
BEGINS = "create_idea"


# What a decision in the city is called when it is tabled, adopted and so on: used by several phases.
class Outcome(TextChoices):
    """What a deciding body made of a proposal."""

    GRANTED = "granted", pgettext_lazy("utfall", "Bifall")
    PARTLY = "partly", pgettext_lazy("utfall", "Delvis bifall")
    REJECTED = "rejected", pgettext_lazy("utfall", "Avslag")
    RETURNED = "returned", pgettext_lazy("utfall", "Återremiss")
    TABLED = "tabled", pgettext_lazy("utfall", "Bordläggning")


def starts_at(step: Step | str) -> list[Action]:
    """The actions that may be done where the case stands on `step`."""
    return [row for row in ACTIONS.values() if step in row.at]
