"""URL to page: idea and application, until the application is handed in."""

from django.urls import path

from applications import actions, forms
from applications.sheets import APPLICATION, IDEA
from applications.views import HandIn, Registering, calculation, difference, endorsed, preview, receipt, rows
from fundportal.views.act import act
from fundportal.views.sheets import sheet_urls

urlpatterns = [
    *sheet_urls("ideskiss", IDEA),
    *sheet_urls("ansokan", APPLICATION),
    path("bjud-in-partner/", act(actions.invite_partner, forms.InvitePartner), name="invite_partner"),
    path("svara-pa-inbjudan/", act(actions.accept_partnership, forms.AcceptPartnership), name="accept_partnership"),
    path("tillstyrk-ideskiss/", act(actions.endorse_idea, forms.EndorseIdea), name="endorse_idea"),
    path("lamna-in-ideskiss/", HandIn(actions.submit_idea, forms.Submit), name="submit_idea"),
    path("begar-komplettering/", act(actions.request_completion, forms.RequestCompletion), name="request_completion"),
    path("diariefor/", Registering(actions.register, forms.Register), name="register"),
    path("sand-till-radet/", act(actions.send_to_council, forms.SendToCouncil), name="send_to_council"),
    path("bifall-ide/", act(actions.approve_idea, forms.ApproveIdea), name="approve_idea"),
    path("avsla-ide/", act(actions.reject_idea, forms.RejectIdea), name="reject_idea"),
    path("tillstyrk-ansokan/", act(actions.endorse_application, forms.EndorseApplication), name="endorse_application"),
    path("lamna-in-ansokan/", HandIn(actions.submit_application, forms.Submit), name="submit_application"),
    path("aterta-inbjudan/", act(actions.withdraw_invitation, forms.WithdrawInvitation), name="withdraw_invitation"),
    path("klar-fran-oss/", act(actions.complete_part, forms.CompletePart), name="complete_part"),
    path("tillstyrk-var-del/", act(actions.endorse_part, forms.EndorsePart), name="endorse_part"),
    path("lamna-partnerskapet/", act(actions.leave_partnership, forms.LeavePartnership), name="leave_partnership"),
    path("be-om-tillstyrkan/", act(actions.ask_endorsement, forms.AskEndorsement), name="ask_endorsement"),
    path("medge-anstand/", act(actions.extend_last_day, forms.ExtendLastDay), name="extend_last_day"),
    path("kontrollera-formellt/", act(actions.check_formally, forms.CheckFormally), name="check_formally"),
    path("kvitto/", receipt, name="receipt"),
    path("skillnad/<slug:kind>/", difference, name="difference"),
    path("andrat-sedan-tillstyrkan/<slug:sheet>/", endorsed, name="endorsed"),
    path("forhandsgranska/<slug:sheet>/", preview, name="preview"),
    path("kalkyl/", calculation, name="calculation"),
    path("inlamning/<int:no>/<slug:what>.<str:kind>", rows, name="application_rows"),
]
