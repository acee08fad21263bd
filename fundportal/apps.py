"""The kernel as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from fundportal.celery import app as celery_app

__all__ = ["KernelConfig", "celery_app"]


class KernelConfig(AppConfig):
    """The kernel; importing it also names the Celery application that tasks belong to."""

    name = "fundportal"
    verbose_name = "Fondportalen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks of every app."""
        autodiscover_modules("checks")
