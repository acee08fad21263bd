"""URL to page: a table."""

from django.urls import URLPattern, path

from fundportal.views.act import act
from fundportal.views.sheets import sheet_urls
from reviews import actions, forms, views
from reviews.sheets import EVALUATION

urlpatterns: list[URLPattern] = [
    path("bedom/", act(actions.assess, forms.Assess), name="assess"),
    path("radets-stallningstagande/", act(actions.conclude_council, forms.ConcludeCouncil), name="conclude_council"),
    path("aterremittera/", act(actions.return_to_applicant, forms.ReturnToApplicant), name="return_to_applicant"),
    path("remiss/", views.remiss, name="remiss"),
    path("remiss/sand/", act(actions.send_remiss, forms.SendRemiss), name="send_remiss"),
    path("remiss/besvara/", act(actions.answer_remiss, forms.AnswerRemiss), name="answer_remiss"),
    path("remiss/forlang/", act(actions.extend_remiss, forms.ExtendRemiss), name="extend_remiss"),
    path("remiss/aterkalla/", act(actions.withdraw_remiss, forms.WithdrawRemiss), name="withdraw_remiss"),
    path("lamna-utvardering/", act(actions.submit_evaluation, forms.SubmitEvaluation), name="submit_evaluation"),
    *sheet_urls("utvardering", EVALUATION),
]
