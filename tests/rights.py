"""The rights as the city's people wrote them down, apart from the table that the product reads: a second opinion.

One row per act: its name, who may do it (a letter a role), and on which steps. Taken from the design of the process,
never from `fundportal.process`.
"""

from fundportal.process import Role, Step

LETTERS = {
    "a": Role.APPLICANT,
    "m": Role.MANAGER,
    "r": Role.RESPONDENT,
    "o": Role.OFFICER,
    "c": Role.COUNCIL,
    "d": Role.DIRECTOR,
    "e": Role.CONTROLLER,
    "s": Role.STEERING,
    "u": Role.AUDITOR,
    "l": Role.READER,
    "x": Role.ADMINISTRATOR,
}
BEFORE_BOARD = "idea idea_check council idea_decision application preparation decision"
UNTIL_CLOSED = f"{BEFORE_BOARD} board implementation evaluation repayment_plan repayment settlement budget_adjustment"
ALWAYS = f"{UNTIL_CLOSED} closed rejected withdrawn discontinued"
REGISTERED = " ".join(step for step in UNTIL_CLOSED.split() if step not in ("idea", "application"))
TABLE = f"""
invite_partner         | a         | idea application
accept_partnership     | m         | idea application
endorse_idea           | m         | idea
submit_idea            | a         | idea
request_completion     | o         | idea_check preparation
register               | o         | {REGISTERED}
check_formally         | o         | idea_check preparation
withdraw_invitation    | a         | idea application
complete_part          | a         | idea application
endorse_part           | m         | idea application
leave_partnership      | m         | idea application
ask_endorsement        | a         | idea application
extend_last_day        | od        | idea application
assign                 | o         | {UNTIL_CLOSED}
remind                 | o         | {UNTIL_CLOSED}
send_to_council        | o         | idea_check
declare_jav            | amrocdesul | {UNTIL_CLOSED}
assess                 | c         | council
withdraw_jav           | odc       | {UNTIL_CLOSED}
judge_tie              | odc       | {UNTIL_CLOSED}
conclude_council       | o         | council
fulfil_condition       | o         | idea_decision application preparation decision board implementation
return_to_applicant    | o         | council
approve_idea           | d         | idea_decision
reject_idea            | d         | idea_decision
endorse_application    | m         | application
submit_application     | a         | application
send_remiss            | o         | preparation
answer_remiss          | ro        | preparation
ask_more_time          | r         | preparation
extend_remiss          | o         | preparation
refuse_more_time       | o         | preparation
renew_remiss_link      | o         | preparation
revoke_remiss_link     | o         | preparation
withdraw_remiss        | o         | preparation
check_calculation      | e         | preparation
propose_decision       | o         | preparation
return_proposal        | d         | decision
sign_decision          | d         | decision
record_board_decision  | o         | board
appoint_steering_group | o         | implementation
requisition            | a         | implementation
approve_requisition    | eo        | implementation
pay                    | e         | implementation
plan_payments          | eo        | implementation
correct_payment        | e         | implementation
correct_hand_back      | e         | evaluation repayment_plan
report                 | a         | implementation
accept_report          | s         | implementation
return_report          | s         | implementation
lock_baseline          | a         | implementation
change_baseline        | a         | implementation
plan_steering_meeting  | so        | implementation
minute_steering_meeting | so       | implementation
finish_steering_task   | aso       | implementation evaluation
request_change         | a         | implementation
decide_change          | d         | implementation
close_investment       | o         | implementation
submit_evaluation      | a         | evaluation
propose_plan           | e         | repayment_plan
decide_plan            | d         | repayment_plan
exempt                 | d         | repayment_plan repayment
forecast_repayment     | ae        | repayment
reconcile_year         | e         | repayment
correct_reconciliation | e         | repayment
adjust_plan            | d         | repayment
hand_over              | d         | repayment
exempt_part            | d         | repayment
revoke_plan            | d         | repayment
report_saving          | ae        | repayment
complete_repayment     | e         | repayment
settle                 | e         | settlement
request_adjustment     | o         | budget_adjustment
record_adjustment      | o         | budget_adjustment
acknowledge_adjustment | m         | budget_adjustment
close_case             | o         | budget_adjustment
write_lesson           | oea       | discontinued
withdraw               | a         | {BEFORE_BOARD}
discontinue            | d         | implementation evaluation
reopen                 | d         | rejected withdrawn
report_to_board        | o         | implementation rejected discontinued
write_note             | ode       | {ALWAYS}
write_message          | odeam     | {ALWAYS}
strike_note            | odeam     | {ALWAYS}
grant_access           | o         | {ALWAYS}
deny_access            | o         | {ALWAYS}
end_access             | o         | {ALWAYS}
archive                | o         | closed rejected withdrawn discontinued
"""
MAY: dict[str, tuple[frozenset[Role], frozenset[Step]]] = {
    name.strip(): (frozenset(LETTERS[letter] for letter in who.strip()), frozenset(map(Step, where.split())))
    for name, who, where in (row.split("|") for row in TABLE.strip().splitlines())
}
