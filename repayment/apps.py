"""The phase as a Django app."""

from django.apps import AppConfig


class RepaymentConfig(AppConfig):
    """Återföring och budgetjustering."""

    name = "repayment"
    verbose_name = "Återföring och budgetjustering"
