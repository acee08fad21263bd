"""URL to page: the acts that belong to no phase. Mounted under a case."""

from django.urls import path

from fundportal import actions, case_forms
from fundportal.views.act import act

urlpatterns = [
    path("tilldela/", act(actions.assign, case_forms.Assign), name="assign"),
    path("anmal-jav/", act(actions.declare_jav, case_forms.DeclareJav), name="declare_jav"),
    path("aterta/", act(actions.withdraw, case_forms.Withdraw), name="withdraw"),
    path("ateruppta/", act(actions.reopen, case_forms.Reopen), name="reopen"),
    path("arkivera/", act(actions.archive, case_forms.Archive), name="archive"),
]
