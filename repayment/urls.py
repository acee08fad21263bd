"""URL to page: a table."""

from django.urls import path

from fundportal.views.act import act
from repayment import actions, forms, pages, views

urlpatterns = [
    path("foresla-plan/", act(actions.propose_plan, forms.ProposePlan), name="propose_plan"),
    path("besluta-plan/", act(actions.decide_plan, forms.DecidePlan), name="decide_plan"),
    path("undanta/", act(actions.exempt, forms.Exempt), name="exempt"),
    path("stam-av-bokslut/", act(actions.reconcile_year, forms.ReconcileYear), name="reconcile_year"),
    path(
        "ratta-avstamning/",
        act(actions.correct_reconciliation, forms.CorrectReconciliation),
        name="correct_reconciliation",
    ),
    path("prognos/", act(actions.forecast_repayment, forms.ForecastRepayment), name="forecast_repayment"),
    path("undanta-en-del/", act(actions.exempt_part, forms.ExemptPart), name="exempt_part"),
    path("upphav-plan/", act(actions.revoke_plan, forms.RevokePlan), name="revoke_plan"),
    path("redovisa-besparing/", act(actions.report_saving, forms.ReportSaving), name="report_saving"),
    path("aterforingsplan/versioner/", views.versions, name="plan_versions"),
    path("aterforingsplan/versioner.<str:kind>", views.versions_file, name="plan_versions_file"),
    path("andra-plan/", act(actions.adjust_plan, forms.AdjustPlan), name="adjust_plan"),
    path("overfor-till-ny-namnd/", act(actions.hand_over, forms.HandOver), name="hand_over"),
    path("avsluta-aterforing/", act(actions.complete_repayment, forms.CompleteRepayment), name="complete_repayment"),
    path("slutavstam/", act(actions.settle, forms.Settle), name="settle"),
    path("begar-budgetjustering/", act(actions.request_adjustment, forms.RequestAdjustment), name="request_adjustment"),
    path(
        "registrera-budgetjustering/", act(actions.record_adjustment, forms.RecordAdjustment), name="record_adjustment"
    ),
    path(
        "kvittera-budgetjustering/",
        act(actions.acknowledge_adjustment, forms.AcknowledgeAdjustment),
        name="acknowledge_adjustment",
    ),
    path("avsluta/", act(actions.close_case, forms.CloseCase), name="close_case"),
    path("skriv-lardomskort/", act(actions.write_lesson, forms.WriteLesson), name="write_lesson"),
    path("budgetunderlag/", pages.budget_text, name="budget_text"),
    path("budgetunderlag/tabell.<str:kind>", pages.budget_table, name="budget_table"),
    path("liknande/", pages.similar, name="similar"),
]
