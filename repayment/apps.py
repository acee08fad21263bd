"""The phase as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RepaymentConfig(AppConfig):
    """Återföring och budgetjustering."""

    name = "repayment"
    verbose_name = "Återföring och budgetjustering"

    def ready(self) -> None:
        """Tell the kernel what is due here, and how the phase's particulars are read in the history."""
        from fundportal import hooks, particulars, reminders  # noqa: PLC0415 -- app ready
        from repayment.models.plan import Spread  # noqa: PLC0415 -- app ready

        reminders.SOURCES.append("repayment.needs.forecasts")
        hooks.DEADLINES.append("repayment.needs.forecast_days")
        particulars.CHOICES["spread"] = dict(Spread.choices)
        particulars.LABELS.update(
            responsible=_("Budgetansvaret ligger hos"),
            spread=_("Förslag till ny version"),
        )
