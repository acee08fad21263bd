"""URL to page: a table."""

from django.urls import path

from fundportal.views.act import act
from repayment import actions, forms

urlpatterns = [
    path("foresla-plan/", act(actions.propose_plan, forms.ProposePlan), name="propose_plan"),
    path("besluta-plan/", act(actions.decide_plan, forms.DecidePlan), name="decide_plan"),
    path("undanta/", act(actions.exempt, forms.Exempt), name="exempt"),
    path("stam-av-bokslut/", act(actions.reconcile_year, forms.ReconcileYear), name="reconcile_year"),
    path("andra-plan/", act(actions.adjust_plan, forms.AdjustPlan), name="adjust_plan"),
    path("overfor-till-ny-namnd/", act(actions.hand_over, forms.HandOver), name="hand_over"),
    path("avsluta-aterforing/", act(actions.complete_repayment, forms.CompleteRepayment), name="complete_repayment"),
    path("slutavstam/", act(actions.settle, forms.Settle), name="settle"),
    path("begar-budgetjustering/", act(actions.request_adjustment, forms.RequestAdjustment), name="request_adjustment"),
    path(
        "registrera-budgetjustering/", act(actions.record_adjustment, forms.RecordAdjustment), name="record_adjustment"
    ),
]
