"""The phase as a Django app."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Idé, ansökan, beredning, beslut och genomförande."""

    name = "applications"
    verbose_name = "Idé, ansökan, beredning, beslut och genomförande"
