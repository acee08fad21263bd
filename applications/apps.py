"""The phase as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    """Idé, ansökan, beredning, beslut och genomförande."""

    name = "applications"
    verbose_name = "Idé, ansökan, beredning, beslut och genomförande"

    def ready(self) -> None:
        """Hang the phase's page on the administration, and name its events in the house's history."""
        from fundportal import house  # noqa: PLC0415 -- models are not ready when the app is declared
        from fundportal.process import Role  # noqa: PLC0415 -- same

        house.LABELS["grant_respite"] = _("Anstånd medgavs i en omgång")
        house.PLACES.append(
            house.Place(
                "respites",
                _("Anstånd"),
                _(
                    "Nämnder som har fått en senare sista dag för sina idéskisser, och vem som beslutade det och varför."
                ),
                frozenset({Role.OFFICER, Role.DIRECTOR, Role.AUDITOR}),
                "Calendar",
            )
        )
