"""URL to page: the project while it runs."""

from django.urls import path

from applications.actions import correction, investment, reporting
from applications.forms import investment as forms
from applications.forms import reporting as reports
from applications.forms.correction import CorrectPayment
from fundportal.views.act import act

urlpatterns = [
    path(
        "styrgrupp/", act(investment.appoint_steering_group, forms.AppointSteeringGroup), name="appoint_steering_group"
    ),
    path("rekvirera/", act(investment.requisition, forms.RequisitionForm), name="requisition"),
    path("betala-ut/", act(investment.pay, forms.Pay), name="pay"),
    path("ratta-utbetalning/", act(correction.correct_payment, CorrectPayment), name="correct_payment"),
    path("lagesrapport/", act(reporting.report, reports.ReportForm), name="report"),
    path("godkann-lagesrapport/", act(reporting.accept_report, reports.AcceptReport), name="accept_report"),
    path("begar-andring/", act(reporting.request_change, reports.RequestChange), name="request_change"),
    path("besluta-om-andring/", act(reporting.decide_change, reports.DecideChange), name="decide_change"),
    path(
        "avsluta-investeringsfasen/", act(investment.close_investment, forms.CloseInvestment), name="close_investment"
    ),
    path("avbryt/", act(investment.discontinue, forms.Discontinue), name="discontinue"),
]
