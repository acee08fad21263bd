"""The site's map. Paths are Swedish, since users see them; names are the acts' names."""

from django.urls import include, path
from django.utils.module_loading import import_string

from fundportal.views import accounts, cases, exports, fund, health, history, house, letters, pages, papers, start
from fundportal.views import case as one

handler400 = "fundportal.views.pages.handler400"
handler403 = "fundportal.views.pages.handler403"
handler404 = "fundportal.views.pages.handler404"
handler500 = "fundportal.views.pages.handler500"

CASE = "arenden/<str:number>/"

people = [
    path("logga-in/", accounts.Login.as_view(), name="login"),
    path("logga-ut/", accounts.Logout.as_view(), name="logout"),
    path("losenord/", accounts.PasswordChange.as_view(), name="password_change"),
    path("losenord/klart/", accounts.PasswordChangeDone.as_view(), name="password_change_done"),
    path("losenord/glomt/", accounts.PasswordReset.as_view(), name="password_reset"),
    path("losenord/glomt/skickat/", accounts.PasswordResetDone.as_view(), name="password_reset_done"),
    path("losenord/nytt/<uidb64>/<token>/", accounts.PasswordResetConfirm.as_view(), name="password_reset_confirm"),
    path("losenord/nytt/klart/", accounts.PasswordResetComplete.as_view(), name="password_reset_complete"),
    path("installningar/", accounts.settings_page, name="settings"),
    path("forlang/", accounts.extend_session, name="extend_session"),
]
words = [
    path("hjalp/", pages.help_page, name="help"),
    path("hjalp/<str:role>/", pages.help_page, name="help_role"),
    path("tillganglighet/", pages.accessibility, name="accessibility"),
    path("personuppgifter/", pages.privacy, name="privacy"),
    path("licenser/", pages.licences, name="licences"),
]
money = [
    path("fonden/", fund.overview, name="fund"),
    path("fonden/poster/", fund.entries, name="fund_entries"),
    path("fonden/reservera/", fund.Reserve.as_view(), name="fund_reserve"),
    path("fonden/upplos/", fund.Dissolve.as_view(), name="fund_dissolve"),
]
taken_out = [
    path("export/", exports.overview, name="exports"),
    path("export/arenden.<str:kind>", exports.cases, name="export_cases"),
    path("export/handelser.<str:kind>", exports.events, name="export_events"),
]
kept_in_order = [
    path("administration/", house.overview, name="administration"),
    path("administration/historik/", house.events, name="house_history"),
]
of_a_case = [
    path("", one.overview, name="case"),
    path("handlingar/", one.papers, name="case_papers"),
    path("ekonomi/", one.money, name="case_money"),
    path("historik/", history.of_case, name="history"),
    path("export.<str:kind>", exports.one_case, name="export_case"),
]

urlpatterns = [
    path("", start.start, name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *(*people, *words, *money, *taken_out, *kept_in_order),
    path("sok/", cases.search, name="search"),
    path("arenden/", cases.queue_page, name="cases"),
    path("passar-iden/", import_string("applications.views.self_check"), name="self_check"),
    path("fragor/<str:sheet>/", import_string("applications.views.questions"), name="questions"),
    path("arenden/ny/", import_string("applications.views.create_idea"), name="create_idea"),
    path("", include(letters.urlpatterns)),
    path("fordelningsnycklar/", import_string("repayment.views.keys"), name="keys"),
    path("fordelningsnycklar/ny/", import_string("repayment.views.add_key"), name="add_key"),
    path(CASE, include(of_a_case)),
    path(CASE, include(papers.urlpatterns)),
    path(CASE, include("fundportal.views.kernel_acts")),
    path(CASE, include("applications.urls")),
    path(CASE, include("reviews.urls")),
    path(CASE, include("repayment.urls")),
]
