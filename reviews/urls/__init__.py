"""URL to page: a table."""

from django.urls import URLPattern, path

from fundportal.views.act import act
from fundportal.views.sheets import sheet_urls
from reviews import actions, forms, views
from reviews.sheets import EVALUATION
from reviews.views.assess import assess
from reviews.views.evaluated import evaluated

urlpatterns: list[URLPattern] = [
    path("bedom/", assess, name="assess"),
    path("radets-stallningstagande/", act(actions.conclude_council, forms.ConcludeCouncil), name="conclude_council"),
    path("aterremittera/", act(actions.return_to_applicant, forms.ReturnToApplicant), name="return_to_applicant"),
    path("uppfyllt-villkor/", act(actions.fulfil_condition, forms.FulfilCondition), name="fulfil_condition"),
    path("remiss/", views.remiss, name="remiss"),
    path("remiss/sand/", act(actions.send_remiss, forms.SendRemiss), name="send_remiss"),
    path("remiss/besvara/", views.answer_page, name="answer_remiss"),
    path("remiss/anstand/", act(actions.ask_more_time, forms.AskMoreTime), name="ask_more_time"),
    path("remiss/forlang/", act(actions.extend_remiss, forms.ExtendRemiss), name="extend_remiss"),
    path("remiss/anstand/avsla/", act(actions.refuse_more_time, forms.RefuseMoreTime), name="refuse_more_time"),
    path("remiss/lank/", act(actions.renew_remiss_link, forms.RenewRemissLink), name="renew_remiss_link"),
    path("remiss/lank/sparra/", act(actions.revoke_remiss_link, forms.RevokeRemissLink), name="revoke_remiss_link"),
    path("remiss/sammanstallning/", views.compilation, name="remiss_compiled"),
    path("remiss/sammanstallning.<str:kind>", views.compilation_file, name="remiss_compiled_file"),
    path("remiss/handlingar/<int:pk>/", views.paper, name="remiss_paper"),
    path("remiss/handlingar/<int:pk>/pdf/", views.paper_pdf, name="remiss_pdf"),
    path("remiss/filer/<int:pk>/", views.file, name="remiss_file"),
    path("remiss/aterkalla/", act(actions.withdraw_remiss, forms.WithdrawRemiss), name="withdraw_remiss"),
    path("lamna-utvardering/", act(actions.submit_evaluation, forms.SubmitEvaluation), name="submit_evaluation"),
    path("utfall/", evaluated, name="evaluated"),
    *sheet_urls("utvardering", EVALUATION),
]
