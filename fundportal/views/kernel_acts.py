"""URL to page: the acts that belong to no phase. Mounted under a case."""

from django.urls import path

from fundportal import actions, case_forms, impartial, impartial_forms
from fundportal.views.act import act

urlpatterns = [
    path("tilldela/", act(actions.assign, case_forms.Assign), name="assign"),
    path("paminn/", act(actions.remind, case_forms.Remind), name="remind"),
    path("anmal-jav/", act(actions.declare_jav, case_forms.DeclareJav), name="declare_jav"),
    path("hav-jav/", act(impartial.withdraw_jav, impartial_forms.WithdrawJav), name="withdraw_jav"),
    path("bedom-koppling/", act(impartial.judge_tie, impartial_forms.JudgeTie), name="judge_tie"),
    path("aterta/", act(actions.withdraw, case_forms.Withdraw), name="withdraw"),
    path("ateruppta/", act(actions.reopen, case_forms.Reopen), name="reopen"),
    path("arkivera/", act(actions.archive, case_forms.Archive), name="archive"),
]
