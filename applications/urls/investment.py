"""URL to page: the project while it runs."""

from django.urls import path

from applications.actions import changes, correction, following, investment, planning, reporting, requisitions
from applications.forms import changes as change_forms
from applications.forms import following as follow
from applications.forms import investment as forms
from applications.forms import reporting as reports
from applications.forms import requisitions as money
from applications.forms.correction import CorrectHandBack, CorrectPayment
from applications.views.project import project
from fundportal.views.act import act

urlpatterns = [
    path("projektet/", project, name="project"),
    path(
        "styrgrupp/", act(investment.appoint_steering_group, forms.AppointSteeringGroup), name="appoint_steering_group"
    ),
    path("rekvirera/", act(requisitions.requisition, money.RequisitionForm), name="requisition"),
    path(
        "godkann-rekvisition/",
        act(requisitions.approve_requisition, money.ApproveRequisition),
        name="approve_requisition",
    ),
    path("betala-ut/", act(requisitions.pay, money.Pay), name="pay"),
    path("betalningsplan/", act(planning.plan_payments, money.PlanPayments), name="plan_payments"),
    path("ratta-utbetalning/", act(correction.correct_payment, CorrectPayment), name="correct_payment"),
    path("ratta-aterlamnat/", act(correction.correct_hand_back, CorrectHandBack), name="correct_hand_back"),
    path("lagesrapport/", act(reporting.report, reports.ReportForm), name="report"),
    path("godkann-lagesrapport/", act(reporting.accept_report, reports.AcceptReport), name="accept_report"),
    path("aterlamna-lagesrapport/", act(following.return_report, follow.ReturnReport), name="return_report"),
    path("las-utgangslage/", act(following.lock_baseline, follow.LockBaseline), name="lock_baseline"),
    path("andra-utgangslage/", act(following.change_baseline, follow.ChangeBaseline), name="change_baseline"),
    path(
        "planera-mote/", act(following.plan_steering_meeting, follow.PlanSteeringMeeting), name="plan_steering_meeting"
    ),
    path(
        "dokumentera-mote/",
        act(following.minute_steering_meeting, follow.MinuteSteeringMeeting),
        name="minute_steering_meeting",
    ),
    path("atgard-klar/", act(following.finish_steering_task, follow.FinishSteeringTask), name="finish_steering_task"),
    path("begar-andring/", act(changes.request_change, change_forms.RequestChange), name="request_change"),
    path("besluta-om-andring/", act(changes.decide_change, change_forms.DecideChange), name="decide_change"),
    path(
        "avsluta-investeringsfasen/", act(investment.close_investment, forms.CloseInvestment), name="close_investment"
    ),
    path("avbryt/", act(investment.discontinue, forms.Discontinue), name="discontinue"),
]
