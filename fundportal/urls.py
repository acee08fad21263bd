"""The site's map. Paths are Swedish, since users see them; names are the acts' names."""

from django.urls import include, path
from django.utils.module_loading import import_string

from fundportal.views import (
    access,
    accounts,
    attachments,
    boards,
    cases,
    exports,
    fund,
    fund_acts,
    fund_books,
    health,
    history,
    house,
    impartial,
    letters,
    pages,
    papers,
    start,
)
from fundportal.views import case as one
from fundportal.views import people as people_and_roles

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
    path("fonden/reservera/", fund_acts.Reserve.as_view(), name="fund_reserve"),
    path("fonden/upplos/", fund_acts.Dissolve.as_view(), name="fund_dissolve"),
    path("fonden/regler/", fund_books.rules, name="fund_rules"),
    path("fonden/regler/andra/", fund_acts.SetRules.as_view(), name="fund_set_rules"),
    path("fonden/lage/", fund_acts.SetStatus.as_view(), name="fund_set_status"),
    path("fonden/centralt/", fund_books.grants, name="fund_central"),
    path("fonden/centralt/nytt/", fund_acts.GrantCentrally.as_view(), name="fund_grant"),
    path("fonden/centralt/<int:pk>/andra/", fund_acts.ChangeCentralGrant.as_view(), name="fund_change_grant"),
    path("fonden/centralt/<int:pk>/betala/", fund_acts.PayCentralGrant.as_view(), name="fund_pay_grant"),
    path("fonden/centralt/<int:pk>/frigor/", fund_acts.ReleaseCentralGrant.as_view(), name="fund_release_grant"),
    path("fonden/centralt/<int:pk>/aterlamna/", fund_acts.HandBackCentralGrant.as_view(), name="fund_hand_back_grant"),
    path("fonden/poster/<int:pk>/ratta/", fund_acts.CorrectEntry.as_view(), name="fund_correct"),
    path("fonden/bocker/", fund_books.overview, name="fund_books"),
    path("fonden/bocker/tabell.<str:kind>", fund_books.table, name="fund_table"),
    path("fonden/bocker/stam-av/", fund_acts.Reconcile.as_view(), name="fund_reconcile"),
    path("fonden/bocker/las/", fund_acts.LockYear.as_view(), name="fund_lock"),
    path("fonden/bocker/korsprova/", fund_books.prove, name="fund_prove"),
    path("fonden/handlingar/<int:pk>/", fund_books.paper, name="fund_paper"),
    path("fonden/handlingar/<int:pk>/pdf/", fund_books.paper_pdf, name="fund_paper_pdf"),
    path("fonden/prognos/", fund_books.outlook, name="fund_forecast"),
]
taken_out = [
    path("export/", exports.overview, name="exports"),
    path("export/arenden.<str:kind>", exports.cases, name="export_cases"),
    path("export/handelser.<str:kind>", exports.events, name="export_events"),
]
bound = [
    path("bindningar/", impartial.interests, name="interests"),
    path("bindningar/alla/", impartial.declarations, name="declarations"),
]
kept_in_order = [
    *bound,
    *people_and_roles.urlpatterns,
    *boards.urlpatterns,
    path("insyn/", access.ask, name="request_access"),
    path("administration/", house.overview, name="administration"),
    path("administration/historik/", house.events, name="house_history"),
]
of_a_case = [
    path("", one.overview, name="case"),
    path("handlingar/", one.papers, name="case_papers"),
    path("ekonomi/", one.money, name="case_money"),
    path("historik/", history.of_case, name="history"),
    path("behorighet/", access.of_case, name="access"),
    path("behorighet.csv", access.case_csv, name="access_csv"),
    path("behorighet/atgarder/", access.acts, name="access_acts"),
    path("export.<str:kind>", exports.one_case, name="export_case"),
]

urlpatterns = [
    path("", start.start, name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *(*people, *words, *money, *taken_out, *kept_in_order),
    path("sok/", cases.search, name="search"),
    path("arenden/", cases.queue_page, name="cases"),
    path("", include("fundportal.views.work_urls")),
    path("passar-iden/", import_string("applications.views.self_check"), name="self_check"),
    path("fragor/<str:sheet>/", import_string("applications.views.questions"), name="questions"),
    path("arenden/ny/", import_string("applications.views.create_idea"), name="create_idea"),
    path("anstand/", import_string("applications.views.respites"), name="respites"),
    path("administration/utbetalningar/", import_string("applications.views.payments.overview"), name="payments"),
    path(
        "administration/utbetalningar/fil/<int:pk>/",
        import_string("applications.views.payments.file"),
        name="payment_file",
    ),
    path(
        "administration/utbetalningar/las-in/", import_string("applications.views.payments.read"), name="read_vouchers"
    ),
    path(
        "administration/utbetalningar/inlast/<int:pk>/",
        import_string("applications.views.payments.one"),
        name="voucher_import",
    ),
    path("projekt/", import_string("applications.views.portfolio"), name="portfolio"),
    path("", include(letters.urlpatterns)),
    path("fordelningsnycklar/", import_string("repayment.views.keys"), name="keys"),
    path("lardomar/", import_string("repayment.pages.lessons"), name="lessons"),
    path("lardomar/<int:pk>/", import_string("repayment.pages.lesson"), name="lesson"),
    path("fordelningsnycklar/ny/", import_string("repayment.views.add_key"), name="add_key"),
    path("radet/", include("reviews.urls.council")),
    path("remisser/", import_string("reviews.views.mine"), name="remisser"),
    path("remissvar/", include("reviews.views.outside")),
    path(CASE, include(of_a_case)),
    path(CASE, include(papers.urlpatterns)),
    path(CASE, include(attachments.urlpatterns)),
    path(CASE, include("fundportal.views.kernel_acts")),
    path(CASE, include("fundportal.views.notes")),
    path(CASE, include("applications.urls")),
    path(CASE, include("reviews.urls")),
    path(CASE, include("repayment.urls")),
]
