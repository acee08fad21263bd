"""URL to page: the tjänsteutlåtande and the decision."""

from django.urls import path

from applications.actions import board, decision
from applications.forms import decision as forms
from applications.sheets.opinion import OPINION
from fundportal.views.act import act
from fundportal.views.sheets import sheet_urls

urlpatterns = [
    *sheet_urls("tjansteutlatande", OPINION),
    path("granska-kalkylen/", act(decision.check_calculation, forms.CheckCalculation), name="check_calculation"),
    path("foresla-beslut/", act(decision.propose_decision, forms.ProposeDecision), name="propose_decision"),
    path("aterlamna-forslaget/", act(decision.return_proposal, forms.ReturnProposal), name="return_proposal"),
    path("signera-beslutet/", act(decision.sign_decision, forms.SignDecision), name="sign_decision"),
    path(
        "kommunstyrelsens-beslut/",
        act(board.record_board_decision, forms.RecordBoardDecision),
        name="record_board_decision",
    ),
    path("anmal-till-kommunstyrelsen/", act(board.report_to_board, forms.ReportToBoard), name="report_to_board"),
]
