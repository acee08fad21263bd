"""The phase as a Django app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Rådet, remiss och utvärdering."""

    name = "reviews"
    verbose_name = "Rådet, remiss och utvärdering"
