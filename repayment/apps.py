"""The phase as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

DONE = {
    "acknowledge_adjustment": _("Budgetjusteringen kvitterades"),
    "close_case": _("Ärendet avslutades"),
    "write_lesson": _("Lärdomskortet skrevs"),
}
"""What each of these acts is called in the history when it is done."""


class RepaymentConfig(AppConfig):
    """Återföring och budgetjustering."""

    name = "repayment"
    verbose_name = "Återföring och budgetjustering"

    def ready(self) -> None:
        """Tell the kernel what is due here, and how the phase's particulars are read in the history."""
        from fundportal import history_words, hooks, particulars, reminders  # noqa: PLC0415 -- app ready
        from repayment.models.plan import Spread  # noqa: PLC0415 -- app ready

        reminders.SOURCES.append("repayment.needs.forecasts")
        reminders.SOURCES.append("repayment.closing.receipts")
        hooks.CLOSING.append("repayment.closing.closing_points")
        history_words.KINDS.update(dict.fromkeys(DONE, ("ok", "CheckmarkCircle")))
        history_words.DONE.update(DONE)
        hooks.DEADLINES.append("repayment.needs.forecast_days")
        hooks.BOARDS.append("repayment.needs.rows_of_board")
        particulars.CHOICES["spread"] = dict(Spread.choices)
        particulars.LABELS.update(
            amount_reason=_("Varför beloppet inte är slutavstämningens"),
            exceptions=_("Nämnder som skiljer sig"),
            finance_text=_("Närmare om finansieringen"),
            method=_("Metod"),
            result=_("Resultat"),
            drafts=_("Utkast som rensades"),
            loose_files=_("Lösa filer som rensades"),
            without_receipts=_("Varför ärendet avslutades innan alla nämnder hade kvitterat"),
            responsible=_("Budgetansvaret ligger hos"),
            spread=_("Förslag till ny version"),
        )
